"""Shadow mode: decisions are shown but not carried out."""

from dataclasses import replace

from .decision import Decision
from .memory import EngineState
from .overload import OverloadEventType, Rung


def without_actions(
    state: EngineState, decision: Decision
) -> tuple[EngineState, Decision]:
    """Drop from the state and the decision what was not carried out.

    Nothing was done about an overload, so the chargers are not stepped down for it, and
    only the events of its beginning and end are true.
    """
    untried = replace(
        state.overload,
        spent=0,
        rung=Rung.COMPUTED,
        excess_when_lowered_a=None,
        lowered=frozenset(),
        reductions=(),
    )
    reported = (OverloadEventType.DETECTED, OverloadEventType.CLEARED)
    events = tuple(event for event in decision.events if event.type in reported)
    return (
        replace(state, overload=untried, alarmed=False),
        replace(decision, events=events),
    )
