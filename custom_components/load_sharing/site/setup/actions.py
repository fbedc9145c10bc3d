"""Checks the action sequences that a user enters in a form."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import async_validate_actions_config
import voluptuous as vol


async def async_find_problem(hass: HomeAssistant, sequence: Any) -> str | None:
    """Return why Home Assistant rejects an action sequence; None if it accepts it."""
    try:
        await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(sequence))
    except (vol.Invalid, HomeAssistantError) as error:
        return str(error)
    return None
