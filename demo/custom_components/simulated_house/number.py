"""What can be set of chargers, of the car, of the boiler and of valves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
)
from homeassistant.const import UnitOfElectricCurrent, UnitOfRatio, UnitOfTemperature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.car import MIN_CURRENT_A

from .entity import HouseEntity, bay, slug
from .live_house import LiveHouse, SimulatedHouseConfigEntry


@dataclass(frozen=True, kw_only=True)
class HouseNumberDescription(NumberEntityDescription):
    """A number of the house."""

    value_fn: Callable[[LiveHouse], float | None]
    set_fn: Callable[[LiveHouse, float], None]


def _set_cap(live_house: LiveHouse, cap_a: float) -> None:
    if (car := live_house.charge_point.car) is not None:
        car.cap_a = cap_a


NUMBERS = (
    HouseNumberDescription(
        key="charger_current_limit",
        name="Charger current limit",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=6,
        native_max_value=32,
        native_step=1,
        value_fn=lambda live_house: live_house.charge_point.limit_a,
        set_fn=lambda live_house, value: live_house.charge_point.set_limit(
            value, live_house.now_s
        ),
    ),
    HouseNumberDescription(
        key="car_own_limit",
        name="Car's own limit",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=6,
        native_max_value=32,
        native_step=1,
        value_fn=lambda live_house: (
            car.cap_a if (car := live_house.charge_point.car) else None
        ),
        set_fn=_set_cap,
    ),
)


def _bay(name: str, max_a: float) -> HouseNumberDescription:
    """What one charger of the apartments is told."""
    return HouseNumberDescription(
        key=f"{slug(name)}_current_limit",
        name=f"{name} current limit",
        device_class=NumberDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        native_min_value=MIN_CURRENT_A,
        native_max_value=max_a,
        native_step=1,
        value_fn=lambda live_house: live_house.apartments.charge_points[name].limit_a,
        set_fn=lambda live_house, value: live_house.apartments.charge_points[
            name
        ].set_limit(value, live_house.now_s),
    )


def _valve(name: str) -> HouseNumberDescription:
    """The valve of a room: shows what the thermostat or somebody else asks for."""

    def value(live_house: LiveHouse) -> float:
        return round(100 * live_house.heating.zones[name].room.valve.target)

    def set_valve(live_house: LiveHouse, pct: float) -> None:
        zone = live_house.heating.zones[name]
        zone.override_pct = pct if pct > zone.owner_pct else None
        zone.room.valve.set_target(max(pct, zone.owner_pct) / 100)

    return HouseNumberDescription(
        key=f"{slug(name)}_valve",
        name=f"{name} valve",
        icon="mdi:valve",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=100,
        native_step=1,
        value_fn=value,
        set_fn=set_valve,
    )


def _set_setpoint(live_house: LiveHouse, value: float) -> None:
    live_house.heating.setpoint_c = value


BOILER_SETPOINT = HouseNumberDescription(
    key="boiler_setpoint",
    name="Boiler setpoint",
    device_class=NumberDeviceClass.TEMPERATURE,
    native_unit_of_measurement=UnitOfTemperature.CELSIUS,
    native_min_value=25,
    native_max_value=80,
    native_step=1,
    value_fn=lambda live_house: live_house.heating.setpoint_c,
    set_fn=_set_setpoint,
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers."""
    live_house = entry.runtime_data
    valves = (_valve(name) for name in live_house.heating.zones)
    async_add_entities(
        HouseNumber(live_house, item) for item in (*NUMBERS, BOILER_SETPOINT, *valves)
    )
    charge_points = live_house.apartments.charge_points.items()
    async_add_entities(
        HouseNumber(live_house, _bay(name, charge_point.max_a), bay(name))
        for name, charge_point in charge_points
    )


class HouseNumber(HouseEntity, NumberEntity):
    """Something that can be set."""

    entity_description: HouseNumberDescription

    @property
    @override
    def shown(self) -> float | None:
        return self.entity_description.value_fn(self.live_house)

    @property
    @override
    def native_value(self) -> float | None:
        return self.shown

    @override
    async def async_set_native_value(self, value: float) -> None:
        self.entity_description.set_fn(self.live_house, value)
        self.async_write_ha_state()
