"""Repairs for actuators that cannot be given back because the journal is damaged."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import (
    CONF_ACTUATOR,
    CONF_BOILER,
    CONF_CLIMATE,
    CONF_PROTECTION,
    CONF_SETPOINT,
    CONF_VALVE,
    DOMAIN,
    SUBENTRY_ROOM,
)
from ..engine.model import Actuator
from .journal import ALL, Recovered, readable_entity_id


@callback
def report_damage(
    hass: HomeAssistant, entry: ConfigEntry[Any], recovered: Recovered
) -> None:
    """Raise a repair for each unreadable lease, and for a lost journal.

    They persist across restarts: only the user knows when the actuator is set right.
    """
    if recovered.lost:
        _raise(hass, entry, "leases_lost", "", {"entities": _actuators(entry)})
    for key, value in recovered.damaged.items():
        if key == ALL:
            continue
        if key in recovered.fresh:
            # An ignored repair was about earlier damage.
            ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, "lease_damaged", key))
        name = readable_entity_id(value) or _title(entry, key)
        _raise(hass, entry, "lease_damaged", key, {"entity_id": name})


def _raise(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    issue: str,
    key: str,
    placeholders: dict[str, str],
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue, key),
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"site": entry.title, **placeholders},
    )


def _issue_id(entry: ConfigEntry[Any], issue: str, key: str) -> str:
    return "_".join(part for part in (issue, entry.entry_id, key) if part)


def _title(entry: ConfigEntry[Any], key: str) -> str:
    """Return the name of the room that a lease belongs to."""
    subentry = entry.subentries.get(key)
    return subentry.title if subentry is not None else key


def _actuators(entry: ConfigEntry[Any]) -> str:
    """Return the entity IDs of all actuators that may have been on lease."""
    names = []
    for room in entry.get_subentries_of_type(SUBENTRY_ROOM):
        by_valve = room.data.get(CONF_ACTUATOR) != Actuator.SETPOINT
        names.append(room.data.get(CONF_VALVE if by_valve else CONF_CLIMATE))
    boiler = entry.data.get(CONF_BOILER)
    if isinstance(boiler, dict) and boiler.get(CONF_PROTECTION):
        names.append(boiler.get(CONF_SETPOINT))
    return ", ".join(str(name) for name in names if name) or "-"
