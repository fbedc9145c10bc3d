"""Chargers that the meter has shown get all that has lasted, and the others steps."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.model import Circuit
from custom_components.load_sharing.charging.engine.ramp import is_known

from .car import Car
from .house import House, within_limit
from .settings import charger_settings, site_settings

SITE = site_settings(limit_a=25.0)
STEPS = [0, 6, 10, 14, 16]
AT_ONCE = [0, 6, 16]
ALL = (0, 1, 2)


def plugged_in(phases: tuple[int, ...] = (0,), **car: Any) -> Car:
    """A charger of 16 A whose car has just come, and whose number is read."""
    settings = charger_settings("car", phases=phases, max_a=16)
    return Car(charger=settings, **{"reads_back": True} | car)


def reached_s(house: House, current_a: float) -> float:
    """When a charger was first sent a current."""
    return next(sent.at_s for sent in house.log if sent.current_a == current_a)


@pytest.mark.parametrize("reads_back", [False, True])
@pytest.mark.parametrize("lag_s", [1, 5])
@pytest.mark.parametrize("phases", [(0,), ALL])
@pytest.mark.parametrize("by_power", [False, True])
def test_a_measured_first_start_takes_two_ramp_up_times(
    reads_back: bool, lag_s: float, phases: tuple[int, ...], by_power: bool
) -> None:
    """20 A are free. Once its minimum has shown where the charger is, it gets 16 A."""
    car = plugged_in(
        phases, reads_back=reads_back, measured=True, by_power=by_power, lag_s=lag_s
    )
    house = House(5.0, car, site=SITE, phases=3, witness=within_limit)
    house.run(200)
    assert house.sent_a() == AT_ONCE
    assert reached_s(house, 16) == pytest.approx(30, abs=1)


@pytest.mark.parametrize("lag_s", [1, 5])
def test_one_that_is_not_measured_rises_by_steps(lag_s: float) -> None:
    """Another load may pass for its minimum."""
    house = House(5.0, plugged_in(lag_s=lag_s), site=SITE, witness=within_limit)
    house.run(200)
    assert house.sent_a() == STEPS
    assert reached_s(house, 16) == pytest.approx(60, abs=1)


def test_a_charger_of_three_phases_whose_car_uses_one() -> None:
    """What its car uses is on the phase that was entered."""
    car = plugged_in(ALL, measured=True, draws_on=(0,))
    house = House(5.0, car, site=SITE, phases=3)
    house.run(200)
    assert house.sent_a() == AT_ONCE


@pytest.mark.parametrize("measured", [False, True])
def test_one_that_is_on_another_phase_rises_by_steps(measured: bool) -> None:
    """It was entered on L1 and is on L2: two steps have to show that."""
    car = plugged_in(measured=measured, draws_on=(1,))
    house = House(5.0, car, site=SITE, phases=3)
    house.run(44)
    assert house.sent_a() == STEPS[:3]


def test_one_whose_meter_does_not_see_it_rises_by_steps() -> None:
    """Its draw is measured, and the supply's meter does not move."""
    car = plugged_in(measured=True, draws_on=())
    house = House(5.0, car, site=SITE)
    car.draws_on = (0,)
    service_a = house.service_a
    house.service_a = lambda: tuple(  # type: ignore[method-assign]
        [flow_a - car.takes_a(house.now_s) for flow_a in service_a()]
    )
    house.run(200)
    assert house.sent_a() == STEPS


def test_one_behind_a_breaker_without_a_meter() -> None:
    """Its circuit has a limit, and nothing measures it."""
    car = plugged_in(measured=True)
    circuit = Circuit("garage", 20.0, (0,), frozenset({"car"}))
    house = House(5.0, car, site=SITE, circuits=(circuit,))
    house.run(200)
    assert house.sent_a() == AT_ONCE


def test_one_that_takes_nothing_rises_by_steps() -> None:
    """No car is there: what it will take has not been seen."""
    car = plugged_in(measured=True, cap_a=lambda _now_s: 0.0)
    house = House(5.0, car, site=SITE)
    house.run(200)
    assert house.sent_a() == STEPS


def test_one_that_has_not_shown_its_minimum_rises_by_a_step() -> None:
    """Its cloud passes commands on after 20 s. It is never slower than by steps."""
    car = plugged_in(lag_s=20, measured=True)
    house = House(5.0, car, site=SITE, phases=3, witness=within_limit)
    house.run(200)
    assert house.sent_a() == STEPS
    assert reached_s(house, 16) < 61


def test_what_became_free_since_the_last_rise_is_given_by_steps() -> None:
    """Only 11 A were free before the start, and 20 A since."""
    car = plugged_in(measured=True)
    house = House(lambda now_s: 14 if now_s < 20 else 5, car, site=SITE)
    house.run(100)
    assert house.sent_a() == [0, 6, 11, 16]


def test_what_a_load_took_meanwhile_is_not_given() -> None:
    """A kettle of 7 A runs for a second: 13 A have lasted."""
    car = plugged_in(measured=True)
    house = House(lambda now_s: 12 if now_s == 26 else 5, car, site=SITE)
    house.run(44)
    assert house.sent_a() == [0, 6, 13]


