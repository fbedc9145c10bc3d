"""What the charging engine is told, what it remembers and what it decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import NamedTuple

from .command import CommandState
from .demand import DemandLimit, DemandState
from .overload import NO_OVERLOAD, OverloadEvent, OverloadState

type PhaseVector = tuple[float, ...]
"""One value per phase of the site, L1 first."""

type Levels = tuple[float, ...]
"""The currents in A that a charger can be told, in order, where there is no step."""

EPSILON_A = 1e-6
"""Differences below this many amperes are rounding, not current."""


class BalancerState(StrEnum):
    """What the balancer as a whole is doing."""

    DISABLED = "disabled"
    STOPPED = "stopped"
    RAMP_UP_HOLD = "ramp_up_hold"
    ADJUSTING = "adjusting"
    ACTIVE = "active"
    OVERLOAD = "overload"
    FALLBACK = "fallback"


class Limit(StrEnum):
    """What keeps a charger from having more current."""

    SUPPLY = "supply"
    L1 = "l1"
    L2 = "l2"
    L3 = "l3"
    CIRCUIT = "circuit"
    EXTERNAL_LIMIT = "external_limit"
    USER_LIMIT = "user_limit"
    DEMAND_LIMIT = "demand_limit"
    CHARGER_MAXIMUM = "charger_maximum"
    TEMPORARY_LIMIT = "temporary_limit"
    SET_BY_HAND = "set_by_hand"
    CHARGER_TEST = "charger_test"
    BELOW_MINIMUM = "below_minimum"
    WAITING_FOR_TURN = "waiting_for_turn"
    RAMP_UP = "ramp_up"
    SETTLING = "settling"
    STATUS_UNKNOWN = "status_unknown"
    OVERLOAD = "overload"
    METER_LOST = "meter_lost"
    DISABLED = "disabled"


CEILINGS = (
    Limit.CHARGER_MAXIMUM,
    Limit.TEMPORARY_LIMIT,
    Limit.SET_BY_HAND,
    Limit.CHARGER_TEST,
)
"""What a charger may have at most, by itself."""


class ActionReason(StrEnum):
    """Why a charger's current was last changed."""

    START_UP = "start_up"
    SUPPLY = "supply"
    CEILING = "ceiling"
    BELOW_MINIMUM = "below_minimum"
    HEADROOM = "headroom"
    RESUMED = "resumed"
    OVERLOAD = "overload"
    METER_LOST = "meter_lost"
    TURN = "turn"


class ChargerStatus(StrEnum):
    """What the charger says of itself."""

    NOT_CONFIGURED = "not_configured"
    CHARGING = "charging"
    NOT_CHARGING = "not_charging"
    UNKNOWN = "unknown"


class FallbackAction(StrEnum):
    """What to do with the chargers while the meter is lost."""

    STOP = "stop"
    HOLD = "hold"
    SET_CURRENT = "set_current"


@dataclass(frozen=True, slots=True)
class ServiceReading:
    """Net current of the supply, checked: finite, plausible and fresh."""

    current_a: PhaseVector
    taken_at_s: PhaseVector


class Earlier(NamedTuple):
    """What a charger's sensors showed until they showed something else."""

    until_s: float
    low_a: PhaseVector
    high_a: PhaseVector


@dataclass(frozen=True, slots=True)
class DrawReading:
    """Least and greatest current that a charger's own sensors show, by its phases.

    They are the same where the phases are measured, and may differ where only the
    power of all of them is. ``earlier``: what they showed shortly before, newest first,
    since when all bounds were about ``steady_a``.
    """

    low_a: PhaseVector
    high_a: PhaseVector
    taken_at_s: float
    earlier: tuple[Earlier, ...] = ()
    steady_a: PhaseVector = ()


