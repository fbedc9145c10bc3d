"""Guesses from a device what controls a charger, and what shows its state.

A guess only fills in a form. A wrong one costs a look, so an entity is left out where
its name does not say what it is for.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
import re
from typing import Any

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.components.select import ATTR_OPTIONS, DOMAIN as SELECT_DOMAIN
from homeassistant.components.sensor import DOMAIN as SENSOR_DOMAIN
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_NAME
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ...const import (
    CONF_CHARGING_STATES,
    CONF_CONTROL,
    CONF_DRAWS,
    CONF_MAX_CURRENT,
    CONF_NUMBER,
    CONF_SELECT,
    CONF_STATUS,
    CONF_SWITCH,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    DOMAIN,
)
from ..io.actuators import currents_of
from ..io.units import is_current, is_power
from .discovery import maximum

_LIMIT = re.compile(r"charg|current|limit|max|amp", re.IGNORECASE)
_OTHER_LIMIT = re.compile(
    r"min|fall.?back|fail.?safe|offline|default|grid|house|home|fuse|circuit|battery"
    r"|discharg",
    re.IGNORECASE,
)
_ENABLES = re.compile(r"charg|enabl|allow|start", re.IGNORECASE)
_OTHER_SWITCH = re.compile(
    r"paus|stop|lock|\bleds?\b|schedul|boost|smart|eco|solar|plug|cable|authori"
    r"|discharg",
    re.IGNORECASE,
)
_STATUS = re.compile(r"stat(?:us|e)|mode", re.IGNORECASE)
_DRAW = re.compile(r"power|current|draw", re.IGNORECASE)
_OTHER_DRAW = re.compile(
    r"max|min|limit|offer|avail|set|target|house|home|grid|solar|total|session|battery",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Part:
    """An entity of the device: its state, and its name without that of the device."""

    state: State
    name: str

    @property
    def unit(self) -> str | None:
        """Its unit."""
        unit: str | None = self.state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        return unit

    def says(self, what: re.Pattern[str], other: re.Pattern[str]) -> bool:
        """Return whether its name says what it is for, and nothing else."""
        return bool(what.search(self.name)) and not other.search(self.name)


type _Test = Callable[[_Part], bool]


def is_own_device(hass: HomeAssistant, device_id: str) -> bool:
    """Return whether a device is how this integration shows a charger or a site."""
    device = dr.async_get(hass).async_get(device_id)
    return device is not None and any(
        identifier[0] == DOMAIN for identifier in device.identifiers
    )


def guess_fields(hass: HomeAssistant, device_id: str, control: str) -> dict[str, Any]:
    """Return the form fields that the entities of a device may stand for.

    ``control`` is what the user chose. A device that has only a select is driven by it.
    """
    device = dr.async_get(hass).async_get(device_id)
    if device is None:
        return {CONF_CONTROL: control}
    name = device.name_by_user or device.name or ""
    parts = list(_parts(hass, device_id, name))
    fields: dict[str, Any] = {
        CONF_CONTROL: control,
        CONF_NAME: name,
        CONF_NUMBER: _only(parts, NUMBER_DOMAIN, _is_limit),
        CONF_SELECT: _only(parts, SELECT_DOMAIN, _has_currents),
        CONF_SWITCH: _only(parts, SWITCH_DOMAIN, _enables_charging),
        CONF_STATUS: _only(parts, SENSOR_DOMAIN, _is_status),
        CONF_DRAWS[0]: _only(parts, SENSOR_DOMAIN, _is_draw),
    }
    if status := hass.states.get(fields[CONF_STATUS] or ""):
        fields[CONF_CHARGING_STATES] = _charging_states(status)
    if control == CONTROL_NUMBER and not fields[CONF_NUMBER] and fields[CONF_SELECT]:
        fields[CONF_CONTROL] = CONTROL_SELECT
    fields[CONF_MAX_CURRENT] = maximum(hass, fields[CONF_NUMBER])
    return {key: value for key, value in fields.items() if value}


def _parts(hass: HomeAssistant, device_id: str, device_name: str) -> Iterator[_Part]:
    """Yield the entities of a device."""
    for entry in er.async_entries_for_device(er.async_get(hass), device_id):
        if (state := hass.states.get(entry.entity_id)) is not None:
            yield _Part(state, state.name.removeprefix(device_name))


def _only(parts: Iterable[_Part], domain: str, test: _Test) -> str | None:
    """Return the one entity of a domain that passes a test; None if several do."""
    found = [
        part.state.entity_id
        for part in parts
        if part.state.domain == domain and test(part)
    ]
    return found[0] if len(found) == 1 else None


def _is_limit(part: _Part) -> bool:
    return is_current(part.unit) and part.says(_LIMIT, _OTHER_LIMIT)


def _has_currents(part: _Part) -> bool:
    return len(currents_of(part.state.attributes.get(ATTR_OPTIONS) or ())) > 1


def _enables_charging(part: _Part) -> bool:
    return not _OTHER_SWITCH.search(part.name) and (
        not part.name.strip() or bool(_ENABLES.search(part.name))
    )


def _is_status(part: _Part) -> bool:
    return bool(_STATUS.search(part.name)) and bool(_charging_states(part.state))


def _charging_states(state: State) -> list[str]:
    """Return the states that mean that a car charges, of a sensor that lists its own."""
    options = state.attributes.get(ATTR_OPTIONS) or [state.state]
    return [option for option in options if option.casefold() == "charging"]


def _is_draw(part: _Part) -> bool:
    measures = is_power(part.unit) or is_current(part.unit)
    return measures and part.says(_DRAW, _OTHER_DRAW)
