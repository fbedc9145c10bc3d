"""Keeps recent decisions and their inputs for the diagnostics."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from .engine.decision import Decision
from .engine.model import SiteInput
from .io.clock import Clock

ENTRIES_KEPT = 200


class Entry(NamedTuple):
    """A decision, when it was in force, and the last input that led to it.

    ``from_s`` and ``until_s`` are on the wall clock. ``monotonic_s`` is ``until_s`` on
    the loop's clock, which the times in the input are on.
    """

    from_s: float
    until_s: float
    monotonic_s: float
    site: SiteInput
    decision: Decision


class History:
    """The last decisions. Equal decisions in a row are one entry."""

    def __init__(self) -> None:
        """Start without entries."""
        self._entries: deque[Entry] = deque(maxlen=ENTRIES_KEPT)

    def __iter__(self) -> Iterator[Entry]:
        """Iterate from the oldest entry to the newest."""
        return iter(self._entries)

    def note(self, clock: Clock, site: SiteInput, decision: Decision) -> None:
        """Add a decision, or extend the last entry if it is the same."""
        from_s = clock.wall_s
        if self._entries and _is_same(decision, self._entries[-1].decision):
            from_s = self._entries.pop().from_s
        self._entries.append(
            Entry(from_s, clock.wall_s, clock.monotonic_s, site, decision)
        )


def _is_same(decision: Decision, before: Decision) -> bool:
    """Return whether two decisions are equal, for equal reasons, and without events."""
    if decision.state is not before.state or decision.events or before.events:
        return False
    if decision.correction_due or before.correction_due:
        return False
    pairs = zip(decision.chargers.values(), before.chargers.values(), strict=True)
    for charger, charger_before in pairs:
        if (
            charger.action is not charger_before.action
            or charger.desired_a != charger_before.desired_a
            or charger.limit is not charger_before.limit
        ):
            return False
    return True
