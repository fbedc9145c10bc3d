"""How much of the measured service current is a charger's own draw."""

from math import inf
from typing import NamedTuple

from .model import (
    EPSILON_A,
    ChargerInput,
    ChargerStatus,
    DrawReading,
    PhaseVector,
    ServiceReading,
)

NOTHING_A = 1.0
"""Less than this is what a charger itself takes, not a car."""

TOLERANCE_A = 0.5
TOLERANCE = 0.15
"""A car may take a little less than it may, at a voltage that EN 50160 lets vary by 10 %."""

MORE_A = 1.0
MORE = 0.1
"""A power is converted with the nominal voltage, and EN 50160 allows 10 % more."""

SILENT_S = 15.0
"""A meter that reports at intervals would have reported again within this."""


class Draw(NamedTuple):
    """Bounds of what a charger took when the service current was read.

    One value for each of the charger's phases. The bounds meet once the
    reading is *settled*: young enough to show the newest command. From
    ``counts_at_s`` on, it is the last word: at once if it is settled, never if it is
    older than the command, and if it is between the two, when the meter has been
    silent for a while. Whoever is lowered then is judged as if it showed the
    command, and whoever is raised as if it did not. ``taken_at_s`` is the reading's.
    """

    low_a: PhaseVector
    high_a: PhaseVector
    settled: bool
    counts_at_s: float = -inf
    taken_at_s: float = -inf


def estimate_draw(charger: ChargerInput, reading: ServiceReading, now_s: float) -> Draw:
    """Estimate the draw from the best source there is.

    A measurement of the charger comes first; else its status (not charging
    draws nothing); else the command in force when the reading was taken.
    """
    settled_s = charger.command.settled_at(charger.settings.settle_s)
    phases = charger.settings.phases
    bounds = [
        _bounds_on(charger, reading, index, reading.taken_at_s[phase], settled_s)
        for index, phase in enumerate(phases)
    ]
    low_a = tuple([low_a for low_a, _ in bounds])
    high_a = tuple([high_a for _, high_a in bounds])
    taken_s = min([reading.taken_at_s[phase] for phase in phases])
    if taken_s >= settled_s:
        return Draw(low_a, high_a, settled=True, taken_at_s=taken_s)
    counts_at_s = _counts_at(charger, taken_s, settled_s)
    if now_s >= counts_at_s:
        shown = [
            _bounds_on(charger, reading, index, settled_s, settled_s)
            for index in range(len(phases))
        ]
        high_a = tuple(
            [max(low, high) for low, (_, high) in zip(low_a, shown, strict=True)]
        )
    return Draw(
        low_a, high_a, settled=False, counts_at_s=counts_at_s, taken_at_s=taken_s
    )


def _counts_at(charger: ChargerInput, taken_s: float, settled_s: float) -> float:
    """When a reading from before the settle time was over may be taken for the last word."""
    done_s = charger.command.epochs[-1].done_s
    if done_s is None or taken_s <= done_s:
        return inf
    return max(settled_s, taken_s + SILENT_S)


def _bounds_on(
    charger: ChargerInput,
    reading: ServiceReading,
    index: int,
    taken_s: float,
    settled_s: float,
) -> tuple[float, float]:
    phase = charger.settings.phases[index]
    measured = charger.draw
    if (
        measured is not None
        and taken_s >= settled_s
        and measured.taken_at_s >= settled_s
    ):
        return measured.low_a[index], measured.high_a[index]

    settle_s = charger.settings.settle_s
    low_a, high_a = charger.command.possible_at(taken_s, settle_s)
    # A reading that is no younger than the command cannot show it.
    is_younger = taken_s > charger.command.epochs[-1].begun_s
    shown_a = low_a if is_younger else high_a
    status_settled = taken_s >= charger.status_since_s + settle_s
    match charger.status:
        case ChargerStatus.NOT_CHARGING:
            # One that was paused may still say so when the reading shows it charge.
            begins = low_a == 0 and taken_s < _resumed_s(charger) + settle_s
            low_a = 0.0
            high_a = 0.0 if status_settled and not begins else high_a
        case ChargerStatus.CHARGING if not status_settled:
            low_a = 0.0
        case ChargerStatus.UNKNOWN:
            # It may as well have stopped, and may begin again at any time.
            low_a = 0.0
        case _ if max(0.0, reading.current_a[phase]) < shown_a - EPSILON_A:
            # All of the house together takes less than the command.
            low_a = 0.0
    if measured is not None:
        low_a = min(low_a, measured.low_a[index])
        if taken_s < settled_s:
            high_a = max(high_a, measured.high_a[index])
        if _felt_nothing(charger, measured, index, taken_s):
            high_a = measured.high_a[index]
    return low_a, high_a


def _felt_nothing(
    charger: ChargerInput, measured: DrawReading, index: int, taken_s: float
) -> bool:
    """Whether both readings show all of the commands that the car could feel.

    One that takes 6 A of 10 takes 6 A of 12 A, too. What was measured before the last
    command proves nothing, for the sensor may have frozen.
    """
    needs_a = measured.high_a[index] * (1 + TOLERANCE) + TOLERANCE_A
    felt_s = charger.command.felt_at(needs_a, charger.settings.settle_s)
    newest_s = charger.command.epochs[-1].begun_s
    return taken_s >= felt_s and measured.taken_at_s >= max(felt_s, newest_s)


def has_answered(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Whether the meter had time to show the newest command, or fell silent."""
    begun_s = charger.command.epochs[-1].begun_s
    return draw.settled or now_s >= begun_s + charger.settings.settle_s + SILENT_S


def most_drawn(told_a: float) -> float:
    """Most that may be measured of a charger that obeys, per phase."""
    return told_a * (1 + MORE) + MORE_A


def _resumed_s(charger: ChargerInput) -> float:
    """When the charger was told to charge, if it is."""
    newest = charger.command.epochs[-1]
    if newest.current_a == 0:
        return -inf
    return newest.begun_s if newest.done_s is None else newest.done_s


def spread(
    total_a: float, told_a: tuple[float, float], phases: int, used: int
) -> tuple[PhaseVector, PhaseVector, int]:
    """Bounds by phase of a draw of which only the sum of all phases is known.

    A car uses one, two or all of the phases, the first ones, alike, and on none of
    them more than it was told. A sum that is about one, two or three times what it
    was told leaves no doubt; else every number of phases counts that is possible.

    ``told_a``: the least and the most it may have been told when that was measured.
    ``used`` is how many phases the car was seen to need so far, 1 for none. The
    third of what is returned is that number now; it is 1 again once nothing flows.
    """
    if total_a < NOTHING_A:
        used = 1
    numbers = range(1, phases + 1)
    least_a, most_a = told_a
    bound_a = most_a * (1 + TOLERANCE) + TOLERANCE_A
    used = max(used, min([n for n in numbers if total_a <= n * bound_a] or [phases]))
    possible = [n for n in numbers if n >= used]
    times = round(total_a / most_a) if least_a == most_a > 0 else 0
    if times in possible and abs(total_a / times - most_a) <= TOLERANCE * most_a:
        possible = [times]
    on_phase = [
        [total_a / n if index < n else 0.0 for n in possible] for index in range(phases)
    ]
    low_a = tuple([min(values) for values in on_phase])
    return low_a, tuple([max(values) for values in on_phase]), used
