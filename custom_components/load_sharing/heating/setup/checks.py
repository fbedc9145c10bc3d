"""Checks of what a user enters of the boiler and a room."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    ATTR_SUPPORTED_FEATURES,
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfRatio,
)
from homeassistant.core import HomeAssistant, State, split_entity_id

from ...charging.setup.checks import Errors
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
    CONF_PROTECTION,
    CONF_RETURN,
    CONF_SCHEDULE,
    CONF_SETPOINT,
    CONF_TARGET,
    CONF_TEMPERATURE,
    CONF_VALVE,
    DOMAIN,
    SUBENTRY_ROOM,
)
from ...site.readings import to_number
from ..config import DemandSource
from ..engine.model import Actuator
from ..io.temperatures import to_celsius

CLIMATE_DOMAINS = ("climate",)
THERMOSTAT_DOMAINS = ("climate", "water_heater")
NUMBER_DOMAINS = ("number", "input_number")
TEMPERATURE_DOMAINS = ("sensor", *NUMBER_DOMAINS)
TARGET_DOMAINS = TEMPERATURE_DOMAINS
CONDITION_DOMAINS = ("binary_sensor", "switch", "input_boolean")
MODULATION_DOMAINS = ("sensor",)
SWITCH_DOMAINS = (*CONDITION_DOMAINS, *THERMOSTAT_DOMAINS)
SETPOINT_DOMAINS = (*TEMPERATURE_DOMAINS, *THERMOSTAT_DOMAINS)
COOLDOWN_DOMAINS = ("binary_sensor", "input_boolean", "counter", "sensor")
VALVE_DOMAINS = (*NUMBER_DOMAINS, "valve")
VALVE_SET_POSITION = 4
"""Bit of a valve's supported features; forms import nothing of other integrations."""
SCHEDULE_DOMAINS = ("schedule",)

_BOILER_DOMAINS = {
    CONF_BURNER: (*CONDITION_DOMAINS, *MODULATION_DOMAINS),
    CONF_FLOW: TEMPERATURE_DOMAINS,
    CONF_RETURN: TEMPERATURE_DOMAINS,
    CONF_SETPOINT: SETPOINT_DOMAINS,
    CONF_DHW: (*CONDITION_DOMAINS, *MODULATION_DOMAINS),
    CONF_BOILER_ON: SWITCH_DOMAINS,
    CONF_BOILER_COOLDOWN: COOLDOWN_DOMAINS,
}
_TEMPERATURES = (
    CONF_FLOW,
    CONF_RETURN,
    CONF_SETPOINT,
    CONF_TEMPERATURE,
    CONF_TARGET,
)
_ROOM_DOMAINS = {
    CONF_CLIMATE: CLIMATE_DOMAINS,
    CONF_TEMPERATURE: TEMPERATURE_DOMAINS,
    CONF_TARGET: TARGET_DOMAINS,
    CONF_VALVE: VALVE_DOMAINS,
    CONF_DEMAND_ENTITY: CONDITION_DOMAINS,
    CONF_SCHEDULE: SCHEDULE_DOMAINS,
}


def check_boiler(
    hass: HomeAssistant, data: Mapping[str, Any], own_entry: ConfigEntry | None
) -> Errors:
    """Check the boiler's entities, and that they suffice for what is wanted."""
    errors = _check_entities(hass, data, _BOILER_DOMAINS)
    if data.get(CONF_FLOW) and data.get(CONF_FLOW) == data.get(CONF_RETURN):
        errors.setdefault(CONF_RETURN, "same_twice")
    if not data.get(CONF_BURNER) and not data.get(CONF_BOILER_COOLDOWN):
        errors[CONF_BURNER] = "no_evidence_source"
    taken = {
        entry.data[CONF_BOILER].get(key)
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not own_entry and CONF_BOILER in entry.data
        for key in (CONF_BURNER, CONF_SETPOINT)
    }
    for key in (CONF_BURNER, CONF_SETPOINT):
        if data.get(key) and data[key] in taken:
            errors.setdefault(key, "boiler_in_use")
    if data[CONF_PROTECTION]:
        errors = _check_protection(data) | errors
    return errors


