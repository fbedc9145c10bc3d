"""Notices the actions by which a person or an automation sets an actuator or thermostat.

An actuator on lease does not always show them. Whoever turns off a boiler that is held
off, or sets a valve to what it is held at, wants it to stay that way. Whoever sets the
thermostat of a room, or its valve before we do, wants the room to be as it is then.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from homeassistant.const import (
    ATTR_DOMAIN,
    ATTR_ENTITY_ID,
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
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
import voluptuous as vol

from ...site.action_names import (
    CLOSE_COVER,
    CLOSE_VALVE,
    OPEN_COVER,
    OPEN_VALVE,
    SET_COVER_POSITION,
    SET_HVAC_MODE,
    SET_PRESET_MODE,
    SET_TEMPERATURE,
    SET_VALUE,
    SET_VALVE_POSITION,
    TOGGLE,
    TURN_OFF,
    TURN_ON,
)
from .actuators import THERMOSTATS

SETTING: Final = frozenset(
    {
        CLOSE_COVER,
        CLOSE_VALVE,
        OPEN_COVER,
        OPEN_VALVE,
        SET_COVER_POSITION,
        SET_HVAC_MODE,
        SET_PRESET_MODE,
        SET_TEMPERATURE,
        SET_VALUE,
        SET_VALVE_POSITION,
        TOGGLE,
        TURN_OFF,
        TURN_ON,
    }
)
"""Actions that set an actuator or a thermostat, whatever its domain."""
SWITCHING: Final = frozenset(
    {SET_HVAC_MODE, SET_PRESET_MODE, TOGGLE, TURN_OFF, TURN_ON}
)
"""Of these, the ones that leave the setpoint of a thermostat as it is."""
_TARGET: Final = vol.Schema(cv.ENTITY_SERVICE_FIELDS, extra=vol.REMOVE_EXTRA)


class CallByOther(NamedTuple):
    """An action that sets entities, and by whom it was called."""

    hass: HomeAssistant
    domain: str
    name: str
    data: Mapping[str, Any]
    context: Context

    @property
    def is_by_person(self) -> bool:
        """Whether a user called it, not an automation of Home Assistant's own."""
        return self.context.user_id is not None

    def sets(self, entity_id: str) -> bool:
        """Return whether the action sets the value that an actuator is held at."""
        domain, _ = split_entity_id(entity_id)
        if domain in THERMOSTATS and self.name in SWITCHING:
            return False
        return self.reaches(entity_id)

    def reaches(self, entity_id: str) -> bool:
        """Return whether the action is for an entity, by itself, its area or its label."""
        domain, _ = split_entity_id(entity_id)
        if self.domain not in (HOMEASSISTANT_DOMAIN, domain):
            return False
        try:
            target: dict[str, Any] = _TARGET(self.data)
        except vol.Invalid, TypeError:
            # The data are raw. Home Assistant cannot carry out such a call either.
            return False
        if target.get(ATTR_ENTITY_ID) == ENTITY_MATCH_ALL:
            # All but what it excludes.
            target[ATTR_ENTITY_ID] = [entity_id]
        found = async_extract_referenced_entity_ids(self.hass, TargetSelection(target))
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
                    event.data[ATTR_SERVICE_DATA],
                    event.context,
                )
            )

    return hass.bus.async_listen(EVENT_CALL_SERVICE, report)
