"""How much of the measured service current is a charger's own draw."""

from math import inf
from typing import NamedTuple

from .model import EPSILON_A, ChargerInput, ChargerStatus, PhaseVector, ServiceReading


class Draw(NamedTuple):
    """Bounds of what a charger took when the service current was read.

    One value for each of the charger's phases. The bounds meet once the
    reading is *settled*: young enough to show the newest command.
    """

    low_a: PhaseVector
    high_a: PhaseVector
    settled: bool


def estimate_draw(charger: ChargerInput, reading: ServiceReading) -> Draw:
    """Estimate the draw from the best source there is.

    A measurement of the charger comes first; else its status (not charging
    draws nothing); else the command in force when the reading was taken.
    """
    settled_s = charger.command.settled_at(charger.settings.settle_s)
    bounds = [
        _bounds_on(charger, reading, phase, settled_s)
        for phase in charger.settings.phases
    ]
    return Draw(
        low_a=tuple([low_a for low_a, _ in bounds]),
        high_a=tuple([high_a for _, high_a in bounds]),
        settled=all(
            [
                reading.taken_at_s[phase] >= settled_s
                for phase in charger.settings.phases
            ]
        ),
    )


def _bounds_on(
    charger: ChargerInput, reading: ServiceReading, phase: int, settled_s: float
) -> tuple[float, float]:
    taken_s = reading.taken_at_s[phase]
    measured = charger.draw
    if (
        measured is not None
        and taken_s >= settled_s
        and measured.taken_at_s >= settled_s
    ):
        return measured.current_a, measured.current_a

    settle_s = charger.settings.settle_s
    low_a, high_a = charger.command.possible_at(taken_s, settle_s)
    status_settled = taken_s >= charger.status_since_s + settle_s
    match charger.status:
        case ChargerStatus.NOT_CHARGING:
            # One that was paused may still say so when the reading shows it charge.
            begins = low_a == 0 and taken_s < _resumed_s(charger) + settle_s
            low_a = 0.0
            high_a = 0.0 if status_settled and not begins else high_a
        case ChargerStatus.CHARGING if not status_settled:
            low_a = 0.0
        case _ if max(0.0, reading.current_a[phase]) < low_a - EPSILON_A:
            # All of the house together takes less than the command.
            low_a = 0.0
    if measured is not None:
        low_a = min(low_a, measured.current_a)
        if taken_s < settled_s:
            high_a = max(high_a, measured.current_a)
    return low_a, high_a


def _resumed_s(charger: ChargerInput) -> float:
    """When the charger was told to charge, if it is."""
    newest = charger.command.epochs[-1]
    if newest.current_a == 0:
        return -inf
    return newest.begun_s if newest.done_s is None else newest.done_s
