"""The heating engine's settings, input and decision, and the terms they use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from math import inf

from .hold import HoldReason
from .reasons import Reason, RoomReason
from .schedule import Block, WeeklySchedule

MIN_HEATING_SETPOINT_C = 25.0
"""Boilers at rest show setpoints below this; such water heats no room."""


class LoadSharingState(StrEnum):
    """State of the state machine: off, idle, or the highest tier that is open.

    A tier is escalated once all of its rooms are opened wider than at first.
    """

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
        """Whether load sharing is under way."""
        return self not in (LoadSharingState.DISABLED, LoadSharingState.INACTIVE)


class Mode(StrEnum):
    """Tiers that load sharing may use."""

    OFF = "off"
    SCHEDULE_TIERS = "schedule_tiers"
    ALL_TIERS = "all_tiers"


class Control(StrEnum):
    """How rooms are shared: while the burner burns, or tier by tier after cooldowns.

    ``FEWEST_BURNS`` looks further ahead than ``BALANCED``, and has colder water.
    """

    BALANCED = "balanced"
    FEWEST_BURNS = "fewest_burns"
    TIERS = "tiers"


class Tier(IntEnum):
    """Why a room is opened: a near block, a block further away, or as a fallback."""

    SCHEDULE = 1
    EXTENDED = 2
    FALLBACK = 3


class Level(IntEnum):
    """Rung on a tier's ladder of valve openings."""

    INITIAL = 0
    ESCALATED = 1
    MAX = 2


class RoomMode(StrEnum):
    """Mode of a room's thermostat. Only a room in ``auto`` may be opened.

    One that is ``away`` may only be opened for its own schedule, which says when people
    are back. ``frost`` is protection against frost, or a long absence.
    """

    AUTO = "auto"
    AWAY = "away"
    FROST = "frost"
    MANUAL = "manual"
    OFF = "off"
    UNAVAILABLE = "unavailable"


class Actuator(StrEnum):
    """What opens a room: its valve, or a raised setpoint of its thermostat."""

    VALVE = "valve"
    SETPOINT = "setpoint"


class Evidence(StrEnum):
    """Evidence that the boiler short-cycles, or is about to."""

    COOLDOWN = "cooldown"
    RETURN_RISK = "return_risk"
    SMALL_LOAD = "small_load"


