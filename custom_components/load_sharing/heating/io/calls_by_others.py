"""Notices the actions by which a person or an automation sets an actuator.

An actuator on lease does not always show them. Whoever turns off a boiler that is held
off, or sets a valve to what it is held at, wants it to stay that way.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from homeassistant.const import (
    ATTR_DOMAIN,
    ATTR_SERVICE,
    ATTR_SERVICE_DATA,
    ENTITY_MATCH_ALL,
    EVENT_CALL_SERVICE,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    DOMAIN as HOMEASSISTANT_DOMAIN,
    Context,
    Event,
    HomeAssistant,
    callback,
    split_entity_id,
)
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from ...site.action_names import (
    SET_COVER_POSITION,
    SET_TEMPERATURE,
    SET_VALUE,
    SET_VALVE_POSITION,
    TURN_OFF,
    TURN_ON,
)

SETTING: Final = frozenset(
    {
        SET_COVER_POSITION,
        SET_TEMPERATURE,
        SET_VALUE,
        SET_VALVE_POSITION,
        TURN_OFF,
        TURN_ON,
    }
)
"""Actions that set an actuator, whatever its domain."""


class CallByOther(NamedTuple):
    """An action that sets entities, and by whom it was called."""

    hass: HomeAssistant
    domain: str
    name: str
    target: TargetSelection
    context: Context

    @property
    def is_by_person(self) -> bool:
        """Whether a user called it, not an automation of Home Assistant's own."""
        return self.context.user_id is not None

    def sets(self, entity_id: str) -> bool:
        """Return whether the action sets an entity, by itself, its area or its label."""
        if self.domain not in (HOMEASSISTANT_DOMAIN, split_entity_id(entity_id)[0]):
            return False
        if ENTITY_MATCH_ALL in self.target.entity_ids:
            return True
        found = async_extract_referenced_entity_ids(self.hass, self.target)
        return entity_id in found.referenced | found.indirectly_referenced


def listen_to_calls(
    hass: HomeAssistant, on_call: Callable[[CallByOther], None]
) -> CALLBACK_TYPE:
    """Report each action that sets an entity; return what ends that."""

    @callback
    def report(event: Event) -> None:
        if event.data[ATTR_SERVICE] in SETTING:
            on_call(
                CallByOther(
                    hass,
                    event.data[ATTR_DOMAIN],
                    event.data[ATTR_SERVICE],
                    TargetSelection(event.data[ATTR_SERVICE_DATA]),
                    event.context,
                )
            )

    return hass.bus.async_listen(EVENT_CALL_SERVICE, report)
