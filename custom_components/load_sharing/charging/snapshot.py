"""The immutable snapshots that the entities of charging read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ..site.moment import Moment
from ..site.snapshot import SiteSnapshot
from .engine.commissioning import TrialFindings
from .engine.decision import ActionReason, Decision
from .engine.model import Limit, PhaseVector
from .store import TemporaryLimit


class ReadingProblem(StrEnum):
    """Why a reading is rejected."""

    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    NOT_A_NUMBER = "not_a_number"
    WRONG_UNIT = "wrong_unit"
    IMPLAUSIBLE = "implausible"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """The outcome of the last commands.

    ``latency_s`` is the time from the call until the charger obeyed.
    """

    latency_s: float | None = None
    retries: int = 0
    error: str | None = None
    error_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerSnapshot:
    """One charger.

    ``current_a`` is the current last sent, None before the first. ``decided_a`` is the
    current it should have, which shadow mode does not send. ``waiting`` is whether it
    is paused because there is too little current for it. ``asleep``: its car takes
    nothing since a pause, although it was tried to be woken. ``response_s`` is how long
    it takes to follow a command, as readings showed it. ``energy_kwh`` and
    ``session_kwh`` are what it gave, as far as measured, in steps of 0.1 kWh.
    """

    decided_a: float | None
    current_a: float | None
    power_w: float | None
    draw_a: float | None
    charging: bool | None
    limit: Limit
    last_action: ActionReason | None
    waiting: bool | None
    asleep: bool
    problem: bool
    record: CommandRecord
    temporary_limit: TemporaryLimit | None
    hand_limit: TemporaryLimit | None
    findings: TrialFindings
    limiting_circuit: str | None
    response_s: float | None = None
    energy_kwh: float = 0.0
    session_kwh: float = 0.0
    phases_used: int | None = None

    @property
    def temporary_limit_a(self) -> float | None:
        """The temporary limit, in A."""
        return self.temporary_limit.current_a if self.temporary_limit else None

    @property
    def temporary_limit_until(self) -> datetime | None:
        """When the temporary limit ends."""
        return self.temporary_limit.until if self.temporary_limit else None

    @property
    def hand_limit_a(self) -> float | None:
        """The current in A that was set by hand, while it limits the charger."""
        return self.hand_limit.current_a if self.hand_limit else None

    @property
    def hand_limit_until(self) -> datetime | None:
        """When the hand limit ends."""
        return self.hand_limit.until if self.hand_limit else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitSnapshot:
    """One circuit, on its most loaded phase.

    ``current_a`` is None if the circuit has no meter, or if the meter is lost.
    """

    current_a: float | None
    phase: int
    limit_a: float
    meter_problem: bool

    @property
    def headroom_a(self) -> float | None:
        """The current left below the limit; negative above it."""
        return None if self.current_a is None else self.limit_a - self.current_a


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingSnapshot:
    """The supply, with its circuits and chargers by subentry ID.

    ``voltage_v`` is what its powers are divided by, ``moment`` what happens now.
    ``peak_today_a`` is the highest current of a phase today. The meter is lost when it
    is silent for longer than ``learned_silence_s``, unless the user entered a time.
    """

    enabled: bool
    shadow: bool
    decision: Decision
    service_a: PhaseVector | None
    limit_a: float
    usable_a: float
    voltage_v: float
    temporary_limit: TemporaryLimit | None
    meter_problem: ReadingProblem | None
    moment: Moment
    overloads_corrected: int
    overloads_today: int
    peak_today_a: float | None
    learned_silence_s: float | None
    chargers: Mapping[str, ChargerSnapshot]
    circuits: Mapping[str, CircuitSnapshot]


def of_site(site: SiteSnapshot) -> ChargingSnapshot:
    """Return the charging part of a site's snapshot."""
    charging: ChargingSnapshot = site.charging
    return charging
