"""The entity that sets a charger's current: its unit, its steps, its options."""

from collections.abc import Sequence
from math import floor
import re
from typing import Any, NamedTuple, Protocol

from homeassistant.components.number import (
    ATTR_STEP,
    ATTR_VALUE,
    DOMAIN as NUMBER_DOMAIN,
)
from homeassistant.components.select import ATTR_OPTION, ATTR_OPTIONS
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfElectricCurrent,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.exceptions import HomeAssistantError

from ...const import DOMAIN
from ...site.actions import SELECT_OPTION, SET_VALUE
from ...site.readings import to_amperes, to_number
from ..config import Control, NumberControl, SelectControl
from ..engine.command import ReadBack
from ..engine.model import EPSILON_A, Levels

SAME_CURRENT_WITHIN_A = 0.05
DEFAULT_STEP_A = 1.0
FINEST_STEP_A = 0.1
SAME_STEP_WITHIN = 1e-3
"""Part of a step that is rounding: currents are rounded to 1 µA."""

OPTION = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(m?)a?(?:mps?)?\s*", re.IGNORECASE)


class Order(NamedTuple):
    """An action that sets the entity to a current."""

    domain: str
    service: str
    data: dict[str, Any]


class Dial(Protocol):
    """An entity that a charger's current is set with. Currents are A per phase."""

    @property
    def step_a(self) -> float:
        """Resolution, where there are no levels."""

    @property
    def levels_a(self) -> Levels:
        """The only currents it can be set to; empty where there is a step."""

    def shows_a(self) -> float | None:
        """Current it shows; None where it shows none."""

    def obeys(self, wanted_a: float) -> ReadBack:
        """Compare what it shows with what is wanted."""

    def order(self, current_a: float) -> Order:
        """What to call for a current, or for the next one below that it has."""


def dial_of(hass: HomeAssistant, control: Control, volts: float) -> Dial | None:
    """Dial of a charger; None if actions drive it. ``volts``: of all its phases."""
    match control:
        case NumberControl():
            return NumberDial(hass, control.entity, volts)
        case SelectControl():
            return SelectDial(hass, control.entity, control.pause_option)
        case _:
            return None


def amperes_per_unit(state: State, volts: float) -> float | None:
    """What one of the number's unit is in A. None: neither a current nor a power."""
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    if unit in (None, UnitOfElectricCurrent.AMPERE):
        return 1.0
    return to_amperes(1.0, unit, volts)


def currents_of(options: Sequence[str]) -> dict[float, str]:
    """Those of a select's options that are currents above 0 A, lowest first."""
    found = {}
    for option in options:
        if current_a := to_current(option):
            found[current_a] = option
    return dict(sorted(found.items()))


def to_current(option: str) -> float | None:
    """Read an option as a current in A: "16", "16 A", "16.0", "16000 mA"."""
    if (match := OPTION.fullmatch(option)) is None:
        return None
    value = float(match[1].replace(",", "."))
    return value / 1000 if match[2] else value


class _EntityDial:
    """What both kinds have in common."""

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        self._hass = hass
        self._entity_id = entity_id

    def _state(self) -> State | None:
        """State of the entity, whatever it is."""
        return self._hass.states.get(self._entity_id)

    def _known(self) -> State | None:
        """State of the entity, if it has one."""
        state = self._state()
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            return None
        return state

    def _unfit(self, current_a: float) -> HomeAssistantError:
        return HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="control_unfit",
            translation_placeholders={
                "entity_id": self._entity_id,
                "current_a": f"{current_a:g}",
            },
        )


