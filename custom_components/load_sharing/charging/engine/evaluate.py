"""One evaluation of a site: reading -> draw -> base -> allocation -> ramp -> current.

``evaluate`` is a pure function. Reductions leave at once; increases need a
reading that shows every earlier command, and headroom that has lasted.
"""

from collections.abc import Collection, Mapping, Set as AbstractSet
from dataclasses import replace
from math import inf
from typing import NamedTuple

from .alarm import sound
from .calm import find_calm
from .claims import Allocations, allocations
from .decide import decide_charger
from .demand import DemandState, follow
from .draw import Draw, has_answered
from .fallback import SEES_ALL, Blind, decide_without_meter, find_blind
from .ladder import as_stepped_down, ladder_ceilings, least_of
from .measurement import clears_at
from .model import (
    CEILINGS,
    ActionReason,
    BalancerState,
    ChargerDecision,
    ChargerInput,
    Decision,
    EngineState,
    Limit,
    PhaseVector,
    Ramp,
    Regain,
    SiteInput,
    Turn,
)
from .overload import (
    NO_OVERLOAD,
    OverloadEvent,
    OverloadPhase,
    OverloadState,
    Reduction,
    advance,
    report,
)
from .ramp import begin, learn, patience_for, ripe_at
from .shift import is_short, land_reductions_first, make_room
from .supply import (
    Balance,
    balance_supply,
    cautious_constraints,
    certain_constraints,
    estimate_draws,
)
from .turns import follow_turns, next_turn_s

FADES = 0.75
"""How long an overload lasts is remembered by this much from one to the next."""


