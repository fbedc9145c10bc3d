"""Runs the user's own action sequences that control one charger."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from homeassistant.const import (
    ATTR_ENTITY_ID,
    CONF_CONTINUE_ON_ERROR,
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
LASTS: Final = {
    cv.SCRIPT_ACTION_CHECK_CONDITION,
    cv.SCRIPT_ACTION_STOP,
    cv.SCRIPT_ACTION_WAIT_FOR_TRIGGER,
    cv.SCRIPT_ACTION_WAIT_TEMPLATE,
}
"""Actions that may be the last to run."""


class SequenceRunner:
    """Keeps the scripts of a charger's action sequences, and runs them."""

    def __init__(self, hass: HomeAssistant, name: str) -> None:
        """Start without a script. ``name`` is the charger's, for the log."""
        self._hass = hass
        self._name = name
        self._scripts: dict[str, Script] = {}

    def reaches(self, key: str) -> bool:
        """Return whether no control that a sequence calls is known to be away."""
        script = self._scripts.get(key)
        return script is None or first_away(self._hass, script.sequence) is None

    async def async_run(
        self,
        key: str,
        sequence: ActionSequence,
        variables: dict[str, Any],
        context: Context,
        *,
        only_whole: bool,
    ) -> None:
        """Run one action sequence; raises what it raises.

        Home Assistant skips an unavailable entity without an error, so that a command
        that never left would count as sent. If the sequence certainly calls such an
        entity, HomeAssistantError is raised: before anything runs if ``only_whole``,
        otherwise after the rest has run, as the rest may be what lowers the current.
        """
        if (script := self._scripts.get(key)) is None:
            script = self._scripts[key] = await self._async_prepare(key, sequence)
        away = first_away(self._hass, script.sequence)
        if away is None or not only_whole:
            await script.async_run(variables, context)
        if away is not None:
            raise unavailable_error(away)

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


def first_away(hass: HomeAssistant, actions: Sequence[dict[str, Any]]) -> str | None:
    """Return the first control that the actions certainly call and that is away."""
    for action in actions:
        kind = cv.determine_script_action(action)
        if kind in LASTS:
            return None
        if kind in CALLS and _counts(action):
            for entity_id in _called(action):
                if not is_available(hass, entity_id):
                    return entity_id
    return None


def _counts(action: dict[str, Any]) -> bool:
    """Return whether an action runs, and the user wants to know if it fails."""
    is_enabled = action.get(CONF_ENABLED, True) is True
    return is_enabled and not action.get(CONF_CONTINUE_ON_ERROR)


def _called(action: dict[str, Any]) -> Iterator[str]:
    """Yield the controls that an action calls by a fixed entity ID."""
    for holder in (action, action.get(CONF_TARGET), action.get(CONF_SERVICE_DATA)):
        if not isinstance(holder, dict):
            continue
        match holder.get(ATTR_ENTITY_ID):
            case str() as entity_id:
                entity_ids = [entity_id]
            case list() as entity_ids:
                pass
            case _:
                continue
        for entity_id in entity_ids:
            if isinstance(entity_id, str) and _is_control(entity_id):
                yield entity_id


def _is_control(entity_id: str) -> bool:
    return valid_entity_id(entity_id) and split_entity_id(entity_id)[0] in CONTROLS
