"""Checks of a boiler and a room: each returns its errors by field."""

from collections.abc import Mapping
import json
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    UnitOfRatio,
)
from homeassistant.core import HomeAssistant, State, split_entity_id

from ...const import (
    CONF_ACTUATOR,
    CONF_BOILER,
    CONF_BOILER_COOLDOWN,
    CONF_BOILER_ON,
    CONF_BURNER,
    CONF_CLIMATE,
    CONF_DEMAND,
    CONF_DEMAND_ENTITY,
    CONF_DHW,
    CONF_FLOW,
    CONF_HOLD,
    CONF_PIPE,
    CONF_PROTECTION,
    CONF_RETURN,
    CONF_SCHEDULE,
    CONF_SET_VALVE,
    CONF_SETPOINT,
    CONF_TARGET,
    CONF_TEMPERATURE,
    CONF_VALVE,
    CONF_WINDOW,
    CONF_ZERO_MODULATION,
    SUBENTRY_ROOM,
)
from ...site.setup.actions import async_find_problem
from ...site.setup.checks import (
    NUMERIC_DOMAINS,
    Errors,
    check_quantity,
    entities_in_use,
    find_state,
    other_subentries,
)
from ..config import DemandSource
from ..engine.model import Actuator
from ..io.action_sequence import POSITION
from ..io.schedule_sources import is_schedule
from ..io.switching import is_on
from ..io.temperatures import to_celsius

_ON_OFF_DOMAINS = ("binary_sensor", "switch", "input_boolean")
_THERMOSTAT_DOMAINS = ("climate", "water_heater")
_WHOLE_SCHEDULES = ("schedule", "calendar")
_NEXT_SWITCHING = ("climate", "switch", "sensor", "input_datetime")
POSITION_VALVES = ("valve", "cover")
SWITCH_VALVES = ("switch", "input_boolean")

ENTITY_DOMAINS: Mapping[str, tuple[str, ...]] = {
    CONF_BURNER: (*_ON_OFF_DOMAINS, "sensor"),
    CONF_FLOW: NUMERIC_DOMAINS,
    CONF_RETURN: NUMERIC_DOMAINS,
    CONF_SETPOINT: (*NUMERIC_DOMAINS, *_THERMOSTAT_DOMAINS),
    CONF_DHW: (*_ON_OFF_DOMAINS, "sensor"),
    CONF_BOILER_ON: (*_ON_OFF_DOMAINS, *_THERMOSTAT_DOMAINS),
    CONF_PIPE: NUMERIC_DOMAINS,
    CONF_BOILER_COOLDOWN: ("binary_sensor", "input_boolean", "counter", "sensor"),
    CONF_HOLD: ("switch", "input_boolean", "number", "input_number", "climate"),
    CONF_CLIMATE: ("climate",),
    CONF_TEMPERATURE: NUMERIC_DOMAINS,
    CONF_TARGET: NUMERIC_DOMAINS,
    CONF_WINDOW: _ON_OFF_DOMAINS,
    CONF_VALVE: ("number", "input_number", *POSITION_VALVES, *SWITCH_VALVES),
    CONF_DEMAND_ENTITY: (*_ON_OFF_DOMAINS, "sensor", "number", "input_number"),
    CONF_SCHEDULE: (*_WHOLE_SCHEDULES, *_NEXT_SWITCHING),
}
"""Domains that each field of the forms accepts."""

_TEMPERATURES = (
    CONF_FLOW,
    CONF_RETURN,
    CONF_PIPE,
    CONF_SETPOINT,
    CONF_TEMPERATURE,
    CONF_TARGET,
)
_SWITCHES = (CONF_BURNER, CONF_DHW, CONF_BOILER_ON, CONF_WINDOW, CONF_DEMAND_ENTITY)
SET_POSITION = 4
"""Bit of the supported features of a valve or cover: it can be set to a position.

Forms import nothing of other integrations.
"""


def check_boiler(
    hass: HomeAssistant, data: Mapping[str, Any], own_entry: ConfigEntry | None
) -> Errors:
    """Check the entities of a boiler, and that they suffice for what is switched on."""
    errors = check_entities(hass, data)
    if data.get(CONF_FLOW) and data.get(CONF_FLOW) == data.get(CONF_RETURN):
        errors.setdefault(CONF_RETURN, "same_twice")
    if not data.get(CONF_BURNER) and not data.get(CONF_BOILER_COOLDOWN):
        errors[CONF_BURNER] = "no_evidence_source"
    is_open = not data.get(CONF_ZERO_MODULATION)
    if is_open and _shows_modulation(hass, data.get(CONF_BURNER)):
        errors[CONF_ZERO_MODULATION] = "zero_modulation_open"
    exclusive = (CONF_BURNER, CONF_SETPOINT, CONF_HOLD)
    in_use = entities_in_use(hass, CONF_BOILER, exclusive, own_entry)
    for key in exclusive:
        if data.get(key) in in_use:
            errors.setdefault(key, "boiler_in_use")
    if data[CONF_PROTECTION]:
        errors = _check_protection(data) | errors
    return errors


