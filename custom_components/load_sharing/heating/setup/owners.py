"""Finds what other thermostats lead: heads and relays that are theirs to write."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.core import HomeAssistant, valid_entity_id

_LEADERS = ("versatile_thermostat", "better_thermostat", "generic_thermostat")
"""Integrations whose thermostats write other thermostats, valves or relays."""
_LED_DOMAINS = ("climate", "number", "valve", "cover", "switch", "input_boolean")


def entities_led_by_others(hass: HomeAssistant) -> set[str]:
    """Return the thermostats, valves and relays that other thermostats write.

    They are those that stand in the configuration of these. A window or a temperature
    stands there too, but is of another domain.
    """
    return {
        entity_id
        for leader in _LEADERS
        for entry in hass.config_entries.async_entries(leader)
        for entity_id in _entities_in({**entry.data, **entry.options})
        if entity_id.split(".")[0] in _LED_DOMAINS
    }


def _entities_in(part: Any) -> Iterator[str]:
    """Yield the entity IDs in nested configuration."""
    match part:
        case str():
            if valid_entity_id(part):
                yield part
        case Mapping():
            for value in part.values():
                yield from _entities_in(value)
        case list() | tuple():
            for item in part:
                yield from _entities_in(item)
