"""Chargers to which a pause is none are found, and have their minimum instead."""

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.allocation import (
    Claim,
    Constraint,
    allocate,
)
from custom_components.load_sharing.charging.engine.model import Limit

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

SUPPLY_25_A = site_settings(limit_a=25.0)


def base(now_s: float) -> float:
    """A house of 4 A, and of 21 A from 200 s to 600 s and from 800 s on."""
    return 21 if 200 <= now_s < 600 or now_s >= 800 else 4


def garage(max_a: float, **given: float) -> Car:
    """A charger of up to ``max_a`` that gives its rating at 0 A."""
    car = Car(charger=charger_settings("car", max_a=max_a), reads_back=True)
    car.unpaused_a = max_a
    car.lag_s = given.get("lag_s", 1)
    return car


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("lag_s", [1, 4])
@pytest.mark.parametrize("max_a", [16, 32])
def test_it_has_its_minimum_instead(
    max_a: float, lag_s: float, *, measured: bool
) -> None:
    """With its minimum, 27 A flow through 25 A, instead of 53 A."""
    car = garage(max_a, lag_s=lag_s)
    car.measured = measured
    house = House(base, car, site=SUPPLY_25_A)
    house.run(200)
    assert car.takes_a(200) == min(max_a, 21)
    house.run(260)
    assert house.outcome().never_pause == {"car"}
    assert car.takes_a(265) == 6
    house.run(800)
    assert car.takes_a(800) >= 16
    house.run(1000)
    assert 0 not in house.sent_a(300)
    assert car.takes_a(1000) == 6
    assert house.chosen().desired_a == 6
    assert house.engine.alarmed


def test_a_pause_that_works_stays() -> None:
    """A hob of 20 A is switched on with the pause, and off with the trial of 6 A."""
    car = garage(16)
    car.unpaused_a = 0

    def of_house(now_s: float) -> float:
        sent = house.log
        paused = bool(sent) and sent[-1].current_a == 0
        return 30 if now_s >= 200 and (paused or now_s > 230) else base(now_s)

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(700)
    assert house.outcome().never_pause == frozenset()
    assert house.chosen().desired_a == 0
    assert car.takes_a(700) == 0


def test_a_load_that_pulses_does_not_refute_a_pause() -> None:
    """26 A come and go every 6 s: they fall before the minimum can have been in force."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True)

    def of_house(now_s: float) -> float:
        pulse_a = 26 if int(now_s) // 6 % 2 else 0
        return 21 + pulse_a if now_s >= 100 else 15

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(700)
    assert house.outcome().never_pause == frozenset()
    assert house.chosen().desired_a == 0


@pytest.mark.parametrize("lag_s", [20, 22, 24])
@pytest.mark.parametrize("every_s", [1, 5, 10])
def test_its_own_start_that_comes_late_does_not_refute_a_pause(
    lag_s: float, every_s: float
) -> None:
    """It is told 6 A at 15 s and 10 A at 30 s. A load of 10 A at 31 s passes for it.

    So it seems to be quick when a load pauses it, and its 6 A come after that.
    """
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True, lag_s=lag_s)

    def of_house(now_s: float) -> float:
        return 32 if now_s >= 32 else 14 if now_s >= 31 else 4

    house = House(of_house, car, site=SUPPLY_25_A, reports_every_s=every_s)
    house.run(300)
    assert house.sent_a()[-1] == 0
    assert house.sent_a(41) == []
    assert house.outcome().never_pause == frozenset()


def test_a_load_that_starts_with_an_inrush_does_not_refute_a_pause() -> None:
    """No car is there, and 50 A flow for a second, 42 A before and after it."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True)
    car.cap_a = lambda _now_s: 0.0

    def of_house(now_s: float) -> float:
        return 50 if now_s == 215 else 42 if now_s >= 200 else 4

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(300)
    assert house.sent_a(200) == [0]


def test_one_that_was_paused_soon_after_its_start_is_found_later() -> None:
    """Nothing of before its pause can be what takes 16 A a minute after it."""
    car = garage(16)
    house = House(lambda now_s: 21 if now_s >= 20 else 4, car, site=SUPPLY_25_A)
    house.run(70)
    assert car.takes_a(70) == 16
    assert house.sent_a(20) == [0]
    house.run(120)
    assert house.outcome().never_pause == {"car"}
    assert car.takes_a(120) == 6


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("lag_s", [8, 14, 20])
@pytest.mark.parametrize("between_s", [6, 10, 14])
def test_what_it_still_takes_of_before_does_not_refute_a_pause(
    between_s: float, lag_s: float, *, measured: bool
) -> None:
    """A slow car takes 16 A when it is paused, although it was lowered to 6 A before."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True, lag_s=lag_s)
    car.measured = measured

    def of_house(now_s: float) -> float:
        return 22 if now_s >= 200 + between_s else 19 if now_s >= 200 else 4

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(200)
    assert car.takes_a(200) == 16
    house.run(400)
    assert house.sent_a(200) == [6, 0]
    assert house.outcome().never_pause == frozenset()


def test_what_it_takes_after_a_restart_does_not_refute_a_pause() -> None:
    """Its number shows 6 A already when the balancer starts, and it still takes 16 A."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True, lag_s=20)
    car.measured = True
    car.told = [(-60.0, 16.0), (-1.0, 6.0)]
    car.state = commands.holding(6.0)
    house = House(22, car, site=SUPPLY_25_A)
    house.run(1)
    assert car.takes_a(1) == 16
    house.run(200)
    assert house.sent_a() == [0]
    assert house.outcome().never_pause == frozenset()