def _shows_modulation(hass: HomeAssistant, entity_id: str | None) -> bool:
    """Return whether an entity shows a percentage, so that its 0 has two meanings."""
    state = hass.states.get(entity_id) if entity_id else None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state else None
    return unit == UnitOfRatio.PERCENTAGE


def _check_protection(data: Mapping[str, Any]) -> Errors:
    """Check that the burner can be held off, and the cooling water can be measured."""
    setpoint = data.get(CONF_SETPOINT)
    if not data.get(CONF_HOLD) and (
        not setpoint or split_entity_id(setpoint)[0] == "sensor"
    ):
        return {CONF_SETPOINT: "setpoint_not_writable"}
    if not data.get(CONF_FLOW) and not data.get(CONF_RETURN):
        return {CONF_FLOW: "protection_needs_temperature"}
    return {}


def check_room(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> Errors:
    """Check the thermostat of a room, or the entities that replace it."""
    errors = check_entities(hass, data)
    if CONF_CLIMATE not in data:
        for key in (CONF_TEMPERATURE, CONF_TARGET):
            if key not in data:
                errors[key] = "climate_or_both"
        if data[CONF_ACTUATOR] == Actuator.SETPOINT:
            errors[CONF_ACTUATOR] = "needs_climate"
        if data[CONF_DEMAND] == DemandSource.HVAC_ACTION:
            errors[CONF_DEMAND] = "needs_climate"
    return errors | _check_in_use(hass, data, own_subentry_id, CONF_CLIMATE)


async def async_check_control(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> tuple[Errors, str]:
    """Check the valve of a room, its actions, and the entity that signals its call.

    Returns the errors, and why Home Assistant rejects the actions if it does.
    """
    detail = ""
    errors = check_entities(hass, data)
    if CONF_SET_VALVE in data:
        if not data[CONF_SET_VALVE]:
            errors[CONF_SET_VALVE] = "actions_required"
        elif problem := await async_find_problem(hass, data[CONF_SET_VALVE]):
            errors[CONF_SET_VALVE], detail = "actions_invalid", problem
        elif POSITION not in json.dumps(data[CONF_SET_VALVE]):
            errors[CONF_SET_VALVE] = "actions_without_position"
    return errors | _check_in_use(hass, data, own_subentry_id, CONF_VALVE), detail


def check_entities(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Check every entity that was entered in a form of a boiler or a room."""
    errors: Errors = {}
    for key, domains in ENTITY_DOMAINS.items():
        if not (entity_id := data.get(key)):
            continue
        only_shows = key == CONF_VALVE and CONF_SET_VALVE in data
        state = find_state(hass, entity_id, NUMERIC_DOMAINS if only_shows else domains)
        if isinstance(state, str):
            errors[key] = state
        elif error := _check_state(key, state):
            errors[key] = error
    return errors


def _check_state(key: str, state: State) -> str | None:
    """Check that what an entity shows suits the field."""
    if key in _TEMPERATURES:
        return check_temperature(state)
    if key in _SWITCHES:
        domain = split_entity_id(state.entity_id)[0]
        is_readable = domain in _THERMOSTAT_DOMAINS or is_on(state) is not None
        return None if is_readable else "not_on_or_off"
    if key == CONF_SCHEDULE:
        domain = split_entity_id(state.entity_id)[0]
        is_readable = domain in _WHOLE_SCHEDULES or is_schedule(state)
        return None if is_readable else "no_switching_time"
    return _check_valve(state) if key == CONF_VALVE else None


def check_temperature(state: State) -> str | None:
    """Check that an entity has a temperature, which every thermostat does."""
    if split_entity_id(state.entity_id)[0] in _THERMOSTAT_DOMAINS:
        return None
    return check_quantity(state, to_celsius, "not_a_temperature")


def _check_valve(state: State) -> str | None:
    """Check that a valve can be set to an opening in percent, or is a switch."""
    domain = split_entity_id(state.entity_id)[0]
    if domain in SWITCH_VALVES:
        return "wrong_domain" if is_on(state) is None else None
    if domain in POSITION_VALVES:
        features = state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
        return None if features & SET_POSITION else "valve_without_position"
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    percent = (None, "", UnitOfRatio.PERCENTAGE)
    return None if unit in percent else "valve_not_in_percent"


def _check_in_use(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    own_subentry_id: str | None,
    key: str,
) -> Errors:
    """Check that no other room has the same entity in a field.

    Only a thermostat may be that of several radiators, each with a valve of its own.
    """
    others = other_subentries(hass, SUBENTRY_ROOM, own_subentry_id)
    for other in others:
        valves = Actuator.SETPOINT not in (
            data.get(CONF_ACTUATOR),
            other.get(CONF_ACTUATOR),
        )
        if (
            data.get(key)
            and data[key] == other.get(key)
            and not (key == CONF_CLIMATE and valves)
        ):
            return {key: "room_in_use"}
    return {}
