"""Sets valves in %: numbers, valves and covers with a position, and relays."""

from typing import override

from homeassistant.components.cover import DOMAIN as COVER_DOMAIN
from homeassistant.components.input_boolean import DOMAIN as INPUT_BOOLEAN_DOMAIN
from homeassistant.components.number import ATTR_MAX, ATTR_MIN, ATTR_STEP
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.components.valve import (
    ATTR_CURRENT_POSITION,
    ATTR_POSITION,
    DOMAIN as VALVE_DOMAIN,
)
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    UnitOfRatio,
)
from homeassistant.core import State, split_entity_id
from homeassistant.helpers import entity_registry as er

from ...site.action_names import (
    SET_COVER_POSITION,
    SET_VALVE_POSITION,
    TURN_OFF,
    TURN_ON,
)
from ...site.entity_calls import EntityAction
from ...site.readings import to_number
from .actuator import HeatingActuator, fit_native

NEED_SETPOINT = ("shelly",)
"""Integrations of heads that regulate again only once their setpoint is sent."""


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
        return fit_native(native, state, ATTR_MIN, ATTR_MAX, ATTR_STEP)

    @override
    def _from_native(self, native: float, state: State) -> float:
        low, high = _valve_range(state)
        return 100 * (native - low) / (high - low)


class PositionValve(HeatingActuator):
    """A valve that has a position: a valve entity, or a cover."""

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
        is_cover = split_entity_id(self.entity_id)[0] == COVER_DOMAIN
        name = SET_COVER_POSITION if is_cover else SET_VALVE_POSITION
        return EntityAction(name, {ATTR_POSITION: native})


class SwitchValve(HeatingActuator):
    """A valve that is open or shut: a thermal actuator on a relay."""

    @override
    def read(self) -> float | None:
        """Return 100 % while it is on, 0 % while it is off."""
        state = self._known_state()
        if state is None or state.state not in (STATE_ON, STATE_OFF):
            return None
        return 100.0 if state.state == STATE_ON else 0.0

    @override
    def fit(self, value: float) -> float:
        """Return 100 % for any opening."""
        return 100.0 if value > 0 else 0.0

    @override
    def _to_native(self, value: float, state: State) -> float:
        return self.fit(value)

    @override
    def _from_native(self, native: float, state: State) -> float:
        return native

    @override
    def _action_for(self, native: float, state: State) -> EntityAction:
        return EntityAction(TURN_ON if native else TURN_OFF, {})


VALVES: dict[str, type[HeatingActuator]] = {
    VALVE_DOMAIN: PositionValve,
    COVER_DOMAIN: PositionValve,
    SWITCH_DOMAIN: SwitchValve,
    INPUT_BOOLEAN_DOMAIN: SwitchValve,
}
"""The valves that are no numbers, by the domain of their entity."""


def attach_thermostat(
    actuator: HeatingActuator, thermostat: str, *, needs_setpoint: bool
) -> None:
    """Attach the thermostat of its head to a valve, unless it is another device.

    Known to need its setpoint afterwards is the Shelly TRV: a valve position switches
    its automatic control off, and a setpoint switches it on (``target_t_enabled`` in
    Home Assistant's integration, home-assistant.io#21266).
    """
    registry = er.async_get(actuator.hass)
    valve, climate = (
        registry.async_get(entity_id) for entity_id in (actuator.entity_id, thermostat)
    )
    valve_device, climate_device = (
        entry.device_id if entry is not None else None for entry in (valve, climate)
    )
    is_known = valve_device is not None and climate_device is not None
    is_one_device = is_known and valve_device == climate_device
    if is_one_device and valve is not None and valve.platform in NEED_SETPOINT:
        needs_setpoint = True
    if is_one_device or not is_known or needs_setpoint:
        actuator.thermostat = thermostat
        actuator.needs_setpoint = needs_setpoint


def _valve_range(state: State) -> tuple[float, float]:
    """Return the native values of 0 % and 100 %.

    A number in % that ends at 1 is a fraction, whatever its unit says.
    """
    low, high = state.attributes.get(ATTR_MIN), state.attributes.get(ATTR_MAX)
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if (
        isinstance(low, int | float)
        and isinstance(high, int | float)
        and high > low
        and (unit != UnitOfRatio.PERCENTAGE or high <= 1)
    ):
        return float(low), float(high)
    return 0.0, 100.0
