"""The heating half of a site: readings in, engine, valves out. Decides nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import MAX_LENGTH_STATE_STATE
from homeassistant.core import Event, HassJob, callback
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
)
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, OWNER_HEATING
from ..site.host import Host
from ..site.timer import Timer
from ..site.tunables import Tunable
from .config import BoilerConfig, RoomConfig
from .engine.evaluate import HeatingState, evaluate
from .engine.evidence import count_within
from .engine.model import (
    BoilerInput,
    HeatingDecision,
    HeatingInput,
    HeatingSettings,
    Mode,
    RoomInput,
)
from .engine.schedule import WeeklySchedule, next_edge
from .io.actuators import ActuatorKind, make_actuator
from .io.boiler import BoilerProbe
from .io.leases import Leases
from .io.schedules import Schedules
from .notices import HeatingNotices
from .record import recall, record
from .room import manage
from .snapshot import HeatingSnapshot, RoomSnapshot
from .store import HeatingStore
from .tuning import (
    OVERHEAT_CAP,
    TUNING,
    check_heating,
    forget_outdated,
    heating_settings,
    room_tunables,
)

ENABLED = "load_sharing"
SHADOW = "shadow"
BOILER = "boiler"
"""Name of the lease of the boiler's setpoint."""
YIELD = timedelta(hours=2)
HOUR_S = 3600.0
MISSING_S = 60.0
"""Bridges take their time to tell all they know."""


