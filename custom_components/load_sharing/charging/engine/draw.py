"""Estimates how much of the measured service current is a charger's own draw."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from .epochs import open_epochs
from .latency import LATER, has_shown, least_if_still, still_to_come
from .lateness import expected_by_s, shown_in_draw_s, unshown
from .measurement import SILENT_S, TOLERANCE, TOLERANCE_A, draw_since
from .model import (
    EPSILON_A,
    ChargerInput,
    ChargerStatus,
    DrawReading,
    PhaseVector,
    ServiceReading,
)

OBEY_TOLERANCE_A = 1.0
OBEY_TOLERANCE = 0.1
"""A power is converted with the nominal voltage, and EN 50160 allows 10 % more."""

LITTLE_LESS_A = 0.5
LITTLE_LESS = 0.05
"""Cars take a little less than they may. More than this is another load."""

LONGEST_RAMP_S = 30.0
"""A car that ramps by 0.5 A/s takes about this long for half of a usual range."""

MOVES_ON_S = 0.5
"""A meter that moved is read once more before a car counts as having arrived."""


class Draw(NamedTuple):
    """Bounds of what a charger took when the service current was read, in A.

    There is one value for each of the charger's phases. The bounds meet once the
    reading is ``settled``: young enough to show the newest command. They stay open where
    the meter proves that the command was not followed, or not all of it is measured.

    From ``final_at_s`` on, the reading is final: at once if it is settled, never if it
    is older than the command, and otherwise once the meter has been silent for a while.
    A reduction then assumes that the reading shows the command, and an increase assumes
    that it does not. ``taken_at_s`` is the time of the reading.
    """

    low_a: PhaseVector
    high_a: PhaseVector
    settled: bool
    final_at_s: float = -inf
    taken_at_s: float = -inf


type ChargerDraws = Sequence[tuple[ChargerInput, Draw]]
"""The site's chargers, in its order, each with its estimated draw."""


def estimate_draw(
    charger: ChargerInput,
    reading: ServiceReading,
    now_s: float,
    flows_a: PhaseVector | None = None,
) -> Draw:
    """Estimate the draw at the time of the reading from the best source there is.

    The charger's own measurement comes first, then its status (not charging draws
    nothing), then the command in force when the reading was taken. ``flows_a`` is the
    most that can have flowed through it on each phase, if not all of the reading. What
    sensors that trail the meter do not show yet only ever widens the bounds.
    """
    draw = _estimate(charger, reading, now_s, flows_a)
    hidden = unshown(charger, draw.taken_at_s, now_s)
    if hidden is None:
        return draw
    return Draw(
        tuple([min(low_a, hidden.least_a) for low_a in draw.low_a]),
        tuple([max(high_a, hidden.most_a) for high_a in draw.high_a]),
        settled=False,
        final_at_s=max(draw.final_at_s, hidden.until_s),
        taken_at_s=draw.taken_at_s,
    )


def _estimate(
    charger: ChargerInput,
    reading: ServiceReading,
    now_s: float,
    flows_a: PhaseVector | None,
) -> Draw:
    """Estimate the draw as far as what is measured of it is the draw."""
    drawn = charger.draw
    times_s = [reading.taken_at_s[phase] for phase in charger.settings.phases]
    taken_s = min(times_s)
    clock_s = followed_by_s(charger)
    settled_s = _shows_from(charger)
    flows_a = reading.current_a if flows_a is None else flows_a
    measured = []
    if drawn is not None:
        measured = [
            draw_since(drawn, index, at_s, now_s) for index, at_s in enumerate(times_s)
        ]
    shows_command = taken_s >= settled_s
    if drawn is not None and shows_command and drawn.taken_at_s >= settled_s:
        bounds = measured
    else:
        bounds = _bounds_at(charger, measured, flows_a, times_s, now_s)
    low_a = tuple([low_a for low_a, _ in bounds])
    high_a = tuple([high_a for _, high_a in bounds])
    if shows_command:
        return Draw(low_a, high_a, settled=True, taken_at_s=taken_s)
    final_at_s = -inf
    if taken_s < clock_s:
        final_at_s = _final_at(charger, taken_s, clock_s)
    if now_s >= final_at_s:
        # Reductions may assume that it shows the newest command. An increase may not.
        if charger.evidence is None:
            assumed_s = [settled_s] * len(times_s)
            bounds = _bounds_at(charger, measured, flows_a, assumed_s, now_s)
        else:
            newest_a = charger.command.epochs[-1].current_a
            bounds = [(low, min(high, newest_a)) for low, high in bounds]
        high_a = tuple(
            [max(low, high) for low, (_, high) in zip(low_a, bounds, strict=True)]
        )
    return Draw(low_a, high_a, settled=False, final_at_s=final_at_s, taken_at_s=taken_s)


