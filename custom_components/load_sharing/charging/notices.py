"""Reports changes of charging as events, log entries and a repair for the alarm."""

from collections.abc import Iterable, Mapping
import logging
from math import inf
from typing import Any

from homeassistant.helpers import issue_registry as ir

from ..const import (
    DOMAIN,
    EVENT_ACTION_FAILED,
    EVENT_CHARGER_TESTED,
    EVENT_CHARGING_RESUMED,
    EVENT_FALLBACK_ACTIVATED,
    EVENT_METER_LOST,
    EVENT_OVERLOAD_ALARM,
    EVENT_WEEK,
    PHASES,
)
from ..site.host import Host
from ..site.notices import Notices
from .charger import ManagedCharger
from .circuits import Circuits
from .config import ChargerConfig
from .engine.commissioning import TrialFindings
from .engine.decision import ActionReason
from .engine.overload import OverloadEvent, OverloadEventType
from .engine.week import Summary
from .io.meter import MeterFault
from .snapshot import ChargingSnapshot

_LOGGER = logging.getLogger(__name__)


FLAPS_WITHIN_S = 600.0
"""A meter that is lost again this soon after its return flaps. It is reported once."""


class ChargingNotices(Notices):
    """Reports what changed from one snapshot of charging to the next."""

    def __init__(
        self, host: Host, chargers: Mapping[str, ManagedCharger], circuits: Circuits
    ) -> None:
        """Report under the title of the config entry."""
        super().__init__()
        self._hass = host.hass
        self._site = host.entry.title
        self._alarm_id = f"overload_alarm_{host.entry.entry_id}"
        self._chargers = chargers
        self._circuits = circuits
        self._meter_back_s = -inf
        self._meter_lost_reported = False

    def report(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        fault: MeterFault | None,
    ) -> None:
        """Report what is new in ``after``; ``fault`` is the meter's, if it is lost."""
        self._report_meter(before, after, fault)
        if not after.shadow:
            self._report_fallback(before, after)
            self._report_resumed(after)
        self.report_events(after.decision.events, after)

    def report_events(
        self, events: Iterable[OverloadEvent], shown: ChargingSnapshot
    ) -> None:
        """Report events of an overload, and raise or withdraw the alarm."""
        for event in events:
            attributes = self._describe(event, shown)
            self._send(event.type.value, attributes)
            if event.type is OverloadEventType.ALARM:
                self._raise_alarm(attributes, proven=event.proven)
            elif event.type is OverloadEventType.CLEARED:
                self.withdraw()

    def _raise_alarm(self, attributes: dict[str, Any], *, proven: bool) -> None:
        """Report that no charger can be lowered further, and raise a repair.

        Unless it is ``proven`` that the chargers paused, it says that they may not have.
        """
        self._fire(EVENT_OVERLOAD_ALARM, **attributes)
        where = [attributes.get("circuit"), attributes["phase"].upper()]
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._alarm_id,
            is_fixable=False,
            severity=ir.IssueSeverity.CRITICAL,
            translation_key="overload_alarm" if proven else "overload_alarm_unproven",
            translation_placeholders={
                "site": self._site,
                "where": " ".join(part for part in where if part),
                "excess_a": f"{attributes['excess_a']:.1f}",
                "limit_a": f"{attributes['limit_a']:g}",
            },
        )

    def withdraw(self) -> None:
        """Withdraw the alarm, as the overload is over or no longer watched."""
        ir.async_delete_issue(self._hass, DOMAIN, self._alarm_id)

    def _report_resumed(self, after: ChargingSnapshot) -> None:
        """Report the chargers that resume charging."""
        for charger_id, charger in after.decision.chargers.items():
            if charger.action is ActionReason.RESUMED:
                self._fire(
                    EVENT_CHARGING_RESUMED,
                    charger=self._chargers[charger_id].config.name,
                    current_a=charger.desired_a,
                    available_current_a=after.decision.available_a,
                )

    def report_action_failed(
        self, config: ChargerConfig, current_a: float, error: str, attempts: int
    ) -> None:
        """Report that a command failed; only its first attempt is worth a warning."""
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

    def report_test(self, config: ChargerConfig, findings: TrialFindings) -> None:
        """Report what a test of a charger found."""
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

    def report_week(self, summary: Summary) -> None:
        """Report what a week brought."""
        self._fire(
            EVENT_WEEK,
            since=summary.since,
            energy_kwh={
                self._chargers[charger_id].config.name: round(kwh, 1)
                for charger_id, kwh in summary.energy_kwh.items()
            },
            overloads_corrected=summary.corrected,
            peak_current_a=summary.peak_a,
        )

    def _report_meter(
        self,
        before: ChargingSnapshot | None,
        after: ChargingSnapshot,
        fault: MeterFault | None,
    ) -> None:
        """Report that the meter was lost, or is back; once if it comes and goes."""
        now_s = self._hass.loop.time()
        if fault is None:
            if before is None or before.meter_problem is None:
                return
            self._meter_back_s = now_s
            if self._meter_lost_reported:
                self._meter_lost_reported = False
                _LOGGER.info("%s: the meter is back", self._site)
            return
        flaps = now_s < self._meter_back_s + FLAPS_WITHIN_S
        lasts = after.decision.fallback_active
        if self._meter_lost_reported or (flaps and not lasts):
            return
        self._meter_lost_reported = True
        _LOGGER.warning(
            "%s: %s cannot be used: %s", self._site, fault.entity_id, fault.problem
        )
        self._fire(
            EVENT_METER_LOST, entity_id=fault.entity_id, reason=fault.problem.value
        )

    def _report_fallback(
        self, before: ChargingSnapshot | None, after: ChargingSnapshot
    ) -> None:
        """Report that the fallback became active."""
        was_active = before is not None and before.decision.fallback_active
        if after.decision.fallback_active and not was_active:
            self._fire(
                EVENT_FALLBACK_ACTIVATED,
                reason=after.meter_problem.value if after.meter_problem else None,
                currents_a={
                    self._chargers[charger_id].config.name: charger.desired_a
                    for charger_id, charger in after.decision.chargers.items()
                },
            )

    def _fire(self, event_type: str, **data: Any) -> None:
        """Fire an event of the site on the event bus."""
        self._hass.bus.async_fire(event_type, {"site": self._site, **data})

    def _describe(
        self, event: OverloadEvent, after: ChargingSnapshot
    ) -> dict[str, Any]:
        """Return the attributes of an overload event.

        An alarm is about the circuit and phase that it names. Any other event is about
        the fullest phase of the circuit that is overloaded, or else of the supply.
        """
        alarmed = event.phase is not None
        circuit_id = event.circuit_id if alarmed else after.decision.overloaded_id
        limit_a, current_a, phase = after.limit_a, None, None
        if circuit_id:
            circuit = after.circuits[circuit_id]
            limit_a, current_a = circuit.limit_a, circuit.current_a
            phase = circuit.phase
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
        if (circuit_name := self._circuits.name_of(circuit_id)) is not None:
            attributes["circuit"] = circuit_name
        if event.reduction is not None:
            attributes |= {
                "charger": self._chargers[event.reduction.charger_id].config.name,
                "previous_current_a": event.reduction.previous_a,
                "current_a": event.reduction.current_a,
            }
        return attributes
