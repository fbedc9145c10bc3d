"""A story: what happens at its second of each round, again and again."""

from collections.abc import Callable
from dataclasses import dataclass, field

type Happening = Callable[[float], None]
"""Something that happens at a time in s."""


@dataclass(slots=True)
class Story:
    """Things that happen, each so many seconds after a round began, in order."""

    events: tuple[tuple[float, Happening], ...]
    round_s: float
    _due: list[tuple[float, Happening]] = field(default_factory=list)
    _next_round_s: float | None = None

    def begin(self, now_s: float) -> None:
        """Begin a round, whatever the last one had left."""
        self._due = [(now_s + at_s, happen) for at_s, happen in self.events]
        self._next_round_s = now_s + self.round_s

    def stop(self) -> None:
        """Let nothing more happen."""
        self._due = []
        self._next_round_s = None

    def is_going(self) -> bool:
        """Whether something will happen."""
        return self._next_round_s is not None

    def step(self, now_s: float) -> None:
        """Let happen what is due."""
        while self._due and self._due[0][0] <= now_s:
            _, happen = self._due.pop(0)
            happen(now_s)
        if self._next_round_s is not None and now_s >= self._next_round_s:
            self.begin(self._next_round_s)