def _check_protection(data: Mapping[str, Any]) -> Errors:
    """Lowering the setpoint takes one that can be set, and a way to see it cool."""
    setpoint = data.get(CONF_SETPOINT)
    if not setpoint or split_entity_id(setpoint)[0] == "sensor":
        return {CONF_SETPOINT: "setpoint_not_writable"}
    if not data.get(CONF_FLOW) and not data.get(CONF_RETURN):
        return {CONF_FLOW: "protection_needs_temperature"}
    return {}


def check_room(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> Errors:
    """Check how a room's temperature is known, and how it is opened."""
    errors = _check_entities(hass, data, _ROOM_DOMAINS)
    if CONF_CLIMATE not in data:
        for key in (CONF_TEMPERATURE, CONF_TARGET):
            if key not in data:
                errors[key] = "climate_or_both"
        if data[CONF_ACTUATOR] == Actuator.SETPOINT:
            errors[CONF_ACTUATOR] = "needs_climate"
        if data[CONF_DEMAND] == DemandSource.HVAC_ACTION:
            errors[CONF_DEMAND] = "needs_climate"
    return errors | _check_in_use(hass, data, own_subentry_id, CONF_CLIMATE)


def check_control(
    hass: HomeAssistant, data: Mapping[str, Any], own_subentry_id: str | None
) -> Errors:
    """Check a room's valve, and what tells that it calls."""
    errors = _check_entities(hass, data, _ROOM_DOMAINS)
    if CONF_VALVE in data and CONF_VALVE not in errors:
        state = hass.states.get(data[CONF_VALVE])
        if state is not None and (error := _check_valve(state)):
            errors[CONF_VALVE] = error
    return errors | _check_in_use(hass, data, own_subentry_id, CONF_VALVE)


def check_sharing(hass: HomeAssistant, data: Mapping[str, Any]) -> Errors:
    """Check a room's schedule."""
    return _check_entities(hass, data, _ROOM_DOMAINS)


def _check_entities(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    domains: Mapping[str, tuple[str, ...]],
) -> Errors:
    errors: Errors = {}
    for key, allowed in domains.items():
        if not (entity_id := data.get(key)):
            continue
        if split_entity_id(entity_id)[0] not in allowed:
            errors[key] = "wrong_domain"
        elif (state := hass.states.get(entity_id)) is None:
            errors[key] = "entity_not_found"
        elif key in _TEMPERATURES and (error := check_temperature(state)):
            errors[key] = error
    return errors


def check_temperature(state: State) -> str | None:
    """Check that an entity gives a temperature; a thermostat does by its nature."""
    if split_entity_id(state.entity_id)[0] in THERMOSTAT_DOMAINS:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    unknown = state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN)
    if unit is None and unknown:
        return "entity_unavailable"
    if to_celsius(0.0, unit) is None:
        return "not_a_temperature"
    return None if unknown or to_number(state) is not None else "not_a_number"


def _check_valve(state: State) -> str | None:
    """Check that a valve can be set to any opening."""
    if split_entity_id(state.entity_id)[0] == "valve":
        features = state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
        if not features & VALVE_SET_POSITION:
            return "valve_without_position"
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return None if unit in (None, UnitOfRatio.PERCENTAGE) else "valve_not_in_percent"


def _check_in_use(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    own_subentry_id: str | None,
    key: str,
) -> Errors:
    if data.get(key) and any(
        data[key] == other.get(key) for other in _other_rooms(hass, own_subentry_id)
    ):
        return {key: "room_in_use"}
    return {}


def _other_rooms(
    hass: HomeAssistant, own_subentry_id: str | None
) -> Iterator[Mapping[str, Any]]:
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in entry.get_subentries_of_type(SUBENTRY_ROOM):
            if subentry.subentry_id != own_subentry_id:
                yield subentry.data
