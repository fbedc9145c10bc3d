"""Binary sensors: problems, and what is active."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, async_add_entities_of_halves
from .site.descriptions import Owner, PartBinarySensorDescription

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.BINARY_SENSOR, async_add_entities, PartBinarySensor
    )


class PartBinarySensor[PartT](WritesOnChange[PartT, bool | None], BinarySensorEntity):
    """A condition of one part of the site."""

    entity_description: PartBinarySensorDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartBinarySensorDescription[PartT],
    ) -> None:
        """Follow the condition that the description reads."""
        super().__init__(coordinator, owner, description)
        self._follow(description.is_on_fn)

    @override
    def _apply(self, value: bool | None) -> None:
        self._attr_is_on = value
