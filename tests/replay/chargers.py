"""The chargers as Home Assistant sees them: they obey, refuse, hang or pretend."""

import asyncio
from collections.abc import Callable
from typing import Any, override

from homeassistant.components.number import NumberEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from simulation.car import MIN_CURRENT_A, ChargePoint, Status

from .plan import Fault
from .site import SETTLE_S, VOLTAGE_V, Wiring

CALL_S = 0.2
"""A call takes this long when all is well."""
REPEATS_S = 60.0
"""So often a measurement is told again that has not changed."""
OBEYS_A, OBEYS = 1.0, 0.1
"""A charger may pass for obeying while it takes so much more than it is set to."""


class Charger:
    """A charger, its faults, and its entities.

    ``on_call`` is told of every command that arrives, in A, before it is obeyed.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        wiring: Wiring,
        point: ChargePoint,
        on_call: Callable[[Charger, float], None],
    ) -> None:
        """Nothing is sent to it yet."""
        self.hass = hass
        self.wiring = wiring
        self.point = point
        self.on_call = on_call
        self.faults: set[Fault] = set()
        self.held: list[tuple[float, float]] = [(float("-inf"), 0.0)]
        """What it was set to, and since when."""
        self.number = ChargerNumber(self)
        self.switch = ChargerSwitch(self)
        self._began_s = hass.loop.time()
        self.called_s = float("-inf")
        """When the last call arrived."""
        self.busy = False
        """Whether a call is on its way."""
        self.obeyed_late_s = float("-inf")
        """When it was last measured to obey after it had taken too much for too long."""
        self._takes_too_much = False
        self._released = asyncio.Event()
        self._told: dict[str, tuple[str, float]] = {}

    @property
    def now_s(self) -> float:
        """Seconds since the start."""
        return self.hass.loop.time() - self._began_s

    @property
    def held_a(self) -> float:
        """Current that it is set to; 0 is a pause."""
        point = self.point
        paused = not point.enabled or point.limit_a < MIN_CURRENT_A
        return 0.0 if paused else point.limit_a

    def begin(self, fault: Fault) -> None:
        """Be in trouble."""
        self.faults.add(fault)
        self._released.clear()
        self.show()

    def end(self, fault: Fault) -> None:
        """Be well again; calls that hang are answered."""
        self.faults.discard(fault)
        self._released.set()
        self.show()

    async def set_current(self, current_a: float) -> None:
        """Obey a new current, or not."""
        self.on_call(self, current_a)
        if await self._obeys():
            self.point.set_limit(current_a, self.now_s)
            self._note()

    async def turn(self, *, on: bool) -> None:
        """Obey the switch, or not."""
        if not on:
            self.on_call(self, 0.0)
        if await self._obeys():
            self.point.set_enabled(on, self.now_s)
            self._note()

    async def _obeys(self) -> bool:
        self.called_s = self.now_s
        self.busy = True
        try:
            return await self._answers()
        finally:
            self.busy = False

    async def _answers(self) -> bool:
        await asyncio.sleep(CALL_S)
        if Fault.CALL_HANGS in self.faults:
            await self._released.wait()
        if Fault.CALL_FAILS in self.faults or not self.available:
            raise HomeAssistantError("the charger does not answer")
        # Without read-back, nobody could ever know.
        blind = self.wiring.control == "actions"
        return blind or Fault.CALL_IGNORED not in self.faults

    def _note(self) -> None:
        self.held.append((self.now_s, self.held_a))
        del self.held[:-20]
        self.show()

    def show(self) -> None:
        """Write the control entities' states."""
        for entity in (self.number, self.switch):
            if entity.hass is not None:
                entity.async_write_ha_state()

    def report(self) -> None:
        """Let the sensors tell what it takes and does, where that changed."""
        wiring, point = self.wiring, self.point
        self._follow_obedience()
        lost = Fault.CHARGER_UNAVAILABLE in self.faults
        if wiring.draw:
            factor = VOLTAGE_V * len(wiring.phases) if wiring.draw == "W" else 1.0
            value = f"{point.current_a * factor:.3f}"
            if Fault.DRAW_LOST in self.faults:
                value = "nan"
            self._tell(wiring.draw_sensor, "unavailable" if lost else value)
        if wiring.status:
            status = "unavailable" if lost else point.status.value
            self._tell(wiring.status_sensor, status)

    def _follow_obedience(self) -> None:
        """Remember when it came down to what it was set to, later than it should."""
        if self.point.current_a <= self.held_a * (1 + OBEYS) + OBEYS_A:
            if self._takes_too_much:
                self.obeyed_late_s = self.now_s
            self._takes_too_much = False
        elif self.now_s > self.held[-1][0] + SETTLE_S:
            self._takes_too_much = True

    def _tell(self, entity_id: str, value: str) -> None:
        draws = entity_id == self.wiring.draw_sensor
        told, told_s = self._told.get(entity_id, ("", 0.0))
        # Soon after a command, and now and then.
        told_before = told_s < self.called_s + CALL_S + SETTLE_S
        repeats_s = SETTLE_S if told_before else REPEATS_S
        repeats = draws and self.now_s >= told_s + repeats_s
        if told == value and not repeats:
            return
        self._told[entity_id] = value, self.now_s
        attributes = {"unit_of_measurement": self.wiring.draw} if draws else {}
        self.hass.states.async_set(entity_id, value, attributes)

    @property
    def available(self) -> bool:
        """Whether its entities are there."""
        return Fault.CHARGER_UNAVAILABLE not in self.faults

    @property
    def tells_draw(self) -> bool:
        """Whether there is a sensor of what it takes, and it works."""
        lost = {Fault.DRAW_LOST, Fault.CHARGER_UNAVAILABLE} & self.faults
        return bool(self.wiring.draw) and not lost

    @property
    def measured(self) -> bool:
        """Whether what it takes was measured since it was told something."""
        if not self.tells_draw:
            return False
        _, told_s = self._told.get(self.wiring.draw_sensor, ("", 0.0))
        return told_s >= self.called_s + CALL_S + SETTLE_S

    @property
    def idle(self) -> bool:
        """Whether it says that it does not charge."""
        return self.wiring.status and self.point.status is not Status.CHARGING

    def held_between(self, from_s: float, to_s: float) -> list[float]:
        """What it was set to in a span of time."""
        before = [amps for at_s, amps in self.held if at_s <= from_s][-1:]
        return before + [amps for at_s, amps in self.held if from_s < at_s <= to_s]


class ChargerNumber(NumberEntity):
    """The charger's current."""

    _attr_should_poll = False
    _attr_native_min_value = 0
    _attr_native_max_value = 32
    _attr_native_step = 1
    _attr_native_unit_of_measurement = "A"

    def __init__(self, charger: Charger) -> None:
        """Show what the charger is set to."""
        self._charger = charger
        self._attr_name = charger.wiring.charger_id

    @property
    @override
    def available(self) -> bool:
        return self._charger.available

    @property
    @override
    def native_value(self) -> float:
        return self._charger.point.limit_a

    @override
    async def async_set_native_value(self, value: float) -> None:
        await self._charger.set_current(value)


class ChargerSwitch(SwitchEntity):
    """The charger's switch."""

    _attr_should_poll = False

    def __init__(self, charger: Charger) -> None:
        """Show whether the charger is paused."""
        self._charger = charger
        self._attr_name = charger.wiring.charger_id

    @property
    @override
    def available(self) -> bool:
        return self._charger.available

    @property
    @override
    def is_on(self) -> bool:
        return self._charger.point.enabled

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self._charger.turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self._charger.turn(on=False)