@dataclass(frozen=True, slots=True)
class Fallback:
    """Behaviour once the meter has been lost for longer than the grace."""

    action: FallbackAction = FallbackAction.STOP
    current_a: float = 6.0
    grace_s: float = 10.0


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The supply and how carefully to use it.

    ``limit_a`` is what the fuse bears: more than that is an overload. The lower
    of ``ceilings``, by their names, is all that may be planned with.
    """

    limit_a: float = 32.0
    safety_margin_a: float = 0.0
    ceilings: tuple[tuple[Limit, float], ...] = ()
    rotation_time_s: float = inf
    ramp_up_time_s: float = 15.0
    ramp_up_step_a: float = 4.0
    overload_trigger_delay_s: float = 2.0
    overload_loop_interval_s: float = 5.0
    fallback: Fallback = field(default_factory=Fallback)

    @property
    def usable_a(self) -> float:
        """Current per phase that may be planned with."""
        usable_a = max(0.0, self.limit_a - self.safety_margin_a)
        for _, ceiling_a in self.ceilings:
            usable_a = min(usable_a, ceiling_a)
        return usable_a

    @property
    def lowest_ceiling(self) -> Limit | None:
        """Name of the ceiling that counts; None for the fuse and its margin."""
        usable_a = self.limit_a - self.safety_margin_a
        name = None
        for limit, ceiling_a in self.ceilings:
            if ceiling_a < usable_a:
                usable_a, name = ceiling_a, limit
        return name


@dataclass(frozen=True, slots=True)
class ChargerSettings:
    """What one charger can do: its currents, its phases, its reaction time.

    ``min_a`` is the least current a car accepts (6 A in IEC 61851-1); less is
    a pause. ``phases`` are indices into the site's phase vector, in the order of
    the charger's own L1, L2, L3: a car with fewer phases uses the first of them.
    Above their minimums, chargers of equal ``priority`` share by ``weight``.
    ``levels_a`` are all the currents it can be told, if they are not multiples of
    ``step_a``. ``ceilings``, by their names, only ever lower what it may have.
    """

    charger_id: str
    phases: tuple[int, ...] = (0,)
    min_a: float = 6.0
    max_a: float = 32.0
    step_a: float = 1.0
    settle_s: float = 5.0
    temporary_limit_a: float | None = None
    weight: float = 1.0
    priority: int = 0
    levels_a: Levels = ()
    ceilings: tuple[tuple[Limit, float], ...] = ()

    @property
    def ceiling_a(self) -> float:
        """Most this charger may be told, whatever the supply has to give."""
        limit_a = self.temporary_limit_a
        most_a = self.max_a if limit_a is None else limit_a
        for _, ceiling_a in self.ceilings:
            most_a = min(most_a, ceiling_a)
        return most_a

    @property
    def ceiling_name(self) -> Limit:
        """What that is due to."""
        for limit, ceiling_a in self.ceilings:
            if ceiling_a <= self.ceiling_a:
                return limit
        own = self.temporary_limit_a is None
        return Limit.CHARGER_MAXIMUM if own else Limit.TEMPORARY_LIMIT


@dataclass(frozen=True, slots=True)
class ChargerInput:
    """One charger as it is now."""

    settings: ChargerSettings
    command: CommandState
    status: ChargerStatus = ChargerStatus.NOT_CONFIGURED
    status_since_s: float = 0.0
    draw: DrawReading | None = None


@dataclass(frozen=True, slots=True)
class Circuit:
    """A part of the supply with a limit of its own.

    ``members`` are its chargers and those of all circuits below it. ``reading``
    is as long as the site's, and counts on ``phases``: None if it is not
    ``metered``, or its meter is lost. ``remains`` is then what can still be read, as
    in ``SiteInput``. ``parent_id`` "" is the supply.
    """

    circuit_id: str
    limit_a: float
    phases: tuple[int, ...]
    members: frozenset[str]
    parent_id: str = ""
    metered: bool = False
    reading: ServiceReading | None = None
    remains: ServiceReading | None = None

    @property
    def shown(self) -> ServiceReading | None:
        """All that its meter shows, if only in part."""
        return self.reading or self.remains


@dataclass(frozen=True, slots=True)
class SiteInput:
    """Everything one evaluation looks at. ``reading`` is None while the meter is lost.

    ``remains`` is what its other phases show meanwhile, with 0 A where nothing can
    be read: too little for a rise, enough to see that a phase carries too much.
    ``circuits`` come after the circuits they are parts of. Without ``may_rise``,
    nobody gets more than now: an external limit has not been heard of yet.
    """

    settings: SiteSettings
    reading: ServiceReading | None
    chargers: tuple[ChargerInput, ...]
    enabled: bool = True
    circuits: tuple[Circuit, ...] = ()
    demand: DemandLimit | None = None
    may_rise: bool = True
    remains: ServiceReading | None = None

    @property
    def shown(self) -> ServiceReading | None:
        """All that the meter shows, if only in part."""
        return self.reading or self.remains


@dataclass(frozen=True, slots=True)
class Ramp:
    """Headroom that has lasted since ``since_s``, and the least of it so far."""

    since_s: float
    least_a: float


@dataclass(frozen=True, slots=True)
class Regain:
    """What a charger had before a load took it, and how its last rises ended.

    ``had_a`` is the most that it had for a ramp-up time. Up to there, ``patience``
    times the ramp-up time is waited. ``since_s``: when its current changed last,
    ``rose`` if that was upwards.
    """

    since_s: float
    had_a: float
    patience: float
    rose: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """Since when a charger runs, or waits; and since when it uses less than it has.

    ``idle``: it took nothing when it might, and has not moved since.
    """

    running: bool
    since_s: float
    sparing_since_s: float | None = None
    idle: bool = False


@dataclass(frozen=True, slots=True)
class EngineState:
    """What the engine remembers from one evaluation to the next.

    ``lost_since_s``: when the meter of a circuit was lost; "" is the supply.
    ``alarmed``: that nothing is left to be done about an overload has been told.
    ``overload_s``: how long overloads lasted of late.
    """

    ramps: Mapping[str, Ramp] = field(default_factory=dict)
    overload: OverloadState = NO_OVERLOAD
    turns: Mapping[str, Turn] = field(default_factory=dict)
    lost_since_s: dict[str, float] = field(default_factory=dict)
    demand: DemandState | None = None
    alarmed: bool = False
    regains: dict[str, Regain] = field(default_factory=dict)
    overload_s: float = 2.0


@dataclass(frozen=True, slots=True)
class ChargerDecision:
    """The current a charger shall have, and why. ``desired_a`` None: leave it alone.

    ``circuit_id`` names the circuit that limits it; "" is the supply. ``withheld``: it
    refused that before, and is not to be told again while others have the current.
    """

    desired_a: float | None
    limit: Limit
    action: ActionReason | None
    draw_a: PhaseVector
    circuit_id: str = ""
    withheld: bool = False


class Calm(NamedTuple):
    """Bounds of the service current, by phase, in A.

    Until ``Decision.wake_at_s``, readings between them lead to the same currents, as
    long as nothing else of the site changes.
    """

    low_a: PhaseVector
    high_a: PhaseVector

    def holds(self, current_a: PhaseVector) -> bool:
        """Whether a reading is between the bounds."""
        for phase, value_a in enumerate(current_a):
            if not self.low_a[phase] <= value_a <= self.high_a[phase]:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one evaluation.

    ``headroom_a`` and ``available_a`` are those of the tightest phase; None
    while the meter is lost. ``overloaded_id`` is the circuit with the worst
    excess, "" the supply. ``wake_at_s`` is when time alone may change the outcome,
    ``calm`` between which readings nothing would be decided otherwise until then.
    """

    state: BalancerState
    chargers: Mapping[str, ChargerDecision]
    base_a: PhaseVector | None = None
    headroom_a: PhaseVector | None = None
    available_a: float | None = None
    overloaded: bool = False
    overloaded_id: str = ""
    circuit_headroom_a: tuple[PhaseVector | None, ...] = ()
    fallback_active: bool = False
    correction_due: bool = False
    events: tuple[OverloadEvent, ...] = ()
    wake_at_s: float | None = None
    calm: Calm | None = None
