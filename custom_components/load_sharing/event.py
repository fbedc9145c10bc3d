"""Event entities: what an automation may want to react to."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charging.overload import OverloadEventType
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, Owner, heating_owner, supply_owner
from .heating_notices import SharingEventType
from .notices import EventListener
from .snapshot import NOTHING

PARALLEL_UPDATES = 0

OVERLOAD = EventEntityDescription(
    key="overload_event",
    translation_key="overload_event",
    event_types=[event_type.value for event_type in OverloadEventType],
)

SHARING = EventEntityDescription(
    key="sharing_event",
    translation_key="sharing_event",
    event_types=[event_type.value for event_type in SharingEventType],
)

type Listen = Callable[[EventListener], CALLBACK_TYPE]


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entities."""
    coordinator = entry.runtime_data
    if (charging := coordinator.charging) is not None:
        owner = supply_owner(coordinator)
        listen = charging.notices.async_listen
        async_add_entities([NoticeEvent(coordinator, owner, OVERLOAD, listen)])
    if (heating := coordinator.heating) is not None:
        async_add_entities(
            [
                NoticeEvent(
                    coordinator,
                    heating_owner(coordinator),
                    SHARING,
                    heating.notices.async_listen,
                )
            ]
        )


class NoticeEvent(LoadSharingEntity[Any], EventEntity):
    """Fires for each notice of its kind."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: EventEntityDescription,
        listen: Listen,
    ) -> None:
        """Listen with ``listen`` once added."""
        super().__init__(coordinator, owner, description, follows=NOTHING)
        self._listen = listen

    @override
    async def async_added_to_hass(self) -> None:
        """Start to listen."""
        await super().async_added_to_hass()
        self.async_on_remove(self._listen(self._tell))

    @callback
    def _tell(self, event_type: str, attributes: dict[str, Any]) -> None:
        self._trigger_event(event_type, attributes)
        self.async_write_ha_state()
