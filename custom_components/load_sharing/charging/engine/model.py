"""The charging engine's input: a site, its chargers, circuits and measurements."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import NamedTuple

from .command import CommandState
from .demand import DemandLimit
from .latency import Response
from .mains import Mains

type PhaseVector = tuple[float, ...]
"""One value per phase of the site, L1 first."""

type Levels = tuple[float, ...]
"""The currents in A that a charger can be set to, ascending, if there is no step."""


class ControlRange(NamedTuple):
    """The currents in A that a charger's control takes at present, and if it pauses."""

    step_a: float
    levels_a: Levels = ()
    least_a: float = 0.0
    most_a: float = inf
    pauses: bool = True


NOTHING_A = 1.0
"""Less than this is the charger's own consumption, not a car's."""

EXPORTS_A = -0.5
"""A phase that carries less than this exports; anything nearer to 0 is a meter's error."""

EPSILON_A = 1e-6
"""Currents that differ by less than this many amperes are equal."""


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
    METER_DOUBTED = "meter_doubted"
    DISABLED = "disabled"
    AWAY = "away"


CEILINGS = (
    Limit.CHARGER_MAXIMUM,
    Limit.TEMPORARY_LIMIT,
    Limit.SET_BY_HAND,
    Limit.CHARGER_TEST,
)
"""Limits that are ceilings of the charger itself."""


class ChargerStatus(StrEnum):
    """What the charger's own status entity reports."""

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
class Reading:
    """A checked current in A, positive when imported, and when it was reported."""

    current_a: float
    taken_at_s: float


@dataclass(frozen=True, slots=True)
class ServiceReading:
    """Net current per phase in A, and when each was measured. Only checked values.

    Checked means finite, plausible and fresh.
    """

    current_a: PhaseVector
    taken_at_s: PhaseVector

    def on(self, phases: tuple[int, ...]) -> PhaseVector:
        """Return the currents on some of the phases, in A."""
        return tuple([self.current_a[phase] for phase in phases])


class Sample(NamedTuple):
    """What a meter showed on each phase, in A, and when.

    ``arrived_a`` is what it may show once cars have arrived that are on their way.
    """

    at_s: float
    current_a: PhaseVector
    arrived_a: PhaseVector = ()

    def before_step(self, phase: int, step_a: float) -> float:
        """Return the current of a phase from which a step counts, in A.

        A car that is still on its way makes no step, and none if it stays where it is.
        """
        now_a = self.current_a[phase]
        if not self.arrived_a:
            return now_a
        return (max if step_a > 0 else min)(now_a, self.arrived_a[phase])


class Earlier(NamedTuple):
    """What a charger's sensors showed before their last change at ``until_s``."""

    until_s: float
    low_a: PhaseVector
    high_a: PhaseVector


