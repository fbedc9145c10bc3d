"""Tests of the chargers: begun by a person, carried by the balance, and told."""

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
from .io.currents import Clock
from .notices import ChargingNotices
from .store import ChargingStore
from .tuning import has_controls

LOOKS_EVERY_S = 1.0


class ChargerTests:
    """Those of a site. Each is a ceiling of its charger, and ends by itself."""

    def __init__(
        self,
        host: Host,
        store: ChargingStore,
        chargers: Mapping[str, ManagedCharger],
        notices: ChargingNotices,
    ) -> None:
        """No charger is tested before somebody asks for it."""
        self._host = host
        self._store = store
        self._chargers = chargers
        self._notices = notices

    @callback
    def async_start(self, charger_id: str, *, may_begin: bool) -> None:
        """Test a charger; ``may_begin``: the meter is there, and no overload.

        Raises ServiceValidationError if that is not possible now.
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
        seen = charger.last_seen
        now_s = self._host.hass.loop.time()
        trial = commissioning.begin(seen, now_s) if seen and may_begin else None
        if trial is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="test_no_current",
                translation_placeholders={"charger": name},
            )
        charger.trial = trial
        charger.refresh_settings()

    def follow(
        self,
        seen: list[ChargerInput],
        reading: ServiceReading | None,
        circuits: tuple[Circuit, ...],
        overload: OverloadState,
        clock: Clock,
    ) -> list[ChargerInput]:
        """Go on with every test; return the chargers with the ceilings that follow."""
        if not self._running:
            return seen
        followed = []
        for charger, found in zip(self._chargers.values(), seen, strict=True):
            if (trial := charger.trial) is not None:
                charger.trial = commissioning.advance(
                    trial,
                    found,
                    clock.monotonic_s,
                    reads_back=has_controls(charger.config),
                    trouble=self._trouble(charger, reading, circuits, overload),
                )
                self._conclude(charger)
                charger.refresh_settings()
            followed.append(replace(found, settings=charger.settings))
        return followed

    def interrupt(self) -> None:
        """End every test."""
        for charger in self._running:
            assert charger.trial is not None
            charger.trial = commissioning.end(charger.trial, Outcome.INTERRUPTED)
            self._conclude(charger)

    def next_s(self, now_s: float) -> float | None:
        """When to look again."""
        return now_s + LOOKS_EVERY_S if self._running else None

    @property
    def _running(self) -> list[ManagedCharger]:
        return [c for c in self._chargers.values() if c.trial is not None]

    def _trouble(
        self,
        charger: ManagedCharger,
        reading: ServiceReading | None,
        circuits: tuple[Circuit, ...],
        overload: OverloadState,
    ) -> Outcome | None:
        """What forbids to go on with a test."""
        store = self._store
        touched = charger.trial and charger.chosen_s > charger.trial.began_s
        if touched or not store.enabled or store.shadow:
            return Outcome.INTERRUPTED
        on = [c for c in circuits if charger.config.charger_id in c.members]
        if reading is None or any(c.metered and c.reading is None for c in on):
            return Outcome.METER_LOST
        if overload.phase is OverloadPhase.CORRECTING:
            return Outcome.OVERLOAD
        return None

    def _conclude(self, charger: ManagedCharger) -> None:
        """Keep and tell the result of a test that is over."""
        if charger.trial is None or not charger.trial.is_over:
            return
        charger.findings = charger.trial.findings
        charger.trial = None
        self._store.set_test_findings(charger.config.charger_id, charger.findings)
        self._notices.tested(charger.config, charger.findings)
