"""The gate: a state becomes a number here, or the reason why it is not one."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfElectricCurrent,
    UnitOfPower,
)
from homeassistant.core import State
from homeassistant.util.unit_conversion import ElectricCurrentConverter, PowerConverter

IMPLAUSIBLE_TIMES_RATING = 10.0
"""A breaker of type C trips within 0.1 s at ten times its rating (IEC 60898-1)."""


class ReadingProblem(StrEnum):
    """Why a state is not used."""

    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    NOT_A_NUMBER = "not_a_number"
    WRONG_UNIT = "wrong_unit"
    IMPLAUSIBLE = "implausible"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Reading:
    """A checked current in A, positive when imported, and when it was reported."""

    current_a: float
    taken_at_s: float


@dataclass(frozen=True, slots=True)
class Clock:
    """One moment on both clocks: monotonic, and the wall clock that states carry."""

    monotonic_s: float
    wall_s: float

    def taken_at(self, state: State) -> float:
        """When a state was last reported, on the monotonic clock."""
        age_s = max(0.0, self.wall_s - state.last_reported_timestamp)
        return self.monotonic_s - age_s

    def changed_at(self, state: State) -> float:
        """When a state last changed its value, on the monotonic clock."""
        age_s = max(0.0, self.wall_s - state.last_changed_timestamp)
        return self.monotonic_s - age_s


@dataclass(frozen=True, slots=True)
class CurrentGate:
    """What a current has to be to get in.

    A power is divided by ``volts``: the voltage, times the phases it covers.
    """

    volts: float
    rating_a: float
    max_age_s: float | None = None
    negate: bool = False

    def read(self, state: State | None, clock: Clock) -> Reading | ReadingProblem:
        """Check a state: numeric, finite, of a known unit, plausible and fresh."""
        if state is None:
            return ReadingProblem.NOT_FOUND
        if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            return ReadingProblem.UNAVAILABLE
        value = to_number(state)
        if value is None:
            return ReadingProblem.NOT_A_NUMBER
        current_a = to_amperes(
            value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT), self.volts
        )
        if current_a is None:
            return ReadingProblem.WRONG_UNIT
        if abs(current_a) > IMPLAUSIBLE_TIMES_RATING * self.rating_a:
            return ReadingProblem.IMPLAUSIBLE
        taken_at_s = clock.taken_at(state)
        if (
            self.max_age_s is not None
            and clock.monotonic_s - taken_at_s >= self.max_age_s
        ):
            return ReadingProblem.STALE
        return Reading(-current_a if self.negate else current_a, taken_at_s)


def to_number(state: State) -> float | None:
    """Value of a state that is a finite number."""
    try:
        value = float(state.state)
    except ValueError:
        return None
    return value if isfinite(value) else None


def to_amperes(value: float, unit: str | None, volts: float) -> float | None:
    """Convert a power or a current to A. None: the unit is neither."""
    if unit in ElectricCurrentConverter.VALID_UNITS:
        return ElectricCurrentConverter.converter_factory(
            unit, UnitOfElectricCurrent.AMPERE
        )(value)
    if unit in PowerConverter.VALID_UNITS:
        return PowerConverter.converter_factory(unit, UnitOfPower.WATT)(value) / volts
    return None
