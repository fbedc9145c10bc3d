"""One evaluation of a site, from its readings to a current for every charger.

It is a straight line. The meters' readings are split into base load and draw; the
situation adds what the engine remembers; the rules make a plan; the guard checks the
plan; and the conclusion reports the overload. ``evaluate`` is a pure function.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .balance import Balance
from .budget import update_budget
from .calm import find_calm
from .decision import BalancerState, ChargerDecision, Decision
from .direction import follow_directions, reversed_phases, steps_until_s, without_signs
from .edge import note_rises
from .feed_in import follow_feed_in, hidden_by
from .guard import enforce
from .memory import NEW_BUDGET, Budget, EngineState, Regain
from .meter_lost import decide_without_meter
from .model import EXPORTS_A, ChargerInput, Limit, PhaseVector, SiteInput
from .overload import OverloadPhase
from .overload_events import Conclusion, cleared, conclude
from .pauses import Pause, follow_pauses, with_minimums
from .phases import as_wired, completes_s, follow_phases, pending_until_s, with_reversed
from .plan import Plan
from .ramp import update_regain
from .relapse import find_unproven, follow_relapses
from .response import Responses, follow_responses
from .rules import make_plan
from .situation import Measured, Situation, assess, measure
from .turned import with_turned
from .wake_up import wake_up_s


def evaluate(
    before: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Decide what every charger is to have at ``now_s``, and what to remember.

    ``now_s`` is monotonic, and so are all times of the site and of the state. Each
    charger counts on the phases that its car is known to use.
    """
    away = [charger for charger in site.chargers if charger.away]
    if away:
        here = tuple([charger for charger in site.chargers if not charger.away])
        site = replace(site, chargers=here)
    directions = follow_directions(before.directions, site, now_s)
    backwards = reversed_phases(directions)
    before = with_turned(before, directions, backwards, site, now_s)
    site = without_signs(site, backwards)
    wirings = follow_phases(before.wirings, before.overload, site, now_s)
    feed_in = follow_feed_in(before.feed_in, site, now_s)
    site = replace(as_wired(site, wirings), hidden_a=hidden_by(feed_in))
    site, responses = _with_responses(before, site, now_s)
    overload = before.overload.phase is not OverloadPhase.NONE
    pauses = follow_pauses(
        before.pauses, site, before.reading, now_s, overload=overload
    )
    site = _without_pauses(site, pauses)
    after, decision = _evaluate(before, site, now_s)
    pending_s = max([pending_until_s(wirings), steps_until_s(directions)])
    moments_s = [pending_s, responses.complete_s, *completes_s(wirings)]
    decided = with_minimums(decision.chargers, site.chargers)
    decision = replace(
        decision,
        chargers={**decided, **_left_alone(away)} if away else decided,
        known=with_reversed(wirings.chargers, backwards),
        calm=decision.calm if now_s >= pending_s else None,
        wake_at_s=_earliest([decision.wake_at_s, *moments_s], now_s),
        never_pause=frozenset(
            [charger_id for charger_id, pause in pauses.items() if pause.refuted]
        ),
        latencies_s={key: one.latency_s for key, one in responses.chargers.items()},
    )
    after = replace(
        after,
        responses=responses,
        reading=site.reading,
        exports=site.exports,
        feed_in=feed_in,
        wirings=wirings,
        directions=directions,
        pauses=pauses,
    )
    return after, decision


def _left_alone(away: list[ChargerInput]) -> dict[str, ChargerDecision]:
    """Return the decisions on cars that are elsewhere."""
    return {
        charger.settings.charger_id: ChargerDecision(None, Limit.AWAY, None, (0.0,))
        for charger in away
    }


def _earliest(moments_s: Iterable[float | None], now_s: float) -> float | None:
    """Return the first time to evaluate again that is not past."""
    later_s = [at_s for at_s in moments_s if at_s is not None and at_s > now_s]
    return min(later_s, default=None)


