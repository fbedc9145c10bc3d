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

HOME_ZONE = "zone.home"

AT_HOME = frozenset({STATE_HOME, STATE_ON, "true", "yes", "present"})
AWAY = frozenset({STATE_OFF, "false", "no", "absent"})
"""What helpers and templates show; a tracker shows the zone it is in, or not_home."""


def is_away(hass: HomeAssistant, entity_id: str | None) -> bool:
    """Return whether a car is known to be elsewhere.

    A car that may be here counts as here: without the entity, and while it is unknown.
    A zone shows how many are in it. A sensor may show the name of the home instead.
    """
    state = known_state(hass, entity_id) if entity_id else None
    if state is None:
        return False
    domain, _ = split_entity_id(state.entity_id)
    shown = state.state.casefold()
    number = to_number(state)
    match domain:
        case "zone":
            return number is not None and number <= 0
        case "device_tracker" | "person":
            return shown != STATE_HOME
        case "sensor":
            home = hass.states.get(HOME_ZONE)
            names = {hass.config.location_name, home.name if home else STATE_HOME}
            here = AT_HOME.union([name.casefold() for name in names])
            return number is None and shown not in here
        case _:
            return shown in AWAY
