"""The house's own heating control: what load sharing finds, and leaves as it was."""

from dataclasses import dataclass, field
from datetime import datetime

ON_BELOW_K = 0.3
OFF_ABOVE_K = 0.1
MIN_ON_S = 180.0
MIN_OFF_S = 180.0
PUMP_OVERRUN_S = 180.0
FLOOR_C = 30.0
COOLED_UNDER_SETPOINT_K = 15.0
COOLED_AT_LEAST_C = 45.0
LONGEST_COOLDOWN_S = 1800.0
DHW_MEMORY_S = 60.0
"""So long after tap water the flow is still as hot as that wanted it."""

type Blocks = dict[int, tuple[tuple[float, float, float], ...]]
"""By weekday (Monday 0): from hour, to hour, target in °C."""


@dataclass(slots=True)
class Thermostat:
    """Calls for heat by hysteresis around the target of a weekly schedule.

    ``manual_c`` is what somebody set, until the schedule sets another target. It heats
    ``early_h`` hours ahead of each block.
    """

    blocks: Blocks
    setback_c: float = 16.0
    calling: bool = False
    off: bool = False
    manual_c: float | None = None
    early_h: float = 0.0
    _scheduled_c: float | None = None

    def scheduled_c(self, now: datetime) -> float | None:
        """Target of the block that is on; None between blocks."""
        return self._block_c(now, 0.0)

    def _block_c(self, now: datetime, early_h: float) -> float | None:
        hour = now.hour + now.minute / 60
        for start, end, target_c in self.blocks.get(now.weekday(), ()):
            if start - early_h <= hour < end:
                return target_c
        return None

    def target_c(self, now: datetime) -> float:
        """Target now."""
        if self.manual_c is not None:
            return self.manual_c
        scheduled_c = self._block_c(now, self.early_h)
        return self.setback_c if scheduled_c is None else scheduled_c

    def step(self, now: datetime, room_c: float) -> None:
        """Look at the room."""
        scheduled_c = self.scheduled_c(now)
        if scheduled_c != self._scheduled_c:
            self._scheduled_c, self.manual_c = scheduled_c, None
        if self.off:
            self.calling = False
            return
        target_c = self.target_c(now)
        if room_c <= target_c - ON_BELOW_K:
            self.calling = True
        elif room_c >= target_c + OFF_ABOVE_K:
            self.calling = False


@dataclass(slots=True)
class CallTimer:
    """Makes a call of rooms one of the boiler: not too short, not too often."""

    on: bool = False
    pump: bool = False
    _since_s: float = field(default=-1e9)
    _off_s: float = field(default=-1e9)

    def step(self, now_s: float, *, calling: bool) -> None:
        """Move on to ``now_s``."""
        if self.on and not calling and now_s - self._since_s >= MIN_ON_S:
            self.on, self._off_s = False, now_s
        elif not self.on and calling and now_s - self._off_s >= MIN_OFF_S:
            self.on, self._since_s = True, now_s
        self.pump = self.on or now_s - self._off_s < PUMP_OVERRUN_S


@dataclass(slots=True)
class Cooldown:
    """Counts flame-offs that were too hot, and lets the boiler cool if told to.

    ``setpoint_c`` is what the boiler is to have; None: what its owner wants.
    """

    protects: bool = True
    count: int = 0
    setpoint_c: float | None = None
    cooling_s: float = 0.0
    _since_s: float = 0.0
    _dhw_s: float = -1e9
    _was_on: bool = False

    def step(
        self,
        now_s: float,
        dt_s: float,
        *,
        burner_on: bool,
        call: bool,
        dhw: bool,
        flow_c: float,
        return_c: float,
        wanted_c: float,
    ) -> None:
        """Look at the burner; ``wanted_c`` is the owner's setpoint."""
        if dhw:
            self._dhw_s = now_s
        if self.setpoint_c is not None:
            self.cooling_s += dt_s
            cooled_c = max(wanted_c - COOLED_UNDER_SETPOINT_K, COOLED_AT_LEAST_C)
            if (
                max(flow_c, return_c) <= cooled_c
                or now_s - self._since_s >= LONGEST_COOLDOWN_S
            ):
                self.setpoint_c = None
        elif (
            self._was_on
            and not burner_on
            and call
            and now_s - self._dhw_s > DHW_MEMORY_S
            and (flow_c >= wanted_c + 2 or return_c >= wanted_c - 5)
        ):
            self.count += 1
            self._since_s = now_s
            if self.protects:
                self.setpoint_c = FLOOR_C
        self._was_on = burner_on
