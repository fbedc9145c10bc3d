"""State of load sharing: which rooms are open, since when, for whom; and its moves.

``LoadSharingContext`` is the single source of truth. It is immutable: every
evaluation makes the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .model import Evidence, Level, LoadSharingState, Reason, RoomReason, Tier
from .schedule import Block

_ACTIVE = {
    Tier.SCHEDULE: LoadSharingState.TIER1_ACTIVE,
    Tier.EXTENDED: LoadSharingState.TIER2_ACTIVE,
    Tier.FALLBACK: LoadSharingState.TIER3_ACTIVE,
}
_ESCALATED = {
    Tier.SCHEDULE: LoadSharingState.TIER1_ESCALATED,
    Tier.EXTENDED: LoadSharingState.TIER2_ESCALATED,
    Tier.FALLBACK: LoadSharingState.TIER3_ESCALATED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomActivation:
    """A room that is held open. ``block`` is what it is warmed for, if for one."""

    room_id: str
    tier: Tier
    level: Level
    reason: RoomReason
    activated_s: float
    since: datetime
    block: Block | None = None
    valve_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class Overrun:
    """A valve that stays open after the calls ended, while the pump runs on."""

    valve_pct: float
    ended_s: float
    since: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """Why a room was let go last, and when."""

    reason: RoomReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSharingContext:
    """All that load sharing remembers.

    ``opened`` are the rooms opened since the activation, also those that left.
    ``newcomers`` are the rooms that began to call since, of their own accord.
    ``lockouts`` say until when (s) a room must not be a fallback again.
    """

    state: LoadSharingState = LoadSharingState.DISABLED
    reason: Reason = Reason.SWITCHED_OFF
    evidence: Evidence | None = None
    trigger_rooms: frozenset[str] = frozenset()
    trigger_capacity_w: float = 0.0
    activated_s: float | None = None
    active_since: datetime | None = None
    rooms: Mapping[str, RoomActivation] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    newcomers: frozenset[str] = frozenset()
    lockouts: Mapping[str, float] = field(default_factory=dict)
    overruns: Mapping[str, Overrun] = field(default_factory=dict)
    left: Mapping[str, Left] = field(default_factory=dict)

    def in_tier(self, tier: Tier) -> dict[str, RoomActivation]:
        """Rooms that are held open in one tier."""
        return {key: room for key, room in self.rooms.items() if room.tier is tier}

    @property
    def tier1_rooms(self) -> dict[str, RoomActivation]:
        """Rooms whose schedule is near."""
        return self.in_tier(Tier.SCHEDULE)

    @property
    def tier2_rooms(self) -> dict[str, RoomActivation]:
        """Rooms whose schedule is further away."""
        return self.in_tier(Tier.EXTENDED)

    @property
    def tier3_rooms(self) -> dict[str, RoomActivation]:
        """Fallback rooms."""
        return self.in_tier(Tier.FALLBACK)

    def activation_duration_s(self, now_s: float) -> float:
        """How long load sharing has been active in s; 0 when it is not."""
        return 0.0 if self.activated_s is None else now_s - self.activated_s

    def can_exit(self, now_s: float, min_activation_s: float) -> bool:
        """Whether load sharing has been active for long enough to end."""
        return self.activation_duration_s(now_s) >= min_activation_s

    def tier3_timeouts(self, now_s: float, max_duration_s: float) -> frozenset[str]:
        """Fallback rooms that have been open for as long as they may."""
        return frozenset(
            key
            for key, room in self.tier3_rooms.items()
            if now_s - room.activated_s >= max_duration_s
        )


def state_in(tier: Tier, *, escalated: bool) -> LoadSharingState:
    """State whose highest tier is this one."""
    return (_ESCALATED if escalated else _ACTIVE)[tier]


def _table() -> dict[tuple[LoadSharingState, LoadSharingState], frozenset[Reason]]:
    off, idle = LoadSharingState.DISABLED, LoadSharingState.INACTIVE
    table: dict[tuple[LoadSharingState, LoadSharingState], set[Reason]] = {
        (off, idle): {Reason.SWITCHED_ON},
        (idle, off): {Reason.SWITCHED_OFF},
    }

    def allow(
        before: LoadSharingState, after: LoadSharingState, *reasons: Reason
    ) -> None:
        table.setdefault((before, after), set()).update(reasons)

    for tier in Tier:
        active, escalated = _ACTIVE[tier], _ESCALATED[tier]
        allow(idle, active, Reason.COOLDOWN, Reason.RETURN_RISK)
        allow(
            active,
            escalated,
            Reason.OPENED_WIDER,
            Reason.ROOM_LEFT,
            Reason.ROOM_PROMOTED,
        )
        for state in (active, escalated):
            allow(state, off, Reason.SWITCHED_OFF)
            allow(
                state,
                idle,
                Reason.CALLERS_STOPPED,
                Reason.NEW_CALLER_SUFFICIENT,
                Reason.ALL_CALLING,
                Reason.NO_ROOMS_LEFT,
            )
            for other in Tier:
                allow(state, _ACTIVE[other], Reason.ROOM_REPLACED)
        for higher in Tier:
            if higher > tier:
                allow(escalated, _ACTIVE[higher], Reason.NEXT_TIER)
                for state in (_ACTIVE[higher], _ESCALATED[higher]):
                    allow(state, escalated, Reason.ROOM_LEFT, Reason.ROOM_PROMOTED)
                    allow(state, active, Reason.ROOM_PROMOTED)
    fallback, wider = _ACTIVE[Tier.FALLBACK], _ESCALATED[Tier.FALLBACK]
    allow(wider, fallback, Reason.ROOM_ADDED)
    return {
        move: frozenset(reasons) for move, reasons in table.items() if len({*move}) == 2
    }


TRANSITIONS = _table()
"""Every move the state machine can make, and the reasons it can make it for."""
