"""Checks of the entities or actions that control a charger, and of its range."""

from collections.abc import Mapping, Sequence
import json
from typing import Any

from homeassistant.components.number import ATTR_MAX, ATTR_MIN, DOMAIN as NUMBER_DOMAIN
from homeassistant.components.select import ATTR_OPTIONS
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.core import HomeAssistant, State

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
    SUBENTRY_CHARGER,
)
from ...site.setup.actions import async_find_problem
from ...site.setup.checks import (
    Errors,
    check_entity,
    find_own,
    find_state,
    other_subentries,
)
from ..io.actuators import amperes_per_unit, currents_of
from ..wiring import mains_of

SELECT_DOMAINS = ("select", "input_select")


def check_number_control(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the number and the switch that control a charger."""
    errors: Errors = {}
    volts = mains_of(supply).volts(len(charger[CONF_PHASES]))
    can_pause = bool(data.get(CONF_SWITCH))
    error = _check_number(hass, data[CONF_NUMBER], volts, can_pause=can_pause)
    if error is not None:
        errors[CONF_NUMBER] = error
    _check_switch_and_use(hass, errors, data, CONF_NUMBER, own_subentry_id)
    return errors


def check_select_control(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the select, its pause option and the switch that control a charger."""
    errors: Errors = {}
    pause = data.get(CONF_PAUSE_OPTION)
    can_pause = bool(pause or data.get(CONF_SWITCH))
    state = find_state(hass, data[CONF_SELECT], SELECT_DOMAINS)
    if isinstance(state, str):
        errors[CONF_SELECT] = state
    elif error := _check_options(_options(state), charger, can_pause=can_pause):
        errors[CONF_SELECT] = error
    elif pause and pause not in _options(state):
        errors[CONF_PAUSE_OPTION] = "no_such_option"
    _check_switch_and_use(hass, errors, data, CONF_SELECT, own_subentry_id)
    return errors


def _check_switch_and_use(
    hass: HomeAssistant,
    errors: Errors,
    data: Mapping[str, Any],
    key: str,
    own_subentry_id: str | None,
) -> None:
    """Check the switch, and that no other charger uses it or the entity of ``key``."""
    entity_id, switch = data[key], data.get(CONF_SWITCH)
    if switch and (error := check_entity(hass, switch, (SWITCH_DOMAIN,))):
        errors[CONF_SWITCH] = error
    errors |= find_own(hass, data, (key, CONF_SWITCH))
    for other in other_subentries(hass, SUBENTRY_CHARGER, own_subentry_id):
        if entity_id == other.get(key):
            errors.setdefault(key, "charger_in_use")
        if switch and switch == other.get(CONF_SWITCH):
            errors.setdefault(CONF_SWITCH, "charger_in_use")


def _check_number(
    hass: HomeAssistant, entity_id: str, volts: float, *, can_pause: bool
) -> str | None:
    """Check the unit of a number, and that it can pause the charger.

    ``volts`` is the voltage times the number of phases. Without a switch to pause the
    charger, the number has to go down to 0. Its other bounds may change with the cable
    or the car, and are read whenever the charger is commanded.
    """
    state = find_state(hass, entity_id, (NUMBER_DOMAIN,))
    if isinstance(state, str):
        return state
    if amperes_per_unit(state, volts) is None:
        return "number_wrong_unit"
    lowest = state.attributes.get(ATTR_MIN)
    if lowest is None or state.attributes.get(ATTR_MAX) is None:
        return "entity_unavailable"
    if not can_pause and lowest > 0:
        return "cannot_pause"
    return None


def _options(state: State) -> Sequence[str]:
    """Return the options of a select; none while it is unavailable."""
    return state.attributes.get(ATTR_OPTIONS) or ()


def _check_options(
    options: Sequence[str], charger: Mapping[str, Any], *, can_pause: bool
) -> str | None:
    """Check that some option is a current within the range of the charger."""
    if not options:
        return "entity_unavailable"
    min_a, max_a = charger[CONF_MIN_CURRENT], charger[CONF_MAX_CURRENT]
    if not any(min_a <= current_a <= max_a for current_a in currents_of(options)):
        return "options_no_currents"
    return None if can_pause else "select_cannot_pause"


async def async_check_actions(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> tuple[Errors, str]:
    """Check the action sequences of a charger.

    Returns the errors, and why Home Assistant rejects a sequence if it does.
    """
    detail = ""
    errors: Errors = {}
    for key in (CONF_SET_CURRENT, CONF_START, CONF_STOP):
        if sequence := data.get(key):
            problem = await async_find_problem(hass, sequence)
            if problem is not None:
                errors[key] = "actions_invalid"
                detail = problem
    if not (set_current := data.get(CONF_SET_CURRENT)):
        errors[CONF_SET_CURRENT] = "actions_required"
    elif not any(
        word in json.dumps(set_current) for word in ("current_a", "current_w")
    ):
        errors.setdefault(CONF_SET_CURRENT, "actions_without_current")
    for other in other_subentries(hass, SUBENTRY_CHARGER, own_subentry_id):
        is_same = all(
            data.get(key) == other.get(key)
            for key in (CONF_SET_CURRENT, CONF_CHARGER_ID)
        )
        if is_same:
            errors.setdefault(CONF_SET_CURRENT, "charger_in_use")
    return errors, detail
