"""What the entities read: one immutable picture of a site per evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .charging.model import ActionReason, Decision, Limit, PhaseVector
from .io.commands import CommandRecord
from .io.readings import ReadingProblem
from .settings import TemporaryLimit


@dataclass(frozen=True, slots=True)
class ChargerSnapshot:
    """One charger. ``current_a`` None: it has not been told anything yet."""

    current_a: float | None
    power_w: float | None
    draw_a: float | None
    charging: bool | None
    limit: Limit
    last_action: ActionReason | None
    problem: bool
    record: CommandRecord
    temporary_limit: TemporaryLimit | None

    @property
    def temporary_limit_a(self) -> float | None:
        """Ceiling somebody set for a time."""
        return self.temporary_limit.current_a if self.temporary_limit else None

    @property
    def temporary_limit_until(self) -> datetime | None:
        """When that ceiling ends."""
        return self.temporary_limit.until if self.temporary_limit else None


@dataclass(frozen=True, slots=True)
class SiteSnapshot:
    """A site and its chargers, by subentry."""

    enabled: bool
    decision: Decision
    service_a: PhaseVector | None
    limit_a: float
    meter_problem: ReadingProblem | None
    chargers: Mapping[str, ChargerSnapshot]
