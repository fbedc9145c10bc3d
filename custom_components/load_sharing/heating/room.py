"""One room as the heating control holds it: its configuration, sensors and actuator."""

from dataclasses import dataclass, field
from datetime import datetime

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..const import OWNER_HEATING
from .config import RoomConfig
from .engine.model import Actuator, RoomDecision, RoomInput, RoomSettings
from .engine.schedule import WeeklySchedule, active_block
from .io.actuators import ActuatorKind, HeatingActuator, make_actuator
from .io.leases import Leases
from .io.rooms import RoomProbe
from .snapshot import RoomSnapshot
from .store import HeatingStore
from .tuning import PARTICIPATES, room_settings


@dataclass(kw_only=True)
class ManagedRoom:
    """Joins what is read of a room with what is done to it."""

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
        """ID of the room's subentry, which also names its lease."""
        return self.config.room_id

    @property
    def participates(self) -> bool:
        """Whether the user lets the room share."""
        return self.store.flag(self.room_id, PARTICIPATES, default=True)

    def refresh_settings(self) -> None:
        """Take over changed tuning values."""
        self.settings = room_settings(
            self.config,
            self.store.tuning(self.room_id),
            self.store.tuning(OWNER_HEATING),
            participates=self.participates,
        )

    def read(self, schedule: WeeklySchedule | None, now: datetime) -> RoomInput:
        """Look at the room as its owner has it, without what we did to it."""
        held = self.leases.holds(self.room_id)
        self.schedule = schedule
        reading = self.probe.read(held=held)
        prior = self.leases.prior(self.room_id) if held else None
        owner_valve_pct, target_c = None, reading.target_c
        if self.config.actuator is Actuator.VALVE:
            at_pct = self.actuator.read() if self.actuator else None
            owner_valve_pct = at_pct if prior is None else prior
        elif prior is not None:
            target_c = prior
        until = self.store.override_until(self.room_id)
        if until is not None and now >= until:
            self.store.set_override_until(self.room_id, None)
            until = None
        return RoomInput(
            settings=self.settings,
            mode=reading.mode,
            temperature_c=reading.temperature_c,
            target_c=target_c,
            demand=reading.demand,
            owner_valve_pct=owner_valve_pct,
            schedule=schedule,
            overridden=until is not None,
        )

    def carry_out(self, decision: RoomDecision, now_s: float) -> None:
        """Hold the room's actuator where it is wanted, or let it go."""
        if self.actuator is None:
            return
        wanted = decision.valve_pct
        if self.config.actuator is Actuator.SETPOINT:
            wanted = decision.setpoint_c
        if wanted is not None:
            self.leases.hold(self.room_id, self.actuator, wanted, now_s)
        else:
            self.let_go(now_s)

    def let_go(self, now_s: float) -> None:
        """Give the actuator back as its owner would have it by now."""
        if self.leases.holds(self.room_id):
            self.leases.release(self.room_id, now_s, self._scheduled_c())

    def _scheduled_c(self) -> float | None:
        """Target of a block that began while we held the room's setpoint."""
        if self.config.actuator is Actuator.VALVE or self.schedule is None:
            return None
        block = active_block(self.schedule, dt_util.now())
        taken_at = self.leases.taken_at(self.room_id)
        if block is None or taken_at is None or block.start < taken_at:
            return None
        return self.config.comfort_c if block.target_c is None else block.target_c

    def snapshot(
        self, seen: RoomInput, decision: RoomDecision, now_s: float
    ) -> RoomSnapshot:
        """Picture of the room for its entities."""
        return RoomSnapshot(
            decision=decision,
            temperature_c=seen.temperature_c,
            target_c=seen.target_c,
            held=self.leases.holds(self.room_id),
            participates=self.settings.participates,
            problem=self.leases.has_problem(self.room_id, now_s),
        )


def manage(
    hass: HomeAssistant, config: RoomConfig, store: HeatingStore, leases: Leases
) -> ManagedRoom:
    """Put a room's parts together."""
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
