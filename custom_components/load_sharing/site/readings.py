"""Turns states of other integrations into validated numbers."""

from math import isfinite

from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State


def known_state(hass: HomeAssistant, entity_id: str | None) -> State | None:
    """Return the state of an entity; None if it is missing, unavailable or unknown."""
    if entity_id is None:
        return None
    state = hass.states.get(entity_id)
    return state if state is not None and has_value(state) else None


def has_value(state: State) -> bool:
    """Return whether a state is neither unavailable nor unknown."""
    return state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)


def to_number(state: State) -> float | None:
    """Return the value of a state; None unless it is a finite number."""
    try:
        value = float(state.state)
    except ValueError:
        return None
    return value if isfinite(value) else None
