"""Buttons: tests that the user can start."""

from typing import Any, override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, async_add_entities_of_halves
from .site.descriptions import NOTHING, Owner, PartButtonDescription

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.BUTTON, async_add_entities, PartButton
    )


class PartButton(LoadSharingEntity[Any], ButtonEntity):
    """Starts something at one part of the site."""

    entity_description: PartButtonDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: PartButtonDescription,
    ) -> None:
        """Follow nothing: a button has no state."""
        super().__init__(coordinator, owner, description, follows=NOTHING)

    @override
    async def async_press(self) -> None:
        """Start it."""
        self.entity_description.press_fn()
