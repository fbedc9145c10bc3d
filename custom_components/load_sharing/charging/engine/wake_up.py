"""Finds when time alone may change the outcome, so a silent meter delays nothing."""

from math import inf

from .budget import restraint_moments
from .edge import edge_moments
from .measurement import change_settles_at
from .memory import NEW_BUDGET
from .model import Limit
from .plan import Plan
from .ramp import patience_for, ripe_at
from .situation import Situation
from .turns import turn_moments
from .wake import wake_moments


def wake_up_s(situation: Situation, plan: Plan) -> float | None:
    """Return the next moment at which time alone may change a decision; None: never."""
    now_s = situation.now_s
    moments = [at_s for at_s in _moments(situation, plan) if now_s < at_s < inf]
    return min(moments, default=None)


def _moments(situation: Situation, plan: Plan) -> list[float]:
    """Return the moments of all that the rules wait for; some may be past, or inf."""
    site, chargers = situation.site, situation.chargers
    moments = _ripening_s(situation, plan)
    moments += situation.lost.wake_at_s
    moments += situation.doubts.wake_at_s
    moments += edge_moments(situation.edges)
    moments += turn_moments(site, situation.turns) if situation.turns else ()
    moments += [draw.final_at_s for _, draw in chargers]
    for wake in situation.wakes.values():
        moments += wake_moments(wake)
    moments += [
        change_settles_at(charger.draw) for charger, _ in chargers if charger.draw
    ]
    if plan.held_back:
        moments += [
            charger.command.settled_at(charger.settings.settle_s)
            for charger, _ in chargers
        ]
    if situation.overload_is_open:
        moments.append(situation.overload.due_s)
    if site.demand is not None:
        moments.append(site.demand.ends_s)
    return moments


def _ripening_s(situation: Situation, plan: Plan) -> list[float]:
    """Return when the ramps are ripe that wait for nothing but time."""
    moments, settings = [], situation.site.settings
    chargers = {
        charger.settings.charger_id: charger for charger, _ in situation.chargers
    }
    for charger_id, ramp in plan.ramps.items():
        decision = plan.decisions[charger_id]
        if decision.limit is Limit.RAMP_UP:
            regain = situation.regains[charger_id]
            patience = patience_for(regain, decision.desired_a or 0.0)
            moments.append(ripe_at(ramp, settings, patience))
            moments.append(ripe_at(ramp, settings))
            moments += restraint_moments(
                situation.before.budgets.get(charger_id, NEW_BUDGET),
                ramp,
                chargers[charger_id].settings,
                decision.desired_a or 0.0,
            )
    return moments
