"""The draft of the next context: opens and releases rooms in it, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from .context import LoadSharingContext, Overrun, Release, RoomActivation, held_rooms
from .model import (
    Actuator,
    Control,
    HeatingInput,
    Level,
    LoadSharingState,
    Tier,
    Transition,
)
from .reasons import Reason, RoomReason
from .room import RoomView
from .transitions import active_state

_ROOM_REASON = {
    Tier.SCHEDULE: RoomReason.SCHEDULE,
    Tier.EXTENDED: RoomReason.EXTENDED_SCHEDULE,
    Tier.FALLBACK: RoomReason.FALLBACK,
}

_MOMENTARY = {
    RoomReason.SCHEDULE_STARTED,
    RoomReason.NOT_SCHEDULED,
    RoomReason.TARGET_REACHED,
    RoomReason.TIMED_OUT,
    RoomReason.MODE_CHANGED,
    RoomReason.SHARING_ENDED,
}
"""Release reasons that no longer hold at the next evaluation, so they are kept."""


_LOCKING = {RoomReason.TIMED_OUT, RoomReason.TARGET_REACHED}
"""A fallback room that had enough is not opened again for a while."""

FULLY_PCT = 100.0
TARGET_SHARE = 1.3
"""Rooms are chosen until all can take this share of the boiler's least output."""
SHARE_WITHOUT_HELP = 1.5
"""The same for a burner that cannot be held off.

Its water is still warm when it begins to burn, so the water takes little of its heat, and
only more radiators make the burn longer.
"""


class Foresight(NamedTuple):
    """What is known before the first cooldown.

    ``least_output_w`` is the boiler's least output; None if it is not known.
    ``last_burn_s`` is when the burner burned last. ``copes``: it has burned for long
    with what the callers take. ``has_others``: there are better ways than to heat a
    fallback room. ``is_helped``: the burner can be held off.
    """

    least_output_w: float | None
    last_burn_s: float | None
    copes: bool
    has_others: bool
    is_helped: bool


