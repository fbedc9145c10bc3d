"""Finds how many phases a charger that is set in W charges on, as the meter shows it.

A power is a current per phase that depends on the number of phases: the 7,590 W of
3 x 11 A are 33 A where the car uses one phase. Without a draw measured per phase, the
answer of the meter to a changed power shows the number: one phase moves by all of it,
or three by a third each, and none beyond the charger's maximum.
"""

from collections.abc import Iterator
from math import inf
from typing import NamedTuple

from .arrival import TOGETHER_S
from .measurement import without_draws
from .model import ChargerInput, ChargerSettings, PhaseVector, ServiceReading, SiteInput
from .recount import NO_RECOUNT, Recount

KEPT = 4
"""Several changes in a row may be answered together."""

STEP_A = 3.0
"""Smaller changes are lost among the loads of a house."""

WITHIN = 0.25
WITHIN_A = 1.0
"""A phase moved as expected to within this fraction of the change, or this much."""

ANSWERED_S = 30.0
"""A change that no meter has shown after this time is given up."""

WAKE_UP_S = 120.0
"""A car that has shown nothing for this long may be another one."""


class WattsWatch(NamedTuple):
    """What is known of a charger's number of phases; ``phases`` is 0 until it is.

    The power changed to ``power_w`` at ``since_s``. Before that it was one of
    ``former_w`` and the meter may have shown any of ``before_a``, the oldest first; last
    it showed ``shown_a``, whose newest phase was reported at ``newest_s``. Where the
    phases are reported one by one, it has fitted ``likely`` phases since ``likely_s``,
    and a report of a former power arrives since ``held_s``.
    """

    phases: int = 0
    power_w: float = 0.0
    former_w: tuple[float, ...] = (0.0,)
    since_s: float = -inf
    answered: bool = True
    before_a: tuple[PhaseVector, ...] = ()
    shown_a: PhaseVector = ()
    newest_s: float = -inf
    likely: int = 0
    likely_s: float = inf
    held_s: float = inf

    @property
    def complete_s(self) -> float:
        """Return when a report is complete by the clock, if one is waited for."""
        return -inf if self.answered else self.newest_s + TOGETHER_S


NOT_WATCHED = WattsWatch()


def follow_watts(
    before: WattsWatch,
    charger: ChargerInput,
    site: SiteInput,
    now_s: float,
    trial: Recount = NO_RECOUNT,
) -> WattsWatch:
    """Return what is known after the meter's reading, or what a ``trial`` shows."""
    settings, drawn, reading = charger.settings, charger.draw, site.reading
    measured = drawn is not None and drawn.total_a is None
    if len(settings.watts_per_a) < 2 or measured:
        return NOT_WATCHED
    if reading is None:
        return before
    others = [other for other in site.chargers if other is not charger]
    newest_s = max(reading.taken_at_s)
    after = before._replace(shown_a=without_draws(reading, others), newest_s=newest_s)
    count = trial.phases or before.phases or len(settings.phases)
    power_w = (charger.command.in_force_a or 0.0) * settings.watts_per_a[count - 1]
    if power_w != before.power_w:
        if (
            last := _still_arriving(before, after, charger, reading, now_s)
        ) is not None:
            return last
        # In a trial the car took nothing before, whatever it might have had.
        former_w: tuple[float, ...] = (0.0 if trial.phases else before.power_w,)
        before_a: tuple[PhaseVector, ...] = (before.shown_a, after.shown_a)
        if not before.answered:
            former_w = (*before.former_w, *former_w)[:KEPT]
            before_a = (*before.before_a, *before_a)[:KEPT]
        return after._replace(
            power_w=power_w,
            former_w=former_w,
            since_s=now_s,
            answered=not before.shown_a,
            before_a=before_a,
            likely=0,
            held_s=inf,
        )
    if after.answered:
        return after
    if trial.phases and trial.idle:
        # The trial lasts until the car begins, beside the loads of that moment.
        return after._replace(before_a=(after.shown_a, *after.before_a)[:KEPT])
    if newest_s <= after.since_s + TOGETHER_S:
        # The other phases of the reading that led to the change may come with it.
        return after._replace(before_a=(*after.before_a[:KEPT], after.shown_a))
    oldest_s = min(reading.taken_at_s)
    if whole_a := _whole(before, after, oldest_s, now_s):
        found = _count_shown(after, whole_a, charger)
        after = after._replace(likely=0)
    else:
        after, found = _found_one_by_one(after, oldest_s, charger)
    if found is not None:
        return after._replace(phases=found, answered=True)
    if trial.phases:
        return after
    woken = after.former_w[-1] == 0 and after.power_w > 0
    if now_s >= after.since_s + (WAKE_UP_S if woken else ANSWERED_S):
        return after._replace(phases=0 if woken else after.phases, answered=True)
    return after


