"""The event entity that tells of overloads."""

from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charging.overload import OverloadEventType
from .coordinator import NOTHING, LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import SiteEntity

PARALLEL_UPDATES = 0

OVERLOAD = EventEntityDescription(
    key="overload_event",
    translation_key="overload_event",
    event_types=[event_type.value for event_type in OverloadEventType],
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of the site."""
    async_add_entities([OverloadEventEntity(entry.runtime_data)])


class OverloadEventEntity(SiteEntity, EventEntity):
    """Fires when an overload is detected, corrected, stops a charger, or clears."""

    def __init__(self, coordinator: LoadSharingCoordinator) -> None:
        """Belong to the site."""
        super().__init__(coordinator, OVERLOAD, follows=NOTHING)

    @override
    async def async_added_to_hass(self) -> None:
        """Start to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.notices.async_listen(self._tell))

    @callback
    def _tell(self, event_type: str, attributes: dict[str, Any]) -> None:
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()