def _evaluate(
    before: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Decide with the meter, without it, or nothing if balancing is off."""
    if site.reading is None:
        return _without_meter(before, site, now_s)
    measured = measure(before, site, site.reading, now_s)
    if not site.enabled:
        return _switched_off(before, site, measured, now_s)
    situation = assess(before, site, measured, now_s)
    plan = enforce(situation, make_plan(situation))
    conclusion = conclude(situation, plan)
    onsets, kept_s = follow_relapses(before.onsets, situation)
    after = _remember(situation, plan, conclusion)
    decision = _decide(situation, plan, conclusion)
    return replace(after, onsets=onsets), replace(decision, kept_s=kept_s)


def _with_responses(
    before: EngineState, site: SiteInput, now_s: float
) -> tuple[SiteInput, Responses]:
    """Return the site with what is known of its chargers' responses and of export."""
    responses = follow_responses(before.responses, before.reading, site, now_s)
    chargers = tuple(
        [
            replace(charger, response=responses.chargers[charger.settings.charger_id])
            for charger in site.chargers
        ]
    )
    exports = before.exports or (
        site.reading is not None and min(site.reading.current_a) < EXPORTS_A
    )
    return replace(site, chargers=chargers, exports=exports), responses


def _without_pauses(site: SiteInput, pauses: Mapping[str, Pause]) -> SiteInput:
    """Return the site with the minimum for chargers whose pause is no pause."""
    ended = {charger_id for charger_id, pause in pauses.items() if pause.must_end}
    if not ended:
        return site
    chargers = [
        replace(charger, settings=replace(charger.settings, never_pauses=True))
        if charger.settings.charger_id in ended
        else charger
        for charger in site.chargers
    ]
    return replace(site, chargers=tuple(chargers))


def _without_meter(
    before: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Apply the fallback, or leave the chargers alone if balancing is off."""
    if site.enabled:
        after, decision = decide_without_meter(before, site, now_s)
    else:
        after = EngineState(demand=before.demand)
        decision = Decision(BalancerState.DISABLED, _untouched(site))
    return after, replace(decision, events=cleared(before.overload, now_s))


def _switched_off(
    before: EngineState, site: SiteInput, measured: Measured, now_s: float
) -> tuple[EngineState, Decision]:
    """Command nothing, and show what the meters measure."""
    balance = measured.balance
    decision = Decision(
        BalancerState.DISABLED,
        _untouched(site, measured),
        base_a=balance.supply.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
        overloaded_id=balance.worst_id,
        circuit_headroom_a=_circuit_headroom(balance),
        events=cleared(before.overload, now_s),
    )
    return EngineState(demand=measured.demand), decision


def _untouched(
    site: SiteInput, measured: Measured | None = None
) -> dict[str, ChargerDecision]:
    draws_a = {
        charger.settings.charger_id: draw.high_a
        for charger, draw in (measured.chargers if measured else ())
    }
    return {
        charger.settings.charger_id: ChargerDecision(
            None,
            Limit.DISABLED,
            None,
            draws_a.get(charger.settings.charger_id, ()),
        )
        for charger in site.chargers
    }


def _decide(situation: Situation, plan: Plan, conclusion: Conclusion) -> Decision:
    """Return what was decided, from which measurements, and until when it holds."""
    balance = situation.balance
    is_in_motion = (
        situation.overload_is_open
        or plan.held_back
        or situation.lost.since_s
        or situation.doubts.chargers
    )
    return Decision(
        state=_state(situation, plan),
        chargers=plan.decisions,
        base_a=balance.supply.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
        overloaded_id=balance.worst_id,
        circuit_headroom_a=_circuit_headroom(balance),
        fallback_active=situation.lost.active,
        correction_due=situation.correction_due,
        unproven=find_unproven(situation, plan),
        events=conclusion.events,
        wake_at_s=wake_up_s(situation, plan),
        calm=None if is_in_motion else find_calm(situation, plan),
    )


def _state(situation: Situation, plan: Plan) -> BalancerState:
    """Name what the balancer as a whole is doing."""
    if situation.overload_is_open:
        return BalancerState.OVERLOAD
    decisions = plan.decisions.values()
    if decisions and all([decision.desired_a == 0 for decision in decisions]):
        return BalancerState.STOPPED
    for charger, _ in situation.chargers:
        desired_a = plan.decisions[charger.settings.charger_id].desired_a
        command = charger.command
        changes = desired_a != command.desired_a or not command.confirmed
        if desired_a is not None and changes:
            return BalancerState.ADJUSTING
    if any([decision.limit is Limit.RAMP_UP for decision in decisions]):
        return BalancerState.RAMP_UP_HOLD
    return BalancerState.ACTIVE


def _remember(situation: Situation, plan: Plan, conclusion: Conclusion) -> EngineState:
    """Keep what the next evaluation needs."""
    return EngineState(
        plan.ramps,
        conclusion.overload,
        situation.turns,
        situation.lost.since_s,
        situation.demand,
        conclusion.alarmed,
        _learnt(situation, plan),
        conclusion.lasted_s,
        budgets=_spent(situation, plan),
        idle_since_s=situation.idle_since_s,
        wakes=situation.wakes,
        trust=situation.doubts.trust,
        edges=note_rises(
            situation.edges,
            situation.site,
            situation.chargers,
            situation.balance,
            plan,
            situation.now_s,
        ),
    )


def _spent(situation: Situation, plan: Plan) -> dict[str, Budget]:
    """Note what each charger's increases were worth."""
    return {
        charger.settings.charger_id: update_budget(
            situation.before.budgets.get(charger.settings.charger_id, NEW_BUDGET),
            charger.command,
            plan.decisions[charger.settings.charger_id],
            situation.now_s,
        )
        for charger, _ in situation.chargers
    }


def _learnt(situation: Situation, plan: Plan) -> dict[str, Regain]:
    """Learn from each charger's present current how soon its next rise may come."""
    return {
        charger.settings.charger_id: update_regain(
            situation.regains[charger.settings.charger_id],
            charger.command,
            plan.decisions[charger.settings.charger_id],
            situation.site.settings,
            situation.before.overload_s,
            situation.now_s,
        )
        for charger, _ in situation.chargers
    }


def _circuit_headroom(balance: Balance) -> tuple[PhaseVector | None, ...]:
    if not balance.circuits:
        return ()
    return tuple([load.headroom_a for load in balance.circuits])
