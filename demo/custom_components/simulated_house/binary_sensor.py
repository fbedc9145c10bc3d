"""What the boiler does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import HouseEntity
from .live_house import LiveHouse, SimulatedHouseConfigEntry


@dataclass(frozen=True, kw_only=True)
class HouseBinarySensorDescription(BinarySensorEntityDescription):
    """Something of the house that is on or off."""

    is_on_fn: Callable[[LiveHouse], bool]


BINARY_SENSORS = (
    HouseBinarySensorDescription(
        key="burner",
        name="Burner",
        icon="mdi:fire",
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda live_house: live_house.heating.boiler.burner_on,
    ),
    HouseBinarySensorDescription(
        key="boiler_call",
        name="Boiler called",
        icon="mdi:water-boiler",
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda live_house: live_house.heating.call.on,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors."""
    async_add_entities(
        HouseBinarySensor(entry.runtime_data, item) for item in BINARY_SENSORS
    )


class HouseBinarySensor(HouseEntity, BinarySensorEntity):
    """Something of the house that is on or off."""

    entity_description: HouseBinarySensorDescription

    @property
    @override
    def shown(self) -> bool:
        return self.entity_description.is_on_fn(self.live_house)

    @property
    @override
    def is_on(self) -> bool:
        return self.shown