@pytest.mark.parametrize("lag_s", [14, 20])
def test_its_own_rise_that_comes_late_does_not_refute_a_pause(lag_s: float) -> None:
    """It was given 16 A, and is lowered and paused before its measured draw rises."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True, lag_s=lag_s)
    car.measured = True

    def of_house(now_s: float) -> float:
        raised = [sent for sent in house.log if sent.current_a > 6]
        since_s = now_s - raised[0].at_s if raised else 0
        return 22 if since_s >= 9 else 19 if since_s >= 2 else 4

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(400)
    assert 0 in house.sent_a()
    assert house.outcome().never_pause == frozenset()


@pytest.mark.parametrize("seen", [True, False])
def test_a_pause_that_was_measured_outlasts_its_sensor(*, seen: bool) -> None:
    """A car that takes nothing is paused as others need the current.

    Its draw is 0 A until the sensor is lost, and then another load comes on: so much
    flows as before the pause, as if the pause did nothing. A charger that was never
    measured is tried with its minimum then.
    """
    car = garage(16)
    car.cap_a = lambda _now_s: 0.0
    car.measured = seen

    def of_house(now_s: float) -> float:
        if now_s < 150:
            return 8
        return 26 if now_s >= 520 else 24

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(199.5)
    car.charger = charger_settings("car", max_a=16, temporary_limit_a=0)
    house.run(510)
    assert house.chosen().desired_a == 0
    car.measured = False
    house.run(600)
    assert (6 in house.sent_a(515)) is not seen


def test_a_deaf_charger_is_not_taken_for_one() -> None:
    """It follows nothing, not even its minimum: it goes on being paused."""
    car = garage(16)
    car.measured = True
    car.obeys = lambda _current_a: house.now_s < 200
    house = House(base, car, site=SUPPLY_25_A)
    house.run(590)
    assert house.outcome().never_pause == frozenset()
    assert house.chosen().desired_a == 0
    assert house.sent_a(200).count(6) <= 3


def test_a_deaf_charger_is_not_taken_for_one_when_a_load_goes_off() -> None:
    """It goes on taking 16 A, which is measured, and a hob goes off in the trial."""
    car = Car(charger=charger_settings("car", max_a=16), reads_back=True)
    car.measured = True

    def of_house(now_s: float) -> float:
        trial = [sent for sent in house.log if sent.at_s > 210 and sent.current_a]
        if now_s < 200:
            return 4
        car.obeys = lambda _current_a: False
        return 40 if not trial or now_s < trial[0].at_s + 6 else 22

    house = House(of_house, car, site=SUPPLY_25_A)
    house.run(600)
    assert 6 in house.sent_a(210)
    assert house.outcome().never_pause == frozenset()


def test_nothing_is_tried_without_an_overload() -> None:
    """A car keeps 16 A although it may have none; there is room for it."""
    car = garage(16)
    house = House(4, car, site=SUPPLY_25_A)
    house.run(120)
    car.charger = charger_settings("car", max_a=16, temporary_limit_a=0)
    house.run(600)
    assert house.sent_a(121)[0] == 0
    assert 6 not in house.sent_a(121)


def test_the_others_give_way_to_it() -> None:
    """Its minimum comes first, and even where it does not fit."""
    supply = Constraint(Limit.SUPPLY, 13, dict.fromkeys("ab", 1))
    claims = [Claim("a", 6, 16), Claim("b", 6, 16, never_pauses=True)]
    shares = allocate(claims, [supply])
    assert [shares[name].current_a for name in "ab"] == [7, 6]
    for capacity_a, others_a in ((11, 0), (3, 0), (-4, 0)):
        shares = allocate(claims, [supply._replace(capacity_a=capacity_a)])
        assert shares["b"].current_a == max(6, capacity_a)
        assert shares["a"].current_a == others_a
        alone = allocate(claims[1:], [supply._replace(capacity_a=capacity_a)])
        assert alone["b"].current_a == max(6, capacity_a)


def test_a_ceiling_below_its_minimum_does_not_pause_it() -> None:
    claims = [Claim("a", 6, 16), Claim("b", 6, 0, never_pauses=True)]
    supply = Constraint(Limit.SUPPLY, 32, dict.fromkeys("ab", 1))
    assert allocate(claims, [supply])["b"].current_a == 6
    assert allocate(claims[1:], [supply])["b"].current_a == 6


def test_without_a_meter_it_has_its_minimum() -> None:
    """The meter is lost: others pause, and it has 6 A."""
    car = garage(32)
    car.charger = charger_settings("car", never_pauses=True)
    house = House(4, car, meter_works=lambda now_s: now_s < 100)
    house.run(200)
    assert house.outcome().fallback_active
    assert house.sent_a()[-1] == 6