class NumberDial(_EntityDial):
    """A number in A, mA, W or kW. A power is that of all the charger's phases."""

    def __init__(self, hass: HomeAssistant, entity_id: str, volts: float) -> None:
        """``volts``: the voltage, times the charger's phases."""
        super().__init__(hass, entity_id)
        self._volts = volts

    @property
    def step_a(self) -> float:
        """Step of the number in A; 1 A if it has none."""
        if (state := self._state()) is None:
            return DEFAULT_STEP_A
        step, per_unit_a = _step(state), amperes_per_unit(state, self._volts)
        if step is None or per_unit_a is None:
            return DEFAULT_STEP_A
        return max(step * per_unit_a, FINEST_STEP_A)

    @property
    def levels_a(self) -> Levels:
        """Empty: it has a step."""
        return ()

    def shows_a(self) -> float | None:
        """Current that the number shows. Less than 0 is a code, not a current."""
        state = self._known()
        return None if state is None else self._shown_a(state)

    def obeys(self, wanted_a: float) -> ReadBack:
        """Compare with what would be written for the wanted current."""
        state = self._known()
        seen_a = None if state is None else self._shown_a(state)
        if state is None or seen_a is None:
            return ReadBack.UNKNOWN
        per_unit_a = amperes_per_unit(state, self._volts) or 1.0
        written_a = _written(state, wanted_a, per_unit_a) * per_unit_a
        same = abs(seen_a - written_a) <= SAME_CURRENT_WITHIN_A
        return ReadBack.OBEYS if same else ReadBack.DIFFERS

    def order(self, current_a: float) -> Order:
        """Set the number to the current in its own unit, rounded down to its step."""
        state = self._state()
        per_unit_a = None if state is None else amperes_per_unit(state, self._volts)
        if state is None or per_unit_a is None:
            raise self._unfit(current_a)
        value = {ATTR_VALUE: _written(state, current_a, per_unit_a)}
        return Order(NUMBER_DOMAIN, SET_VALUE, value)

    def _shown_a(self, state: State) -> float | None:
        value, per_unit_a = to_number(state), amperes_per_unit(state, self._volts)
        if value is None or value < 0 or per_unit_a is None:
            return None
        return value * per_unit_a


def _written(state: State, current_a: float, per_unit_a: float) -> float:
    """Value for a current: in A as it is, which has the step; else rounded down."""
    if per_unit_a == 1.0:
        return current_a
    step = _step(state) or 1.0
    steps = floor(current_a / per_unit_a / step + SAME_STEP_WITHIN)
    return round(steps * step, 6)


def _step(state: State) -> float | None:
    step = state.attributes.get(ATTR_STEP)
    return float(step) if isinstance(step, int | float) and step > 0 else None


class SelectDial(_EntityDial):
    """A select whose options are currents; one more may mean a pause."""

    def __init__(
        self, hass: HomeAssistant, entity_id: str, pause_option: str | None
    ) -> None:
        """``pause_option``: what pauses the charger, if it is an option at all."""
        super().__init__(hass, entity_id)
        self._pause_option = pause_option
        self._options: Sequence[str] = ()
        self._currents: dict[float, str] = {}

    @property
    def step_a(self) -> float:
        """1 A: what counts are the levels."""
        return DEFAULT_STEP_A

    @property
    def levels_a(self) -> Levels:
        """Currents that are options."""
        state = self._state()
        return () if state is None else tuple(self._currents_of(state))

    def shows_a(self) -> float | None:
        """Current that is selected."""
        if (state := self._known()) is None:
            return None
        return 0.0 if state.state == self._pause_option else to_current(state.state)

    def obeys(self, wanted_a: float) -> ReadBack:
        """Compare with the option that would be selected. "Auto" may be anything."""
        if (state := self._known()) is None:
            return ReadBack.UNKNOWN
        same = state.state == self._option(state, wanted_a)
        return ReadBack.OBEYS if same else ReadBack.DIFFERS

    def order(self, current_a: float) -> Order:
        """Select the highest current that is not above."""
        state = self._state()
        option = None if state is None else self._option(state, current_a)
        if option is None:
            raise self._unfit(current_a)
        domain, _ = split_entity_id(self._entity_id)
        return Order(domain, SELECT_OPTION, {ATTR_OPTION: option})

    def _option(self, state: State, current_a: float) -> str | None:
        """Option for a current; the pause below the lowest of them."""
        option = self._pause_option
        for level_a, at_level in self._currents_of(state).items():
            if level_a <= current_a + EPSILON_A:
                option = at_level
        return option

    def _currents_of(self, state: State) -> dict[float, str]:
        """Options that are currents. They seldom change, and are asked for often."""
        options = state.attributes.get(ATTR_OPTIONS) or ()
        if options != self._options:
            self._options, self._currents = options, currents_of(options)
        return self._currents
