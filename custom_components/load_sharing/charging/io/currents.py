"""Turns states of other integrations into checked currents."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import State

from ...site.readings import has_value
from ..engine.model import Reading
from ..snapshot import ReadingProblem
from .clock import Clock
from .units import to_amperes, to_measured

IMPLAUSIBLE_TIMES_RATING = 10.0
"""A type C breaker trips within 0.1 s at ten times its rating (IEC 60898-1)."""


type Believed = Callable[[str, float], float]
"""Returns until when the reading of an entity is believed that was taken at a time."""


def always(_entity_id: str, _taken_at_s: float) -> float:
    """Believe a reading for ever."""
    return inf


@dataclass(frozen=True, slots=True)
class CurrentGate:
    """Accepts a state as a current, or reports why not.

    A power is divided by what ``volts`` returns at the time: the voltage times the
    number of phases that the power covers. ``negate`` is for a meter that counts exports
    as positive. A reading is stale once ``believed_until_s`` has passed.
    """

    volts: Callable[[], float]
    rating_a: float
    negate: bool = False
    believed_until_s: Believed = always

    def read(self, state: State | None, clock: Clock) -> Reading | ReadingProblem:
        """Accept a finite number in a known unit that is plausible and fresh."""
        if state is None:
            return ReadingProblem.NOT_FOUND
        if not has_value(state):
            return ReadingProblem.UNAVAILABLE
        value = to_measured(state)
        if value is None:
            return ReadingProblem.NOT_A_NUMBER
        current_a = to_amperes(
            value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), self.volts()
        )
        if current_a is None:
            return ReadingProblem.WRONG_UNIT
        if abs(current_a) > IMPLAUSIBLE_TIMES_RATING * self.rating_a:
            return ReadingProblem.IMPLAUSIBLE
        taken_at_s = clock.taken_at(state)
        if clock.monotonic_s >= self.believed_until_s(state.entity_id, taken_at_s):
            return ReadingProblem.STALE
        return Reading(-current_a if self.negate else current_a, taken_at_s)


def read_current(state: State, volts: float) -> float | None:
    """Return the current in A that a state shows; None if it shows none.

    A power is divided by ``volts``.
    """
    value = to_measured(state)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return None if value is None else to_amperes(value, unit, volts)