def test_chargers_that_start_together_share_what_has_lasted() -> None:
    """Of 30 A that are free, each gets 15 A at once."""
    cars = [plugged_in(measured=True) for _ in range(2)]
    for car, name in zip(cars, ("a", "b"), strict=True):
        car.charger = replace(car.charger, charger_id=name)
    house = House(2.0, *cars, witness=within_limit)
    house.run(200)
    sent = [(round(one.at_s), one.charger_id, one.current_a) for one in house.log]
    assert sent[2:] == [(15, "a", 6), (15, "b", 6), (30, "a", 15), (30, "b", 15)]


def test_a_small_step_stays_a_small_rise() -> None:
    """Eight steps of 0.5 A are 4 A at a time."""
    car = plugged_in(measured=True)
    house = House(5.0, car, site=replace(SITE, ramp_up_step_a=0.5))
    house.run(100)
    assert house.sent_a() == [0, 6, 10, 14, 16]


def test_one_that_refuses_so_much_gets_a_step() -> None:
    """It obeys up to 11 A. What it refused is not given at once again."""
    car = plugged_in(measured=True, obeys=lambda current_a: current_a <= 11)
    house = House(5.0, car, site=SITE)
    house.run(600)
    sent_a = house.sent_a()
    assert sent_a[:3] == AT_ONCE
    assert 10 in sent_a
    assert 16 not in sent_a[sent_a.index(10) :]
    assert car.takes_a(600) == 10


def test_one_that_refused_for_a_while_gets_all_in_the_end() -> None:
    """Its limit of 11 A is lifted after 10 minutes."""
    car = plugged_in(measured=True)
    house = House(5.0, car, site=SITE)
    car.obeys = lambda current_a: current_a <= 11 or house.now_s > 600
    house.run(900)
    assert car.takes_a(900) == 16


def test_what_depends_on_the_number_of_phases_rises_by_steps() -> None:
    """It is set in W, or one sensor has the current of whatever phases are used.

    The latter beside a meter of the total of all phases.
    """
    car = plugged_in(ALL, measured=True)
    house = House(5.0, car, phases=3, site=SITE)
    house.run(29)
    response = house.engine.responses.chargers["car"]
    known = replace(car.at(29), response=response, placed=True)
    assert is_known(known, None)
    assert known.draw is not None
    alike = replace(known, draw=replace(known.draw, alike=True))
    assert not is_known(alike, Mains(Wiring.NEUTRAL, 230, ALL))
    watts = replace(known.settings, watts_per_a=(230, 460, 690))
    assert not is_known(replace(known, settings=watts), None)


@pytest.mark.parametrize("load_a", [5, 6, 7])
@pytest.mark.parametrize("load_s", [16, 20, 24])
@pytest.mark.parametrize("lag_s", [5, 8, 12])
def test_a_load_that_looks_like_its_start_does_not_make_it_known(
    load_a: float, load_s: float, lag_s: float
) -> None:
    """It is slow, and a load of about its minimum comes on first.

    That load passes for the car for a while. To give all that is free without it would
    be 5 A too much.
    """
    car = plugged_in(lag_s=lag_s)
    house = House(
        lambda now_s: 7 + load_a if now_s >= load_s else 7,
        car,
        site=SITE,
        witness=within_limit,
    )
    house.run(200)
    assert car.takes_a(200) >= 6


@pytest.mark.parametrize("measured", [False, True])
def test_a_load_on_the_phase_that_was_entered_does_not_place_it(measured: bool) -> None:
    """It was entered on L1 and is on L2, and a load of 6 A starts with it on L1."""
    car = plugged_in(measured=measured, draws_on=(1,))
    house = House(
        lambda now_s: (11 if now_s >= 17 else 5, 14, 5), car, site=SITE, phases=3
    )
    house.run(44)
    assert house.sent_a() == STEPS[:3]


@pytest.mark.parametrize("reports_every_s", [0, 1, 10])
@pytest.mark.parametrize("lag_s", [0.5, 5])
def test_a_measured_draw_makes_no_start_slower_by_more_than_a_report(
    reports_every_s: float, lag_s: float
) -> None:
    """A meter that falls silent with the step shows no step of the draw any more.

    Then it rises by steps, as without a measured draw.
    """

    def start_s(*, measured: bool) -> float:
        car = plugged_in(measured=measured, lag_s=lag_s)
        house = House(5.0, car, site=SITE, reports_every_s=reports_every_s)
        house.run(200)
        return reached_s(house, 16)

    assert start_s(measured=True) <= start_s(measured=False) + reports_every_s


def test_what_a_load_took_while_a_command_did_not_arrive_is_not_given() -> None:
    """Calls fail for 20 s. Meanwhile a load leaves 8 A for 6 s, and 20 A are free again.

    The car starts after that. It gets a step, and then what has lasted.
    """
    car = plugged_in(measured=True, reads_back=False)
    car.works = lambda now_s: not 14 < now_s < 36
    house = House(lambda now_s: 17 if 24 <= now_s < 30 else 5, car, site=SITE)
    house.run(200)
    assert list(dict.fromkeys(house.sent_a())) == [0, 6, 10, 16]