def _follows_within_s(charger: ChargerInput) -> float:
    """Return how long a charger takes to follow, as far as known.

    Without a measured draw, that is at least as long as it took before.
    """
    settle_s, response = charger.settings.settle_s, charger.evidence
    if response is None:
        return settle_s
    return max(settle_s, LATER * (response.latency_s or 0.0))


def _most_by_clock(charger: ChargerInput, at_s: float) -> float:
    """Return the greatest command that a reading may show for a reduction, in A.

    An overload must not wait for a step that other loads hide: a command counts as
    followed as long after it as commands took before, unless the meter still moves. It
    does for as long as a car may ramp. What moves it after that are other loads.
    """
    response, settle_s = charger.response, _follows_within_s(charger)
    if response is not None:
        latest_s = charger.command.settled_at(max(settle_s, LONGEST_RAMP_S))
        if at_s < min(response.moved_s + MOVES_ON_S, latest_s):
            return inf
    return charger.command.possible_at(at_s, settle_s)[1]


def followed_by_s(charger: ChargerInput) -> float:
    """Return when a charger has followed its newest command, as far as known.

    Without a measured draw, not while the meter still moves that way.
    """
    settle_s, response = _follows_within_s(charger), charger.evidence
    if response is None:
        return charger.command.settled_at(settle_s)
    latest_s = charger.command.settled_at(max(settle_s, LONGEST_RAMP_S))
    moving_s = min(response.moved_s + MOVES_ON_S, latest_s)
    return max(charger.command.settled_at(settle_s), moving_s)


def _shows_from(charger: ChargerInput) -> float:
    """Return from when on readings show the newest command; inf if none has yet."""
    response = charger.evidence
    if response is None:
        return charger.command.settled_at(charger.settings.settle_s)
    newest = charger.command.epochs[-1]
    if newest.begun_s == -inf:
        return inf if newest.done_s is None else newest.done_s
    if newest.begun_s != response.epoch_s:
        return charger.command.settled_at(response.patience_s)
    clock_s = charger.command.settled_at(charger.settings.settle_s)
    return max(response.shown_s, clock_s)


def possible_commands(charger: ChargerInput, at_s: float) -> tuple[float, float]:
    """Return the least and greatest command that a reading at ``at_s`` may show, in A."""
    response, command = charger.evidence, charger.command
    settle_s = charger.settings.settle_s
    if response is None:
        return command.possible_at(at_s, settle_s)
    if at_s >= _shows_from(charger):
        newest_a = command.epochs[-1].current_a
        return newest_a, newest_a
    shown = at_s >= response.shown_s
    *former, newest = command.epochs
    if former and newest.current_a < former[-1].current_a:
        # A reduction that was shown early may not have been felt in full yet.
        shown = shown and at_s >= command.settled_at(settle_s)
    epochs = open_epochs(
        command.epochs, response.epoch_s if shown else response.former_s
    )
    if at_s >= command.settled_at(settle_s):
        # What a charger may have had at start-up was no command, and no step to see.
        epochs = tuple([e for e in epochs if e.done_s is not None or e.begun_s > -inf])
    currents_a = [epochs[0].current_a]
    currents_a += [epoch.current_a for epoch in epochs[1:] if epoch.begun_s <= at_s]
    return min(currents_a), max(currents_a)


