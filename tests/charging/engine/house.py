"""A house on a simulated clock, in which the engine runs as in Home Assistant.

It evaluates whenever the meter reports, a call returns or something is due.
Beside that it knows the truth: what the cars really draw, second by second.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from math import inf

from custom_components.load_sharing.charging.engine import (
    command as commands,
    commissioning,
    hand,
)
from custom_components.load_sharing.charging.engine.commissioning import (
    Outcome,
    Trial,
    TrialFindings,
)
from custom_components.load_sharing.charging.engine.decision import (
    ChargerDecision,
    Decision,
)
from custom_components.load_sharing.charging.engine.demand import DemandLimit
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.hand import Author, Shown
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    Circuit,
    Limit,
    PhaseVector,
    ServiceReading,
    SiteInput,
    SiteSettings,
)
from custom_components.load_sharing.charging.engine.overload import (
    OverloadEvent,
    OverloadPhase,
)

from .car import Car
from .settings import site_settings


@dataclass(frozen=True)
class Sent:
    """A command that went out."""

    at_s: float
    charger_id: str
    current_a: float


class House:
    """A base load, cars, a meter, and the engine between them.

    ``reports_every_s`` 0 is a meter that reports when its value changes,
    ``meter_works`` tells when there is a reading at all, and ``lost`` which phases of
    a circuit's meter, or "" the supply's, cannot be read.
    """

    def __init__(
        self,
        base_a: Callable[[float], float | PhaseVector] | float | PhaseVector,
        *cars: Car,
        site: SiteSettings | None = None,
        reports_every_s: float = 1.0,
        meter_works: Callable[[float], bool] = lambda _now_s: True,
        phases: int = 1,
        witness: Callable[[House, SiteInput, Decision], None] | None = None,
        circuits: tuple[Circuit, ...] = (),
        circuit_a: Callable[[str, float], float | None] = lambda _name, _now_s: 0.0,
        demand: DemandLimit | None = None,
        lost: Callable[[str, float], Collection[int]] = lambda _name, _now_s: (),
    ) -> None:
        """Build the house; time starts at 0 with the first report.

        ``circuit_a``: what a circuit carries beside its cars, on each of its
        phases; None while its meter is lost. ``base_a`` has to contain it.
        """
        self.circuits = circuits
        self.circuit_a = circuit_a
        self.demand = demand
        self.lost = lost
        self.base_a = base_a
        self.cars = list(cars)
        self.site = site or site_settings()
        self.reports_every_s = reports_every_s
        self.meter_works = meter_works
        self.phases = phases
        self.witness = witness
        self.now_s = 0.0
        self.enabled = True
        self.engine = EngineState()
        self.reading: ServiceReading | None = None
        self.decision: Decision | None = None
        self.log: list[Sent] = []
        self.events: list[tuple[float, OverloadEvent]] = []
        self.trials: dict[str, Trial] = {}
        self.findings: dict[str, TrialFindings] = {}
        self.taken_a: list[float] = []
        """What the cars really took when the meter was read last."""
        self._samples_s = 0.0

    def __repr__(self) -> str:
        """Tell of a failing example what it was."""
        log = [(round(s.at_s, 1), s.charger_id, s.current_a) for s in self.log]
        return f"House(t={self.now_s}, {self.site}, {self.cars}, {log}, {self.reading})"

    def service_a(self) -> PhaseVector:
        """What really flows through the fuse, per phase."""
        base = self.base_a(self.now_s) if callable(self.base_a) else self.base_a
        flows_a = list(base) if isinstance(base, tuple) else [base] * self.phases
        for car in self.cars:
            on = car.charger.phases if car.draws_on is None else car.draws_on
            for phase in on:
                flows_a[phase] += car.takes_a(self.now_s)
        return tuple(flows_a)

    def run(self, until_s: float) -> None:
        """Let time pass."""
        while (now_s := min(self._samples_s, due_s := self._due_s())) <= until_s:
            self.now_s = now_s
            for car in self.cars:
                self._answer(car)
            reports = now_s >= self._samples_s and self._sample()
            if reports or due_s <= now_s:
                self.evaluate()
        self.now_s = until_s

    def switch(self, *, on: bool) -> None:
        """Switch the balancer; what the chargers hold is found anew."""
        for car in self.cars:
            if on and not self.enabled and not car.state.stop_pending:
                car.state, car.call_ends_s = commands.holding(car.told[-1][1]), None
        self.enabled = on

    def set_by_hand(self, car: Car, current_a: float) -> None:
        """Somebody sets a charger that reads back, while no call to it runs."""
        if not car.reads_back or car.call_ends_s is not None or not self.enabled:
            return
        if car.told[-1][1] == current_a:
            return
        car.told.append((self.now_s, current_a))
        car.answered_s = self.now_s
        shown = Shown(current_a, Author.OTHER, self.now_s)
        chosen_a = hand.current_set_by_hand(car.state, shown, car.charger)
        if chosen_a is not None:
            wanted_a = car.state.desired_a or 0.0
            before_a = dict(car.charger.ceilings).get(Limit.SET_BY_HAND)
            most_a = car.charger.max_a
            after_a = hand.ceiling_after_change(before_a, chosen_a, wanted_a, most_a)
            ceilings = dict(car.charger.ceilings)
            ceilings.pop(Limit.SET_BY_HAND, None)
            if after_a is not None:
                ceilings[Limit.SET_BY_HAND] = after_a
            car.charger = replace(car.charger, ceilings=tuple(ceilings.items()))
            if chosen_a < wanted_a:
                car.state = commands.adopt(car.state, chosen_a, self.now_s)
        self.evaluate()

    def test(self, car: Car) -> None:
        """Somebody has a charger tested."""
        trial = commissioning.begin(car.at(self.now_s), self.now_s)
        charger_id = car.charger.charger_id
        if self.enabled and trial and charger_id not in self.trials:
            self.trials[charger_id] = trial
            self.evaluate()

    def _go_on_testing(self, car: Car, reading: ServiceReading | None) -> None:
        charger_id = car.charger.charger_id
        if (trial := self.trials.pop(charger_id, None)) is None:
            return
        trouble = None
        if not self.enabled:
            trouble = Outcome.INTERRUPTED
        elif reading is None:
            trouble = Outcome.METER_LOST
        elif self.engine.overload.phase is OverloadPhase.CORRECTING:
            trouble = Outcome.OVERLOAD
        trial = commissioning.advance(
            trial,
            car.at(self.now_s),
            self.now_s,
            reads_back=car.reads_back,
            trouble=trouble,
        )
        ceilings = dict(car.charger.ceilings)
        ceilings.pop(Limit.CHARGER_TEST, None)
        if trial.is_over:
            self.findings[charger_id] = trial.findings
        else:
            self.trials[charger_id] = trial
            ceilings[Limit.CHARGER_TEST] = trial.ceiling_a
        car.charger = replace(car.charger, ceilings=tuple(ceilings.items()))

    def chosen(self, charger_id: str = "car") -> ChargerDecision:
        """What was decided last for a charger."""
        return self.outcome().chargers[charger_id]

    def outcome(self) -> Decision:
        """What was decided last."""
        assert self.decision is not None
        return self.decision

    def sent_a(self, since_s: float = -inf) -> list[float]:
        """Currents that were sent, in order."""
        return [sent.current_a for sent in self.log if sent.at_s >= since_s]

    def evaluate(self) -> None:
        """Look, decide, and send what is due."""
        now_s = self.now_s
        for car in self.cars:
            car.state = commands.read_back(car.state, car.seen(now_s), now_s)
        reading = self.reading if self.meter_works(now_s) else None
        reading, remains = self._without_lost("", reading)
        for car in self.cars:
            self._go_on_testing(car, reading)
        seen = tuple([car.at(now_s) for car in self.cars])
        site = SiteInput(
            self.site,
            reading,
            seen,
            self.enabled,
            tuple([self._metered(circuit) for circuit in self.circuits]),
            self._window(),
            remains=remains,
        )
        self.engine, decision = evaluate(self.engine, site, now_s)
        self.decision = decision
        assert decision.wake_at_s is None or now_s < decision.wake_at_s < inf
        if self.witness is not None:
            self.witness(self, site, decision)
        self.events += [(now_s, event) for event in decision.events]
        for car in self.cars:
            chosen = decision.chargers[car.charger.charger_id]
            wanted_a = chosen.desired_a
            if chosen.withheld:
                continue
            if wanted_a is not None:
                stop = chosen.replaces_stop
                car.state = commands.request(
                    car.state, wanted_a, now_s, replaces_stop=stop
                )
            if decision.correction_due:
                car.state = commands.retry_now(car.state, now_s)
            carries_on = self.enabled or car.state.stop_pending
            if carries_on and commands.is_due(car.state, now_s):
                car.state = commands.begin_call(
                    car.state, now_s, reaches=car.reaches(now_s)
                )
                car.call_ends_s = now_s + car.call_s
                sent_a = car.state.in_flight_a or 0.0
                self.log.append(Sent(now_s, car.charger.charger_id, sent_a))

    def _metered(self, circuit: Circuit) -> Circuit:
        """A circuit with what its meter shows."""
        other_a = self.circuit_a(circuit.circuit_id, self.now_s)
        if not circuit.metered or other_a is None or self.reading is None:
            return circuit
        flows_a = [0.0] * self.phases
        for phase in circuit.phases:
            flows_a[phase] = other_a
        for car in self.cars:
            if car.charger.charger_id in circuit.members:
                on = car.charger.phases if car.draws_on is None else car.draws_on
                for phase in on:
                    flows_a[phase] += car.takes_a(self.now_s)
        shown = ServiceReading(tuple(flows_a), self.reading.taken_at_s)
        reading, remains = self._without_lost(circuit.circuit_id, shown)
        return replace(circuit, reading=reading, remains=remains)

    def _without_lost(
        self, name: str, shown: ServiceReading | None
    ) -> tuple[ServiceReading | None, ServiceReading | None]:
        """A reading, or what remains of it."""
        if shown is None or not (lost := self.lost(name, self.now_s)):
            return shown, None
        if len(lost) == self.phases:
            return None, None
        remains_a = [
            0.0 if phase in lost else current_a
            for phase, current_a in enumerate(shown.current_a)
        ]
        return None, replace(shown, current_a=tuple(remains_a))

    def _window(self) -> DemandLimit | None:
        """The demand window that runs; the first began at 0."""
        if self.demand is None:
            return None
        ends_s = (self.now_s // self.demand.window_s + 1) * self.demand.window_s
        return replace(self.demand, ends_s=ends_s)

    def _due_s(self) -> float:
        moments = [self.decision.wake_at_s] if self.decision else []
        for car in self.cars:
            if car.call_ends_s is not None:
                moments.append(car.call_ends_s)
                continue
            moments.append(car.state.due_s)
            if car.state.accepted and not car.state.confirmed:
                moments.append(car.state.settled_at(car.charger.settle_s))
        if self.trials:
            moments.append(self.now_s + 1)
        later_s = [at_s for at_s in moments if at_s is not None and at_s > self.now_s]
        return min(later_s, default=inf)

    def _answer(self, car: Car) -> None:
        if car.call_ends_s is None or car.call_ends_s > self.now_s:
            return
        car.call_ends_s, car.answered_s = None, self.now_s
        if car.works(self.now_s):
            told_a = car.state.in_flight_a or 0.0
            if car.obeys(told_a):
                car.told.append((self.now_s, told_a))
            car.state = commands.call_succeeded(car.state, self.now_s)
        else:
            car.state = commands.call_failed(car.state, self.now_s)

    def _sample(self) -> bool:
        """Read the meter; tell whether it reports."""
        self._samples_s = self.now_s + (self.reports_every_s or 1.0)
        if not self.meter_works(self.now_s):
            self.reading = None
            return True
        service_a = self.service_a()
        if self.reports_every_s == 0 and self.reading is not None:
            pairs = zip(service_a, self.reading.current_a, strict=True)
            if all([abs(now_a - then_a) <= 0.05 for now_a, then_a in pairs]):
                return False
        self.reading = ServiceReading(service_a, (self.now_s,) * self.phases)
        self.taken_a = [car.takes_a(self.now_s) for car in self.cars]
        return True


def within_limit(house: House, _site: SiteInput, _decision: Decision) -> None:
    """Witness that no phase is ever above the limit."""
    assert max(house.service_a()) <= house.site.limit_a + 1e-6
