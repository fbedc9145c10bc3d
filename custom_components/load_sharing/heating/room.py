"""One room as the heating control holds it: configuration, sensors, actuator."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import OWNER_HEATING
from .config import RoomConfig
from .engine.model import Actuator, RoomDecision, RoomInput, RoomMode, RoomSettings
from .engine.reasons import RoomReason
from .engine.schedule import WeeklySchedule, active_block, next_edge
from .io.actuator import ActuatorKind, HeatingActuator
from .io.actuators import make_actuator
from .io.calls_by_others import CallByOther
from .io.leases import Leases
from .io.rooms import RoomProbe, RoomReading
from .io.temperatures import ROOM_C
from .io.valves import attach_thermostat
from .snapshot import RoomSnapshot
from .store import HeatingStore
from .tuning import PARTICIPATES, longest_silence, room_settings

MAX_OVERRIDE = timedelta(hours=2)
LOST_S = 60.0
"""Bridges restart: a valve that is away for a shorter time is still where it was."""
LOST_PROBLEM_S = 180.0
WINDOW_LOST_S = 900.0
"""A window that was open when its sensor was lost counts as open for this long."""
ALREADY_OPEN_PROBLEM_S = 600.0
"""Thermostats need some minutes to shut a valve after a call."""


@dataclass(slots=True)
class Lasting:
    """How long something has lasted without a break."""

    since_s: float | None = None

    def lasted_s(self, now_s: float, *, lasts: bool) -> float | None:
        """Return for how long something lasts by now; None while it does not."""
        if not lasts:
            self.since_s = None
            return None
        if self.since_s is None:
            self.since_s = now_s
        return now_s - self.since_s


@dataclass(kw_only=True)
class ManagedRoom:
    """Combines a room's readings with the lease of its actuator.

    ``silent_sensor`` is the entity whose temperature is needed, but too old to be
    believed. No temperature is needed while the room is off or takes no part.
    """

    config: RoomConfig
    store: HeatingStore
    leases: Leases
    probe: RoomProbe
    actuator: HeatingActuator | None
    settings: RoomSettings = field(init=False)
    schedule: WeeklySchedule | None = None
    silent_sensor: str | None = None
    _longest_silence: timedelta | None = field(init=False)
    _lost: Lasting = field(default_factory=Lasting)
    _already_open: Lasting = field(default_factory=Lasting)
    _window_lost: Lasting = field(default_factory=Lasting)
    _window_open: bool = False

    def __post_init__(self) -> None:
        """Read the settings from the store."""
        self.refresh_settings()

    @property
    def room_id(self) -> str:
        """ID of the room's subentry, which is also the key of its lease."""
        return self.config.room_id

    @property
    def participates(self) -> bool:
        """Whether the user lets the room take part in load sharing."""
        return self.store.flag(self.room_id, PARTICIPATES, default=True)

    def refresh_settings(self) -> None:
        """Apply changed tuning values."""
        self._longest_silence = longest_silence(self.store.tuning(OWNER_HEATING))
        self.settings = room_settings(
            self.config,
            self.store.tuning(self.room_id),
            self.store.tuning(OWNER_HEATING),
            participates=self.participates,
        )

    def read(
        self, schedule: WeeklySchedule | None, now: datetime, now_s: float
    ) -> RoomInput:
        """Read the room as it would be without load sharing.

        While its actuator is held, its owner's value is the one from before.
        """
        held = self.leases.holds(self.room_id)
        self.schedule = schedule
        reading = self.probe.read(held=held)
        silent = self._find_silent(reading, now)
        is_needed = self.participates and reading.mode is not RoomMode.OFF
        self.silent_sensor = silent if is_needed else None
        prior = self.leases.prior(self.room_id) if held else None
        owner_valve_pct, target_c = None, reading.target_c
        shown = self.actuator.read() if self.actuator else None
        by_valve = self.config.actuator is Actuator.VALVE
        if by_valve:
            owner_valve_pct = shown if prior is None else prior
        elif prior is not None:
            target_c = prior
        lost_s = self._lost.lasted_s(now_s, lasts=self._is_lost(shown))
        stuck_pct = None
        if self._is_stuck(now_s):
            stuck_pct = (shown or 0.0) if by_valve else 0.0
        return RoomInput(
            settings=self.settings,
            mode=reading.mode,
            temperature_c=None if silent else reading.temperature_c,
            target_c=target_c,
            demand=reading.demand,
            owner_valve_pct=owner_valve_pct,
            schedule=schedule,
            overridden=self._is_overridden(now),
            window_open=self._is_window_open(reading.window_open, now_s),
            reachable=lost_s is None or (held and lost_s < LOST_S),
            stuck_pct=stuck_pct,
            head_c=None if by_valve else reading.head_c,
            held_c=None if by_valve else self.leases.wanted(self.room_id),
            highest_c=inf if by_valve else self._highest_c(),
            left_open_pct=self.leases.left_at(self.room_id) if by_valve else None,
            idle=reading.idle,
            follows_in_s=self._follows_in_s(),
        )

    def _find_silent(self, reading: RoomReading, now: datetime) -> str | None:
        """Return the entity whose temperature is too old to be believed, if it is."""
        sensor, longest = reading.sensor, self._longest_silence
        if sensor and longest is not None and now - sensor.last_reported > longest:
            return sensor.entity_id
        return None

    def _is_window_open(self, is_open: bool | None, now_s: float) -> bool:
        """Return whether the window is open, or was when its sensor was lost."""
        lost_s = self._window_lost.lasted_s(now_s, lasts=is_open is None)
        if is_open is not None:
            self._window_open = is_open
        elif lost_s is not None and lost_s >= WINDOW_LOST_S:
            self._window_open = False
        return self._window_open

    def _follows_in_s(self) -> float | None:
        """Return how long the actuator took to follow of late; None if not known."""
        if self.actuator is None:
            return None
        return self.leases.follows_in_s(self.actuator.entity_id)

    def _highest_c(self) -> float:
        """Return the highest setpoint in °C that the thermostat takes."""
        return self.actuator.fit(ROOM_C[1]) if self.actuator else inf

    def _is_lost(self, shown: float | None) -> bool:
        """Return whether the actuator shows nothing, though it is not off."""
        return shown is None and not (self.actuator and self.actuator.is_off())

    def _is_stuck(self, now_s: float) -> bool:
        """Return whether the actuator is held, and does not follow."""
        is_held = self.leases.wanted(self.room_id) is not None
        return is_held and self.leases.has_problem(self.room_id, now_s)

    def unread(self) -> RoomInput:
        """Return the room without a reading: it takes no part."""
        return RoomInput(settings=self.settings, mode=RoomMode.UNAVAILABLE)

    def _is_overridden(self, now: datetime) -> bool:
        """Return whether an override lasts; forget one that has ended.

        It cannot have longer to go than it was given, unless the clock was set back.
        """
        until = self.store.override_until(self.room_id)
        if until is not None and until - now > MAX_OVERRIDE:
            until = now + MAX_OVERRIDE
            self.store.set_override_until(self.room_id, until)
        if until is not None and now >= until:
            self.store.set_override_until(self.room_id, None)
            return False
        return until is not None

    def is_overridden_by(self, call: CallByOther) -> bool:
        """Return whether a person sets the room's thermostat, its target or its valve.

        A call to the actuator while we hold it is judged by its lease.
        """
        if not call.is_by_person:
            return False
        config = self.config
        set_by_people = {config.climate, config.target, config.valve} - {None}
        if self.actuator and self.leases.wanted(self.room_id) is not None:
            set_by_people.discard(self.actuator.entity_id)
        return any(call.reaches(entity_id) for entity_id in set_by_people if entity_id)

    def note_override(self, schedule: WeeklySchedule | None, now: datetime) -> datetime:
        """Leave the room alone until its next schedule edge, for 2 h at most.

        Return when that ends.
        """
        until = now + MAX_OVERRIDE
        if schedule is not None and (edge := next_edge(schedule, now)):
            until = min(until, edge)
        self.store.set_override_until(self.room_id, until)
        return until

    def carry_out(self, decision: RoomDecision, now_s: float) -> None:
        """Hold the room's actuator at the decided value, or release it without one."""
        if self.actuator is None:
            return
        wanted = decision.valve_pct
        if self.config.actuator is Actuator.SETPOINT:
            wanted = decision.setpoint_c
        if wanted is not None:
            self.leases.hold(self.room_id, self.actuator, wanted, now_s)
        else:
            self.release(now_s)

    def release(self, now_s: float) -> None:
        """Give the actuator back, at the value its owner would have set by now."""
        if self.leases.holds(self.room_id):
            self.leases.release(self.room_id, now_s, self._scheduled_c())

    def _scheduled_c(self) -> float | None:
        """Return the target in °C of a block that began while we held the setpoint."""
        if self.config.actuator is Actuator.VALVE or self.schedule is None:
            return None
        block = active_block(self.schedule, dt_util.now())
        taken_at = self.leases.taken_at(self.room_id)
        if block is None or taken_at is None or block.start < taken_at:
            return None
        return self.config.comfort_c if block.target_c is None else block.target_c

    def snapshot(
        self, room_input: RoomInput, decision: RoomDecision, now_s: float
    ) -> RoomSnapshot:
        """Build the snapshot that the room's entities read."""
        return RoomSnapshot(
            decision=decision,
            temperature_c=room_input.temperature_c,
            target_c=room_input.target_c,
            held=self.leases.holds(self.room_id),
            participates=self.settings.participates,
            problem=self._has_problem(decision.reason, now_s),
            writes_today=self.store.writes_today(self.room_id),
        )

    def _has_problem(self, reason: RoomReason, now_s: float) -> bool:
        """Return whether the actuator does not follow, or cannot open the room."""
        lost_s = None if self._lost.since_s is None else now_s - self._lost.since_s
        open_s = self._already_open.lasted_s(
            now_s, lasts=reason is RoomReason.ALREADY_OPEN
        )
        return (
            self.leases.has_problem(self.room_id, now_s)
            or (lost_s is not None and lost_s >= LOST_PROBLEM_S)
            or (open_s is not None and open_s >= ALREADY_OPEN_PROBLEM_S)
        )


def manage_room(
    hass: HomeAssistant, config: RoomConfig, store: HeatingStore, leases: Leases
) -> ManagedRoom:
    """Build a room from its configuration."""
    if config.actuator is Actuator.VALVE:
        kind, entity_id = ActuatorKind.VALVE, config.valve
    else:
        kind, entity_id = ActuatorKind.SETPOINT, config.climate
    actuator = make_actuator(hass, kind, entity_id) if entity_id else None
    if actuator:
        actuator.actions = config.set_valve
    if actuator and config.climate and kind is ActuatorKind.VALVE:
        attach_thermostat(actuator, config.climate, needs_setpoint=config.send_setpoint)
    return ManagedRoom(
        config=config,
        store=store,
        leases=leases,
        probe=RoomProbe(hass, config),
        actuator=actuator,
    )
