"""Tells people and automations what changed: events, and the log, once each."""

from collections.abc import Callable, Mapping
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import (
    DOMAIN,
    EVENT_ACTION_FAILED,
    EVENT_CHARGER_TESTED,
    EVENT_CHARGING_RESUMED,
    EVENT_FALLBACK_ACTIVATED,
    EVENT_METER_LOST,
    EVENT_OVERLOAD_ALARM,
    PHASES,
)
from ..site.notices import Notices
from .charger import ManagedCharger
from .config import ChargerConfig
from .engine.commissioning import Findings
from .engine.model import ActionReason
from .engine.overload import OverloadEvent, OverloadEventType
from .io.meter import MeterFault
from .snapshot import ChargingSnapshot

_LOGGER = logging.getLogger(__name__)


class ChargingNotices(Notices):
    """Compares one snapshot with the next."""

    def __init__(self, hass: HomeAssistant, site: str, entry_id: str) -> None:
        """Speak for a site."""
        super().__init__()
        self._hass = hass
        self._site = site
        self._alarm_id = f"overload_alarm_{entry_id}"

    def tell(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        fault: MeterFault | None,
        chargers: Mapping[str, ManagedCharger],
        name_of: Callable[[str], str | None],
    ) -> None:
        """Tell what is new in ``after``. ``name_of`` a circuit; None: the supply."""
        self._tell_meter(before, after, fault)
        if not after.shadow:
            self._tell_done(before, after, chargers)
        for event in after.decision.events:
            attributes = _describe(event, after, chargers, name_of)
            self._send(event.type.value, attributes)
            if event.type is OverloadEventType.ALARM:
                self._raise_alarm(attributes)
            elif event.type is OverloadEventType.CLEARED:
                self.withdraw()

    def _raise_alarm(self, attributes: dict[str, Any]) -> None:
        """Tell that nothing is left to be turned down, and leave it standing."""
        self._fire(EVENT_OVERLOAD_ALARM, **attributes)
        where = [attributes.get("circuit"), attributes["phase"].upper()]
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._alarm_id,
            is_fixable=False,
            severity=ir.IssueSeverity.CRITICAL,
            translation_key="overload_alarm",
            translation_placeholders={
                "site": self._site,
                "where": " ".join(part for part in where if part),
                "excess_a": f"{attributes['excess_a']:.1f}",
                "limit_a": f"{attributes['limit_a']:g}",
            },
        )

    def withdraw(self) -> None:
        """Take the alarm back: the overload is over, or nobody looks any more."""
        ir.async_delete_issue(self._hass, DOMAIN, self._alarm_id)

    def _tell_done(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        chargers: Mapping[str, ManagedCharger],
    ) -> None:
        """Tell what was done to the chargers."""
        self._tell_fallback(before, after, chargers)
        for charger_id, chosen in after.decision.chargers.items():
            if chosen.action is ActionReason.RESUMED:
                self._fire(
                    EVENT_CHARGING_RESUMED,
                    charger=chargers[charger_id].config.name,
                    current_a=chosen.desired_a,
                    available_current_a=after.decision.available_a,
                )

    def action_failed(
        self, config: ChargerConfig, current_a: float, error: str, attempts: int
    ) -> None:
        """Tell that a charger could not be commanded; log it once per command."""
        level = logging.WARNING if attempts <= 1 else logging.DEBUG
        _LOGGER.log(
            level,
            "%s: setting %s to %s A failed: %s",
            self._site,
            config.name,
            current_a,
            error,
        )
        self._fire(
            EVENT_ACTION_FAILED,
            charger=config.name,
            action="set_current" if current_a > 0 else "stop",
            current_a=current_a,
            error=error,
            attempts=attempts,
        )

    def tested(self, config: ChargerConfig, findings: Findings) -> None:
        """Tell what a test of a charger found."""
        self._fire(
            EVENT_CHARGER_TESTED,
            charger=config.name,
            result=findings.outcome.value,
            latency_s=findings.latency_s,
            follow_s=findings.follow_s,
            accuracy_a=findings.error_a,
            car_took_all=findings.took_all,
            suggested_settle_s=findings.suggested_settle_s,
        )

    def _tell_meter(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        fault: MeterFault | None,
    ) -> None:
        problem_before = before.meter_problem if before else None
        if fault is not None and problem_before is None:
            _LOGGER.warning(
                "%s: %s cannot be used: %s", self._site, fault.entity_id, fault.problem
            )
            self._fire(
                EVENT_METER_LOST, entity_id=fault.entity_id, reason=fault.problem.value
            )
        elif fault is None and problem_before is not None:
            _LOGGER.info("%s: the meter is back", self._site)

    def _tell_fallback(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        chargers: Mapping[str, ManagedCharger],
    ) -> None:
        was_active = before is not None and before.decision.fallback_active
        if after.decision.fallback_active and not was_active:
            self._fire(
                EVENT_FALLBACK_ACTIVATED,
                reason=after.meter_problem.value if after.meter_problem else None,
                currents_a={
                    chargers[charger_id].config.name: chosen.desired_a
                    for charger_id, chosen in after.decision.chargers.items()
                },
            )

    def _fire(self, event_type: str, **data: Any) -> None:
        self._hass.bus.async_fire(event_type, {"site": self._site, **data})


def _describe(
    event: OverloadEvent,
    after: ChargingSnapshot,
    chargers: Mapping[str, ManagedCharger],
    name_of: Callable[[str], str | None],
) -> dict[str, Any]:
    """What an overload event tells: of the circuit it is about, else of the supply."""
    alarmed = event.phase is not None
    circuit_id = event.circuit_id if alarmed else after.decision.overloaded_id
    limit_a, current_a, phase = after.limit_a, None, None
    if circuit_id:
        circuit = after.circuits[circuit_id]
        limit_a, current_a, phase = circuit.limit_a, circuit.current_a, circuit.phase
    elif after.service_a is not None:
        phase = max(range(len(after.service_a)), key=after.service_a.__getitem__)
        current_a = after.service_a[phase]
    if event.phase is not None:
        phase, current_a = event.phase, limit_a + event.excess_a
    attributes: dict[str, Any] = {
        "limit_a": limit_a,
        "excess_a": round(event.excess_a, 2),
        "duration_s": round(event.duration_s, 1),
        "available_current_a": after.decision.available_a,
    }
    if current_a is not None and phase is not None:
        attributes["service_current_a"] = round(current_a, 2)
        attributes["phase"] = PHASES[phase]
    if (where := name_of(circuit_id)) is not None:
        attributes["circuit"] = where
    if event.reduction is not None:
        attributes |= {
            "charger": chargers[event.reduction.charger_id].config.name,
            "previous_current_a": event.reduction.previous_a,
            "current_a": event.reduction.current_a,
        }
    return attributes
