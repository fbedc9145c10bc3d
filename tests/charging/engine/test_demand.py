"""A limit on the mean over each quarter of an hour, as capacity tariffs bill it."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine.demand import (
    DemandLimit,
    DemandState,
    follow,
    remaining_a,
)
from custom_components.load_sharing.charging.engine.model import Limit

from .car import charger
from .house import House

QUARTER_S = 900.0
ALL = (0, 1, 2)


LIMIT = DemandLimit(mean_a=10, window_s=QUARTER_S, ends_s=QUARTER_S)


def mean_a(house: House, quarters: int) -> list[float]:
    """Return the mean that each quarter really took, second by second."""
    means = []
    for quarter in range(quarters):
        total = 0.0
        for second in range(int(QUARTER_S)):
            house.run(quarter * QUARTER_S + second)
            total += sum(house.service_a())
        means.append(total / QUARTER_S)
    return means


def test_no_window_takes_more_and_most_of_it_is_used() -> None:
    house = House(2.0, charger("a"), demand=LIMIT)
    means = mean_a(house, 3)
    assert all(mean_a <= 10.05 for mean_a in means)
    assert min(means[1:]) >= 9


def test_a_budget_that_is_used_up_at_minute_12_pauses_until_the_next() -> None:
    """12.5 A of other load use up the budget: the car waits for the next quarter."""
    house = House(
        lambda now_s: 12.5 if now_s < QUARTER_S else 1.0,
        charger("a"),
        demand=LIMIT,
    )
    house.run(12 * 60)
    assert house.cars[0].takes_a(house.now_s) == 0
    assert house.chosen("a").limit is Limit.DEMAND_LIMIT
    house.run(QUARTER_S + 120)
    assert house.cars[0].takes_a(house.now_s) >= 6


def test_all_phases_count_together() -> None:
    """30 A in all are 10 A on each of three phases."""
    limit = replace(LIMIT, mean_a=30)
    house = House((0, 0, 0), charger("a", *ALL), phases=3, demand=limit)
    house.run(400)
    assert house.cars[0].takes_a(400) in (10, 11, 12)


def test_what_was_taken_is_not_forgotten_when_the_window_gets_longer() -> None:
    """800 s at 20 A of a quarter are at least that much of the hour."""
    state = follow(None, LIMIT, 20, 0)
    hour = DemandLimit(mean_a=10, window_s=4 * QUARTER_S, ends_s=4 * QUARTER_S)
    state = follow(follow(state, LIMIT, 20, 800), hour, 20, 800)
    assert state == DemandState(3600, 3600, 800, 16_000, 20)


def test_a_clock_that_is_set_gives_no_fresh_budget() -> None:
    """Ten minutes into the quarter, the clock is set seven minutes on."""
    state = follow(None, LIMIT, 12, 0)
    state = follow(state, LIMIT, 12, 600)
    moved = replace(LIMIT, ends_s=600 + QUARTER_S - 120)
    assert follow(state, moved, 12, 600).used_as == 7200


@pytest.mark.parametrize("drift_s", [-5, -0.4, 5])
def test_a_clock_that_drifts_changes_nothing(drift_s: float) -> None:
    state = follow(None, LIMIT, 12, 0)
    drifted = replace(LIMIT, ends_s=QUARTER_S + drift_s)
    assert follow(state, drifted, 12, 600).used_as == 7200


def test_a_new_window_begins_with_nothing_used_also_after_some_were_missed() -> None:
    state = follow(None, LIMIT, 12, 0)
    later = replace(LIMIT, ends_s=4 * QUARTER_S)
    assert follow(state, later, 12, 3 * QUARTER_S + 10).used_as == 120


def test_what_is_exported_is_not_paid_back() -> None:
    """20 A for 300 s are 6,000 of 9,000 A·s; 5 minutes of export leave that so."""
    limit = DemandLimit(10.0, 900.0, 900.0)
    state = follow(None, limit, 20.0, 0.0)
    state = follow(state, limit, -30.0, 300.0)
    assert remaining_a(state, limit, 450.0) == pytest.approx(3000 / 450)
    state = follow(state, limit, 0.0, 600.0)
    assert remaining_a(state, limit, 600.0) == 10


def test_little_is_counted_too() -> None:
    """0.5 A for 100 s, and then nothing."""
    state = follow(follow(None, LIMIT, 0.5, 0), LIMIT, -3, 100)
    assert state.used_as == 50
    assert follow(state, LIMIT, 0, 100.5).used_as == 50
    soon = follow(follow(None, LIMIT, 4, 0), LIMIT, 4, 0.5)
    assert soon.used_as == 2


def test_a_budget_that_is_used_up_leaves_nothing() -> None:
    state = DemandState(QUARTER_S, QUARTER_S, 880, 9000, 0)
    assert remaining_a(state, LIMIT, 880) == 0


@pytest.mark.parametrize(
    ("later_s", "begins_anew"),
    [(-5, True), (4, True), (5, True), (6, False), (11, False), (-11, False)],
)
def test_windows_follow_each_other_wherever_they_began(
    later_s: float, *, begins_anew: bool
) -> None:
    """Quarters that end at 1000, 1900: the clock may be some seconds off, not 11."""
    first = replace(LIMIT, ends_s=1000)
    state = follow(follow(None, first, 4, 100), first, 4, 1000)
    second = replace(LIMIT, ends_s=1900 + later_s)
    counted = follow(state, second, 0, 1004)
    assert (counted.used_as < 100) == begins_anew


def test_what_the_window_has_not_used_may_be_used_until_its_end() -> None:
    """After ten minutes without a load, 10 A over the quarter are 30 A for the rest."""
    car = charger("a")
    car.cap_a = lambda now_s: 0 if now_s < QUARTER_S + 600 else 32
    house = House(0.0, car, demand=LIMIT)
    house.run(QUARTER_S + 700)
    assert car.takes_a(house.now_s) >= 28


@pytest.mark.parametrize("every_s", [1, 0])
def test_no_more_is_told_than_the_window_can_bear(every_s: float) -> None:
    """Of a first window all counts as used that is over: 10 A less 2 A all the time.

    A meter that reports on change shows the first 6 A, and is silent from then on.
    """
    car = charger("a")
    car.measured = False
    house = House(2.0, car, demand=LIMIT, reports_every_s=every_s)
    house.run(QUARTER_S / 2)
    assert max(house.sent_a()) == 8


@pytest.mark.parametrize("measured", [False, True])
def test_what_is_used_while_it_is_switched_off_counts(measured: bool) -> None:
    """12 A of other load for five minutes, with the meter or without it."""
    house = House(12.0, charger("a"), demand=LIMIT)
    house.run(300)
    house.enabled = False
    house.meter_works = lambda now_s: measured or now_s >= 600
    house.run(600)
    assert house.engine.demand is not None
    assert house.engine.demand.used_as == pytest.approx(7200, abs=30)
