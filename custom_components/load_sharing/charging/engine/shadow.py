"""Shadow mode: what is decided is shown, and not carried out."""

from dataclasses import replace

from .model import Decision, EngineState
from .overload import OverloadEventType, Rung


def shadowed(state: EngineState, decision: Decision) -> tuple[EngineState, Decision]:
    """Forget what was not done.

    Nothing was tried against an overload, so the ladder stays at its foot; and of
    an overload only its beginning and its end are true.
    """
    untried = replace(
        state.overload,
        spent=0,
        rung=Rung.COMPUTED,
        asked_a=None,
        lowered=frozenset(),
        reductions=(),
    )
    told = (OverloadEventType.DETECTED, OverloadEventType.CLEARED)
    events = tuple(event for event in decision.events if event.type in told)
    return replace(state, overload=untried, alarmed=False), replace(
        decision, events=events
    )
