"""Moves current from one charger to another: released first, then taken."""

from collections.abc import Mapping
from dataclasses import replace

from .allocation import Share, Usage
from .decision import ActionReason, ChargerDecision
from .draw import possible_commands
from .model import EPSILON_A, ChargerInput, Limit
from .naming import named_limit
from .plan import Plan
from .situation import Situation


def land_reductions_first(situation: Situation, plan: Plan) -> Plan:
    """Hold back increases until other chargers have released the current they need.

    An increase that a charger refused before is not repeated while others still hold
    that current. What a parked car keeps is free for others. So its own increase comes
    last, and needs room for all that it may have.
    """
    parked = situation.parked_a
    chargers = situation.site.chargers
    if len(chargers) == 1:
        return plan
    if parked:
        chargers = tuple(sorted(chargers, key=lambda one: _is_parked(one, parked)))
    usage = situation.shares.usage_of_free
    room_a = _uncommitted(situation, plan, usage)
    changed: dict[str, ChargerDecision] = {}
    held_back: list[str] = []
    for charger in chargers:
        charger_id = charger.settings.charger_id
        decision, used = plan.decisions[charger_id], usage.get(charger_id, ())
        if _repeats_refused(charger, decision):
            if any([room_a[index] < -EPSILON_A for index, _ in used]):
                changed[charger_id] = _at_rest(charger, decision)
            continue
        if decision.action not in (ActionReason.HEADROOM, ActionReason.RESUMED):
            continue
        present_a = charger.command.desired_a or 0.0
        more_a = decision.desired_a or 0.0
        if charger_id not in parked:
            more_a -= present_a
        if any(
            [
                room_a[index] < per_ampere * more_a - EPSILON_A
                for index, per_ampere in used
            ]
        ):
            changed[charger_id] = replace(
                decision, desired_a=present_a, limit=Limit.SETTLING, action=None
            )
            if charger_id not in parked:
                held_back.append(charger_id)
            continue
        for index, per_ampere in used:
            room_a[index] -= per_ampere * more_a
    return _held_back(situation, plan.with_decisions(changed), tuple(held_back))


def lower_to_fair_shares(situation: Situation, plan: Plan) -> Plan:
    """Lower chargers above their fair share while another's increase waits for it."""
    if not plan.held_back or not is_short(situation, plan):
        return plan
    return lower_to(situation.shares.fair_shares(), situation, plan)


def lower_to(fair: Mapping[str, Share], situation: Situation, plan: Plan) -> Plan:
    """Lower chargers above their share, once every draw is settled.

    An increase that the meter does not show yet would look like current that is left
    for one more charger. A charger that does not obey is not waited for.
    """
    for charger, draw in situation.chargers:
        command = charger.command
        if command.desired_a is None or command.has_problem:
            continue
        if not (draw.settled and command.confirmed):
            return plan
    changed = {}
    for charger, _ in situation.chargers:
        charger_id = charger.settings.charger_id
        decision, share = plan.decisions[charger_id], fair[charger_id]
        if decision.action is None and share.current_a < (
            charger.command.desired_a or 0.0
        ):
            paused = not share.current_a
            changed[charger_id] = replace(
                decision,
                desired_a=share.current_a,
                limit=named_limit(share.limit, charger),
                action=ActionReason.TURN if paused else ActionReason.SUPPLY,
                circuit_id=share.circuit_id,
            )
    return plan.with_decisions(changed)


def _is_parked(charger: ChargerInput, parked_a: Mapping[str, float]) -> bool:
    """Return whether a car has long taken nothing: the others come first."""
    return charger.settings.charger_id in parked_a


def _uncommitted(situation: Situation, plan: Plan, usage: Usage) -> list[float]:
    """Return what no charger may still be taking of each free constraint, in A."""
    room_a = [constraint.capacity_a for constraint in situation.shares.free]
    for charger in situation.site.chargers:
        charger_id = charger.settings.charger_id
        if charger_id in situation.parked_a:
            continue
        held_a = _committed(charger, plan.decisions[charger_id], situation.now_s)
        for index, per_ampere in usage.get(charger_id, ()):
            room_a[index] -= per_ampere * held_a
    return room_a


def _committed(charger: ChargerInput, decision: ChargerDecision, now_s: float) -> float:
    """Return the current in A that a charger may still take, whatever it follows."""
    command = charger.command
    wanted_a = min(decision.desired_a or 0.0, command.in_force_a or 0.0)
    if command.desired_a is not None and not command.confirmed:
        return max(wanted_a, command.greatest_possible_a)
    return max(wanted_a, possible_commands(charger, now_s)[1])


def _held_back(situation: Situation, plan: Plan, held_back: tuple[str, ...]) -> Plan:
    """Note which chargers wait; the ramp of an increase held back stays ripe."""
    if not held_back:
        return plan
    ramps_before = situation.before.ramps
    ramps = {key: ramp for key, ramp in plan.ramps.items() if key not in held_back}
    ramps |= {key: ramps_before[key] for key in held_back if key in ramps_before}
    return plan._replace(ramps=ramps, held_back=held_back)


def is_short(situation: Situation, plan: Plan) -> bool:
    """Return whether a charger that is held back has less than it can use."""
    useful_a = {claim.charger_id: claim.useful_a for claim in situation.shares.claims}
    return any(
        [
            (charger.command.desired_a or 0.0) < useful_a[charger.settings.charger_id]
            for charger in situation.site.chargers
            if charger.settings.charger_id in plan.held_back
        ]
    )


def _repeats_refused(charger: ChargerInput, decision: ChargerDecision) -> bool:
    """Return whether a decision repeats all or part of a refused increase."""
    command = charger.command
    return command.is_refused and (decision.desired_a or 0.0) > (
        command.least_in_force_a or 0.0
    )


def _at_rest(charger: ChargerInput, decision: ChargerDecision) -> ChargerDecision:
    """Suspend a refused increase. One from a pause is given up and waits its turn."""
    if charger.command.least_in_force_a:
        return replace(decision, withheld=True)
    action = ActionReason.BELOW_MINIMUM
    return replace(decision, desired_a=0.0, limit=Limit.SETTLING, action=action)
