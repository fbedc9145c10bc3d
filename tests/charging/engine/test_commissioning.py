"""The test of a charger: down, up, a pause and back, never above its share."""

# ruff: noqa: D102

from collections.abc import Callable
from math import inf
from typing import override

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import ReadBack
from custom_components.load_sharing.charging.engine.commissioning import (
    LONGEST_S,
    OBEY_WITHIN_S,
    Outcome,
    Stage,
    TrialFindings,
    advance,
    begin,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
    Limit,
)

from .car import Car
from .house import House
from .settings import charger_settings


def put_to_test(car: Car, base_a: Callable[[float], float] | float = 10.0) -> House:
    """A house at rest for a minute; then its charger is tested."""
    house = House(base_a, car)
    house.run(60)
    house.log.clear()
    house.test(car)
    return house


CAR = charger_settings("car")


class Stuck(Car):
    """A charger that shows what it is told, and lets the car take 20 A."""

    @override
    def takes_a(self, now_s: float) -> float:
        return 20.0


def run(house: House) -> TrialFindings:
    """What the test finds."""
    house.run(house.now_s + LONGEST_S + 60)
    assert not house.trials
    return house.findings["car"]


class TestPassed:
    """The car has 20 A of 32 A; the charger's minimum is 6 A."""

    def test_all_that_is_measured(self) -> None:
        """It follows after 3 s, and its meter shows what was set."""
        car = Car(holds_a=20, lag_s=3, call_s=0.5, reads_back=True, measured=True)
        house = put_to_test(car, 12.0)
        findings = run(house)
        assert findings.outcome is Outcome.PASSED
        assert findings.latency_s == pytest.approx(0.5)
        assert findings.follow_s is not None
        assert 3 <= findings.follow_s <= 5
        assert findings.error_a == 0
        assert findings.took_all
        assert findings.suggested_settle_s in (5, 6)
        # The supply's meter has shown where it is by then.
        assert house.sent_a() == [6, 10, 20, 0, 6, 20]

    def test_without_a_measurement_only_the_command_is_judged(self) -> None:
        findings = run(put_to_test(Car(holds_a=20, reads_back=True)))
        assert findings.outcome is Outcome.PASSED
        assert findings.latency_s is not None
        assert findings.follow_s is findings.error_a is findings.took_all is None
        assert findings.suggested_settle_s is None

    def test_actions_that_return_are_all_there_is_to_see(self) -> None:
        findings = run(put_to_test(Car(holds_a=20)))
        assert findings == TrialFindings(Outcome.PASSED)

    def test_a_car_that_takes_less_than_it_may_is_no_fault(self) -> None:
        car = Car(holds_a=20, cap_a=lambda _now_s: 9.5, reads_back=True, measured=True)
        findings = run(put_to_test(car))
        assert findings.outcome is Outcome.PASSED
        assert findings.took_all is False
        assert findings.error_a == 0

    def test_a_charger_at_its_minimum_is_tested_with_that(self) -> None:
        car = Car(holds_a=6, reads_back=True)
        house = put_to_test(car, 26.0)
        assert run(house).outcome is Outcome.PASSED
        assert house.sent_a()[:2] == [0, 6]


class TestFailed:
    """What a test can find."""

    def test_a_deaf_charger(self) -> None:
        car = Car(holds_a=20, reads_back=True)
        house = House(10.0, car)
        house.run(60)
        car.obeys = lambda _current_a: False
        house.test(car)
        house.run(60 + OBEY_WITHIN_S + 2)
        assert house.findings["car"].outcome is Outcome.NOT_OBEYED

    def test_a_charger_that_does_not_pause(self) -> None:
        car = Car(holds_a=20, reads_back=True, obeys=lambda current_a: current_a > 0)
        assert run(put_to_test(car)).outcome is Outcome.NOT_OBEYED

    def test_a_car_that_draws_more_than_is_set(self) -> None:
        """The number shows 6 A, and the car goes on with 20 A."""
        car = Stuck(holds_a=20, reads_back=True, measured=True)
        assert run(put_to_test(car)).outcome is Outcome.DRAWS_MORE

    def test_no_car(self) -> None:
        car = Car(holds_a=20, reads_back=True, measured=True, cap_a=lambda _now_s: 0)
        assert run(put_to_test(car)).outcome is Outcome.NO_CAR

    def test_a_car_that_stays_paused(self) -> None:
        """The car goes to sleep in the pause."""
        car = Car(holds_a=20, reads_back=True, measured=True)
        house = put_to_test(car)
        while car.state.in_force_a != 0:
            house.run(house.now_s + 1)
        car.cap_a = lambda _now_s: 0
        assert run(house).outcome is Outcome.NOT_RESUMED