def evaluate(
    state: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Decide what every charger shall have at ``now_s``."""
    if site.reading is None:
        if site.enabled:
            after, decision = decide_without_meter(state, site, now_s)
        else:
            after = EngineState(demand=state.demand)
            decision = Decision(BalancerState.DISABLED, _untouched(site))
        return after, _cleared(state, decision, now_s)
    draws, of_circuits = estimate_draws(site, site.reading, now_s)
    balance = balance_supply(site, site.reading, draws, of_circuits)
    demand = None
    if site.demand is not None:
        net_a = sum(site.reading.current_a)
        demand = follow(state.demand, site.demand, net_a, now_s)
    if not site.enabled:
        decision = Decision(BalancerState.DISABLED, _untouched(site, draws))
        decision = _measured(decision, balance)
        return EngineState(demand=demand), _cleared(state, decision, now_s)
    return _balanced(state, site, draws, balance, demand, now_s)


class _Choice(NamedTuple):
    """What every charger shall have, and what led to it."""

    decisions: dict[str, ChargerDecision]
    ramps: dict[str, Ramp]
    regains: dict[str, Regain]
    turns: dict[str, Turn]
    blind: Blind
    held_back: list[str]


def _balanced(
    state: EngineState,
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    demand: DemandState | None,
    now_s: float,
) -> tuple[EngineState, Decision]:
    overload, correction_due = _follow_overload(state, site, draws, balance, now_s)
    choice = _choose(state, site, draws, balance, demand, overload, now_s)
    events: tuple[OverloadEvent, ...] = ()
    overload_s = state.overload_s
    if overload is not state.overload:
        was_one = state.overload.phase is not OverloadPhase.NONE
        if overload.phase is OverloadPhase.NONE and was_one and not state.alarmed:
            # One that a load ended tells nothing: what is remembered fades slowly.
            overload_s = max(now_s - state.overload.since_s, overload_s * FADES)
        reductions = _reductions(site, choice.decisions)
        overload, events = report(state.overload, overload, reductions, now_s)
    alarmed, alarms = sound(state, overload, site, balance, draws, now_s)
    moments = _moments(site, draws, choice, overload)
    under_way = (
        overload.phase is not OverloadPhase.NONE
        or choice.held_back
        or choice.blind.since_s
    )
    decision = Decision(
        state=_state(site, choice.decisions, overload),
        chargers=choice.decisions,
        base_a=balance.supply.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
        overloaded_id=balance.worst_id,
        circuit_headroom_a=_headrooms(balance) if balance.circuits else (),
        fallback_active=choice.blind.active,
        correction_due=correction_due,
        events=events + alarms,
        wake_at_s=min([at_s for at_s in moments if now_s < at_s < inf], default=None),
        calm=None
        if under_way
        else find_calm(site, draws, balance, choice.decisions, choice.ramps),
    )
    after = EngineState(
        choice.ramps,
        overload,
        choice.turns,
        choice.blind.since_s,
        demand,
        alarmed,
        _learnt(site, choice, state.overload_s, now_s),
        overload_s,
    )
    return after, decision


def _follow_overload(
    state: EngineState,
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    now_s: float,
) -> tuple[OverloadState, bool]:
    """Move the overload machine on; tell whether a correction is due."""
    culprits = _culprits(site, draws, balance.overloaded_ids)
    before = state.overload
    if before.lowered:
        # Where chargers were lowered, it may have helped: what is left is elsewhere.
        lowered = before.lowered & balance.overloaded_ids
        asked_a = before.asked_a if lowered and culprits else None
        before = replace(before, asked_a=asked_a, lowered=lowered)
    return advance(
        before,
        balance.excess_a,
        now_s,
        site.settings.overload_trigger_delay_s,
        site.settings.overload_loop_interval_s,
        bool(culprits)
        and all([has_answered(charger, draw, now_s) for charger, draw in culprits]),
        any([charger.draw is None for charger, _ in culprits]),
    )


def _choose(
    state: EngineState,
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    demand: DemandState | None,
    overload: OverloadState,
    now_s: float,
) -> _Choice:
    """Share out, decide for each charger, and let reductions land first."""
    blind = find_blind(state, site, now_s) if site.circuits else SEES_ALL
    several = len(site.chargers) > 1
    turns = follow_turns(state.turns, site, draws, now_s) if several else {}
    limits = free = certain_constraints(site, balance, demand, now_s)
    if not balance.exact:
        free = cautious_constraints(site, balance, demand, now_s)
    ladder_a = ladder_ceilings(site, balance, draws, overload, now_s)
    lowered_a = least_of(blind.ceilings_a, ladder_a)
    shares = allocations(site, balance, turns, lowered_a, limits, free, now_s)
    held = balance.overloaded_ids if overload.phase is not OverloadPhase.NONE else ()
    regains = {
        charger.settings.charger_id: state.regains.get(charger.settings.charger_id)
        or begin(now_s)
        for charger in site.chargers
    }
    decisions, ramps = _decide_each(state, site, draws, shares, regains, held, now_s)
    if ladder_a:
        as_stepped_down(site, ladder_a, decisions)
    for charger_id in blind.ceilings_a:
        decisions[charger_id] = _as_blind(decisions[charger_id])
    held_back: list[str] = []
    if several:
        held_back = land_reductions_first(site, shares.free, decisions, now_s)
        if held_back and is_short(site, shares.claims, held_back):
            make_room(site, draws, shares.fair(), decisions)
        for charger_id in held_back:
            ramps.pop(charger_id, None)
            if charger_id in state.ramps:
                ramps[charger_id] = state.ramps[charger_id]
    return _Choice(decisions, ramps, regains, turns, blind, held_back)


def _moments(
    site: SiteInput, draws: list[Draw], choice: _Choice, overload: OverloadState
) -> list[float]:
    """When time alone may change the outcome."""
    moments = _ripening(site, choice)
    moments += choice.blind.wake_at_s
    moments += next_turn_s(site, choice.turns) if choice.turns else ()
    moments += [draw.counts_at_s for draw in draws]
    moments += [clears_at(charger.draw) for charger in site.chargers if charger.draw]
    if choice.held_back:
        moments += [_settles_at(charger) for charger in site.chargers]
    if overload.phase is not OverloadPhase.NONE:
        moments.append(overload.due_s)
    if site.demand is not None:
        moments.append(site.demand.ends_s)
    return moments


def _learnt(
    site: SiteInput, choice: _Choice, overload_s: float, now_s: float
) -> dict[str, Regain]:
    return {
        charger.settings.charger_id: learn(
            choice.regains[charger.settings.charger_id],
            charger.command,
            choice.decisions[charger.settings.charger_id],
            site.settings,
            overload_s,
            now_s,
        )
        for charger in site.chargers
    }


def _culprits(
    site: SiteInput, draws: list[Draw], overloaded_ids: AbstractSet[str]
) -> list[tuple[ChargerInput, Draw]]:
    """Chargers on an overloaded phase that may be drawing."""
    if not overloaded_ids:
        return []
    return [
        (charger, draw)
        for charger, draw in zip(site.chargers, draws, strict=True)
        if charger.settings.charger_id in overloaded_ids
        and charger.command.most_possible_a > 0
    ]


def _decide_each(
    state: EngineState,
    site: SiteInput,
    draws: list[Draw],
    shares: Allocations,
    regains: Mapping[str, Regain],
    overloaded: Collection[str],
    now_s: float,
) -> tuple[dict[str, ChargerDecision], dict[str, Ramp]]:
    ramps: dict[str, Ramp] = {}
    decisions: dict[str, ChargerDecision] = {}
    for charger, draw in zip(site.chargers, draws, strict=True):
        charger_id = charger.settings.charger_id
        chosen, ramp = decide_charger(
            charger,
            draw,
            (shares.certain[charger_id], shares.cautious[charger_id]),
            state.ramps.get(charger_id),
            regains[charger_id],
            charger_id in overloaded,
            site.settings,
            now_s,
        )
        decisions[charger_id] = chosen
        if ramp is not None:
            ramps[charger_id] = ramp
    return decisions, ramps


def _as_blind(decision: ChargerDecision) -> ChargerDecision:
    """Name the lost meter as what keeps a charger down."""
    if decision.limit not in CEILINGS:
        return decision
    lowered = decision.action is ActionReason.CEILING
    action = ActionReason.METER_LOST if lowered else decision.action
    return replace(decision, limit=Limit.METER_LOST, action=action)


def _headrooms(balance: Balance) -> tuple[PhaseVector | None, ...]:
    return tuple([load.headroom_a for load in balance.circuits])


def _cleared(before: EngineState, decision: Decision, now_s: float) -> Decision:
    """Tell that an overload is over because nobody looks for it any more."""
    _, events = report(before.overload, NO_OVERLOAD, (), now_s)
    return replace(decision, events=events) if events else decision


def _measured(decision: Decision, balance: Balance) -> Decision:
    return replace(
        decision,
        base_a=balance.supply.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
        overloaded_id=balance.worst_id,
        circuit_headroom_a=_headrooms(balance),
    )


def _reductions(
    site: SiteInput, decisions: dict[str, ChargerDecision]
) -> tuple[Reduction, ...]:
    reductions = []
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        decision, present_a = decisions[charger_id], charger.command.in_force_a
        decided_a = None if decision.withheld else decision.desired_a
        if decided_a is not None and present_a is not None and decided_a < present_a:
            reductions.append(Reduction(charger_id, present_a, decided_a))
    return tuple(reductions)


def _state(
    site: SiteInput, decisions: dict[str, ChargerDecision], overload: OverloadState
) -> BalancerState:
    if overload.phase is not OverloadPhase.NONE:
        return BalancerState.OVERLOAD
    chosen = decisions.values()
    if decisions and all([decision.desired_a == 0 for decision in chosen]):
        return BalancerState.STOPPED
    for charger in site.chargers:
        desired_a = decisions[charger.settings.charger_id].desired_a
        command = charger.command
        changes = desired_a != command.desired_a or not command.confirmed
        if desired_a is not None and changes:
            return BalancerState.ADJUSTING
    if any([decision.limit is Limit.RAMP_UP for decision in chosen]):
        return BalancerState.RAMP_UP_HOLD
    return BalancerState.ACTIVE


def _ripening(site: SiteInput, choice: _Choice) -> list[float]:
    """When those are ripe that wait for nothing but time."""
    moments = []
    for charger_id, ramp in choice.ramps.items():
        chosen = choice.decisions[charger_id]
        if chosen.limit is Limit.RAMP_UP:
            regain = choice.regains[charger_id]
            patience = patience_for(regain, chosen.desired_a or 0.0)
            moments.append(ripe_at(ramp, site.settings, patience))
            moments.append(ripe_at(ramp, site.settings))
    return moments


def _settles_at(charger: ChargerInput) -> float:
    return charger.command.settled_at(charger.settings.settle_s)


def _untouched(
    site: SiteInput, draws: list[Draw] | None = None
) -> dict[str, ChargerDecision]:
    """Leave every charger to its owner."""
    return {
        charger.settings.charger_id: ChargerDecision(
            None, Limit.DISABLED, None, draws[index].high_a if draws else ()
        )
        for index, charger in enumerate(site.chargers)
    }
