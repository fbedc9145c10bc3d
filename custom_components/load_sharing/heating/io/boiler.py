"""Reads the boiler's entities."""

from homeassistant.components.climate import ATTR_TEMPERATURE
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant, State, split_entity_id

from ...site.readings import known_state, to_number
from ..config import BoilerConfig, ZeroModulation
from ..engine.model import BoilerInput
from .actuators import THERMOSTATS
from .switching import is_on
from .temperatures import PIPE_C, WATER_C, read_attribute, read_temperature


class BoilerProbe:
    """Reads the boiler's entities; what is not configured stays unknown."""

    def __init__(self, hass: HomeAssistant, config: BoilerConfig) -> None:
        """Wrap the entities of the boiler; cooldown signals are counted from zero."""
        self._hass = hass
        self._config = config
        self._signals: int | None = 0 if config.cooldown else None
        self._last_signal: float | None = None

    def read(self) -> BoilerInput:
        """Read the boiler. The setpoint is the one in force, whatever set it."""
        config = self._config
        dhw = self._is_on(config.dhw)
        burner = self._is_on(config.burner)
        may_burn = burner is False and self._zero_is_least()
        pipe_c = read_temperature(self._state(config.pipe), PIPE_C)
        return BoilerInput(
            burner=None if may_burn else burner,
            may_burn=may_burn,
            flow_c=read_temperature(self._state(config.flow), WATER_C),
            return_c=read_temperature(self._state(config.return_), WATER_C),
            setpoint_c=self._setpoint_c(),
            pipe_c=pipe_c,
            pipe_lost=config.pipe is not None and pipe_c is None,
            dhw=dhw,
            dhw_lost=config.dhw is not None and dhw is None,
            on=self._is_on(config.enabled),
            cooldown_signals=self._count_signals(),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        """Configured entities without a known state."""
        return tuple(
            entity_id
            for entity_id in self._config.entities
            if self._state(entity_id) is None
        )

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Entities that should be on or off, and show a text that is neither."""
        switches = (self._config.burner, self._config.dhw, self._config.enabled)
        return tuple(
            entity_id
            for entity_id in switches
            if self._state(entity_id) is not None and self._is_on(entity_id) is None
            if entity_id is not None
        )

    def _state(self, entity_id: str | None) -> State | None:
        return known_state(self._hass, entity_id)

    def _is_on(self, entity_id: str | None) -> bool | None:
        """Return whether an entity is on; a number, such as a modulation, above 0.

        None if that is unknown.
        """
        state = self._state(entity_id)
        if state is None:
            return None
        if split_entity_id(state.entity_id)[0] in THERMOSTATS:
            return state.state != STATE_OFF
        return is_on(state)

    def _zero_is_least(self) -> bool:
        """Return whether the burner shows a number of which 0 may be its least output.

        So it is with OpenTherm's relative modulation (OpenTherm 2.2, ID 17).
        """
        if self._config.zero_modulation is not ZeroModulation.LEAST:
            return False
        state = self._state(self._config.burner)
        return state is not None and to_number(state) is not None

    def _setpoint_c(self) -> float | None:
        state = self._state(self._config.setpoint)
        if state is not None and split_entity_id(state.entity_id)[0] in THERMOSTATS:
            unit = self._hass.config.units.temperature_unit
            return read_attribute(state, ATTR_TEMPERATURE, unit, WATER_C)
        return read_temperature(state, WATER_C)

    def _count_signals(self) -> int | None:
        """Count the cooldown signals: an entity turns on, or a counter goes up."""
        if self._signals is None:
            return None
        state = self._state(self._config.cooldown)
        if state is None:
            return self._signals
        if state.state in (STATE_ON, STATE_OFF):
            value: float | None = float(state.state == STATE_ON)
        else:
            value = to_number(state)
        if value is None:
            return self._signals
        if self._last_signal is not None and value > self._last_signal:
            self._signals += 1
        self._last_signal = value
        return self._signals
