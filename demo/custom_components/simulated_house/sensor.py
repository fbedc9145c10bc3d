"""The meters, and what cars, chargers and the boiler tell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.car import ChargePoint
from simulation.meter import MeterFault, Watts

from .entity import APARTMENTS, HOUSE, HouseEntity, bay, slug
from .live_house import (
    APARTMENTS_METER,
    GARAGE_METER,
    HOUSE_METER,
    LiveHouse,
    SimulatedHouseConfigEntry,
)


@dataclass(frozen=True, kw_only=True)
class HouseSensorDescription(SensorEntityDescription):
    """A sensor of the house."""

    value_fn: Callable[[LiveHouse], float | str | None]


def _car_charge_pct(live_house: LiveHouse) -> float | None:
    car = live_house.charge_point.car
    return None if car is None else round(100 * car.charge, 1)


def _meter(key: str, name: str) -> SensorEntityDescription:
    return SensorEntityDescription(
        key=key,
        name=name,
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


PHASES = ("L1", "L2", "L3")


def _current(
    key: str, name: str, value_fn: Callable[[LiveHouse], float]
) -> HouseSensorDescription:
    return HouseSensorDescription(
        key=key,
        name=name,
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        value_fn=value_fn,
    )


def _bay(name: str, phases: int) -> list[HouseSensorDescription]:
    """What one charger of the apartments tells, by its own L1, L2 and L3."""

    def charge_point(live_house: LiveHouse) -> ChargePoint:
        return live_house.apartments.charge_points[name]

    def on_phase(index: int) -> Callable[[LiveHouse], float]:
        return lambda live_house: round(charge_point(live_house).currents_a[index], 1)

    def battery_pct(live_house: LiveHouse) -> float | None:
        car = charge_point(live_house).car
        return None if car is None else round(100 * car.charge, 1)

    key = slug(name)
    return [
        _current(
            f"{key}_current",
            f"{name} current",
            lambda live_house: round(charge_point(live_house).current_a, 1),
        ),
        *(
            _current(f"{key}_current_{label.lower()}", f"{name} current {label}", value)
            for label, value in zip(
                PHASES, [on_phase(index) for index in range(phases)], strict=False
            )
        ),
        HouseSensorDescription(
            key=f"{key}_battery",
            name=f"{name} battery",
            device_class=SensorDeviceClass.BATTERY,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
            value_fn=battery_pct,
        ),
        HouseSensorDescription(
            key=f"{key}_status",
            name=f"{name} status",
            icon="mdi:ev-station",
            value_fn=lambda live_house: charge_point(live_house).status.value,
        ),
    ]


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    live_house = entry.runtime_data
    house = _meter("meter_power", "Meter power")
    async_add_entities([MeterSensor(live_house, house, HOUSE, HOUSE_METER, 0)])
    async_add_entities(
        HouseSensor(live_house, item) for item in (*SENSORS, *HEATING_SENSORS)
    )
    async_add_entities(
        MeterSensor(
            live_house,
            _meter(f"{meter}_{label.lower()}", f"{name} {label}"),
            APARTMENTS,
            meter,
            phase,
        )
        for meter, name in ((APARTMENTS_METER, "Supply"), (GARAGE_METER, "Garage"))
        for phase, label in enumerate(PHASES)
    )
    async_add_entities(
        HouseSensor(live_house, item, bay(name))
        for name, charge_point in live_house.apartments.charge_points.items()
        for item in _bay(name, len(charge_point.phases))
    )


class MeterSensor(HouseEntity, SensorEntity):
    """One phase of a meter: reports when its kind says so, also the same value."""

    def __init__(
        self,
        live_house: LiveHouse,
        description: SensorEntityDescription,
        device: DeviceInfo,
        meter: str,
        phase: int,
    ) -> None:
        """Belong to a meter."""
        super().__init__(live_house, description, device)
        self._meter = meter
        self._phase = phase

    @property
    @override
    def available(self) -> bool:
        meter = self.live_house.meters[self._meter]
        return meter.fault is not MeterFault.UNAVAILABLE

    @property
    @override
    def shown(self) -> bool:
        return self.available

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(self.live_house.async_on_report(self._meter, self._report))

    @callback
    def _report(self, power_w: Watts) -> None:
        self._attr_native_value = round(power_w[self._phase], 1)
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
