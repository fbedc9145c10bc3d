"""Shows the entities what was decided: decisions at once, measurements now and then.

A meter of every second and the noise on it would fill a database with states that
nobody looks at. So what is only measured is shown every ten seconds, and at once with
whatever is decided. A load that is switched is shown at once, too, unless loads are
switched all the time.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from .charger import ManagedCharger
from .charging.model import BalancerState, ChargerInput, Circuit, Decision, PhaseVector
from .circuits import circuit_snapshot
from .host import Host
from .io.meter import MeterFault
from .notices import ChargingNotices
from .settings import TemporaryLimit
from .snapshot import SUPPLY, ChargingSnapshot

SHOW_EVERY_S = 10.0
STRIKING_A = 1.0
"""A current that changes by so much is shown at once,"""
STRIKING_KEPT = 5
STRIKING_EVERY_S = 60.0
"""as often as once a minute, and several times in a row after a quiet while."""

LOUD = (
    BalancerState.DISABLED,
    BalancerState.STOPPED,
    BalancerState.OVERLOAD,
    BalancerState.FALLBACK,
)
"""States that are shown at once; noise alone moves the site between the others."""


class Seen(NamedTuple):
    """What came of one evaluation. ``fault`` is None, too, while the meter is waited for."""

    decision: Decision
    service_a: PhaseVector | None
    fault: MeterFault | None
    chargers: list[ChargerInput]
    circuits: tuple[Circuit, ...]
    limit_a: float
    usable_a: float
    temporary_limit: TemporaryLimit | None


class ChargingPicture:
    """What is shown of the charging, and when it is to be shown anew."""

    def __init__(
        self,
        host: Host,
        notices: ChargingNotices,
        chargers: Mapping[str, ManagedCharger],
        name_of: Callable[[str], str | None],
    ) -> None:
        """``name_of`` a circuit by its ID; None for the supply."""
        self._host = host
        self._notices = notices
        self._chargers = chargers
        self._name_of = name_of
        self._news: tuple[Any, ...] | None = None
        self._due_s = 0.0
        self._held_back = False
        self._striking = float(STRIKING_KEPT)
        self._striking_s = 0.0
        self.shown: ChargingSnapshot | None = None

    @property
    def due_s(self) -> float | None:
        """When to show what was held back, if anything was."""
        return self._due_s if self._held_back else None

    def holds_back(self, service_a: PhaseVector, now_s: float) -> bool:
        """Whether a reading that changes nothing else is to be shown later."""
        if now_s >= self._due_s or self._strikes(service_a, now_s):
            return False
        self._held_back = True
        return True

    def takes(self, seen: Seen, now_s: float) -> bool:
        """Whether this is to be shown now; else it is held back."""
        decision = seen.decision
        news = self._news_of(seen)
        happens = bool(decision.events) or any(
            [chosen.action is not None for chosen in decision.chargers.values()]
        )
        if not happens and news == self._news and now_s < self._due_s:
            if not self._strikes(seen.service_a, now_s):
                self._held_back = True
                return False
            self._striking -= 1.0
        self._news, self._held_back = news, False
        self._due_s = now_s + SHOW_EVERY_S
        return True

    def _strikes(self, service_a: PhaseVector | None, now_s: float) -> bool:
        """Whether a current changed much, and that does not happen all the time."""
        shown_a = self.shown.service_a if self.shown else None
        if service_a is None or shown_a is None:
            return service_a is not shown_a
        for value_a, before_a in zip(service_a, shown_a, strict=True):
            if abs(value_a - before_a) >= STRIKING_A:
                passed = (now_s - self._striking_s) / STRIKING_EVERY_S
                self._striking = min(STRIKING_KEPT, self._striking + passed)
                self._striking_s = now_s
                return self._striking >= 1.0
        return False

    def _news_of(self, seen: Seen) -> tuple[Any, ...]:
        """All that is shown at once when it changes."""
        decision, store = seen.decision, self._host.store
        return (
            store.enabled,
            store.shadow,
            decision.state if decision.state in LOUD else None,
            decision.overloaded,
            decision.fallback_active,
            seen.fault and seen.fault.problem,
            seen.temporary_limit,
            [
                charger.news(found, decision.chargers[charger_id])
                for (charger_id, charger), found in zip(
                    self._chargers.items(), seen.chargers, strict=True
                )
            ],
            [
                (left_a is None, left_a is not None and min(left_a) < 0)
                for left_a in decision.circuit_headroom_a
            ],
        )

    def show(self, seen: Seen) -> None:
        """Build the snapshot, have the entities read it, and tell what is new."""
        decision = seen.decision
        snapshot = ChargingSnapshot(
            enabled=self._host.store.enabled,
            shadow=self._host.store.shadow,
            decision=decision,
            service_a=seen.service_a,
            limit_a=seen.limit_a,
            temporary_limit=seen.temporary_limit,
            usable_a=seen.usable_a,
            meter_problem=seen.fault.problem if seen.fault else None,
            chargers={
                charger_id: charger.snapshot(
                    found,
                    (chosen := decision.chargers[charger_id]),
                    self._name_of(chosen.circuit_id),
                )
                for (charger_id, charger), found in zip(
                    self._chargers.items(), seen.chargers, strict=True
                )
            },
            circuits={
                circuit.circuit_id: circuit_snapshot(circuit)
                for circuit in seen.circuits
            },
        )
        before, self.shown = self.shown, snapshot
        changed = {SUPPLY} | {
            charger_id
            for charger_id, charger in snapshot.chargers.items()
            if before is None or charger != before.chargers[charger_id]
        }
        changed |= snapshot.circuits.keys()
        self._host.show_charging(snapshot, changed)
        self._notices.tell(before, snapshot, seen.fault, self._chargers, self._name_of)
