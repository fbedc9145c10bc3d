"""Raises a repair for what only the user can fix, and withdraws it once it is fixed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
import logging

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_time_interval

from ...const import DOMAIN
from ..half import Half
from ..host import Host
from ..isolation import run_for_each
from .findings import KEYS, Finder, Finding

_LOGGER = logging.getLogger(__name__)

CHECK_EVERY = timedelta(seconds=20)
DOCS = "https://github.com/load-sharing/load-sharing#repairs"


class Checkup:
    """Checks a site periodically, but not while Home Assistant starts or stops."""

    def __init__(self, host: Host, finders: Mapping[Half, Finder]) -> None:
        """Take over the issues that were raised before the site was reloaded."""
        self._host = host
        self._finders = finders
        self._since_s: dict[str, float] = {}
        self._raised = {
            issue_id
            for issue_id in _issues_of(host.hass, host.entry.entry_id)
            if issue_id.startswith(KEYS)
        }

    async def async_start(self) -> None:
        """Check now, and periodically from now on."""
        host = self._host
        host.entry.async_on_unload(
            async_track_time_interval(
                host.hass, self._async_check, CHECK_EVERY, cancel_on_shutdown=True
            )
        )
        await self._async_check()

    async def _async_check(self, _now: datetime | None = None) -> None:
        if not self._host.is_up:
            return
        now_s = self._host.hass.loop.time()
        found: dict[str, Finding] = {}

        async def find(half: Half) -> None:
            for finding in self._finders[half]():
                found[finding.issue_id(self._entry_id)] = finding

        failures = await run_for_each(self._finders, find)
        if not failures:
            self._withdraw_all_but(found.keys())
        for issue_id, finding in found.items():
            if not finding.sure:
                self._since_s.pop(issue_id, None)
                continue
            since_s = self._since_s.setdefault(issue_id, now_s)
            if now_s - since_s >= finding.grace_s:
                self._raise(issue_id, finding)
        for half, error in failures.items():
            _LOGGER.error(
                "The %s of %s cannot be checked",
                half.name,
                self._host.entry.title,
                exc_info=error,
            )

    def _withdraw_all_but(self, found: Iterable[str]) -> None:
        kept = set(found)
        for issue_id in self._since_s.keys() - kept:
            del self._since_s[issue_id]
        for issue_id in self._raised - kept:
            ir.async_delete_issue(self._host.hass, DOMAIN, issue_id)
            self._raised.discard(issue_id)

    def _raise(self, issue_id: str, finding: Finding) -> None:
        """Raise an issue, or update its text."""
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
            translation_placeholders={
                "part": finding.part.name,
                **finding.placeholders,
            },
        )

    @property
    def _entry_id(self) -> str:
        return self._host.entry.entry_id


@callback
def async_withdraw_issues(hass: HomeAssistant, entry_id: str) -> None:
    """Withdraw all issues of a site, after it was removed or disabled."""
    for issue_id in _issues_of(hass, entry_id):
        ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issues_of(hass: HomeAssistant, entry_id: str) -> list[str]:
    return [
        issue_id
        for domain, issue_id in ir.async_get(hass).issues
        if domain == DOMAIN and f"_{entry_id}" in issue_id
    ]
