"""What the entities read: one immutable picture of a site per evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..charging.engine.commissioning import Findings
from ..charging.engine.model import (
    ActionReason,
    BalancerState,
    Decision,
    Limit,
    PhaseVector,
)
from ..heating.engine.model import (
    HeatingDecision,
    LoadSharingState,
    Mode,
    Reason,
    RoomDecision,
)
from .readings import ReadingProblem
from .store import TemporaryLimit

SUPPLY: Final = "supply"
HEATING: Final = "heating"
NOTHING: Final = "nothing"
"""What an entity follows, beside the charger or the room with its ID."""


@dataclass(frozen=True, slots=True)
class CommandRecord:
    """How the last commands went. ``latency_s``: from the call to the charger obeying."""

    latency_s: float | None = None
    retries: int = 0
    error: str | None = None
    error_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChargerSnapshot:
    """One charger. ``current_a`` None: it has not been told anything yet.

    ``decided_a`` is what it should have; in shadow mode, it is not told so.
    ``waiting``: it is paused because there is too little current for it.
    """

    decided_a: float | None
    current_a: float | None
    power_w: float | None
    draw_a: float | None
    charging: bool | None
    limit: Limit
    last_action: ActionReason | None
    waiting: bool | None
    problem: bool
    record: CommandRecord
    temporary_limit: TemporaryLimit | None
    hand_limit: TemporaryLimit | None
    findings: Findings
    limiting_circuit: str | None

    @property
    def temporary_limit_a(self) -> float | None:
        """Ceiling somebody set for a time."""
        return self.temporary_limit.current_a if self.temporary_limit else None

    @property
    def temporary_limit_until(self) -> datetime | None:
        """When that ceiling ends."""
        return self.temporary_limit.until if self.temporary_limit else None

    @property
    def hand_limit_a(self) -> float | None:
        """What somebody set at the charger's controls, while it is respected."""
        return self.hand_limit.current_a if self.hand_limit else None

    @property
    def hand_limit_until(self) -> datetime | None:
        """When that ends."""
        return self.hand_limit.until if self.hand_limit else None


@dataclass(frozen=True, slots=True)
class CircuitSnapshot:
    """One circuit, on its fullest phase. ``current_a`` None: not metered, or lost."""

    current_a: float | None
    phase: int
    limit_a: float
    meter_problem: bool

    @property
    def headroom_a(self) -> float | None:
        """What it has left."""
        return None if self.current_a is None else self.limit_a - self.current_a


@dataclass(frozen=True, slots=True)
class ChargingSnapshot:
    """The supply, its circuits and its chargers, by subentry."""

    enabled: bool
    shadow: bool
    decision: Decision
    service_a: PhaseVector | None
    limit_a: float
    usable_a: float
    temporary_limit: TemporaryLimit | None
    meter_problem: ReadingProblem | None
    chargers: Mapping[str, ChargerSnapshot]
    circuits: Mapping[str, CircuitSnapshot]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSnapshot:
    """One room. ``held``: its actuator is ours at the moment."""

    decision: RoomDecision
    temperature_c: float | None
    target_c: float | None
    held: bool
    participates: bool
    problem: bool

    @property
    def to_target_k(self) -> float | None:
        """How far the room is below its target; negative when it is above."""
        if self.temperature_c is None or self.target_c is None:
            return None
        return self.target_c - self.temperature_c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingSnapshot:
    """The boiler and its rooms, by subentry; what was counted, and what it brought.

    ``trigger_names`` names the rooms for whose call the load is shared.
    """

    enabled: bool
    mode: Mode
    shadow: bool
    overheat_cap: bool
    decision: HeatingDecision
    trigger_names: str | None
    boiler_problem: bool
    cooldowns_today: int
    cooldowns_last_hour: int
    starts_last_hour: int
    sharing_s: float
    prevented_cooldowns: float | None
    false_activation_rate: float | None
    rooms: Mapping[str, RoomSnapshot]


NO_CHARGING: Final = ChargingSnapshot(
    enabled=False,
    shadow=False,
    decision=Decision(BalancerState.DISABLED, {}),
    service_a=None,
    limit_a=0.0,
    usable_a=0.0,
    temporary_limit=None,
    meter_problem=None,
    chargers={},
    circuits={},
)

NO_HEATING: Final = HeatingSnapshot(
    enabled=False,
    mode=Mode.OFF,
    shadow=False,
    overheat_cap=True,
    decision=HeatingDecision(
        state=LoadSharingState.DISABLED,
        reason=Reason.SWITCHED_OFF,
        evidence=None,
        calling_capacity_w=0.0,
        total_capacity_w=0.0,
        trigger_rooms=frozenset(),
        active_since=None,
        rooms={},
    ),
    trigger_names=None,
    boiler_problem=False,
    cooldowns_today=0,
    cooldowns_last_hour=0,
    starts_last_hour=0,
    sharing_s=0.0,
    prevented_cooldowns=None,
    false_activation_rate=None,
    rooms={},
)


@dataclass(frozen=True, slots=True)
class SiteSnapshot:
    """A site. A half that is not configured has nothing in it, and no entities."""

    charging: ChargingSnapshot = field(default=NO_CHARGING)
    heating: HeatingSnapshot = field(default=NO_HEATING)
