"""The gate for temperatures: a state becomes °C here, or nothing."""

from typing import TypeIs

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfTemperature,
)
from homeassistant.core import State
from homeassistant.util.unit_conversion import TemperatureConverter

from ...site.readings import to_number

ROOM_C = (-20.0, 50.0)
WATER_C = (0.0, 120.0)


def to_celsius(value: float, unit: str | None) -> float | None:
    """Convert a temperature to °C. None: the unit is none of a temperature."""
    if not isinstance(unit, str) or unit not in TemperatureConverter.VALID_UNITS:
        return None
    return TemperatureConverter.converter_factory(unit, UnitOfTemperature.CELSIUS)(
        value
    )


def read_temperature(
    state: State | None, plausible_c: tuple[float, float]
) -> float | None:
    """Check a sensor's state: a finite number, of a known unit, plausible."""
    if not is_known(state):
        return None
    value = to_number(state)
    if value is None:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return _plausible(to_celsius(value, unit), plausible_c)


def read_attribute(
    state: State | None, attribute: str, unit: str, plausible_c: tuple[float, float]
) -> float | None:
    """Check a thermostat's attribute, in the unit that Home Assistant shows."""
    if not is_known(state):
        return None
    value = state.attributes.get(attribute)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return _plausible(to_celsius(float(value), unit), plausible_c)


def is_known(state: State | None) -> TypeIs[State]:
    """Whether a state tells anything."""
    return state is not None and state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)


def _plausible(value_c: float | None, limits_c: tuple[float, float]) -> float | None:
    if value_c is None or not limits_c[0] <= value_c <= limits_c[1]:
        return None
    return value_c
