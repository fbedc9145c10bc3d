"""The state machine's context: the open rooms and the calls they are open for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .model import Evidence, Level, LoadSharingState, Tier
from .reasons import Reason, RoomReason
from .schedule import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomActivation:
    """A room that is held open.

    ``activated_s`` is when it was opened, ``since`` when it came into its tier.
    ``block`` is the block that it is pre-warmed for; None for a fallback, and for a
    room that has not reached the target of a running block. ``withheld`` is why it is
    not open at the moment although it is chosen; None if it is open.
    """

    room_id: str
    tier: Tier
    level: Level
    reason: RoomReason
    activated_s: float
    since: datetime
    block: Block | None = None
    valve_pct: float = 0.0
    withheld: RoomReason | None = None


@dataclass(frozen=True, slots=True)
class Overrun:
    """A valve that stays open after its room was released, for the boiler's sake."""

    valve_pct: float
    ended_s: float
    since: datetime
    reason: RoomReason = RoomReason.PUMP_OVERRUN


@dataclass(frozen=True, slots=True)
class Release:
    """Why and when a room was last released."""

    reason: RoomReason
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSharingContext:
    """What the state machine remembers between evaluations.

    It is immutable: every evaluation returns a new one.

    ``trigger_rooms`` are the calling rooms that load is shared for. ``open_rooms`` are
    held open now; ``ever_opened`` are all rooms opened since sharing started, including
    those released again. ``newcomers`` are other rooms that have begun to call since
    then. ``lockouts`` is the time (monotonic, in s) before which a room must not be a
    fallback again.
    """

    state: LoadSharingState = LoadSharingState.DISABLED
    reason: Reason = Reason.SWITCHED_OFF
    evidence: Evidence | None = None
    trigger_rooms: frozenset[str] = frozenset()
    activated_s: float | None = None
    active_since: datetime | None = None
    open_rooms: Mapping[str, RoomActivation] = field(default_factory=dict)
    ever_opened: frozenset[str] = frozenset()
    newcomers: frozenset[str] = frozenset()
    lockouts: Mapping[str, float] = field(default_factory=dict)
    overruns: Mapping[str, Overrun] = field(default_factory=dict)
    last_releases: Mapping[str, Release] = field(default_factory=dict)

    def in_tier(self, tier: Tier) -> dict[str, RoomActivation]:
        """Return the open rooms of one tier."""
        return {key: room for key, room in self.open_rooms.items() if room.tier is tier}

    @property
    def tier1_rooms(self) -> dict[str, RoomActivation]:
        """Open rooms of tier 1: their next block is near."""
        return self.in_tier(Tier.SCHEDULE)

    @property
    def tier2_rooms(self) -> dict[str, RoomActivation]:
        """Open rooms of tier 2: their next block is in the extended window."""
        return self.in_tier(Tier.EXTENDED)

    @property
    def tier3_rooms(self) -> dict[str, RoomActivation]:
        """Open rooms of tier 3: the fallbacks."""
        return self.in_tier(Tier.FALLBACK)

    @property
    def held_rooms(self) -> frozenset[str]:
        """Rooms whose actuators are held: open ones, and those of the overrun."""
        return held_rooms(self.open_rooms, self.overruns)

    def activation_duration_s(self, now_s: float) -> float:
        """Return how long sharing has been active, in s; 0 if it is not."""
        return 0.0 if self.activated_s is None else now_s - self.activated_s

    def can_exit(self, now_s: float, min_activation_s: float) -> bool:
        """Return whether sharing has been active for the minimum time."""
        return self.activation_duration_s(now_s) >= min_activation_s


def held_rooms(
    open_rooms: Mapping[str, RoomActivation], overruns: Mapping[str, Overrun]
) -> frozenset[str]:
    """Return the rooms whose actuators are held."""
    held = {room_id for room_id, room in open_rooms.items() if room.withheld is None}
    return frozenset(held | overruns.keys())
