"""The switch that turns balancing on and off."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import SiteEntity, WritesOnChange

PARALLEL_UPDATES = 0

BALANCING = SwitchEntityDescription(
    key="balancing",
    translation_key="balancing",
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switch of the site."""
    async_add_entities([BalancingSwitch(entry.runtime_data)])


class BalancingSwitch(SiteEntity, WritesOnChange[bool], SwitchEntity):
    """Whether the chargers are balanced. Off leaves them to their owner."""

    def __init__(self, coordinator: LoadSharingCoordinator) -> None:
        """Follow what the user wants."""
        super().__init__(coordinator, BALANCING)
        self._follow(lambda snapshot: snapshot.enabled)

    @override
    def _take(self, value: bool) -> None:
        self._attr_is_on = value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Balance."""
        self.coordinator.async_set_enabled(enabled=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Let go of the chargers."""
        self.coordinator.async_set_enabled(enabled=False)
