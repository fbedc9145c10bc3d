"""How much of an export counts is a choice, and what a cloud then costs is known."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine.model import (
    Circuit,
    Fallback,
    FallbackAction,
    Limit,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

CLOUD_S = 200.0


def a_sunny_house(
    *cars: Car, share: float, limit_a: float = 25.0, sun_a: float = 20.0
) -> House:
    """5 A of base load; the sun goes at 200 s."""
    return House(
        lambda now_s: 5.0 - (sun_a if now_s < CLOUD_S else 0.0),
        *cars,
        site=site_settings(limit_a=limit_a, export_share=share),
    )


def over(house: House, until_s: float) -> tuple[float, float]:
    """For how long the supply carries more than its limit, and how much in A·s."""
    seconds = ampere_seconds = 0.0
    tenths = range(round(house.now_s * 10), round(until_s * 10))
    for tenth in tenths:
        house.run(tenth / 10)
        excess_a = max(house.service_a()) - house.site.limit_a
        if excess_a > 0.01:
            seconds, ampere_seconds = seconds + 0.1, ampere_seconds + excess_a / 10
    return seconds, ampere_seconds


@pytest.mark.parametrize(
    ("share", "gets_a"), [(0.0, 25), (0.2, 28), (0.5, 32), (1.0, 32)]
)
def test_a_measured_car_gets_as_much_of_the_export_as_counts(
    share: float, gets_a: float
) -> None:
    """25 A and 15 A of export. 40 A would be exact; the charger takes 32 A."""
    car = Car(measured=True)
    house = a_sunny_house(car, share=share)
    house.run(CLOUD_S - 1)
    assert car.takes_a(house.now_s) == gets_a


@pytest.mark.parametrize(("measured", "gets_a"), [(True, 15), (False, 9)])
def test_under_a_limit_of_nothing_the_export_charges_the_car(
    measured: bool, gets_a: float
) -> None:
    """An operator allows 0 W; 15 A are exported.

    What is left of them beside 9 A is no proof that a car that is not measured takes
    those.
    """
    car = Car(measured=measured)
    house = a_sunny_house(car, share=1.0)
    ceilings = ((Limit.EXTERNAL_LIMIT, 0.0),)
    house.site = replace(house.site, ceilings=ceilings)
    house.run(CLOUD_S - 1)
    assert car.takes_a(house.now_s) == gets_a
    assert house.service_a() == (gets_a - 15,)


def test_under_a_limit_of_nothing_no_export_counts_by_default() -> None:
    car = Car(measured=True)
    house = a_sunny_house(car, share=0.0)
    house.site = replace(house.site, ceilings=((Limit.EXTERNAL_LIMIT, 0.0),))
    house.run(CLOUD_S - 1)
    assert car.takes_a(house.now_s) == 0


def test_chargers_that_are_not_measured_prove_no_export() -> None:
    """Two of 16 A, and 20 A flow: one of them may be idle, and may begin at any time."""
    cars = [
        Car(charger=charger_settings("a", max_a=16), holds_a=12),
        Car(
            charger=charger_settings("b", max_a=16), holds_a=12, cap_a=lambda _now_s: 0
        ),
    ]
    house = House(8.0, *cars, site=site_settings(limit_a=25, export_share=1.0))
    house.run(120)
    assert sum(car.told[-1][1] for car in cars) <= 25


@pytest.mark.parametrize(
    ("lag_s", "seconds", "ampere_seconds"),
    [(1, 1.2, 15), (3, 3.2, 39), (5, 5.2, 63), (10, 10.2, 123)],
)
def test_a_cloud_costs_the_time_that_the_car_takes_to_follow(
    lag_s: float, seconds: float, ampere_seconds: float
) -> None:
    """37 A on 25 A, from the reading that shows it until the car has followed."""
    car = Car(measured=True, lag_s=lag_s)
    house = a_sunny_house(car, share=1.0)
    house.run(CLOUD_S - 0.1)
    assert car.takes_a(house.now_s) == 32
    lasted_s, cost_as = over(house, CLOUD_S + 60)
    assert lasted_s == pytest.approx(seconds, abs=0.2)
    assert cost_as == pytest.approx(ampere_seconds, abs=2)
    assert house.service_a()[0] <= 25


def test_by_default_a_cloud_uncovers_no_more_than_the_base_load() -> None:
    """The charger has 25 A of its own, beside 5 A that the sun had covered."""
    house = a_sunny_house(Car(measured=True, lag_s=5), share=0.0, sun_a=20.0)
    house.run(CLOUD_S - 0.1)
    lasted_s, cost_as = over(house, CLOUD_S + 60)
    assert lasted_s == pytest.approx(5.2, abs=0.2)
    assert cost_as == pytest.approx(26, abs=1)
    assert house.service_a()[0] <= 25


def test_the_export_of_a_circuit_counts_in_the_circuit() -> None:
    """The panels are on the garage of 10 A: 20 A fit, and the supply has them, too."""
    garage = Circuit("garage", 10, (0,), frozenset({"car"}), metered=True)
    for share, gets_a in ((0.0, 10), (1.0, 20)):
        car = Car(measured=True)
        house = House(
            -8.0,
            car,
            site=site_settings(limit_a=25, export_share=share),
            circuits=(garage,),
            circuit_a=lambda _name, _now_s: -10.0,
        )
        house.run(200)
        assert car.takes_a(house.now_s) == gets_a


def test_without_the_meter_no_export_counts() -> None:
    """What is kept fits the supply, as the sun may go unseen."""
    car = Car(measured=True)
    house = House(
        -15.0,
        car,
        site=site_settings(
            limit_a=25,
            export_share=1.0,
            fallback=Fallback(FallbackAction.HOLD, current_a=6, grace_s=10),
        ),
        meter_works=lambda now_s: now_s < 200,
    )
    house.run(199)
    assert car.takes_a(house.now_s) == 32
    house.run(240)
    assert car.takes_a(house.now_s) == 25


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize(
    ("lasts_s", "lag_s", "most_as"),
    [(5, 1, 50), (10, 1, 45), (20, 1, 50), (5, 3, 65), (10, 3, 75), (20, 3, 80)],
)
def test_a_load_that_grows_for_some_seconds(
    lasts_s: float, lag_s: float, most_as: float, measured: bool
) -> None:
    """20 A, a part of it each second: the car need not be measured for that."""
    car = Car(holds_a=25, measured=measured, lag_s=lag_s)
    house = House(
        lambda now_s: 5.0 + max(0, min(20, int(now_s - 99) * 20 / lasts_s)),
        car,
        site=site_settings(limit_a=30.0),
    )
    house.run(99.9)
    _, cost_as = over(house, 160)
    assert cost_as < most_as * (1.0 if measured else 1.1)
    assert house.service_a()[0] <= 30


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("lag_s", [1, 3, 5])
def test_what_grows_while_a_reduction_is_on_its_way_is_taken_off_at_once(
    lag_s: float, measured: bool
) -> None:
    """6 A each time, the second one before the car has followed for the first."""
    house = House(
        lambda now_s: 5.0 + 6 * (now_s >= 100) + 6 * (now_s >= 101),
        Car(holds_a=25, measured=measured, lag_s=lag_s),
        site=site_settings(limit_a=30.0),
    )
    house.run(102)
    assert house.sent_a(100)[0] == 19
    assert house.sent_a(100)[-1] <= 13
    house.run(120)
    assert house.service_a()[0] == pytest.approx(30, abs=0.1)


def test_what_was_lowered_ahead_of_growth_is_given_back() -> None:
    """It grows twice by 4 A, and no further: the car has 17 A of 25 A again."""
    house = House(
        lambda now_s: 5.0 + 4 * (now_s >= 100) + 4 * (now_s >= 101),
        Car(holds_a=25, measured=True),
        site=site_settings(limit_a=30.0),
    )
    house.run(105)
    assert house.sent_a(100) == [21, 13]
    house.run(115)
    assert house.service_a() == (30,)
