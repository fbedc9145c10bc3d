"""The cascade: which rooms to open, in which order, and how wide.

It opens rooms step by step until callers and open rooms reach the target capacity, or
nothing is left to open. Each step puts more heat where it is not wanted than the one
before:

1. open rooms with a near block, neediest first; then all of them wider;
2. open rooms in the extended window, neediest first; then all of them wider;
3. open the rooms of both tiers as wide as their ladders allow;
4. open fallback rooms by priority, and widen each before opening the next;
5. open the fallback rooms as wide as their ladder allows.
"""

from .draft import Draft
from .model import Level, LoadSharingState, Mode, Tier
from .reasons import Reason
from .room import RoomView

FALLBACK_HYSTERESIS_K = 0.2
"""A fallback room is opened only if it is below its release temperature by this."""

_SCHEDULED = (Tier.SCHEDULE, Tier.EXTENDED)


def cascade(draft: Draft, reason: Reason) -> None:
    """Open rooms until the target capacity is reached.

    ``reason`` is the reason of the transition that starts sharing, if this does.
    """
    candidates = _candidates(draft)
    for tier in _SCHEDULED:
        for view in candidates[tier]:
            if draft.has_target_capacity:
                return
            _open(draft, view, tier, reason)
        if not draft.has_target_capacity:
            _widen(draft, tier, Level.ESCALATED)
    for tier in _SCHEDULED:
        if not draft.has_target_capacity:
            _widen(draft, tier, Level.MAX)
    _open_fallbacks(draft, candidates[Tier.FALLBACK], reason)


def _open_fallbacks(draft: Draft, candidates: list[RoomView], reason: Reason) -> None:
    """Open fallback rooms one by one, and widen each before opening the next."""
    if not draft.has_target_capacity:
        _widen(draft, Tier.FALLBACK, Level.ESCALATED)
    for view in candidates:
        if draft.has_target_capacity:
            return
        _open(draft, view, Tier.FALLBACK, reason)
        if not draft.has_target_capacity:
            _widen(draft, Tier.FALLBACK, Level.ESCALATED)
    if not draft.has_target_capacity:
        _widen(draft, Tier.FALLBACK, Level.MAX)


def _candidates(draft: Draft) -> dict[Tier, list[RoomView]]:
    """Return the rooms that may be opened, by tier and in the order of opening."""
    found: dict[Tier, list[RoomView]] = {tier: [] for tier in Tier}
    for room_id, view in draft.views.items():
        if room_id in draft.open_rooms or view.calling or view.blocked_by is not None:
            continue
        tier = view.scheduled_tier(draft.now, draft.settings)
        if tier is None and view.is_in_dead_band:
            tier = Tier.SCHEDULE
        if tier is None and _may_be_fallback(draft, view):
            tier = Tier.FALLBACK
        if tier is not None:
            found[tier].append(view)
    for tier in _SCHEDULED:
        found[tier].sort(key=_by_need, reverse=True)
    found[Tier.FALLBACK].sort(key=lambda view: view.settings.fallback_priority or 0)
    return found


def _may_be_fallback(draft: Draft, view: RoomView) -> bool:
    """Return whether a room may be opened as a fallback now."""
    if draft.mode is not Mode.ALL_TIERS or view.settings.fallback_priority is None:
        return False
    if view.settings.room_id in draft.lockouts or not draft.needs_fallbacks:
        return False
    release_c = view.release_at_c(Tier.FALLBACK, draft.settings)
    if release_c is None:
        return False
    return not view.has_reached(release_c - FALLBACK_HYSTERESIS_K)


def _by_need(view: RoomView) -> float:
    """Sort key: how far a room is below the target of its next block."""
    return view.need_k


def _open(draft: Draft, view: RoomView, tier: Tier, reason: Reason) -> None:
    """Open a room, at the level that the rooms of its tier have reached.

    Fallback rooms start at the initial level, because each is widened by itself.
    """
    room_id = view.settings.room_id
    escalated = draft.foresight is None and (
        draft.has_higher_tier(tier)
        or (tier is not Tier.FALLBACK and draft.is_escalated(tier))
    )
    if draft.state is not LoadSharingState.INACTIVE:
        if not draft.open_rooms:
            reason = Reason.ROOM_REPLACED
        elif draft.open_count(tier):
            reason = Reason.ROOM_ADDED
        else:
            reason = Reason.NEXT_TIER
    draft.open_room(room_id, tier, Level.ESCALATED if escalated else Level.INITIAL)
    draft.update_state(reason, [room_id])


def _widen(draft: Draft, tier: Tier, level: Level) -> None:
    """Raise all rooms of a tier to a level; those that are open fully have none."""
    missing = draft.count_below(tier, level)
    is_open_fully = draft.foresight is not None and tier is not Tier.FALLBACK
    if not missing or is_open_fully:
        return
    rooms = []
    # Newest first: usually only the room opened last has to be widened.
    for room in reversed(draft.open_rooms.values()):
        if room.tier is tier and room.level < level:
            rooms.append(room)
            if len(rooms) == missing:
                break
    for room in rooms:
        draft.set_level(room, level)
    draft.update_state(Reason.OPENED_WIDER, [room.room_id for room in rooms])
