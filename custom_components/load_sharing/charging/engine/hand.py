"""Changes by hand at a charger's controls: the current becomes a ceiling for a while.

Controls that show another current than the wanted one may have been set by a person or
by another automation. But the charger may also have refused a command, or show an older
one late. And chargers end sessions by themselves, so a pause counts as set by hand only
if its context names a person or an automation.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import inf, isfinite

from .command import CommandState
from .model import ChargerSettings, ChargerStatus, Limit

SESSION_ENDS_S = 60.0
"""A car that has not charged for this long is full, or gone."""
SAME_WITHIN_A = 0.05
ECHO_S = 120.0
"""This long after a command, a charger may still show the current it had before."""


class Author(StrEnum):
    """The origin of what a charger's controls show, by its context."""

    US = "us"
    """A command of ours."""
    OTHER = "somebody"
    """A person or another automation."""
    CHARGER = "charger"
    """Unknown to Home Assistant: the charger itself, its app or its knob."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The current that a charger's controls show since ``since_s``.

    It is inf if the switch was turned on. ``back_s`` is when the controls were last
    unavailable and returned. ``is_first``: the charger had reported nothing since the
    start, so what it showed before may have been restored.
    """

    current_a: float
    author: Author
    since_s: float
    back_s: float = -inf
    is_first: bool = False


def current_set_by_hand(
    command: CommandState,
    shown: Shown,
    settings: ChargerSettings,
    status: ChargerStatus = ChargerStatus.NOT_CONFIGURED,
) -> float | None:
    """Return the current in A that was set by hand; None if none was."""
    wanted_a = command.desired_a
    if wanted_a is None or command.in_flight_a is not None:
        return None
    if abs(shown.current_a - wanted_a) <= SAME_WITHIN_A:
        return None
    match shown.author:
        case Author.US:
            return None
        case Author.OTHER:
            return shown.current_a if shown.since_s > command.begun_s else None
        case Author.CHARGER:
            if status is ChargerStatus.NOT_CHARGING:
                return None
            own_doing = _is_own_doing(command, shown, settings)
            return None if own_doing else shown.current_a


def _is_own_doing(
    command: CommandState, shown: Shown, settings: ChargerSettings
) -> bool:
    """Return whether a charger may show another current without anyone setting it.

    It may have ended a session, forgotten its current while it was unavailable, refused
    a command, show an older one late, or show the truth for the first time. It may also
    have gone down to the most that it takes at present.
    """
    if shown.is_first:
        return True
    if not isfinite(shown.current_a) or shown.current_a < settings.min_a:
        return True
    if _shows_its_most(shown, settings):
        return True
    done_s = max(command.begun_s, command.epochs[-1].done_s or 0.0, shown.back_s)
    if not command.confirmed or shown.since_s < done_s + settings.settle_s:
        return True
    return any(
        abs(former.current_a - shown.current_a) <= SAME_WITHIN_A
        and shown.since_s < following.begun_s + ECHO_S
        for former, following in pairwise(command.epochs)
    )


def _shows_its_most(shown: Shown, settings: ChargerSettings) -> bool:
    """Return whether a charger shows the most that its control takes."""
    return any(
        limit is Limit.CHARGER_MAXIMUM
        and abs(ceiling_a - shown.current_a) <= SAME_WITHIN_A
        for limit, ceiling_a in settings.ceilings
    )


def is_session_over(
    command: CommandState,
    status: ChargerStatus,
    status_since_s: float,
    set_s: float,
    now_s: float,
) -> bool:
    """Return whether the car for which a current was set by hand is full, or gone.

    It is once it stopped charging after that, and for a while has not taken the
    current that it is offered. ``set_s`` is when the current was set.
    """
    if status is not ChargerStatus.NOT_CHARGING or status_since_s <= set_s:
        return False
    offered = bool(command.desired_a) and command.confirmed
    since_s = max(status_since_s, command.epochs[-1].done_s or 0.0)
    return offered and now_s >= since_s + SESSION_ENDS_S


def ceiling_after_change(
    ceiling_a: float | None, set_a: float, wanted_a: float, max_a: float
) -> float | None:
    """Return the ceiling to respect once a current was set by hand; None for none.

    A choice below the wanted current sets a ceiling. An existing ceiling moves to the
    choice, or is lifted by one of the charger's maximum or more.
    """
    if ceiling_a is None:
        return set_a if set_a < wanted_a else None
    return set_a if set_a < max_a else None
