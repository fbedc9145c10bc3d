"""Keeps recent decisions and their inputs for the diagnostics."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

ENTRIES_KEPT = 200


class Entry[SiteInput, Decision](NamedTuple):
    """A decision, when it was in force, and the last input that led to it.

    ``from_s`` and ``until_s`` are on the wall clock. ``monotonic_s`` is ``until_s`` on
    the loop's clock, which the times in the input are on.
    """

    from_s: float
    until_s: float
    monotonic_s: float
    site: SiteInput
    decision: Decision


class History[SiteInput, Decision]:
    """The last decisions. Equal decisions in a row are one entry."""

    def __init__(self, is_same: Callable[[Decision, Decision], bool]) -> None:
        """Start without entries; ``is_same`` compares a decision with the one before."""
        self._is_same = is_same
        self._entries: deque[Entry[SiteInput, Decision]] = deque(maxlen=ENTRIES_KEPT)

    def __iter__(self) -> Iterator[Entry[SiteInput, Decision]]:
        """Iterate from the oldest entry to the newest."""
        return iter(self._entries)

    def note(
        self, wall_s: float, monotonic_s: float, site: SiteInput, decision: Decision
    ) -> None:
        """Add a decision, or extend the last entry if it is the same."""
        from_s = wall_s
        if self._entries and self._is_same(decision, self._entries[-1].decision):
            from_s = self._entries.pop().from_s
        self._entries.append(Entry(from_s, wall_s, monotonic_s, site, decision))
