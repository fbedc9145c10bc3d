"""Whether a sequence of actions can reach anything."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import pytest

from custom_components.load_sharing.charging.io.sequences import all_away

AWAY = "number.away"
SET = {"action": "number.set_value", "data": {"value": 6}}
CALL = SET | {"target": {"entity_id": AWAY}}
CONDITION = {"condition": "state", "entity_id": "switch.here", "state": "on"}
PUBLISH = {"action": "mqtt.publish", "data": {"topic": "a", "payload": "6"}}
HERE = SET | {"target": {"entity_id": "number.here"}}


@pytest.mark.parametrize(
    "actions",
    [
        [CALL],
        [SET | {"data": {"value": 6, "entity_id": AWAY}}],
        [SET | {"entity_id": AWAY}],
        [{"service": "number.set_value", "data": {"value": 6, "entity_id": AWAY}}],
        [{"delay": 1}, {"variables": {"a": 1}}, CALL],
        [CALL, {"action": "switch.turn_off", "target": {"entity_id": "switch.gone"}}],
        [SET | {"target": {"entity_id": "number.never_seen"}}],
        [SET | {"target": {"entity_id": [AWAY, "number.never_seen"]}}],
        [PUBLISH | {"enabled": False}, CALL],
        [CALL | {"continue_on_error": True}],
        [{"action": "homeassistant.turn_on", "target": {"entity_id": "switch.gone"}}],
    ],
)
async def test_nothing_that_is_called_is_there(
    hass: HomeAssistant, actions: list[dict[str, Any]]
) -> None:
    """However the action names it, and whatever else runs without reaching anything."""
    hass.states.async_set("number.here", "6")
    hass.states.async_set(AWAY, "unavailable")
    assert all_away(hass, cv.SCRIPT_SCHEMA(actions)) is not None


@pytest.mark.parametrize(
    "actions",
    [
        [HERE],
        [CALL, HERE],
        [HERE, CALL],
        [SET | {"target": {"entity_id": ["number.here", AWAY]}}],
        [CALL, PUBLISH],
        [CALL | {"enabled": False}],
        [CALL | {"enabled": "{{ false }}"}, PUBLISH],
        [CONDITION, CALL],
        [{"stop": "enough"}, CALL],
        [{"wait_template": "{{ false }}"}, CALL],
        [CALL, {"if": [CONDITION], "then": [PUBLISH]}],
        [SET | {"target": {"entity_id": "{{ 'number.away' }}"}}],
        [SET | {"target": {"entity_id": [AWAY, "{{ 'number.here' }}"]}}],
        [SET | {"target": "{{ {'entity_id': 'number.away'} }}"}],
        [SET | {"target": {"device_id": "abc"}}],
        [{"action": "light.turn_on", "target": {"entity_id": "light.away"}}],
        [],
    ],
)
async def test_something_may_reach_the_charger(
    hass: HomeAssistant, actions: list[dict[str, Any]]
) -> None:
    """Then the sequence runs, and counts as sent."""
    hass.states.async_set("number.here", "unknown")
    for entity_id in (AWAY, "light.away"):
        hass.states.async_set(entity_id, "unavailable")
    assert all_away(hass, cv.SCRIPT_SCHEMA(actions)) is None
