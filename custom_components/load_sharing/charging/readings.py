"""Reads the supply, its circuits and its chargers; one that fails stops no other."""

from collections.abc import Mapping
from typing import NamedTuple

from ..site.isolation import Isolation
from .charger import ManagedCharger
from .circuits import Circuits
from .engine.model import ChargerInput, Circuit, ServiceReading
from .io.clock import Clock
from .io.meter import Meter, MeterFault
from .start_up import StartUp
from .store import ChargingStore


class Readings(NamedTuple):
    """What the supply's meter, the circuits and the chargers show at one moment.

    ``restored``: some of it may be from before Home Assistant started.
    """

    supply: ServiceReading | MeterFault
    circuits: tuple[Circuit, ...]
    chargers: list[ChargerInput]
    restored: bool = False

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
        start_up: StartUp,
    ) -> None:
        """Name what is read."""
        self._meter = meter
        self._circuits = circuits
        self._chargers = chargers
        self._store = store
        self._start_up = start_up
        self._isolation = Isolation("reading the charger")

    def read(self, clock: Clock) -> Readings:
        """Read everything."""
        chargers = [
            self._read_charger(charger, clock) for charger in self._chargers.values()
        ]
        circuits: tuple[Circuit, ...] = ()
        if self._circuits.configs:
            circuits = self._circuits.read(self._store, clock)
        supply = self._meter.read(clock)
        return Readings(
            supply, circuits, chargers, self._may_be_restored(supply, circuits)
        )

    def _may_be_restored(
        self, supply: ServiceReading | MeterFault, circuits: tuple[Circuit, ...]
    ) -> bool:
        """Return whether a meter or a charger may not have spoken since the start."""
        reading = None if isinstance(supply, MeterFault) else supply
        if not self._start_up.meters_have_spoken(reading, circuits):
            return True
        return any(
            charger.reports.may_be_restored for charger in self._chargers.values()
        )

    def _read_charger(self, charger: ManagedCharger, clock: Clock) -> ChargerInput:
        """Read one charger."""
        name = charger.config.name
        charger_input = None
        with self._isolation.of(name):
            charger_input = charger.read(clock)
        charger.fails = charger_input is None
        return charger_input or charger.unread(clock)
