"""An evaluation in the making: rooms come and go, and every move is written down."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .context import Left, LoadSharingContext, Overrun, RoomActivation, state_in
from .model import (
    Actuator,
    HeatingInput,
    Level,
    LoadSharingState,
    Reason,
    RoomReason,
    Tier,
    Transition,
)
from .room import RoomView

_ROOM_REASON = {
    Tier.SCHEDULE: RoomReason.SCHEDULE,
    Tier.EXTENDED: RoomReason.EXTENDED_SCHEDULE,
    Tier.FALLBACK: RoomReason.FALLBACK,
}

_PASSING = {
    RoomReason.SCHEDULE_STARTED,
    RoomReason.NOT_SCHEDULED,
    RoomReason.TARGET_REACHED,
    RoomReason.TIMED_OUT,
    RoomReason.MODE_CHANGED,
    RoomReason.SHARING_ENDED,
}
"""Reasons that are over as soon as they have had their effect, and worth keeping."""


class Draft:
    """The next context while it is worked out. Lives for one evaluation.

    ``calling_w`` is the capacity of the rooms that call of their own accord,
    ``sharing_w`` of those we hold open; neither counts what is not known.
    ``closed`` are the rooms that were let go meanwhile, and why.
    """

    def __init__(
        self,
        context: LoadSharingContext,
        site: HeatingInput,
        views: Mapping[str, RoomView],
        now_s: float,
    ) -> None:
        """Begin with the context as it was."""
        self.before = context
        self.views = views
        self.settings = site.settings
        self.mode = site.mode
        self.now_s = now_s
        self.now = site.local_time
        self.state = context.state
        self.reason = context.reason
        self.trigger_rooms = context.trigger_rooms
        self.trigger_capacity_w = context.trigger_capacity_w
        self.evidence = context.evidence
        self.activated_s = context.activated_s
        self.active_since = context.active_since
        self.opened = set(context.opened)
        self.newcomers = context.newcomers
        self.closed: dict[str, RoomReason] = {}
        self.left = dict(context.left)
        self.overruns = dict(context.overruns)
        self.lockouts = {
            room_id: until_s
            for room_id, until_s in context.lockouts.items()
            if until_s > now_s
        }
        self.transitions: list[Transition] = []
        self.rooms: dict[str, RoomActivation] = {}
        self.sharing_w = 0.0
        self._levels = {tier: [0] * len(Level) for tier in Tier}
        for room in context.rooms.values():
            self._put(room)
        self.calling_w = sum(
            self._own_w(view) for room_id, view in views.items() if self.calls(room_id)
        )

    def calls(self, room_id: str) -> bool:
        """Whether a room calls for heat of its own accord, and is not held by us."""
        view = self.views.get(room_id)
        return view is not None and view.calling and room_id not in self.rooms

    @property
    def callers(self) -> frozenset[str]:
        """Rooms that call for heat of their own accord."""
        return frozenset(room_id for room_id in self.views if self.calls(room_id))

    @property
    def total_w(self) -> float:
        """Capacity of all rooms that take heat."""
        return self.calling_w + self.sharing_w

    @property
    def knows_capacity(self) -> bool:
        """Whether it is known who calls, and what each of them can take."""
        return not any(
            view.lost or (view.full_w is None and self.calls(room_id))
            for room_id, view in self.views.items()
        )

    @property
    def has_caller(self) -> bool:
        """Whether any of those for whom load is shared still calls."""
        return any(self.calls(room_id) for room_id in self.trigger_rooms)

    @property
    def suffices(self) -> bool:
        """Whether enough is open."""
        return self.total_w >= self.settings.target_capacity_w

    @property
    def is_due(self) -> bool:
        """Whether load sharing has been active for long enough to end."""
        return self.before.can_exit(self.now_s, self.settings.min_activation_s)

    def count(self, tier: Tier) -> int:
        """How many rooms of a tier are open."""
        return sum(self._levels[tier])

    def count_below(self, tier: Tier, level: Level) -> int:
        """How many rooms of a tier could be opened as wide as this level."""
        return sum(self._levels[tier][:level])

    def is_escalated(self, tier: Tier) -> bool:
        """Whether a tier has rooms, and all of them are opened wider."""
        return self.count(tier) > 0 and not self._levels[tier][Level.INITIAL]

    def has_above(self, tier: Tier) -> bool:
        """Whether rooms of a higher tier are open."""
        return any(self.count(other) for other in Tier if other > tier)

    def move(
        self, after: LoadSharingState, reason: Reason, rooms: Iterable[str] = ()
    ) -> None:
        """Go to another state; staying is no move."""
        if after is not self.state:
            move = Transition(self.state, after, reason, tuple(rooms))
            self.transitions.append(move)
            self.state, self.reason = after, reason

    def settle(self, reason: Reason, rooms: Iterable[str]) -> None:
        """Go to the state that follows from the open rooms; without any, stay.

        The highest tier gives it its name; it is escalated when all of its rooms are.
        """
        for tier in reversed(Tier):
            if self.count(tier):
                after = state_in(tier, escalated=self.is_escalated(tier))
                self.move(after, reason, rooms)
                return

    def open(self, room_id: str, tier: Tier, level: Level) -> None:
        """Open a room."""
        if self.activated_s is None:
            self.activated_s, self.active_since = self.now_s, self.now
        block = None if tier is Tier.FALLBACK else self.views[room_id].block
        room = RoomActivation(
            room_id=room_id,
            tier=tier,
            level=level,
            reason=_ROOM_REASON[tier],
            activated_s=self.now_s,
            since=self.now,
            block=block,
        )
        self.set_level(room, level)
        self.opened.add(room_id)
        self.overruns.pop(room_id, None)
        self.left.pop(room_id, None)

    def promote(self, room: RoomActivation, tier: Tier) -> None:
        """Move a room to the tier of a schedule that has come nearer."""
        block = self.views[room.room_id].block
        moved = replace(
            room, tier=tier, reason=_ROOM_REASON[tier], block=block, since=self.now
        )
        self.set_level(moved, room.level)

    def set_level(self, room: RoomActivation, level: Level) -> None:
        """Open a room as wide as its ladder says, or fully just before its block."""
        pct = self.settings.ladders[room.tier].at(level)
        view = self.views[room.room_id]
        if room.tier is Tier.SCHEDULE and view.is_imminent(self.now, self.settings):
            pct = max(pct, self.settings.imminent_pct)
        if room.level is not level or room.valve_pct != pct:
            room = replace(room, level=level, valve_pct=pct)
        self._put(room)

    def level_up(self) -> None:
        """Below the highest open tier, every room is opened wider."""
        for room in list(self.rooms.values()):
            if room.level < Level.ESCALATED and self.has_above(room.tier):
                self.set_level(room, Level.ESCALATED)

    def close(self, room_id: str, reason: RoomReason) -> None:
        """Let a room go."""
        self._take_out(room_id)
        self.closed[room_id] = reason
        if reason in _PASSING:
            self.left[room_id] = Left(reason, self.now)
        if reason is RoomReason.TIMED_OUT:
            self.lockouts[room_id] = self.now_s + self.settings.tier_3_lockout_s
        if self.calls(room_id):
            self.calling_w += self._own_w(self.views[room_id])

    def end(self, after: LoadSharingState, reason: Reason) -> None:
        """Let all rooms go. When the calls have ended, valves wait for the pump."""
        rooms = dict(self.rooms)
        for room_id, room in rooms.items():
            self.close(room_id, RoomReason.SHARING_ENDED)
            if reason is Reason.CALLERS_STOPPED and self.is_valve(room_id):
                overrun = Overrun(room.valve_pct, self.now_s, self.now)
                self.overruns[room_id] = overrun
        self.move(after, reason, rooms)
        self.trigger_rooms, self.trigger_capacity_w = frozenset(), 0.0
        self.evidence = self.activated_s = self.active_since = None
        self.opened, self.newcomers = set(), frozenset()

    def is_valve(self, room_id: str) -> bool:
        """Whether a room is opened by its valve."""
        view = self.views.get(room_id)
        return view is not None and view.settings.actuator is Actuator.VALVE

    def finish(self) -> LoadSharingContext:
        """The next context."""
        return LoadSharingContext(
            state=self.state,
            reason=self.reason,
            evidence=self.evidence,
            trigger_rooms=self.trigger_rooms,
            trigger_capacity_w=self.trigger_capacity_w,
            activated_s=self.activated_s,
            active_since=self.active_since,
            rooms=self.rooms,
            opened=frozenset(self.opened),
            newcomers=self.newcomers,
            lockouts=self.lockouts,
            overruns=self.overruns,
            left=self.left,
        )

    def _put(self, room: RoomActivation) -> None:
        if room.room_id in self.rooms:
            self._take_out(room.room_id)
        self.rooms[room.room_id] = room
        self._levels[room.tier][room.level] += 1
        self.sharing_w += self._shared_w(room)

    def _take_out(self, room_id: str) -> None:
        room = self.rooms.pop(room_id)
        self._levels[room.tier][room.level] -= 1
        self.sharing_w -= self._shared_w(room)
        if not self.rooms:
            self.sharing_w = 0.0

    def _own_w(self, view: RoomView) -> float:
        return view.capacity_w(None, self.settings.flow_efficiency)

    def _shared_w(self, room: RoomActivation) -> float:
        view = self.views.get(room.room_id)
        if view is None:
            return 0.0
        return view.capacity_w(room.valve_pct, self.settings.flow_efficiency)