@dataclass(frozen=True, slots=True)
class Ladder:
    """Valve openings of a tier in %, one for each level."""

    initial_pct: float
    escalated_pct: float
    max_pct: float

    def at(self, level: Level) -> float:
        """Return the valve opening at a level, in %."""
        return (self.initial_pct, self.escalated_pct, self.max_pct)[level]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingSettings:
    """The site's tunable values; ``docs/load-sharing.md`` explains each of them.

    Their defaults are in ``heating/tuning.py``. ``overheat_cap`` limits a fallback
    room to ``tier_3_overheat_k`` above its own target; without it only ``ceiling_c``
    applies. ``boost_k`` raises the setpoint of rooms that are opened by setpoint. A room
    whose target is no higher than ``frost_target_c`` is only kept from frost.
    ``least_output_w`` is the boiler's least output; None if it is to be learned.

    ``protection_floor_c`` is the setpoint that holds the burner off; None without
    cycling protection, and where a switch holds it off: ``held_otherwise``.
    The water is let down to ``let_down_c``, or to ``resume_c`` where the callers can
    take the share ``resume_share`` of the least output. No hold lasts while a room is
    at or below ``frost_c``, or a pipe at or below ``pipe_frost_c``.

    While the boiler burns, valves that sharing has opened do not close below
    ``minimum_open_pct``, the sum of all openings that the boiler needs.
    """

    min_calling_capacity_w: float
    target_capacity_w: float
    deactivation_hysteresis_w: float
    cooldown_lookback_s: float
    return_risk_delta_k: float
    min_activation_s: float
    extended_window_multiplier: float
    prewarm_margin_k: float
    on_delta_k: float
    off_delta_k: float
    ladders: Mapping[Tier, Ladder]
    imminent_s: float
    imminent_pct: float
    tier_3_max_duration_s: float
    tier_3_lockout_s: float
    tier_3_overheat_k: float
    overheat_cap: bool
    ceiling_c: float
    flow_efficiency: float
    system_delta_t_k: float
    pump_overrun_s: float
    boost_k: float
    frost_target_c: float
    least_output_w: float | None
    farthest_factor: float
    moves_a_day: float
    protection_floor_c: float | None
    held_otherwise: bool
    let_down_c: float
    longest_hold_s: float
    resume_c: float
    resume_share: float
    frost_c: float
    pipe_frost_c: float
    minimum_open_pct: float
    short_burn_s: float
    return_risk_s: float
    flow_over_setpoint_k: float
    return_under_setpoint_k: float

    @property
    def holds_burner(self) -> bool:
        """Whether there is a way to hold the burner off."""
        return self.protection_floor_c is not None or self.held_otherwise

    @property
    def activation_capacity_w(self) -> float:
        """Sharing starts only while the callers can take less than this, in W.

        Never above the target capacity, at which no room would be opened.
        """
        return min(self.min_calling_capacity_w, self.target_capacity_w)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSettings:
    """A room's configuration.

    ``q50_w`` is the radiator's output at 50 K above room temperature (EN 442); a
    room without a rating is never opened. ``exponent`` is the radiator's (EN 442).
    ``lookahead_s`` is how far ahead a block puts the room into tier 1. Fallbacks are
    opened in ascending order of ``fallback_priority``; None is never a fallback.
    ``comfort_c`` is the target of blocks that have none of their own. ``mixed_flow_c``
    is the flow that a mixer holds for the room's loops; None without a mixer.
    """

    room_id: str
    q50_w: float | None
    exponent: float
    lookahead_s: float
    fallback_priority: int | None
    participates: bool
    comfort_c: float
    actuator: Actuator
    mixed_flow_c: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomInput:
    """A room's readings, as they would be without load sharing.

    ``target_c`` and ``owner_valve_pct`` are the owner's target and valve opening: while
    we hold the room, those from before. ``demand`` is the room's own call for heat;
    None infers the call from temperature and target. ``overridden``: something else has
    set the room's actuator while we held it, so the room is left alone for now.

    ``reachable``: the actuator can be read, and so be set. ``stuck_pct`` is the opening
    of a held one that has not followed, None if it has, or may yet. ``head_c`` is the
    temperature by which a thermostat opens that is held by its setpoint, ``held_c``
    what it is held at, ``highest_c`` the highest that it takes. ``left_open_pct`` is
    where an earlier run has left its valve, which is to be given back. ``idle``: the
    thermostat says that it does not heat. ``follows_in_s`` is how long the actuator
    took to follow; None if that is not known.
    """

    settings: RoomSettings
    mode: RoomMode = RoomMode.AUTO
    temperature_c: float | None = None
    target_c: float | None = None
    demand: bool | None = None
    owner_valve_pct: float | None = None
    schedule: WeeklySchedule | None = None
    overridden: bool = False
    window_open: bool = False
    reachable: bool = True
    stuck_pct: float | None = None
    head_c: float | None = None
    held_c: float | None = None
    highest_c: float = inf
    left_open_pct: float | None = None
    idle: bool | None = None
    follows_in_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerInput:
    """The boiler's readings; None for what is not known.

    ``pipe_c`` is that of the pipe that freezes first; ``pipe_lost``: it cannot be read.
    ``setpoint_c`` is the owner's value, also while cycling protection holds a lower
    one; ``setpoint_overridden``: something else set it while it was held. ``dhw``: the
    boiler heats tap water; ``dhw_lost``: whether it does cannot be read, although there
    is an entity for it. ``cooldown_signals`` is the number of cooldowns that an
    external sensor has signalled so far; if there is one, it replaces our own
    detection. ``dhw_doubted``: tap water has been on for too long to be heated; the
    burner is not held off all the same. ``may_burn``: the burner is not known, because
    it shows a modulation of 0 %, which may be its least output.
    """

    burner: bool | None = None
    may_burn: bool = False
    flow_c: float | None = None
    return_c: float | None = None
    setpoint_c: float | None = None
    pipe_c: float | None = None
    pipe_lost: bool = False
    dhw: bool | None = None
    dhw_lost: bool = False
    on: bool | None = None
    dhw_doubted: bool = False
    setpoint_overridden: bool = False
    cooldown_signals: int | None = None

    @property
    def heats_tap_water(self) -> bool:
        """Whether the water is hot for the taps, and says nothing about the rooms."""
        return bool(self.dhw) and not self.dhw_doubted

    @property
    def heating_setpoint_c(self) -> float | None:
        """The setpoint in °C, or None if it is too low to heat with."""
        if self.setpoint_c is None or self.setpoint_c < MIN_HEATING_SETPOINT_C:
            return None
        return self.setpoint_c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingInput:
    """Input of one evaluation. ``local_time`` is aware, in the home's time zone.

    ``shadow``: what is decided is only shown, and nothing is set.
    """

    settings: HeatingSettings
    mode: Mode
    boiler: BoilerInput
    rooms: tuple[RoomInput, ...]
    local_time: datetime
    control: Control = Control.TIERS
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition of the state machine, and the rooms that caused it."""

    before: LoadSharingState
    after: LoadSharingState
    reason: Reason
    rooms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDecision:
    """Decision for one room.

    ``valve_pct`` or ``setpoint_c``, whichever the room's actuator takes, is the value
    to hold; the room is released if both are None. ``capacity_w`` is the radiator's
    output with a fully open valve. ``tier`` is set while the room is held open, and
    ``since`` is when ``reason`` began to apply, if that is recorded.
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
    """Outcome of one evaluation, with its reasons.

    Capacities are in W and leave out what is not known; ``capacity_known`` is False
    if anything was left out. ``trigger_rooms`` are the calling rooms that load is
    shared for. ``opened`` are the rooms that this evaluation opened or moved to another
    tier, ``released`` those that it released, each with its reason.
    ``exhausted``: more capacity is wanted, but no further room may be opened.
    ``hold`` says whether the burner is to be held off and why, ``hold_since`` since
    when. ``boiler_setpoint_c`` is the setpoint that holds it; None releases it.
    ``wake_at_s`` is when to evaluate again if no input changes before.
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
    hold: HoldReason = HoldReason.NOT_NEEDED
    hold_since: datetime | None = None
    boiler_setpoint_c: float | None = None
    wake_at_s: float | None = None
