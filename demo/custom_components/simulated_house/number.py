"""What can be set of the charger and of the car."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
)
from homeassistant.const import UnitOfElectricCurrent
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import HouseEntity
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


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers."""
    async_add_entities(HouseNumber(entry.runtime_data, item) for item in NUMBERS)


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
