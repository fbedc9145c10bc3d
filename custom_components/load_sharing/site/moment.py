"""What happens at this moment, as one sentence: its key and what is filled in.

Pure: no Home Assistant, and time is an argument.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any, NamedTuple

DWELL_S = 20.0
"""A lasting state has to last for this long before it replaces another in words."""
NAMES = 4
"""More names than this are counted, not listed."""


class Sentence(NamedTuple):
    """The key of a sentence, and what is filled in."""

    key: str
    placeholders: tuple[tuple[str, str], ...]

    @property
    def kind(self) -> str:
        """The key without the half that it belongs to."""
        return self.key.partition("_")[2]


@dataclass(frozen=True, slots=True)
class Moment:
    """A sentence of the translations' category ``common``, and its placeholders.

    All placeholders are words and numbers without units.
    """

    key: str
    placeholders: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> Sentence:
        """The sentence, which can be compared."""
        return Sentence(self.key, tuple(self.placeholders.items()))

    @property
    def plain(self) -> dict[str, Any]:
        """The moment as data for JSON."""
        return {"key": self.key, "placeholders": dict(self.placeholders)}


@dataclass(frozen=True, slots=True)
class Story:
    """The moment that is shown, and what may follow it.

    An event is shown until ``told_until_s``, unless another one comes. ``next`` is a
    lasting state since ``next_since_s``, which is not shown yet. ``passing``: what is
    shown is over as soon as anything else can be said.
    """

    shown: Moment | None = None
    told_until_s: float = -inf
    next: Moment | None = None
    next_since_s: float = 0.0
    passing: bool = False

    @property
    def due_s(self) -> float | None:
        """When time alone may change what is shown."""
        if self.next is None:
            return None if self.told_until_s == -inf else self.told_until_s
        return max(self.told_until_s, self.next_since_s + DWELL_S)


NOTHING_TOLD = Story()


def tell(event: Moment, now_s: float, lasts_s: float) -> Story:
    """Show an event at once, for some time."""
    return Story(event, now_s + lasts_s)


def interrupt(state: Moment) -> Story:
    """Show at once what is urgent, or all that can be said for now, until it is over."""
    return Story(state, passing=True)


def settle(story: Story, state: Moment, now_s: float) -> Story:
    """Show a lasting state after a while; at once if nothing is in its way.

    So neither the noise of a meter nor a passing state changes the sentence.
    """
    shown = story.shown
    if shown is None or story.passing or shown.sentence == state.sentence:
        return Story(state)
    since_s = now_s
    if story.next is not None and story.next.sentence == state.sentence:
        since_s = story.next_since_s
    if now_s >= since_s + DWELL_S and now_s >= story.told_until_s:
        return Story(state)
    return Story(shown, story.told_until_s, state, since_s)


def listed(names: Iterable[str]) -> str:
    """List names as every language does; count those that are too many."""
    known = list(names)
    if len(known) <= NAMES:
        return ", ".join(known)
    return ", ".join([*known[: NAMES - 1], f"+{len(known) - NAMES + 1}"])


def amount(value: float) -> str:
    """Write an amount as precise as it is worth saying: whole above 10."""
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}".removesuffix(".0")
