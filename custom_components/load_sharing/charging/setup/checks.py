"""Checks of a supply, a circuit and a charger: each returns its errors by field."""

from collections.abc import Collection, Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant

from ...const import (
    CONF_CIRCUIT,
    CONF_DRAWS,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_FIRST_PHASE,
    CONF_MAX_CURRENT,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_OFFERED,
    CONF_PHASES,
    CONF_PRESENCE,
    CONF_STATUS,
    CONF_SUPPLY,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONF_VOLTAGE_ENTITY,
    CONF_WIRING,
    PHASES,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)
from ...site.readings import has_value
from ...site.setup.checks import (
    NUMERIC_DOMAINS,
    Errors,
    check_entity,
    check_quantity,
    entities_in_use,
    find_own,
    find_state,
    other_subentries,
)
from ..engine.mains import Mains, Wiring
from ..engine.voltage import is_plausible
from ..io.presence import PRESENCE_DOMAINS
from ..io.units import is_current, to_amperes, to_measured, to_volts
from ..wiring import (
    SupplyKind,
    export_keys,
    fits_meters,
    lacks_second_phase,
    mains_of,
    names,
)

STATUS_DOMAINS = ("sensor", "binary_sensor", "select", "input_select")


def check_measurement(hass: HomeAssistant, entity_id: str) -> str | None:
    """Check that an entity measures a current or a power."""
    state = find_state(hass, entity_id, NUMERIC_DOMAINS)
    if isinstance(state, str):
        return state
    return check_quantity(state, _to_amperes_at_1_v, "wrong_unit", to_measured)


def _to_amperes_at_1_v(value: float, unit: str | None) -> float | None:
    """Convert a current, or a power at 1 V: only the unit matters to a check."""
    return to_amperes(value, unit, volts=1.0)


def check_voltage(hass: HomeAssistant, entity_id: str, entered_v: float) -> str | None:
    """Check that an entity measures about the voltage that was entered."""
    state = find_state(hass, entity_id, NUMERIC_DOMAINS)
    if isinstance(state, str):
        return state
    if error := check_quantity(state, to_volts, "not_a_voltage", to_measured):
        return error
    if not has_value(state):
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    measured_v = to_volts(to_measured(state) or 0.0, unit)
    plausible = measured_v is not None and is_plausible(measured_v, entered_v)
    return None if plausible else "other_voltage"


def check_supply(
    hass: HomeAssistant, data: Mapping[str, Any], own_entry: ConfigEntry | None
) -> Errors:
    """Check the sensors of a supply, and that its chargers keep their phases."""
    errors: Errors = {}
    meters = {key: data[key] for key in CONF_METERS if data.get(key)}
    if data.get(CONF_TOTAL) and len(meters) > 1:
        errors[CONF_TOTAL] = "total_and_phases"
    elif not fits_meters(mains := mains_of(data)):
        without_neutral = mains.wiring is Wiring.NO_NEUTRAL
        errors[CONF_WIRING] = (
            "no_neutral_one_sensor" if without_neutral else "split_phase_two_sensors"
        )
    in_use = entities_in_use(hass, CONF_SUPPLY, CONF_METERS, own_entry)
    before: set[str] = set()
    for key, entity_id in meters.items():
        if error := _check_meter(hass, entity_id, before, in_use):
            errors[key] = error
        before.add(entity_id)
    errors |= find_own(hass, meters, CONF_METERS)
    external = data.get(CONF_EXTERNAL)
    if external and (error := check_measurement(hass, external)):
        errors[CONF_EXTERNAL] = error
    voltage = data.get(CONF_VOLTAGE_ENTITY)
    if voltage and (error := check_voltage(hass, voltage, data[CONF_VOLTAGE])):
        errors[CONF_VOLTAGE_ENTITY] = error
    if own_entry is not None:
        errors |= _check_phases_in_use(own_entry, data)
    return errors


def check_phases(kind: SupplyKind | None, data: Mapping[str, Any]) -> Errors:
    """Check that a new supply has the meters that its kind needs."""
    several = kind in (SupplyKind.THREE_PHASES, SupplyKind.SPLIT_PHASE)
    if several and not any(data.get(key) for key in CONF_METERS[1:]):
        return {CONF_METERS[1]: "phases_missing"}
    return {}


