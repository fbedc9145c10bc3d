"""Reads whether an entity is on, also one that says so by a number or in words."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import State

from ...site.readings import to_number

_ON = (STATE_ON, "heat", "heating", "running", "active", "true", "yes")
_OFF = (STATE_OFF, "idle", "standby", "inactive", "false", "no")


def is_on(state: State, above: float = 0.0) -> bool | None:
    """Return whether an entity is on; None if its state is some other text.

    A number, such as a modulation in %, is on above a limit.
    """
    word = state.state.strip().lower()
    if word in _ON:
        return True
    if word in _OFF:
        return False
    value = to_number(state)
    return None if value is None else value > above
