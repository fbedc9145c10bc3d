"""Sets a charger's current through a number or a select."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from math import floor, inf
import re
from typing import override

from homeassistant.components.number import ATTR_MAX, ATTR_MIN, ATTR_STEP, ATTR_VALUE
from homeassistant.components.select import ATTR_OPTION, ATTR_OPTIONS
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    UnitOfElectricCurrent,
)
from homeassistant.core import Context, HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError

from ...const import DOMAIN
from ...site.action_names import SELECT_OPTION, SET_VALUE
from ...site.entity_calls import EntityAction, async_call_entity, unavailable_error
from ...site.readings import known_state, to_number
from ..controls import Control, NumberControl, SelectControl
from ..engine.command import ReadBack
from ..engine.model import EPSILON_A, ControlRange
from .units import is_power, to_amperes

SAME_CURRENT_WITHIN_A = 0.05
DEFAULT_STEP_A = 1.0
DEFAULT_RANGE = ControlRange(DEFAULT_STEP_A)
FINEST_STEP_A = 0.1
SAME_STEP_WITHIN = 1e-3
"""Fraction of a step that is rounding error: currents are rounded to 1 µA."""

OPTION = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(m?)a?(?:mps?)?\s*", re.IGNORECASE)


class CurrentActuator(ABC):
    """An entity that sets a charger's current, in A per phase."""

    volts = 1.0
    """Power in W of 1 A on each phase that the charger uses, for a control in W."""

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        """Wrap an entity, which need not exist yet."""
        self._hass = hass
        self._entity_id = entity_id
        self._last_a = inf

    @property
    @abstractmethod
    def range_a(self) -> ControlRange:
        """The currents that it can be set to at present."""

    @property
    def in_watts(self) -> bool:
        """Whether it sets a power rather than a current."""
        return False

    @abstractmethod
    def read(self) -> float | None:
        """Return the current that it shows; None if it shows none."""

    def recall(self) -> float:
        """Return the current above 0 A that it shows or showed last; inf if unknown."""
        self._last_a = self.read() or self._last_a
        return self._last_a

    @abstractmethod
    def read_back(self, wanted_a: float) -> ReadBack:
        """Compare what it shows with what it would show once set to ``wanted_a``."""

    @abstractmethod
    def action_for(self, current_a: float) -> EntityAction:
        """Return the action that sets the highest possible current up to ``current_a``.

        Raises HomeAssistantError if there is none.
        """

    async def async_write(self, current_a: float, context: Context) -> None:
        """Set the current; raises HomeAssistantError if that is not possible now."""
        check_available(self._hass, self._entity_id)
        action = self.action_for(current_a)
        await async_call_entity(self._hass, self._entity_id, action, context)

    def _state(self) -> State | None:
        """Return the state of the entity, even if it is unavailable or unknown."""
        return self._hass.states.get(self._entity_id)

    def _known_state(self) -> State | None:
        """Return the state of the entity; None if it is unavailable or unknown."""
        return known_state(self._hass, self._entity_id)

    def _unfit(self, current_a: float) -> HomeAssistantError:
        """Return the error for a current that the entity cannot be set to."""
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="control_unfit",
            translation_placeholders={
                "entity_id": self._entity_id,
                "current_a": f"{current_a:g}",
            },
        )


class NumberActuator(CurrentActuator):
    """A number in A, mA, W or kW. A power is the total of the phases in use."""

    def __init__(self, hass: HomeAssistant, entity_id: str, volts: float) -> None:
        """Wrap a number. ``volts`` is the voltage times the charger's phases."""
        super().__init__(hass, entity_id)
        self.volts = volts
        self._range_a = DEFAULT_RANGE

    @property
    @override
    def in_watts(self) -> bool:
        """Whether the number is a power."""
        state = self._state()
        unit = state and state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        return is_power(unit or None)

    @property
    @override
    def range_a(self) -> ControlRange:
        """Step and bounds of the number; 1 A where it has no step, as far as known.

        An integration may change them at any time: with the cable, or with the car.
        """
        state = self._state()
        per_unit_a = None if state is None else amperes_per_unit(state, self.volts)
        if state is None or per_unit_a is None:
            return self._range_a
        if state.attributes.keys().isdisjoint((ATTR_STEP, ATTR_MAX)):
            return self._range_a
        step = _positive(state, ATTR_STEP)
        step_a = max(step * per_unit_a, FINEST_STEP_A) if step else DEFAULT_STEP_A
        least, most = _bounds(state)
        self._range_a = ControlRange(
            step_a,
            (),
            least * per_unit_a,
            most * per_unit_a + EPSILON_A,
            pauses=least <= 0,
        )
        return self._range_a

    @override
    def read(self) -> float | None:
        """Return the current that the number shows; a negative value is a code."""
        state = self._known_state()
        return None if state is None else self._shown_a(state)

    @override
    def read_back(self, wanted_a: float) -> ReadBack:
        """Compare the number with the value that the wanted current is written as."""
        state = self._known_state()
        shown_a = None if state is None else self._shown_a(state)
        if state is None or shown_a is None:
            return ReadBack.UNKNOWN
        per_unit_a = amperes_per_unit(state, self.volts) or 1.0
        written_a = _to_value(state, wanted_a, per_unit_a) * per_unit_a
        same = abs(shown_a - written_a) <= SAME_CURRENT_WITHIN_A
        return ReadBack.OBEYS if same else ReadBack.DIFFERS

    @override
    def action_for(self, current_a: float) -> EntityAction:
        """Return the action that sets the number, rounded down to its step.

        A number that does not go down to 0 at present is lowered as far as possible.
        """
        state = self._state()
        per_unit_a = None if state is None else amperes_per_unit(state, self.volts)
        if state is None or per_unit_a is None:
            raise self._unfit(current_a)
        least, most = _bounds(state)
        value = min(most, _to_value(state, current_a, per_unit_a))
        if value < least:
            shown = to_number(state)
            if shown is None or shown <= least:
                raise self._unfit(current_a)
            value = least
        return EntityAction(SET_VALUE, {ATTR_VALUE: value})

    def _shown_a(self, state: State) -> float | None:
        """Return the current in A that the state shows; None if it shows none."""
        value, per_unit_a = to_number(state), amperes_per_unit(state, self.volts)
        if value is None or value < 0 or per_unit_a is None:
            return None
        return value * per_unit_a


