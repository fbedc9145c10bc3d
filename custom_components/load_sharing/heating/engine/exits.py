"""When rooms are let go one by one, and when load sharing ends for all of them."""

from .context import RoomActivation
from .draft import Draft
from .model import LoadSharingState, Mode, Reason, RoomReason, Tier
from .room import RoomView
from .selection import schedule_tier


def let_go(draft: Draft) -> None:
    """Let rooms go that must not, or need not, be open any longer.

    None of this waits for the minimum duration: it is about the room, not about
    the boiler. Rooms whose schedule has come nearer move to its tier.
    """
    left, promoted = [], []
    for room_id, room in list(draft.rooms.items()):
        view = draft.views.get(room_id)
        if view is None:
            draft.close(room_id, RoomReason.UNAVAILABLE)
            left.append(room_id)
        elif (tier := _nearer_tier(draft, room, view)) is not None:
            draft.promote(room, tier)
            promoted.append(room_id)
        elif (why := _why_leave(draft, room, view)) is not None:
            draft.close(room_id, why)
            left.append(room_id)
        else:
            draft.set_level(room, room.level)
    draft.level_up()
    if left or promoted:
        reason = Reason.ROOM_PROMOTED if promoted else Reason.ROOM_LEFT
        draft.settle(reason, [*promoted, *left])


def end_if_over(draft: Draft) -> None:
    """Apply the exits in their order: C, B, A.

    C: a room of ours calls for heat itself. B: another room began to call, and
    with it the callers suffice; at once, or once its valve has opened. A: those who
    called have stopped.
    """
    _hand_over_callers(draft)
    callers = draft.callers
    arrived = callers - draft.trigger_rooms - draft.opened
    draft.newcomers |= arrived
    if callers & draft.newcomers - draft.opened:
        settings = draft.settings
        enough_w = settings.target_capacity_w + settings.deactivation_hysteresis_w
        if draft.calling_w >= enough_w:
            draft.end(LoadSharingState.INACTIVE, Reason.NEW_CALLER_SUFFICIENT)
            return
    if arrived:
        draft.trigger_rooms = callers - draft.opened
    if not draft.has_caller:
        _release_setpoints(draft)
        if draft.is_due:
            draft.end(LoadSharingState.INACTIVE, Reason.CALLERS_STOPPED)


def end_if_empty(draft: Draft) -> None:
    """End without rooms; if it is because they all call themselves, not too soon.

    While nobody calls there is exit A, which gives a call the time to come back.
    """
    if draft.rooms or not draft.has_caller:
        return
    if any(draft.calls(room_id) for room_id in draft.opened):
        if draft.is_due:
            draft.end(LoadSharingState.INACTIVE, Reason.ALL_CALLING)
    else:
        draft.end(LoadSharingState.INACTIVE, Reason.NO_ROOMS_LEFT)


def _nearer_tier(draft: Draft, room: RoomActivation, view: RoomView) -> Tier | None:
    """Tier to which a room moves because its schedule has come nearer."""
    if view.barred is not None or _has_started(draft, room):
        return None
    tier = schedule_tier(draft, view)
    return tier if tier is not None and tier < room.tier else None


def _has_started(draft: Draft, room: RoomActivation) -> bool:
    return room.block is not None and room.block.starts_in_s(draft.now) <= 0


def _why_leave(draft: Draft, room: RoomActivation, view: RoomView) -> RoomReason | None:
    """Why a room must not stay open; None: it stays."""
    if view.barred is not None:
        return view.barred
    settings = draft.settings
    if room.tier is Tier.FALLBACK:
        if draft.now_s - room.activated_s >= settings.tier_3_max_duration_s:
            return RoomReason.TIMED_OUT
        if draft.mode is not Mode.ALL_TIERS:
            return RoomReason.MODE_CHANGED
        if view.settings.fallback_priority is None:
            return RoomReason.NOT_PARTICIPATING
    elif _has_started(draft, room):
        return RoomReason.SCHEDULE_STARTED
    elif (tier := view.tier_by_schedule(draft.now)) is None or tier > room.tier:
        return RoomReason.NOT_SCHEDULED
    target_c = view.target_c(room.tier, settings)
    if target_c is None:
        return RoomReason.UNAVAILABLE
    return RoomReason.TARGET_REACHED if view.has_reached(target_c) else None


def _hand_over_callers(draft: Draft) -> None:
    """Exit C: leave rooms that call for heat themselves to their owner."""
    calling = [room_id for room_id in draft.rooms if draft.views[room_id].calling]
    for room_id in calling:
        draft.close(room_id, RoomReason.CALLING)
    if calling:
        draft.settle(Reason.ROOM_LEFT, calling)


def _release_setpoints(draft: Draft) -> None:
    """Without a caller, a raised setpoint would keep the boiler on for nobody."""
    raised = [room_id for room_id in draft.rooms if not draft.is_valve(room_id)]
    for room_id in raised:
        draft.close(room_id, RoomReason.SHARING_ENDED)
    if raised:
        draft.settle(Reason.ROOM_LEFT, raised)
