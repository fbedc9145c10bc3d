"""What no rule may do, checked once for all of them after the last one.

The rules are made to keep these limits by themselves, and tests hold every one of them
to that. The guard makes sure that a mistake in a rule costs current, never the fuse:

1. Never above a charger's own ceiling.
2. Never a rise on what is not known: an unconfirmed command, a reading that cannot show
   it yet, an unknown status, a lost meter, an external limit not heard of yet.
3. Never a rise on an overloaded phase.
4. Never above a constraint: rises fit what is free, everything fits what is left.
"""

from collections.abc import Sequence
from dataclasses import replace

from .allocation import Constraint
from .claims import lowest_current
from .draw import Draw
from .model import ChargerDecision, ChargerInput, ChargerStatus, Limit
from .plan import Plan
from .situation import Situation

ROUNDING_A = 1e-3
"""Constraints are kept to within this: flooring rounds each charger to a microampere."""


def enforce(situation: Situation, plan: Plan) -> Plan:
    """Return a plan that does nothing forbidden: a sound one comes back as it is."""
    plan = plan.with_decisions(_forbidden(situation, plan))
    plan = plan.with_decisions(_rises_too_much(situation, plan))
    return plan.with_decisions(_too_much(situation, plan))


def _forbidden(situation: Situation, plan: Plan) -> dict[str, ChargerDecision]:
    """Replace what a single charger may not have, whatever the others have."""
    kept = {}
    for charger, draw in situation.chargers:
        decision = plan.decisions[charger.settings.charger_id]
        if decision.desired_a is None:
            continue
        most_a = charger.settings.ceiling_a
        if _rises(charger, decision) and not _may_rise(situation, charger, draw):
            most_a = min(most_a, _held_a(charger))
        if decision.desired_a > most_a + ROUNDING_A:
            kept[charger.settings.charger_id] = _capped(decision, most_a)
    return kept


def _rises_too_much(situation: Situation, plan: Plan) -> dict[str, ChargerDecision]:
    """Take rises back that do not fit what is free."""
    rising = {
        charger.settings.charger_id: _held_a(charger)
        for charger, _ in situation.chargers
        if _rises(charger, plan.decisions[charger.settings.charger_id])
    }
    if not rising:
        return {}
    return {
        key: _capped(plan.decisions[key], rising[key])
        for constraint in _exceeded(situation.shares.free, plan)
        for key in constraint.members
        if key in rising
    }


def _too_much(situation: Situation, plan: Plan) -> dict[str, ChargerDecision]:
    """Lower everyone in a constraint that is still exceeded to the certain share."""
    certain = situation.shares.certain
    return {
        key: _capped(plan.decisions[key], certain[key].current_a)
        for constraint in _exceeded(situation.shares.limits, plan)
        for key in constraint.members
        if (plan.decisions[key].desired_a or 0.0) > certain[key].current_a
    }


def _rises(charger: ChargerInput, decision: ChargerDecision) -> bool:
    return (decision.desired_a or 0.0) > (charger.command.in_force_a or 0.0)


def _may_rise(situation: Situation, charger: ChargerInput, draw: Draw) -> bool:
    """Whether enough is known of a charger, and of what it is on, to raise it."""
    charger_id, command = charger.settings.charger_id, charger.command
    return (
        command.desired_a is not None
        and command.confirmed
        and charger.status is not ChargerStatus.UNKNOWN
        and situation.now_s >= draw.counts_at_s
        and situation.site.may_rise
        and charger_id not in situation.held_down
        and charger_id not in situation.lost.ceilings_a
    )


def _held_a(charger: ChargerInput) -> float:
    """Current without a rise. One of which nothing is known may start at its minimum."""
    present_a = charger.command.in_force_a
    return lowest_current(charger.settings) if present_a is None else present_a


def _exceeded(constraints: Sequence[Constraint], plan: Plan) -> list[Constraint]:
    """Constraints whose members together are to have more than the capacity."""
    decisions, exceeded = plan.decisions, []
    for constraint in constraints:
        planned_a = 0.0
        for charger_id, takes in constraint.members.items():
            planned_a += takes * (decisions[charger_id].desired_a or 0.0)
        if planned_a > max(0.0, constraint.capacity_a) + ROUNDING_A:
            exceeded.append(constraint)
    return exceeded


def _capped(decision: ChargerDecision, most_a: float) -> ChargerDecision:
    return replace(decision, desired_a=most_a, limit=Limit.SETTLING, action=None)
