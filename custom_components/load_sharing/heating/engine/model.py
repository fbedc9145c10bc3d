"""Settings, inputs and outputs of the heating engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from .schedule import Block, WeeklySchedule

IDLE_SETPOINT_C = 25.0
"""A boiler at rest may show a setpoint below this; nobody heats with such water."""


class LoadSharingState(StrEnum):
    """Where the state machine is: the tier reached, and whether it is opened wider."""

    DISABLED = "disabled"
    INACTIVE = "inactive"
    TIER1_ACTIVE = "tier1_active"
    TIER1_ESCALATED = "tier1_escalated"
    TIER2_ACTIVE = "tier2_active"
    TIER2_ESCALATED = "tier2_escalated"
    TIER3_ACTIVE = "tier3_active"
    TIER3_ESCALATED = "tier3_escalated"

    @property
    def is_active(self) -> bool:
        """Whether rooms are held open."""
        return self not in (LoadSharingState.DISABLED, LoadSharingState.INACTIVE)


class Mode(StrEnum):
    """How far load sharing may go."""

    OFF = "off"
    SCHEDULE_TIERS = "schedule_tiers"
    ALL_TIERS = "all_tiers"


class Tier(IntEnum):
    """Why a room is opened: its schedule is near, further away, or it is a fallback."""

    SCHEDULE = 1
    EXTENDED = 2
    FALLBACK = 3


class Level(IntEnum):
    """Rung of a tier's ladder of valve openings."""

    INITIAL = 0
    ESCALATED = 1
    MAX = 2


class RoomMode(StrEnum):
    """Whether a room may be opened: only in ``auto`` it may."""

    AUTO = "auto"
    MANUAL = "manual"
    OFF = "off"
    UNAVAILABLE = "unavailable"


class Actuator(StrEnum):
    """How a room is opened: by its valve, or by a higher setpoint of its thermostat."""

    VALVE = "valve"
    SETPOINT = "setpoint"


class Evidence(StrEnum):
    """What shows that the boiler cycles, or is about to."""

    COOLDOWN = "cooldown"
    RETURN_RISK = "return_risk"


class Reason(StrEnum):
    """Why the state machine is where it is."""

    SWITCHED_OFF = "switched_off"
    SWITCHED_ON = "switched_on"
    NO_CALL = "no_call"
    CAPACITY_SUFFICIENT = "capacity_sufficient"
    CAPACITY_UNKNOWN = "capacity_unknown"
    NO_EVIDENCE = "no_evidence"
    NO_CANDIDATES = "no_candidates"
    COOLDOWN = "cooldown"
    RETURN_RISK = "return_risk"
    OPENED_WIDER = "opened_wider"
    NEXT_TIER = "next_tier"
    ROOM_ADDED = "room_added"
    ROOM_LEFT = "room_left"
    ROOM_PROMOTED = "room_promoted"
    ROOM_REPLACED = "room_replaced"
    CALLERS_STOPPED = "callers_stopped"
    NEW_CALLER_SUFFICIENT = "new_caller_sufficient"
    ALL_CALLING = "all_calling"
    NO_ROOMS_LEFT = "no_rooms_left"


