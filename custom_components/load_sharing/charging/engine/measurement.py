"""Interprets what a charger's own sensors measure: on which phases, and since when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .mains import Mains
from .model import (
    NOTHING_A,
    ChargerInput,
    DrawReading,
    Earlier,
    PhaseVector,
    ServiceReading,
)

TOLERANCE_A = 0.5
TOLERANCE = 0.15
"""A car may take a little less than it may; EN 50160 lets the voltage vary by 10 %."""

FELL = 0.8
"""A draw that falls below this fraction of itself at once does not taper off."""

SAME_A = 0.5
"""A draw that varies by no more than this has not changed."""

SILENT_S = 15.0
"""A meter that reports at intervals would have reported again within this time."""

EARLIER_KEPT = 8

LOADS_WITH_NEUTRAL: Mapping[int, float] = {1: 1.0, 2: 2.0, 3: 3.0}
"""A load on so many phases takes their sum, where each has a neutral beside it."""


def with_earlier(
    newest: DrawReading, before: DrawReading | None, changed_s: float | None = None
) -> DrawReading:
    """Return the newest measurement together with the different ones shortly before.

    Before the first measurement, or after a gap, the draw may have been nothing.
    ``changed_s`` is when the youngest of the charger's sensors reported. It dates a
    change, while the measurement itself is only as recent as its oldest sensor.
    """
    if changed_s is None:
        changed_s = newest.taken_at_s
    bounds_a = newest.low_a + newest.high_a
    if before is None:
        nothing_a = (0.0,) * len(newest.low_a)
        began = Earlier(changed_s, nothing_a, newest.high_a)
        return replace(newest, steady_a=bounds_a, earlier=(began,))
    steady_a, earlier = before.steady_a, before.earlier
    pairs = zip(bounds_a, steady_a, strict=True)
    if any([abs(now_a - then_a) > SAME_A for now_a, then_a in pairs]):
        recent = [past for past in earlier if past.until_s > changed_s - SILENT_S]
        if len(recent) >= EARLIER_KEPT:
            recent[-2:] = [_merged(*recent[-2:])]
        ended = Earlier(changed_s, before.low_a, before.high_a)
        steady_a, earlier = bounds_a, (ended, *recent)
    return replace(newest, steady_a=steady_a, earlier=earlier)


def _merged(later: Earlier, former: Earlier) -> Earlier:
    """Return one measurement with the bounds of both."""
    return Earlier(
        later.until_s,
        tuple([min(pair) for pair in zip(later.low_a, former.low_a, strict=True)]),
        tuple([max(pair) for pair in zip(later.high_a, former.high_a, strict=True)]),
    )


def draw_since(
    measured: DrawReading, index: int, from_s: float, now_s: float
) -> tuple[float, float]:
    """Return the least and greatest draw on a phase since a meter was read, in A.

    A change is dropped once the meter has been silent for long enough after it: then
    the reading must already have shown it.
    """
    low_a, high_a = measured.low_a[index], measured.high_a[index]
    for until_s, earlier_low_a, earlier_high_a in measured.earlier:
        if until_s <= from_s or now_s >= until_s + SILENT_S:
            break
        low_a = min(low_a, earlier_low_a[index])
        high_a = max(high_a, earlier_high_a[index])
    return low_a, high_a


def only_on(measured: DrawReading, used: tuple[int, ...]) -> DrawReading:
    """Return a measurement of some of a charger's phases, given by index."""

    def of_used(values_a: PhaseVector) -> PhaseVector:
        return tuple([values_a[index] for index in used])

    return replace(
        measured,
        low_a=of_used(measured.low_a),
        high_a=of_used(measured.high_a),
        earlier=tuple(
            [
                Earlier(past.until_s, of_used(past.low_a), of_used(past.high_a))
                for past in measured.earlier
            ]
        ),
    )


def change_settles_at(measured: DrawReading) -> float:
    """Return when every reading of the meter is taken to show the last change."""
    return measured.earlier[0].until_s + SILENT_S if measured.earlier else -inf


def likely_draw(measured: DrawReading, commanded_a: float) -> float:
    """Return the likely draw on the fullest phase, in A.

    That is the upper bound if it is about the commanded current, else the lower one.
    """
    low_a, high_a = max(measured.low_a), max(measured.high_a)
    return high_a if abs(high_a - commanded_a) <= TOLERANCE * commanded_a else low_a


def without_draws(
    reading: ServiceReading,
    chargers: Iterable[ChargerInput],
    total: Mains | None = None,
) -> PhaseVector:
    """Return what a meter shows without what some chargers were measured to draw.

    Where it measures the ``total`` of all phases, each shows an equal share of a draw.
    """
    shown_a = list(reading.current_a)
    for charger in chargers:
        for phase, current_a in drawn_on_phases(charger, len(shown_a), total):
            shown_a[phase] -= current_a
    return tuple(shown_a)


