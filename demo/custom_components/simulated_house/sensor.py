"""The house's meter, and what its car and its boiler tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfPower, UnitOfRatio, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.meter import Watts

from .entity import HouseEntity
from .live_house import LiveHouse, SimulatedHouseConfigEntry


@dataclass(frozen=True, kw_only=True)
class HouseSensorDescription(SensorEntityDescription):
    """A sensor of the house."""

    value_fn: Callable[[LiveHouse], float | str | None]


def _car_charge_pct(live_house: LiveHouse) -> float | None:
    car = live_house.charge_point.car
    return None if car is None else round(100 * car.charge, 1)


METER = SensorEntityDescription(
    key="meter_power",
    name="Meter power",
    device_class=SensorDeviceClass.POWER,
    state_class=SensorStateClass.MEASUREMENT,
    native_unit_of_measurement=UnitOfPower.WATT,
)

SENSORS = (
    HouseSensorDescription(
        key="household_power",
        name="Household power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        value_fn=lambda live_house: round(sum(live_house.house.base_w)),
    ),
    HouseSensorDescription(
        key="car_power",
        name="Car power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        value_fn=lambda live_house: round(
            live_house.charge_point.current_a * live_house.house.voltage_v
        ),
    ),
    HouseSensorDescription(
        key="car_battery",
        name="Car battery",
        device_class=SensorDeviceClass.BATTERY,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        value_fn=_car_charge_pct,
    ),
    HouseSensorDescription(
        key="charger_status",
        name="Charger status",
        icon="mdi:ev-station",
        value_fn=lambda live_house: live_house.charge_point.status.value,
    ),
)


def _temperature(
    key: str, name: str, value_fn: Callable[[LiveHouse], float]
) -> HouseSensorDescription:
    return HouseSensorDescription(
        key=key,
        name=name,
        device_class=SensorDeviceClass.TEMPERATURE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        value_fn=value_fn,
    )


HEATING_SENSORS = (
    _temperature(
        "boiler_flow",
        "Boiler flow",
        lambda live_house: round(live_house.heating.boiler.flow_c, 1),
    ),
    _temperature(
        "boiler_return",
        "Boiler return",
        lambda live_house: round(live_house.heating.boiler.return_c, 1),
    ),
    _temperature(
        "outdoor",
        "Outdoor",
        lambda live_house: round(live_house.heating.outdoor_c, 1),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    live_house = entry.runtime_data
    async_add_entities([MeterSensor(live_house, METER)])
    async_add_entities(
        HouseSensor(live_house, item) for item in (*SENSORS, *HEATING_SENSORS)
    )


class MeterSensor(HouseEntity, SensorEntity):
    """The supply's meter: reports when its kind says so, also the same value."""

    @property
    @override
    def available(self) -> bool:
        return self.live_house.meter_available

    @property
    @override
    def shown(self) -> bool:
        return self.available

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.live_house.async_on_report(self._report))

    @callback
    def _report(self, power_w: Watts) -> None:
        self._attr_native_value = round(power_w[0], 1)
        self.async_write_ha_state()


class HouseSensor(HouseEntity, SensorEntity):
    """A value of the house."""

    entity_description: HouseSensorDescription

    @property
    @override
    def shown(self) -> float | str | None:
        return self.entity_description.value_fn(self.live_house)

    @property
    @override
    def native_value(self) -> float | str | None:
        return self.shown
