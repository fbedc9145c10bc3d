"""What is doubtful about a boiler or a room: an error that the user may confirm."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from ...const import (
    CONF_CLIMATE,
    CONF_FLOW,
    CONF_HOLD,
    CONF_PROTECTION,
    CONF_Q50,
    CONF_RETURN,
    CONF_SET_VALVE,
    CONF_SETPOINT,
    CONF_VALVE,
)
from ...site.setup.checks import Errors
from .limits import is_limit, is_rewritten
from .owners import entities_led_by_others


def doubt_boiler(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Return the doubts about a boiler.

    If it shows nothing of how hot its water is, its cycles are counted, but no room is
    ever opened. If its controller sends its setpoint again and again, lowering that does
    not hold the burner off.
    """
    setpoint = data.get(CONF_SETPOINT)
    if not setpoint and not (data.get(CONF_FLOW) and data.get(CONF_RETURN)):
        return {CONF_SETPOINT: "water_unknown"}
    lowers_it = data.get(CONF_PROTECTION) and not data.get(CONF_HOLD)
    if setpoint and lowers_it and is_rewritten(hass, setpoint):
        return {CONF_SETPOINT: "setpoint_rewritten"}
    return {}


def doubt_room(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Return the doubt about a thermostat that another one leads."""
    is_led = data.get(CONF_CLIMATE) in entities_led_by_others(hass)
    return {CONF_CLIMATE: "led_by_another"} if is_led else {}


def doubt_control(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Return the doubt about a valve that is not what it seems, or not ours to write.

    What the user's own actions do with it is up to them.
    """
    valve = data.get(CONF_VALVE)
    if not valve or CONF_SET_VALVE in data:
        return {}
    entry = er.async_get(hass).async_get(valve)
    if entry is not None and is_limit(entry):
        return {CONF_VALVE: "valve_is_limit"}
    if valve in entities_led_by_others(hass):
        return {CONF_VALVE: "led_by_another"}
    return {}


def doubt_sharing(data: Mapping[str, Any]) -> Errors:
    """Return the doubt about a room without a rating: it never shares."""
    return {} if data.get(CONF_Q50) else {CONF_Q50: "rating_missing"}
