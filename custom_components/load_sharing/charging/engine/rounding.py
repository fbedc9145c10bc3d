"""Chargers that round the current they are sent, by what their numbers then show.

A number of a charger may take every ampere, and show a neighbouring one: the charger
only knows some currents, or has a minimum of its own. A KEBA, for example, makes 8 A of
7 A and 16 A of 15 A (dannerph/homeassistant-keba#43). The currents in between lead to
the same one, so they are not used for a while.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from .command import CommandState
from .hand import ECHO_S, SAME_WITHIN_A, Author, Shown
from .model import EPSILON_A, ControlRange

NEAR_A = 2.0
"""A current that differs from the one sent by more than this is no rounding."""

NEAR_LATER_A = 1.0
"""The same of a number that first shows what was sent, and another current at a poll."""

POLLED_WITHIN_S = 90.0
"""A poll shows within this time what a charger made of a command."""

TRUSTED_S = 3600.0
"""A current that led to another one is tried again after this time."""


class Rounding(NamedTuple):
    """A charger made ``shown_a`` of ``sent_a``; this is relied on until ``until_s``."""

    sent_a: float
    shown_a: float
    until_s: float

    def skips(self, current_a: float) -> bool:
        """Return whether a current leads to ``shown_a`` as well, without being it."""
        if self.shown_a < self.sent_a:
            return self.shown_a + EPSILON_A < current_a <= self.sent_a + EPSILON_A
        return self.sent_a - EPSILON_A <= current_a < self.shown_a - EPSILON_A


def rounding_shown(
    command: CommandState, shown: Shown, now_s: float
) -> Rounding | None:
    """Return how a charger rounded its last command; None if it shows no rounding.

    The number has to have moved to the current it shows because of the command. One
    that stays below it counts once the charger has failed to obey several times: a
    charger that is at 12 A and rounds 13 A down does not move.
    """
    sent_a = command.desired_a
    if not sent_a or not shown.current_a or shown.author is Author.OTHER:
        return None
    away_a = abs(shown.current_a - sent_a)
    if not command.accepted or not SAME_WITHIN_A < away_a <= NEAR_A + EPSILON_A:
        return None
    stays = shown.current_a < sent_a and command.has_problem
    if not stays and not _moved_to(command, shown, away_a, now_s):
        return None
    return Rounding(sent_a, shown.current_a, now_s + TRUSTED_S)


def _moved_to(command: CommandState, shown: Shown, away_a: float, now_s: float) -> bool:
    """Return whether the number moved to what it shows because of the last command."""
    near_a = NEAR_LATER_A if command.confirmed else NEAR_A
    moved = command.begun_s <= shown.since_s <= command.begun_s + POLLED_WITHIN_S
    if not moved or away_a > near_a + EPSILON_A:
        return False
    return not any(
        abs(shown.current_a - former.current_a) <= SAME_WITHIN_A
        and now_s < following.begun_s + ECHO_S
        for former, following in pairwise(command.epochs)
    )


def still_trusted(
    roundings: Iterable[Rounding], shown_a: float | None, now_s: float
) -> tuple[Rounding, ...]:
    """Return the roundings that are recent and that the shown current does not refute."""
    return tuple(
        rounding
        for rounding in roundings
        if now_s < rounding.until_s
        and not (shown_a is not None and rounding.skips(shown_a))
    )


def without_skipped(
    control: ControlRange, roundings: tuple[Rounding, ...], most_a: float
) -> ControlRange:
    """Return a control's range without the currents that lead to others.

    ``most_a`` bounds the currents of a control without a maximum.
    """
    if not roundings:
        return control
    steps = int(min(control.most_a, most_a) / control.step_a + EPSILON_A)
    levels_a = [round(step * control.step_a, 6) for step in range(1, steps + 1)]
    kept_a = tuple(
        level_a
        for level_a in levels_a
        if not any(rounding.skips(level_a) for rounding in roundings)
    )
    return control._replace(levels_a=kept_a) if kept_a else control
