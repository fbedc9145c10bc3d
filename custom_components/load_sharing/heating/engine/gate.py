"""The gate: chosen rooms are open while the burner burns, and for the pump's overrun.

Then they are shut again, so that the heat that is left in the water goes to the rooms
that call. Otherwise the water would be cold sooner, and the next burn would come sooner.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from .draft import Draft
from .evidence import CyclingMonitor
from .model import BoilerInput, HeatingSettings
from .reasons import RoomReason
from .room import RoomView

DAY_S = 86400.0
SLOW_S = 120.0
"""Heads that fetch their commands this late miss much of a burn."""
WITHOUT_HELP = 2
"""A burner that cannot be held off burns this much more often."""
COPES_AFTER_S = 15 * 60.0
"""A boiler that has burned for this long copes with what its callers take."""


class Gate(NamedTuple):
    """Whether the gate applies, whether it is open, and whether the boiler copes.

    ``is_helped``: the burner can be held off. It does not apply where sharing goes by
    tiers, or the burner is not known.
    """

    applies: bool = False
    is_open: bool = True
    copes: bool = False
    is_helped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """When a valve was moved in the last day: by sharing, and by its owner."""

    ours_s: tuple[float, ...] = ()
    owners_s: tuple[float, ...] = ()
    owner_open: bool | None = None

    def has_two_left(self, moves_a_day: float) -> bool:
        """Return whether sharing may open the valve once more, and shut it again.

        It may move it so often a day, or as often as its own thermostat does.
        """
        return len(self.ours_s) + 2 <= max(moves_a_day, len(self.owners_s))


def see_gate(
    boiler: BoilerInput,
    monitor: CyclingMonitor,
    settings: HeatingSettings,
    now_s: float,
    *,
    is_helped: bool,
) -> Gate:
    """Return the gate: open while hot water comes from the burner or its overrun."""
    if boiler.burner is None:
        return Gate()
    is_open = boiler.burner
    if not is_open and monitor.last_burn_s is not None:
        is_open = now_s - monitor.last_burn_s < settings.pump_overrun_s
    since_s = monitor.burn_started_s
    return Gate(
        applies=True,
        is_open=is_open and not boiler.heats_tap_water,
        copes=since_s is not None and now_s - since_s >= COPES_AFTER_S,
        is_helped=is_helped,
    )


def work_gate(draft: Draft, gate: Gate, moves: Mapping[str, Moves]) -> dict[str, Moves]:
    """Open the chosen rooms or shut them, and count the moves of all valves.

    Just before its block, a room that is open stays open: its own thermostat is about
    to open it anyway. So does one whose head sleeps: it would move after the burn.
    """
    after = _note_owners(draft, moves)
    if not gate.applies:
        return after
    moves_a_day = draft.settings.moves_a_day
    if not gate.is_helped:
        moves_a_day *= WITHOUT_HELP
    for room_id, room in list(draft.open_rooms.items()):
        view = draft.views[room_id]
        is_held = room.withheld is None
        stays = (
            is_held
            and draft.trigger_still_calls
            and (view.is_imminent(draft.now, draft.settings) or _is_slow(view))
        )
        withheld = None
        if not gate.is_open and not stays:
            withheld = RoomReason.BETWEEN_BURNS
        elif not (
            is_held or view.owner_is_open or after[room_id].has_two_left(moves_a_day)
        ):
            withheld = RoomReason.MOVED_ENOUGH
        if withheld is not room.withheld:
            draft.open_rooms[room_id] = replace(room, withheld=withheld)
    for room_id in draft.before.held_rooms ^ draft.held_rooms:
        if room_id in after and not draft.views[room_id].owner_is_open:
            made = after[room_id]
            after[room_id] = replace(made, ours_s=(*made.ours_s, draft.now_s))
    return after


def _is_slow(view: RoomView) -> bool:
    """Return whether a valve is known to move too late to go with each burn."""
    follows_in_s = view.room.follows_in_s
    return follows_in_s is not None and follows_in_s > SLOW_S


def _note_owners(draft: Draft, moves: Mapping[str, Moves]) -> dict[str, Moves]:
    """Count the moves that the valves' owners make; forget those of yesterday."""
    after = {}
    for room_id, view in draft.views.items():
        made = moves.get(room_id, Moves())
        owners_s = _of_last_day(made.owners_s, draft.now_s)
        if made.owner_open is not None and view.owner_is_open is not made.owner_open:
            owners_s = (*owners_s, draft.now_s)
        after[room_id] = Moves(
            ours_s=_of_last_day(made.ours_s, draft.now_s),
            owners_s=owners_s,
            owner_open=view.owner_is_open,
        )
    return after


def _of_last_day(times_s: tuple[float, ...], now_s: float) -> tuple[float, ...]:
    """Return the times that are in the last day."""
    if times_s and now_s - times_s[0] > DAY_S:
        return tuple(time_s for time_s in times_s if now_s - time_s <= DAY_S)
    return times_s
