"""Reads the supply, its circuits and its chargers; one that fails stops no other."""

from collections.abc import Mapping
from typing import NamedTuple

from ..site.isolation import Isolation
from .charger import ManagedCharger
from .circuits import Circuits
from .engine.model import ChargerInput, Circuit, ServiceReading
from .io.clock import Clock
from .io.meter import Meter, MeterFault
from .store import ChargingStore


class Readings(NamedTuple):
    """What the supply's meter, the circuits and the chargers show at one moment."""

    supply: ServiceReading | MeterFault
    circuits: tuple[Circuit, ...]
    chargers: list[ChargerInput]

    @property
    def service(self) -> ServiceReading | None:
        """The reading of the supply's meter; None if the meter cannot be used."""
        return None if isinstance(self.supply, MeterFault) else self.supply

    @property
    def fault(self) -> MeterFault | None:
        """Why the supply's meter cannot be used; None if it can."""
        return self.supply if isinstance(self.supply, MeterFault) else None


class Reader:
    """Reads a site. A charger that fails is one of which nothing is known."""

    def __init__(
        self,
        meter: Meter,
        circuits: Circuits,
        chargers: Mapping[str, ManagedCharger],
        store: ChargingStore,
    ) -> None:
        """Name what is read."""
        self._meter = meter
        self._circuits = circuits
        self._chargers = chargers
        self._store = store
        self._isolation = Isolation("reading the charger")

    def read(self, clock: Clock, max_age_s: float | None) -> Readings:
        """Read everything. Meters that have been silent for ``max_age_s`` are lost."""
        chargers = [
            self._read_charger(charger, clock) for charger in self._chargers.values()
        ]
        circuits: tuple[Circuit, ...] = ()
        if self._circuits.configs:
            circuits = self._circuits.read(self._store, clock, max_age_s)
        return Readings(self._meter.read(clock, max_age_s), circuits, chargers)

    def _read_charger(self, charger: ManagedCharger, clock: Clock) -> ChargerInput:
        """Read one charger."""
        name = charger.config.name
        charger_input = None
        with self._isolation.of(name):
            charger_input = charger.read(clock)
        charger.fails = charger_input is None
        return charger_input or charger.unread(clock)
