"""Which controls a sequence of actions certainly calls."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
import pytest

from custom_components.load_sharing.charging.io.sequences import first_away

AWAY = "number.away"
SET = {"action": "number.set_value", "data": {"value": 6}}
CALL = SET | {"target": {"entity_id": AWAY}}
CONDITION = {"condition": "state", "entity_id": "switch.here", "state": "on"}


@pytest.mark.parametrize(
    "actions",
    [
        [CALL],
        [SET | {"target": {"entity_id": ["number.here", AWAY]}}],
        [SET | {"data": {"value": 6, "entity_id": AWAY}}],
        [SET | {"entity_id": AWAY}],
        [{"service": "number.set_value", "data": {"value": 6, "entity_id": AWAY}}],
        [{"delay": 1}, {"variables": {"a": 1}}, CALL],
        [{"if": [CONDITION], "then": []}, CALL],
        [SET | {"target": {"entity_id": "number.never_seen"}}],
        [{"action": "homeassistant.turn_on", "target": {"entity_id": "switch.gone"}}],
    ],
)
async def test_a_control_that_is_certainly_called(
    hass: HomeAssistant, actions: list[dict[str, Any]]
) -> None:
    """It is named, however the action names it, and whatever precedes it."""
    hass.states.async_set("number.here", "6")
    hass.states.async_set(AWAY, "unavailable")
    found = first_away(hass, cv.SCRIPT_SCHEMA(actions))
    assert found is not None
    assert found != "number.here"


@pytest.mark.parametrize(
    "actions",
    [
        [SET | {"target": {"entity_id": "number.here"}}],
        [CALL | {"continue_on_error": True}],
        [CALL | {"enabled": False}],
        [CONDITION, CALL],
        [{"stop": "enough"}, CALL],
        [{"wait_template": "{{ false }}"}, CALL],
        [{"if": [CONDITION], "then": [CALL]}],
        [SET | {"target": {"entity_id": "{{ 'number.away' }}"}}],
        [SET | {"target": "{{ {'entity_id': 'number.away'} }}"}],
        [SET | {"target": {"device_id": "abc"}}],
        [{"action": "light.turn_on", "target": {"entity_id": "light.away"}}],
        [{"action": "notify.send_message", "data": {"message": "hello"}}],
    ],
)
async def test_what_may_not_be_called_or_is_no_control(
    hass: HomeAssistant, actions: list[dict[str, Any]]
) -> None:
    """It is no failure of the command."""
    hass.states.async_set("number.here", "unknown")
    for entity_id in (AWAY, "light.away"):
        hass.states.async_set(entity_id, "unavailable")
    assert first_away(hass, cv.SCRIPT_SCHEMA(actions)) is None
