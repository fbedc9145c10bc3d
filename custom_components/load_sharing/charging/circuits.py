"""The circuits as the charging control holds them: configuration, chargers, meters."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from homeassistant.core import HomeAssistant

from .circuit_config import CircuitConfig
from .config import ChargerConfig, SupplyConfig
from .engine.model import Circuit, ServiceReading
from .io.clock import Clock
from .io.currents import Believed, CurrentGate
from .io.meter import Meter, MeterFault
from .io.voltage import SupplyVoltage
from .snapshot import CircuitSnapshot
from .store import ChargingStore
from .tuning import circuit_limit


class Circuits:
    """All circuits of a site, each after its parent."""

    def __init__(
        self,
        hass: HomeAssistant,
        supply: SupplyConfig,
        configs: Iterable[CircuitConfig],
        chargers: Iterable[ChargerConfig],
        voltage: SupplyVoltage,
        believed_until_s: Believed,
    ) -> None:
        """Assign each charger to its circuit and to all circuits above it."""
        self.configs = parents_first(configs)
        self._phases = supply.mains.width
        self._members: dict[str, set[str]] = {key: set() for key in self.configs}
        for charger in chargers:
            circuit = self.configs.get(charger.circuit_id)
            while circuit is not None:
                self._members[circuit.circuit_id].add(charger.charger_id)
                circuit = self.configs.get(circuit.parent_id)
        self._meters = {
            config.circuit_id: Meter(
                hass,
                config.meters,
                CurrentGate(
                    partial(_volts, voltage, config),
                    config.rating_a,
                    supply.export_positive,
                    believed_until_s,
                ),
            )
            for config in self.configs.values()
            if config.meters
        }

    def members(self, circuit_id: str) -> set[str]:
        """Return the IDs of the chargers on a circuit, and on the circuits below it."""
        return self._members[circuit_id]

    def name_of(self, circuit_id: str) -> str | None:
        """Return the name of a circuit; None for the supply, whose ID is empty."""
        return self.configs[circuit_id].name if circuit_id else None

    def read(self, store: ChargingStore, clock: Clock) -> tuple[Circuit, ...]:
        """Return all circuits with what their meters show now."""
        return tuple(
            [self._read(config, store, clock) for config in self.configs.values()]
        )

    def _read(
        self, config: CircuitConfig, store: ChargingStore, clock: Clock
    ) -> Circuit:
        """Return one circuit with what its meter shows now."""
        circuit_id = config.circuit_id
        meter, reading, remains = self._meters.get(circuit_id), None, None
        if meter is not None:
            shown = meter.read(clock)
            if isinstance(shown, MeterFault):
                remains = self._on_phases(config, shown.remains)
            else:
                reading = self._on_phases(config, shown)
        return Circuit(
            circuit_id=circuit_id,
            limit_a=circuit_limit(config.rating_a, store.tuning(circuit_id)),
            phases=config.phases,
            members=frozenset(self._members[circuit_id]),
            parent_id=config.parent_id,
            metered=meter is not None,
            reading=reading,
            remains=remains,
        )

    def _on_phases(
        self, config: CircuitConfig, reading: ServiceReading | None
    ) -> ServiceReading | None:
        """Return a circuit's reading by the phases of the supply; 0 A on all others.

        A single sensor of a circuit between two phases shows the current of both.
        """
        if reading is None:
            return None
        current_a = [0.0] * self._phases
        taken_at_s = [min(reading.taken_at_s)] * self._phases
        for index, phase in enumerate(config.phases):
            measured = min(index, len(reading.current_a) - 1)
            current_a[phase] = reading.current_a[measured]
            taken_at_s[phase] = reading.taken_at_s[measured]
        return ServiceReading(tuple(current_a), tuple(taken_at_s))


def _volts(voltage: SupplyVoltage, config: CircuitConfig) -> float:
    """Return the voltage that a power of one of a circuit's sensors is divided by."""
    mains = voltage.mains
    if len(config.meters) < len(config.phases):
        return mains.volts(len(config.phases))
    return mains.phase_v


def parents_first(configs: Iterable[CircuitConfig]) -> dict[str, CircuitConfig]:
    """Return the circuits by ID, each after its parent."""
    waiting = {config.circuit_id: config for config in configs}
    ordered: dict[str, CircuitConfig] = {}
    while waiting:
        free = [
            config for config in waiting.values() if config.parent_id not in waiting
        ]
        if not free:
            # A cycle can only come from a file that was edited by hand.
            free = [replace(config, parent_id="") for config in waiting.values()]
        for config in free:
            ordered[config.circuit_id] = config
            del waiting[config.circuit_id]
    return ordered


def circuit_snapshot(circuit: Circuit) -> CircuitSnapshot:
    """Return the snapshot that the entities of a circuit read."""
    reading = circuit.reading
    phase, current_a = circuit.phases[0], None
    if reading is not None:
        phase = max(circuit.phases, key=reading.current_a.__getitem__)
        current_a = reading.current_a[phase]
    return CircuitSnapshot(
        current_a=current_a,
        phase=phase,
        limit_a=circuit.limit_a,
        meter_problem=circuit.metered and reading is None,
    )
