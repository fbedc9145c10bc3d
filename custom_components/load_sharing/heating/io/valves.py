"""Actuators: valves in %, and setpoints in °C, behind one interface."""

from enum import StrEnum
from typing import Any, Protocol

from homeassistant.components.climate import (
    ATTR_MAX_TEMP,
    ATTR_MIN_TEMP,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    ATTR_TARGET_TEMP_STEP,
    ATTR_TEMPERATURE,
    DOMAIN as CLIMATE_DOMAIN,
)
from homeassistant.components.number import ATTR_MAX, ATTR_MIN, ATTR_STEP, ATTR_VALUE
from homeassistant.components.valve import (
    ATTR_CURRENT_POSITION,
    ATTR_POSITION,
    DOMAIN as VALVE_DOMAIN,
)
from homeassistant.components.water_heater import DOMAIN as WATER_HEATER_DOMAIN
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_UNIT_OF_MEASUREMENT,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import Context, HomeAssistant, State, split_entity_id
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.unit_conversion import TemperatureConverter

from ...const import DOMAIN
from ...site.actions import SET_TEMPERATURE, SET_VALUE, SET_VALVE_POSITION
from ...site.readings import to_number
from ..engine.lease import BOILER_SETPOINT, SETPOINT, VALVE, Handling
from .temperatures import (
    ROOM_C,
    WATER_C,
    is_known,
    read_attribute,
    read_temperature,
    to_celsius,
)

THERMOSTATS = (CLIMATE_DOMAIN, WATER_HEATER_DOMAIN)


class DialKind(StrEnum):
    """What an actuator is to us."""

    VALVE = "valve"
    SETPOINT = "setpoint"
    BOILER = "boiler"


HANDLINGS = {
    DialKind.VALVE: VALVE,
    DialKind.SETPOINT: SETPOINT,
    DialKind.BOILER: BOILER_SETPOINT,
}


class Dial(Protocol):
    """An actuator that can be read and set, in % or °C."""

    entity_id: str
    kind: DialKind
    handling: Handling

    def read(self) -> float | None:
        """What it shows; None while that is not known."""

    def fit(self, value: float) -> float:
        """What it will show once it is set to that: it has steps and a range."""

    async def async_write(self, value: float, context: Context) -> None:
        """Set it; raises HomeAssistantError when it cannot be."""


class _EntityDial:
    """What all actuators have in common."""

    def __init__(self, hass: HomeAssistant, entity_id: str, kind: DialKind) -> None:
        """Name the entity."""
        self._hass = hass
        self.entity_id = entity_id
        self.kind = kind
        self.handling = HANDLINGS[kind]

    def _state(self) -> State | None:
        state = self._hass.states.get(self.entity_id)
        return state if is_known(state) else None

    def _required_state(self) -> State:
        """Home Assistant skips an entity that is unavailable without a word."""
        if (state := self._state()) is None:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="control_unavailable",
                translation_placeholders={"entity_id": self.entity_id},
            )
        return state

    async def _call(
        self, domain: str, service: str, data: dict[str, Any], context: Context
    ) -> None:
        await self._hass.services.async_call(
            domain,
            service,
            {ATTR_ENTITY_ID: self.entity_id, **data},
            blocking=True,
            context=context,
        )


class NumberDial(_EntityDial):
    """A number in %; or of another range, which is then all of 0 to 100 %."""

    def read(self) -> float | None:
        """Opening in %."""
        if (state := self._state()) is None or (value := to_number(state)) is None:
            return None
        low, high = _range(state)
        return 100 * (value - low) / (high - low)

    def fit(self, value: float) -> float:
        """Opening in % that it can have."""
        if (state := self._state()) is None:
            return value
        low, high = _range(state)
        return 100 * (self._own(value, state) - low) / (high - low)

    @staticmethod
    def _own(value: float, state: State) -> float:
        low, high = _range(state)
        own = low + value / 100 * (high - low)
        return _fit(own, state.attributes, ATTR_MIN, ATTR_MAX, ATTR_STEP)

    async def async_write(self, value: float, context: Context) -> None:
        """Set the opening in %."""
        data = {ATTR_VALUE: self._own(value, self._required_state())}
        domain = split_entity_id(self.entity_id)[0]
        await self._call(domain, SET_VALUE, data, context)


class ValveDial(_EntityDial):
    """A valve entity that knows its position."""

    def read(self) -> float | None:
        """Opening in %."""
        state = self._state()
        position = state.attributes.get(ATTR_CURRENT_POSITION) if state else None
        return float(position) if isinstance(position, int | float) else None

    def fit(self, value: float) -> float:
        """Whole %."""
        return float(round(value))

    async def async_write(self, value: float, context: Context) -> None:
        """Set the opening in %."""
        self._required_state()
        await self._call(
            VALVE_DOMAIN,
            SET_VALVE_POSITION,
            {ATTR_POSITION: round(value)},
            context,
        )


