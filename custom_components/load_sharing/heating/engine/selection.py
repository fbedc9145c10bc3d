"""Which rooms to open: those whose schedule is near first, fallbacks last.

The cascade goes on, step by step, until the open radiators can take away the
target capacity or there is nothing left to open. Each step costs more heat where
nobody wants it than the one before:

1. rooms whose schedule is near, neediest first; then all of them wider;
2. rooms within the extended window, neediest first; then all of them wider;
3. the rooms of both as wide as they may be;
4. fallback rooms by priority, each opened wider before the next is opened;
5. the fallback rooms as wide as they may be.
"""

from .draft import Draft
from .model import Level, LoadSharingState, Mode, Reason, Tier
from .room import RoomView

_SCHEDULED = (Tier.SCHEDULE, Tier.EXTENDED)


def cascade(draft: Draft, reason: Reason) -> None:
    """Open rooms until they suffice. ``reason`` is why the first one is opened."""
    waiting = _candidates(draft)
    for tier in _SCHEDULED:
        for view in waiting[tier]:
            if draft.suffices:
                return
            _open(draft, view, tier, reason)
        if not draft.suffices:
            _widen(draft, tier, Level.ESCALATED)
    for tier in _SCHEDULED:
        if not draft.suffices:
            _widen(draft, tier, Level.MAX)
    _fall_back(draft, waiting[Tier.FALLBACK], reason)


def _fall_back(draft: Draft, waiting: list[RoomView], reason: Reason) -> None:
    """Open fallback rooms one by one, each wider before the next."""
    if not draft.suffices:
        _widen(draft, Tier.FALLBACK, Level.ESCALATED)
    for view in waiting:
        if draft.suffices:
            return
        _open(draft, view, Tier.FALLBACK, reason)
        if not draft.suffices:
            _widen(draft, Tier.FALLBACK, Level.ESCALATED)
    if not draft.suffices:
        _widen(draft, Tier.FALLBACK, Level.MAX)


def _candidates(draft: Draft) -> dict[Tier, list[RoomView]]:
    """Rooms that may be opened, by tier, in the order in which to open them."""
    found: dict[Tier, list[RoomView]] = {tier: [] for tier in Tier}
    for room_id, view in draft.views.items():
        if room_id in draft.rooms or view.calling or view.barred is not None:
            continue
        tier = schedule_tier(draft, view)
        if tier is None and may_fall_back(draft, view):
            tier = Tier.FALLBACK
        if tier is not None:
            found[tier].append(view)
    for tier in _SCHEDULED:
        found[tier].sort(key=_need_k, reverse=True)
    found[Tier.FALLBACK].sort(key=lambda view: view.settings.fallback_priority or 0)
    return found


def schedule_tier(draft: Draft, view: RoomView) -> Tier | None:
    """Tier of a room that will need heat for its next block."""
    if _need_k(view) <= draft.settings.prewarm_margin_k:
        return None
    return view.tier_by_schedule(draft.now)


def may_fall_back(draft: Draft, view: RoomView) -> bool:
    """Whether a room is a fallback now."""
    if draft.mode is not Mode.ALL_TIERS or view.settings.fallback_priority is None:
        return False
    if view.settings.room_id in draft.lockouts:
        return False
    target_c = view.target_c(Tier.FALLBACK, draft.settings)
    return target_c is not None and not view.has_reached(target_c)


def _need_k(view: RoomView) -> float:
    """How far the room is below the target of its next block."""
    if view.scheduled_c is None or view.room.temperature_c is None:
        return 0.0
    return view.scheduled_c - view.room.temperature_c


def _open(draft: Draft, view: RoomView, tier: Tier, reason: Reason) -> None:
    """Open a room; in a tier that is already opened wider, as wide as the others."""
    room_id = view.settings.room_id
    wide = draft.has_above(tier) or (
        tier is not Tier.FALLBACK and draft.is_escalated(tier)
    )
    if draft.state is not LoadSharingState.INACTIVE:
        if not draft.rooms:
            reason = Reason.ROOM_REPLACED
        else:
            reason = Reason.ROOM_ADDED if draft.count(tier) else Reason.NEXT_TIER
    draft.open(room_id, tier, Level.ESCALATED if wide else Level.INITIAL)
    draft.settle(reason, [room_id])


def _widen(draft: Draft, tier: Tier, level: Level) -> None:
    """Open all rooms of a tier wider."""
    missing = draft.count_below(tier, level)
    if not missing:
        return
    rooms = []
    # What was opened last comes first: often it is the only one.
    for room in reversed(draft.rooms.values()):
        if room.tier is tier and room.level < level:
            rooms.append(room)
            if len(rooms) == missing:
                break
    for room in rooms:
        draft.set_level(room, level)
    draft.settle(Reason.OPENED_WIDER, [room.room_id for room in rooms])
