"""Turns states and attributes into checked temperatures in °C."""

from typing import Any

from homeassistant.const import (
    ATTR_TEMPERATURE,
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNKNOWN,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util.unit_conversion import TemperatureConverter

from ...site.readings import known_state, to_number

type Bounds = tuple[float, float]
"""Lowest and highest plausible temperature in °C."""

ROOM_C: Bounds = (-20.0, 50.0)
WATER_C: Bounds = (0.0, 120.0)
PIPE_C: Bounds = (-40.0, 120.0)
SCHEDULED_C: Bounds = (5.0, 35.0)


def thermostat_state(hass: HomeAssistant, entity_id: str | None) -> State | None:
    """Return the state of a thermostat; None if it is missing or unavailable.

    Heads without modes show none: their state is ``unknown`` for ever, beside good
    temperatures (Danfoss Ally by zigbee2mqtt).
    """
    state = hass.states.get(entity_id) if entity_id else None
    if (
        state is not None
        and state.state == STATE_UNKNOWN
        and state.attributes.get(ATTR_TEMPERATURE) is not None
    ):
        return state
    return known_state(hass, entity_id)


def read_temperature(state: State | None, plausible_c: Bounds) -> float | None:
    """Return the temperature in °C that a sensor shows; None unless it is plausible."""
    if state is None:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return plausible_celsius(to_number(state), unit, plausible_c)


def read_attribute(
    state: State | None, attribute: str, unit: str, plausible_c: Bounds
) -> float | None:
    """Return the temperature in °C of an attribute; None unless it is plausible."""
    if state is None:
        return None
    return plausible_celsius(state.attributes.get(attribute), unit, plausible_c)


def plausible_celsius(
    value: Any, unit: str | None, plausible_c: Bounds
) -> float | None:
    """Convert to °C; None unless it is a number within the bounds, in a known unit."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    value_c = to_celsius(float(value), unit)
    lowest_c, highest_c = plausible_c
    if value_c is None or not lowest_c <= value_c <= highest_c:
        return None
    return value_c


def to_celsius(value: float, unit: str | None) -> float | None:
    """Convert a temperature to °C; None if the unit is not one of temperature."""
    if not isinstance(unit, str) or unit not in TemperatureConverter.VALID_UNITS:
        return None
    return TemperatureConverter.converter_factory(unit, UnitOfTemperature.CELSIUS)(
        value
    )