def _check_meter(
    hass: HomeAssistant,
    entity_id: str,
    same_meter: Collection[str | None],
    in_use: Collection[str | None] = (),
) -> str | None:
    """Check one sensor of a meter, also against the meter's other sensors."""
    if error := check_measurement(hass, entity_id):
        return error
    if entity_id in same_meter:
        return "same_twice"
    return "meter_in_use" if entity_id in in_use else None


def _check_phases_in_use(entry: ConfigEntry, data: Mapping[str, Any]) -> Errors:
    """Check that all chargers and circuits can stay on the phases they are wired to."""
    mains = mains_of(data)
    measured = names(mains)
    for subentry in entry.subentries.values():
        for phase in subentry.data.get(CONF_PHASES, ()):
            if phase not in measured:
                return {CONF_METERS[PHASES.index(phase)]: "phase_in_use"}
    for charger in entry.get_subentries_of_type(SUBENTRY_CHARGER):
        if lacks_second_phase(mains, charger.data[CONF_PHASES]):
            return {CONF_WIRING: "one_phase_charger"}
    return {}


def check_exports(
    hass: HomeAssistant, data: Mapping[str, Any], supply: Mapping[str, Any]
) -> Errors:
    """Check the sensors of the exported power or current.

    There is one for each meter, or one for all, which shows the direction of currents.
    """
    errors: Errors = {}
    keys = export_keys(supply)
    given = [key for key in keys if data.get(key)]
    if given == keys[:1] and _are_currents(hass, supply):
        keys = given
    if given and given != keys:
        missing = next(key for key in keys if key not in given)
        errors[missing] = "export_per_phase"
    same_meter = [supply.get(key) for key in CONF_METERS]
    for key in CONF_EXPORTS:
        if not (entity_id := data.get(key)):
            continue
        if error := _check_meter(hass, entity_id, same_meter):
            errors[key] = error
        same_meter.append(entity_id)
    return errors


def _are_currents(hass: HomeAssistant, supply: Mapping[str, Any]) -> bool:
    """Return whether the meter's sensors measure currents, and not powers."""
    states = [hass.states.get(supply[key]) for key in CONF_METERS if supply.get(key)]
    units = [
        state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) for state in states if state
    ]
    return all(is_current(unit) for unit in units)


def check_circuit(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    entry: ConfigEntry,
    own_subentry_id: str | None,
) -> Errors:
    """Check that a circuit has its own meter on all of its phases, or on none.

    One sensor is enough for a circuit between two phases or legs, without a neutral.
    """
    if not data[CONF_PHASES]:
        return {CONF_PHASES: "no_phase"}
    errors: Errors = {}
    meters = {key: data[key] for key in CONF_METERS if data.get(key)}
    phase_keys = [CONF_METERS[PHASES.index(phase)] for phase in data[CONF_PHASES]]
    mains = mains_of(entry.data[CONF_SUPPLY])
    between_two = mains.wiring is not Wiring.NEUTRAL and len(phase_keys) == 2
    if between_two and list(meters) == [min(phase_keys)]:
        phase_keys = list(meters)
    for key in CONF_METERS:
        if key in meters and key not in phase_keys:
            errors[key] = "not_its_phase"
        elif meters and key in phase_keys and key not in meters:
            errors[key] = "all_or_none"
    in_use = [entry.data[CONF_SUPPLY].get(key) for key in CONF_METERS]
    for circuit in entry.get_subentries_of_type(SUBENTRY_CIRCUIT):
        if circuit.subentry_id != own_subentry_id:
            in_use += [circuit.data.get(key) for key in CONF_METERS]
    for key, entity_id in meters.items():
        others = [meters[other] for other in meters if other != key]
        if error := _check_meter(hass, entity_id, others, in_use):
            errors.setdefault(key, error)
    for charger in entry.get_subentries_of_type(SUBENTRY_CHARGER):
        is_on_it = own_subentry_id and charger.data.get(CONF_CIRCUIT) == own_subentry_id
        if is_on_it and not set(charger.data[CONF_PHASES]) <= set(data[CONF_PHASES]):
            errors.setdefault(CONF_PHASES, "phase_in_use")
    return errors


