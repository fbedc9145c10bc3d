"""Checks of what a user enters: each returns the key of an error, or None."""

from collections.abc import Iterator, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, split_entity_id

from ...const import (
    CONF_CIRCUIT,
    CONF_DRAWS,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_FIRST_PHASE,
    CONF_MAX_CURRENT,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_SUPPLY,
    CONF_TOTAL,
    DOMAIN,
    PHASES,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)
from ...site.readings import to_amperes, to_number
from ..config import phases_of

MEASURING_DOMAINS = ("sensor", "number", "input_number")
STATUS_DOMAINS = ("sensor", "binary_sensor", "select", "input_select")

type Errors = dict[str, str]


def check_measurement(hass: HomeAssistant, entity_id: str) -> str | None:
    """Check a sensor of a current or a power."""
    if split_entity_id(entity_id)[0] not in MEASURING_DOMAINS:
        return "wrong_domain"
    if (state := hass.states.get(entity_id)) is None:
        return "entity_not_found"
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if unit is None and state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return "entity_unavailable"
    if to_amperes(0.0, unit, 1.0) is None:
        return "wrong_unit"
    if state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
        return None
    return "not_a_number" if to_number(state) is None else None


def check_status(hass: HomeAssistant, entity_id: str) -> str | None:
    """Check a charger's status sensor."""
    if split_entity_id(entity_id)[0] not in STATUS_DOMAINS:
        return "wrong_domain"
    return None if hass.states.get(entity_id) else "entity_not_found"


def check_meters(
    hass: HomeAssistant, data: Mapping[str, Any], own_entry: ConfigEntry | None
) -> Errors:
    """Check the supply's sensors: one, or one for each of three phases."""
    errors: Errors = {}
    chosen = {key: data[key] for key in CONF_METERS if data.get(key)}
    if data.get(CONF_TOTAL) and len(chosen) > 1:
        errors[CONF_TOTAL] = "total_and_phases"
    elif len(chosen) == 2:
        missing = next(key for key in CONF_METERS if key not in chosen)
        errors[missing] = "one_or_three"
    taken = {
        entry.data[CONF_SUPPLY].get(key)
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not own_entry and CONF_SUPPLY in entry.data
        for key in CONF_METERS
    }
    seen: set[str] = set()
    for key, entity_id in chosen.items():
        error = check_measurement(hass, entity_id)
        if error is None and entity_id in seen:
            error = "same_twice"
        if error is None and entity_id in taken:
            error = "meter_in_use"
        if error is not None:
            errors[key] = error
        seen.add(entity_id)
    external = data.get(CONF_EXTERNAL)
    if external and (error := check_measurement(hass, external)):
        errors[CONF_EXTERNAL] = error
    return errors


def check_exports(
    hass: HomeAssistant, data: Mapping[str, Any], supply: Mapping[str, Any]
) -> Errors:
    """Check the sensors of what a supply exports: one beside each of its meters."""
    errors: Errors = {}
    taken = [supply.get(key) for key in CONF_METERS]
    for key in CONF_EXPORTS:
        if not (entity_id := data.get(key)):
            continue
        error = check_measurement(hass, entity_id)
        if error is None and entity_id in taken:
            error = "same_twice"
        if error is not None:
            errors[key] = error
        taken.append(entity_id)
    return errors


