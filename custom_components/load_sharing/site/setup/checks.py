"""Checks of a form's entries that both halves use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.helpers import entity_registry as er

from ...const import DOMAIN
from ..readings import to_number

NUMERIC_DOMAINS = ("sensor", "number", "input_number")
"""Domains of the entities whose state can be a measurement."""

type Errors = dict[str, str]
"""Translation keys of errors, by the field of the form that shows them."""


def check_given(data: Mapping[str, Any], key: str) -> Errors:
    """Check that a number was entered that has no default.

    The form has it as optional, since the frontend fills in a required number with the
    least that is possible.
    """
    return {} if data.get(key) is not None else {key: "number_missing"}


def find_state(
    hass: HomeAssistant, entity_id: str, domains: Sequence[str]
) -> State | str:
    """Return the state of an entity of one of the domains, or the key of an error."""
    if split_entity_id(entity_id)[0] not in domains:
        return "wrong_domain"
    state = hass.states.get(entity_id)
    return "entity_not_found" if state is None else state


def check_entity(
    hass: HomeAssistant, entity_id: str, domains: Sequence[str]
) -> str | None:
    """Check that an entity exists and belongs to one of the domains."""
    state = find_state(hass, entity_id, domains)
    return state if isinstance(state, str) else None


def find_own(
    hass: HomeAssistant, data: Mapping[str, Any], keys: Sequence[str]
) -> Errors:
    """Return errors for entities of this integration: they would follow themselves."""
    registry = er.async_get(hass)
    return {
        key: "own_entity"
        for key in keys
        if (entry := registry.async_get(data.get(key) or ""))
        and entry.platform == DOMAIN
    }


def check_quantity(
    state: State,
    convert: Callable[[float, str | None], float | None],
    wrong_unit: str,
    parse: Callable[[State], float | None] = to_number,
) -> str | None:
    """Check that ``parse`` finds a number, in a unit that ``convert`` accepts.

    An entity that is unavailable passes if its unit is known and right.
    """
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    unavailable = state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN)
    if unit is None and unavailable:
        return "entity_unavailable"
    if convert(0.0, unit) is None:
        return wrong_unit
    if unavailable or parse(state) is not None:
        return None
    return "not_a_number"


def entities_in_use(
    hass: HomeAssistant, half: str, keys: Sequence[str], own_entry: ConfigEntry | None
) -> set[str]:
    """Return the entities that the other sites have in these fields of a half."""
    return {
        entry.data[half][key]
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry is not own_entry and half in entry.data
        for key in keys
        if entry.data[half].get(key)
    }


def other_subentries(
    hass: HomeAssistant, subentry_type: str, own_id: str | None
) -> Iterator[Mapping[str, Any]]:
    """Yield the data of all other subentries of a type, from every site."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for subentry in entry.get_subentries_of_type(subentry_type):
            if subentry.subentry_id != own_id:
                yield subentry.data
