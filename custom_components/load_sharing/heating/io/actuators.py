"""Sets valves in % and setpoints in °C through one interface."""

from abc import ABC, abstractmethod
from enum import StrEnum
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
from homeassistant.components.number import ATTR_MAX, ATTR_MIN, ATTR_STEP, ATTR_VALUE
from homeassistant.components.valve import (
    ATTR_CURRENT_POSITION,
    ATTR_POSITION,
    DOMAIN as VALVE_DOMAIN,
)
from homeassistant.components.water_heater import DOMAIN as WATER_HEATER_DOMAIN
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.core import Context, HomeAssistant, State, split_entity_id
from homeassistant.helpers import entity_registry as er
from homeassistant.util.unit_conversion import TemperatureConverter

from ...site.action_names import (
    SET_TEMPERATURE,
    SET_VALUE,
    SET_VALVE_POSITION,
    TURN_OFF,
    TURN_ON,
)
from ...site.entity_calls import EntityAction, async_call_entity, unavailable_error
from ...site.readings import known_state, to_number
from ..engine.lease import (
    BOILER_SETPOINT,
    BOILER_SWITCH,
    SETPOINT,
    VALVE,
    ActuatorProfile,
)
from .temperatures import (
    ROOM_C,
    WATER_C,
    read_attribute,
    read_temperature,
    thermostat_state,
    to_celsius,
)

NEED_SETPOINT = ("shelly",)
"""Integrations of heads that regulate again only once their setpoint is sent."""
THERMOSTATS = (CLIMATE_DOMAIN, WATER_HEATER_DOMAIN)
"""Domains in which the setpoint is an attribute and not the state of an entity."""


class ActuatorKind(StrEnum):
    """What an actuator sets."""

    VALVE = "valve"
    SETPOINT = "setpoint"
    BOILER = "boiler"
    BOILER_SWITCH = "boiler_switch"


PROFILES: dict[ActuatorKind, ActuatorProfile] = {
    ActuatorKind.VALVE: VALVE,
    ActuatorKind.SETPOINT: SETPOINT,
    ActuatorKind.BOILER: BOILER_SETPOINT,
    ActuatorKind.BOILER_SWITCH: BOILER_SWITCH,
}


