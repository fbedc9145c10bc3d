"""Config entries of other versions: migrates older ones, reports newer ones."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN

VERSION = 1
MINOR_VERSION = 1
"""Version of an entry. A higher minor version only adds fields, which are kept."""


@callback
def migrate(hass: HomeAssistant, entry: ConfigEntry[Any]) -> bool:
    """Migrate an entry; return whether this version can use it."""
    if entry.version > VERSION:
        raise_newer_version_issue(hass, entry)
        return False
    return True


@callback
def raise_newer_version_issues(hass: HomeAssistant) -> None:
    """Raise a repair for each site that Home Assistant will not even try to set up."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        if entry.version > VERSION:
            raise_newer_version_issue(hass, entry)


@callback
def raise_newer_version_issue(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Raise a repair for a site that a newer version has changed."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(entry),
        is_fixable=False,
        severity=ir.IssueSeverity.CRITICAL,
        translation_key="newer_version",
        translation_placeholders={"site": entry.title},
    )


@callback
def withdraw_newer_version_issue(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """Withdraw the repair once the site can be used."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(entry))


def _issue_id(entry: ConfigEntry[Any]) -> str:
    return f"newer_version_{entry.entry_id}"
