"""The immutable snapshots that the entities of heating read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ..site.moment import Moment
from ..site.snapshot import SiteSnapshot
from .engine.days import Days
from .engine.model import Control, HeatingDecision, Mode, RoomDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSnapshot:
    """One room. ``held``: its actuator is on lease. ``problem``: it does not follow.

    ``writes_today`` are the calls to its actuator since midnight. ``learned_q50_w`` is
    the rating of its radiator as the boiler's heat shows it.
    """

    decision: RoomDecision
    temperature_c: float | None
    target_c: float | None
    held: bool
    participates: bool
    problem: bool
    writes_today: int = 0
    learned_q50_w: float | None = None

    @property
    def to_target_k(self) -> float | None:
        """How far the room is below its target in K; negative when it is above."""
        if self.temperature_c is None or self.target_c is None:
            return None
        return self.target_c - self.temperature_c


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingSnapshot:
    """The boiler with its counters and statistics, and the rooms by subentry ID.

    ``trigger_names`` are the names of the calling rooms that load is shared for.
    ``boiler_problem``: one of the boiler's entities is missing. ``moment`` is what
    happens now. ``midnight`` is when today began.
    """

    enabled: bool
    mode: Mode
    control: Control
    shadow: bool
    overheat_cap: bool
    decision: HeatingDecision
    moment: Moment
    midnight: datetime
    trigger_names: str | None
    boiler_problem: bool
    cooldowns_today: int
    cooldowns_last_hour: int
    starts_last_hour: int
    least_output_w: float | None
    sharing_s: float
    starts_today: int
    days: Days
    false_activation_rate: float | None
    rooms: Mapping[str, RoomSnapshot]


def of_site(site: SiteSnapshot) -> HeatingSnapshot:
    """Return the heating part of a site's snapshot."""
    heating: HeatingSnapshot = site.heating
    return heating
