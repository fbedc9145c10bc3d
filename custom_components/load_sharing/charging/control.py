"""The charging half of a site: readings in, engine, commands out. Decides nothing."""

from dataclasses import replace
from datetime import timedelta
from math import inf

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HassJob, callback

from ..const import OWNER_SUPPLY
from ..site.host import Host
from ..site.timer import Timer
from .charger import ManagedCharger, manage_charger
from .charger_tests import ChargerTests
from .circuit_config import CircuitConfig
from .circuits import Circuits
from .config import ChargerConfig, SupplyConfig
from .dispatch import Dispatch
from .engine.decision import Calm, Decision
from .engine.evaluate import evaluate
from .engine.memory import EngineState
from .engine.meter_lost import leave_as_found
from .engine.model import Limit, SiteInput
from .engine.outlook import rises_in_s
from .engine.overload import NO_OVERLOAD
from .engine.overload_events import cleared
from .engine.shadow import without_actions
from .evaluation import Evaluation
from .history import make_history
from .io.clock import Clock, Clocks
from .io.external import make_external_limit, with_external_limit
from .io.meter import MeterFault, make_supply_meter
from .io.voltage import make_voltage
from .meter_silence import MeterSilence
from .notices import ChargingNotices
from .picture import Picture
from .publisher import ChargingPublisher
from .readings import Reader, Readings
from .reversed_meters import ReversedMeters
from .start_up import StartUp
from .store import ChargingStore, TemporaryLimit
from .temporary_limits import TemporaryLimits
from .tuning import demand_limit, meter_max_age, supply_settings


