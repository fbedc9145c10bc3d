"""Tells what entities have reported since the start from what may have been restored.

Many integrations restore the last state of an entity when Home Assistant starts, and
nothing in that state says so, except that it is from before the end of the start. A meter
may be restored with the value of the night before, and a charger with the current of a
command that it has forgotten. Both speak by themselves soon after.
"""

from collections.abc import Iterable
from math import inf

from .engine.command import CommandState
from .engine.model import Circuit, ServiceReading
from .io.chargers import ChargerProbe
from .io.clock import Clock

CHARGER_SPEAKS_WITHIN_S = 120.0
"""A charger is waited for this long. It may have nothing to report; a meter has."""


class StartUp:
    """Knows when Home Assistant was up. What was reported before may be restored."""

    def __init__(self, *, is_up: bool) -> None:
        """Begin. If Home Assistant is up already, nothing is taken for restored."""
        self.up_s = -inf if is_up else inf

    def note_up(self, now_s: float) -> None:
        """Note that Home Assistant is up, unless it was before."""
        self.up_s = min(self.up_s, now_s)

    def meters_have_spoken(
        self, supply: ServiceReading | None, circuits: Iterable[Circuit]
    ) -> bool:
        """Return whether every meter that can be read has reported since the start."""
        readings = [supply, *[circuit.reading for circuit in circuits]]
        return all(
            min(reading.taken_at_s) > self.up_s
            for reading in readings
            if reading is not None
        )

    def waits_for_charger(self, reported_s: float, now_s: float) -> bool:
        """Return whether a charger that reported at ``reported_s`` has yet to speak."""
        return reported_s <= self.up_s and now_s < self.up_s + CHARGER_SPEAKS_WITHIN_S

    def due_s(self, now_s: float) -> float | None:
        """Return when chargers are not waited for any longer; None if that is past."""
        due_s = self.up_s + CHARGER_SPEAKS_WITHIN_S
        return due_s if now_s < due_s < inf else None


class ChargerReports:
    """Knows whether one charger has reported by itself since the start."""

    def __init__(self, start_up: StartUp, probe: ChargerProbe) -> None:
        """Start without a report."""
        self._start_up = start_up
        self._probe = probe
        self.may_be_restored = False
        """What the charger shows may be from before Home Assistant started."""
        self.has_spoken = False
        """The controls have reported since then, and not only our own command."""

    def note(self, command: CommandState, settle_s: float, clock: Clock) -> None:
        """Note what has been reported by now."""
        reported_s = self._probe.oldest_report_s(
            clock, with_controls=command.desired_a is None
        )
        self.may_be_restored = self._start_up.waits_for_charger(
            reported_s, clock.monotonic_s
        )
        if not self.has_spoken:
            from_s = max(self._start_up.up_s, command.begun_s + settle_s)
            self.has_spoken = self._probe.control_report_s(clock) > from_s