def check_circuit(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    entry: ConfigEntry,
    own_subentry_id: str | None,
) -> Errors:
    """Check a circuit: its meter on all of its phases or none, and nobody else's."""
    errors: Errors = {}
    chosen = {key: data[key] for key in CONF_METERS if data.get(key)}
    keys = [CONF_METERS[PHASES.index(phase)] for phase in data[CONF_PHASES]]
    if not keys:
        return {CONF_PHASES: "no_phase"}
    for key in CONF_METERS:
        if key in chosen and key not in keys:
            errors[key] = "not_its_phase"
        elif chosen and key in keys and key not in chosen:
            errors[key] = "all_or_none"
    taken = [entry.data[CONF_SUPPLY].get(key) for key in CONF_METERS]
    for other in entry.get_subentries_of_type(SUBENTRY_CIRCUIT):
        if other.subentry_id != own_subentry_id:
            taken += [other.data.get(key) for key in CONF_METERS]
    for key, entity_id in chosen.items():
        error = check_measurement(hass, entity_id)
        if error is None and list(chosen.values()).count(entity_id) > 1:
            error = "same_twice"
        if error is None and entity_id in taken:
            error = "meter_in_use"
        if error is not None:
            errors.setdefault(key, error)
    for charger in entry.get_subentries_of_type(SUBENTRY_CHARGER):
        on_it = own_subentry_id and charger.data.get(CONF_CIRCUIT) == own_subentry_id
        if on_it and not set(charger.data[CONF_PHASES]) <= set(data[CONF_PHASES]):
            errors.setdefault(CONF_PHASES, "phase_in_use")
    return errors


def check_charger_on_circuit(entry: ConfigEntry, data: Mapping[str, Any]) -> Errors:
    """Check that a charger is wired to phases that its circuit has."""
    for circuit in entry.get_subentries_of_type(SUBENTRY_CIRCUIT):
        if circuit.subentry_id == data.get(CONF_CIRCUIT) and not (
            set(data[CONF_PHASES]) <= set(circuit.data[CONF_PHASES])
        ):
            return {CONF_CIRCUIT: "circuit_lacks_phase"}
    return {}


def check_wiring(data: Mapping[str, Any]) -> Errors:
    """Check on which phases of the supply a charger is."""
    if not data[CONF_PHASES]:
        return {CONF_PHASES: "no_phase"}
    first = data.get(CONF_FIRST_PHASE)
    if first and first not in data[CONF_PHASES]:
        return {CONF_FIRST_PHASE: "first_phase_elsewhere"}
    return {}


def check_phases_in_use(entry: ConfigEntry, data: Mapping[str, Any]) -> Errors:
    """Check that no charger is on a phase that would no longer be measured."""
    measured = PHASES[: phases_of(data)]
    for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER):
        for phase in subentry.data[CONF_PHASES]:
            if phase not in measured:
                return {CONF_METERS[PHASES.index(phase)]: "phase_in_use"}
    return {}


def check_range(charger: Mapping[str, Any]) -> Errors:
    """Check that a charger's smallest current is within its rating."""
    if charger[CONF_MIN_CURRENT] > charger[CONF_MAX_CURRENT]:
        return {CONF_MIN_CURRENT: "min_above_max"}
    return {}


def check_draws(
    hass: HomeAssistant,
    chosen: Mapping[str, Any],
    charger: Mapping[str, Any],
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the sensors of what a charger takes: one for all its phases, or one each."""
    errors: Errors = {}
    keys = CONF_DRAWS[: len(charger[CONF_PHASES])]
    given = [key for key in keys if chosen.get(key)]
    entities = [chosen[key] for key in given]
    for key in given:
        if error := _check_draw(hass, chosen[key], supply, own_subentry_id):
            errors[key] = error
        elif entities.count(chosen[key]) > 1:
            errors[key] = "same_twice"
    for key in keys:
        if given not in ([], [CONF_DRAWS[0]]) and key not in given:
            errors[key] = "draw_missing"
    return errors


def _check_draw(
    hass: HomeAssistant,
    entity_id: str,
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> str | None:
    """Check the sensor of what a charger takes: not that of the house, nor another's."""
    if error := check_measurement(hass, entity_id):
        return error
    if entity_id in [supply.get(key) for key in (*CONF_METERS, *CONF_EXPORTS)]:
        return "draw_is_meter"
    others = other_chargers(hass, own_subentry_id)
    if any(entity_id == other.get(key) for other in others for key in CONF_DRAWS):
        return "charger_in_use"
    return None


def other_chargers(
    hass: HomeAssistant, own_subentry_id: str | None
) -> Iterator[Mapping[str, Any]]:
    """Configurations of all other chargers, of any site."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in entry.get_subentries_of_type(SUBENTRY_CHARGER):
            if subentry.subentry_id != own_subentry_id:
                yield subentry.data
