"""What a charger's own sensors show: on which phases, and since when."""

from dataclasses import replace
from math import inf
from typing import NamedTuple

from .model import DrawReading, Earlier, PhaseVector

NOTHING_A = 1.0
"""Less than this is what a charger itself takes, not a car."""

TOLERANCE_A = 0.5
TOLERANCE = 0.15
"""A car may take a little less than it may, at a voltage that EN 50160 lets vary by 10 %."""

SAME_A = 0.5
"""A draw that varies by no more than this is the same."""

SILENT_S = 15.0
"""A meter that reports at intervals would have reported again within this."""

EARLIER_KEPT = 8


def remember(
    newest: DrawReading, before: DrawReading | None, changed_s: float | None = None
) -> DrawReading:
    """Keep with a measurement what was measured shortly before, where that was other.

    Before the first one, and while there was none, it may have been nothing.
    ``changed_s`` is when the youngest of its sensors reported: the measurement
    is only as old as the oldest, but a change is as young as that.
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
        recent = [e for e in earlier if e.until_s > changed_s - SILENT_S]
        if len(recent) >= EARLIER_KEPT:
            recent[-2:] = [_either(*recent[-2:])]
        was = Earlier(changed_s, before.low_a, before.high_a)
        steady_a, earlier = bounds_a, (was, *recent)
    return replace(newest, steady_a=steady_a, earlier=earlier)


def _either(later: Earlier, former: Earlier) -> Earlier:
    """Bounds of two as if they were one."""
    return Earlier(
        later.until_s,
        tuple([min(pair) for pair in zip(later.low_a, former.low_a, strict=True)]),
        tuple([max(pair) for pair in zip(later.high_a, former.high_a, strict=True)]),
    )


def between(
    measured: DrawReading, index: int, from_s: float, now_s: float
) -> tuple[float, float]:
    """Least and greatest draw on a phase since a meter was read, as far as that is open.

    A change counts as one from before that once the meter has said nothing to it.
    """
    low_a, high_a = measured.low_a[index], measured.high_a[index]
    for until_s, earlier_low_a, earlier_high_a in measured.earlier:
        if until_s <= from_s or now_s >= until_s + SILENT_S:
            break
        low_a = min(low_a, earlier_low_a[index])
        high_a = max(high_a, earlier_high_a[index])
    return low_a, high_a


def clears_at(measured: DrawReading) -> float:
    """When the last change of a draw is one from before whatever the meter shows."""
    return measured.earlier[0].until_s + SILENT_S if measured.earlier else -inf


def likely_draw(measured: DrawReading, told_a: float) -> float:
    """Draw in A on the fullest phase: about what it was told, if that may be."""
    low_a, high_a = max(measured.low_a), max(measured.high_a)
    return high_a if abs(high_a - told_a) <= TOLERANCE * told_a else low_a


class PhasesUsed(NamedTuple):
    """On how many of its charger's phases a car charges, as far as its power tells.

    At least on ``needed``; on ``sure``, if that is not 0. ``times``: its power was so
    many times ``told_a``, which was ``total_a``.
    """

    needed: int = 1
    sure: int = 0
    times: int = 0
    told_a: float = 0.0
    total_a: float = 0.0


def spread(
    total_a: float, told_a: tuple[float, float], phases: int, known: PhasesUsed
) -> tuple[PhaseVector, PhaseVector, PhasesUsed]:
    """Bounds by phase of a draw of which only the sum of all phases is known.

    A car uses one, two or all of the phases, the first ones, alike, and on none of
    them more than it was told. A sum that is one, two or three times what it was
    told, and follows a change of that in the same proportion, leaves no doubt. Else
    every number of phases counts that is possible: 24 A may be two phases with the
    12 A that it was told, or three phases of a car that takes 8 A.

    ``told_a``: the least and the most it may have been told when that was measured.
    What is known of the phases is returned as the third; nothing is once nothing flows.
    """
    if total_a < NOTHING_A:
        known = PhasesUsed()
    numbers = range(1, phases + 1)
    least_a, most_a = told_a
    bound_a = most_a * (1 + TOLERANCE) + TOLERANCE_A
    fewest = min([n for n in numbers if total_a <= n * bound_a] or [phases])
    if fewest > known.needed:
        known = PhasesUsed(fewest)
    if least_a == most_a > 0:
        known = _compare(known, total_a, most_a, phases)
    if known.sure:
        possible, ceiling_a = [known.sure], inf
    else:
        possible = [n for n in numbers if n >= known.needed]
        # On fewer phases than all, a little more than it was told is the voltage.
        ceiling_a = max(most_a, total_a / phases)
    on_phase = [
        [min(total_a / n, ceiling_a) if index < n else 0.0 for n in possible]
        for index in range(phases)
    ]
    low_a = tuple([min(values) for values in on_phase])
    return low_a, tuple([max(values) for values in on_phase]), known


def _compare(
    known: PhasesUsed, total_a: float, told_a: float, phases: int
) -> PhasesUsed:
    """Learn from a power that is a multiple of the command."""
    times = round(total_a / told_a)
    if not known.needed <= times <= phases:
        return known
    if abs(total_a / times - told_a) > TOLERANCE * told_a:
        return known
    sure, more_a = known.sure, told_a - known.told_a
    if times == known.times:
        if abs(more_a) < 1:
            return known
        followed = (total_a - known.total_a) / more_a
        if abs(followed - times) < 0.5:
            sure = times
    return PhasesUsed(known.needed, sure, times, told_a, total_a)
