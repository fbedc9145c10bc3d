"""Publishes snapshots for the entities: decisions at once, measurements now and then.

A meter that reports every second, with its noise, would fill the database with useless
states. So measurements alone are published every ten seconds, and otherwise together
with the next decision. A switched load or a changed reason is also published at once,
within a budget that limits how often.
"""

from collections.abc import Mapping
from typing import Any

from ..const import OWNER_SUPPLY
from ..site.host import Host
from ..site.isolation import Isolation
from .charger import ManagedCharger
from .circuits import Circuits, circuit_snapshot
from .engine.decision import BalancerState, ChargerDecision, Decision
from .engine.measurement import likely_draw
from .engine.model import ChargerInput, PhaseVector
from .engine.tally import ChargerTally
from .evaluation import Evaluation
from .notices import ChargingNotices
from .picture import Picture, Sketched, draw_picture
from .snapshot import ChargerSnapshot, ChargingSnapshot
from .store import ChargingStore
from .tallies import Tallies
from .telling import Teller

PUBLISH_EVERY_S = 10.0
NOTABLE_CHANGE_A = 1.0
"""A current that changes by this much is published at once, within a budget."""
BUDGET_CAPACITY = 5
BUDGET_EVERY_S = 60.0
"""A budget gains one publication in this time, up to its capacity."""

PROMPT_STATES = (BalancerState.DISABLED, BalancerState.FALLBACK)
"""States that are published at once; noise alone may switch between the others."""


class Budget:
    """Limits how often a change that may be noise is published at once."""

    def __init__(self) -> None:
        """Start with a full budget."""
        self._left = float(BUDGET_CAPACITY)
        self._at_s = 0.0

    def allows(self, now_s: float) -> bool:
        """Return whether another change may be published at once."""
        earned = (now_s - self._at_s) / BUDGET_EVERY_S
        self._left = min(BUDGET_CAPACITY, self._left + earned)
        self._at_s = now_s
        return self._left >= 1.0

    def spend(self) -> None:
        """Count a change that was published at once."""
        self._left -= 1.0


