"""Readings in, engine, commands out. Owns every timer of a site and decides nothing."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
import logging
import time
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    CoreState,
    Event,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import (
    async_call_at,
    async_track_state_change_event,
    async_track_state_report_event,
)
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from .charger import ManagedCharger, manage
from .charging.engine import evaluate
from .charging.model import (
    BalancerState,
    ChargerDecision,
    ChargerInput,
    Decision,
    EngineState,
    Limit,
    ServiceReading,
    SiteInput,
)
from .config import ChargerConfig, SupplyConfig
from .const import DOMAIN
from .io.meter import Meter, MeterFault
from .io.readings import Clock
from .notices import Notices
from .settings import SiteStore, TemporaryLimit
from .snapshot import SiteSnapshot
from .tuning import site_settings

_LOGGER = logging.getLogger(__name__)

SITE = "site"
NOTHING = "nothing"
"""What an entity follows, beside the charger with its ID."""

type LoadSharingConfigEntry = ConfigEntry[LoadSharingCoordinator]


class LoadSharingCoordinator(DataUpdateCoordinator[SiteSnapshot]):
    """One site: evaluates on every reading, every answer and every deadline."""

    config_entry: LoadSharingConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: LoadSharingConfigEntry,
        store: SiteStore,
        chargers: list[ChargerConfig],
    ) -> None:
        """Put the site together. Nothing is read or sent before ``async_start``."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=entry,
            name=entry.title,
            update_interval=None,
        )
        self.supply = SupplyConfig.from_entry(entry.data, entry.options)
        self.store = store
        self.settings = site_settings(self.supply, store.tuning(None))
        self.chargers: dict[str, ManagedCharger] = {
            config.charger_id: manage(
                hass,
                config,
                store,
                self.supply.voltage_v,
                self._start_task,
                self._command_done,
            )
            for config in chargers
        }
        self.notices = Notices(hass, entry.title)
        self._meter = Meter(hass, self.supply)
        self._engine = EngineState()
        self._timer: CALLBACK_TYPE | None = None
        self._timer_at_s: float | None = None
        self._timer_job = HassJob(
            self._timer_fired, f"{DOMAIN} {entry.title} timer", cancel_on_shutdown=True
        )
        self._started = False
        self._changed: set[str] = set()
        self.cause: Context | None = None
        """What the states that are written now are to be put down to."""

    @callback
    def async_start(self) -> None:
        """Listen, and evaluate for the first time."""
        entry = self.config_entry
        entities = {*self.supply.meters}
        for charger in self.chargers.values():
            entities.update(charger.config.entities)
        reporting = {*self.supply.meters} | {
            charger.config.draw
            for charger in self.chargers.values()
            if charger.config.draw
        }
        entry.async_on_unload(
            async_track_state_change_event(self.hass, entities, self._state_event)
        )
        entry.async_on_unload(
            async_track_state_report_event(self.hass, reporting, self._state_event)
        )
        self._started = True
        entry.async_on_unload(self._stop)
        self.async_evaluate()
        entry.async_on_unload(async_at_started(self.hass, self._hass_started))

    async def async_unload(self) -> None:
        """Come to rest: no new call, the running ones done, and all of it saved."""
        self._stop()
        for charger in self.chargers.values():
            await charger.runner.async_unload()
            charger.remember()
        await self.store.async_save_now()

    @callback
    def _stop(self) -> None:
        self._started = False
        self._cancel_timer()

    @callback
    def async_evaluate(self) -> None:
        """Read, decide, command, publish; then sleep until something is due."""
        if not self._started:
            return
        clock = Clock(self.hass.loop.time(), time.time())
        self._drop_expired_limits()
        seen = [charger.read(clock) for charger in self.chargers.values()]
        reading = self._meter.read(clock)
        if isinstance(reading, MeterFault):
            decision = self._decide(None, seen, clock)
        else:
            decision = self._decide(reading, seen, clock)
        self._carry_out(decision, clock)
        self._wake_at(self._next_deadline(decision, reading, clock))
        self._publish(reading, seen, decision)

    def _decide(
        self, reading: ServiceReading | None, seen: list[ChargerInput], clock: Clock
    ) -> Decision:
        enabled = self.store.enabled
        if reading is None and enabled and not self._all_up:
            # The meter's own integration may not be there yet, or no more.
            return _waiting(seen)
        site = SiteInput(self.settings, reading, tuple(seen), enabled)
        self._engine, decision = evaluate(self._engine, site, clock.monotonic_s)
        return decision

    def _carry_out(self, decision: Decision, clock: Clock) -> None:
        for charger_id, charger in self.chargers.items():
            if not self._can_be_sent(charger):
                continue
            chosen = decision.chargers[charger_id]
            runner = charger.runner
            if chosen.desired_a is not None:
                if chosen.action is not None:
                    charger.last_action = chosen.action
                runner.want(chosen.desired_a, clock.monotonic_s)
            elif charger.is_ours:
                runner.send_if_due(clock.monotonic_s)
            charger.remember()
        if decision.correction_due:
            for charger in self.chargers.values():
                if self._can_be_sent(charger):
                    charger.runner.hurry(clock.monotonic_s)
            self._meter.poll(self._start_background_task)

    def _publish(
        self,
        reading: ServiceReading | MeterFault,
        seen: list[ChargerInput],
        decision: Decision,
    ) -> None:
        # A meter that is not there yet, or no more, is no problem.
        fault = reading if isinstance(reading, MeterFault) and self._all_up else None
        snapshot = SiteSnapshot(
            enabled=self.store.enabled,
            decision=decision,
            service_a=None if isinstance(reading, MeterFault) else reading.current_a,
            limit_a=self.settings.limit_a,
            meter_problem=fault.problem if fault else None,
            chargers={
                charger_id: charger.snapshot(
                    charger_seen, decision.chargers[charger_id]
                )
                for (charger_id, charger), charger_seen in zip(
                    self.chargers.items(), seen, strict=True
                )
            },
        )
        before: SiteSnapshot | None = self.data
        self._changed = {SITE} | {
            charger_id
            for charger_id, charger in snapshot.chargers.items()
            if before is None or charger != before.chargers[charger_id]
        }
        self.data = snapshot
        self.async_update_listeners()
        self.notices.tell(before, snapshot, fault, self.chargers)

    @callback
    @override
    def async_update_listeners(self) -> None:
        """Notify the entities of what changed."""
        # A state that is written may cause an evaluation, and another set of changes.
        changed = self._changed
        for update_callback, follows in list(self._listeners.values()):
            if follows in changed:
                update_callback()

    def _next_deadline(
        self,
        decision: Decision,
        reading: ServiceReading | MeterFault,
        clock: Clock,
    ) -> float | None:
        now_s = clock.monotonic_s
        moments = [decision.wake_at_s]
        if isinstance(reading, ServiceReading) and self.supply.max_age_s is not None:
            moments.append(min(reading.taken_at_s) + self.supply.max_age_s)
        for charger in self.chargers.values():
            runner = charger.runner
            if charger.is_ours and self._can_be_sent(charger):
                moments.append(runner.due_s)
                moments.append(runner.settles_at(charger.settings.settle_s, now_s))
            limit = charger.temporary_limit
            if limit is not None and limit.until is not None:
                moments.append(now_s + limit.until.timestamp() - clock.wall_s)
        return min([moment for moment in moments if moment is not None], default=None)

    def _wake_at(self, moment_s: float | None) -> None:
        if moment_s == self._timer_at_s:
            return
        self._cancel_timer()
        if moment_s is not None:
            self._timer_at_s = moment_s
            self._timer = async_call_at(self.hass, self._timer_job, moment_s)

    @callback
    def _timer_fired(self, _now: datetime) -> None:
        self._timer = self._timer_at_s = None
        self.async_evaluate()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer()
        self._timer = self._timer_at_s = None

    @callback
    def _state_event(self, event: Event[Any]) -> None:
        outer, self.cause = self.cause, event.context
        try:
            self.async_evaluate()
        finally:
            self.cause = outer

    @callback
    def _hass_started(self, _hass: HomeAssistant) -> None:
        self.async_evaluate()

    def _start_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        return self.config_entry.async_create_task(
            self.hass, coroutine, name, eager_start=False
        )

    def _start_background_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> None:
        self.config_entry.async_create_background_task(
            self.hass, coroutine, name, eager_start=False
        )

    @property
    def _all_up(self) -> bool:
        """Home Assistant neither starts nor stops: what is missing now is missing."""
        return self.hass.state is CoreState.running

    def _can_be_sent(self, charger: ManagedCharger) -> bool:
        """While Home Assistant starts, a charger that is not there is waited for."""
        return self._all_up or charger.probe.reachable

    @callback
    def _command_done(
        self, config: ChargerConfig, current_a: float, error: str | None
    ) -> None:
        if error is not None:
            attempts = self.chargers[config.charger_id].runner.state.attempts
            self.notices.action_failed(config, current_a, error, attempts)
        self.async_evaluate()

    @callback
    def async_tune(self, charger_id: str | None, key: str, value: float) -> None:
        """Apply and keep a tuning value; None names the site."""
        self.store.tune(charger_id, key, value)
        if charger_id is None:
            self.settings = site_settings(self.supply, self.store.tuning(None))
        else:
            self.chargers[charger_id].refresh_settings()
        self.async_evaluate()

    @callback
    def async_set_enabled(self, *, enabled: bool) -> None:
        """Switch balancing on or off. A stop on its way is still carried through."""
        if enabled and not self.store.enabled:
            for charger in self.chargers.values():
                state = charger.runner.state
                if not state.stop_pending and state.in_flight_a is None:
                    charger.start_over()
        self.store.enabled = enabled
        self.async_evaluate()

    @callback
    def async_set_limit(
        self, charger_id: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set a charger's temporary limit, or remove it."""
        limit = None
        if current_a is not None:
            until = None if duration is None else dt_util.utcnow() + duration
            limit = TemporaryLimit(current_a, until)
        self.store.set_limit(charger_id, limit)
        self.chargers[charger_id].refresh_settings()
        self.async_evaluate()

    def _drop_expired_limits(self) -> None:
        for charger_id, charger in self.chargers.items():
            limit = charger.temporary_limit
            if limit and limit.until and limit.until <= dt_util.utcnow():
                self.store.set_limit(charger_id, None)
                charger.refresh_settings()


def _waiting(seen: list[ChargerInput]) -> Decision:
    """Leave everything as it is found while Home Assistant starts or stops."""
    return Decision(
        BalancerState.ACTIVE,
        {
            charger.settings.charger_id: ChargerDecision(
                None, Limit.METER_LOST, None, ()
            )
            for charger in seen
        },
    )
