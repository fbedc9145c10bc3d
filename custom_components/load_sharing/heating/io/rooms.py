"""Reads a room's entities: its temperature, its target and its call for heat."""

from dataclasses import dataclass

from homeassistant.components.climate import (
    ATTR_CURRENT_TEMPERATURE,
    ATTR_HVAC_ACTION,
    ATTR_PRESET_MODE,
    ATTR_TARGET_TEMP_LOW,
    ATTR_TEMPERATURE,
    HVACAction,
    HVACMode,
)
from homeassistant.const import STATE_ON, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State

from ...site.readings import known_state
from ..config import DemandSource, RoomConfig
from ..engine.model import RoomMode
from .switching import is_on
from .temperatures import ROOM_C, read_attribute, read_temperature, thermostat_state

HEATING_ACTIONS = (HVACAction.HEATING, HVACAction.PREHEATING)
AUTO_MODES = (HVACMode.HEAT, HVACMode.AUTO, HVACMode.HEAT_COOL, STATE_UNKNOWN)
"""A head that shows no mode, but a target, heats."""
DEMAND_ABOVE_PCT = 5.0
"""A demand in %, such as ``pi_heating_demand``, is a call above this."""
AWAY_PRESETS = ("away",)
FROST_PRESETS = ("frost", "freeze", "holiday", "vacation", "window")
"""Parts of the names that integrations give to such presets.

Examples are ``frost_guard`` (Netatmo), ``frost_protection`` (Shelly), ``frost``
(Versatile Thermostat), ``holiday`` (deCONZ, FRITZ!Box), ``vacation`` (ecobee).
"""


@dataclass(frozen=True, slots=True)
class RoomReading:
    """A room as its entities show it, including what load sharing changed.

    ``demand`` is None if only the temperature can say whether the room calls for heat.
    ``window_open`` is None if that is not known. ``head_c`` is what the thermostat
    measures itself. ``idle``: it does not heat, None if it does not say. ``sensor``
    is the state that has the temperature.
    """

    mode: RoomMode
    temperature_c: float | None
    target_c: float | None
    demand: bool | None
    window_open: bool | None
    head_c: float | None
    idle: bool | None
    sensor: State | None


class RoomProbe:
    """Reads one room's entities."""

    def __init__(self, hass: HomeAssistant, config: RoomConfig) -> None:
        """Wrap the entities of one room."""
        self._hass = hass
        self._config = config

    def read(self, *, held: bool) -> RoomReading:
        """Read the room. ``held``: load sharing holds its valve or setpoint now."""
        config = self._config
        climate = thermostat_state(self._hass, config.climate)
        head_c = self._attribute(climate, ATTR_CURRENT_TEMPERATURE)
        sensor = self._state(config.temperature)
        temperature_c = read_temperature(sensor, ROOM_C)
        if config.temperature is None:
            sensor, temperature_c = climate, head_c
        target_c = read_temperature(self._state(config.target), ROOM_C)
        if target_c is None and config.target is None:
            target_c = self._attribute(climate, ATTR_TEMPERATURE)
            if target_c is None:
                target_c = self._attribute(climate, ATTR_TARGET_TEMP_LOW)
        return RoomReading(
            self._mode(climate),
            temperature_c,
            target_c,
            self._demand(climate, held=held),
            window_open=self._is_on(config.window),
            head_c=head_c,
            idle=_is_idle(climate),
            sensor=sensor,
        )

    def _is_on(self, entity_id: str | None) -> bool | None:
        """Return whether an entity is on; None if it is missing or unavailable."""
        state = self._state(entity_id)
        return None if state is None else state.state == STATE_ON

    def _state(self, entity_id: str | None) -> State | None:
        return known_state(self._hass, entity_id)

    def _attribute(self, climate: State | None, attribute: str) -> float | None:
        unit = self._hass.config.units.temperature_unit
        return read_attribute(climate, attribute, unit, ROOM_C)

    def _mode(self, climate: State | None) -> RoomMode:
        """Return the mode of the thermostat; a room without one always takes part."""
        if self._config.climate is None:
            return RoomMode.AUTO
        if climate is None:
            return RoomMode.UNAVAILABLE
        if climate.state in AUTO_MODES:
            return _mode_of_preset(climate.attributes.get(ATTR_PRESET_MODE))
        return RoomMode.OFF if climate.state == HVACMode.OFF else RoomMode.MANUAL

    def _demand(self, climate: State | None, *, held: bool) -> bool | None:
        """Return whether the room's entities call for heat; None if that is unknown.

        While load sharing holds a room, a raised setpoint alone may make its thermostat
        call.
        """
        config = self._config
        if config.demand is DemandSource.ENTITY:
            if held and config.valve is None:
                return None
            state = self._state(config.demand_entity)
            return None if state is None else is_on(state, DEMAND_ABOVE_PCT)
        by_action = config.demand is DemandSource.HVAC_ACTION
        if by_action and not held and climate is not None:
            action = climate.attributes.get(ATTR_HVAC_ACTION)
            return None if action is None else action in HEATING_ACTIONS
        return None


def _mode_of_preset(preset: object) -> RoomMode:
    """Return the mode of a thermostat that may heat, by its preset."""
    name = str(preset).lower()
    if any(part in name for part in FROST_PRESETS):
        return RoomMode.FROST
    return (
        RoomMode.AWAY if any(part in name for part in AWAY_PRESETS) else RoomMode.AUTO
    )


def _is_idle(climate: State | None) -> bool | None:
    """Return whether a thermostat says that it does not heat; None if it is silent."""
    action = climate.attributes.get(ATTR_HVAC_ACTION) if climate else None
    return None if action is None else action not in HEATING_ACTIONS
