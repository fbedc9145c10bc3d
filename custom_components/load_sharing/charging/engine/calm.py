"""Finds calm: the range of readings that would lead to the same decision.

Most readings change nothing: every charger has what it may have, or less than a whole
step is missing for more. The next evaluation would decide the same, so the caller skips
it. Calm is only reported where this is proven. Where it is not, every reading is
evaluated.
"""

from math import inf

from .decision import Calm, ChargerDecision
from .doubt import LIGHT_BASE_A, NOTHING_FLOWS_A
from .draw import Draw
from .grid import floor_to_step, lowest_current, step_up
from .memory import Ramp
from .model import ChargerInput, ChargerSettings, ChargerStatus, ServiceReading
from .plan import Plan
from .situation import Situation

MARGIN_A = 1e-4
"""Distance kept from every bound: one evaluation too many costs little."""


def find_calm(situation: Situation, plan: Plan) -> Calm | None:
    """Find the bounds around the present reading, if every charger is at rest.

    Only for a situation without an overload, a lost meter or a charger that is held
    back. A charger whose ramp is running is at rest too: until it is ripe, only less
    headroom than it has seen so far matters.
    """
    site = situation.site
    if site.reading is None or site.demand is not None or not site.may_rise:
        return None
    if not situation.balance.exact:
        return None
    reading, usable_a = site.reading, site.settings.usable_a
    phases, alone = len(reading.current_a), len(situation.chargers) == 1
    may_rise_next = bool(plan.ramps)
    low_a, needed_a, drawn_a = [-inf] * phases, [0.0] * phases, [0.0] * phases
    for charger, draw in situation.chargers:
        settings, present_a = charger.settings, charger.command.in_force_a or 0.0
        if not _is_at_rest(charger, draw, plan.decisions[settings.charger_id]):
            return None
        if site.total is not None and not _is_even(draw, phases):
            return None
        ramp = plan.ramps.get(settings.charger_id)
        if ramp is not None and draw.taken_at_s <= ramp.since_s:
            # The rise may wait for one more reading, which is the next one.
            return None
        to_fit_a = _current_to_fit(charger, ramp)
        if to_fit_a is None:
            if not alone:
                return None
            to_fit_a, may_rise_next = present_a, True
            phase, least_a = _full_phase(reading, usable_a, charger, draw)
            low_a[phase] = least_a
        elif not alone:
            to_fit_a = _own_ceiling(settings)
        for index, phase in enumerate(settings.phases):
            needed_a[phase] += to_fit_a * (1.0 if ramp is None else charger.takes)
            drawn_a[phase] += draw.high_a[index]
            if charger.draw is None and draw.high_a[index]:
                # A house that takes less than the command proves that the charger does.
                low_a[phase] = max(low_a[phase], present_a + MARGIN_A)
    limit_a = site.settings.limit_a
    high_a = [
        min(limit_a, usable_a + drawn_a[phase] - needed_a[phase]) - MARGIN_A
        for phase in range(phases)
    ]
    if site.settings.export_share:
        # A base load below 0 would count in part.
        low_a = [max(least_a, drawn_a[i]) for i, least_a in enumerate(low_a)]
    calm = Calm(tuple(low_a), tuple(high_a))
    if may_rise_next:
        calm = _doubtless(calm, reading, drawn_a)
    return calm if calm.holds(reading.current_a) else None


def _doubtless(calm: Calm, reading: ServiceReading, drawn_a: list[float]) -> Calm:
    """Return the bounds within which the meter is doubted neither now nor next.

    Whether a reading is doubted depends on the base load before it, and on whether the
    meter has shown an export.
    """
    low_a, high_a = list(calm.low_a), list(calm.high_a)
    for phase, current_a in enumerate(reading.current_a):
        light_a = drawn_a[phase] + LIGHT_BASE_A
        if current_a > light_a:
            low_a[phase] = max(low_a[phase], light_a + MARGIN_A)
        else:
            low_a[phase] = max(low_a[phase], -NOTHING_FLOWS_A)
            high_a[phase] = min(high_a[phase], light_a - MARGIN_A)
    return Calm(tuple(low_a), tuple(high_a))


def _is_at_rest(charger: ChargerInput, draw: Draw, decision: ChargerDecision) -> bool:
    """Return whether a charger keeps its current and the reading surely shows it."""
    command, settings = charger.command, charger.settings
    if decision.action is not None or decision.desired_a != command.desired_a:
        return False
    if not (command.confirmed and draw.settled) or command.is_refused:
        return False
    if command.desired_a is None or charger.status is ChargerStatus.UNKNOWN:
        return False
    measured = charger.draw
    return measured is None or (
        measured.taken_at_s >= command.settled_at(settings.settle_s)
    )


def _is_even(draw: Draw, phases: int) -> bool:
    """Return whether a charger draws the same on every phase of the supply."""
    return len(draw.high_a) == phases and len(set(draw.high_a)) == 1


def _own_ceiling(settings: ChargerSettings) -> float:
    """Return the most that a charger may have by itself, on its grid, in A."""
    top_a = floor_to_step(settings.ceiling_a, settings.step_a, settings.levels_a)
    return top_a if top_a >= lowest_current(settings) else 0.0


def _current_to_fit(charger: ChargerInput, ramp: Ramp | None) -> float | None:
    """Return the current in A that has to stay free for a charger.

    For a charger with a running ramp, the least that the ramp has seen: as long as that
    stays free, the ramp does not change. None for one that has less than it may, and
    no ramp.
    """
    if ramp is not None:
        return ramp.least_a
    top_a = _own_ceiling(charger.settings)
    return top_a if charger.command.in_force_a == top_a else None


def _full_phase(
    reading: ServiceReading, usable_a: float, charger: ChargerInput, draw: Draw
) -> tuple[int, float]:
    """Return the phase that leaves no further step, and down to which reading in A."""
    settings, present_a = charger.settings, charger.command.in_force_a or 0.0
    if present_a:
        next_a = present_a + step_up(present_a, settings.step_a, settings.levels_a)
    else:
        next_a = lowest_current(settings)
    base_a = [
        reading.current_a[phase] - draw.high_a[index]
        for index, phase in enumerate(settings.phases)
    ]
    fullest = base_a.index(max(base_a))
    least_a = usable_a - next_a + draw.high_a[fullest] + MARGIN_A
    return settings.phases[fullest], least_a
