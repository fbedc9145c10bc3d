"""Latency: how long the commands of a charger take to show in readings."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from .epochs import Epoch, open_epochs

UNSEEN_S = 180.0
"""No charger that we know of takes nearly as long as this to follow."""

LEAST_UNSEEN_S = 30.0
TIMES_LATENCY = 3.0
LATENCIES_NEEDED = 3
"""A charger whose latency is known from so many commands has followed sooner."""

LATER = 1.25
"""A charger may take this many times as long as it recently took to follow."""


class Trailed(NamedTuple):
    """How late a charger's own sensors showed a command.

    That is ``by_s`` after the meter, and ``after_s`` after the command.
    """

    by_s: float
    after_s: float


class Response(NamedTuple):
    """How a charger responded to its commands so far, as readings showed it.

    ``epoch_s`` is when the newest command began that a reading has shown, ``shown_s``
    when it did, and ``former_s`` when the one shown before began. ``latencies_s`` are
    the times that recent commands took to show, the newest first. ``takes`` is how many
    amperes the charger was measured to take for each ampere that it may, at least 1,
    and ``takes_s`` when it took that much last. ``moved_s`` is when the meter last moved
    towards the newest command, before it showed it, and ``blurred_s`` when it moved so
    much, either way, that the step may be hidden in it. ``phases`` is how many the car uses,
    where only the total of all shows that; 0 if unknown. ``rest_a`` is what a car still
    lacked of its increase when a reading showed it. ``trailed`` is how late the
    charger's own sensors were with recent commands, the newest first.
    """

    epoch_s: float = -inf
    shown_s: float = -inf
    former_s: float = -inf
    latencies_s: tuple[float, ...] = ()
    moved_s: float = -inf
    takes: float = 1.0
    takes_s: float = -inf
    phases: int = 0
    rest_a: float = 0.0
    trailed: tuple[Trailed, ...] = ()
    blurred_s: float = -inf

    @property
    def latency_s(self) -> float | None:
        """How long a command takes to show at most; None if unknown.

        The longest of the recent ones does not count, as another load may have moved
        the meter instead.
        """
        if not self.latencies_s:
            return None
        return sorted(self.latencies_s)[-2:][0]

    @property
    def soonest_s(self) -> float:
        """How long after a command a reading can show it at the earliest.

        What moves the meter sooner than in half the usual time is another load.
        """
        if len(self.latencies_s) < LATENCIES_NEEDED:
            return 0.0
        return sorted(self.latencies_s)[len(self.latencies_s) // 2] / 2

    @property
    def patience_s(self) -> float:
        """How long a command may stay hidden, before it counts as followed unseen.

        Now and then another load hides a step. A charger that always followed within
        10 s has followed after 30 s.
        """
        if len(self.latencies_s) < LATENCIES_NEEDED:
            return UNSEEN_S
        return max(LEAST_UNSEEN_S, TIMES_LATENCY * (self.latency_s or 0.0))


def has_shown(response: Response | None, epoch: Epoch) -> bool:
    """Return whether a reading has shown the step of a command, and not only a clock."""
    return response is not None and -inf < epoch.begun_s == response.epoch_s


def have_shown(response: Response | None, epochs: Sequence[Epoch]) -> bool:
    """Return whether readings have shown the last two of some commands.

    Another load may pass for one step of a charger, and hardly for two in a row.
    """
    if response is None or len(epochs) < 2:
        return False
    former, newest = epochs[-2:]
    return has_shown(response, newest) and -inf < former.begun_s == response.former_s


def still_to_come(response: Response, newest: Epoch, taken_s: float) -> float:
    """Return what a car on its way up lacked when a reading was taken, in A."""
    if taken_s > response.shown_s or not has_shown(response, newest):
        return 0.0
    return response.rest_a


def least_if_still(response: Response, epochs: tuple[Epoch, ...]) -> float:
    """Return the least command that a car may be held to, in A; inf if that is known.

    A command that no reading showed has not been followed if the meter has stood still
    since. The car limits itself, or is not there, and may take all that it may later.
    """
    begun_s = epochs[-1].begun_s
    if begun_s in (-inf, response.epoch_s) or response.blurred_s > begun_s:
        return inf
    former = open_epochs(epochs, response.epoch_s)
    return min([one.current_a for one in former if one.done_s is not None], default=inf)
