"""What a charger's own entities tell: its status, its draw, and whether it obeys."""

from math import inf

from homeassistant.components.number import ATTR_STEP
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.util.unit_conversion import PowerConverter

from ..charging.command import CommandState, ReadBack
from ..charging.draw import NOTHING_A, spread
from ..charging.model import ChargerStatus, DrawReading
from ..config import ChargerConfig, NumberControl
from .readings import Clock, CurrentGate, Reading, to_number

DRAW_TOLERANCE_A = 1.0
DRAW_TOLERANCE = 0.1
"""A power is converted with the nominal voltage, and EN 50160 allows 10 % more."""
SAME_CURRENT_WITHIN_A = 0.05
DEFAULT_STEP_A = 1.0
FINEST_STEP_A = 0.1


class ChargerProbe:
    """Reads one charger's entities."""

    def __init__(
        self, hass: HomeAssistant, config: ChargerConfig, voltage_v: float
    ) -> None:
        """Watch the configured entities."""
        self._hass = hass
        self._config = config
        self._gate = CurrentGate(voltage_v, config.rating_a)
        self._phases_used = 1

    def status(self, clock: Clock) -> tuple[ChargerStatus, float]:
        """What the charger says it does, and since when."""
        if self._config.status is None:
            # Since ever: a charger that says nothing has nothing new to say.
            return ChargerStatus.NOT_CONFIGURED, -inf
        state = self._state(self._config.status)
        if state is None:
            return ChargerStatus.UNKNOWN, clock.monotonic_s
        charging = state.state.casefold() in self._config.charging_states
        status = ChargerStatus.CHARGING if charging else ChargerStatus.NOT_CHARGING
        return status, clock.changed_at(state)

    def draw(
        self, command: CommandState | None, settle_s: float, clock: Clock
    ) -> DrawReading | None:
        """Measured current by phase, None without a good reading of all of them.

        ``command`` None: nobody knows what the charger was told.
        """
        readings: list[Reading] = []
        for entity_id in self._config.draws:
            reading = self._gate.read(self._hass.states.get(entity_id), clock)
            if not isinstance(reading, Reading):
                return None
            readings.append(reading)
        if not readings:
            return None
        taken_at_s = min([reading.taken_at_s for reading in readings])
        drawn_a = tuple([max(0.0, reading.current_a) for reading in readings])
        phases = len(self._config.phases)
        if len(drawn_a) == phases:
            return DrawReading(drawn_a, drawn_a, taken_at_s)
        if not self._measures_power:
            alike_a = drawn_a * phases
            return DrawReading(alike_a, alike_a, taken_at_s)
        told_a = (0.0, self._config.rating_a)
        if command is not None and command.epochs:
            told_a = command.possible_at(taken_at_s, settle_s)
        low_a, high_a, self._phases_used = spread(
            drawn_a[0], told_a, phases, self._phases_used
        )
        return DrawReading(low_a, high_a, taken_at_s)

    @property
    def _measures_power(self) -> bool:
        """Whether the one sensor shows the power of all phases."""
        state = self._hass.states.get(self._config.draws[0])
        unit = state and state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        return unit in PowerConverter.VALID_UNITS

    def current_in_force(self) -> float | None:
        """Current that the control entities say the charger is held to."""
        if not isinstance(control := self._config.control, NumberControl):
            return None
        if control.switch is not None:
            switch = self._state(control.switch)
            if switch is None:
                return None
            if switch.state == STATE_OFF:
                return 0.0
        return self._number(control)

    @property
    def step_a(self) -> float:
        """Resolution of the charger's current: that of its number, else 1 A."""
        if not isinstance(control := self._config.control, NumberControl):
            return DEFAULT_STEP_A
        state = self._hass.states.get(control.number)
        step_a = state.attributes.get(ATTR_STEP) if state is not None else None
        if not isinstance(step_a, int | float) or not step_a > 0:
            return DEFAULT_STEP_A
        return max(float(step_a), FINEST_STEP_A)

    @property
    def reachable(self) -> bool:
        """Whether the control entities are there to be called."""
        if not isinstance(control := self._config.control, NumberControl):
            return True
        return all(
            state is not None and state.state != STATE_UNAVAILABLE
            for entity_id in (control.number, control.switch)
            if entity_id
            for state in [self._hass.states.get(entity_id)]
        )

    def read_back(
        self,
        command: CommandState,
        settle_s: float,
        status: ChargerStatus,
        draw: DrawReading | None,
        clock: Clock,
    ) -> ReadBack:
        """Compare what is wanted with what is seen."""
        wanted_a = command.desired_a
        if wanted_a is None:
            return ReadBack.UNKNOWN
        settled_s = command.settled_at(settle_s)
        if command.accepted and draw is not None and draw.taken_at_s >= settled_s:
            allowed_a = max(
                NOTHING_A,
                wanted_a * (1 + DRAW_TOLERANCE) + (DRAW_TOLERANCE_A if wanted_a else 0),
            )
            if max(draw.low_a) > allowed_a:
                return ReadBack.DIFFERS
        if isinstance(self._config.control, NumberControl):
            return self._read_back_number(self._config.control, wanted_a)
        if wanted_a > 0:
            return ReadBack.NONE
        return self._read_back_stop(command, settled_s, status, draw, clock)

    def _read_back_number(self, control: NumberControl, wanted_a: float) -> ReadBack:
        if control.switch is not None:
            switch = self._state(control.switch)
            if switch is None:
                return ReadBack.UNKNOWN
            if wanted_a == 0 or switch.state != STATE_ON:
                stopped = switch.state == STATE_OFF
                return (
                    ReadBack.OBEYS if stopped == (wanted_a == 0) else ReadBack.DIFFERS
                )
        seen_a = self._number(control)
        if seen_a is None:
            return ReadBack.UNKNOWN
        same = abs(seen_a - wanted_a) <= SAME_CURRENT_WITHIN_A
        return ReadBack.OBEYS if same else ReadBack.DIFFERS

    def _read_back_stop(
        self,
        command: CommandState,
        settled_s: float,
        status: ChargerStatus,
        draw: DrawReading | None,
        clock: Clock,
    ) -> ReadBack:
        """A stop by actions is seen in the draw, else in the status."""
        if draw is None and status is ChargerStatus.NOT_CONFIGURED:
            return ReadBack.NONE
        if not command.accepted or clock.monotonic_s < settled_s:
            return ReadBack.UNKNOWN
        if draw is not None:
            stopped = max(draw.high_a) < NOTHING_A
        elif status is ChargerStatus.UNKNOWN:
            return ReadBack.UNKNOWN
        else:
            stopped = status is ChargerStatus.NOT_CHARGING
        if stopped:
            return ReadBack.OBEYS
        return ReadBack.DIFFERS

    def _number(self, control: NumberControl) -> float | None:
        """Current that the number shows. Less than 0 A is a code, not a current."""
        state = self._state(control.number)
        current_a = None if state is None else to_number(state)
        return None if current_a is None or current_a < 0 else current_a

    def _state(self, entity_id: str) -> State | None:
        """State of an entity that has one."""
        state = self._hass.states.get(entity_id)
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            return None
        return state