class HeatingActuator(ABC):
    """An entity that sets a valve in % or a setpoint in °C.

    A native value is the same value in the unit and range of the entity.
    ``thermostat`` is the climate entity that a write may take out of its mode or
    preset; ``needs_setpoint``: it regulates again only once its setpoint is sent.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str, kind: ActuatorKind) -> None:
        """Wrap an entity, which need not exist yet."""
        self.hass = hass
        self.entity_id = entity_id
        self.kind = kind
        self.profile = PROFILES[kind]
        self.thermostat: str | None = None
        self.needs_setpoint = False

    @abstractmethod
    def read(self) -> float | None:
        """Return the value that the entity shows; None while that is unknown."""

    def is_off(self) -> bool:
        """Return whether its owner has switched it off: then nothing is written."""
        return False

    def fit(self, value: float) -> float:
        """Return the value as the entity will show it, by its step and its range."""
        if (state := self._known_state()) is None:
            return value
        return self._from_native(self._to_native(value, state), state)

    async def async_write(self, value: float, context: Context) -> None:
        """Set the entity; raises HomeAssistantError if that is not possible now."""
        if (state := self._known_state()) is None:
            raise unavailable_error(self.entity_id)
        action = self._action_for(self._to_native(value, state), state)
        await async_call_entity(self.hass, self.entity_id, action, context)

    def _known_state(self) -> State | None:
        return known_state(self.hass, self.entity_id)

    @abstractmethod
    def _to_native(self, value: float, state: State) -> float:
        """Convert to the nearest native value that the entity accepts."""

    @abstractmethod
    def _from_native(self, native: float, state: State) -> float:
        """Convert from a native value."""

    def _action_for(self, native: float, state: State) -> EntityAction:
        return EntityAction(SET_VALUE, {ATTR_VALUE: native})


class NumberValve(HeatingActuator):
    """A valve that is a number in %, or in a range that stands for 0 % to 100 %."""

    @override
    def read(self) -> float | None:
        """Return the opening in %."""
        state = self._known_state()
        if state is None or (native := to_number(state)) is None:
            return None
        return self._from_native(native, state)

    @override
    def _to_native(self, value: float, state: State) -> float:
        low, high = _valve_range(state)
        native = low + value / 100 * (high - low)
        return _fit(native, state, ATTR_MIN, ATTR_MAX, ATTR_STEP)

    @override
    def _from_native(self, native: float, state: State) -> float:
        low, high = _valve_range(state)
        return 100 * (native - low) / (high - low)


class PositionValve(HeatingActuator):
    """A valve entity that has a position."""

    @override
    def read(self) -> float | None:
        """Return the opening in %."""
        state = self._known_state()
        position = state.attributes.get(ATTR_CURRENT_POSITION) if state else None
        return float(position) if isinstance(position, int | float) else None

    @override
    def fit(self, value: float) -> float:
        """Return whole %, also while the valve is unavailable."""
        return float(round(value))

    @override
    def _to_native(self, value: float, state: State) -> float:
        return round(value)

    @override
    def _from_native(self, native: float, state: State) -> float:
        return native

    @override
    def _action_for(self, native: float, state: State) -> EntityAction:
        return EntityAction(SET_VALVE_POSITION, {ATTR_POSITION: native})


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
        return _fit(native, state, ATTR_MIN_TEMP, ATTR_MAX_TEMP, ATTR_TARGET_TEMP_STEP)

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
        return _fit(native, state, ATTR_MIN, ATTR_MAX, ATTR_STEP)

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


def attach_thermostat(
    actuator: HeatingActuator, thermostat: str, *, needs_setpoint: bool
) -> None:
    """Attach the thermostat of its head to a valve, if both are one device.

    Known to need its setpoint afterwards is the Shelly TRV: a valve position switches
    its automatic control off, and a setpoint switches it on (``target_t_enabled`` in
    Home Assistant's integration, home-assistant.io#21266).
    """
    registry = er.async_get(actuator.hass)
    valve, climate = (
        registry.async_get(entity_id) for entity_id in (actuator.entity_id, thermostat)
    )
    is_one_device = (
        valve is not None
        and climate is not None
        and valve.device_id is not None
        and valve.device_id == climate.device_id
    )
    if is_one_device and valve is not None and valve.platform in NEED_SETPOINT:
        needs_setpoint = True
    if is_one_device or needs_setpoint:
        actuator.thermostat = thermostat
        actuator.needs_setpoint = needs_setpoint


def make_actuator(
    hass: HomeAssistant, kind: ActuatorKind, entity_id: str
) -> HeatingActuator:
    """Return the actuator for an entity, whose domain must suit the kind."""
    domain, _ = split_entity_id(entity_id)
    match kind:
        case ActuatorKind.VALVE:
            is_valve = domain == VALVE_DOMAIN
            return (PositionValve if is_valve else NumberValve)(hass, entity_id, kind)
        case ActuatorKind.SETPOINT:
            return ThermostatSetpoint(hass, entity_id, kind)
        case ActuatorKind.BOILER:
            is_thermostat = domain in THERMOSTATS
            return (BoilerThermostat if is_thermostat else BoilerNumber)(
                hass, entity_id, kind
            )
        case ActuatorKind.BOILER_SWITCH:
            return BoilerSwitch(hass, entity_id, kind)


def _valve_range(state: State) -> tuple[float, float]:
    """Return the native values of 0 % and 100 %."""
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


def _fit(
    native: float, state: State, minimum_key: str, maximum_key: str, step_key: str
) -> float:
    """Round to the entity's step and clamp to its range."""
    step, low, high = (
        state.attributes.get(key) for key in (step_key, minimum_key, maximum_key)
    )
    if isinstance(step, int | float) and step > 0:
        native = round(round(native / step) * step, 3)
    if isinstance(low, int | float):
        native = max(native, low)
    return min(native, high) if isinstance(high, int | float) else native
