"""Switches that show whether a car charges: they go off by themselves.

So does that of a Wallbox while the car waits for its schedule (``is_on`` of Home
Assistant's integration follows the status), and that of a car's own integration.
"""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from ..homes.house import NUMBER, STATUS, SWITCH, House

PROBLEM = "binary_sensor.garage_charger_problem"
BY_SWITCH = {
    "switch_entity": SWITCH,
    "status_entity": STATUS,
    "charging_states": ["charging"],
    "max_current_a": 16.0,
}


class Session:
    """A car that charges until it is full, beside 4 A of other load."""

    def __init__(self, house: House, answer: str) -> None:
        """``answer`` is what a full car does when the switch is turned on."""
        self.house, self.answer, self.charges = house, answer, True
        self.starts: list[float] = []
        house.switch.async_turn_on = self._turn_on  # type: ignore[method-assign]

    async def _turn_on(self, **kwargs: Any) -> None:
        self.starts.append(self.house.hass.loop.time())
        if self.charges or self.answer == "shortly":
            self.house.switch.show(on=True)
        elif self.answer == "fails":
            raise HomeAssistantError("complete")

    async def live(self, minutes: int) -> None:
        """Look at it every 10 s; its switch follows with the next look."""
        for _ in range(minutes * 6):
            status = "charging" if self.charges else "complete"
            self.house.hass.states.async_set(STATUS, status)
            if not self.charges:
                self.house.switch.show(on=False)
            drawn_a = float(self.house.state(NUMBER)) if self.charges else 0.0
            await self.house.measure(4 + drawn_a)
            await self.house.wait(10)


async def begin(house: House, answer: str) -> Session:
    """Charge for five minutes."""
    house.number.show(16)
    house.hass.states.async_set(STATUS, "charging")
    await house.measure(20)
    await house.set_up(charger=BY_SWITCH)
    session = Session(house, answer)
    await session.live(5)
    assert not session.starts
    return session


@pytest.mark.parametrize("answer", ["not at all", "shortly", "fails"])
async def test_a_full_car_is_left_alone(
    hass: HomeAssistant, house: House, answer: str
) -> None:
    """Its switch goes off, and however often it is turned on, it goes off again."""
    session = await begin(house, answer)
    session.charges = False
    await session.live(60)
    assert len(session.starts) <= 12
    assert (house.state(PROBLEM) == "on") is (answer == "fails")
    before = len(session.starts)
    await session.live(180)
    assert len(session.starts) - before <= 13


async def test_the_next_car_charges_at_once(house: House) -> None:
    """It turns the switch on by itself."""
    session = await begin(house, "not at all")
    session.charges = False
    await session.live(60)
    session.charges = True
    house.switch.show(on=True)
    await session.live(2)
    assert house.state(NUMBER) == "16.0"
    assert house.state(PROBLEM) == "off"


async def test_a_start_that_was_lost_is_repeated(house: House) -> None:
    """After a pause of ours, nothing starts the charger for ten minutes."""
    session = await begin(house, "not at all")
    await house.measure(46)
    await house.wait(20)
    assert house.sent[-1] == 0
    session.charges = False
    await session.live(10)
    assert 1 <= len(session.starts) <= 6
    session.charges = True
    lost = len(session.starts)
    for _ in range(16 * 6):
        await house.measure(4)
        await house.wait(10)
    assert len(session.starts) > lost
    assert house.state(SWITCH) == "on"


async def test_a_number_that_does_not_follow_stays_a_problem(house: House) -> None:
    """Also of a full car: it would begin with too much."""
    session = await begin(house, "not at all")
    session.charges = False
    house.wallbox.deaf = True
    await session.live(3)
    house.number.show(32)
    await session.live(3)
    assert house.state(PROBLEM) == "on"
