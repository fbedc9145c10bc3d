"""What all actuators have in common: an entity that is read, and set to a value."""

from abc import ABC, abstractmethod
from enum import StrEnum

from homeassistant.components.number import ATTR_VALUE
from homeassistant.core import Context, HomeAssistant, State

from ...site.action_names import SET_VALUE
from ...site.entity_calls import EntityAction, async_call_entity, unavailable_error
from ...site.readings import known_state
from ..engine.lease import (
    BOILER_SETPOINT,
    BOILER_SWITCH,
    SETPOINT,
    VALVE,
    ActuatorProfile,
)
from .action_sequence import ActionSequence, async_run


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
    ``actions`` set it in place of the entity, which then only shows what it is set to.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str, kind: ActuatorKind) -> None:
        """Wrap an entity, which need not exist yet."""
        self.hass = hass
        self.entity_id = entity_id
        self.kind = kind
        self.profile = PROFILES[kind]
        self.thermostat: str | None = None
        self.needs_setpoint = False
        self.actions: ActionSequence | None = None

    @abstractmethod
    def read(self) -> float | None:
        """Return the value that the entity shows; None while that is unknown."""

    @property
    def context_id(self) -> str | None:
        """ID of what caused the state that the entity shows."""
        state = self.hass.states.get(self.entity_id)
        return state.context.id if state else None

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
        if self.actions is not None:
            await async_run(self.hass, self.entity_id, self.actions, value, context)
            return
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


def fit_native(
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
