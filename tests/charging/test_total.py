"""One meter for the total of all phases, and a car that uses some of its charger's."""

from math import sqrt

import pytest

from ..homes.house import DRAW, NUMBER, House

SUPPLY = {"total": True, "limit_a": 25.0}
WIDE = {"phases": ["l1", "l2", "l3"], "max_current_a": 32.0}


class Line:
    """The L1 of a house, and its car, which uses some phases, as the total shows them."""

    def __init__(self, house: House, phases: int, *, neutral: bool = True) -> None:
        """Connect a car; without a neutral, two phases are 230 V between each other."""
        self.house = house
        self.volts = 230.0 * phases
        self.base_volts = 690.0
        if not neutral:
            self.base_volts = 230 * sqrt(3)
            self.volts = 230 if phases == 2 else 230 * sqrt(3)
        self.most_a = 0.0
        self.over_s = 0

    async def set_up(self, *, measured: bool, base_a: float, car_a: float = 0) -> None:
        """Set up the site, with a sensor of one current for all phases or without."""
        self.house.number.show(car_a)
        await self.house.measure(
            base_a * self.base_volts + car_a * self.volts, unit="W"
        )
        await self.house.set_state(DRAW, car_a, "A")
        sensor = {"draw_entity": DRAW} if measured else {}
        wiring = {} if self.base_volts == 690 else {"wiring": "no_neutral"}
        await self.house.set_up(supply=SUPPLY | wiring, charger=WIDE | sensor)

    async def live(self, seconds: int, base_a: float) -> float:
        """Charge beside a base load; return the current that is set in the end."""
        for _ in range(seconds):
            await self.house.wait(1)
            car_a = float(self.house.state(NUMBER))
            self.most_a = max(self.most_a, base_a + car_a)
            self.over_s += base_a + car_a > 25.5
            await self.house.set_state(DRAW, car_a, "A")
            total_w = base_a * self.base_volts + car_a * self.volts
            await self.house.measure(round(total_w), unit="W")
        return car_a


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize(
    ("neutral", "phases"), [(True, 1), (True, 2), (True, 3), (False, 2), (False, 3)]
)
async def test_a_car_never_exceeds_its_phase_whatever_it_uses(
    house: House, neutral: bool, phases: int, measured: bool
) -> None:
    """12 of 25 A are drawn, and from then on 4 A more: the car has 13 A, then 9 A."""
    line = Line(house, phases, neutral=neutral)
    await line.set_up(measured=measured, base_a=12)
    assert await line.live(120, 12) == 13
    assert line.most_a <= 25
    assert 8 <= await line.live(60, 16) <= 9
    # One reading shows the load before the car is lowered.
    assert line.over_s <= 1


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("phases", [1, 3])
async def test_a_car_that_is_found_charging_is_lowered_once_to_be_seen(
    house: House, phases: int, measured: bool
) -> None:
    """It has 13 A at the start of the site, which is all that is free."""
    line = Line(house, phases)
    await line.set_up(measured=measured, base_a=12, car_a=13)
    assert await line.live(120, 12) == 13
    assert min(house.sent) == 6
    assert line.most_a <= 25


async def test_another_car_on_fewer_phases_is_seen(house: House) -> None:
    """The first one used three phases; it leaves, and one on L1 comes, unnoticed."""
    line = Line(house, 3)
    await line.set_up(measured=False, base_a=12)
    assert await line.live(120, 12) == 13
    line.volts = 0
    await line.live(30, 12)
    line.volts, line.most_a, line.over_s = 230, 0.0, 0
    await line.live(200, 12)
    assert line.over_s <= 5