def _final_at(charger: ChargerInput, taken_s: float, settled_s: float) -> float:
    """Return when a reading from within the settle time becomes final."""
    done_s = charger.command.epochs[-1].done_s
    if done_s is None or taken_s <= done_s:
        return inf
    return max(settled_s, taken_s + SILENT_S)


def _bounds_at(
    charger: ChargerInput,
    measured: list[tuple[float, float]],
    flows_a: PhaseVector,
    times_s: list[float],
    now_s: float,
) -> list[tuple[float, float]]:
    """Return the least and greatest draw on each phase at the times of a reading.

    ``measured`` are the bounds by the charger's own sensors, if it has any.
    """
    return [
        _bounds_on(
            charger,
            measured[index] if measured else None,
            flows_a[phase],
            times_s[index],
            now_s,
        )
        for index, phase in enumerate(charger.settings.phases)
    ]


def _bounds_on(
    charger: ChargerInput,
    measured_a: tuple[float, float] | None,
    flow_a: float,
    taken_s: float,
    now_s: float,
) -> tuple[float, float]:
    """Return the bounds on one phase, for a reading of ``flow_a``."""
    drawn = charger.draw
    if drawn is None or measured_a is None:
        return _commanded_on(charger, flow_a, taken_s, now_s)
    settled_s = charger.command.settled_at(charger.settings.settle_s)
    if taken_s >= settled_s and drawn.taken_at_s >= settled_s:
        return measured_a
    low_a, high_a = _commanded_on(charger, flow_a, taken_s, now_s)
    if drawn.low_a == drawn.high_a and _has_moved(charger, drawn, taken_s):
        low_a, high_a = measured_a[0], max(measured_a[0], high_a)
    else:
        low_a = min(low_a, measured_a[0])
    if _proves_no_more(charger, drawn, measured_a[1], taken_s):
        high_a = measured_a[1]
    elif taken_s < settled_s:
        high_a = max(high_a, measured_a[1])
    return low_a, high_a


def _commanded_on(
    charger: ChargerInput, flow_a: float, taken_s: float, now_s: float
) -> tuple[float, float]:
    """Return the bounds on a phase by the charger's commands and its status."""
    command, settle_s = charger.command, charger.settings.settle_s
    low_a, high_a = possible_commands(charger, taken_s)
    if charger.evidence is not None:
        low_a -= still_to_come(charger.evidence, command.epochs[-1], taken_s)
        low_a = min(low_a, least_if_still(charger.evidence, command.epochs))
        high_a = min(high_a, _most_by_clock(charger, taken_s))
    status_settled = taken_s >= charger.status_since_s + settle_s
    match charger.status:
        case ChargerStatus.NOT_CHARGING:
            # A charger that was paused may still say so when it charges again.
            resumes = low_a == 0 and taken_s < _resumed_s(charger) + settle_s
            return 0.0, 0.0 if status_settled and not resumes else high_a
        case ChargerStatus.CHARGING if not status_settled:
            return 0.0, high_a
        case ChargerStatus.UNKNOWN:
            # It may have stopped, and may begin again at any time.
            return 0.0, high_a
    if charger.evidence is not None:
        expected_a = low_a
        if now_s < followed_by_s(charger) or not command.confirmed:
            expected_a = max(low_a, _greatest_former(charger, taken_s))
        if taken_s >= followed_by_s(charger):
            # It may have followed although no step was seen: its car takes less.
            expected_a = max(expected_a, command.epochs[-1].current_a)
    # A reading from before the command cannot show it, and until the charger is seen
    # to obey, it may still be held to the former one.
    elif taken_s > command.epochs[-1].begun_s and _has_landed(charger, now_s):
        expected_a = low_a
    else:
        expected_a = command.greatest_former_at(taken_s, settle_s)
    flow_a = max(0.0, flow_a)
    if flow_a >= expected_a - EPSILON_A:
        return low_a, high_a
    # The whole house takes less than the charger may: so does the charger. All of it may
    # be a car that was seen to follow, and takes a little less.
    follows = expected_a == low_a and has_shown(charger.response, command.epochs[-1])
    follows = follows and flow_a >= low_a - max(LITTLE_LESS_A, LITTLE_LESS * low_a)
    return flow_a if follows else 0.0, high_a