class ThermostatDial(_EntityDial):
    """The setpoint of a thermostat; the lower one, where it has two."""

    _plausible_c = ROOM_C

    def read(self) -> float | None:
        """Setpoint in °C."""
        state = self._state()
        unit = self._hass.config.units.temperature_unit
        single = read_attribute(state, ATTR_TEMPERATURE, unit, self._plausible_c)
        if single is not None:
            return single
        return read_attribute(state, ATTR_TARGET_TEMP_LOW, unit, self._plausible_c)

    def fit(self, value: float) -> float:
        """Setpoint in °C that it can have."""
        if (state := self._state()) is None:
            return value
        unit = self._hass.config.units.temperature_unit
        own = self._own(value, state.attributes)
        return TemperatureConverter.convert(own, unit, UnitOfTemperature.CELSIUS)

    def _own(self, value: float, attributes: Any) -> float:
        unit = self._hass.config.units.temperature_unit
        own = TemperatureConverter.convert(value, UnitOfTemperature.CELSIUS, unit)
        return _fit(
            own, attributes, ATTR_MIN_TEMP, ATTR_MAX_TEMP, ATTR_TARGET_TEMP_STEP
        )

    async def async_write(self, value: float, context: Context) -> None:
        """Set the setpoint in °C."""
        attributes = self._required_state().attributes
        own = self._own(value, attributes)
        data = {ATTR_TEMPERATURE: own}
        high = attributes.get(ATTR_TARGET_TEMP_HIGH)
        if attributes.get(ATTR_TEMPERATURE) is None and high is not None:
            data = {
                ATTR_TARGET_TEMP_LOW: own,
                ATTR_TARGET_TEMP_HIGH: max(own, float(high)),
            }
        domain = split_entity_id(self.entity_id)[0]
        await self._call(domain, SET_TEMPERATURE, data, context)


class BoilerThermostatDial(ThermostatDial):
    """The setpoint of a boiler that is a thermostat to Home Assistant."""

    _plausible_c = WATER_C


class BoilerNumberDial(_EntityDial):
    """The setpoint of a boiler that is a number."""

    def read(self) -> float | None:
        """Setpoint in °C."""
        return read_temperature(self._state(), WATER_C)

    def fit(self, value: float) -> float:
        """Setpoint in °C that it can have."""
        if (state := self._state()) is None:
            return value
        own = self._own(value, state)
        return TemperatureConverter.convert(
            own, self._unit(state), UnitOfTemperature.CELSIUS
        )

    @staticmethod
    def _unit(state: State) -> str:
        unit: str | None = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        known = unit is not None and to_celsius(0.0, unit) is not None
        return unit if unit and known else UnitOfTemperature.CELSIUS

    def _own(self, value: float, state: State) -> float:
        own = TemperatureConverter.convert(
            value, UnitOfTemperature.CELSIUS, self._unit(state)
        )
        return _fit(own, state.attributes, ATTR_MIN, ATTR_MAX, ATTR_STEP)

    async def async_write(self, value: float, context: Context) -> None:
        """Set the setpoint in °C."""
        own = self._own(value, self._required_state())
        domain = split_entity_id(self.entity_id)[0]
        await self._call(domain, SET_VALUE, {ATTR_VALUE: own}, context)


def make_dial(hass: HomeAssistant, kind: DialKind, entity_id: str) -> Dial:
    """Actuator behind an entity: a valve, a thermostat, or a number that stands for it."""
    domain = split_entity_id(entity_id)[0]
    match kind:
        case DialKind.VALVE:
            is_valve = domain == VALVE_DOMAIN
            return (ValveDial if is_valve else NumberDial)(hass, entity_id, kind)
        case DialKind.SETPOINT:
            return ThermostatDial(hass, entity_id, kind)
        case DialKind.BOILER:
            if domain in THERMOSTATS:
                return BoilerThermostatDial(hass, entity_id, kind)
            return BoilerNumberDial(hass, entity_id, kind)


def _range(state: State) -> tuple[float, float]:
    """What stands for 0 % and 100 %."""
    low, high = state.attributes.get(ATTR_MIN), state.attributes.get(ATTR_MAX)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if (
        unit != UnitOfRatio.PERCENTAGE
        and isinstance(low, int | float)
        and isinstance(high, int | float)
        and high > low
    ):
        return float(low), float(high)
    return 0.0, 100.0


def _fit(value: float, attributes: Any, minimum: str, maximum: str, step: str) -> float:
    """Round to what the entity accepts."""
    by, low, high = (attributes.get(key) for key in (step, minimum, maximum))
    if isinstance(by, int | float) and by > 0:
        value = round(round(value / by) * by, 3)
    if isinstance(low, int | float):
        value = max(value, low)
    return min(value, high) if isinstance(high, int | float) else value
