"""Cars that round what they may take, where nothing measures them."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor

import pytest

from custom_components.load_sharing.charging.engine.edge import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

LIMIT_A = 25.0


def down(current_a: float, step_a: float) -> float:
    return step_a * floor(current_a / step_a)


def up(current_a: float, step_a: float) -> float:
    return step_a * ceil(current_a / step_a)


def to_the_nearest(current_a: float, step_a: float) -> float:
    return step_a * floor(current_a / step_a + 0.5)


@dataclass(kw_only=True)
class RoundingCar(Car):
    """It takes multiples of a step of its own."""

    rounded: Callable[[float, float], float] = to_the_nearest
    step_a: float = 3.0

    def takes_a(self, now_s: float) -> float:
        """What it may, rounded."""
        return self.rounded(super().takes_a(now_s), self.step_a)


def home(
    base_a: Callable[[float], float] | float,
    rounded: Callable[[float, float], float] = to_the_nearest,
    step_a: float = 3.0,
) -> House:
    """25 A, a number of up to 16 A, and no measurement of the car."""
    car = RoundingCar(
        charger=charger_settings("car", max_a=16.0),
        holds_a=6,
        reads_back=True,
        rounded=rounded,
        step_a=step_a,
    )
    return House(base_a, car, site=site_settings(limit_a=LIMIT_A))


def changes(house: House, since_s: float = 0.0) -> list[float]:
    """Currents that were sent since, without repetitions."""
    pairs = pairwise([(0.0, 6.0), *[(sent.at_s, sent.current_a) for sent in house.log]])
    return [
        after
        for (_, before), (at_s, after) in pairs
        if after != before and at_s >= since_s
    ]


def seconds_over(house: House, until_s: int) -> int:
    """For how many seconds more flows than the limit, until then."""
    over_s = 0
    for now_s in range(int(house.now_s), until_s):
        house.run(now_s)
        over_s += house.service_a()[0] > LIMIT_A + 0.01
    return over_s


def test_a_car_that_rounds_to_three_amperes_is_tried_twice() -> None:
    """10.9 A beside it: at 13 A it takes 12 A, so 15 A seem free, and it takes 15 A."""
    house = home(10.9)
    assert seconds_over(house, 1800) <= 5
    assert changes(house) == [10, 14, 13, 15, 13]


@pytest.mark.parametrize("base_a", [9.8, 10.9, 11.4, 13.5])
@pytest.mark.parametrize("step_a", [2.0, 3.0])
@pytest.mark.parametrize("rounded", [to_the_nearest, up, down])
def test_no_rounding_hunts(
    rounded: Callable[[float, float], float], step_a: float, base_a: float
) -> None:
    """Nine commands at most, with those of the first ramp, and then the best that fits."""
    house = home(base_a, rounded, step_a)
    assert seconds_over(house, 1800) <= 10
    assert len(changes(house)) <= 9
    possible_a = [rounded(told_a, step_a) for told_a in range(6, 17)]
    fits_a = max([taken_a for taken_a in possible_a if taken_a <= LIMIT_A - base_a])
    assert house.cars[0].takes_a(house.now_s) == fits_a


def test_what_waits_is_tried_again_in_the_end() -> None:
    """After half an hour, and only once."""
    house = home(10.9)
    house.run(1800)
    assert seconds_over(house, 3600) <= 3
    assert changes(house, 1800) == [15, 13]


def test_clearly_more_headroom_ends_the_wait() -> None:
    """An oven of 4 A goes off: more than any rounding, so 16 A come at once."""
    house = home(lambda now_s: 10.9 if now_s < 600 else 6.9)
    house.run(599)
    assert changes(house)[-1] == 13
    house.run(640)
    assert changes(house)[-1] == 16


def test_headroom_that_may_be_the_rounding_does_not() -> None:
    """2 A less than before are within what the car may round by."""
    house = home(lambda now_s: 10.9 if now_s < 600 else 9.9)
    house.run(900)
    assert changes(house, 600) == []


def test_a_kettle_is_not_the_car() -> None:
    """9 A come on 2 s after a rise: after it, the car has its current back soon.

    A car that takes what it may has no edge to remember.
    """
    house = home(lambda now_s: 20.0 if 17 <= now_s < 60 else 11.0, down, 1.0)
    house.run(200)
    assert changes(house)[-1] == 14
    assert not any([edge.wait_s for edge in house.engine.edges.values()])


def test_an_edge_that_holds_later_is_forgotten() -> None:
    """A load of 2.5 A came on with the rise to 14 A, and went."""
    house = home(lambda now_s: 13.5 if 31 <= now_s < 40 else 11.0, down, 1.0)
    house.run(40)
    edge = house.engine.edges["car"]
    assert edge.wait_s == FIRST_WAIT_S
    house.run(40 + FIRST_WAIT_S + 200)
    assert changes(house)[-1] == 14
    assert house.engine.edges.get("car") is None


def test_a_measured_car_needs_no_such_memory() -> None:
    house = home(10.9)
    house.cars[0].measured = True
    house.run(1800)
    assert not house.engine.edges


def test_waits_are_bounded() -> None:
    """However often it is tried."""
    house = home(10.9)
    for now_s in range(0, 4 * 3600, 60):
        house.run(now_s)
        for edge in house.engine.edges.values():
            assert edge.wait_s <= LONGEST_WAIT_S
            assert edge.until_s <= now_s + LONGEST_WAIT_S
