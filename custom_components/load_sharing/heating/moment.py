"""Says in one sentence what happens to the boiler and the rooms, and why.

Pure: no Home Assistant, and time is an argument.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ..site.moment import Moment, listed
from .engine.hold import HoldReason
from .engine.model import HeatingDecision
from .engine.reasons import Reason, RoomReason

HOLDS: Final = {
    HoldReason.TOO_HOT: "held_too_hot",
    HoldReason.SMALL_LOAD: "held_small_load",
}
INACTIVE: Final = {
    Reason.NO_CALL: "no_call",
    Reason.CAPACITY_SUFFICIENT: "enough",
    Reason.NEW_CALLER_SUFFICIENT: "enough",
    Reason.ALL_CALLING: "enough",
    Reason.CAPACITY_UNKNOWN: "capacity_unknown",
    Reason.NO_EVIDENCE: "no_cycling",
    Reason.NO_CANDIDATES: "no_rooms",
    Reason.NO_ROOMS_LEFT: "no_rooms",
    Reason.CALLERS_STOPPED: "no_call",
}
"""What is said while no room is shared with."""
NAMES_CALLERS: Final = {"enough", "capacity_unknown", "no_rooms"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a sentence is made from; ``names`` are those of the rooms by their ID."""

    decision: HeatingDecision
    names: Mapping[str, str]
    enabled: bool
    shadow: bool
    boiler_problem: bool


def describe(seen: Seen) -> Moment:
    """Return what happens, the most telling first."""
    decision = seen.decision
    if not seen.names:
        return _make("no_room")
    if not seen.enabled:
        return _make("held_off" if decision.hold.is_hold else "off")
    if seen.boiler_problem:
        return _make("boiler_problem")
    open_rooms = [
        room_id for room_id, room in decision.rooms.items() if room.tier is not None
    ]
    if seen.shadow:
        if not open_rooms:
            return _make("shadow")
        return _make("shadow_open", rooms=_names(seen, open_rooms))
    if decision.hold.is_hold:
        return _make(HOLDS[decision.hold])
    if decision.state.is_active:
        return _of_sharing(seen, open_rooms)
    running_on = _with_reason(seen, RoomReason.PUMP_OVERRUN)
    if running_on:
        return _make("overrun", rooms=_names(seen, running_on))
    return _of_rest(seen)


def _make(key: str, **placeholders: str) -> Moment:
    return Moment(f"heating_{key}", placeholders)


def _names(seen: Seen, room_ids: Iterable[str]) -> str:
    """List the names of rooms."""
    return listed(sorted(seen.names[room_id] for room_id in room_ids))


def _with_reason(seen: Seen, reason: RoomReason) -> list[str]:
    """Return the rooms with a reason."""
    rooms = seen.decision.rooms
    return [room_id for room_id, room in rooms.items() if room.reason is reason]


def _callers(seen: Seen) -> str:
    """Name the rooms that load is shared for, or else those that call."""
    rooms = seen.decision.rooms
    callers = [key for key in seen.decision.trigger_rooms if key in rooms]
    return _names(seen, callers or [key for key, room in rooms.items() if room.calling])


def _of_sharing(seen: Seen, open_rooms: list[str]) -> Moment:
    """Say which rooms are open beside those that call."""
    callers = _callers(seen)
    if open_rooms:
        key = "shared_exhausted" if seen.decision.exhausted else "shared"
        return _make(key, callers=callers, rooms=_names(seen, open_rooms))
    waiting = _with_reason(seen, RoomReason.BETWEEN_BURNS)
    if waiting:
        return _make("between_burns", callers=callers, rooms=_names(seen, waiting))
    return _make("shared_none", callers=callers)


def _of_rest(seen: Seen) -> Moment:
    """Say why no room is opened."""
    key = INACTIVE.get(seen.decision.reason, "idle")
    callers = _callers(seen)
    if key in NAMES_CALLERS:
        return _make(key, callers=callers) if callers else _make("idle")
    return _make(key)