class HeatingControl:
    """Shares the boiler's load: on every change, every edge and every minute."""

    def __init__(
        self,
        host: Host,
        store: HeatingStore,
        boiler: BoilerConfig,
        rooms: list[RoomConfig],
    ) -> None:
        """Put the parts together. Nothing is read or written before ``start``."""
        self._host = host
        self._store = store
        self.boiler = boiler
        self._leases = Leases(
            host.hass, host.entry.entry_id, host.start_task, self.evaluate
        )
        forget_outdated(rooms, store)
        self.rooms = {
            config.room_id: manage(host.hass, config, store, self._leases)
            for config in rooms
        }
        self._probe = BoilerProbe(host.hass, boiler)
        self._actuator = (
            make_actuator(host.hass, ActuatorKind.BOILER, boiler.setpoint)
            if boiler.protection and boiler.setpoint
            else None
        )
        self.schedules = Schedules(
            host.hass, {config.schedule for config in rooms if config.schedule}
        )
        self.notices = HeatingNotices(host, store, self.rooms)
        self._state: HeatingState | None = None
        self._timer = Timer(host, "heating", self.evaluate)
        self._started = False
        self._setpoint_taken = False
        self._missing_since_s: float | None = None
        self._shown: HeatingSnapshot | None = None
        self._settings = self._read_settings()

    @property
    def watched_entities(self) -> set[str]:
        """Entities whose changes matter."""
        return {*self.boiler.entities}.union(
            *(room.config.entities for room in self.rooms.values())
        )

    @property
    def reporting_entities(self) -> set[str]:
        """None: a repeated value tells the heating nothing new."""
        return set()

    @property
    def owners(self) -> set[str]:
        """Whose values in the store matter."""
        return {OWNER_HEATING, *self.rooms}

    async def async_start(self) -> None:
        """Read the schedules, and evaluate from now on."""
        await self.schedules.async_refresh_all()
        await self._leases.async_load()
        now_s = self._host.hass.loop.time()
        self._state = recall(self._store.record, now_s, dt_util.utcnow())
        self._started = True
        hass, entry = self._host.hass, self._host.entry
        for track in (async_track_state_change_event, async_track_state_report_event):
            entry.async_on_unload(
                track(hass, self.schedules.entities, self._schedule_event)
            )
        entry.async_on_unload(entry.async_on_state_change(self._entry_changed))
        entry.async_on_unload(
            hass.async_add_shutdown_job(
                HassJob(self._async_shut_down, cancel_on_shutdown=False)
            )
        )
        self.evaluate()

    @callback
    def _schedule_event(self, event: Event[Any]) -> None:
        """Read a schedule anew: it was edited, or one of its blocks began or ended.

        One that was removed has no blocks any more.
        """
        entity_id: str = event.data["entity_id"]
        if event.data["new_state"] is None:
            self.schedules.forget(entity_id)
            self.evaluate()
            return
        self._host.start_background_task(
            self._async_reread(entity_id), f"{DOMAIN} read {entity_id}"
        )

    @callback
    def async_hass_started(self) -> None:
        """Read the schedules again: their helpers may not have been there before."""
        self.evaluate()
        self._host.start_background_task(
            self._async_reread_all(), f"{DOMAIN} read schedules"
        )

    async def _async_reread_all(self) -> None:
        await self.schedules.async_refresh_all()
        self.evaluate()

    async def _async_reread(self, entity_id: str) -> None:
        await self.schedules.async_refresh(entity_id)
        self.evaluate()

    @callback
    def _entry_changed(self) -> None:
        """Tell of the end as the site begins to be unloaded: its entities still hear."""
        if self._host.entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS:
            self._tell_end()

    async def _async_shut_down(self) -> None:
        self._tell_end()
        await self.async_unload()

    def _tell_end(self) -> None:
        if self._shown is not None:
            self.notices.tell_end(self._shown)

    def stop(self) -> None:
        """Evaluate no more."""
        self._started = False
        self._timer.cancel()

    async def async_unload(self) -> None:
        """Give everything back, if it was begun at all."""
        self.stop()
        if self._state is None:
            return
        self._let_go(self._host.hass.loop.time())
        await self._leases.async_give_back()
        self.notices.withdraw()
        self._keep_record()

    @callback
    def handle_change(self, _entity_id: str) -> None:
        """Evaluate what an entity reports."""
        self.evaluate()

    @callback
    def evaluate(self) -> None:
        """Read, decide, command, publish; then sleep until something is due."""
        if not self._started or self._state is None:
            return
        now_s = self._host.hass.loop.time()
        now = dt_util.now()
        self._notice_takeovers(self._leases.observe(now_s), now)
        boiler = self._read_boiler()
        seen = {
            room_id: room.read(self._schedule_of(room.config), now)
            for room_id, room in self.rooms.items()
        }
        site = HeatingInput(
            settings=self._settings,
            mode=self._mode,
            boiler=boiler,
            rooms=tuple(seen.values()),
            local_time=now,
        )
        before, (self._state, decision) = (
            self._state,
            evaluate(self._state, site, now_s),
        )
        self._carry_out(decision, now_s)
        moments = [decision.wake_at_s, self._leases.next_due_s(now_s)]
        self._timer.set(
            min((moment for moment in moments if moment is not None), default=None)
        )
        if before.monitor.cooldowns_s != self._state.monitor.cooldowns_s or (
            before.monitor.starts_s != self._state.monitor.starts_s
            or before.effect.activation_was_false
            != self._state.effect.activation_was_false
        ):
            self._keep_record()
        self._publish(decision, seen, now, now_s)

    def _read_boiler(self) -> BoilerInput:
        boiler = self._probe.read()
        if self._leases.holds(BOILER):
            return replace(boiler, setpoint_c=self._leases.prior(BOILER))
        taken, self._setpoint_taken = self._setpoint_taken, False
        return replace(boiler, setpoint_overridden=taken)

    def _schedule_of(self, room: RoomConfig) -> WeeklySchedule | None:
        return self.schedules.get(room.schedule) if room.schedule else None

    @property
    def _mode(self) -> Mode:
        store = self._store
        on = store.flag(OWNER_HEATING, ENABLED, default=False)
        return store.mode if on else Mode.OFF

    @property
    def _shadow(self) -> bool:
        return self._store.flag(OWNER_HEATING, SHADOW, default=False)

    def _notice_takeovers(self, taken: set[str], now: datetime) -> None:
        """Leave what somebody took to them: until the next edge, for 2 h at most."""
        for key in taken:
            if key == BOILER:
                self._setpoint_taken = True
                continue
            room = self.rooms[key]
            until = now + YIELD
            schedule = self._schedule_of(room.config)
            if schedule is not None and (edge := next_edge(schedule, now)):
                until = min(until, edge)
            self._store.set_override_until(room.room_id, until)
            self.notices.yielded(room.config, until)

    def _carry_out(self, decision: HeatingDecision, now_s: float) -> None:
        if not self._host.is_up:
            return
        if self._shadow:
            self._let_go(now_s)
            return
        for room_id, room in self.rooms.items():
            room.carry_out(decision.rooms[room_id], now_s)
        if self._actuator is None:
            return
        if decision.boiler_setpoint_c is not None:
            floor_c = decision.boiler_setpoint_c
            self._leases.hold(BOILER, self._actuator, floor_c, now_s)
        elif self._leases.holds(BOILER):
            self._leases.release(BOILER, now_s)

    def _let_go(self, now_s: float) -> None:
        """Give everything back as its owners would have it by now."""
        for room in self.rooms.values():
            room.let_go(now_s)
        self._leases.release_all(now_s)

    def _publish(
        self,
        decision: HeatingDecision,
        seen: Mapping[str, RoomInput],
        now: datetime,
        now_s: float,
    ) -> None:
        assert self._state is not None
        monitor, effect = self._state.monitor, self._state.effect
        since_midnight_s = now.timestamp() - dt_util.start_of_local_day().timestamp()
        rooms: dict[str, RoomSnapshot] = {
            room_id: room.snapshot(seen[room_id], decision.rooms[room_id], now_s)
            for room_id, room in self.rooms.items()
        }
        store = self._store
        snapshot = HeatingSnapshot(
            enabled=store.flag(OWNER_HEATING, ENABLED, default=False),
            mode=store.mode,
            shadow=self._shadow,
            overheat_cap=self._settings.overheat_cap,
            decision=decision,
            trigger_names=self._names(decision.trigger_rooms),
            boiler_problem=self._is_missing_something(now_s),
            cooldowns_today=count_within(monitor.cooldowns_s, since_midnight_s, now_s),
            cooldowns_last_hour=count_within(monitor.cooldowns_s, HOUR_S, now_s),
            starts_last_hour=count_within(monitor.starts_s, HOUR_S, now_s),
            sharing_s=effect.sharing_s,
            prevented_cooldowns=effect.prevented_cooldowns,
            false_activation_rate=effect.false_activation_rate,
            rooms=rooms,
        )
        before, self._shown = self._shown, snapshot
        changed = {OWNER_HEATING} | {
            room_id
            for room_id, room in rooms.items()
            if before is None or room != before.rooms[room_id]
        }
        self._host.publish(changed, heating=snapshot)
        self.notices.tell(before, snapshot, self._probe.missing)

    def _is_missing_something(self, now_s: float) -> bool:
        """Whether an entity of the boiler has told nothing for a while."""
        if not self._host.is_up or not self._probe.missing:
            self._missing_since_s = None
            return False
        if self._missing_since_s is None:
            self._missing_since_s = now_s
        return now_s - self._missing_since_s >= MISSING_S

    def _names(self, room_ids: frozenset[str]) -> str | None:
        names = sorted(
            self.rooms[room_id].config.name
            for room_id in room_ids
            if room_id in self.rooms
        )
        return ", ".join(names)[:MAX_LENGTH_STATE_STATE] or None

    def _keep_record(self) -> None:
        if self._state is not None:
            now_s = self._host.hass.loop.time()
            record(self._store.record, self._state, now_s, dt_util.utcnow())
            self._store.save()

    def _read_settings(self) -> HeatingSettings:
        store = self._store
        return heating_settings(
            self.boiler,
            store.tuning(OWNER_HEATING),
            overheat_cap=store.flag(OWNER_HEATING, OVERHEAT_CAP, default=True),
        )

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Refuse a value of the site's that contradicts another."""
        if owner == OWNER_HEATING:
            check_heating(key, value, self._store.tuning(OWNER_HEATING))

    @callback
    def async_refresh_settings(self) -> None:
        """Take over changed tuning values and switches."""
        self._settings = self._read_settings()
        for room in self.rooms.values():
            room.refresh_settings()
        self.evaluate()
        self._host.publish({TUNING})

    def tunables_of(self, room: RoomConfig) -> tuple[Tunable, ...]:
        """Return what can be tuned of a room; its defaults may be the site's values."""
        return room_tunables(room, self._store.tuning(OWNER_HEATING))

    @callback
    def async_set_flag(self, owner: str, key: str, on: bool) -> None:
        """Turn a switch of the heating or a room on or off."""
        self._store.set_flag(owner, key, value=on)
        self.async_refresh_settings()

    @callback
    def async_set_mode(self, mode: Mode) -> None:
        """Let load sharing go as far as this, and no further."""
        self._store.mode = mode
        self.evaluate()
