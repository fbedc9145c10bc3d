"""Repairs for a half of a site that is down, or that lacks entities."""

from collections.abc import Mapping
import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from ..half import Half

_LOGGER = logging.getLogger(__name__)


@callback
def update_down_issue(
    hass: HomeAssistant, entry: ConfigEntry[Any], half: Half, error: Exception | None
) -> None:
    """Raise a repair for a half that failed, or withdraw it if there is no error."""
    issue_id = f"{half.name}_down_{entry.entry_id}"
    missing_id = f"{half.name}_entities_missing_{entry.entry_id}"
    ir.async_delete_issue(hass, DOMAIN, missing_id)
    if error is None:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    if not isinstance(error, HomeAssistantError):
        _LOGGER.error(
            "The %s of %s cannot be set up", half.name, entry.title, exc_info=error
        )
    placeholders = {"site": entry.title, "reason": _reason(error)}
    _raise(hass, issue_id, f"{half.name}_down", ir.IssueSeverity.CRITICAL, placeholders)


@callback
def raise_entities_missing_issue(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    half: Half,
    platform: Platform,
    error: Exception,
) -> None:
    """Raise a repair for a half that runs, but without its entities of a platform."""
    _LOGGER.error(
        "The %s of %s lacks its entities of the kind %s",
        half.name,
        entry.title,
        platform.value,
        exc_info=error,
    )
    issue_id = f"{half.name}_entities_missing_{entry.entry_id}"
    placeholders = {
        "site": entry.title,
        "reason": f"{platform.value}: {_reason(error)}",
    }
    _raise(hass, issue_id, "entities_missing", ir.IssueSeverity.ERROR, placeholders)


def as_entry_error(error: Exception) -> ConfigEntryError:
    """Return the error of a half as the reason why its site cannot be set up."""
    if isinstance(error, HomeAssistantError) and error.translation_key is not None:
        failure = ConfigEntryError(
            translation_domain=error.translation_domain,
            translation_key=error.translation_key,
            translation_placeholders=error.translation_placeholders,
        )
    else:
        failure = ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="cannot_be_set_up",
            translation_placeholders={"reason": _reason(error)},
        )
    failure.__cause__ = error
    return failure


def _reason(error: Exception) -> str:
    if isinstance(error, HomeAssistantError):
        return str(error)
    return f"{type(error).__name__}: {error}"


def _raise(
    hass: HomeAssistant,
    issue_id: str,
    key: str,
    severity: ir.IssueSeverity,
    placeholders: Mapping[str, str],
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        is_fixable=False,
        severity=severity,
        translation_key=key,
        translation_placeholders=dict(placeholders),
    )
