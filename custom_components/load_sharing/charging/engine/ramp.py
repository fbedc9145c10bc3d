"""Ramps up a charger: when and how far its current may rise.

Current that is new to a charger is given step by step, until the meter has shown where
the charger is. Then all that has lasted is given at once. Current that a load took from
it is given back sooner, unless such loads turn out to return too soon.

*Patience* is the fraction of the ramp-up time for which headroom has to last.
"""

from dataclasses import replace
from math import inf

from .budget import TAKEN_BY_LOAD
from .command import CommandState
from .count import loads_of
from .decision import ChargerDecision
from .grid import ceil_to_step, floor_to_step, step_up
from .latency import has_shown
from .mains import Mains
from .memory import Ramp, Regain
from .model import ChargerInput, ChargerSettings, Limit, SiteSettings

LEAST_INITIAL_PATIENCE = 1 / 15
GREATEST_INITIAL_PATIENCE = 1 / 5
"""The patience for giving current back is between these, to begin with."""

FULL_PATIENCE_OVERLOAD_S = 30.0
"""The length of overloads in s that would call for a patience of 1."""

PATIENCE_GROWTH = 3.5
"""A rise that is taken back too soon multiplies the patience by this."""

LASTING_RAMPS = 2.0
"""A rise that holds for this many ramp-up times counts as lasting."""

WORTH_OVERLOADS = 8.0
"""A rise was worth it if it lasted this many times as long as overloads do."""

RETURN_STEPS = 8
"""Current that was had or has lasted is given by so many steps: 32 A, of 4 A each."""


def note_headroom(ramp: Ramp | None, target_a: float, now_s: float) -> Ramp:
    """Note that the supply could give ``target_a`` at this moment; keep the least."""
    if ramp is None:
        return Ramp(now_s, target_a)
    return ramp if target_a >= ramp.least_a else replace(ramp, least_a=target_a)


def suspend_ramp(ramp: Ramp, now_s: float) -> Ramp:
    """Suspend a ramp while nothing is known of the headroom."""
    return ramp if ramp.suspended_s is not None else replace(ramp, suspended_s=now_s)


def resume_ramp(ramp: Ramp | None, now_s: float) -> Ramp | None:
    """Resume a ramp. The time that it was suspended does not count."""
    if ramp is None or ramp.suspended_s is None:
        return ramp
    since_s = ramp.since_s + now_s - ramp.suspended_s
    return replace(ramp, since_s=since_s, suspended_s=None)


def hold_ramp(
    ramp: Ramp | None, site: SiteSettings, now_s: float, patience: float, share_a: float
) -> Ramp | None:
    """Keep a ramp while the meter does not show the last command yet.

    At least half of the wait is then still to come. Else a charger that is slow to
    follow would be raised on the first reading that shows the command. A load may come
    and go meanwhile: no more than the cautious ``share_a`` of now has lasted then.
    """
    if ramp is not None and share_a < ramp.lasted_a:
        ramp = replace(ramp, lasted_a=share_a)
    latest_s = now_s - site.ramp_up_time_s * patience / 2
    if ramp is None or ramp.since_s >= latest_s:
        return ramp
    return replace(ramp, since_s=latest_s)


def next_ramp(ramp: Ramp, site: SiteSettings, now_s: float) -> Ramp:
    """Begin the ramp of the next rise, which has no headroom noted yet."""
    lasted_a = ramp.least_a if now_s >= ripe_at(ramp, site) else 0.0
    return Ramp(now_s, inf, lasted_a=lasted_a)


def is_known(charger: ChargerInput, total: Mains | None) -> bool:
    """Return whether the meter has shown where a charger is, and that it follows.

    Its measured draw has shown the newest command, and every meter above it has seen
    that step on its phases and on no others. Without a measured draw another load may
    have moved the meter as much. What a charger takes of a phase is not known where that
    depends on how many its car uses, because only the ``total`` of all is measured, or a
    power is set. Then every rise stays a small one.
    """
    if charger.draw is None or not charger.placed:
        return False
    if len(charger.settings.watts_per_a) > 1 or loads_of(charger, total):
        return False
    return has_shown(charger.response, charger.command.epochs[-1])


def no_regain(now_s: float) -> Regain:
    """Begin without any current to give back."""
    return Regain(now_s, had_a=0.0, patience=LEAST_INITIAL_PATIENCE)


def on_grid(regain: Regain, charger: ChargerSettings) -> Regain:
    """Round down what to give back to a current that the charger can have now.

    A number's step and a select's options may change. Up to a current between two steps
    the charger could neither be given back anything, nor be raised beyond it.
    """
    had_a = floor_to_step(regain.had_a, charger.step_a, charger.levels_a)
    return regain if had_a == regain.had_a else replace(regain, had_a=had_a)


def initial_patience(overload_s: float) -> float:
    """Return the patience to begin with; longer overloads call for more."""
    return min(
        GREATEST_INITIAL_PATIENCE,
        max(LEAST_INITIAL_PATIENCE, overload_s / FULL_PATIENCE_OVERLOAD_S),
    )


