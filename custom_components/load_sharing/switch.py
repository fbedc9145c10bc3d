"""Switches: what the user permits load sharing to do."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, async_add_entities_of_halves
from .site.descriptions import Owner, PartSwitchDescription

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.SWITCH, async_add_entities, PartSwitch
    )


class PartSwitch[PartT](WritesOnChange[PartT, bool], SwitchEntity):
    """A permission that the user grants or withdraws."""

    entity_description: PartSwitchDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartSwitchDescription[PartT],
    ) -> None:
        """Follow whether the permission is granted."""
        super().__init__(coordinator, owner, description)
        self._follow(description.is_on_fn)

    @override
    def _apply(self, value: bool) -> None:
        self._attr_is_on = value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Grant the permission."""
        self._turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Withdraw the permission."""
        self._turn(on=False)

    def _turn(self, *, on: bool) -> None:
        self.entity_description.turn_fn(on)
