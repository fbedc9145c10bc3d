"""Somebody else at a charger's controls: what they set is a ceiling for a while.

A current that is not the wanted one may be a person's choice, or that of another
automation. It may as well be a charger that refuses a command, or the late echo of
an older one. And a charger ends sessions by itself: only of one whose context tells
so is a pause somebody's choice.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf, isfinite

from .command import CommandState
from .model import ChargerSettings, ChargerStatus

SESSION_ENDS_S = 60.0
SAME_WITHIN_A = 0.05
ECHO_S = 120.0
"""A charger may show a current it had this long ago again, before the newest."""


class Author(StrEnum):
    """On whose behalf a charger's controls show what they show."""

    US = "us"
    SOMEBODY = "somebody"
    """A person, or another automation."""
    CHARGER = "charger"
    """Nobody that Home Assistant knows of: the charger itself, its app, its knob."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a charger's controls show since a moment. inf: its switch was turned on.

    ``back_s`` is when they came back last from being away.
    """

    current_a: float
    author: Author
    since_s: float
    back_s: float = -inf


def chosen(
    command: CommandState,
    shown: Shown,
    settings: ChargerSettings,
    status: ChargerStatus = ChargerStatus.NOT_CONFIGURED,
) -> float | None:
    """Tell the current that somebody else chose; None if nobody did."""
    wanted_a = command.desired_a
    if wanted_a is None or command.in_flight_a is not None:
        return None
    if abs(shown.current_a - wanted_a) <= SAME_WITHIN_A:
        return None
    match shown.author:
        case Author.US:
            return None
        case Author.SOMEBODY:
            return shown.current_a if shown.since_s > command.begun_s else None
        case Author.CHARGER:
            if status is ChargerStatus.NOT_CHARGING:
                return None
            by_itself = _is_by_itself(command, shown, settings)
            return None if by_itself else shown.current_a


def _is_by_itself(
    command: CommandState, shown: Shown, settings: ChargerSettings
) -> bool:
    """Whether a charger may show another current with nobody's doing.

    It ended a session, it forgot its current while it was away, it refused a
    command, or it tells late of an older one.
    """
    if not isfinite(shown.current_a) or shown.current_a < settings.min_a:
        return True
    done_s = max(command.begun_s, command.epochs[-1].done_s or 0.0, shown.back_s)
    if not command.confirmed or shown.since_s < done_s + settings.settle_s:
        return True
    return any(
        abs(old.current_a - shown.current_a) <= SAME_WITHIN_A
        and shown.since_s < new.begun_s + ECHO_S
        for old, new in zip(command.epochs, command.epochs[1:], strict=False)
    )


def is_session_over(
    command: CommandState,
    status: ChargerStatus,
    status_since_s: float,
    chosen_s: float,
    now_s: float,
) -> bool:
    """Whether the car that somebody chose a current for is full, or gone.

    Since that choice, it stopped to take what it is offered, for a while.
    """
    if status is not ChargerStatus.NOT_CHARGING or status_since_s <= chosen_s:
        return False
    offered = bool(command.desired_a) and command.confirmed
    since_s = max(status_since_s, command.epochs[-1].done_s or 0.0)
    return offered and now_s >= since_s + SESSION_ENDS_S


def ceiling_after(
    ceiling_a: float | None, chosen_a: float, wanted_a: float, max_a: float
) -> float | None:
    """What to respect from now on, once somebody chose a current; None: nothing.

    More than is wanted lifts a ceiling that is there, and makes none.
    """
    if ceiling_a is None:
        return chosen_a if chosen_a < wanted_a else None
    return chosen_a if chosen_a < max_a else None
