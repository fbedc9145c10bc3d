"""Concludes an evaluation: events of an overload, its alarm, and how long it lasted."""

from typing import NamedTuple

from .alarm import check_alarm
from .overload import (
    NO_OVERLOAD,
    OverloadEvent,
    OverloadPhase,
    OverloadState,
    Reduction,
    report_events,
)
from .plan import Plan
from .situation import Situation

FADING_FACTOR = 0.75
"""How much of the remembered duration is kept when a shorter overload ends."""


class Conclusion(NamedTuple):
    """The overload after the plan, and the events to report.

    ``lasted_s`` is how long recent overloads lasted.
    """

    overload: OverloadState
    alarmed: bool
    lasted_s: float
    events: tuple[OverloadEvent, ...]


def conclude(situation: Situation, plan: Plan) -> Conclusion:
    """Work out the events that the plan causes, and whether to raise the alarm."""
    before, now_s = situation.before, situation.now_s
    overload, lasted_s = situation.overload, before.overload_s
    events: tuple[OverloadEvent, ...] = ()
    if overload is not before.overload:
        lasted_s = _lasted(situation)
        reductions = _reductions(situation, plan)
        overload, events = report_events(before.overload, overload, reductions, now_s)
    alarmed, alarms = check_alarm(situation)
    return Conclusion(overload, alarmed, lasted_s, events + alarms)


def cleared(before: OverloadState, now_s: float) -> tuple[OverloadEvent, ...]:
    """Return the events of an overload that ends because it is no longer watched."""
    _, events = report_events(before, NO_OVERLOAD, (), now_s)
    return events


def _lasted(situation: Situation) -> float:
    """Return how long overloads lasted in s, fading slowly from the longest one.

    An overload that the house ended by itself after an alarm says nothing about how
    long the chargers take.
    """
    before = situation.before
    has_ended = (
        before.overload.phase is not OverloadPhase.NONE
        and not situation.overload_is_open
    )
    if not has_ended or before.alarmed:
        return before.overload_s
    return max(
        situation.now_s - before.overload.since_s, before.overload_s * FADING_FACTOR
    )


def _reductions(situation: Situation, plan: Plan) -> tuple[Reduction, ...]:
    """Return the reductions that the plan makes, without those that are not sent."""
    reductions = []
    for charger, _ in situation.chargers:
        charger_id, present_a = charger.settings.charger_id, charger.command.in_force_a
        decision = plan.decisions[charger_id]
        desired_a = None if decision.withheld else decision.desired_a
        if desired_a is not None and present_a is not None and desired_a < present_a:
            reductions.append(Reduction(charger_id, present_a, desired_a))
    return tuple(reductions)