def drawn_on_phases(
    charger: ChargerInput, width: int, total: Mains | None
) -> list[tuple[int, float]]:
    """Return what a charger was measured to draw, in A, by phase of a meter.

    It is empty if the charger is not measured. A meter of ``width`` phases that measures
    their ``total`` shows an equal share on each.
    """
    if charger.draw is None:
        return []
    high_a = charger.draw.high_a
    if total is not None:
        return [(phase, total.sum_of(high_a) / width) for phase in range(width)]
    return list(zip(charger.settings.phases, high_a, strict=False))


class PhasesUsed(NamedTuple):
    """How many of its charger's phases a car charges on, as its total power shows.

    At least ``at_least``, and exactly ``certain`` unless that is 0. When the
    power was last found to be a multiple of the command, it was ``multiple`` times
    ``commanded_a``, and ``total_a`` in all.
    """

    at_least: int = 1
    certain: int = 0
    multiple: int = 0
    commanded_a: float = 0.0
    total_a: float = 0.0


def spread_over_phases(
    total_a: float,
    commanded_a: tuple[float, float],
    phases: int,
    known: PhasesUsed,
    loads: Mapping[int, float] = LOADS_WITH_NEUTRAL,
    last_a: float = 0.0,
    late_a: Sequence[float] = (),
) -> tuple[PhaseVector, PhaseVector, PhasesUsed]:
    """Return the least and greatest draw by phase, where only their sum is measured.

    The third value is what is now known of the phases; that is reset when the draw
    stops. ``commanded_a`` is the least and the greatest current that may have been in
    force when the sum was measured. ``loads`` has, for every possible number of phases,
    the sum of a car that takes 1 A from each of them. ``last_a`` is the sum that was
    measured before, and ``late_a`` are all commands that a slow charger may still follow.

    A car uses the charger's first phase, the first two or all three. It takes the same
    from each, and from none more than it may. If the sum is one, two or three times
    the commanded current, and follows a change of it in the same proportion, the
    number of phases is certain. Until then every possible number counts: 24 A may be
    two phases at the commanded 12 A, or three phases of a car that takes 8 A.
    """
    if total_a < NOTHING_A:
        known = PhasesUsed()
    counts = [count for count in loads if count <= phases]
    least_a, newest_a = commanded_a
    most_a = max([newest_a, *late_a])
    most_measured_a = most_a * (1 + TOLERANCE) + TOLERANCE_A
    enough = [count for count in counts if total_a <= loads[count] * most_measured_a]
    fewest = min(enough or [phases])
    if fewest > known.at_least:
        known = PhasesUsed(fewest)
    if least_a == newest_a > 0:
        possible_loads = {count: loads[count] for count in counts}
        fell = total_a < FELL * last_a
        known = _compare(known, total_a, newest_a, possible_loads, late_a, fell=fell)
    if known.certain:
        possible, ceiling_a = [known.certain], inf
    else:
        possible = [count for count in counts if count >= known.at_least]
        # On fewer than all phases, a little more than commanded is due to the voltage.
        ceiling_a = max(most_a, total_a / loads[phases])
    on_phase = [
        [
            min(total_a / loads[count], ceiling_a) if index < count else 0.0
            for count in possible
        ]
        for index in range(phases)
    ]
    low_a = tuple([min(values_a) for values_a in on_phase])
    high_a = tuple([max(values_a) for values_a in on_phase])
    return low_a, high_a, known


def _compare(
    known: PhasesUsed,
    total_a: float,
    commanded_a: float,
    loads: Mapping[int, float],
    late_a: Sequence[float],
    *,
    fell: bool,
) -> PhasesUsed:
    """Return what is known once a total is compared with the commanded current.

    A multiple alone may be chance. It is certain once a change of the command by an
    ampere or more changed the total by the same multiple. A total that falls suddenly to
    a lower multiple of the same command opens the question again: a car may go to fewer
    phases while it charges. A total that is also a multiple of a former command, which
    the charger may still follow, says nothing: 18 A may be two phases at 9 A, or three
    that are late at 6 A.
    """
    each_a = {count: total_a / load for count, load in loads.items()}
    multiple = min(loads, key=lambda count: abs(each_a[count] - commanded_a))
    if abs(each_a[multiple] - commanded_a) > TOLERANCE * commanded_a:
        return known
    others_a = [one_a for count, one_a in each_a.items() if count != multiple]
    may_be_late = any(
        [abs(one - late) <= TOLERANCE * late for one in others_a for late in late_a]
    )
    fewer = multiple < max(known.at_least, known.certain)
    if fewer and fell and commanded_a == known.commanded_a:
        return PhasesUsed(1, 0, multiple, commanded_a, total_a)
    if multiple < known.at_least or may_be_late:
        return known
    certain, change_a = known.certain, commanded_a - known.commanded_a
    if multiple == known.multiple:
        if abs(change_a) < 1:
            return known
        followed = (total_a - known.total_a) / change_a
        if abs(followed - loads[multiple]) < 0.5:
            certain = multiple
    return PhasesUsed(known.at_least, certain, multiple, commanded_a, total_a)