def _still_arriving(
    before: WattsWatch,
    after: WattsWatch,
    charger: ChargerInput,
    reading: ServiceReading,
    now_s: float,
) -> WattsWatch | None:
    """Return what is known by a report that began before the power changed again.

    The first phase of an answer may be over the limit, so that the next command goes
    out before the other phases arrive. They still show what the former power did. None
    if there is no such report, or if it has been judged.
    """
    if before.answered or before.newest_s <= before.since_s + TOGETHER_S:
        return None
    if after.newest_s > before.newest_s + TOGETHER_S:
        whole_a = before.shown_a
    elif not (whole_a := _whole(before, after, min(reading.taken_at_s), now_s)):
        held_s = min(before.held_s, after.newest_s)
        if min(reading.taken_at_s) <= held_s:
            return after._replace(held_s=held_s)
        whole_a = after.shown_a
    found = _count_shown(after, whole_a, charger)
    return None if found is None else after._replace(phases=found, answered=True)


def _whole(
    before: WattsWatch, after: WattsWatch, oldest_s: float, now_s: float
) -> PhaseVector:
    """Return the newest answer of which all phases were reported; empty without one.

    Two of three phases that have moved look like a car that uses two. A meter that
    reports changes only leaves a phase out: its report is complete once the next begins.
    """
    if oldest_s >= after.newest_s - TOGETHER_S or now_s >= after.newest_s + TOGETHER_S:
        return after.shown_a
    answers = before.newest_s > after.since_s + TOGETHER_S
    is_next = after.newest_s > before.newest_s + TOGETHER_S
    return before.shown_a if answers and is_next else ()


def _found_one_by_one(
    watch: WattsWatch, oldest_s: float, charger: ChargerInput
) -> tuple[WattsWatch, int | None]:
    """Return the number of phases that readings go on to fit, if phases come one by one.

    A car that steps between the phases' reports looks like one of fewer. So every phase
    has to be reported once more with the same result.
    """
    found = _count_shown(watch, watch.shown_a, charger)
    if found is not None and found == watch.likely:
        return watch, found if oldest_s > watch.likely_s else None
    return watch._replace(likely=found or 0, likely_s=watch.newest_s), None


def _count_shown(
    watch: WattsWatch, shown_a: PhaseVector, charger: ChargerInput
) -> int | None:
    """Return the number of phases that the meter shows; None if it fits none.

    A step that the believed number explains, or that is small, changes nothing.
    """
    believed = watch.phases or len(charger.settings.phases)
    errors_a = {believed: inf}
    for before_a in watch.before_a:
        moved_a = [now - then for now, then in zip(shown_a, before_a, strict=True)]
        for former_w in watch.former_w:
            for count, expected_a in _expected(watch, former_w, charger.settings):
                within_a = max(WITHIN_A, WITHIN * max(map(abs, expected_a)))
                pairs = zip(moved_a, expected_a, strict=True)
                error_a = max([abs(moved - expected) for moved, expected in pairs])
                large = max(map(abs, expected_a)) >= STEP_A
                if error_a <= within_a and (large or count == believed):
                    errors_a[count] = min(error_a, errors_a.get(count, inf))
    best = min(errors_a, key=lambda count: errors_a[count])
    return best if errors_a[best] < inf else None


def _expected(
    watch: WattsWatch, former_w: float, settings: ChargerSettings
) -> Iterator[tuple[int, PhaseVector]]:
    """Yield how each phase moves from a former power, by the number of phases.

    The charger's own maximum may be higher than the one that was entered.
    """
    for count, per_a in enumerate(settings.watts_per_a, 1):
        for most_a in (settings.max_a, inf) if per_a else ():
            change_a = min(most_a, watch.power_w / per_a)
            change_a -= min(most_a, former_w / per_a)
            expected_a = [0.0] * len(watch.shown_a)
            for phase in settings.phases[:count]:
                expected_a[phase] = change_a
            yield count, tuple(expected_a)
