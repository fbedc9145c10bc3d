"""One step of the state machine: when sharing starts, goes on, and ends."""

from .draft import Draft
from .exits import apply_exits, end_without_open_rooms, review_open_rooms
from .model import Evidence, LoadSharingState, Mode
from .reasons import Reason
from .selection import cascade

_EVIDENCE_REASON = {
    Evidence.COOLDOWN: Reason.COOLDOWN,
    Evidence.RETURN_RISK: Reason.RETURN_RISK,
    Evidence.SMALL_LOAD: Reason.SMALL_LOAD,
}


def step(draft: Draft, evidence: Evidence | None) -> Reason:
    """Advance the state machine; return the reason for the state it ends up in."""
    if draft.mode is Mode.OFF:
        return _switch_off(draft)
    if draft.state is LoadSharingState.DISABLED:
        draft.transition(LoadSharingState.INACTIVE, Reason.SWITCHED_ON)
    if draft.state is LoadSharingState.INACTIVE:
        return _start_sharing(draft, evidence)
    return _continue_sharing(draft)


def _switch_off(draft: Draft) -> Reason:
    """Release everything at once, including the valves that wait for the pump."""
    draft.end_sharing(LoadSharingState.DISABLED, Reason.SWITCHED_OFF)
    draft.overruns.clear()
    return Reason.SWITCHED_OFF


def _start_sharing(draft: Draft, evidence: Evidence | None) -> Reason:
    """Open rooms if the callers' capacity is low and there is evidence of cycling.

    An unknown capacity may be low or high, so it opens nothing. While rooms are shared
    with the burner, a load below its least output is evidence enough.
    """
    callers = draft.callers
    if not callers:
        return Reason.NO_CALL
    if draft.calling_capacity_w >= draft.activation_capacity_w:
        return Reason.CAPACITY_SUFFICIENT
    if not draft.capacity_known:
        return Reason.CAPACITY_UNKNOWN
    if evidence is None and draft.foresees_cycling:
        evidence = Evidence.SMALL_LOAD
    if evidence is None:
        return Reason.NO_EVIDENCE
    reason = _EVIDENCE_REASON[evidence]
    cascade(draft, reason)
    if not draft.open_rooms:
        return Reason.NO_CANDIDATES
    draft.trigger_rooms, draft.evidence = callers, evidence
    return reason


def _continue_sharing(draft: Draft) -> Reason:
    """Release rooms, apply the exits, and open more rooms while capacity is short."""
    review_open_rooms(draft)
    apply_exits(draft)
    if not draft.state.is_active:
        return draft.reason
    if draft.trigger_still_calls and draft.capacity_known:
        cascade(draft, draft.reason)
    end_without_open_rooms(draft)
    return _standing_reason(draft)


def _standing_reason(draft: Draft) -> Reason:
    """Return the reason why sharing is active, or why it has just ended."""
    if draft.state.is_active and not draft.capacity_known:
        return Reason.CAPACITY_UNKNOWN
    if draft.state.is_active and draft.evidence is not None:
        return _EVIDENCE_REASON[draft.evidence]
    return draft.reason
