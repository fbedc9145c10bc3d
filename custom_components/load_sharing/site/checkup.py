"""Raises a repair for what only a person can mend, and withdraws it once it is mended."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import (
    async_track_state_change_event,
    async_track_time_interval,
)

from ..charging.meter_pace import MeterPace
from ..const import DOMAIN
from .findings import KEYS, Finding, find_in_charging, find_in_heating
from .host import Host

if TYPE_CHECKING:
    from ..charging.control import ChargingControl
    from ..heating.control import HeatingControl

LOOK_EVERY = timedelta(seconds=20)
DOCS = "https://github.com/load-sharing/load-sharing#repairs"


class Checkup:
    """Looks at a site again and again; not while Home Assistant starts or stops."""

    def __init__(
        self,
        host: Host,
        charging: ChargingControl | None,
        heating: HeatingControl | None,
    ) -> None:
        """Go on from what was raised before the site was set up anew."""
        self._host = host
        self._charging = charging
        self._heating = heating
        self._pace = MeterPace(host.hass, charging) if charging else None
        self._since_s: dict[str, float] = {}
        self._raised = {
            issue_id
            for issue_id in _issues_of(host.hass, host.entry.entry_id)
            if issue_id.startswith(KEYS)
        }

    def start(self) -> None:
        """Look now, and from now on."""
        host = self._host
        host.entry.async_on_unload(
            async_track_time_interval(
                host.hass, self._look, LOOK_EVERY, cancel_on_shutdown=True
            )
        )
        if self._charging is not None and self._pace is not None:
            host.entry.async_on_unload(
                async_track_state_change_event(
                    host.hass, self._charging.meters, self._pace.hear
                )
            )
        self._look()

    @callback
    def _look(self, _now: datetime | None = None) -> None:
        if not self._host.is_up:
            return
        now_s = self._host.hass.loop.time()
        found = {finding.issue_id(self._entry_id): finding for finding in self._find()}
        for issue_id in self._since_s.keys() - found.keys():
            del self._since_s[issue_id]
        for issue_id in self._raised - found.keys():
            ir.async_delete_issue(self._host.hass, DOMAIN, issue_id)
            self._raised.discard(issue_id)
        for issue_id, finding in found.items():
            if not finding.sure:
                self._since_s.pop(issue_id, None)
                continue
            since_s = self._since_s.setdefault(issue_id, now_s)
            if now_s - since_s >= finding.grace_s:
                self._raise(issue_id, finding)

    def _find(self) -> list[Finding]:
        host = self._host
        findings: list[Finding] = []
        if self._charging is not None and self._pace is not None:
            findings += find_in_charging(host, self._charging, self._pace)
        if self._heating is not None:
            findings += find_in_heating(host, self._heating)
        return findings

    def _raise(self, issue_id: str, finding: Finding) -> None:
        """Raise an issue, or tell it anew if it is another one by now."""
        self._raised.add(issue_id)
        ir.async_create_issue(
            self._host.hass,
            DOMAIN,
            issue_id,
            data={"entry_id": self._entry_id, "part": finding.part.part_id},
            is_fixable=True,
            learn_more_url=DOCS,
            severity=finding.severity,
            translation_key=finding.key,
            translation_placeholders={"part": finding.part.name, **finding.told},
        )

    @property
    def _entry_id(self) -> str:
        return self._host.entry.entry_id


@callback
def async_withdraw(hass: HomeAssistant, entry_id: str) -> None:
    """Withdraw all issues of a site that is no more, or is not to run."""
    for issue_id in _issues_of(hass, entry_id):
        ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issues_of(hass: HomeAssistant, entry_id: str) -> list[str]:
    return [
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and f"_{entry_id}" in issue_id
    ]
