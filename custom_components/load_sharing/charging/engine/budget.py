"""The budget of commands: what an increase has to wait for beside its ramp.

A reduction that a limit needs is always free. An increase is not: a load that took it
back soon will do so again, and every start switches the contactor. So increases that did
not last make the next one wait for longer headroom, up to some minutes, and so do starts
that ended in another pause. The waits are learnt separately, as a start costs more.
"""

from dataclasses import replace

from .command import CommandState
from .decision import ActionReason, ChargerDecision
from .grid import floor_to_step, lowest_current
from .memory import Budget, Ramp, ShortRise
from .model import EPSILON_A, ChargerSettings, Limit

TAKEN_BY_LOAD = (ActionReason.SUPPLY, ActionReason.BELOW_MINIMUM, ActionReason.OVERLOAD)
"""Reasons for a reduction that are due to a load."""

LASTING_RISE_S = 180.0
"""A rise that is taken back sooner than this is not worth two commands."""

LASTING_START_S = 600.0
"""A start that ends in a pause sooner than this is not worth the contactor's wear."""

FIRST_RISE_WAIT_S, LONGEST_RISE_WAIT_S, RISE_GROWTH = 30.0, 240.0, 2.0
FIRST_START_WAIT_S, LONGEST_START_WAIT_S, START_GROWTH = 60.0, 600.0, 3.0
"""How long headroom has to last after one rise, or start, that did not last."""

SAME_LOAD_A = 2.0
"""Loads that leave a charger currents this close are taken for the same load."""

SHORT_RISES_KEPT = 4

SMALL_RISE_WAIT_S = 300.0
"""A rise that is smaller than the dead band waits for headroom that lasts this long."""


def earliest_rise_s(
    budget: Budget, charger: ChargerSettings, present_a: float
) -> float:
    """Return when the next increase may come at the earliest."""
    at_s = budget.rose_s + charger.rise_interval_s
    return at_s if present_a else max(at_s, budget.paused_s + charger.least_pause_s)


def restrained(
    raised_a: float,
    budget: Budget,
    ramp: Ramp,
    present_a: float,
    charger: ChargerSettings,
    now_s: float,
) -> float:
    """Return how much of a rise may come now, in A; the present current for none."""
    if raised_a <= present_a or now_s < earliest_rise_s(budget, charger, present_a):
        return present_a
    lasted_s = now_s - ramp.since_s
    if not present_a and lasted_s < budget.start_wait_s:
        return present_a
    for short in _still_short(budget, present_a, now_s):
        is_like_it = short.back_a < raised_a <= short.to_a + SAME_LOAD_A
        if is_like_it and lasted_s < short.wait_s:
            back_a = floor_to_step(short.back_a, charger.step_a, charger.levels_a)
            raised_a = max(present_a or lowest_current(charger), back_a)
    is_small = raised_a - present_a < charger.dead_band_a - EPSILON_A
    if is_small and lasted_s < SMALL_RISE_WAIT_S:
        return present_a
    return raised_a


def restraint_moments(
    budget: Budget, ramp: Ramp, charger: ChargerSettings, present_a: float
) -> list[float]:
    """Return when time alone may let a rise pass that is restrained."""
    return [
        earliest_rise_s(budget, charger, present_a),
        ramp.since_s + budget.start_wait_s,
        *[ramp.since_s + short.wait_s for short in budget.short],
        ramp.since_s + SMALL_RISE_WAIT_S,
        budget.rose_s + LASTING_RISE_S,
    ]


def _still_short(
    budget: Budget, present_a: float, now_s: float
) -> tuple[ShortRise, ...]:
    """Return the rises that did not last, except those that one disproves by now."""
    if budget.judged or now_s < budget.rose_s + LASTING_RISE_S:
        return budget.short
    return tuple([short for short in budget.short if short.back_a >= present_a])


def update_budget(
    budget: Budget, command: CommandState, decision: ChargerDecision, now_s: float
) -> Budget:
    """Return the budget after a decision: a rise is judged when a load takes it back."""
    present_a, decided_a = command.in_force_a, decision.desired_a
    if present_a is None or decided_a is None or decided_a == present_a:
        return budget
    budget = replace(budget, short=_still_short(budget, present_a, now_s))
    if decided_a > present_a:
        climbs = not budget.judged and now_s < budget.rose_s + LASTING_RISE_S
        return replace(
            budget,
            rose_s=now_s,
            from_a=present_a,
            to_a=decided_a,
            climb_a=min(budget.climb_a, present_a) if climbs else present_a,
            judged=False,
            started_s=budget.started_s if present_a else now_s,
        )
    by_hand = decision.limit is Limit.SET_BY_HAND
    taken_by_load = decision.action in TAKEN_BY_LOAD and not command.is_refused
    if by_hand or not taken_by_load:
        return replace(budget, judged=True)
    if decided_a == 0:
        return _after_pause(budget, now_s)
    return _after_reduction(budget, decided_a, now_s)


def _after_pause(budget: Budget, now_s: float) -> Budget:
    """Judge the last start, as a load has paused the charger."""
    wait_s = 0.0
    if now_s < budget.started_s + LASTING_START_S:
        wait_s = max(FIRST_START_WAIT_S, budget.start_wait_s * START_GROWTH)
    return replace(
        budget,
        judged=True,
        paused_s=now_s,
        start_wait_s=min(wait_s, LONGEST_START_WAIT_S),
    )


def _after_reduction(budget: Budget, decided_a: float, now_s: float) -> Budget:
    """Judge the last rise, or else its climb, if a load took most of it back."""
    if budget.judged or decided_a >= (budget.from_a + budget.to_a) / 2:
        return budget
    was_climb = budget.from_a <= budget.climb_a
    budget = replace(budget, judged=was_climb, from_a=budget.climb_a)
    if now_s >= budget.rose_s + LASTING_RISE_S:
        return budget
    wait_s, to_a, others = FIRST_RISE_WAIT_S, budget.to_a, []
    for short in budget.short:
        if abs(short.back_a - decided_a) < SAME_LOAD_A:
            wait_s = max(wait_s, min(short.wait_s * RISE_GROWTH, LONGEST_RISE_WAIT_S))
            to_a = max(to_a, short.to_a)
        else:
            others.append(short)
    latest = ShortRise(decided_a, to_a, wait_s)
    return replace(budget, short=(latest, *others)[:SHORT_RISES_KEPT])
