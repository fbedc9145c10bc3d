"""Event entities: what an automation can react to."""

from typing import Any, override

from homeassistant.components.event import EventEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, async_add_entities_of_halves
from .site.descriptions import NOTHING, Owner, PartEventDescription

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entities."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.EVENT, async_add_entities, NoticeEvent
    )


class NoticeEvent(LoadSharingEntity[Any], EventEntity):
    """Fires for each notice of a half."""

    entity_description: PartEventDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: PartEventDescription,
    ) -> None:
        """Follow nothing: a half sends its notices itself."""
        super().__init__(coordinator, owner, description, follows=NOTHING)

    @override
    async def async_added_to_hass(self) -> None:
        """Subscribe to the notices."""
        await super().async_added_to_hass()
        self.async_on_remove(self.entity_description.listen(self._handle_event))

    @callback
    def _handle_event(self, event_type: str, attributes: dict[str, Any]) -> None:
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()
