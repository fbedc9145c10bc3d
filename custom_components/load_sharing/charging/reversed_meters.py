"""Keeps across restarts which meters run backwards.

Such a meter hides an overload until its direction is found again, which takes several
steps of a charger.
"""

from collections.abc import Iterable

from .circuits import Circuits
from .config import ChargerConfig, SupplyConfig
from .engine.direction import Direction, Directions
from .store import ChargingStore, ReversedPhases


class ReversedMeters:
    """Knows what was found with the present meters, and stores what is new."""

    def __init__(
        self,
        store: ChargingStore,
        supply: SupplyConfig,
        circuits: Circuits,
        chargers: Iterable[ChargerConfig],
    ) -> None:
        """Read what is stored.

        Nothing counts of other meters, or of another sign or wiring. Nor does what a
        charger could no longer take back, because it is gone, or is not on the circuit
        or the phase.
        """
        self._store = store
        configs = circuits.configs
        self._meters = repr(
            (
                supply.meters,
                supply.exports,
                supply.export_positive,
                supply.unsigned,
                supply.total,
                supply.mains,
                sorted(
                    (one.circuit_id, one.phases, one.meters) for one in configs.values()
                ),
            )
        )
        # A meter of all phases together shows the steps of any phase on each.
        wired = {
            one.charger_id: frozenset(
                supply.mains.phases if supply.total else one.phases
            )
            for one in chargers
        }
        self._found: ReversedPhases = {
            (meter_id, charger_id): on
            for (meter_id, charger_id), phases in store.reversed(self._meters).items()
            if not meter_id
            or (meter_id in configs and charger_id in circuits.members(meter_id))
            if (on := phases & wired.get(charger_id, frozenset()))
        }

    def restored(self) -> Directions:
        """Return what is known at the start."""
        return {key: Direction(reversed=found) for key, found in self._found.items()}

    def note(self, directions: Directions) -> None:
        """Store what was found or taken back since."""
        found = {
            key: direction.reversed
            for key, direction in directions.items()
            if direction.reversed
        }
        if found != self._found:
            self._found = found
            self._store.set_reversed(self._meters, found)
