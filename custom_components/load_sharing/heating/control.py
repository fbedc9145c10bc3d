"""The heating half of a site: readings in, engine, valves out. Decides nothing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HassJob, callback
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_state_report_event,
    async_track_time_interval,
)
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, OWNER_HEATING
from ..site.host import Host
from ..site.isolation import Isolation
from ..site.timer import Timer
from ..site.tunables import Tunable
from .boiler import BOILER_LEASE, manage_boiler
from .config import BoilerConfig, RoomConfig
from .engine.evaluate import HeatingState, evaluate
from .engine.model import (
    BoilerInput,
    Control,
    HeatingDecision,
    HeatingInput,
    HeatingSettings,
    Mode,
    RoomInput,
)
from .engine.schedule import WeeklySchedule
from .io.calls_by_others import CallByOther, listen_to_calls
from .io.leases import Leases
from .io.schedules import Schedules
from .notices import HeatingNotices
from .picture import Picture, draw_picture
from .publisher import HeatingPublisher
from .record import has_counted, read_record, write_record
from .room import ManagedRoom, manage_room
from .store import HeatingStore
from .tuning import (
    OVERHEAT_CAP,
    TUNING,
    check_heating,
    drop_outdated_tuning,
    heating_settings,
    room_tunables,
)
from .weekly import WeeklyReport

CALENDARS_EVERY = timedelta(minutes=15)
"""An event that is added or moved changes no state of its calendar."""


class HeatingControl:
    """Shares the boiler's load: on every change, every edge and every minute."""

    def __init__(
        self,
        host: Host,
        store: HeatingStore,
        boiler: BoilerConfig,
        rooms: list[RoomConfig],
    ) -> None:
        """Put the parts together. Nothing is read or sent before ``async_start``."""
        self._host = host
        self._store = store
        self._reading, self._writing = Isolation("reading"), Isolation("carrying out")
        self._leases = Leases(
            host.hass,
            host.entry.entry_id,
            host.start_task,
            on_done=self.evaluate,
            on_write=store.count_write,
        )
        self.boiler = manage_boiler(host.hass, boiler, self._leases)
        drop_outdated_tuning(rooms, store)
        self.rooms = {
            config.room_id: manage_room(host.hass, config, store, self._leases)
            for config in rooms
        }
        self.schedules = Schedules(
            host.hass, {config.schedule for config in rooms if config.schedule}
        )
        self.notices = HeatingNotices(host, store, self.rooms)
        self._publisher = HeatingPublisher(
            host, store, self.notices, self.boiler, self.rooms
        )
        self.history = self._publisher.history
        self._weekly = WeeklyReport(host, store)
        self._settings = self._read_settings()
        self._state: HeatingState | None = None
        self._boiler_input = BoilerInput()
        self._timer = Timer(host, "heating", self.evaluate)
        self._started = False

    @property
    def watched_entities(self) -> set[str]:
        """Entities whose state changes matter."""
        return {*self.boiler.config.entities}.union(
            *(room.config.entities for room in self.rooms.values())
        )

    @property
    def reporting_entities(self) -> set[str]:
        """None: for heating, a state that is reported again is nothing new."""
        return set()

    @property
    def doubts_tap_water(self) -> bool:
        """Whether the boiler has heated tap water for longer than any can."""
        return self._state is not None and self._state.tap_water.is_doubted

    @property
    def owners(self) -> set[str]:
        """Owners whose stored values heating uses."""
        return {OWNER_HEATING, *self.rooms}

    async def async_start(self) -> None:
        """Load the schedules and the leases of an earlier run, and start evaluating."""
        await self.schedules.async_refresh_all()
        needed = self.rooms if self._settings.minimum_open_pct else ()
        await self._leases.async_load(undecided=needed)
        now_s = self._host.hass.loop.time()
        self._state = read_record(
            self._store.record,
            now_s,
            dt_util.utcnow(),
            resumes=self._store.enabled and self._store.control is not Control.TIERS,
        )
        self._started = True
        hass, entry = self._host.hass, self._host.entry
        for track in (async_track_state_change_event, async_track_state_report_event):
            entry.async_on_unload(
                track(hass, self.schedules.entities, self._schedule_changed)
            )
        if self.schedules.have_calendars:
            entry.async_on_unload(
                async_track_time_interval(
                    hass, self._read_schedules_again, CALENDARS_EVERY
                )
            )
        entry.async_on_unload(listen_to_calls(hass, self._note_call))
        entry.async_on_unload(entry.async_on_state_change(self._entry_changed))
        entry.async_on_unload(
            hass.async_add_shutdown_job(
                HassJob(self._async_shut_down, cancel_on_shutdown=False)
            )
        )
        self.evaluate()

    def stop(self) -> None:
        """Stop evaluating."""
        self._started = False
        self._timer.cancel()

    async def async_unload(self) -> None:
        """Stop, and give every actuator back, unless starting failed."""
        self.stop()
        if self._state is None:
            return
        self._release_all(self._host.hass.loop.time())
        await self._leases.async_give_back()
        self.notices.withdraw()
        self._save_record()

    @callback
    def async_hass_started(self) -> None:
        """Read the schedules again: their helpers may not have been there before."""
        self.evaluate()
        self._read_schedules_again()

    @callback
    def _read_schedules_again(self, _now: datetime | None = None) -> None:
        """Read all schedules again in the background."""
        self._host.start_background_task(
            self._async_read_schedules(), f"{DOMAIN} read schedules"
        )

    @callback
    def handle_change(self, _entity_id: str) -> None:
        """Evaluate every change and report of an entity."""
        self.evaluate()

    @callback
    def evaluate(self) -> None:
        """Read, decide, command and publish; the timer is set for the next time."""
        if not self._started or self._state is None:
            return
        now_s = self._host.hass.loop.time()
        now = dt_util.now()
        self._note_overrides(self._leases.observe(now_s), now)
        site = self._read(now, now_s)
        self._boiler_input = site.boiler
        before = self._state
        after, decision = evaluate(before, site, now_s)
        self._state = after
        self._carry_out(decision, now_s)
        self._set_timer(decision, now_s)
        if has_counted(before, after):
            self._save_record()
        # Last, because a state that is written may cause another evaluation.
        self._publisher.publish(site, after, decision, now_s)
        self._weekly.follow(before, after)

    @callback
    def _note_call(self, call: CallByOther) -> None:
        """Leave alone what a person sets: an actuator, or the thermostat of a room.

        While sharing is off, no room is ours, and the person has none to take back.
        """
        is_noted = self._leases.note_call(call)
        for room in self.rooms.values():
            if room.is_overridden_by(call):
                if room.config.climate and call.reaches(room.config.climate):
                    now_s = self._host.hass.loop.time()
                    self._leases.leave_thermostat(room.room_id, now_s)
                if self._store.active_mode is not Mode.OFF:
                    self._leave_alone(room, dt_util.now())
                    is_noted = True
        if is_noted:
            self.evaluate()

    def _leave_alone(self, room: ManagedRoom, now: datetime) -> None:
        """Leave a room alone for a while."""
        until = room.note_override(self._schedule_of(room.config), now)
        self.notices.report_override(room.config, until)

    def _note_overrides(self, overridden: set[str], now: datetime) -> None:
        """Leave the actuators alone that something else has set while we held them."""
        for lease_key in overridden:
            if lease_key == BOILER_LEASE:
                self.boiler.note_override()
                self.notices.report_boiler_override(now)
                continue
            self._leave_alone(self.rooms[lease_key], now)

    def _read(self, now: datetime, now_s: float) -> HeatingInput:
        """Read the boiler and the rooms."""
        settings = self._settings
        if settings.protection_floor_c is not None:
            settings = replace(settings, protection_floor_c=self.boiler.floor_c)
        return HeatingInput(
            settings=settings,
            mode=self._store.active_mode,
            boiler=self._read_boiler(),
            rooms=tuple(
                self._read_room(room, now, now_s) for room in self.rooms.values()
            ),
            local_time=now,
            control=self._store.control,
            shadow=self._store.shadow,
        )

    def _read_boiler(self) -> BoilerInput:
        """Read the boiler. If that fails, nothing is known of it."""
        with self._reading.of("boiler"):
            return self.boiler.read()
        return BoilerInput()

    def _read_room(self, room: ManagedRoom, now: datetime, now_s: float) -> RoomInput:
        """Read a room. One that fails is as if it were unavailable."""
        with self._reading.of(room.config.name):
            return room.read(self._schedule_of(room.config), now, now_s)
        return room.unread()

    def _schedule_of(self, room: RoomConfig) -> WeeklySchedule | None:
        return self.schedules.get(room.schedule) if room.schedule else None

    def _carry_out(self, decision: HeatingDecision, now_s: float) -> None:
        """Hold and release actuators; in shadow mode, release all of them."""
        if not self._host.is_up:
            return
        if self._store.shadow:
            self._release_all(now_s)
            return
        for room_id, room in self.rooms.items():
            with self._writing.of(room.config.name):
                room.carry_out(decision.rooms[room_id], now_s)
        self.boiler.carry_out(hold=decision.hold.is_hold, now_s=now_s)

    def _release_all(self, now_s: float) -> None:
        """Give all actuators back, also those that no room uses any more."""
        for room in self.rooms.values():
            with self._writing.of(room.config.name):
                room.release(now_s)
        self._leases.release_all(now_s)

    def _set_timer(self, decision: HeatingDecision, now_s: float) -> None:
        """Set the timer to when the decision or a lease is due."""
        moments = [decision.wake_at_s, self._leases.next_due_s(now_s)]
        self._timer.set(
            min((moment for moment in moments if moment is not None), default=None)
        )

    def _save_record(self) -> None:
        if self._state is not None:
            now_s = self._host.hass.loop.time()
            write_record(self._store.record, self._state, now_s, dt_util.utcnow())
            self._store.save()

    @callback
    def _schedule_changed(self, event: Event[Any]) -> None:
        """Read a schedule again: it was edited, or one of its blocks began or ended.

        A removed schedule has no blocks any more.
        """
        entity_id: str = event.data["entity_id"]
        if event.data["new_state"] is None:
            self.schedules.forget(entity_id)
            self.evaluate()
            return
        self._host.start_background_task(
            self._async_read_schedule(entity_id), f"{DOMAIN} read {entity_id}"
        )

    async def _async_read_schedule(self, entity_id: str) -> None:
        await self.schedules.async_refresh(entity_id)
        self.evaluate()

    async def _async_read_schedules(self) -> None:
        await self.schedules.async_refresh_all()
        self.evaluate()

    @callback
    def _entry_changed(self) -> None:
        """Report the end of sharing while the event entity is still loaded."""
        if self._host.entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS:
            self._report_unload()

    async def _async_shut_down(self) -> None:
        self._report_unload()
        await self.async_unload()

    def _report_unload(self) -> None:
        if self._publisher.shown is not None:
            self.notices.report_unload(self._publisher.shown)

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Raise ServiceValidationError for a value that contradicts another."""
        if owner == OWNER_HEATING:
            check_heating(key, value, self._store.tuning(OWNER_HEATING))

    @callback
    def async_refresh_settings(self) -> None:
        """Apply changed tuning values and switches."""
        self._settings = self._read_settings()
        for room in self.rooms.values():
            room.refresh_settings()
        self.evaluate()
        self._host.publish({TUNING})

    def _read_settings(self) -> HeatingSettings:
        store = self._store
        return heating_settings(
            self.boiler.config,
            store.tuning(OWNER_HEATING),
            overheat_cap=store.flag(OWNER_HEATING, OVERHEAT_CAP, default=True),
        )

    def picture(self) -> Picture | None:
        """Return what the cards draw now; None before the first evaluation."""
        if (shown := self._publisher.shown) is None:
            return None
        rooms = [room.config for room in self.rooms.values()]
        return draw_picture(shown, self._boiler_input, rooms)

    @callback
    def async_set_flag(self, owner: str, key: str, on: bool) -> None:
        """Turn a switch of the heating or a room on or off."""
        self._store.set_flag(owner, key, value=on)
        self.async_refresh_settings()

    @callback
    def async_set_mode(self, mode: Mode) -> None:
        """Set which tiers load sharing may use."""
        self._store.mode = mode
        self.evaluate()

    @callback
    def async_set_control(self, control: Control) -> None:
        """Set how rooms are shared."""
        self._store.control = control
        self.evaluate()

    def tunables_of(self, room: RoomConfig) -> tuple[Tunable, ...]:
        """Return a room's tunables; their defaults may be the site's values."""
        return room_tunables(room, self._store.tuning(OWNER_HEATING))
