"""Builds the decision of an evaluation from its finished draft."""

from dataclasses import replace

from .context import RoomActivation
from .draft import Draft
from .model import (
    Actuator,
    Evidence,
    HeatingDecision,
    HeatingSettings,
    Mode,
    RoomDecision,
)
from .patience import Patience
from .reasons import Reason, RoomReason
from .room import RoomView


def decide(
    draft: Draft,
    evidence: Evidence | None,
    *,
    patience: Patience,
    wake_at_s: float,
) -> HeatingDecision:
    """Describe what the draft holds, and what has changed in it."""
    by_setpoint = patience.is_holding and patience.owner_setpoint_c is not None
    before = draft.before.open_rooms
    return HeatingDecision(
        state=draft.state,
        reason=draft.reason,
        evidence=evidence,
        calling_capacity_w=draft.calling_capacity_w,
        total_capacity_w=draft.total_capacity_w,
        capacity_known=draft.capacity_known,
        exhausted=_is_exhausted(draft),
        trigger_rooms=draft.trigger_rooms,
        active_since=draft.active_since,
        rooms={
            room_id: _room_decision(draft, room_id, view)
            for room_id, view in draft.views.items()
        },
        transitions=tuple(draft.transitions),
        opened={
            room_id: room.reason
            for room_id, room in draft.open_rooms.items()
            if room_id not in before or before[room_id].tier is not room.tier
        },
        released={
            room_id: draft.released[room_id]
            for room_id in before
            if room_id not in draft.open_rooms
        },
        hold=patience.reason,
        hold_since=patience.since,
        boiler_setpoint_c=draft.settings.protection_floor_c if by_setpoint else None,
        wake_at_s=wake_at_s,
    )


def _is_exhausted(draft: Draft) -> bool:
    """Return whether more capacity is wanted, but no further room may be opened."""
    if not draft.state.is_active:
        return draft.reason is Reason.NO_CANDIDATES
    return (
        draft.trigger_still_calls
        and draft.capacity_known
        and not draft.has_target_capacity
    )


def _room_decision(draft: Draft, room_id: str, view: RoomView) -> RoomDecision:
    """Return the value to hold for a room, or the first reason for not holding it."""
    idle = RoomDecision(
        reason=RoomReason.NOT_NEEDED,
        calling=view.calling,
        capacity_w=view.full_capacity_w,
        next_block=view.block,
    )
    if (room := draft.open_rooms.get(room_id)) is not None:
        return _open_room_decision(idle, room, view, draft.settings)
    if (overrun := draft.overruns.get(room_id)) is not None:
        return replace(
            idle,
            reason=overrun.reason,
            valve_pct=overrun.valve_pct,
            since=overrun.since,
        )
    if view.blocked_by is not None:
        return replace(idle, reason=view.blocked_by)
    if view.calling:
        return replace(idle, reason=RoomReason.CALLING)
    release = draft.last_releases.get(room_id)
    has_enough = release is not None and release.reason is RoomReason.TARGET_REACHED
    if room_id in draft.lockouts and not has_enough:
        return replace(idle, reason=RoomReason.LOCKED_OUT)
    if release is not None:
        return replace(idle, reason=release.reason, since=release.at)
    return replace(idle, reason=_without_use(draft, view))


def _without_use(draft: Draft, view: RoomView) -> RoomReason:
    """Return why a room that nothing keeps shut is not open: can it ever be?

    By tiers, a room without a schedule can only be a fallback. While the burner burns,
    it may also be opened to reach its target.
    """
    if not draft.by_tiers or view.room.schedule is not None:
        return RoomReason.NOT_NEEDED
    if view.settings.fallback_priority is None:
        return RoomReason.NEVER_OPENED
    if draft.mode is Mode.SCHEDULE_TIERS:
        return RoomReason.MODE_CHANGED
    return RoomReason.NOT_NEEDED


def _open_room_decision(
    idle: RoomDecision,
    room: RoomActivation,
    view: RoomView,
    settings: HeatingSettings,
) -> RoomDecision:
    """Return an open room's valve opening, or a setpoint above where it is released."""
    if room.withheld is not None:
        return replace(idle, reason=room.withheld, since=room.since)
    decision = replace(idle, reason=room.reason, tier=room.tier, since=room.since)
    if view.settings.actuator is Actuator.VALVE:
        return replace(decision, valve_pct=room.valve_pct)
    if room.reason is RoomReason.DEAD_BAND:
        release_c = view.release_from_dead_band_c(settings)
    else:
        release_c = view.release_at_c(room.tier, settings)
    return replace(decision, setpoint_c=view.raised_c(release_c, settings))