class ChargingControl:
    """Balances the chargers on every reading, command result and deadline."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        supply: SupplyConfig,
        chargers: list[ChargerConfig],
        circuits: list[CircuitConfig],
    ) -> None:
        """Put the parts together. Nothing is read or sent before ``async_start``."""
        self._host = host
        self._store = store
        self._clocks = Clocks(host.hass)
        self.supply = supply
        self._limit: TemporaryLimit | None = None
        self.silence = MeterSilence(host, store, supply, circuits)
        self._refresh_supply()
        self._start_up = StartUp(is_up=host.is_up)
        self.voltage = make_voltage(host.hass, supply)
        self.chargers: dict[str, ManagedCharger] = {
            config.charger_id: manage_charger(
                host.hass,
                config,
                store,
                self.voltage,
                host.start_task,
                self._command_done,
                self._start_up,
            )
            for config in chargers
        }
        self._usable_a = self.settings.usable_a
        self._limits = TemporaryLimits(store, {OWNER_SUPPLY, *self.chargers})
        believed = self.silence.believed_until_s
        self.circuits = Circuits(
            host.hass, supply, circuits, chargers, self.voltage, believed
        )
        self.notices = ChargingNotices(host, self.chargers, self.circuits)
        self._tests = ChargerTests(host, store, self.chargers, self.notices)
        self.meter = make_supply_meter(host.hass, supply, self.voltage, believed)
        self._reader = Reader(
            self.meter, self.circuits, self.chargers, store, self._start_up
        )
        self._external = make_external_limit(host.hass, supply, self.voltage)
        self._publisher = ChargingPublisher(
            host, store, self.notices, self.chargers, self.circuits
        )
        self._dispatch = Dispatch(host, self.chargers, self.meter)
        self.history = make_history()
        self.meters = self.silence.sensors
        self._only_measure = self.meters.union(
            [supply.voltage_entity] if supply.voltage_entity else []
        ).difference(*(config.entities for config in chargers))
        self._reversed = ReversedMeters(store, supply, self.circuits, chargers)
        self._engine = EngineState(directions=self._reversed.restored())
        self._timer = Timer(host, "charging", self.evaluate)
        self._started = False
        self._calm: Calm | None = None
        self._calm_until_s = 0.0

    @property
    def watched_entities(self) -> set[str]:
        """Entities whose state changes matter."""
        others = [self.supply.external, self.supply.voltage_entity]
        return self.meters.union(
            filter(None, others),
            *(charger.config.entities for charger in self.chargers.values()),
        )

    @property
    def reporting_entities(self) -> set[str]:
        """Entities that matter even when they report the same state again."""
        return self.meters.union(
            *(charger.config.draws for charger in self.chargers.values())
        )

    @property
    def owners(self) -> set[str]:
        """Owners whose stored values charging uses."""
        return {OWNER_SUPPLY, *self.chargers, *self.circuits.configs}

    async def async_start(self) -> None:
        """Evaluate from now on."""
        self._started = True
        hass, entry = self._host.hass, self._host.entry
        shut_down = HassJob(self._async_shut_down, cancel_on_shutdown=False)
        entry.async_on_unload(hass.async_add_shutdown_job(shut_down))
        entry.async_on_unload(entry.async_on_state_change(self._entry_changed))
        self.silence.async_start()
        self.evaluate()

    def stop(self) -> None:
        """Stop evaluating."""
        self._started, self._calm = False, None
        self._timer.cancel()

    @callback
    def _entry_changed(self) -> None:
        """End an overload before the entities that report it are unloaded."""
        if self._host.entry.state is ConfigEntryState.UNLOAD_IN_PROGRESS:
            self._end_overload()

    async def _async_shut_down(self) -> None:
        """End an overload before Home Assistant stops, and keep what was counted."""
        self._end_overload()
        self._publisher.tallies.save()
        self.silence.save()

    def _end_overload(self) -> None:
        """Report an overload as cleared, because it is no longer watched."""
        shown, now_s = self._publisher.shown, self._host.hass.loop.time()
        if shown is not None:
            self.notices.report_events(cleared(self._engine.overload, now_s), shown)
        self._engine = replace(self._engine, overload=NO_OVERLOAD)

    async def async_unload(self) -> None:
        """Stop, and wait for the calls that are running."""
        self.stop()
        self._publisher.tallies.save()
        self.silence.save()
        self._tests.interrupt()
        self.notices.withdraw()
        for charger in self.chargers.values():
            await charger.runner.async_unload()
            charger.store_command()

    @callback
    def async_hass_started(self) -> None:
        """Evaluate again: from now on, what is missing counts as a problem."""
        self._start_up.note_up(now_s := self._host.hass.loop.time())
        self.silence.note_up(now_s)
        self.evaluate()

    @callback
    def handle_change(self, entity_id: str) -> None:
        """Evaluate, unless the entity measures what changes nothing."""
        if entity_id not in self._only_measure or not self._is_calm():
            self.evaluate()

    @callback
    def evaluate(self) -> None:
        """Read, decide, command and publish; the timer is set for the next time."""
        if not self._started:
            return
        self._calm = None
        clock = self._clocks.now()
        for owner in self._limits.follow(clock):
            self._refresh_limit(owner)
        self.voltage.read(clock)
        readings = self._read(clock)
        decision = self._decide(readings, clock)
        self._dispatch.carry_out(
            decision, self._engine.responses.chargers, clock.monotonic_s
        )
        evaluation = Evaluation(
            decision=decision,
            service_a=readings.service.current_a if readings.service else None,
            # A meter may be missing while Home Assistant starts or stops.
            fault=readings.fault if self._host.is_up else None,
            chargers=readings.chargers,
            circuits=readings.circuits,
            limit_a=self.settings.limit_a,
            usable_a=self._usable_a,
            mains=self.voltage.mains,
            temporary_limit=self._limit,
            alarmed=self._engine.alarmed,
            learned_silence_s=self.silence.learned_s(self.supply.meters),
        )
        publishes = self._publisher.accept(evaluation, clock.monotonic_s)
        self._set_timer(decision, clock)
        if publishes:
            # Last, because a state that is written may cause another evaluation.
            self._publisher.publish(evaluation)

    def _read(self, clock: Clock) -> Readings:
        """Read the chargers, the meter and the circuits, and advance charger tests."""
        self.silence.note_alive(clock.monotonic_s)
        readings = self._reader.read(clock)
        tested = self._tests.advance(readings, self._engine.overload, clock)
        return readings._replace(chargers=tested)

    def _decide(self, readings: Readings, clock: Clock) -> Decision:
        """Return what the engine decides on these readings."""
        service, enabled = readings.service, self._store.enabled
        if service is None and enabled and not self._host.is_up:
            # The meter's integration may not be loaded yet, or is unloaded already.
            return leave_as_found(readings.chargers)
        tuned = self._store.tuning(OWNER_SUPPLY)
        demand = demand_limit(
            self.supply,
            self.voltage.mains,
            tuned,
            clock.monotonic_s,
            clock.wall_s,
        )
        settings, may_rise = with_external_limit(self.settings, self._external)
        self._usable_a = settings.usable_a
        site = SiteInput(
            settings=settings,
            reading=service,
            chargers=tuple(readings.chargers),
            enabled=enabled,
            circuits=readings.circuits,
            demand=demand,
            may_rise=may_rise,
            remains=readings.fault.remains if readings.fault else None,
            total=self.supply.mains if self.supply.total else None,
            restored=readings.restored,
        )
        self._engine, decision = evaluate(self._engine, site, clock.monotonic_s)
        self._reversed.note(self._engine.directions)
        if self._store.shadow:
            self._engine, decision = without_actions(self._engine, decision)
        self.history.note(clock.wall_s, clock.monotonic_s, site, decision)
        return decision

    def _set_timer(self, decision: Decision, clock: Clock) -> None:
        """Evaluate again at the next deadline, and until then only if it matters."""
        deadline_s = self._next_deadline(decision, clock)
        tested = self._tests.next_s(clock.monotonic_s) is not None
        self._calm = None if tested else decision.calm
        self._calm_until_s = inf if deadline_s is None else deadline_s
        moments = [deadline_s, self._publisher.due_s]
        self._timer.set(
            min([at_s for at_s in moments if at_s is not None], default=None)
        )

    def _next_deadline(self, decision: Decision, clock: Clock) -> float | None:
        """Return when time alone may change something, on the monotonic clock."""
        now_s = clock.monotonic_s
        moments = [decision.wake_at_s, self._tests.next_s(now_s), self.meter.due_s]
        moments += [self._start_up.due_s(now_s), self.voltage.due_s]
        moments += [self.silence.due_s(now_s)]
        moments += self._dispatch.due_s(decision, clock)
        moments += self._limits.ends_s(clock)
        return min([moment for moment in moments if moment is not None], default=None)

    def _is_calm(self) -> bool:
        """Return whether what the meter shows now changes no decision.

        If so, it is published later.
        """
        clock = self._clocks.now()
        now_s = clock.monotonic_s
        if self._calm is None or now_s >= self._calm_until_s:
            return False
        if self.voltage.read(clock):
            return False
        reading = self.meter.read(clock)
        if isinstance(reading, MeterFault) or not self._calm.holds(reading.current_a):
            return False
        if not self._publisher.defer(reading.current_a, now_s):
            return False
        moments = [self._publisher.due_s, self.meter.due_s, self.voltage.due_s]
        due_s = [at_s for at_s in moments if at_s is not None]
        self._timer.set(min([self._calm_until_s, *due_s]))
        return True

    def picture(self) -> Picture | None:
        """Return what the cards draw now; None before the first evaluation."""
        if (latest := self._publisher.latest) is None:
            return None
        now_s = self._clocks.now().monotonic_s
        rises_s = rises_in_s(self._engine, latest.decision, self.settings, now_s)
        return self._publisher.picture(latest, rises_s)

    @callback
    def _command_done(
        self, config: ChargerConfig, current_a: float, error: str | None
    ) -> None:
        """Report a command that failed, and evaluate."""
        if error is not None:
            attempts = self.chargers[config.charger_id].runner.state.attempts
            self.notices.report_action_failed(config, current_a, error, attempts)
        self.evaluate()

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Accept any value: no two of them contradict each other."""

    @callback
    def async_refresh_settings(self) -> None:
        """Apply changed tuning values."""
        self._refresh_supply()
        for charger in self.chargers.values():
            charger.refresh_settings()
        self.evaluate()

    @callback
    def async_set_enabled(self, *, enabled: bool) -> None:
        """Switch balancing on or off; an unconfirmed stop is still carried out."""
        if enabled and not self._store.enabled:
            self._reset_commands()
        self._store.enabled = enabled
        self.evaluate()

    @callback
    def async_set_shadow(self, *, shadow: bool) -> None:
        """Switch shadow mode on or off; an unconfirmed stop is still carried out."""
        if self._store.shadow and not shadow:
            self._reset_commands()
        self._store.shadow = shadow
        for charger in self.chargers.values():
            charger.proposed_a = None
        self.evaluate()

    def _reset_commands(self) -> None:
        """Start from the currents that the chargers have now.

        A running call and an unconfirmed stop take precedence.
        """
        for charger in self.chargers.values():
            state = charger.runner.state
            if not state.stop_pending and state.in_flight_a is None:
                charger.reset_command()

    @callback
    def async_test(self, charger_id: str) -> None:
        """Test a charger; raises ServiceValidationError if that is not possible now."""
        shown = self._publisher.shown
        may_begin = (
            shown is not None
            and shown.decision.headroom_a is not None
            and not shown.decision.overloaded
        )
        self._tests.async_start(charger_id, may_begin=may_begin)
        self.evaluate()

    @callback
    def async_set_limit(
        self, owner: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set or remove a temporary limit of a charger or the supply."""
        self._limits.set(owner, current_a, duration)
        self._refresh_limit(owner)
        self.evaluate()

    def _refresh_limit(self, owner: str) -> None:
        """Apply a changed temporary limit of a charger or the supply."""
        if owner == OWNER_SUPPLY:
            self._refresh_supply()
        else:
            self.chargers[owner].refresh_settings()

    def _refresh_supply(self) -> None:
        """Apply the supply's tuning values and its temporary limit."""
        self._limit = self._store.limit(OWNER_SUPPLY)
        tuned = self._store.tuning(OWNER_SUPPLY)
        settings = supply_settings(self.supply, tuned)
        self.silence.entered_s = meter_max_age(self.supply, tuned)
        if self._limit is not None:
            ceiling = (Limit.USER_LIMIT, self._limit.current_a)
            settings = replace(settings, ceilings=(ceiling,))
        self.settings = settings
