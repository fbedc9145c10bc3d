"""Finds out whether a car is here, by an entity that shows where it is."""

from homeassistant.const import STATE_HOME, STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, split_entity_id

from ...site.readings import known_state, to_number

PRESENCE_DOMAINS = (
    "device_tracker",
    "person",
    "zone",
    "binary_sensor",
    "input_boolean",
    "schedule",
    "sensor",
)

AT_HOME = frozenset({STATE_HOME, STATE_ON, "true", "yes", "present"})
AWAY = frozenset({STATE_OFF, "false", "no", "absent"})
"""What helpers and templates show; a tracker shows the zone it is in, or not_home."""


def is_away(hass: HomeAssistant, entity_id: str | None) -> bool:
    """Return whether a car is known to be elsewhere.

    A car that may be here counts as here: without the entity, and while it is unknown.
    A zone shows how many are in it.
    """
    state = known_state(hass, entity_id) if entity_id else None
    if state is None:
        return False
    domain, _ = split_entity_id(state.entity_id)
    shown = state.state.casefold()
    if (number := to_number(state)) is not None:
        return number <= 0
    if domain in ("device_tracker", "person", "sensor"):
        return shown not in AT_HOME
    return shown in AWAY
