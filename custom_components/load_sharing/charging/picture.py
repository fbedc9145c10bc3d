"""Shows the entities what was decided: decisions at once, measurements now and then.

A meter of every second and the noise on it would fill a database with states that
nobody looks at. So what is only measured is shown every ten seconds, and at once with
whatever is decided. A load that is switched and a reason that changes are shown at once,
too, unless that happens all the time.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ..const import OWNER_SUPPLY
from ..site.host import Host
from .charger import ManagedCharger
from .circuits import circuit_snapshot
from .engine.model import BalancerState, ChargerInput, Circuit, Decision, PhaseVector
from .io.meter import MeterFault
from .notices import ChargingNotices
from .snapshot import ChargingSnapshot
from .store import ChargingStore, TemporaryLimit

SHOW_EVERY_S = 10.0
STRIKING_A = 1.0
"""A current that changes by this much is shown at once, within a budget."""
BUDGET_MOST = 5
BUDGET_EVERY_S = 60.0
"""A budget grows by one in this time, up to its most."""

LOUD = (BalancerState.DISABLED, BalancerState.FALLBACK)
"""States that are shown at once; noise alone may move the site between the others."""


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


class Budget:
    """Limits how often a change that may be noise is shown at once."""

    def __init__(self) -> None:
        """Start full."""
        self._left = float(BUDGET_MOST)
        self._at_s = 0.0

    def allows(self, now_s: float) -> bool:
        """Whether another change may be shown at once."""
        earned = (now_s - self._at_s) / BUDGET_EVERY_S
        self._left = min(BUDGET_MOST, self._left + earned)
        self._at_s = now_s
        return self._left >= 1.0

    def spend(self) -> None:
        """Count a change that was shown."""
        self._left -= 1.0


class ChargingPicture:
    """What is shown of the charging, and when it is to be shown anew."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        notices: ChargingNotices,
        chargers: Mapping[str, ManagedCharger],
        name_of: Callable[[str], str | None],
    ) -> None:
        """``name_of`` a circuit by its ID; None for the supply."""
        self._host = host
        self._store = store
        self._notices = notices
        self._chargers = chargers
        self._name_of = name_of
        self._news: tuple[Any, ...] | None = None
        self._moods: tuple[Any, ...] | None = None
        self._due_s = 0.0
        self._held_back = False
        self._strikes_left = Budget()
        self._moods_left = Budget()
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
        """Decide whether to show this now; otherwise hold it back."""
        decision = seen.decision
        news, moods = self._news_of(seen), self._moods_of(seen)
        happens = (
            bool(decision.events)
            or (decision.overloaded and not self._shows_overload)
            or any([chosen.action is not None for chosen in decision.chargers.values()])
        )
        if not happens and news == self._news and now_s < self._due_s:
            if moods != self._moods and self._moods_left.allows(now_s):
                self._moods_left.spend()
            elif self._strikes(seen.service_a, now_s):
                self._strikes_left.spend()
            else:
                self._held_back = True
                return False
        self._news, self._moods, self._held_back = news, moods, False
        self._due_s = now_s + SHOW_EVERY_S
        return True

    def _strikes(self, service_a: PhaseVector | None, now_s: float) -> bool:
        """Whether a current changed much since it was shown, within its budget."""
        shown_a = self.shown.service_a if self.shown else None
        if service_a is None or shown_a is None:
            return service_a is not shown_a
        for value_a, before_a in zip(service_a, shown_a, strict=True):
            if abs(value_a - before_a) >= STRIKING_A:
                return self._strikes_left.allows(now_s)
        return False

    @property
    def _shows_overload(self) -> bool:
        return self.shown is not None and self.shown.decision.overloaded

    def _news_of(self, seen: Seen) -> tuple[Any, ...]:
        """All that is shown at once when it changes."""
        decision, store = seen.decision, self._store
        return (
            store.enabled,
            store.shadow,
            decision.state if decision.state in LOUD else None,
            decision.fallback_active,
            seen.limit_a,
            seen.usable_a,
            [circuit.limit_a for circuit in seen.circuits],
            [left_a is None for left_a in decision.circuit_headroom_a],
            seen.fault and seen.fault.problem,
            seen.temporary_limit,
            [
                charger.news(decision.chargers[charger_id])
                for charger_id, charger in self._chargers.items()
            ],
        )

    def _moods_of(self, seen: Seen) -> tuple[Any, ...]:
        """All that noise alone may change, shown at once within a budget."""
        decision = seen.decision
        return (
            decision.overloaded,
            decision.state in (BalancerState.OVERLOAD, BalancerState.STOPPED),
            [
                charger.moods(found, decision.chargers[charger_id])
                for (charger_id, charger), found in zip(
                    self._chargers.items(), seen.chargers, strict=True
                )
            ],
            [
                left_a is not None and min(left_a) < 0
                for left_a in decision.circuit_headroom_a
            ],
        )

    def show(self, seen: Seen) -> None:
        """Build the snapshot, have the entities read it, and tell what is new."""
        decision = seen.decision
        snapshot = ChargingSnapshot(
            enabled=self._store.enabled,
            shadow=self._store.shadow,
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
        changed = {OWNER_SUPPLY} | {
            charger_id
            for charger_id, charger in snapshot.chargers.items()
            if before is None or charger != before.chargers[charger_id]
        }
        changed |= snapshot.circuits.keys()
        self._host.publish(changed, charging=snapshot)
        self._notices.tell(before, snapshot, seen.fault, self._chargers, self._name_of)
