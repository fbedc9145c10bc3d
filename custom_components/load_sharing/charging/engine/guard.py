"""Checks once, after the last rule, what no rule may do.

The rules are made to keep these limits by themselves, and tests hold every one of them
to that. The guard makes sure that a mistake in a rule costs current, never the fuse:

1. Never above a charger's ceiling: its own, the overload ladder's or a lost meter's.
2. Never a rise on what is not known: an unconfirmed command, a reading that cannot show
   it yet, an unknown status, a meter that is lost or doubted, an external limit not
   reported yet.
3. Never a rise on an overloaded phase.
4. Never above a constraint: rises fit what is free, everything fits what is left. What
   a parked car keeps does not count, as it takes nothing; what it gets does.

A charger that takes more when it is paused may always have its minimum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from .allocation import Constraint
from .draw import Draw
from .grid import least_current, lowest_current
from .model import ChargerInput, ChargerStatus, Limit
from .plan import Plan
from .situation import Situation

ROUNDING_A = 1e-3
"""Constraints are kept to within this, as each charger is rounded to 1 µA."""


def enforce(situation: Situation, plan: Plan) -> Plan:
    """Return the plan without what is forbidden; a sound plan is returned unchanged."""
    ceilings_a = {claim.charger_id: claim.max_a for claim in situation.shares.claims}
    desired_a: dict[str, float] = {}
    rising_from_a: dict[str, float] = {}
    for charger, draw in situation.chargers:
        charger_id, held_a = charger.settings.charger_id, _held_a(charger)
        current_a = plan.decisions[charger_id].desired_a or 0.0
        most_a = ceilings_a[charger_id]
        if current_a > held_a:
            rising_from_a[charger_id] = held_a
            if not _may_rise(situation, charger, draw):
                most_a = min(most_a, held_a)
        desired_a[charger_id] = most_a if current_a > most_a + ROUNDING_A else current_a
    if rising_from_a:
        for charger_id in _in_exceeded(
            situation.shares.free, _counted(situation, desired_a, rising_from_a)
        ):
            held_a = rising_from_a.get(charger_id, inf)
            desired_a[charger_id] = min(desired_a[charger_id], held_a)
    for charger_id in _in_exceeded(
        situation.shares.limits, _counted(situation, desired_a, rising_from_a)
    ):
        certain_a = situation.shares.certain[charger_id].current_a
        desired_a[charger_id] = min(desired_a[charger_id], certain_a)
    for charger, _ in situation.chargers:
        least_a = least_current(charger.settings)
        desired_a[charger.settings.charger_id] = max(
            desired_a[charger.settings.charger_id], least_a
        )
    return _capped(plan, desired_a)


def _may_rise(situation: Situation, charger: ChargerInput, draw: Draw) -> bool:
    """Return whether enough is known of a charger and its phases to raise it."""
    charger_id, command = charger.settings.charger_id, charger.command
    return (
        command.confirmed
        and (charger.status is not ChargerStatus.UNKNOWN or command.desired_a == 0)
        and situation.now_s >= draw.final_at_s
        and situation.site.may_rise
        and charger_id not in situation.held_down
        and charger_id not in situation.lost.ceilings_a
        and charger_id not in situation.doubts.chargers
    )


def _held_a(charger: ChargerInput) -> float:
    """Return the current in A without a rise; the minimum if it is unknown."""
    present_a = charger.command.in_force_a
    return lowest_current(charger.settings) if present_a is None else present_a


def _counted(
    situation: Situation,
    desired_a: Mapping[str, float],
    rising_from_a: Mapping[str, float],
) -> dict[str, float]:
    """Return the currents without what parked cars keep, as they take nothing."""
    kept_a = {
        charger_id: parked_a
        for charger_id, parked_a in situation.parked_a.items()
        if desired_a[charger_id] <= rising_from_a.get(charger_id, inf)
    }
    return {
        charger_id: 0.0 if current_a <= kept_a.get(charger_id, -inf) else current_a
        for charger_id, current_a in desired_a.items()
    }


def _in_exceeded(
    constraints: Sequence[Constraint], desired_a: Mapping[str, float]
) -> list[str]:
    """Return the chargers in constraints that a plan would exceed."""
    chargers: list[str] = []
    for constraint in constraints:
        members = constraint.members
        planned_a = sum([takes * desired_a[key] for key, takes in members.items()])
        if planned_a > max(0.0, constraint.capacity_a) + ROUNDING_A:
            chargers += members
    return chargers


def _capped(plan: Plan, most_a: Mapping[str, float]) -> Plan:
    """Lower the decisions that are above ``most_a``, by charger."""
    changed = {}
    for charger_id, decision in plan.decisions.items():
        if (decision.desired_a or 0.0) > most_a[charger_id]:
            changed[charger_id] = replace(
                decision,
                desired_a=most_a[charger_id],
                limit=Limit.SETTLING,
                action=None,
            )
    return plan.with_decisions(changed)
