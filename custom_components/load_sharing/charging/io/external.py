"""A limit that somebody else sets: a grid operator, or an energy manager."""

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant

from ...site.readings import to_amperes, to_number


class ExternalLimit:
    """Reads the limit from an entity, in A per phase; a power is of all phases.

    One that is unknown does not limit. One that cannot be read keeps what it said
    last; before it has said anything, it lets nobody have more.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str, volts: float) -> None:
        """``volts``: the voltage, times the phases that a power is of."""
        self._hass = hass
        self._entity_id = entity_id
        self._volts = volts
        self._last_a: float | None = None
        self.heard = False
        """Whether it has said anything yet."""

    def read(self) -> float | None:
        """Limit in A, 0 at least; None for no limit."""
        state = self._hass.states.get(self._entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            return self._last_a
        if state.state == STATE_UNKNOWN:
            self.heard, self._last_a = True, None
            return None
        value = to_number(state)
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        limit_a = None if value is None else to_amperes(value, unit, self._volts)
        if limit_a is not None:
            self.heard, self._last_a = True, max(0.0, limit_a)
        return self._last_a
