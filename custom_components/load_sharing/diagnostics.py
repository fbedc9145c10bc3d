"""Diagnostics: the configuration, and the latest decisions with their input."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .coordinator import LoadSharingConfigEntry
from .site.history import Entry
from .site.redaction import redact


async def async_get_config_entry_diagnostics(
    _hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> dict[str, Any]:
    """Return all about a site, without secrets in the user's actions."""
    coordinator = entry.runtime_data
    charging, heating = coordinator.charging, coordinator.heating
    report = {
        "configuration": {
            "data": plain(entry.data),
            "options": plain(entry.options),
            "subentries": {
                subentry.subentry_id: {
                    "type": subentry.subentry_type,
                    "title": subentry.title,
                    "data": plain(subentry.data),
                }
                for subentry in entry.subentries.values()
            },
        },
        "stored": plain(coordinator.store.values),
        "now": plain(coordinator.data),
        "commands": {
            charger_id: plain(charger.runner.state)
            for charger_id, charger in (charging.chargers if charging else {}).items()
        },
        "meters": plain(charging.silence.report() if charging else {}),
        "decisions": entries(charging.history if charging else ()),
        "heating_decisions": entries(heating.history if heating else ()),
    }
    return {key: redact(part) for key, part in report.items()}


def entries(history: Iterable[Entry[Any, Any]]) -> list[dict[str, Any]]:
    """Return the decisions of a half with their times and inputs, oldest first."""
    return [
        {
            "from": dt_util.utc_from_timestamp(noted.from_s).isoformat(),
            "until": dt_util.utc_from_timestamp(noted.until_s).isoformat(),
            "until_s": round(noted.monotonic_s, 3),
            "input": plain(noted.site),
            "decision": plain(noted.decision),
        }
        for noted in history
    ]


def plain(value: Any) -> Any:
    """Convert dataclasses, sets and dates to what JSON can represent."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, date | time):
        return value.isoformat()
    return value
