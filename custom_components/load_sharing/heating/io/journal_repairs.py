"""Repairs for what cannot be given back, since its entry in the journal is damaged."""

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
from .journal import ALL, Found, legible_entity


@callback
def tell_of_damage(hass: HomeAssistant, entry: ConfigEntry[Any], found: Found) -> None:
    """Raise a repair for each lease that cannot be read, and for a journal that is lost.

    They outlast a restart: nobody but a person knows when they are mended.
    """
    if found.lost:
        _raise(hass, entry, "leases_lost", "", {"entities": _actuators(entry)})
    for key, value in found.damaged.items():
        if key == ALL:
            continue
        if key in found.fresh:
            # If it is ignored, that was about former damage.
            ir.async_delete_issue(hass, DOMAIN, _issue_id(entry, "lease_damaged", key))
        name = legible_entity(value) or _title(entry, key)
        _raise(hass, entry, "lease_damaged", key, {"entity_id": name})


def _raise(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    issue: str,
    about: str,
    told: dict[str, str],
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry, issue, about),
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key=issue,
        translation_placeholders={"site": entry.title, **told},
    )


def _issue_id(entry: ConfigEntry[Any], issue: str, about: str) -> str:
    return "_".join(name for name in (issue, entry.entry_id, about) if name)


def _title(entry: ConfigEntry[Any], key: str) -> str:
    """Name what a lease is of by its room, at least."""
    subentry = entry.subentries.get(key)
    return subentry.title if subentry is not None else key


def _actuators(entry: ConfigEntry[Any]) -> str:
    """Name all that may have been on loan."""
    names = []
    for room in entry.get_subentries_of_type(SUBENTRY_ROOM):
        by_valve = room.data.get(CONF_ACTUATOR) == Actuator.VALVE
        names.append(room.data.get(CONF_VALVE if by_valve else CONF_CLIMATE))
    boiler = entry.data.get(CONF_BOILER)
    if isinstance(boiler, dict) and boiler.get(CONF_PROTECTION):
        names.append(boiler.get(CONF_SETPOINT))
    return ", ".join(str(name) for name in names if name) or "-"