class RoomReason(StrEnum):
    """Why a room is open, or why it is left alone."""

    SCHEDULE = "schedule"
    EXTENDED_SCHEDULE = "extended_schedule"
    FALLBACK = "fallback"
    PUMP_OVERRUN = "pump_overrun"
    CALLING = "calling"
    NOT_NEEDED = "not_needed"
    OFF = "off"
    MANUAL = "manual"
    UNAVAILABLE = "unavailable"
    NOT_PARTICIPATING = "not_participating"
    NO_RATING = "no_rating"
    YIELDED = "yielded"
    SCHEDULE_STARTED = "schedule_started"
    NOT_SCHEDULED = "not_scheduled"
    TARGET_REACHED = "target_reached"
    TOO_WARM = "too_warm"
    TIMED_OUT = "timed_out"
    LOCKED_OUT = "locked_out"
    MODE_CHANGED = "mode_changed"
    SHARING_ENDED = "sharing_ended"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Valve openings of a tier in %, by level."""

    initial_pct: float
    escalated_pct: float
    max_pct: float

    def at(self, level: Level) -> float:
        """Opening at a level in %."""
        return (self.initial_pct, self.escalated_pct, self.max_pct)[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingSettings:
    """What the user tunes of a site's heating.

    ``protection_floor_c`` is the boiler's setpoint while it cools down; None
    leaves the setpoint alone.
    """

    min_calling_capacity_w: float = 3500.0
    target_capacity_w: float = 4000.0
    deactivation_hysteresis_w: float = 200.0
    cooldown_lookback_s: float = 15 * 60.0
    return_risk_delta_k: float = 15.0
    return_risk_time_s: float = 60.0
    short_burn_s: float = 180.0
    min_activation_s: float = 5 * 60.0
    extended_window_multiplier: float = 2.0
    prewarm_margin_k: float = 0.5
    on_delta_k: float = 0.3
    off_delta_k: float = 0.1
    ladders: Mapping[Tier, Ladder] = field(
        default_factory=lambda: {
            Tier.SCHEDULE: Ladder(70, 80, 90),
            Tier.EXTENDED: Ladder(40, 50, 60),
            Tier.FALLBACK: Ladder(50, 60, 70),
        }
    )
    imminent_s: float = 15 * 60.0
    imminent_pct: float = 100.0
    tier_3_max_duration_s: float = 15 * 60.0
    tier_3_lockout_s: float = 30 * 60.0
    tier_3_overheat_k: float = 0.5
    overheat_cap: bool = True
    ceiling_c: float = 25.0
    flow_efficiency: float = 1.2
    system_delta_t_k: float = 10.0
    pump_overrun_s: float = 180.0
    boost_k: float = 2.0
    protection_floor_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """A room as it is configured.

    ``q50_w`` is the radiator's rating at 50 K over the room (EN 442); None keeps
    the room out. ``fallback_priority`` None keeps it out of tier 3; lower is sooner.
    """

    room_id: str
    q50_w: float | None
    exponent: float = 1.3
    lookahead_s: float = 3600.0
    fallback_priority: int | None = None
    participates: bool = True
    comfort_c: float = 20.0
    actuator: Actuator = Actuator.VALVE


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomInput:
    """A room as it is now, without what we did to it.

    ``target_c`` and ``owner_pct`` are the owner's: while we hold the room, what
    they were before. ``demand`` None: judged by temperature and target.
    ``yielded``: somebody took the room from us, and it is left alone for now.
    """

    settings: RoomSettings
    mode: RoomMode = RoomMode.AUTO
    temperature_c: float | None = None
    target_c: float | None = None
    demand: bool | None = None
    owner_pct: float | None = None
    schedule: WeeklySchedule | None = None
    yielded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerInput:
    """The boiler as it is now; None for what is not known.

    ``setpoint_c`` is the owner's, also while cycling protection holds another;
    ``setpoint_taken``: somebody changed it meanwhile. ``cooldown_signals`` counts
    what a cooldown sensor has told so far, and then stands instead of our own
    detection.
    """

    burner: bool | None = None
    flow_c: float | None = None
    return_c: float | None = None
    setpoint_c: float | None = None
    dhw: bool | None = None
    on: bool | None = None
    setpoint_taken: bool = False
    cooldown_signals: int | None = None

    @property
    def heating_setpoint_c(self) -> float | None:
        """The setpoint if it is one to heat with, in °C."""
        if self.setpoint_c is None or self.setpoint_c < IDLE_SETPOINT_C:
            return None
        return self.setpoint_c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingInput:
    """All that an evaluation looks at. ``local_time`` is aware, in the home's zone."""

    settings: HeatingSettings
    mode: Mode
    boiler: BoilerInput
    rooms: tuple[RoomInput, ...]
    local_time: datetime


@dataclass(frozen=True, slots=True)
class Transition:
    """A step of the state machine, and the rooms it concerned."""

    before: LoadSharingState
    after: LoadSharingState
    reason: Reason
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDecision:
    """What is decided for a room.

    ``valve_pct`` or ``setpoint_c`` is what to hold, by the room's actuator; both
    None: let go. ``capacity_w`` is what its radiator could give, fully open.
    """

    reason: RoomReason
    calling: bool = False
    capacity_w: float | None = None
    tier: Tier | None = None
    valve_pct: float | None = None
    setpoint_c: float | None = None
    since: datetime | None = None
    next_block: Block | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingDecision:
    """The outcome of one evaluation, with its reasons.

    Capacities are in W, without what is not known; ``capacity_known``: nothing is
    missing. ``opened`` are the rooms that were opened or moved to another tier,
    ``released`` those that were let go, each with its reason. ``exhausted``: more
    capacity is wanted, and no room is left that may be opened.
    ``boiler_setpoint_c`` is what cycling protection holds; None: let go.
    """

    state: LoadSharingState
    reason: Reason
    evidence: Evidence | None
    calling_capacity_w: float
    total_capacity_w: float
    trigger_rooms: frozenset[str]
    active_since: datetime | None
    rooms: Mapping[str, RoomDecision]
    transitions: tuple[Transition, ...] = ()
    opened: Mapping[str, RoomReason] = field(default_factory=dict)
    released: Mapping[str, RoomReason] = field(default_factory=dict)
    capacity_known: bool = True
    exhausted: bool = False
    boiler_setpoint_c: float | None = None
    wake_at_s: float | None = None
