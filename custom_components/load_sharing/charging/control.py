"""The charging half of a site: readings in, engine, commands out. Decides nothing."""

from dataclasses import replace
from datetime import timedelta
from math import inf
import time

from homeassistant.core import callback

from ..const import OWNER_SUPPLY
from ..site.host import Host
from ..site.timer import Timer
from .charger import ManagedCharger, manage
from .charger_tests import ChargerTests
from .circuits import CircuitConfig, Circuits
from .config import ChargerConfig, SupplyConfig
from .engine.evaluate import evaluate
from .engine.meter_lost import leave_as_found
from .engine.model import (
    Calm,
    ChargerInput,
    Circuit,
    Decision,
    EngineState,
    Limit,
    ServiceReading,
    SiteInput,
)
from .engine.shadow import without_actions
from .history import History
from .io.currents import Clock, CurrentGate
from .io.external import ExternalLimit
from .io.meter import Meter, MeterFault
from .limits import TemporaryLimits
from .notices import ChargingNotices
from .picture import ChargingPicture, Seen
from .store import ChargingStore, TemporaryLimit
from .tuning import DEMAND_LIMIT, demand_limit, supply_settings


class ChargingControl:
    """Balances the chargers: on every reading, every answer and every deadline."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        supply: SupplyConfig,
        chargers: list[ChargerConfig],
        circuits: list[CircuitConfig],
    ) -> None:
        """Put the parts together. Nothing is read or sent before ``start``."""
        self._host = host
        self._store = store
        self.supply = supply
        self._limit: TemporaryLimit | None = None
        self._refresh_supply()
        self.chargers: dict[str, ManagedCharger] = {
            config.charger_id: manage(
                host.hass,
                config,
                store,
                supply.voltage_v,
                host.start_task,
                self._command_done,
            )
            for config in chargers
        }
        self._usable_a = self.settings.usable_a
        self._limits = TemporaryLimits(store, {OWNER_SUPPLY, *self.chargers})
        self.circuits = Circuits(host.hass, supply, circuits, chargers)
        self.notices = ChargingNotices(host.hass, host.entry.title, host.entry.entry_id)
        self._tests = ChargerTests(host, store, self.chargers, self.notices)
        self._meter = Meter(
            host.hass,
            supply.meters,
            CurrentGate(
                supply.voltage_v,
                supply.rating_a,
                supply.max_age_s,
                supply.export_positive,
            ),
            supply.exports,
            supply.phases // len(supply.meters),
        )
        self._external = (
            ExternalLimit(host.hass, supply.external, supply.voltage_v * supply.phases)
            if supply.external
            else None
        )
        self._engine = EngineState()
        self.history = History()
        self._timer = Timer(host, "charging", self.evaluate)
        self.meters = {*supply.meters, *supply.exports, *self.circuits.meters}
        self._only_meters = self.meters.difference(
            *(config.entities for config in chargers)
        )
        self._started = False
        self._calm: Calm | None = None
        self._calm_until_s = 0.0
        self._picture = ChargingPicture(
            host, store, self.notices, self.chargers, self._name_of
        )

    @property
    def watched_entities(self) -> set[str]:
        """Entities whose changes matter."""
        external = [self.supply.external] if self.supply.external else []
        return {*self.meters, *external}.union(
            *(charger.config.entities for charger in self.chargers.values())
        )

    @property
    def reporting_entities(self) -> set[str]:
        """Entities that matter also when they repeat their value."""
        return self.meters.union(
            *(charger.config.draws for charger in self.chargers.values())
        )

    @property
    def owners(self) -> set[str]:
        """Whose values in the store matter."""
        return {OWNER_SUPPLY, *self.chargers, *self.circuits.configs}

    async def async_start(self) -> None:
        """Evaluate from now on."""
        self._started = True
        self.evaluate()

    def stop(self) -> None:
        """Evaluate no more."""
        self._started, self._calm = False, None
        self._timer.cancel()

    async def async_unload(self) -> None:
        """Come to rest: no new call, and the running ones done."""
        self.stop()
        self._tests.interrupt()
        self.notices.withdraw()
        for charger in self.chargers.values():
            await charger.runner.async_unload()
            charger.remember()

    @callback
    def async_hass_started(self) -> None:
        """What is missing now is missing."""
        self.evaluate()

    @callback
    def handle_change(self, entity_id: str) -> None:
        """Evaluate what an entity reports, unless it is a reading that changes nothing."""
        if entity_id not in self._only_meters or not self._is_calm():
            self.evaluate()

    @callback
    def evaluate(self) -> None:
        """Read, decide, command, publish; then sleep until something is due."""
        if not self._started:
            return
        self._calm = None
        clock = Clock(self._host.hass.loop.time(), time.time())
        for owner in self._limits.drop_expired():
            self._refresh_limit(owner)
        seen = [charger.read(clock) for charger in self.chargers.values()]
        reading = self._meter.read(clock)
        circuits: tuple[Circuit, ...] = ()
        if self.circuits.configs:
            circuits = self.circuits.read(self._store, clock)
        known = None if isinstance(reading, MeterFault) else reading
        remains = reading.remains if isinstance(reading, MeterFault) else None
        seen = self._tests.follow(seen, known, circuits, self._engine.overload, clock)
        decision = self._decide(known, remains, seen, circuits, clock)
        self._carry_out(decision, clock)
        # A meter that is not there yet, or no more, is no problem.
        fault = (
            reading if isinstance(reading, MeterFault) and self._host.is_up else None
        )
        picture = Seen(
            decision,
            known.current_a if known else None,
            fault,
            seen,
            circuits,
            self.settings.limit_a,
            self._usable_a,
            self._limit,
        )
        shows = self._picture.takes(picture, clock.monotonic_s)
        self._sleep(decision, reading, circuits, clock)
        if shows:
            # A state that is written may cause another evaluation: this comes last.
            self._picture.show(picture)

    def _decide(
        self,
        reading: ServiceReading | None,
        remains: ServiceReading | None,
        seen: list[ChargerInput],
        circuits: tuple[Circuit, ...],
        clock: Clock,
    ) -> Decision:
        enabled = self._store.enabled
        if reading is None and enabled and not self._host.is_up:
            # The meter's own integration may not be there yet, or no more.
            return leave_as_found(seen)
        tuned = self._store.tuning(OWNER_SUPPLY)
        demand = None
        if tuned.get(DEMAND_LIMIT):
            demand = demand_limit(self.supply, tuned, clock.monotonic_s, clock.wall_s)
        chargers, settings, may_rise = tuple(seen), self.settings, True
        if self._external is not None:
            limit_a, may_rise = self._external.read(), self._external.has_reported
            if limit_a is not None:
                ceiling = (Limit.EXTERNAL_LIMIT, limit_a)
                settings = replace(settings, ceilings=(*settings.ceilings, ceiling))
        self._usable_a = settings.usable_a
        site = SiteInput(
            settings, reading, chargers, enabled, circuits, demand, may_rise, remains
        )
        self._engine, decision = evaluate(self._engine, site, clock.monotonic_s)
        if self._store.shadow:
            self._engine, decision = without_actions(self._engine, decision)
        self.history.note(clock, site, decision)
        return decision

    def _carry_out(self, decision: Decision, clock: Clock) -> None:
        shadow = self._store.shadow
        for charger_id, charger in self.chargers.items():
            if not self._can_be_sent(charger):
                continue
            chosen = decision.chargers[charger_id]
            runner = charger.runner
            charger.note(chosen)
            if shadow:
                charger.propose(chosen)
            if chosen.withheld:
                continue
            if chosen.desired_a is not None and not shadow:
                runner.want(chosen.desired_a, clock.monotonic_s)
            elif charger.is_ours:
                runner.send_if_due(clock.monotonic_s)
            charger.remember()
        if decision.correction_due:
            for charger_id, charger in self.chargers.items():
                withheld = decision.chargers[charger_id].withheld
                if charger.is_ours and self._can_be_sent(charger) and not withheld:
                    charger.runner.hurry(clock.monotonic_s)
            self._meter.poll(self._host.start_background_task)

    def _name_of(self, circuit_id: str) -> str | None:
        """Name of a circuit; None for the supply."""
        return self.circuits.configs[circuit_id].name if circuit_id else None

    def _sleep(
        self,
        decision: Decision,
        reading: ServiceReading | MeterFault,
        circuits: tuple[Circuit, ...],
        clock: Clock,
    ) -> None:
        """Until something is due, or a reading comes that may change something."""
        next_s = self._next_deadline(decision, reading, circuits, clock)
        tested = self._tests.next_s(clock.monotonic_s) is not None
        self._calm = None if tested else decision.calm
        self._calm_until_s = inf if next_s is None else next_s
        moments = [next_s, self._picture.due_s]
        self._timer.set(
            min([at_s for at_s in moments if at_s is not None], default=None)
        )

    def _is_calm(self) -> bool:
        """Whether what the meter shows now changes nothing; it is shown later, then."""
        now_s = self._host.hass.loop.time()
        if self._calm is None or now_s >= self._calm_until_s:
            return False
        reading = self._meter.read(Clock(now_s, time.time()))
        if isinstance(reading, MeterFault) or not self._calm.holds(reading.current_a):
            return False
        if not self._picture.holds_back(reading.current_a, now_s):
            return False
        self._timer.set(min(self._calm_until_s, self._picture.due_s or inf))
        return True

    def _next_deadline(
        self,
        decision: Decision,
        reading: ServiceReading | MeterFault,
        circuits: tuple[Circuit, ...],
        clock: Clock,
    ) -> float | None:
        now_s = clock.monotonic_s
        moments = [decision.wake_at_s, self._tests.next_s(now_s)]
        if isinstance(reading, ServiceReading) and self.supply.max_age_s is not None:
            moments.append(min(reading.taken_at_s) + self.supply.max_age_s)
            moments += [
                min(circuit.reading.taken_at_s) + self.supply.max_age_s
                for circuit in circuits
                if circuit.reading is not None
            ]
        for charger in self.chargers.values():
            runner = charger.runner
            if charger.is_ours and self._can_be_sent(charger):
                if not decision.chargers[charger.config.charger_id].withheld:
                    moments.append(runner.due_s)
                moments.append(runner.settles_at(charger.settings.settle_s, now_s))
            moments.append(charger.hand_limit_ends_s(clock))
        moments += self._limits.end_s(clock)
        return min([moment for moment in moments if moment is not None], default=None)

    def _can_be_sent(self, charger: ManagedCharger) -> bool:
        """While Home Assistant starts, a charger that is not there is waited for."""
        return self._host.is_up or charger.probe.reachable

    @callback
    def _command_done(
        self, config: ChargerConfig, current_a: float, error: str | None
    ) -> None:
        if error is not None:
            attempts = self.chargers[config.charger_id].runner.state.attempts
            self.notices.action_failed(config, current_a, error, attempts)
        self.evaluate()

    def check_tuning(self, owner: str, key: str, value: float) -> None:
        """Take any: no two of its values contradict each other."""

    @callback
    def async_refresh_settings(self) -> None:
        """Take over changed tuning values."""
        self._refresh_supply()
        for charger in self.chargers.values():
            charger.refresh_settings()
        self.evaluate()

    @callback
    def async_set_enabled(self, *, enabled: bool) -> None:
        """Switch balancing on or off. A stop on its way is still carried through."""
        store = self._store
        if enabled and not store.enabled:
            self._start_over()
        store.enabled = enabled
        self.evaluate()

    @callback
    def async_set_shadow(self, *, shadow: bool) -> None:
        """Only watch the chargers, or set them again. A stop is still carried through."""
        store = self._store
        if store.shadow and not shadow:
            self._start_over()
        store.shadow = shadow
        for charger in self.chargers.values():
            charger.proposed_a = None
        self.evaluate()

    def _start_over(self) -> None:
        for charger in self.chargers.values():
            state = charger.runner.state
            if not state.stop_pending and state.in_flight_a is None:
                charger.start_over()

    @callback
    def async_test(self, charger_id: str) -> None:
        """Test a charger; raises ServiceValidationError if that is not possible now."""
        decision = shown.decision if (shown := self._picture.shown) else None
        sees = decision is not None and decision.headroom_a is not None
        overloaded = decision is not None and decision.overloaded
        self._tests.async_start(charger_id, may_begin=sees and not overloaded)
        self.evaluate()

    @callback
    def async_set_limit(
        self, charger_id: str, current_a: float | None, duration: timedelta | None
    ) -> None:
        """Set a temporary limit of a charger or the supply, or remove it."""
        self._limits.set(charger_id, current_a, duration)
        self._refresh_limit(charger_id)
        self.evaluate()

    def _refresh_limit(self, owner: str) -> None:
        if owner == OWNER_SUPPLY:
            self._refresh_supply()
        else:
            self.chargers[owner].refresh_settings()

    def _refresh_supply(self) -> None:
        """Take over the supply's tuning values, and the limit somebody set."""
        self._limit = self._store.limit(OWNER_SUPPLY)
        settings = supply_settings(self.supply, self._store.tuning(OWNER_SUPPLY))
        if self._limit is not None:
            ceiling = (Limit.USER_LIMIT, self._limit.current_a)
            settings = replace(settings, ceilings=(ceiling,))
        self.settings = settings
