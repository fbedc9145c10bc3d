"""A command that no reading shows: its charger may be held to less by its car."""

from collections.abc import Callable
from math import inf

import pytest

from .car import Car
from .house import House, within_limit
from .settings import charger_settings, site_settings

SITE = site_settings(limit_a=25.0)
COMES_S = 900.0
ALL = (0, 1, 2)


def until_it_may_have_all(cap_a: float) -> Callable[[float], float]:
    """A car that limits itself, or is not there, and after a while takes what it may."""
    return lambda now_s: cap_a if now_s < COMES_S else inf


@pytest.mark.parametrize("base_a", [9.0, 11.0, 12.0, 12.7, 13.0])
@pytest.mark.parametrize("cap_a", [0.0, 6.0, 8.0, 10.0])
@pytest.mark.parametrize("phases", [(0,), ALL])
def test_what_a_car_leaves_is_kept_for_it(
    base_a: float, cap_a: float, phases: tuple[int, ...]
) -> None:
    """Nothing but its number is known: it never has more than the house leaves."""
    settings = charger_settings("car", phases=phases, max_a=16)
    car = Car(charger=settings, cap_a=until_it_may_have_all(cap_a), lag_s=2)
    house = House(base_a, car, site=SITE, phases=3, witness=within_limit)
    house.run(COMES_S + 300)
    assert max(house.sent_a()) <= 25 - base_a
    assert car.takes_a(house.now_s) >= 25 - base_a - 3


@pytest.mark.parametrize("cap_a", [6.0, 10.0])
@pytest.mark.parametrize("lag_s", [1.0, 8.0, 20.0])
def test_a_house_that_is_never_still(cap_a: float, lag_s: float) -> None:
    """0.3 A come and go, and pass for no step of a car that limits itself."""
    car = Car(
        charger=charger_settings("car", max_a=16),
        cap_a=until_it_may_have_all(cap_a),
        lag_s=lag_s,
        reads_back=True,
    )
    house = House(
        lambda now_s: 12.0 + 0.3 * (now_s // 7 % 2),
        car,
        site=SITE,
        witness=within_limit,
    )
    house.run(COMES_S - 1)
    assert max(house.sent_a()) <= 13


def test_a_step_that_another_load_hides_costs_no_more_than_the_step() -> None:
    """4 A of the house end as the car takes 4 A more. Its next step shows where it is."""
    car = Car(charger=charger_settings("car", max_a=16), lag_s=2, reads_back=True)
    house = House(
        lambda now_s: 8.0 if now_s < 32.1 else 4.0,
        car,
        site=SITE,
        witness=within_limit,
        reports_every_s=1.0,
    )
    house.run(200)
    assert house.sent_a() == [0, 6, 10, 14, 16]