class SelectActuator(CurrentActuator):
    """A select of currents; another of its options may pause the charger."""

    def __init__(
        self, hass: HomeAssistant, entity_id: str, pause_option: str | None
    ) -> None:
        """Wrap a select. ``pause_option`` is None if no option pauses the charger."""
        super().__init__(hass, entity_id)
        self._pause_option = pause_option
        self._options: Sequence[str] = ()
        self._currents: dict[float, str] = {}

    @property
    @override
    def range_a(self) -> ControlRange:
        """The currents among the options; the step has no effect beside them."""
        state = self._state()
        levels_a = self._currents if state is None else self._currents_of(state)
        pauses = state is None or not levels_a or self._option(state, 0.0) is not None
        return ControlRange(DEFAULT_STEP_A, tuple(levels_a), pauses=pauses)

    @override
    def read(self) -> float | None:
        """Return the selected current; None if another option is selected."""
        if (state := self._known_state()) is None:
            return None
        return 0.0 if state.state == self._pause_option else to_current(state.state)

    @override
    def read_back(self, wanted_a: float) -> ReadBack:
        """Compare the option with the one for the wanted current.

        Any other option differs: "Auto" may stand for any current.
        """
        if (state := self._known_state()) is None:
            return ReadBack.UNKNOWN
        same = state.state == self._option(state, wanted_a)
        return ReadBack.OBEYS if same else ReadBack.DIFFERS

    @override
    def action_for(self, current_a: float) -> EntityAction:
        """Return the action that selects the highest possible current, or the pause."""
        state = self._state()
        option = None if state is None else self._option(state, current_a)
        if option is None:
            raise self._unfit(current_a)
        return EntityAction(SELECT_OPTION, {ATTR_OPTION: option})

    def _option(self, state: State, current_a: float) -> str | None:
        """Return the option for a current; below the lowest one, the pause option."""
        option = self._pause_option
        for level_a, level_option in self._currents_of(state).items():
            if level_a <= current_a + EPSILON_A:
                option = level_option
        return option

    def _currents_of(self, state: State) -> dict[float, str]:
        """Return the options by current. They are cached, as they rarely change.

        The last ones count while the select shows none.
        """
        options = state.attributes.get(ATTR_OPTIONS) or ()
        if options and options != self._options:
            self._options, self._currents = options, currents_of(options)
        return self._currents


def make_actuator(
    hass: HomeAssistant, control: Control, volts: float
) -> CurrentActuator | None:
    """Return the actuator of a charger; None if action sequences control it.

    ``volts`` is the voltage times the charger's phases.
    """
    match control:
        case NumberControl():
            return NumberActuator(hass, control.entity, volts)
        case SelectControl():
            return SelectActuator(hass, control.entity, control.pause_option)
        case _:
            return None


def is_available(hass: HomeAssistant, entity_id: str) -> bool:
    """Return whether an entity can be called now."""
    state = hass.states.get(entity_id)
    return state is not None and state.state != STATE_UNAVAILABLE


def check_available(hass: HomeAssistant, entity_id: str) -> None:
    """Raise HomeAssistantError if an entity cannot be called now."""
    if not is_available(hass, entity_id):
        raise unavailable_error(entity_id)


def amperes_per_unit(state: State, volts: float) -> float | None:
    """Return the current in A of one unit of a number.

    None if the number is neither a current nor a power. Without a unit, it is in A.
    """
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if unit in (None, UnitOfElectricCurrent.AMPERE):
        return 1.0
    return to_amperes(1.0, unit, volts)


def currents_of(options: Sequence[str]) -> dict[float, str]:
    """Return the options of a select that are currents above 0 A, lowest first."""
    found = {}
    for option in options:
        if current_a := to_current(option):
            found[current_a] = option
    return dict(sorted(found.items()))


def to_current(option: str) -> float | None:
    """Parse an option as a current in A: "16", "16 A", "16.0", "16000 mA"."""
    if (match := OPTION.fullmatch(option)) is None:
        return None
    value = float(match[1].replace(",", "."))
    return value / 1000 if match[2] else value


def _to_value(state: State, current_a: float, per_unit_a: float) -> float:
    """Return the value of a number for a current, rounded down to the number's step.

    A current in A is returned unchanged, as it was already rounded to the step.
    """
    if per_unit_a == 1.0:
        return current_a
    step = _positive(state, ATTR_STEP) or 1.0
    steps = floor(current_a / per_unit_a / step + SAME_STEP_WITHIN)
    return round(steps * step, 6)


def _positive(state: State, attribute: str) -> float | None:
    """Return an attribute that is a number above 0; None if it is not."""
    value = state.attributes.get(attribute)
    return float(value) if isinstance(value, int | float) and value > 0 else None


def _bounds(state: State) -> tuple[float, float]:
    """Return the least and greatest value of a number at present, in its own unit."""
    most = state.attributes.get(ATTR_MAX)
    most = max(0.0, most) if isinstance(most, int | float) else inf
    return _positive(state, ATTR_MIN) or 0.0, most
