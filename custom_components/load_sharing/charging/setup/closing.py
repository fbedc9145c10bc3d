"""What the last dialog says of a new charger: what was understood, with live values."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant

from ...const import (
    CONF_CONTROL,
    CONF_LIMIT,
    CONF_MAX_CURRENT,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_PAUSE_OPTION,
    CONF_SWITCH,
    CONTROL_ACTIONS,
    INTEGRATION_PAGE,
)
from ...site.dashboard import view_of
from ...site.setup.flows import Closing
from ...site.setup.live import describe
from .live import amperes_taken


def close(
    hass: HomeAssistant,
    entry_id: str,
    supply: Mapping[str, Any],
    charger: Mapping[str, Any],
) -> Closing:
    """Return the text for a charger by how it is paused, and its placeholders."""
    meters = [
        describe(hass, supply[key], amperes_taken(supply))
        for key in CONF_METERS
        if supply.get(key)
    ]
    placeholders = {
        "limit": f"{supply[CONF_LIMIT]:g} A",
        "meter": ", ".join(meters),
        "least": f"{charger[CONF_MIN_CURRENT]:g}",
        "most": f"{charger[CONF_MAX_CURRENT]:g} A",
        "dashboard": view_of("charging", entry_id),
        "page": INTEGRATION_PAGE,
    }
    return Closing(_paused_by(charger), placeholders)


def _paused_by(charger: Mapping[str, Any]) -> str:
    """Return the key of the text: what pauses the charger."""
    if charger[CONF_CONTROL] == CONTROL_ACTIONS:
        return "paused_by_actions"
    if charger.get(CONF_SWITCH):
        return "paused_by_switch"
    return "paused_by_option" if charger.get(CONF_PAUSE_OPTION) else "paused_by_zero"
