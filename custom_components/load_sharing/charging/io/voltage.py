"""Reads the voltage of a supply, and converts powers with what counts of it."""

from dataclasses import replace

from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant

from ...site.readings import has_value
from ..config import SupplyConfig
from ..engine import voltage
from ..engine.mains import Mains
from ..snapshot import ReadingProblem
from .clock import Clock
from .units import to_measured, to_volts

MAX_AGE_S = 600.0
"""The voltage of a grid changes by tenths of a volt within seconds."""


class SupplyVoltage:
    """The voltage that a sensor shows; without a sensor, the one that was entered."""

    def __init__(
        self, hass: HomeAssistant, mains: Mains, entity_id: str | None
    ) -> None:
        """Start with the voltage that was entered."""
        self._hass = hass
        self.entity_id = entity_id
        self._state = voltage.as_entered(mains.voltage_v)
        self._taken_at_s: float | None = None
        self.mains = mains
        """The supply at the voltage that its powers are divided by."""
        self.commanded = mains
        """The supply at the voltage that currents are sent at as powers."""
        self.problem: ReadingProblem | None = None

    def read(self, clock: Clock) -> bool:
        """Read the sensor; return whether another voltage counts now."""
        if self.entity_id is None:
            return False
        before, shown = self._state, self._measure(self.entity_id, clock)
        if isinstance(shown, ReadingProblem):
            self.problem = shown
            self._state = voltage.follow(before, None, clock.monotonic_s)
        else:
            self.problem = None
            self._state = voltage.follow(before, shown, clock.monotonic_s)
        if self._state.counts_v == before.counts_v:
            return False
        self.mains = replace(self.mains, voltage_v=self._state.counts_v)
        self.commanded = replace(self.mains, voltage_v=self._state.commanded_v)
        return True

    @property
    def entered_v(self) -> float:
        """The voltage that was entered."""
        return self._state.entered_v

    @property
    def due_s(self) -> float | None:
        """When time alone may change the voltage that counts; None for never."""
        if self.entity_id is None or self.problem is not None:
            return None
        stale_s = (self._taken_at_s or 0.0) + MAX_AGE_S
        return min(stale_s, self._state.due_s)

    def _measure(self, entity_id: str, clock: Clock) -> float | ReadingProblem:
        """Return what the sensor shows in V, or why that cannot be used."""
        state = self._hass.states.get(entity_id)
        if state is None:
            return ReadingProblem.NOT_FOUND
        if not has_value(state):
            return ReadingProblem.UNAVAILABLE
        if (value := to_measured(state)) is None:
            return ReadingProblem.NOT_A_NUMBER
        measured_v = to_volts(value, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
        if measured_v is None:
            return ReadingProblem.WRONG_UNIT
        if not voltage.is_plausible(measured_v, self._state.entered_v):
            return ReadingProblem.IMPLAUSIBLE
        self._taken_at_s = clock.taken_at(state)
        if clock.monotonic_s >= self._taken_at_s + MAX_AGE_S:
            return ReadingProblem.STALE
        return measured_v


def make_voltage(hass: HomeAssistant, supply: SupplyConfig) -> SupplyVoltage:
    """Return the voltage of the supply."""
    return SupplyVoltage(hass, supply.mains, supply.voltage_entity)
