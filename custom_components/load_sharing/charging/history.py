"""What was decided lately, and what it was made from: for the diagnostics."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from .engine.model import Decision, SiteInput
from .io.currents import Clock

KEPT = 200


class Entry(NamedTuple):
    """A decision, the last input that led to it, and from when until when it was it.

    On the wall clock, and the last moment on the loop's clock, too: inputs carry that.
    """

    from_s: float
    until_s: float
    monotonic_s: float
    site: SiteInput
    decision: Decision


class History:
    """The last decisions. One that is made again is kept once."""

    def __init__(self) -> None:
        """Nothing was decided yet."""
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def __iter__(self) -> Iterator[Entry]:
        """From the oldest to the newest."""
        return iter(self._entries)

    def note(self, clock: Clock, site: SiteInput, decision: Decision) -> None:
        """Keep a decision."""
        from_s = clock.wall_s
        if self._entries and _is_same(decision, self._entries[-1].decision):
            from_s = self._entries.pop().from_s
        self._entries.append(
            Entry(from_s, clock.wall_s, clock.monotonic_s, site, decision)
        )


def _is_same(decision: Decision, before: Decision) -> bool:
    """Whether the same was decided for the same reasons, and nothing happened."""
    if decision.state is not before.state or decision.events or before.events:
        return False
    if decision.correction_due or before.correction_due:
        return False
    pairs = zip(decision.chargers.values(), before.chargers.values(), strict=True)
    for chosen, chosen_before in pairs:
        if (
            chosen.action is not chosen_before.action
            or chosen.desired_a != chosen_before.desired_a
            or chosen.limit is not chosen_before.limit
        ):
            return False
    return True