class ChargingPublisher:
    """Decides when to publish a snapshot of charging, and publishes it."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        notices: ChargingNotices,
        chargers: Mapping[str, ManagedCharger],
        circuits: Circuits,
    ) -> None:
        """Start with nothing published."""
        self._host = host
        self._store = store
        self._notices = notices
        self._chargers = chargers
        self._circuits = circuits
        self._prompt_values: tuple[Any, ...] | None = None
        self._noisy_values: tuple[Any, ...] | None = None
        self._due_s = 0.0
        self._is_deferred = False
        self.tallies = Tallies(host, store, notices, chargers)
        self._teller = Teller(host, store, chargers, circuits)
        # A failure here must not keep the site from setting its next deadline.
        self._counting = Isolation("counting")
        self._telling = Isolation("explaining the moment")
        self._site = host.entry.title
        self._current_budget = Budget()
        self._noise_budget = Budget()
        self.shown: ChargingSnapshot | None = None
        self.latest: Evaluation | None = None
        """Newer than what is shown, if that was deferred."""

    @property
    def due_s(self) -> float | None:
        """When to publish what was deferred, or another moment; None for neither."""
        told_s = self._teller.due_s
        if told_s is not None and not self._is_deferred:
            return max(told_s, self._due_s)
        return self._due_s if self._is_deferred else None

    def defer(self, service_a: PhaseVector, now_s: float) -> bool:
        """Defer a reading that changes no decision; return False if it is due now."""
        self.tallies.note_current(service_a)
        if now_s >= self._due_s or self._is_notable(service_a, now_s):
            return False
        self._is_deferred = True
        if self.latest is not None:
            self.latest = self.latest._replace(service_a=service_a)
        return True

    def accept(self, evaluation: Evaluation, now_s: float) -> bool:
        """Return whether to publish the evaluation now; otherwise defer it."""
        self.latest = evaluation
        with self._counting.of(self._site):
            self.tallies.note(evaluation, now_s)
        prompt_values = self._prompt_values_of(evaluation)
        noisy_values = self._noisy_values_of(evaluation)
        if (
            not self._has_news(evaluation.decision)
            and prompt_values == self._prompt_values
            and now_s < self._due_s
        ):
            if noisy_values != self._noisy_values and self._noise_budget.allows(now_s):
                self._noise_budget.spend()
            elif self._is_notable(evaluation.service_a, now_s):
                self._current_budget.spend()
            else:
                self._is_deferred = True
                return False
        self._prompt_values, self._noisy_values = prompt_values, noisy_values
        self._is_deferred, self._due_s = False, now_s + PUBLISH_EVERY_S
        # Here, because the timer that is set next depends on it.
        with self._telling.of(self._site):
            self._teller.follow(evaluation)
        return True

    def _has_news(self, decision: Decision) -> bool:
        """Return whether there is an event, a new overload or an action to publish."""
        return (
            bool(decision.events)
            or (decision.overloaded and not self._shows_overload)
            or any(
                [charger.action is not None for charger in decision.chargers.values()]
            )
        )

    @property
    def _shows_overload(self) -> bool:
        """Whether the published snapshot shows an overload."""
        return self.shown is not None and self.shown.decision.overloaded

    def _is_notable(self, service_a: PhaseVector | None, now_s: float) -> bool:
        """Return whether a current changed much since it was published.

        False if the budget for that is used up.
        """
        shown_a = self.shown.service_a if self.shown else None
        if service_a is None or shown_a is None:
            return service_a is not shown_a
        for value_a, before_a in zip(service_a, shown_a, strict=True):
            if abs(value_a - before_a) >= NOTABLE_CHANGE_A:
                return self._current_budget.allows(now_s)
        return False

    def _prompt_values_of(self, evaluation: Evaluation) -> tuple[Any, ...]:
        """Return all that is published at once when it changes."""
        decision, store = evaluation.decision, self._store
        return (
            store.enabled,
            store.shadow,
            decision.state if decision.state in PROMPT_STATES else None,
            decision.fallback_active,
            evaluation.limit_a,
            evaluation.usable_a,
            [circuit.limit_a for circuit in evaluation.circuits],
            [left_a is None for left_a in decision.circuit_headroom_a],
            evaluation.fault and evaluation.fault.problem,
            evaluation.temporary_limit,
            [
                _prompt_values_of(charger, decision.chargers[charger_id])
                for charger_id, charger in self._chargers.items()
            ],
        )

    def _noisy_values_of(self, evaluation: Evaluation) -> tuple[Any, ...]:
        """Return all that noise alone may change, published at once within a budget."""
        decision = evaluation.decision
        return (
            decision.overloaded,
            decision.state in (BalancerState.OVERLOAD, BalancerState.STOPPED),
            [
                _noisy_values_of(charger, charger_input, decision.chargers[charger_id])
                for (charger_id, charger), charger_input in zip(
                    self._chargers.items(), evaluation.chargers, strict=True
                )
            ],
            [
                left_a is not None and min(left_a) < 0
                for left_a in decision.circuit_headroom_a
            ],
        )

    def publish(self, evaluation: Evaluation) -> None:
        """Build the snapshot, update the entities, and report what changed."""
        snapshot = self.snapshot(evaluation)
        before, self.shown = self.shown, snapshot
        changed = {OWNER_SUPPLY} | {
            charger_id
            for charger_id, charger in snapshot.chargers.items()
            if before is None or charger != before.chargers[charger_id]
        }
        changed |= snapshot.circuits.keys()
        self._host.publish(changed, charging=snapshot)
        self._notices.report(before, snapshot, evaluation.fault)

    def picture(
        self, evaluation: Evaluation, rises_in_s: Mapping[str, float]
    ) -> Picture:
        """Return what the cards draw of an evaluation, whether it is published or not."""
        circuits = self._circuits
        return draw_picture(
            self.snapshot(evaluation),
            evaluation.mains.phases,
            [charger.config for charger in self._chargers.values()],
            [
                Sketched(config, circuits.members(circuit_id))
                for circuit_id, config in circuits.configs.items()
            ],
            rises_in_s,
        )

    def snapshot(self, evaluation: Evaluation) -> ChargingSnapshot:
        """Return the snapshot of an evaluation."""
        decision = evaluation.decision
        return ChargingSnapshot(
            enabled=self._store.enabled,
            shadow=self._store.shadow,
            decision=decision,
            service_a=evaluation.service_a,
            limit_a=evaluation.limit_a,
            temporary_limit=evaluation.temporary_limit,
            usable_a=evaluation.usable_a,
            voltage_v=evaluation.mains.voltage_v,
            overloads_corrected=self.tallies.tally.corrected,
            overloads_today=self.tallies.tally.corrected_today,
            peak_today_a=self.tallies.tally.peak_a,
            learned_silence_s=evaluation.learned_silence_s,
            meter_problem=evaluation.fault.problem if evaluation.fault else None,
            moment=self._teller.moment,
            chargers={
                charger_id: _charger_snapshot(
                    charger,
                    charger_input,
                    (charger_decision := decision.chargers[charger_id]),
                    self._circuits.name_of(charger_decision.circuit_id),
                    decision.latencies_s.get(charger_id),
                    self.tallies.tally.chargers.get(charger_id, ChargerTally()),
                )
                for (charger_id, charger), charger_input in zip(
                    self._chargers.items(), evaluation.chargers, strict=True
                )
            },
            circuits={
                circuit.circuit_id: circuit_snapshot(circuit)
                for circuit in evaluation.circuits
            },
        )


def _prompt_values_of(
    charger: ManagedCharger, decision: ChargerDecision
) -> tuple[Any, ...]:
    """Return what is published of a charger at once when it changes."""
    state = charger.runner.state
    return (
        charger.proposed_a if charger.store.shadow else decision.desired_a,
        state.desired_a,
        state.confirmed,
        charger.has_problem,
        charger.last_action,
        charger.asleep,
        charger.runner.record,
        charger.temporary_limit,
        charger.hand_limit,
        charger.trial.findings if charger.trial else charger.findings,
    )


def _noisy_values_of(
    charger: ManagedCharger, charger_input: ChargerInput, decision: ChargerDecision
) -> tuple[Any, ...]:
    """Return what the noise of a meter alone may change of a charger."""
    used = charger.known.in_use if charger.known else None
    return decision.limit, charger.waiting, used, charger_input.charging


def _charger_snapshot(
    charger: ManagedCharger,
    charger_input: ChargerInput,
    decision: ChargerDecision,
    limiting_circuit: str | None,
    response_s: float | None,
    tally: ChargerTally,
) -> ChargerSnapshot:
    """Return the snapshot that the entities of a charger read."""
    if charger_input.draw is not None:
        commanded_a = charger_input.command.in_force_a or 0.0
        draw_a: float | None = likely_draw(charger_input.draw, commanded_a)
    else:
        draw_a = max(decision.draw_a, default=None)
    shadow, runner = charger.store.shadow, charger.runner
    sends = charger.is_ours or not shadow
    current_a = runner.state.desired_a if sends else None
    return ChargerSnapshot(
        decided_a=charger.proposed_a if shadow else decision.desired_a,
        current_a=current_a,
        power_w=None if current_a is None else current_a * charger.probe.volts,
        draw_a=draw_a,
        charging=charger_input.charging,
        limit=decision.limit,
        last_action=charger.last_action,
        waiting=charger.waiting,
        asleep=charger.asleep,
        problem=charger.has_problem,
        record=runner.record,
        temporary_limit=charger.temporary_limit,
        hand_limit=charger.hand_limit,
        findings=charger.trial.findings if charger.trial else charger.findings,
        limiting_circuit=limiting_circuit,
        response_s=response_s,
        energy_kwh=round(tally.energy_kwh, 1),
        session_kwh=round(tally.session_kwh, 1),
        phases_used=charger.known.in_use if charger.known else None,
    )
