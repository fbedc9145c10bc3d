"""Sets setpoints in °C and switches, and finds the actuator for an entity."""

from typing import override

from homeassistant.components.climate import (
    ATTR_MAX_TEMP,
    ATTR_MIN_TEMP,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    ATTR_TARGET_TEMP_STEP,
    ATTR_TEMPERATURE,
    DOMAIN as CLIMATE_DOMAIN,
)
from homeassistant.components.number import ATTR_MAX, ATTR_MIN, ATTR_STEP
from homeassistant.components.water_heater import DOMAIN as WATER_HEATER_DOMAIN
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    UnitOfTemperature,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.util.unit_conversion import TemperatureConverter

from ...site.action_names import SET_TEMPERATURE, TURN_OFF, TURN_ON
from ...site.entity_calls import EntityAction
from .actuator import ActuatorKind, HeatingActuator, fit_native
from .temperatures import (
    ROOM_C,
    WATER_C,
    read_attribute,
    read_temperature,
    thermostat_state,
    to_celsius,
)
from .valves import VALVES, NumberValve

THERMOSTATS = (CLIMATE_DOMAIN, WATER_HEATER_DOMAIN)
"""Domains in which the setpoint is an attribute and not the state of an entity."""


class ThermostatSetpoint(HeatingActuator):
    """The setpoint of a thermostat; the lower one if it has two."""

    _plausible_c = ROOM_C

    def __init__(self, hass: HomeAssistant, entity_id: str, kind: ActuatorKind) -> None:
        """Wrap an entity; setting a climate's temperature may end its own schedule."""
        super().__init__(hass, entity_id, kind)
        if split_entity_id(entity_id)[0] == CLIMATE_DOMAIN:
            self.thermostat = entity_id

    @override
    def is_off(self) -> bool:
        """Return whether it is off; many turn on when a temperature is set."""
        state = self.hass.states.get(self.entity_id)
        return state is not None and state.state == STATE_OFF

    @property
    def _unit(self) -> str:
        """Unit of all thermostat attributes in Home Assistant."""
        return self.hass.config.units.temperature_unit

    @override
    def read(self) -> float | None:
        """Return the setpoint in °C, also of a thermostat that shows no mode."""
        state = self._known_state()
        single_c = read_attribute(
            state, ATTR_TEMPERATURE, self._unit, self._plausible_c
        )
        if single_c is not None:
            return single_c
        return read_attribute(
            state, ATTR_TARGET_TEMP_LOW, self._unit, self._plausible_c
        )

    @override
    def _known_state(self) -> State | None:
        return thermostat_state(self.hass, self.entity_id)

    @override
    def _to_native(self, value: float, state: State) -> float:
        native = TemperatureConverter.convert(
            value, UnitOfTemperature.CELSIUS, self._unit
        )
        return fit_native(
            native, state, ATTR_MIN_TEMP, ATTR_MAX_TEMP, ATTR_TARGET_TEMP_STEP
        )

    @override
    def _from_native(self, native: float, state: State) -> float:
        return TemperatureConverter.convert(
            native, self._unit, UnitOfTemperature.CELSIUS
        )

    @override
    def _action_for(self, native: float, state: State) -> EntityAction:
        """Set the one setpoint, or the lower of two without crossing the upper."""
        data = {ATTR_TEMPERATURE: native}
        high = state.attributes.get(ATTR_TARGET_TEMP_HIGH)
        if state.attributes.get(ATTR_TEMPERATURE) is None and high is not None:
            data = {
                ATTR_TARGET_TEMP_LOW: native,
                ATTR_TARGET_TEMP_HIGH: max(native, float(high)),
            }
        return EntityAction(SET_TEMPERATURE, data)


class BoilerThermostat(ThermostatSetpoint):
    """The flow setpoint of a boiler that is a climate or water heater entity."""

    _plausible_c = WATER_C


class BoilerNumber(HeatingActuator):
    """The flow setpoint of a boiler that is a number."""

    @override
    def read(self) -> float | None:
        """Return the setpoint in °C."""
        return read_temperature(self._known_state(), WATER_C)

    @staticmethod
    def _unit(state: State) -> str:
        """Return the unit of the number; °C if its own is not a unit of temperature."""
        unit: str | None = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        known = unit is not None and to_celsius(0.0, unit) is not None
        return unit if unit and known else UnitOfTemperature.CELSIUS

    @override
    def _to_native(self, value: float, state: State) -> float:
        native = TemperatureConverter.convert(
            value, UnitOfTemperature.CELSIUS, self._unit(state)
        )
        return fit_native(native, state, ATTR_MIN, ATTR_MAX, ATTR_STEP)

    @override
    def _from_native(self, native: float, state: State) -> float:
        return TemperatureConverter.convert(
            native, self._unit(state), UnitOfTemperature.CELSIUS
        )


class BoilerSwitch(HeatingActuator):
    """What switches the boiler on (1) and off (0)."""

    @override
    def read(self) -> float | None:
        """Return 1 while it is on."""
        state = self._known_state()
        if state is None or state.state not in (STATE_ON, STATE_OFF):
            return None
        return float(state.state == STATE_ON)

    @override
    def _to_native(self, value: float, state: State) -> float:
        return float(round(value))

    @override
    def _from_native(self, native: float, state: State) -> float:
        return native

    @override
    def _action_for(self, native: float, state: State) -> EntityAction:
        return EntityAction(TURN_ON if native else TURN_OFF, {})


def make_actuator(
    hass: HomeAssistant, kind: ActuatorKind, entity_id: str
) -> HeatingActuator:
    """Return the actuator for an entity, whose domain must suit the kind."""
    domain, _ = split_entity_id(entity_id)
    match kind:
        case ActuatorKind.VALVE:
            return VALVES.get(domain, NumberValve)(hass, entity_id, kind)
        case ActuatorKind.SETPOINT:
            return ThermostatSetpoint(hass, entity_id, kind)
        case ActuatorKind.BOILER:
            is_thermostat = domain in THERMOSTATS
            return (BoilerThermostat if is_thermostat else BoilerNumber)(
                hass, entity_id, kind
            )
        case ActuatorKind.BOILER_SWITCH:
            return BoilerSwitch(hass, entity_id, kind)
