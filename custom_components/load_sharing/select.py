"""Selects: which tiers of rooms load sharing may use."""

from typing import override

from homeassistant.components.select import SelectEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, async_add_entities_of_halves
from .site.descriptions import Owner, PartSelectDescription

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.SELECT, async_add_entities, PartSelect
    )


class PartSelect[PartT](WritesOnChange[PartT, str], SelectEntity):
    """A choice of the user."""

    entity_description: PartSelectDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartSelectDescription[PartT],
    ) -> None:
        """Follow the selected option."""
        super().__init__(coordinator, owner, description)
        self._follow(description.option_fn)

    @override
    def _apply(self, value: str) -> None:
        self._attr_current_option = value

    @override
    async def async_select_option(self, option: str) -> None:
        """Select an option."""
        self.entity_description.select_fn(option)
