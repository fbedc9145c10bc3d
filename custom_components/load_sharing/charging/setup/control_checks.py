"""Checks of what drives a charger: each returns errors by the field they belong to."""

from collections.abc import Mapping, Sequence
import json
from typing import Any

from homeassistant.components.number import ATTR_MAX, ATTR_MIN, DOMAIN as NUMBER_DOMAIN
from homeassistant.components.select import ATTR_OPTIONS
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import async_validate_actions_config
import voluptuous as vol

from ...const import (
    CONF_CHARGER_ID,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_NUMBER,
    CONF_PAUSE_OPTION,
    CONF_PHASES,
    CONF_SELECT,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STOP,
    CONF_SWITCH,
    CONF_VOLTAGE,
)
from ..config import ActionSequence
from ..io.dials import amperes_per_unit, currents_of
from .checks import Errors, other_chargers

SELECT_DOMAINS = ("select", "input_select")

ROUNDING_A = 0.01
"""A number in W has no exact limits in A."""


def check_number_control(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the number and the switch that drive a charger."""
    errors: Errors = {}
    volts = supply[CONF_VOLTAGE] * len(charger[CONF_PHASES])
    can_pause = bool(data.get(CONF_SWITCH))
    error = _check_number(hass, data[CONF_NUMBER], charger, volts, can_pause=can_pause)
    if error is not None:
        errors[CONF_NUMBER] = error
    return _check_entities(hass, errors, data, CONF_NUMBER, own_subentry_id)


def check_select_control(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the select, its option that pauses, and the switch that drive a charger."""
    errors: Errors = {}
    pause = data.get(CONF_PAUSE_OPTION)
    can_pause = bool(pause or data.get(CONF_SWITCH))
    error = _check_select(hass, data[CONF_SELECT], charger, can_pause=can_pause)
    if error is not None:
        errors[CONF_SELECT] = error
    elif pause and pause not in _options(hass, data[CONF_SELECT]):
        errors[CONF_PAUSE_OPTION] = "no_such_option"
    return _check_entities(hass, errors, data, CONF_SELECT, own_subentry_id)


def _check_entities(
    hass: HomeAssistant,
    errors: Errors,
    data: Mapping[str, Any],
    key: str,
    own_subentry_id: str | None,
) -> Errors:
    """Check the switch, and that neither it nor the other entity drives a charger."""
    entity_id, switch = data[key], data.get(CONF_SWITCH)
    if switch and split_entity_id(switch)[0] != SWITCH_DOMAIN:
        errors[CONF_SWITCH] = "wrong_domain"
    elif switch and hass.states.get(switch) is None:
        errors[CONF_SWITCH] = "entity_not_found"
    for other in other_chargers(hass, own_subentry_id):
        if entity_id == other.get(key):
            errors.setdefault(key, "charger_in_use")
        if switch and switch == other.get(CONF_SWITCH):
            errors.setdefault(CONF_SWITCH, "charger_in_use")
    return errors


def _check_number(
    hass: HomeAssistant,
    entity_id: str,
    charger: Mapping[str, Any],
    volts: float,
    *,
    can_pause: bool,
) -> str | None:
    if split_entity_id(entity_id)[0] != NUMBER_DOMAIN:
        return "wrong_domain"
    if (state := hass.states.get(entity_id)) is None:
        return "entity_not_found"
    if (per_unit_a := amperes_per_unit(state, volts)) is None:
        return "number_wrong_unit"
    lowest = state.attributes.get(ATTR_MIN)
    highest = state.attributes.get(ATTR_MAX)
    if lowest is None or highest is None:
        return "entity_unavailable"
    if not can_pause and lowest > 0:
        return "cannot_pause"
    lowest_a, highest_a = lowest * per_unit_a, highest * per_unit_a
    if (
        charger[CONF_MIN_CURRENT] < lowest_a - ROUNDING_A
        or charger[CONF_MAX_CURRENT] > highest_a + ROUNDING_A
    ):
        return "number_range"
    return None


def _check_select(
    hass: HomeAssistant, entity_id: str, charger: Mapping[str, Any], *, can_pause: bool
) -> str | None:
    if split_entity_id(entity_id)[0] not in SELECT_DOMAINS:
        return "wrong_domain"
    if hass.states.get(entity_id) is None:
        return "entity_not_found"
    if not (options := _options(hass, entity_id)):
        return "entity_unavailable"
    lowest_a, highest_a = charger[CONF_MIN_CURRENT], charger[CONF_MAX_CURRENT]
    if not any(lowest_a <= level_a <= highest_a for level_a in currents_of(options)):
        return "options_no_currents"
    return None if can_pause else "select_cannot_pause"


def _options(hass: HomeAssistant, entity_id: str) -> Sequence[str]:
    """Options of a select."""
    state = hass.states.get(entity_id)
    return () if state is None else state.attributes.get(ATTR_OPTIONS) or ()


async def async_check_actions(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> tuple[Errors, str]:
    """Check a charger's action sequences; also returns what is wrong with one."""
    detail = ""
    errors: Errors = {}
    for key in (CONF_SET_CURRENT, CONF_START, CONF_STOP):
        if sequence := data.get(key):
            problem = await _async_find_problem(hass, sequence)
            if problem is not None:
                errors[key] = "actions_invalid"
                detail = problem
    if not (set_current := data.get(CONF_SET_CURRENT)):
        errors[CONF_SET_CURRENT] = "actions_required"
    elif not any(
        word in json.dumps(set_current) for word in ("current_a", "current_w")
    ):
        errors.setdefault(CONF_SET_CURRENT, "actions_without_current")
    for other in other_chargers(hass, own_subentry_id):
        same = all(
            data.get(key) == other.get(key)
            for key in (CONF_SET_CURRENT, CONF_CHARGER_ID)
        )
        if same:
            errors.setdefault(CONF_SET_CURRENT, "charger_in_use")
    return errors, detail


async def _async_find_problem(
    hass: HomeAssistant, sequence: ActionSequence
) -> str | None:
    try:
        await async_validate_actions_config(hass, cv.SCRIPT_SCHEMA(sequence))
    except (vol.Invalid, HomeAssistantError) as error:
        return str(error)
    return None
