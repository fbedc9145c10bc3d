"""Runs the user's own action sequences that control one charger."""

from collections.abc import Sequence
from typing import Any, Final

from homeassistant.const import (
    ATTR_ENTITY_ID,
    CONF_ENABLED,
    CONF_SERVICE_DATA,
    CONF_TARGET,
)
from homeassistant.core import Context, HomeAssistant, split_entity_id, valid_entity_id
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config

from ...const import DOMAIN
from ...site.entity_calls import unavailable_error
from ..controls import ActionSequence
from .actuators import is_available

CONTROLS: Final = {"button", "number", "select", "switch"}
"""Domains of the entities that set a charger."""

CALLS: Final = {cv.SCRIPT_ACTION_CALL_SERVICE, cv.SCRIPT_ACTION_DEVICE_AUTOMATION}
REACH_NOTHING: Final = {cv.SCRIPT_ACTION_DELAY, cv.SCRIPT_ACTION_VARIABLES}


class SequenceRunner:
    """Keeps the scripts of a charger's action sequences, and runs them."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Start without a script. ``name`` is the charger's, for the log."""
        self._hass = hass
        self._name = name
        self._scripts: dict[str, Script] = {}

    def reaches(self, key: str) -> bool:
        """Return whether a sequence may reach the charger, as far as that is known."""
        script = self._scripts.get(key)
        return script is None or all_away(self._hass, script.sequence) is None

    async def async_run(
        self,
        key: str,
        sequence: ActionSequence,
        variables: dict[str, Any],
        context: Context,
    ) -> None:
        """Run one action sequence; raises what it raises.

        Home Assistant skips an unavailable entity without an error, so that a command
        that never left would count as sent. HomeAssistantError is raised if a sequence
        calls nothing but such entities.
        """
        if (script := self._scripts.get(key)) is None:
            script = self._scripts[key] = await self._async_prepare(key, sequence)
        if (entity_id := all_away(self._hass, script.sequence)) is not None:
            raise unavailable_error(entity_id)
        await script.async_run(variables, context)

    async def _async_prepare(self, key: str, sequence: ActionSequence) -> Script:
        """Make a script of an action sequence when it first runs.

        At start-up, what the sequence refers to may not exist yet. Then this call fails
        like any other, and a later one may succeed.
        """
        actions = await async_validate_actions_config(
            self._hass, cv.SCRIPT_SCHEMA(sequence)
        )
        # The caller reports an error, so the script must not log it as well.
        name = f"{self._name} {key}"
        return Script(self._hass, actions, name, DOMAIN, log_exceptions=False)

    async def async_unload(self) -> None:
        """Unload the scripts."""
        for script in self._scripts.values():
            await script.async_unload()


def all_away(hass: HomeAssistant, actions: Sequence[dict[str, Any]]) -> str | None:
    """Return a control that is away if the actions call nothing else; None otherwise.

    Where any other action may run, it may be what sets the charger.
    """
    away: str | None = None
    for action in actions:
        kind = cv.determine_script_action(action)
        if kind in REACH_NOTHING or action.get(CONF_ENABLED) is False:
            continue
        called = _called(action) if kind in CALLS else []
        if not called or any(is_available(hass, entity_id) for entity_id in called):
            return None
        away = away or called[0]
    return away


def _called(action: dict[str, Any]) -> list[str]:
    """Return the controls that an action calls, if it calls them by fixed entity IDs."""
    called: list[str] = []
    for holder in (action, action.get(CONF_TARGET), action.get(CONF_SERVICE_DATA)):
        if not isinstance(holder, dict):
            continue
        match holder.get(ATTR_ENTITY_ID):
            case None:
                continue
            case str() as entity_id:
                called.append(entity_id)
            case list() as entity_ids:
                called += entity_ids
            case _:
                return []
    return called if all(map(_is_control, called)) else []


def _is_control(entity_id: object) -> bool:
    return (
        isinstance(entity_id, str)
        and valid_entity_id(entity_id)
        and split_entity_id(entity_id)[0] in CONTROLS
    )
