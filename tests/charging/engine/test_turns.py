"""Turns and priorities where not all chargers fit, and cars that take less."""

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.memory import Turn
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    Limit,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.turns import (
    SPARING_AFTER_S,
    follow_turns,
    turn_moments,
    useful_current,
)

from .car import Car, honest_status
from .house import House
from .settings import charger_settings, site_settings

TURN_S = 600.0
SITE = site_settings(rotation_time_s=TURN_S)


def charger(name: str, **given: float) -> Car:
    """Return a charger that measures its draw."""
    settings = replace(charger_settings(name), **given)  # type: ignore[arg-type]
    return Car(charger=settings, measured=True, reads_back=True)


def hours_of(house: House, cars: list[Car], until_s: float) -> list[float]:
    """Return how long each car charged, in s."""
    charged_s = [0.0] * len(cars)
    for second in range(int(until_s)):
        house.run(second)
        for index, car in enumerate(cars):
            charged_s[index] += car.takes_a(second) >= 6
    return charged_s


def test_two_equal_chargers_on_10_a_take_turns() -> None:
    """One has it all while the other waits; in an hour both had about the same."""
    cars = [charger("a"), charger("b")]
    house = House(22.0, *cars, site=SITE)
    house.run(300)
    assert sorted(car.takes_a(300) for car in cars) == [0, 10]
    waiting = "b" if cars[0].takes_a(300) else "a"
    assert house.chosen(waiting).limit is Limit.WAITING_FOR_TURN
    charged_s = hours_of(house, cars, 6 * TURN_S)
    assert min(charged_s) >= 0.4 * 6 * TURN_S
    assert max(sum(house.service_a()), 0) <= 32


def test_turns_change_by_the_clock_and_not_when_the_meter_reports_next() -> None:
    """The meter reports every 50 s, when the house takes a little more or less."""
    cars = [charger("a"), charger("b")]
    wavers = lambda now_s: 22.0 if now_s % 100 < 50 else 21.9  # noqa: E731
    house = House(wavers, *cars, site=SITE, reports_every_s=0)
    house.run(TURN_S)
    assert [car.takes_a(house.now_s) for car in cars] == [10, 0]
    house.run(TURN_S + 40)
    first = next(s.at_s for s in house.log if s.charger_id == "a" and s.current_a)
    (paused,) = [s for s in house.log if s.at_s > TURN_S and not s.current_a]
    assert paused.charger_id == "a"
    ramp_s = SITE.ramp_up_time_s
    assert paused.at_s == pytest.approx(first + TURN_S + ramp_s, abs=0.5)


def test_two_of_three_run_on_17_a_and_nobody_starves() -> None:
    """Each charges for about two thirds of the time."""
    cars = [charger(name) for name in "abc"]
    house = House(15.0, *cars, site=SITE)
    house.run(400)
    assert sorted(car.takes_a(400) for car in cars) == [0, 8, 9]
    charged_s = hours_of(house, cars, 9 * TURN_S)
    assert min(charged_s) >= 0.5 * 9 * TURN_S


def test_a_priority_does_not_take_turns() -> None:
    """B comes first, whenever it charges."""
    cars = [charger("a"), charger("b", priority=1)]
    house = House(22.0, *cars, site=SITE)
    charged_s = hours_of(house, cars, 4 * TURN_S)
    assert charged_s[1] >= 0.95 * 4 * TURN_S
    assert charged_s[0] <= 60


def test_a_charger_that_is_dead_keeps_the_others_from_nothing() -> None:
    """Calls to C fail, and it holds 0 A: A and B take turns as if C were not there."""
    cars = [charger("a"), charger("b"), charger("c")]
    cars[2].works = lambda now_s: False
    house = House(22.0, *cars, site=SITE)
    charged_s = hours_of(house, cars, 8 * TURN_S)
    assert min(charged_s[:2]) >= 0.3 * 8 * TURN_S


def test_without_a_rotation_time_nobody_is_interrupted() -> None:
    cars = [charger("a"), charger("b")]
    house = House(22.0, *cars, site=replace(SITE, rotation_time_s=inf))
    house.run(120)
    runs = cars[0] if cars[0].takes_a(120) else cars[1]
    told = len(runs.told)
    house.run(7200)
    assert {current_a for _, current_a in runs.told[told:]} <= {10}


def test_a_car_that_takes_half_leaves_the_rest_to_the_other() -> None:
    """A is full at 10 A of its 16 A: B gets 21 A, and A is not cut off."""
    cars = [charger("a"), charger("b")]
    cars[0].cap_a = lambda now_s: 9.7 if now_s > 60 else inf
    house = House(0.0, *cars, site=SITE)
    house.run(400)
    assert [car.takes_a(400) for car in cars] == [9.7, 21]


def test_what_it_left_comes_back_when_it_wants_more() -> None:
    cars = [charger("a"), charger("b")]
    cars[0].cap_a = lambda now_s: 9.7 if 60 < now_s < 600 else inf
    house = House(0.0, *cars, site=SITE)
    house.run(900)
    assert [car.takes_a(900) for car in cars] == [16, 16]


