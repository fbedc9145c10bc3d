"""Runs the user's own actions that set a valve."""

from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config

from ...const import DOMAIN

type ActionSequence = list[dict[str, Any]]

POSITION = "position"
"""Variable of the actions that has the opening in %."""


async def async_run(
    hass: HomeAssistant,
    entity_id: str,
    sequence: ActionSequence,
    position_pct: float,
    context: Context,
) -> None:
    """Run actions that set a valve; raises what they raise.

    ``entity_id`` shows the opening. It is a variable of the actions, too.
    """
    actions = await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(sequence))
    script = Script(hass, actions, entity_id, DOMAIN, log_exceptions=False)
    try:
        variables = {POSITION: round(position_pct), "valve_entity": entity_id}
        await script.async_run(variables, context)
    finally:
        await script.async_unload()
