"""One charger's current: lowered at once, raised slowly, or held, and why."""

from math import inf

from .allocation import Share, floor_to_step
from .claims import lowest_current
from .draw import Draw
from .model import (
    ActionReason,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Limit,
    Ramp,
    Regain,
    SiteSettings,
)
from .ramp import keep_watching, patience_for, ripe_at, rise, watch


def decide_charger(
    charger: ChargerInput,
    draw: Draw,
    shares: tuple[Share, Share],
    ramp: Ramp | None,
    regain: Regain,
    overloaded: bool,
    site: SiteSettings,
    now_s: float,
) -> tuple[ChargerDecision, Ramp | None]:
    """Lower at once, adopt what is found at start-up, or see about raising.

    ``overloaded``: a phase that it is on.
    """
    certain, cautious = shares
    settings = charger.settings
    present_a = charger.command.in_force_a
    if present_a is None:
        return _first(charger, draw, cautious, overloaded), None
    again_a = _most_wanted_again(charger, cautious)
    if certain.current_a < present_a and certain.current_a <= again_a:
        return _lowered(charger, draw, certain, overloaded), None
    if charger.command.desired_a is None:
        return _adopted(settings, draw, present_a), None
    if again_a < present_a:
        return _given_up(charger, draw, cautious, again_a), None
    if overloaded:
        return _held(present_a, Limit.OVERLOAD, draw), None
    if charger.status is ChargerStatus.UNKNOWN and present_a < settings.ceiling_a:
        return _held(present_a, Limit.STATUS_UNKNOWN, draw), None
    if now_s < draw.counts_at_s or not charger.command.confirmed:
        patience = patience_for(regain, present_a)
        ramp = keep_watching(ramp, site, now_s, patience)
        return _held(present_a, Limit.SETTLING, draw), ramp
    return _rise(charger, draw, cautious, ramp, regain, site, now_s)


def _first(
    charger: ChargerInput, draw: Draw, cautious: Share, overloaded: bool
) -> ChargerDecision:
    """Give a charger of which nothing is known its minimum, or nothing.

    It may be idle as well as at its maximum: no more than fits in either case.
    """
    if charger.status is ChargerStatus.UNKNOWN and not overloaded:
        return _held(None, Limit.STATUS_UNKNOWN, draw)
    first_a = lowest_current(charger.settings) if cautious.current_a else 0.0
    limit = Limit.RAMP_UP if first_a else named_limit(cautious.limit, charger)
    action, where = ActionReason.START_UP, cautious.circuit_id
    return ChargerDecision(first_a, limit, action, draw.high_a, where)


def _most_wanted_again(charger: ChargerInput, cautious: Share) -> float:
    """Most that is wanted again of a charger that refused; inf of one that did not.

    What was free when the increase was decided may be taken by now. And who does
    not begin with so much may begin with less.
    """
    if not charger.command.is_refused:
        return inf
    if kept_a := charger.command.kept_a:
        return max(kept_a, cautious.current_a)
    return min(lowest_current(charger.settings), cautious.current_a)


def _given_up(
    charger: ChargerInput, draw: Draw, cautious: Share, again_a: float
) -> ChargerDecision:
    """Want less of what was refused, or nothing of it."""
    if charger.command.kept_a:
        action = ActionReason.SUPPLY
    else:
        action = ActionReason.RESUMED if again_a else ActionReason.BELOW_MINIMUM
    limit, where = _limit_while_at(again_a, cautious, charger), cautious.circuit_id
    return ChargerDecision(again_a, limit, action, draw.high_a, where)


def _lowered(
    charger: ChargerInput, draw: Draw, certain: Share, overloaded: bool
) -> ChargerDecision:
    """Lower a charger, and say why."""
    limit = named_limit(certain.limit, charger)
    action = _reduction_reason(certain, overloaded)
    where = certain.circuit_id
    return ChargerDecision(certain.current_a, limit, action, draw.high_a, where)


def _adopted(
    settings: ChargerSettings, draw: Draw, present_a: float
) -> ChargerDecision:
    """Take over the current that a charger is found with, or the next one below it."""
    found_a = floor_to_step(present_a, settings.step_a, settings.levels_a)
    found_a = found_a if found_a >= lowest_current(settings) else 0.0
    action = ActionReason.START_UP
    return ChargerDecision(found_a, Limit.SETTLING, action, draw.high_a)


def _rise(
    charger: ChargerInput,
    draw: Draw,
    cautious: Share,
    ramp: Ramp | None,
    regain: Regain,
    site: SiteSettings,
    now_s: float,
) -> tuple[ChargerDecision, Ramp | None]:
    present_a = charger.command.desired_a or 0.0
    where = cautious.circuit_id
    if cautious.current_a <= present_a:
        limit = _limit_while_at(present_a, cautious, charger)
        return _held(present_a, limit, draw, where), None
    ramp = watch(ramp, cautious.current_a, now_s)
    if not _is_ripe(ramp, regain, present_a, draw, site, now_s):
        return _held(present_a, Limit.RAMP_UP, draw), ramp
    raised_a = rise(ramp, regain, present_a, charger.settings, site, now_s)
    if raised_a <= present_a:
        return _held(present_a, named_limit(cautious.limit, charger), draw, where), None
    action = ActionReason.HEADROOM if present_a else ActionReason.RESUMED
    at_ceiling = raised_a >= cautious.current_a
    limit = named_limit(cautious.limit, charger) if at_ceiling else Limit.RAMP_UP
    # The next step counts from this one; what is free then is seen once it settled.
    following = Ramp(now_s, inf)
    where = where if at_ceiling else ""
    return ChargerDecision(raised_a, limit, action, draw.high_a, where), following


def _is_ripe(
    ramp: Ramp,
    regain: Regain,
    present_a: float,
    draw: Draw,
    site: SiteSettings,
    now_s: float,
) -> bool:
    """Whether headroom has lasted long enough, and over more than one reading."""
    if now_s >= ripe_at(ramp, site):
        return True
    patience = patience_for(regain, present_a)
    return now_s >= ripe_at(ramp, site, patience) and draw.taken_at_s > ramp.since_s


def _held(
    present_a: float | None, limit: Limit, draw: Draw, circuit_id: str = ""
) -> ChargerDecision:
    return ChargerDecision(present_a, limit, None, draw.high_a, circuit_id)


def _limit_while_at(current_a: float, share: Share, charger: ChargerInput) -> Limit:
    """Name what keeps it from more. One that is let in does not wait to be."""
    limit = named_limit(share.limit, charger)
    waits = limit in (Limit.WAITING_FOR_TURN, Limit.BELOW_MINIMUM)
    return Limit.SUPPLY if waits and current_a else limit


def named_limit(limit: Limit, charger: ChargerInput) -> Limit:
    """Tell a ceiling that somebody set for a time from the charger's own."""
    if limit is Limit.CHARGER_MAXIMUM:
        return charger.settings.ceiling_name
    return limit


def _reduction_reason(certain: Share, overloaded: bool) -> ActionReason:
    if overloaded:
        return ActionReason.OVERLOAD
    if certain.limit is Limit.CHARGER_MAXIMUM:
        return ActionReason.CEILING
    if certain.current_a == 0:
        return ActionReason.BELOW_MINIMUM
    return ActionReason.SUPPLY
