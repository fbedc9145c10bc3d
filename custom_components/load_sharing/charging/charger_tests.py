"""Runs the tests of chargers that a user starts, and reports their results."""

from collections.abc import Mapping
from dataclasses import replace

from homeassistant.core import callback
from homeassistant.exceptions import ServiceValidationError

from ..const import DOMAIN
from ..site.host import Host
from .charger import ManagedCharger
from .engine import commissioning
from .engine.commissioning import Outcome
from .engine.model import ChargerInput, Circuit, ServiceReading
from .engine.overload import OverloadPhase, OverloadState
from .io.clock import Clock
from .notices import ChargingNotices
from .readings import Readings
from .store import ChargingStore

ADVANCE_EVERY_S = 1.0


class ChargerTests:
    """The charger tests of a site.

    A running test sets a ceiling of its charger, and ends by itself.
    """

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        chargers: Mapping[str, ManagedCharger],
        notices: ChargingNotices,
    ) -> None:
        """Start without a running test."""
        self._host = host
        self._store = store
        self._chargers = chargers
        self._notices = notices

    @callback
    def async_start(self, charger_id: str, *, may_begin: bool) -> None:
        """Start the test of a charger.

        ``may_begin`` is whether the meter can be read and shows no overload. Raises
        ServiceValidationError if the test cannot start now.
        """
        charger = self._chargers[charger_id]
        name = charger.config.name
        if charger.trial is not None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="test_running",
                translation_placeholders={"charger": name},
            )
        store = self._store
        if not store.enabled or store.shadow:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="test_not_balanced",
                translation_placeholders={"charger": name},
            )
        trial = None
        if charger.last_input is not None and may_begin:
            now_s = self._host.hass.loop.time()
            trial = commissioning.begin(charger.last_input, now_s)
        if trial is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="test_no_current",
                translation_placeholders={"charger": name},
            )
        charger.trial = trial
        charger.refresh_settings()

    def advance(
        self, readings: Readings, overload: OverloadState, clock: Clock
    ) -> list[ChargerInput]:
        """Advance every test; return the chargers with the ceilings of the tests."""
        inputs, reading, circuits = (
            readings.chargers,
            readings.service,
            readings.circuits,
        )
        if not self._running:
            return inputs
        advanced = []
        for charger, charger_input in zip(self._chargers.values(), inputs, strict=True):
            if (trial := charger.trial) is not None:
                charger.trial = commissioning.advance(
                    trial,
                    charger_input,
                    clock.monotonic_s,
                    reads_back=charger.config.has_control_entities,
                    shown=_shown(charger, reading, circuits),
                    trouble=self._reason_to_end(charger, reading, circuits, overload),
                )
                self._conclude(charger)
                charger.refresh_settings()
            advanced.append(replace(charger_input, settings=charger.settings))
        return advanced

    def interrupt(self) -> None:
        """End every running test."""
        for charger in self._running:
            assert charger.trial is not None
            charger.trial = commissioning.end(charger.trial, Outcome.INTERRUPTED)
            self._conclude(charger)

    def next_s(self, now_s: float) -> float | None:
        """Return when to advance the tests next; None if none runs."""
        return now_s + ADVANCE_EVERY_S if self._running else None

    @property
    def _running(self) -> list[ManagedCharger]:
        """Chargers under test."""
        return [
            charger for charger in self._chargers.values() if charger.trial is not None
        ]

    def _reason_to_end(
        self,
        charger: ManagedCharger,
        reading: ServiceReading | None,
        circuits: tuple[Circuit, ...],
        overload: OverloadState,
    ) -> Outcome | None:
        """Return the outcome that a test has to end with now; None if it may go on."""
        store = self._store
        if charger.away:
            return Outcome.INTERRUPTED
        changed = charger.trial and charger.by_hand.set_s > charger.trial.began_s
        if changed or not store.enabled or store.shadow:
            return Outcome.INTERRUPTED
        if reading is None or any(
            circuit.metered and circuit.reading is None
            for circuit in circuits
            if charger.config.charger_id in circuit.members
        ):
            return Outcome.METER_LOST
        if overload.phase is OverloadPhase.CORRECTING:
            return Outcome.OVERLOAD
        return None

    def _conclude(self, charger: ManagedCharger) -> None:
        """Store and report the result of a test if it is over."""
        if charger.trial is None or not charger.trial.is_over:
            return
        charger.findings = charger.trial.findings
        charger.trial = None
        self._store.set_test_findings(charger.config.charger_id, charger.findings)
        self._notices.report_test(charger.config, charger.findings)


def _shown(
    charger: ManagedCharger,
    reading: ServiceReading | None,
    circuits: tuple[Circuit, ...],
) -> tuple[ServiceReading, ...]:
    """Return the readings of all meters that should see a charger."""
    readings = [reading]
    readings += [
        circuit.reading
        for circuit in circuits
        if charger.config.charger_id in circuit.members
    ]
    return tuple(one for one in readings if one is not None)
