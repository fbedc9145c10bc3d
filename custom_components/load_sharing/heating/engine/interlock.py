"""The interlock: a burning boiler needs some valves open, so ours do not close below.

A boiler whose pump works against shut valves trips by its flow switch or overheats. The
valves that are open for sharing count towards what it needs.
"""

from collections.abc import Mapping

from .context import Overrun, RoomActivation
from .draft import Draft
from .evidence import CyclingMonitor
from .model import BoilerInput, Mode
from .reasons import RoomReason
from .room import RoomView

MAY_BURN_S = 1800.0
"""No boiler burns at its least output for longer without a call."""
_MAY_STAY_OPEN = {None, RoomReason.ALREADY_OPEN}
"""Reasons against opening a room that are no reason to shut it on a burning boiler.

Whatever else forbids it, such as a window, a head that is off, a person or the ceiling
of a room's temperature, wins.
"""


def keep_minimum_open(
    draft: Draft, boiler: BoilerInput, monitor: CyclingMonitor
) -> None:
    """Keep valves open that would close now, as many as the boiler needs.

    They close once others are open instead, or the pump has stopped. Sharing that is
    switched off has no valves to keep.
    """
    settings = draft.settings
    if not settings.minimum_open_pct or draft.mode is Mode.OFF:
        return
    if boiler.heats_tap_water or not _needs_flow(draft, boiler, monitor):
        return
    total_pct = sum(
        opening_pct(view, _held_pct(draft, room_id))
        for room_id, view in draft.views.items()
    )
    for room_id, valve_pct in _closing(draft):
        view = draft.views[room_id]
        gained_pct = opening_pct(view, valve_pct) - opening_pct(view, None)
        if total_pct >= settings.minimum_open_pct:
            return
        if gained_pct > 0:
            since = draft.now
            if (before := draft.before.overruns.get(room_id)) is not None:
                since = before.since
            draft.overruns[room_id] = Overrun(
                valve_pct, draft.now_s, since, RoomReason.MINIMUM_OPEN
            )
            total_pct += gained_pct


def opening_pct(view: RoomView, held_pct: float | None) -> float:
    """Return how far a room's valve is open, in %; ``held_pct`` None: not held.

    Of a valve that does not follow, what it shows counts; of one that cannot be read,
    nothing. The owner of a calling room whose valve is not known has it open.
    """
    room = view.room
    if not room.reachable:
        return 0.0
    owner_pct = room.owner_valve_pct
    if owner_pct is None:
        owner_pct = 100.0 if view.calling else 0.0
    if held_pct is None:
        return owner_pct
    return max(owner_pct, held_pct if room.stuck_pct is None else room.stuck_pct)


def _needs_flow(draft: Draft, boiler: BoilerInput, monitor: CyclingMonitor) -> bool:
    """Return whether the burner burns or its pump runs on, as far as that is known.

    One that may burn at its least output does so while rooms call, and for a while
    afterwards.
    """
    if boiler.burner or (boiler.may_burn and draft.callers):
        return True
    last_s = monitor.last_burn_s
    overrun_s = draft.settings.pump_overrun_s
    if boiler.may_burn:
        overrun_s = max(overrun_s, MAY_BURN_S)
    return last_s is not None and draft.now_s - last_s < overrun_s


def _held_pct(draft: Draft, room_id: str) -> float | None:
    """Return the opening in % at which a room is held; a setpoint opens it fully."""
    if room_id not in draft.held_rooms:
        return None
    if not draft.is_opened_by_valve(room_id):
        return 100.0
    return _valve_pct(draft.overruns, draft.open_rooms, room_id)


def _closing(draft: Draft) -> list[tuple[str, float]]:
    """Return the rooms whose valves close now and how far they are open, widest first.

    Those that an earlier run has left open close, too.
    """
    before = draft.before
    were_open = {
        room_id: view.room.left_open_pct
        for room_id, view in draft.views.items()
        if view.room.left_open_pct is not None
    }
    for room_id in before.held_rooms:
        were_open[room_id] = _valve_pct(before.overruns, before.open_rooms, room_id)
    closing = [
        (room_id, valve_pct)
        for room_id, valve_pct in were_open.items()
        if room_id not in draft.held_rooms | draft.open_rooms.keys()
        and draft.is_opened_by_valve(room_id)
        and draft.views[room_id].blocked_by in _MAY_STAY_OPEN
    ]
    return sorted(closing, key=lambda item: (-item[1], item[0]))


def _valve_pct(
    overruns: Mapping[str, Overrun],
    open_rooms: Mapping[str, RoomActivation],
    room_id: str,
) -> float:
    """Return how far a room that is held has its valve open, in %."""
    overrun = overruns.get(room_id)
    return open_rooms[room_id].valve_pct if overrun is None else overrun.valve_pct