def patience_for(regain: Regain, present_a: float) -> float:
    """Return the patience for the next rise; 1 after a pause, or above ``had_a``."""
    if not present_a or present_a >= regain.had_a:
        return 1.0
    return regain.patience


def ripe_at(ramp: Ramp, site: SiteSettings, patience: float = 1.0) -> float:
    """Return when the headroom has lasted long enough."""
    return ramp.since_s + site.ramp_up_time_s * patience


def next_current(
    ramp: Ramp,
    present_a: float,
    charger: ChargerSettings,
    site: SiteSettings,
    steps: int = 1,
) -> float:
    """Return the current after one rise, in A: never above the least headroom so far.

    A paused charger starts at its minimum, or with a whole step if that is more.
    """
    grid = (charger.step_a, charger.levels_a)
    step_a = max(steps * site.ramp_up_step_a, step_up(present_a, *grid))
    lowest_a = ceil_to_step(charger.min_a, *grid)
    raised_a = min(max(present_a + step_a, lowest_a), ramp.least_a)
    raised_a = floor_to_step(raised_a, *grid)
    if raised_a < lowest_a:
        return present_a
    return max(present_a, raised_a)


def raised_current(
    ramp: Ramp,
    regain: Regain,
    present_a: float,
    charger: ChargerSettings,
    site: SiteSettings,
    now_s: float,
    *,
    known: bool = False,
) -> float:
    """Return the current after a rise, in A: back to ``had_a``, or a step above it.

    A charger that is ``known`` gets all that has lasted since before its last rise,
    unless it has refused as much.
    """
    raised_a = present_a
    if now_s >= ripe_at(ramp, site):
        # Where increases are far apart, each makes up for those in between.
        interval_s = charger.rise_interval_s if present_a else 0.0
        steps = max(1, int(interval_s / max(1.0, site.ramp_up_time_s)))
        raised_a = next_current(ramp, present_a, charger, site, steps)
        lasting = replace(ramp, least_a=min(ramp.least_a, ramp.lasted_a))
        if known and present_a:
            all_a = next_current(lasting, present_a, charger, site, RETURN_STEPS)
            raised_a = max(raised_a, all_a if all_a < regain.refused_a else 0.0)
    # After a pause, only if earlier rises lasted: the load may pulse.
    gives_back = present_a > 0 or regain.patience <= GREATEST_INITIAL_PATIENCE
    if gives_back and present_a < regain.had_a:
        capped = replace(ramp, least_a=min(ramp.least_a, regain.had_a))
        back_a = next_current(capped, present_a, charger, site, RETURN_STEPS)
        raised_a = max(raised_a, back_a)
    return raised_a


def update_regain(
    regain: Regain,
    command: CommandState,
    decision: ChargerDecision,
    site: SiteSettings,
    overload_s: float,
    now_s: float,
) -> Regain:
    """Return what to give back and how patiently, after a decision.

    A rise is judged when a load takes it back. ``overload_s`` is how long overloads
    usually last.
    """
    present_a, decided_a = command.in_force_a, decision.desired_a
    if present_a is None or decided_a is None:
        return regain
    lasted_s = now_s - regain.since_s
    least_a = command.least_in_force_a or 0.0
    if command.is_refused and least_a < present_a:
        had_a, refused_a = min(regain.had_a, least_a), regain.refused_a
        regain = replace(regain, had_a=had_a, refused_a=min(refused_a, present_a))
    elif command.confirmed and present_a >= regain.refused_a:
        regain = replace(regain, refused_a=inf)
    elif present_a > regain.had_a and lasted_s >= site.ramp_up_time_s:
        regain = replace(regain, had_a=present_a)
    by_hand = decision.limit is Limit.SET_BY_HAND
    lowered = decided_a < present_a
    taken_by_load = decision.action in TAKEN_BY_LOAD
    if by_hand or (lowered and not taken_by_load):
        # Current given up to a person or to another's turn is not given back.
        regain = replace(regain, had_a=min(regain.had_a, decided_a))
    if decided_a == present_a:
        return regain
    patience = regain.patience
    if regain.rose and taken_by_load and lowered and not command.is_refused:
        patience = _judge_rise(patience, lasted_s, site, overload_s)
    rose = decided_a > present_a
    return replace(regain, since_s=now_s, patience=patience, rose=rose)


def _judge_rise(
    patience: float, lasted_s: float, site: SiteSettings, overload_s: float
) -> float:
    """Return the patience after a rise that lasted for a time was taken back."""
    least = initial_patience(overload_s)
    has_lasted = lasted_s >= LASTING_RAMPS * site.ramp_up_time_s
    if has_lasted or lasted_s >= WORTH_OVERLOADS * overload_s:
        return least
    return min(1.0, max(least, patience) * PATIENCE_GROWTH)
