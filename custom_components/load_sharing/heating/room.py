"""One room as the heating control holds it: configuration, sensors, actuator."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import OWNER_HEATING
from .config import RoomConfig
from .engine.model import Actuator, RoomDecision, RoomInput, RoomMode, RoomSettings
from .engine.schedule import WeeklySchedule, active_block, next_edge
from .io.actuators import ActuatorKind, HeatingActuator, make_actuator
from .io.leases import Leases
from .io.rooms import RoomProbe
from .snapshot import RoomSnapshot
from .store import HeatingStore
from .tuning import PARTICIPATES, room_settings

MAX_OVERRIDE = timedelta(hours=2)


@dataclass(kw_only=True)
class ManagedRoom:
    """Combines a room's readings with the lease of its actuator."""

    config: RoomConfig
    store: HeatingStore
    leases: Leases
    probe: RoomProbe
    actuator: HeatingActuator | None
    settings: RoomSettings = field(init=False)
    schedule: WeeklySchedule | None = None

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
        self.settings = room_settings(
            self.config,
            self.store.tuning(self.room_id),
            self.store.tuning(OWNER_HEATING),
            participates=self.participates,
        )

    def read(self, schedule: WeeklySchedule | None, now: datetime) -> RoomInput:
        """Read the room as it would be without load sharing.

        While its actuator is held, its owner's value is the one from before.
        """
        held = self.leases.holds(self.room_id)
        self.schedule = schedule
        reading = self.probe.read(held=held)
        prior = self.leases.prior(self.room_id) if held else None
        owner_valve_pct, target_c = None, reading.target_c
        if self.config.actuator is Actuator.VALVE:
            valve_pct = self.actuator.read() if self.actuator else None
            owner_valve_pct = valve_pct if prior is None else prior
        elif prior is not None:
            target_c = prior
        return RoomInput(
            settings=self.settings,
            mode=reading.mode,
            temperature_c=reading.temperature_c,
            target_c=target_c,
            demand=reading.demand,
            owner_valve_pct=owner_valve_pct,
            schedule=schedule,
            overridden=self._is_overridden(now),
        )

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
            problem=self.leases.has_problem(self.room_id, now_s),
            writes_today=self.store.writes_today(self.room_id),
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
    return ManagedRoom(
        config=config,
        store=store,
        leases=leases,
        probe=RoomProbe(hass, config),
        actuator=actuator,
    )