@pytest.mark.parametrize("wavers_a", [0.3, 0.6])
def test_a_draw_that_wavers_moves_nothing(wavers_a: float) -> None:
    cars = [charger("a"), charger("b")]
    cars[0].cap_a = lambda now_s: 9.7 + (wavers_a if now_s % 20 < 10 else 0)
    house = House(0.0, *cars, site=SITE)
    house.run(600)
    sent = len(house.log)
    house.run(1800)
    assert len(house.log) <= sent + 2


def test_a_charger_without_a_car_keeps_nothing_from_the_other() -> None:
    """14 A are free: A gets them all once it is clear that B has no car."""
    cars = [charger("a"), charger("b")]
    cars[1].cap_a = lambda now_s: 0.0
    cars[1].status = honest_status
    house = House(18.0, *cars, site=replace(SITE, rotation_time_s=inf))
    house.run(600)
    assert cars[0].takes_a(600) == 14


def test_a_car_that_arrives_where_nobody_was_is_heard_by_its_status() -> None:
    """B was paused. Its status changes at 1000 s, and it soon has its share."""
    cars = [charger("a"), charger("b")]
    cars[1].cap_a = lambda now_s: inf if now_s > 1000 else 0.0
    cars[1].status = lambda now_s, draw_a: (
        ChargerStatus.CHARGING if now_s > 1000 else ChargerStatus.NOT_CHARGING
    )
    house = House(18.0, *cars, site=replace(SITE, rotation_time_s=inf))
    house.run(1100)
    assert [car.takes_a(1100) for car in cars] == [7, 7]


def test_without_a_status_a_charger_is_tried_again_after_the_rotation_time() -> None:
    cars = [charger("a"), charger("b")]
    cars[1].cap_a = lambda now_s: inf if now_s > 1000 else 0.0
    house = House(18.0, *cars, site=SITE)
    house.run(1000 + TURN_S + 100)
    assert [car.takes_a(house.now_s) for car in cars] == [7, 7]


def test_current_that_nobody_wants_is_offered_to_the_charger_without_a_car() -> None:
    """So that a car that arrives begins at once."""
    cars = [charger("a", max_a=16), charger("b")]
    cars[1].cap_a = lambda now_s: 0.0
    cars[1].status = honest_status
    house = House(0.0, *cars, site=SITE)
    house.run(600)
    assert house.chosen("b").desired_a == 16


@pytest.mark.parametrize(("settled", "since_s"), [(True, 5.0), (False, None)])
def test_a_car_that_may_still_follow_its_command_spares_nothing(
    settled: bool, since_s: float | None
) -> None:
    """It takes 8 A of 16 A, but 16 A may have been set just now."""
    charger = ChargerInput(
        charger_settings("a"), holding(16), draw=DrawReading((8,), (8,), 5)
    )
    site = SiteInput(site_settings(), None, (charger,))
    turns = follow_turns({}, site, [Draw((8,), (8,), settled=settled)], 5)
    assert turns["a"].sparing_since_s == since_s


def test_when_the_order_may_change_by_time_alone() -> None:
    """A runs and is sparing since 200 s, B waits, and C is paused as idle."""
    site = SiteInput(SITE, None, ())
    running = Turn(running=True, since_s=100, sparing_since_s=200)
    idle = Turn(running=False, since_s=30, idle=True)
    waits = Turn(running=False, since_s=50)
    spared_s = 200 + SPARING_AFTER_S
    assert turn_moments(site, {"a": running, "b": waits}) == [spared_s, 700]
    assert turn_moments(site, {"a": running}) == [spared_s]
    assert turn_moments(site, {"c": idle}) == [630]


def test_what_a_charger_has_use_for_is_one_of_its_levels() -> None:
    """It takes 8 A of 16 A: 9 A would do, and 10 A is its next level."""
    charger = ChargerInput(
        charger_settings("a", levels_a=(6.0, 10.0, 13.0, 16.0)),
        holding(16),
        draw=DrawReading((8,), (8,), 5),
    )
    turn = Turn(running=True, since_s=0, sparing_since_s=0)
    assert useful_current(charger, turn, SPARING_AFTER_S) == 10
    assert useful_current(charger, turn, SPARING_AFTER_S - 1) == inf


def test_current_that_nobody_has_use_for_stays_where_it_is() -> None:
    """Both take 9.7 A of 25 A, and neither uses the last ampere."""
    cars = [
        Car(
            charger=charger_settings(name),
            cap_a=lambda _now_s: 9.7,
            measured=True,
            call_s=4,
            lag_s=0.1,
        )
        for name in "ab"
    ]
    site = site_settings(limit_a=25, ramp_up_time_s=0, ramp_up_step_a=32)
    house = House(0.0, *cars, site=site)
    house.run(600)
    told_a = [car.told[-1][1] for car in cars]
    house.run(1200)
    assert {(s.charger_id, s.current_a) for s in house.log if s.at_s > 600} <= {
        ("a", told_a[0]),
        ("b", told_a[1]),
    }
