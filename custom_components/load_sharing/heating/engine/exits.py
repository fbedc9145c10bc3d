"""Releases single rooms, and ends sharing for all of them."""

from .context import RoomActivation
from .draft import Draft
from .model import LoadSharingState, Mode, Tier
from .reasons import Reason, RoomReason
from .room import RoomView


def review_open_rooms(draft: Draft) -> None:
    """Release rooms that must not or need not stay open; promote those due sooner.

    None of this waits for the minimum activation time, because it concerns the room
    and not the boiler.
    """
    left, promoted = [], []
    for room_id, room in list(draft.open_rooms.items()):
        view = draft.views.get(room_id)
        if view is None:
            draft.release_room(room_id, RoomReason.UNAVAILABLE)
            left.append(room_id)
        elif (tier := _nearer_tier(draft, room, view)) is not None:
            draft.promote_room(room, tier)
            promoted.append(room_id)
        elif (reason := _release_reason(draft, room, view)) is not None:
            draft.release_room(room_id, reason)
            left.append(room_id)
        else:
            draft.set_level(room, room.level)
    draft.escalate_lower_tiers()
    if left or promoted:
        cause = Reason.ROOM_PROMOTED if promoted else Reason.ROOM_LEFT
        draft.update_state(cause, [*promoted, *left])


def apply_exits(draft: Draft) -> None:
    """Apply the exits C, B and A, in this order."""
    _hand_back_callers(draft)
    _end_if_new_caller_suffices(draft)
    if draft.state.is_active and not draft.trigger_still_calls:
        _end_after_callers_stopped(draft)


def end_without_open_rooms(draft: Draft) -> None:
    """End sharing if no room could be kept open although the trigger still calls.

    If rooms that we opened call themselves (the rest of exit C), sharing ends only
    after the minimum time. Without a triggering call there is exit A, which gives the
    call time to come back.
    """
    if draft.open_rooms or not draft.trigger_still_calls:
        return
    if not any(draft.is_caller(room_id) for room_id in draft.ever_opened):
        draft.end_sharing(LoadSharingState.INACTIVE, Reason.NO_ROOMS_LEFT)
    elif draft.min_activation_elapsed:
        draft.end_sharing(LoadSharingState.INACTIVE, Reason.ALL_CALLING)


def _hand_back_callers(draft: Draft) -> None:
    """Exit C: hand open rooms that call for heat themselves back to their owner."""
    calling = [room_id for room_id in draft.open_rooms if draft.views[room_id].calling]
    for room_id in calling:
        draft.release_room(room_id, RoomReason.CALLING)
    if calling:
        draft.update_state(Reason.ROOM_LEFT, calling)


def _end_if_new_caller_suffices(draft: Draft) -> None:
    """Exit B: end sharing if another room has begun to call and the callers suffice.

    A newcomer is checked for as long as it calls, because its valve may take minutes
    to open. If the callers do not suffice yet, it joins the trigger rooms. Rooms opened
    by us are no newcomers.
    """
    callers = draft.callers
    arrived = callers - draft.trigger_rooms - draft.ever_opened
    draft.newcomers |= arrived
    if callers & (draft.newcomers - draft.ever_opened):
        settings = draft.settings
        enough_w = draft.target_capacity_w + settings.deactivation_hysteresis_w
        if draft.calling_capacity_w >= enough_w:
            draft.end_sharing(LoadSharingState.INACTIVE, Reason.NEW_CALLER_SUFFICIENT)
            return
    if arrived:
        draft.trigger_rooms = callers - draft.ever_opened


def _end_after_callers_stopped(draft: Draft) -> None:
    """Exit A: release raised setpoints at once, and the rest after the minimum time.

    With no caller left, a raised setpoint would itself keep the boiler burning.
    """
    raised = [room for room in draft.open_rooms if not draft.is_opened_by_valve(room)]
    for room_id in raised:
        draft.release_room(room_id, RoomReason.SHARING_ENDED)
    if raised:
        draft.update_state(Reason.ROOM_LEFT, raised)
    if draft.min_activation_elapsed:
        draft.end_sharing(LoadSharingState.INACTIVE, Reason.CALLERS_STOPPED)


def _nearer_tier(draft: Draft, room: RoomActivation, view: RoomView) -> Tier | None:
    """Lower tier to which an open room moves because its next block has come nearer."""
    if view.blocked_by is not None or _has_started(draft, room):
        return None
    tier = view.scheduled_tier(draft.now, draft.settings)
    return tier if tier is not None and tier < room.tier else None


def _has_started(draft: Draft, room: RoomActivation) -> bool:
    """Return whether the block has started that a room was pre-warmed for."""
    return room.block is not None and room.block.starts_in_s(draft.now) <= 0


def _release_reason(
    draft: Draft, room: RoomActivation, view: RoomView
) -> RoomReason | None:
    """Return why a room must be released; None if it stays open."""
    if view.blocked_by is not None:
        return view.blocked_by
    settings = draft.settings
    if room.tier is Tier.FALLBACK:
        if draft.now_s - room.activated_s >= settings.tier_3_max_duration_s:
            return RoomReason.TIMED_OUT
        if draft.mode is not Mode.ALL_TIERS:
            return RoomReason.MODE_CHANGED
        if view.settings.fallback_priority is None:
            return RoomReason.NOT_PARTICIPATING
    elif room.reason is RoomReason.DEAD_BAND:
        return None if view.is_in_dead_band else RoomReason.TARGET_REACHED
    elif _has_started(draft, room):
        return RoomReason.SCHEDULE_STARTED
    elif (tier := view.tier_by_schedule(draft.now)) is None or tier > room.tier:
        return RoomReason.NOT_SCHEDULED
    release_c = view.release_at_c(room.tier, settings)
    if release_c is None:
        return RoomReason.UNAVAILABLE
    return RoomReason.TARGET_REACHED if view.has_reached(release_c) else None
