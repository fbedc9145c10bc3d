"""Cleans up after the heating of a site that is removed."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from .io.journal import LeaseJournal
from .io.journal_repairs import report_damage


async def async_remove_leases(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Delete the journal of the leases; raise a repair for each that is still held."""
    journal = LeaseJournal(hass, entry.entry_id)
    recovered = await journal.async_load()
    report_damage(hass, entry, recovered)
    for lease in recovered.leases.values():
        ir.async_create_issue(
            hass,
            DOMAIN,
            f"not_given_back_{lease['entity_id']}",
            is_fixable=False,
            is_persistent=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key="not_given_back",
            translation_placeholders={
                "entity_id": lease["entity_id"],
                "value": f"{lease['prior']:g}",
                "site": entry.title,
            },
        )
    await journal.async_remove()