def _greatest_former(charger: ChargerInput, at_s: float) -> float:
    """Return the greatest command that a reading may show beside the newest, in A."""
    response, epochs = charger.response, charger.command.epochs
    if response is None or at_s >= _shows_from(charger):
        return 0.0
    former = open_epochs(epochs, response.epoch_s)[:-1]
    return max([epoch.current_a for epoch in former], default=0.0)


def _has_landed(charger: ChargerInput, now_s: float) -> bool:
    """Return whether the charger is known to follow the newest command by now."""
    command = charger.command
    if now_s < command.settled_at(charger.settings.settle_s):
        return False
    return command.confirmed or command.desired_a is None


def _resumed_s(charger: ChargerInput) -> float:
    """Return when the charger was commanded to charge; -inf if it is paused."""
    newest = charger.command.epochs[-1]
    if newest.current_a == 0:
        return -inf
    return newest.begun_s if newest.done_s is None else newest.done_s


def _proves_no_more(
    charger: ChargerInput, drawn: DrawReading, drawn_a: float, taken_s: float
) -> bool:
    """Return whether the charger cannot have taken more than it was measured to take.

    A measurement from before the newest command proves nothing, as the sensor may have
    frozen.
    """
    command = charger.command
    if drawn.taken_at_s < command.epochs[-1].begun_s:
        return False
    if _was_steady(charger, drawn, taken_s):
        return True
    # A car that takes 6 A of 10 A does not feel a command of 12 A.
    needs_a = drawn_a * (1 + TOLERANCE) + TOLERANCE_A
    felt_s = command.followed_at(needs_a, charger.settings.settle_s)
    return min(taken_s, drawn.taken_at_s) >= felt_s


def _has_moved(charger: ChargerInput, drawn: DrawReading, taken_s: float) -> bool:
    """Return whether the draw was seen to change with the newest command.

    The meter has to have reported since, too. Then what was measured is the draw, and
    no former command needs to be allowed for.
    """
    begun_s = charger.command.epochs[-1].begun_s
    return bool(drawn.earlier) and begun_s < min(drawn.earlier[0].until_s, taken_s)


def _was_steady(charger: ChargerInput, drawn: DrawReading, taken_s: float) -> bool:
    """Return whether the draw stayed the same from before the reading until after it.

    The last measurement has to be younger than the last command, too: a car may follow
    within the same second.
    """
    if not drawn.earlier:
        return False
    newest_s = charger.command.epochs[-1].begun_s
    return drawn.earlier[0].until_s < taken_s < drawn.taken_at_s > newest_s


def meter_has_responded(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Return whether the meter shows the newest command, or had the time to.

    It has not while another current is wanted and about to be sent, while a measured draw
    is expected to show the command, or as long as the reading is from before it did.
    """
    if charger.command.has_unsent(now_s) or now_s < expected_by_s(charger):
        return False
    late_s = followed_by_s(charger)
    begun_s = charger.command.epochs[-1].begun_s
    silent_s = begun_s + charger.settings.settle_s + SILENT_S
    if late_s < inf:
        silent_s = max(silent_s, late_s)
    shows = draw.settled or draw.taken_at_s >= late_s
    return now_s >= silent_s or (shows and draw.taken_at_s >= shown_in_draw_s(charger))


def most_if_obeying(commanded_a: float) -> float:
    """Return the most that may be measured per phase of a charger that obeys, in A."""
    return commanded_a * (1 + OBEY_TOLERANCE) + OBEY_TOLERANCE_A