@dataclass(frozen=True, slots=True)
class DrawReading:
    """Least and greatest current that a charger's own sensors prove, per phase of it.

    Both are the same where each phase is measured. They may differ where only the power
    of all phases is. ``earlier`` is what the sensors showed shortly before, newest
    first. Since then all bounds have been about ``steady_a``. ``total_a`` is the sum of
    all phases where a single sensor measures them, else None. ``alike``: the only sensor
    shows one current, which each phase in use has.
    """

    low_a: PhaseVector
    high_a: PhaseVector
    taken_at_s: float
    earlier: tuple[Earlier, ...] = ()
    steady_a: PhaseVector = ()
    total_a: float | None = None
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Fallback:
    """What to do once the meter has been lost for longer than the grace period."""

    action: FallbackAction
    current_a: float
    grace_s: float


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The supply, and how carefully to use it.

    ``limit_a`` is what the fuse carries: a current above it is an overload. What may be
    planned with is lower by the safety margin, and no more than the lowest of the named
    ``ceilings``. ``export_share`` is how much of an export chargers may use beyond that:
    0 none of it, 1 all.
    """

    limit_a: float
    safety_margin_a: float
    rotation_time_s: float
    ramp_up_time_s: float
    ramp_up_step_a: float
    overload_trigger_delay_s: float
    overload_loop_interval_s: float
    fallback: Fallback
    ceilings: tuple[tuple[Limit, float], ...] = ()
    export_share: float = 0.0

    @property
    def usable_a(self) -> float:
        """Current per phase that may be planned with."""
        usable_a = max(0.0, self.limit_a - self.safety_margin_a)
        for _, ceiling_a in self.ceilings:
            usable_a = min(usable_a, ceiling_a)
        return usable_a

    @property
    def lowest_ceiling(self) -> Limit | None:
        """Name of the ceiling that limits most; None if the fuse and its margin do."""
        usable_a = self.limit_a - self.safety_margin_a
        name = None
        for limit, ceiling_a in self.ceilings:
            if ceiling_a < usable_a:
                usable_a, name = ceiling_a, limit
        return name


@dataclass(frozen=True, slots=True)
class ChargerSettings:
    """What one charger can do: its currents, its phases, its reaction time.

    ``min_a`` is the least current that a car accepts (6 A in IEC 61851-1); anything
    less is a pause. ``phases`` are indices into the site's phase vector, in the order of
    the charger's own L1, L2, L3. A car with fewer phases uses the first of them.
    Above their minimums, chargers of equal ``priority`` share by ``weight``.
    ``levels_a`` are the only currents it can be set to, if they are not multiples of
    ``step_a``. The named ``ceilings`` only ever lower its maximum. Its increases are at
    least ``rise_interval_s`` apart and wait if they are smaller than ``dead_band_a``. A
    pause that a load causes lasts for at least ``least_pause_s``. Where it is set to a
    power, ``watts_per_a`` is that of 1 A on its first phase, on two and on all three; 0
    where no car can charge so. One that ``never_pauses`` cannot be paused at
    present, or answers that with more current: its minimum is the least that it may have.
    """

    charger_id: str
    phases: tuple[int, ...]
    min_a: float
    max_a: float
    step_a: float
    settle_s: float
    temporary_limit_a: float | None = None
    weight: float = 1.0
    priority: int = 0
    levels_a: Levels = ()
    ceilings: tuple[tuple[Limit, float], ...] = ()
    rise_interval_s: float = 0.0
    least_pause_s: float = 0.0
    dead_band_a: float = 0.0
    watts_per_a: tuple[float, ...] = ()
    never_pauses: bool = False

    @property
    def ceiling_a(self) -> float:
        """Most that this charger may be set to, however much the supply has left."""
        limit_a = self.temporary_limit_a
        most_a = self.max_a if limit_a is None else limit_a
        for _, ceiling_a in self.ceilings:
            most_a = min(most_a, ceiling_a)
        return most_a

    @property
    def ceiling_name(self) -> Limit:
        """Name of the ceiling that this is."""
        for limit, ceiling_a in self.ceilings:
            if ceiling_a <= self.ceiling_a:
                return limit
        own = self.temporary_limit_a is None
        return Limit.CHARGER_MAXIMUM if own else Limit.TEMPORARY_LIMIT


@dataclass(frozen=True, slots=True)
class ChargerInput:
    """One charger as it is now.

    ``response`` is None before the engine has followed it. ``away``: it is the car
    itself, which is elsewhere. It takes nothing here then, and is left alone. Where only
    the total of all phases is measured, ``counted`` is how many of them the steps of the
    draw have shown to be in use: 0 if unknown, None if that is about to be seen.
    ``placed``: the steps of its measured draw were seen on its phases and nowhere else,
    by every meter above it.
    """

    settings: ChargerSettings
    command: CommandState
    status: ChargerStatus = ChargerStatus.NOT_CONFIGURED
    status_since_s: float = 0.0
    draw: DrawReading | None = None
    response: Response | None = None
    away: bool = False
    counted: int | None = 0
    placed: bool = False

    @property
    def phases_shown(self) -> int:
        """How many phases the total of all has shown to be in use; 0 if unknown."""
        if self.draw is not None:
            return self.counted or 0
        return 0 if self.response is None else self.response.phases

    @property
    def charging(self) -> bool | None:
        """Whether a car charges, by the status or else the draw; None if unknown."""
        if self.away:
            return False
        if self.status in (ChargerStatus.CHARGING, ChargerStatus.NOT_CHARGING):
            return self.status is ChargerStatus.CHARGING
        if self.draw is not None:
            return max(self.draw.high_a) >= NOTHING_A
        return None

    @property
    def evidence(self) -> Response | None:
        """The response that decides which readings show a command.

        None where the settle time does. That is where the draw is measured: what is not
        drawn yet is measured, too.
        """
        return None if self.draw is not None else self.response

    @property
    def takes(self) -> float:
        """Amperes that it takes for each ampere that it may, as far as known."""
        return 1.0 if self.response is None else self.response.takes


@dataclass(frozen=True, slots=True)
class Circuit:
    """A part of the supply with a limit of its own.

    ``members`` are its chargers and those of all circuits below it. ``reading`` has a
    value for every phase of the site, of which only those in ``phases`` count. It is
    None if the circuit is not ``metered`` or its meter is lost. ``remains`` is then what
    can still be read, as in ``SiteInput``. ``parent_id`` "" is the supply.
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
        """What its meter shows, be it only in part."""
        return self.reading or self.remains


@dataclass(frozen=True, slots=True)
class SiteInput:
    """Everything that one evaluation looks at.

    ``reading`` is None while the meter is lost. ``remains`` is then what its other
    phases show, with 0 A where nothing can be read: too little to raise a charger, but
    enough to see that a phase carries too much. Where only the ``total`` of all phases
    is measured, each has its share in the reading. Each circuit comes after the one it
    is a part of. Without ``may_rise`` no charger is raised, because an external limit
    has not reported yet. ``exports``: the supply has been seen to export. ``hidden_a`` is
    what may flow unseen through each meter, because as much was fed in behind it.
    ``restored``: something may still show a value from before the start. Nothing is
    raised on that, and a current that was found is sent in an overload only.
    """

    settings: SiteSettings
    reading: ServiceReading | None
    chargers: tuple[ChargerInput, ...]
    enabled: bool = True
    circuits: tuple[Circuit, ...] = ()
    demand: DemandLimit | None = None
    may_rise: bool = True
    remains: ServiceReading | None = None
    exports: bool = False
    hidden_a: Mapping[str, PhaseVector] = field(default_factory=dict)
    total: Mains | None = None
    restored: bool = False

    @property
    def shown(self) -> ServiceReading | None:
        """What the meter shows, be it only in part."""
        return self.reading or self.remains
