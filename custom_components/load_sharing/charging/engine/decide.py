"""Decides one charger's current: lowered at once, raised slowly, or held, and why.

The cases of ``BEFORE_A_RISE`` are tried in order, and the first that applies decides. A
reduction comes before everything that could delay it. The charger may rise only if none
applies.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Final, NamedTuple

from .allocation import Share
from .budget import restrained
from .decision import ActionReason, ChargerDecision
from .draw import Draw
from .grid import floor_to_step, lowest_current
from .memory import AWAKE, NEW_BUDGET, Budget, Ramp, Regain
from .model import ChargerInput, ChargerStatus, Limit, SiteSettings
from .naming import named_limit
from .overload import FELT_A
from .plan import Plan
from .ramp import (
    hold_ramp,
    is_known,
    next_current,
    next_ramp,
    note_headroom,
    patience_for,
    raised_current,
    resume_ramp,
    ripe_at,
    suspend_ramp,
)
from .situation import Situation
from .wake import is_asleep


class Case(NamedTuple):
    """One charger in a situation.

    ``present_a`` is the current in force, 0 while it is unknown. Above the ``certain``
    share it has to come down; below the ``cautious`` share it may rise, if the site's
    chargers may rise at all (``may_rise``). ``ramp`` is the increase that is under way,
    ``regain`` the current that the charger may regain quickly, ``budget`` what its
    increases have to wait for beside that. ``parked_a`` is what a parked car may keep,
    None for all others. ``overloaded``: a phase that the charger is on has an overload.
    ``doubted``: what its meter shows is not believed yet. ``growth_a`` is by how much an
    overload that the charger was lowered for has grown since the last evaluation.
    ``known``: the meter has shown where it is, and that it follows.
    """

    charger: ChargerInput
    present_a: float
    draw: Draw
    certain: Share
    cautious: Share
    ramp: Ramp | None
    regain: Regain
    overloaded: bool
    settings: SiteSettings
    now_s: float
    may_rise: bool = True
    budget: Budget = NEW_BUDGET
    parked_a: float | None = None
    doubted: bool = False
    growth_a: float = 0.0
    known: bool = False


type Verdict = tuple[ChargerDecision, Ramp | None]
"""A decision, and the ramp that goes on behind it."""


def decide_each(situation: Situation, plan: Plan) -> Plan:
    """Decide for each charger by itself, from its shares and its ramp."""
    before, shares, held_down = situation.before, situation.shares, situation.held_down
    unseen, now_s = situation.unseen, situation.now_s
    growth_a = situation.balance.excess_a - before.overload.excess_a
    decisions, ramps = {}, {}
    for charger, draw in situation.chargers:
        charger_id = charger.settings.charger_id
        ramp = before.ramps.get(charger_id)
        case = Case(
            charger,
            charger.command.in_force_a or 0.0,
            draw,
            shares.certain[charger_id],
            shares.cautious[charger_id],
            resume_ramp(ramp, now_s),
            situation.regains[charger_id],
            charger_id in held_down,
            situation.site.settings,
            now_s,
            situation.site.may_rise,
            before.budgets.get(charger_id, NEW_BUDGET),
            situation.parked_a.get(charger_id),
            charger_id in situation.doubts.chargers,
            growth_a if charger_id in situation.overload.lowered else 0.0,
            is_known(charger, situation.site.total),
        )
        decision, following = decide_charger(case)
        decisions[charger_id] = replace(
            decision,
            idle=draw.settled and max(draw.low_a) == 0,
            asleep=is_asleep(situation.wakes.get(charger_id, AWAKE), now_s),
        )
        if ramp is not None and charger_id in unseen:
            following = suspend_ramp(ramp, now_s) if decision.action is None else None
        if following is not None:
            ramps[charger_id] = following
    return Plan(decisions, ramps, plan.held_back)


def decide_charger(case: Case) -> Verdict:
    """Let the first case that applies decide; raise the charger if none does."""
    for decide in BEFORE_A_RISE:
        if (verdict := decide(case)) is not None:
            return verdict
    return _raise(case)


def _start(case: Case) -> Verdict | None:
    """A charger whose current is unknown gets its minimum, or nothing.

    It may be idle or at its maximum: it gets no more than fits in either case. Its
    minimum may fit the cautious share and still not the certain one, namely if another
    charger has too little room for its own minimum in the first only, and keeps it.
    """
    charger, share = case.charger, case.cautious
    if charger.command.in_force_a is not None:
        return None
    if not case.overloaded:
        if charger.status is ChargerStatus.UNKNOWN:
            return _left_alone(case, Limit.STATUS_UNKNOWN)
        if case.doubted:
            return _left_alone(case, Limit.METER_DOUBTED)
    if share.current_a and not case.certain.current_a:
        share = case.certain
    first_a = lowest_current(charger.settings) if share.current_a else 0.0
    limit = Limit.RAMP_UP if first_a else named_limit(share.limit, charger)
    return _changed(case, first_a, limit, ActionReason.START_UP, share.circuit_id)


def _leave_parked(case: Case) -> Verdict | None:
    """A parked car is not lowered for a load, as it takes nothing beside it."""
    parked_a, certain = case.parked_a, case.certain
    if parked_a is None or case.overloaded or not certain.current_a < case.present_a:
        return None
    if parked_a < case.present_a:
        return None
    limit = _limit_at(case.present_a, certain, case.charger)
    return _held(case, limit, certain.circuit_id)


def _lower(case: Case) -> Verdict | None:
    """A current above the certain share comes down to it at once."""
    certain = case.certain
    if not certain.current_a < case.present_a:
        return None
    if certain.current_a > _most_to_retry(case):
        return None
    limit = named_limit(certain.limit, case.charger)
    action = _reason_to_lower(certain, case.overloaded)
    return _changed(case, _ahead_of_growth(case), limit, action, certain.circuit_id)


def _ahead_of_growth(case: Case) -> float:
    """Return the certain share in A, less what an overload has just grown by.

    A load that grew since the last reduction (a cloud, an oven that heats up) will have
    grown by as much again when the car has followed. That alone pauses no charger.
    """
    certain_a, settings = case.certain.current_a, case.charger.settings
    if case.growth_a < FELT_A:
        return certain_a
    ahead_a = floor_to_step(
        certain_a - case.growth_a, settings.step_a, settings.levels_a
    )
    return min(certain_a, max(ahead_a, lowest_current(settings)))


def _adopt(case: Case) -> Verdict | None:
    """A charger that was found with a current keeps it, or the next one on its grid.

    While that is doubted, to send it might raise the charger. In an overload that it
    does not explain, the charger may have more: it gets its minimum, or a pause.
    """
    if case.charger.command.desired_a is not None:
        return None
    if case.doubted and not case.overloaded:
        return _left_alone(case, Limit.METER_DOUBTED)
    settings = case.charger.settings
    found_a = floor_to_step(case.present_a, settings.step_a, settings.levels_a)
    found_a = found_a if found_a >= lowest_current(settings) else 0.0
    if case.doubted:
        found_a = min(found_a, lowest_current(settings))
        return _changed(case, found_a, Limit.OVERLOAD, ActionReason.OVERLOAD)
    return _changed(case, found_a, Limit.SETTLING, ActionReason.START_UP)


def _give_up(case: Case) -> Verdict | None:
    """A refused increase that no longer fits is reduced, or given up."""
    retry_a, cautious = _most_to_retry(case), case.cautious
    if not retry_a < case.present_a:
        return None
    if case.charger.command.least_in_force_a:
        action = ActionReason.SUPPLY
        if retry_a < cautious.current_a:
            return _changed(case, retry_a, Limit.RAMP_UP, action)
    else:
        action = ActionReason.RESUMED if retry_a else ActionReason.BELOW_MINIMUM
    limit = _limit_at(retry_a, cautious, case.charger)
    return _changed(case, retry_a, limit, action, cautious.circuit_id)


def _hold_in_overload(case: Case) -> Verdict | None:
    """Nothing rises on an overloaded phase."""
    return _held(case, Limit.OVERLOAD) if case.overloaded else None


def _hold_unknown_status(case: Case) -> Verdict | None:
    """A charger whose status is unknown is not raised, except from a pause of ours.

    The pause may be what took the status away. The cautious share is its minimum then.
    """
    charger = case.charger
    if charger.status is not ChargerStatus.UNKNOWN or case.present_a == 0:
        return None
    if case.present_a >= charger.settings.ceiling_a:
        return None
    return _held(case, Limit.STATUS_UNKNOWN)


def _hold_until_settled(case: Case) -> Verdict | None:
    """Nothing rises until the meter can show the last command, and it is confirmed."""
    if case.now_s >= case.draw.final_at_s and case.charger.command.confirmed:
        return None
    patience = patience_for(case.regain, case.present_a)
    share_a = case.cautious.current_a
    ramp = hold_ramp(case.ramp, case.settings, case.now_s, patience, share_a)
    return _held(case, Limit.SETTLING, ramp=ramp)


def _hold_at_share(case: Case) -> Verdict | None:
    """A charger that already has its cautious share keeps it.

    The share is at least the charger's minimum. A charger that holds less, because its
    minimum was raised since, is held here as long as no charger may rise.
    """
    cautious = case.cautious
    if case.may_rise and cautious.current_a > case.present_a:
        return None
    limit = _limit_at(case.present_a, cautious, case.charger)
    return _held(case, limit, cautious.circuit_id)


def _raise(case: Case) -> Verdict:
    """Raise by what the ramp allows, once headroom has lasted long enough."""
    cautious, present_a = case.cautious, case.present_a
    ramp = note_headroom(case.ramp, cautious.current_a, case.now_s)
    if not _is_ripe(case, ramp):
        return _held(case, Limit.RAMP_UP, ramp=ramp)
    settings, now_s = case.charger.settings, case.now_s
    raised_a = raised_current(
        ramp,
        case.regain,
        present_a,
        settings,
        case.settings,
        now_s,
        known=case.known,
    )
    share_limit = named_limit(cautious.limit, case.charger)
    ripe_a = raised_a
    raised_a = restrained(raised_a, case.budget, ramp, present_a, settings, now_s)
    if raised_a < ripe_a and raised_a <= present_a:
        return _held(case, Limit.RAMP_UP, ramp=ramp)
    if raised_a <= present_a:
        return _held(case, share_limit, cautious.circuit_id)
    action = ActionReason.HEADROOM if present_a else ActionReason.RESUMED
    following = next_ramp(ramp, case.settings, now_s)
    if raised_a >= cautious.current_a:
        return _changed(
            case, raised_a, share_limit, action, cautious.circuit_id, following
        )
    return _changed(case, raised_a, Limit.RAMP_UP, action, ramp=following)


BEFORE_A_RISE: Final[tuple[Callable[[Case], Verdict | None], ...]] = (
    _start,
    _leave_parked,
    _lower,
    _adopt,
    _give_up,
    _hold_in_overload,
    _hold_unknown_status,
    _hold_until_settled,
    _hold_at_share,
)


def _changed(
    case: Case,
    desired_a: float,
    limit: Limit,
    action: ActionReason,
    circuit_id: str = "",
    ramp: Ramp | None = None,
) -> Verdict:
    high_a = case.draw.high_a
    return ChargerDecision(desired_a, limit, action, high_a, circuit_id), ramp


def _held(
    case: Case, limit: Limit, circuit_id: str = "", *, ramp: Ramp | None = None
) -> Verdict:
    high_a = case.draw.high_a
    return ChargerDecision(case.present_a, limit, None, high_a, circuit_id), ramp


def _left_alone(case: Case, limit: Limit) -> Verdict:
    return ChargerDecision(None, limit, None, case.draw.high_a), None


def _most_to_retry(case: Case) -> float:
    """Return how much of a refused increase to try again, in A; inf if none was.

    What was free when the increase was decided may be taken by now. A charger that
    refuses to start with that much may accept its minimum, and one that refused it
    several times a smaller rise.
    """
    command, cautious_a = case.charger.command, case.cautious.current_a
    if not command.is_refused:
        return inf
    if least_a := command.least_in_force_a:
        if command.has_problem:
            fits, settings = Ramp(case.now_s, cautious_a), case.charger.settings
            return next_current(fits, least_a, settings, case.settings)
        return max(least_a, cautious_a)
    return min(lowest_current(case.charger.settings), case.cautious.current_a)


def _is_ripe(case: Case, ramp: Ramp) -> bool:
    """Return whether headroom has lasted long enough, over more than one reading."""
    if case.now_s >= ripe_at(ramp, case.settings):
        return True
    patience = patience_for(case.regain, case.present_a)
    ripe_s = ripe_at(ramp, case.settings, patience)
    return case.now_s >= ripe_s and case.draw.taken_at_s > ramp.since_s


def _limit_at(current_a: float, share: Share, charger: ChargerInput) -> Limit:
    """Return the limit that holds a charger; an admitted one does not wait its turn."""
    limit = named_limit(share.limit, charger)
    waits = limit in (Limit.WAITING_FOR_TURN, Limit.BELOW_MINIMUM)
    return Limit.SUPPLY if waits and current_a else limit


def _reason_to_lower(certain: Share, overloaded: bool) -> ActionReason:
    if overloaded:
        return ActionReason.OVERLOAD
    if certain.limit is Limit.CHARGER_MAXIMUM:
        return ActionReason.CEILING
    if certain.current_a == 0:
        return ActionReason.BELOW_MINIMUM
    return ActionReason.SUPPLY