class Draft:
    """The next context while one evaluation works it out.

    It starts as a copy of the previous context. Opening, widening and releasing rooms
    change it in place and record the transitions that follow; ``finish`` freezes it
    into the next context.

    ``calling_capacity_w`` is the capacity of the rooms that call for heat themselves,
    ``open_capacity_w`` that of the rooms we hold open. Neither counts what is not
    known. Both are running totals, as are the rooms per tier and level: the cascade
    reads them after every room that it opens. ``released`` are the rooms released in
    this evaluation, each with its reason.
    """

    def __init__(
        self,
        context: LoadSharingContext,
        site: HeatingInput,
        views: Mapping[str, RoomView],
        now_s: float,
        foresight: Foresight | None = None,
    ) -> None:
        """Start from the previous context. ``foresight``: while the burner burns."""
        self.before = context
        self.views = views
        self.settings = site.settings
        self.mode = site.mode
        self.by_tiers = site.control is Control.TIERS
        self.foresight = foresight
        self.activation_capacity_w = site.settings.activation_capacity_w
        self.target_capacity_w = site.settings.target_capacity_w
        if foresight is not None and foresight.least_output_w is not None:
            self.activation_capacity_w = foresight.least_output_w
            share = TARGET_SHARE if foresight.is_helped else SHARE_WITHOUT_HELP
            self.target_capacity_w = share * foresight.least_output_w
        self.now_s = now_s
        self.now = site.local_time
        self.state = context.state
        self.reason = context.reason
        self.trigger_rooms = context.trigger_rooms
        self.evidence = context.evidence
        self.activated_s = context.activated_s
        self.active_since = context.active_since
        self.ever_opened = set(context.ever_opened)
        self.newcomers = context.newcomers
        self.released: dict[str, RoomReason] = {}
        self.last_releases = dict(context.last_releases)
        self.overruns = dict(context.overruns)
        self.lockouts = {
            room_id: until_s
            for room_id, until_s in context.lockouts.items()
            if until_s > now_s
        }
        self.transitions: list[Transition] = []
        self.open_rooms: dict[str, RoomActivation] = {}
        self.open_capacity_w = 0.0
        self._level_counts = {tier: [0] * len(Level) for tier in Tier}
        for room in context.open_rooms.values():
            self._insert(room)
        self.calling_capacity_w = sum(
            self._capacity_as_caller_w(view)
            for room_id, view in views.items()
            if self.is_caller(room_id)
        )

    def is_caller(self, room_id: str) -> bool:
        """Return whether a room calls for heat itself and is not held open by us."""
        view = self.views.get(room_id)
        return view is not None and view.calling and room_id not in self.open_rooms

    @property
    def callers(self) -> frozenset[str]:
        """Rooms that call for heat themselves and are not held open by us."""
        return frozenset(room_id for room_id in self.views if self.is_caller(room_id))

    @property
    def trigger_still_calls(self) -> bool:
        """Whether any of the rooms that load is shared for still calls."""
        return any(self.is_caller(room_id) for room_id in self.trigger_rooms)

    @property
    def total_capacity_w(self) -> float:
        """Capacity of all rooms that take heat, callers and open rooms."""
        return self.calling_capacity_w + self.open_capacity_w

    @property
    def capacity_known(self) -> bool:
        """Whether it is known which rooms call, and what each of them can take."""
        return not any(
            view.call_lost or (view.full_capacity_w is None and self.is_caller(room_id))
            for room_id, view in self.views.items()
        )

    @property
    def has_target_capacity(self) -> bool:
        """Whether callers and open rooms together reach the target capacity."""
        return self.total_capacity_w >= self.target_capacity_w

    @property
    def foresees_cycling(self) -> bool:
        """Whether a low load is known to make the boiler cycle, before it does."""
        return self.foresight is not None and not self.foresight.copes

    @property
    def needs_fallbacks(self) -> bool:
        """Whether fallback rooms may be needed: there is nothing else to do."""
        return self.foresight is None or not self.foresight.has_others

    @property
    def min_activation_elapsed(self) -> bool:
        """Whether sharing has been active for the minimum time."""
        return self.before.can_exit(self.now_s, self.settings.min_activation_s)

    @property
    def held_rooms(self) -> frozenset[str]:
        """Rooms whose actuators are held: open ones, and those of the overrun."""
        return held_rooms(self.open_rooms, self.overruns)

    def open_count(self, tier: Tier) -> int:
        """Return the number of open rooms in a tier."""
        return sum(self._level_counts[tier])

    def count_below(self, tier: Tier, level: Level) -> int:
        """Return the number of open rooms in a tier that have not reached a level."""
        return sum(self._level_counts[tier][:level])

    def is_escalated(self, tier: Tier) -> bool:
        """Return whether a tier has open rooms, and all of them are opened wider."""
        return self.open_count(tier) > 0 and not self.count_below(tier, Level.ESCALATED)

    def has_higher_tier(self, tier: Tier) -> bool:
        """Return whether rooms of a higher tier are open."""
        return any(self.open_count(other) for other in Tier if other > tier)

    def transition(
        self, after: LoadSharingState, reason: Reason, rooms: Iterable[str] = ()
    ) -> None:
        """Enter a state, and record the transition unless the state stays the same."""
        if after is not self.state:
            step = Transition(self.state, after, reason, tuple(rooms))
            self.transitions.append(step)
            self.state, self.reason = after, reason

    def update_state(self, reason: Reason, rooms: Iterable[str]) -> None:
        """Enter the state that follows from the open rooms; without any, stay.

        The highest open tier names the state, which is escalated once all rooms of
        that tier are opened wider.
        """
        for tier in reversed(Tier):
            if self.open_count(tier):
                after = active_state(tier, escalated=self.is_escalated(tier))
                self.transition(after, reason, rooms)
                return

    def open_room(self, room_id: str, tier: Tier, level: Level) -> None:
        """Hold a room open."""
        if self.activated_s is None:
            self.activated_s, self.active_since = self.now_s, self.now
        view = self.views[room_id]
        reason, block = _ROOM_REASON[tier], view.block
        if tier is Tier.FALLBACK:
            block = None
        elif view.scheduled_tier(self.now, self.settings) is None:
            reason, block = RoomReason.DEAD_BAND, None
        room = RoomActivation(
            room_id=room_id,
            tier=tier,
            level=level,
            reason=reason,
            activated_s=self.now_s,
            since=self.now,
            block=block,
            withheld=None if self.foresight is None else RoomReason.BETWEEN_BURNS,
        )
        self.set_level(room, level)
        self.ever_opened.add(room_id)
        self.overruns.pop(room_id, None)
        self.last_releases.pop(room_id, None)

    def promote_room(self, room: RoomActivation, tier: Tier) -> None:
        """Move an open room to the tier of a block that has come nearer."""
        block = self.views[room.room_id].block
        moved = replace(
            room, tier=tier, reason=_ROOM_REASON[tier], block=block, since=self.now
        )
        self.set_level(moved, room.level)

    def set_level(self, room: RoomActivation, level: Level) -> None:
        """Put an open room on a rung of its tier's ladder.

        Just before its block, the imminent opening applies if it is wider. A room that
        is open only while the burner burns is open fully.
        """
        pct = self.settings.ladders[room.tier].at(level)
        if self.foresight is not None and room.tier is not Tier.FALLBACK:
            pct = FULLY_PCT
        view = self.views[room.room_id]
        if room.tier is Tier.SCHEDULE and view.is_imminent(self.now, self.settings):
            pct = max(pct, self.settings.imminent_pct)
        if room.level is not level or room.valve_pct != pct:
            room = replace(room, level=level, valve_pct=pct)
        self._insert(room)

    def escalate_lower_tiers(self) -> None:
        """Raise rooms below the highest open tier to at least the escalated level."""
        if self.foresight is not None:
            return
        for room in list(self.open_rooms.values()):
            if room.level < Level.ESCALATED and self.has_higher_tier(room.tier):
                self.set_level(room, Level.ESCALATED)

    def release_room(self, room_id: str, reason: RoomReason) -> None:
        """Stop holding a room open."""
        is_fallback = self.open_rooms[room_id].tier is Tier.FALLBACK
        self._remove(room_id)
        self.released[room_id] = reason
        if reason in _MOMENTARY:
            self.last_releases[room_id] = Release(reason, self.now)
        if is_fallback and reason in _LOCKING:
            self.lockouts[room_id] = self.now_s + self.settings.tier_3_lockout_s
        if self.is_caller(room_id):
            self.calling_capacity_w += self._capacity_as_caller_w(self.views[room_id])

    def end_sharing(self, after: LoadSharingState, reason: Reason) -> None:
        """Release all rooms. If the callers have stopped, valves wait for the pump."""
        rooms = dict(self.open_rooms)
        for room_id, room in rooms.items():
            self.release_room(room_id, RoomReason.SHARING_ENDED)
            if reason is Reason.CALLERS_STOPPED and self._runs_on(room):
                overrun = Overrun(room.valve_pct, self._heated_until_s, self.now)
                self.overruns[room_id] = overrun
        self.transition(after, reason, rooms)
        self.trigger_rooms = frozenset()
        self.evidence = self.activated_s = self.active_since = None
        self.ever_opened, self.newcomers = set(), frozenset()

    def is_opened_by_valve(self, room_id: str) -> bool:
        """Return whether a room's actuator is its valve."""
        view = self.views.get(room_id)
        return view is not None and view.settings.actuator is Actuator.VALVE

    def _runs_on(self, room: RoomActivation) -> bool:
        """Return whether a room's valve is to wait for the pump."""
        return room.withheld is None and self.is_opened_by_valve(room.room_id)

    @property
    def _heated_until_s(self) -> float:
        """Until when the valves that are open had a use: the last burn, or now."""
        if self.foresight is None or self.foresight.last_burn_s is None:
            return self.now_s
        return self.foresight.last_burn_s

    def finish(self) -> LoadSharingContext:
        """Freeze the draft into the next context."""
        return LoadSharingContext(
            state=self.state,
            reason=self.reason,
            evidence=self.evidence,
            trigger_rooms=self.trigger_rooms,
            activated_s=self.activated_s,
            active_since=self.active_since,
            open_rooms=self.open_rooms,
            ever_opened=frozenset(self.ever_opened),
            newcomers=self.newcomers,
            lockouts=self.lockouts,
            overruns=self.overruns,
            last_releases=self.last_releases,
        )

    def _insert(self, room: RoomActivation) -> None:
        """Insert or replace an open room, and update the running totals."""
        if room.room_id in self.open_rooms:
            self._remove(room.room_id)
        self.open_rooms[room.room_id] = room
        self._level_counts[room.tier][room.level] += 1
        self.open_capacity_w += self._capacity_held_w(room)

    def _remove(self, room_id: str) -> None:
        """Remove an open room, and update the running totals."""
        room = self.open_rooms.pop(room_id)
        self._level_counts[room.tier][room.level] -= 1
        self.open_capacity_w -= self._capacity_held_w(room)
        if not self.open_rooms:
            # Rounding errors must not add up.
            self.open_capacity_w = 0.0

    def _capacity_as_caller_w(self, view: RoomView) -> float:
        """Return the capacity of a room with its valve where its owner has it, in W."""
        return view.capacity_w(None, self.settings.flow_efficiency)

    def _capacity_held_w(self, room: RoomActivation) -> float:
        """Return the capacity of a room with its valve where we hold it, in W."""
        view = self.views.get(room.room_id)
        if view is None:
            return 0.0
        return view.capacity_w(room.valve_pct, self.settings.flow_efficiency)
