"""Names the limit where several ceilings hold a charger at the same current."""

from dataclasses import replace

from .decision import ActionReason, ChargerDecision
from .model import CEILINGS, ChargerInput, Limit
from .plan import Plan
from .situation import Situation


def named_limit(limit: Limit, charger: ChargerInput) -> Limit:
    """Return which of the charger's own ceilings counts; keep any other limit."""
    if limit is Limit.CHARGER_MAXIMUM:
        return charger.settings.ceiling_name
    return limit


def name_ladder(situation: Situation, plan: Plan) -> Plan:
    """Name the overload where the ladder is the ceiling that lowered a charger."""
    ladder_a = situation.ladder_a
    if not ladder_a:
        return plan
    changed = {}
    for charger, _ in situation.chargers:
        charger_id, own_a = charger.settings.charger_id, charger.settings.ceiling_a
        decision = plan.decisions[charger_id]
        lowered = decision.action is ActionReason.OVERLOAD
        if (
            lowered
            and decision.limit in CEILINGS
            and ladder_a.get(charger_id, own_a) < own_a
        ):
            changed[charger_id] = replace(decision, limit=Limit.OVERLOAD)
    return plan.with_decisions(changed)


def name_lost_meter(situation: Situation, plan: Plan) -> Plan:
    """Name the meter that is lost or doubted where it is the ceiling of a charger."""
    ceilings_a, doubted = situation.lost.ceilings_a, situation.doubts.chargers
    if doubted:
        plan = plan.with_decisions(_limited_by_doubts(situation, plan))
    if not ceilings_a:
        return plan
    return plan.with_decisions(
        {key: _limited_by_lost_meter(plan.decisions[key]) for key in ceilings_a}
    )


def _limited_by_doubts(situation: Situation, plan: Plan) -> dict[str, ChargerDecision]:
    """Return the decisions for chargers that might have more but for a doubted meter."""
    return {
        charger.settings.charger_id: replace(decision, limit=Limit.METER_DOUBTED)
        for charger in situation.site.chargers
        if charger.settings.charger_id in situation.doubts.chargers
        and (decision := plan.decisions[charger.settings.charger_id]).limit in CEILINGS
        and (decision.desired_a or 0.0) < charger.settings.ceiling_a
    }


def _limited_by_lost_meter(decision: ChargerDecision) -> ChargerDecision:
    if decision.limit not in CEILINGS:
        return decision
    lowered = decision.action is ActionReason.CEILING
    action = ActionReason.METER_LOST if lowered else decision.action
    return replace(decision, limit=Limit.METER_LOST, action=action)