def check_charger(entry: ConfigEntry, data: Mapping[str, Any]) -> Errors:
    """Check the range of a charger, its phases and its circuit."""
    mains = mains_of(entry.data[CONF_SUPPLY])
    wiring = _check_wiring(mains, data)
    return check_range(data) | wiring | _check_circuit_phases(entry, data)


def check_range(data: Mapping[str, Any]) -> Errors:
    """Check that the minimum current of a charger is within its rating."""
    if data[CONF_MIN_CURRENT] > data[CONF_MAX_CURRENT]:
        return {CONF_MIN_CURRENT: "min_above_max"}
    return {}


def _check_wiring(mains: Mains, data: Mapping[str, Any]) -> Errors:
    """Check that a charger has enough phases, and that its L1 is one of them."""
    if not data[CONF_PHASES]:
        return {CONF_PHASES: "no_phase"}
    if lacks_second_phase(mains, data[CONF_PHASES]):
        return {CONF_PHASES: "two_phases_needed"}
    first = data.get(CONF_FIRST_PHASE)
    if first and first not in data[CONF_PHASES]:
        return {CONF_FIRST_PHASE: "first_phase_elsewhere"}
    return {}


def _check_circuit_phases(entry: ConfigEntry, data: Mapping[str, Any]) -> Errors:
    """Check that the circuit of a charger has all of the charger's phases."""
    for circuit in entry.get_subentries_of_type(SUBENTRY_CIRCUIT):
        if circuit.subentry_id == data.get(CONF_CIRCUIT) and not (
            set(data[CONF_PHASES]) <= set(circuit.data[CONF_PHASES])
        ):
            return {CONF_CIRCUIT: "circuit_lacks_phase"}
    return {}


def check_feedback(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check the entities that show what a charger does, and where its car is."""
    errors: Errors = {}
    status = data.get(CONF_STATUS)
    if status and (error := check_entity(hass, status, STATUS_DOMAINS)):
        errors[CONF_STATUS] = error
    errors |= _check_draws(hass, data, charger, supply, own_subentry_id)
    offered = data.get(CONF_OFFERED)
    if offered and (error := check_measurement(hass, offered)):
        errors[CONF_OFFERED] = error
    presence = data.get(CONF_PRESENCE)
    if presence and (error := check_entity(hass, presence, PRESENCE_DOMAINS)):
        errors[CONF_PRESENCE] = error
    return errors | find_own(hass, data, (CONF_STATUS, *CONF_DRAWS, CONF_OFFERED))


def _check_draws(
    hass: HomeAssistant,
    data: Mapping[str, Any],
    charger: Mapping[str, Any],
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> Errors:
    """Check that one draw sensor covers all phases, or that each phase has one."""
    errors: Errors = {}
    phase_keys = CONF_DRAWS[: len(charger[CONF_PHASES])]
    draws = {key: data[key] for key in phase_keys if data.get(key)}
    for key, entity_id in draws.items():
        if error := _check_draw(hass, entity_id, supply, own_subentry_id):
            errors[key] = error
        elif list(draws.values()).count(entity_id) > 1:
            errors[key] = "same_twice"
    for key in phase_keys:
        if list(draws) not in ([], [CONF_DRAWS[0]]) and key not in draws:
            errors[key] = "draw_missing"
    return errors


def _check_draw(
    hass: HomeAssistant,
    entity_id: str,
    supply: Mapping[str, Any],
    own_subentry_id: str | None,
) -> str | None:
    """Check that a draw sensor is neither the supply's nor another charger's."""
    if error := check_measurement(hass, entity_id):
        return error
    if entity_id in [supply.get(key) for key in (*CONF_METERS, *CONF_EXPORTS)]:
        return "draw_is_meter"
    others = other_subentries(hass, SUBENTRY_CHARGER, own_subentry_id)
    if any(entity_id == other.get(key) for other in others for key in CONF_DRAWS):
        return "charger_in_use"
    return None
