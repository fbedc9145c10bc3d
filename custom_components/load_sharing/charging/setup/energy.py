"""Finds the meter that the Energy dashboard has as its grid connection."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.energy import DOMAIN as ENERGY, async_get_manager
from homeassistant.core import HomeAssistant

from ...const import (
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_METERS,
    EXPORT_NEGATIVE,
    EXPORT_POSITIVE,
    EXPORT_SEPARATE,
)
from .meters import FoundMeter


async def async_find_grid(hass: HomeAssistant) -> dict[str, FoundMeter]:
    """Return the grid connections with a power sensor, by that sensor.

    They measure all phases together.
    """
    if ENERGY not in hass.config.components:
        return {}
    preferences = (await async_get_manager(hass)).data
    found: dict[str, FoundMeter] = {}
    for source in preferences["energy_sources"] if preferences else ():
        if source["type"] != "grid":
            continue
        fields = _fields(source)
        sensor = fields.get(CONF_METERS[0])
        if sensor and (state := hass.states.get(sensor)) is not None:
            found[sensor] = FoundMeter(f"{state.name} (Energy)", fields)
    return found


def _fields(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form fields of a grid connection; none without a power sensor.

    ``power_config`` has the user's sensors: one in either direction, or one for each.
    """
    powers = source.get("power_config") or {}
    if "stat_rate_from" in powers:
        return {
            CONF_METERS[0]: powers["stat_rate_from"],
            CONF_EXPORTS[0]: powers["stat_rate_to"],
            CONF_EXPORT_SIGN: EXPORT_SEPARATE,
        }
    if inverted := powers.get("stat_rate_inverted"):
        return {CONF_METERS[0]: inverted, CONF_EXPORT_SIGN: EXPORT_POSITIVE}
    if sensor := powers.get("stat_rate") or source.get("stat_rate"):
        return {CONF_METERS[0]: sensor, CONF_EXPORT_SIGN: EXPORT_NEGATIVE}
    return {}
