"""How much of the measured service current is a charger's own draw."""

from math import inf
from typing import NamedTuple

from .measurement import SILENT_S, TOLERANCE, TOLERANCE_A, between
from .model import EPSILON_A, ChargerInput, ChargerStatus, PhaseVector, ServiceReading

MORE_A = 1.0
MORE = 0.1
"""A power is converted with the nominal voltage, and EN 50160 allows 10 % more."""


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
    landed = _has_landed(charger, settled_s, now_s)
    phases = charger.settings.phases
    times_s = [reading.taken_at_s[phase] for phase in phases]
    taken_s = min(times_s)
    measured = [
        between(charger.draw, index, at_s, now_s) if charger.draw else None
        for index, at_s in enumerate(times_s)
    ]
    bounds = [
        _bounds_on(charger, measured[index], reading, index, at_s, settled_s, landed)
        for index, at_s in enumerate(times_s)
    ]
    low_a = tuple([low_a for low_a, _ in bounds])
    high_a = tuple([high_a for _, high_a in bounds])
    if taken_s >= settled_s:
        return Draw(low_a, high_a, settled=True, taken_at_s=taken_s)
    counts_at_s = _counts_at(charger, taken_s, settled_s)
    if now_s >= counts_at_s:
        shown = [
            _bounds_on(
                charger, measured[index], reading, index, settled_s, settled_s, landed
            )
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
    measured: tuple[float, float] | None,
    reading: ServiceReading,
    index: int,
    taken_s: float,
    settled_s: float,
    landed: bool,
) -> tuple[float, float]:
    measured_s = charger.draw.taken_at_s if charger.draw else -inf
    if measured is not None and taken_s >= settled_s and measured_s >= settled_s:
        return measured

    low_a, high_a = _told_on(charger, reading, index, taken_s, landed)
    if measured is not None:
        low_a = min(low_a, measured[0])
        if taken_s < settled_s:
            high_a = max(high_a, measured[1])
        if measured_s >= charger.command.epochs[-1].begun_s and (
            _was_steady(charger, taken_s)
            or _felt_nothing(charger, measured[1], min(taken_s, measured_s))
        ):
            # Else it proves nothing, for the sensor may have frozen.
            high_a = measured[1]
    return low_a, high_a


def _has_landed(charger: ChargerInput, settled_s: float, now_s: float) -> bool:
    """Whether it follows the newest command by now, as far as anybody can tell."""
    command = charger.command
    return now_s >= settled_s and (command.confirmed or command.desired_a is None)


def _told_on(
    charger: ChargerInput,
    reading: ServiceReading,
    index: int,
    taken_s: float,
    landed: bool,
) -> tuple[float, float]:
    """Bounds by what the charger was told, and by what it says that it does."""
    settle_s = charger.settings.settle_s
    low_a, high_a = charger.command.possible_at(taken_s, settle_s)
    # A reading that is no younger than the command cannot show it. And who may still
    # be held to the former one was not seen to take that.
    is_younger = taken_s > charger.command.epochs[-1].begun_s
    if is_younger and landed:
        shown_a = low_a
    else:
        shown_a = charger.command.former_at(taken_s, settle_s)
    status_settled = taken_s >= charger.status_since_s + settle_s
    flow_a = reading.current_a[charger.settings.phases[index]]
    match charger.status:
        case ChargerStatus.NOT_CHARGING:
            # One that was paused may still say so when the reading shows it charge.
            begins = low_a == 0 and taken_s < _resumed_s(charger) + settle_s
            return 0.0, 0.0 if status_settled and not begins else high_a
        case ChargerStatus.CHARGING if not status_settled:
            return 0.0, high_a
        case ChargerStatus.UNKNOWN:
            # It may as well have stopped, and may begin again at any time.
            return 0.0, high_a
        case _ if max(0.0, flow_a) < shown_a - EPSILON_A:
            # All of the house together takes less than the command.
            return 0.0, high_a
    return low_a, high_a


def _was_steady(charger: ChargerInput, taken_s: float) -> bool:
    """Whether the same was measured from before the meter was read until after that.

    And after the last command, which the car may follow within the same second.
    """
    drawn, newest_s = charger.draw, charger.command.epochs[-1].begun_s
    if drawn is None or not drawn.earlier:
        return False
    return drawn.earlier[0].until_s < taken_s < drawn.taken_at_s > newest_s


def _felt_nothing(charger: ChargerInput, drawn_a: float, from_s: float) -> bool:
    """Whether all readings since then show what commands the car could feel.

    One that takes 6 A of 10 takes 6 A of 12 A, too.
    """
    needs_a = drawn_a * (1 + TOLERANCE) + TOLERANCE_A
    return from_s >= charger.command.felt_at(needs_a, charger.settings.settle_s)


def has_answered(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Whether the meter had time to show the newest command, or fell silent.

    Not if another current is wanted by now, and about to be sent.
    """
    command = charger.command
    silent_s = command.epochs[-1].begun_s + charger.settings.settle_s + SILENT_S
    return not command.is_behind(now_s) and (draw.settled or now_s >= silent_s)


def most_drawn(told_a: float) -> float:
    """Most that may be measured of a charger that obeys, per phase."""
    return told_a * (1 + MORE) + MORE_A


def _resumed_s(charger: ChargerInput) -> float:
    """When the charger was told to charge, if it is."""
    newest = charger.command.epochs[-1]
    if newest.current_a == 0:
        return -inf
    return newest.begun_s if newest.done_s is None else newest.done_s