def test_a_draw_from_before_the_command_is_no_answer_to_it() -> None:
    """The car has been at 6 A all along, and its meter reports changes only."""
    command = commands.request(commands.adopt(commands.holding(20), 20, 0), 6, 10)
    command = commands.call_succeeded(commands.begin_call(command, 10), 10)
    command = commands.read_back(command, ReadBack.OBEYS, 10)
    before = ChargerInput(CAR, commands.adopt(commands.holding(20), 20, 0))
    charger = ChargerInput(CAR, command, draw=DrawReading((6,), (6,), 5))
    trial = begin(before, 9)
    assert trial is not None
    for now_s in range(10, 20):
        trial = advance(trial, charger, now_s, reads_back=True)
        assert trial.stage is Stage.LOWEST
        assert (trial.followed_s is None) == (now_s < 15)
    trial = advance(trial, charger, 20, reads_back=True)
    assert trial.stage is Stage.HIGHEST
    assert trial.findings.follow_s is None
    assert trial.findings.latency_s == 0


class TestEnds:
    """The needs of the site end a test."""

    def test_an_overload_that_lasts_ends_it(self) -> None:
        """It happens at 14 A on the way up, and the charger takes 5 s to follow."""
        car = Car(holds_a=20, reads_back=True, lag_s=5)
        house = put_to_test(car)
        while car.state.in_force_a != 14:
            house.run(house.now_s + 1)
        house.run(house.now_s + 8)
        house.base_a = 22.0
        house.run(house.now_s + 4)
        assert house.findings["car"].outcome is Outcome.OVERLOAD
        assert house.sent_a()[-1] == 10

    def test_current_that_is_needed_elsewhere_ends_it(self) -> None:
        """28 A of other load leave less than the minimum, and are no overload."""
        house = put_to_test(
            Car(holds_a=20, reads_back=True, lag_s=0.1),
            lambda now_s: 10 if now_s < 64 else 26.5,
        )
        house.run(75)
        assert house.findings["car"].outcome in (Outcome.NO_ROOM, Outcome.OVERLOAD)

    def test_a_lost_meter_ends_it(self) -> None:
        house = put_to_test(Car(holds_a=20, reads_back=True))
        house.meter_works = lambda now_s: now_s < 65
        house.run(67)
        assert house.findings["car"].outcome is Outcome.METER_LOST
        assert house.chosen().limit is Limit.METER_LOST

    def test_switching_off_ends_it(self) -> None:
        house = put_to_test(Car(holds_a=20, reads_back=True))
        house.switch(on=False)
        house.run(65)
        assert house.findings["car"].outcome is Outcome.INTERRUPTED

    def test_what_never_comes_back_ends_in_the_end(self) -> None:
        """After the pause, the house leaves 4 A for good."""
        car = Car(holds_a=20, reads_back=True)
        house = put_to_test(car)
        while car.state.in_force_a != 0:
            house.run(house.now_s + 1)
        house.base_a = 28.0
        assert run(house).outcome is Outcome.NO_ROOM

    def test_a_supply_with_less_by_now_ends_the_rise_early(self) -> None:
        """There are 20 A when the test begins, and 12 A from 70 s on."""
        car = Car(holds_a=20, reads_back=True, measured=True)
        house = put_to_test(car, lambda now_s: 10 if now_s < 70 else 20)
        assert run(house).outcome is Outcome.PASSED
        assert max(house.sent_a()) == 12


@pytest.mark.parametrize("desired_a", [None, 0, 5])
def test_a_charger_without_current_is_not_tested(desired_a: float | None) -> None:
    car = Car(holds_a=10)
    if desired_a is not None:
        car.state = commands.adopt(car.state, desired_a, 0)
    assert begin(car.at(0), 0) is None


@given(
    base_a=st.lists(st.floats(-10, 40), min_size=1, max_size=8),
    holds_a=st.sampled_from([6, 10, 20, 32]),
    works=st.booleans(),
    obeys=st.booleans(),
    reads_back=st.booleans(),
    measured=st.booleans(),
    cap_a=st.sampled_from([inf, 9, 0]),
    second=st.booleans(),
)
def test_no_test_gives_more_than_the_charger_had_and_all_end(
    base_a: list[float],
    holds_a: float,
    works: bool,
    obeys: bool,
    reads_back: bool,
    measured: bool,
    cap_a: float,
    second: bool,
) -> None:
    """This holds for any load, which changes every two minutes, and any charger."""

    def house_a(now_s: float) -> float:
        return base_a[int(now_s / 120) % len(base_a)] if now_s > 60 else 0.0

    car = Car(
        holds_a=holds_a, reads_back=reads_back, measured=measured,
        cap_a=lambda _now_s: cap_a,
    )  # fmt: skip
    other = [Car(charger=charger_settings("other"), holds_a=6)] if second else []
    house = House(house_a, car, *other)
    house.run(60)
    car.works = lambda _now_s: works
    car.obeys = lambda _current_a: obeys
    top_a = car.state.desired_a or 0.0
    house.test(car)
    began_s = house.now_s
    while house.trials:
        house.run(house.now_s + 1)
        if house.trials:
            assert (car.state.desired_a or 0.0) <= top_a
            assert house.trials["car"].ceiling_a <= top_a
        assert house.now_s <= began_s + LONGEST_S + 2
    assert not car.charger.ceilings
