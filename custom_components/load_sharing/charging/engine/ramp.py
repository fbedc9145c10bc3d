"""Down now, up slowly: when and how far a charger's current may rise.

What it never had is given to it step by step. What a load took from it is given
back sooner, unless the load turns out to come back as soon.
"""

from dataclasses import replace

from .allocation import ceil_to_step, floor_to_step, step_up
from .command import CommandState
from .model import (
    ActionReason,
    ChargerDecision,
    ChargerSettings,
    Limit,
    Ramp,
    Regain,
    SiteSettings,
)

EAGER = 1 / 15
LONGEST_EAGER = 1 / 5
"""What was had is given back after a part of the ramp-up time between these, at first."""

OVERLOAD_S = 30.0
"""Where overloads last for so long, it would be all of the ramp-up time."""

GROWTH = 3.5
"""A rise that was taken back too soon makes the next wait longer by this factor."""

LASTING = 2.0
"""A rise that lasts for this many ramp-up times came to stay."""

WORTH = 8.0
"""A rise is worth an overload that lasts no longer than this part of it."""

RETURN_STEPS = 8
"""What was had is given back by this many steps at a time: 32 A, if they are of 4 A."""

TAKEN = (ActionReason.SUPPLY, ActionReason.BELOW_MINIMUM, ActionReason.OVERLOAD)
"""Reasons to lower a current that are the doing of a load."""


def watch(ramp: Ramp | None, target_a: float, now_s: float) -> Ramp:
    """Note that the supply could give ``target_a`` at this moment."""
    if ramp is None:
        return Ramp(now_s, target_a)
    return ramp if target_a >= ramp.least_a else Ramp(ramp.since_s, target_a)


def keep_watching(
    ramp: Ramp | None, site: SiteSettings, now_s: float, patience: float
) -> Ramp | None:
    """While the meter does not show the last command yet: half of it is still to come.

    Else a charger that takes its time would be raised on its first reading.
    """
    latest_s = now_s - site.ramp_up_time_s * patience / 2
    if ramp is None or ramp.since_s >= latest_s:
        return ramp
    return Ramp(latest_s, ramp.least_a)


def begin(now_s: float) -> Regain:
    """Nothing was had yet."""
    return Regain(now_s, had_a=0.0, patience=EAGER)


def eager(overload_s: float) -> float:
    """Patience to begin with: more where an overload takes longer to be corrected."""
    return min(LONGEST_EAGER, max(EAGER, overload_s / OVERLOAD_S))


def patience_for(regain: Regain, present_a: float) -> float:
    """Which part of the ramp-up time headroom has to last: all of it after a pause."""
    if not present_a or present_a >= regain.had_a:
        return 1.0
    return regain.patience


def ripe_at(ramp: Ramp, site: SiteSettings, patience: float = 1.0) -> float:
    """When the headroom has lasted long enough."""
    return ramp.since_s + site.ramp_up_time_s * patience


def next_current(
    ramp: Ramp,
    present_a: float,
    charger: ChargerSettings,
    site: SiteSettings,
    steps: int = 1,
) -> float:
    """Current after one rise, never above the least that was free meanwhile.

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


def rise(
    ramp: Ramp,
    regain: Regain,
    present_a: float,
    charger: ChargerSettings,
    site: SiteSettings,
    now_s: float,
) -> float:
    """Current after a rise that is ripe: back to what it had, or a step beyond."""
    raised_a = present_a
    if now_s >= ripe_at(ramp, site):
        raised_a = next_current(ramp, present_a, charger, site)
    # After a pause only if what was given back came to stay: it may pulse.
    at_once = present_a > 0 or regain.patience <= LONGEST_EAGER
    if at_once and present_a < regain.had_a:
        had = Ramp(ramp.since_s, min(ramp.least_a, regain.had_a))
        back_a = next_current(had, present_a, charger, site, RETURN_STEPS)
        raised_a = max(raised_a, back_a)
    return raised_a


def learn(
    regain: Regain,
    command: CommandState,
    decision: ChargerDecision,
    site: SiteSettings,
    overload_s: float,
    now_s: float,
) -> Regain:
    """Remember what is had, and judge a rise when it is taken back."""
    present_a, decided_a = command.in_force_a, decision.desired_a
    if present_a is None or decided_a is None:
        return regain
    lasted_s = now_s - regain.since_s
    kept_a = command.kept_a or 0.0
    if command.is_refused and kept_a < present_a:
        regain = replace(regain, had_a=min(regain.had_a, kept_a))
    elif present_a > regain.had_a and lasted_s >= site.ramp_up_time_s:
        regain = replace(regain, had_a=present_a)
    by_hand = decision.limit is Limit.SET_BY_HAND
    if by_hand or (decided_a < present_a and decision.action not in TAKEN):
        # What a person or a turn took, no load gives back.
        regain = replace(regain, had_a=min(regain.had_a, decided_a))
    if decided_a == present_a:
        return regain
    patience = regain.patience
    if regain.rose and decision.action in TAKEN and decided_a < present_a:
        lasts = lasted_s >= LASTING * site.ramp_up_time_s
        worth_it = lasted_s >= WORTH * overload_s
        least = eager(overload_s)
        longer = min(1.0, max(least, patience) * GROWTH)
        patience = least if lasts or worth_it else longer
    return Regain(now_s, regain.had_a, patience, decided_a > present_a)
