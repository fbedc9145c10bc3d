"""How much of the measured service current is a charger's own draw."""

from typing import NamedTuple

from .model import EPSILON_A, ChargerInput, ChargerStatus, PhaseVector, ServiceReading

NOTHING_A = 1.0
"""Less than this is what a charger itself takes, not a car."""

TOLERANCE_A = 0.5
TOLERANCE = 0.15
"""A car may take a little less than it may, at a voltage that EN 50160 lets vary by 10 %."""


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
        _bounds_on(charger, reading, index, phase, settled_s)
        for index, phase in enumerate(charger.settings.phases)
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
    charger: ChargerInput,
    reading: ServiceReading,
    index: int,
    phase: int,
    settled_s: float,
) -> tuple[float, float]:
    taken_s = reading.taken_at_s[phase]
    measured = charger.draw
    if (
        measured is not None
        and taken_s >= settled_s
        and measured.taken_at_s >= settled_s
    ):
        return measured.low_a[index], measured.high_a[index]

    settle_s = charger.settings.settle_s
    low_a, high_a = charger.command.possible_at(taken_s, settle_s)
    status_settled = taken_s >= charger.status_since_s + settle_s
    match charger.status:
        case ChargerStatus.NOT_CHARGING:
            low_a = 0.0
            high_a = 0.0 if status_settled else high_a
        case ChargerStatus.CHARGING if not status_settled:
            low_a = 0.0
        case _ if max(0.0, reading.current_a[phase]) < low_a - EPSILON_A:
            # All of the house together takes less than the command.
            low_a = 0.0
    if measured is not None:
        low_a = min(low_a, measured.low_a[index])
        if taken_s < settled_s:
            high_a = max(high_a, measured.high_a[index])
    return low_a, high_a


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
