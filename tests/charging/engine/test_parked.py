"""A parked car is left alone, and one that sleeps on after a pause is tried awake."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import override

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import ReadBack

from .car import Car, Status, honest_status, no_status, settled
from .house import House
from .settings import charger_settings, site_settings

HOUR_S = 3600.0
SITE = site_settings(limit_a=25.0)


def shower(now_s: float) -> float:
    """21 A for ten minutes every four hours."""
    return 21.0 if 600 <= now_s % (4 * HOUR_S) < 1200 else 5.0


def parked(status: Status = honest_status, **more: object) -> Car:
    """A charger at 16 A without a car that takes any."""
    charger = charger_settings("car", max_a=16.0)
    car = Car(charger=charger, holds_a=16, reads_back=True, status=status)
    car.cap_a = lambda _now_s: 0.0
    return replace(car, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("measured", [True, False])
def test_a_parked_car_gets_no_command_all_day(measured: bool) -> None:
    """Not even while a shower leaves only 4 A."""
    car = parked(measured=measured, cap_a=lambda _now_s: 0.0)
    house = House(shower, car, site=SITE, reports_every_s=10)
    leaving_alone(house)
    house.run(60)
    house.run(24 * HOUR_S)
    assert house.sent_a(60) == []


def test_a_charger_of_which_only_the_number_is_known_gets_few() -> None:
    """No reading but those of the shower leaves open that it takes its 16 A."""
    house = House(shower, parked(no_status), site=SITE, reports_every_s=10)
    leaving_alone(house)
    house.run(60)
    house.run(24 * HOUR_S)
    assert len(house.sent_a(60)) <= 2


def leaving_alone(house: House) -> None:
    """Send as the charging control does: no repetition to what takes nothing."""
    evaluate = house.evaluate

    def evaluate_and_spare() -> None:
        for car in house.cars:
            if house.decision is not None and house.chosen().idle:
                car.state = commands.leave_alone(car.state, house.now_s)
        evaluate()

    house.evaluate = evaluate_and_spare  # type: ignore[method-assign]


def test_a_parked_car_that_begins_is_lowered_at_once() -> None:
    """At 21 A of other loads only 4 A are left: it is paused within the lag."""
    car = parked(measured=True)
    car.cap_a = lambda now_s: 0.0 if now_s < 1000 else 16.0
    house = House(lambda now_s: 21.0 if now_s > 600 else 5.0, car, site=SITE)
    house.run(999)
    assert house.sent_a()[-1] == 16
    house.run(1004)
    assert house.sent_a()[-1] == 0
    assert house.service_a()[0] < 25


def test_a_parked_car_does_not_keep_what_another_is_to_have() -> None:
    """A supply of 25 A: the other one charges with 16, so 9 are left."""
    first = parked(measured=True, cap_a=lambda _now_s: 0.0)
    other = Car(
        charger=charger_settings("other", max_a=16.0), measured=True, reads_back=True
    )
    house = House(0.0, first, other, site=SITE)
    house.run(1800)
    assert other.takes_a(1800) == 16
    told = [sent.current_a for sent in house.log if sent.charger_id == "car"]
    assert told[-1] <= 9
    assert len(told) < 10


@dataclass(kw_only=True)
class Sleeper(Car):
    """A car that sleeps after a pause of a minute, until something ``wakes`` it."""

    wakes: Callable[[list[float]], bool]

    @override
    def takes_a(self, now_s: float) -> float:
        told = [told for told in self.told if told[0] + self.lag_s <= now_s]
        for index, (before, after) in enumerate(pairwise(told), 1):
            if before[0] > 0 and not before[1] and after[0] - before[0] > 60:
                since_a = [current_a for _, current_a in told[index:]]
                return super().takes_a(now_s) if self.wakes(since_a) else 0.0
        return super().takes_a(now_s)


def asleep_from_a_pause(wakes: Callable[[list[float]], bool]) -> House:
    """A load of 22 A pauses it for four minutes."""
    car = Sleeper(
        charger=charger_settings("car", max_a=16.0),
        command=settled(16),
        holds_a=16,
        reads_back=True,
        status=honest_status,
        wakes=wakes,
    )
    return House(lambda now_s: 22.0 if 60 <= now_s < 300 else 5.0, car, site=SITE)


@pytest.mark.parametrize(
    "wakes",
    [
        lambda since: len(since) > 1 and since[1] < since[0],
        lambda since: 0.0 in since and since[-1] > 0,
    ],
)
def test_a_car_that_sleeps_on_is_woken(wakes: Callable[[list[float]], bool]) -> None:
    """Some wake by a change of the current, some by another pause and start."""
    house = asleep_from_a_pause(wakes)
    house.run(1200)
    (car,) = house.cars
    assert car.takes_a(1200) == 16
    assert not house.chosen().asleep


def test_a_car_that_nothing_wakes_is_named_and_left_alone() -> None:
    house = asleep_from_a_pause(lambda _since: False)
    house.run(1500)
    assert house.chosen().asleep
    told = house.sent_a(1000)
    house.run(3 * HOUR_S)
    assert len(house.sent_a(1000)) <= len(told) + 8


def test_a_car_that_was_full_before_the_pause_is_not_woken() -> None:
    """It took nothing then, either."""
    car = parked(measured=True, cap_a=lambda now_s: 16.0 if now_s < 20 else 0.0)
    house = House(lambda now_s: 30.0 if 100 <= now_s < 200 else 5.0, car, site=SITE)
    house.run(HOUR_S)
    changes = [b for a, b in pairwise(house.sent_a()) if a != b]
    assert changes.count(0.0) == 1
    assert not house.chosen().asleep


def confirmed(current_a: float, shown: ReadBack) -> commands.CommandState:
    """A command at 0 s that returned and was read back."""
    state = commands.request(commands.holding(10), current_a, 0)
    state = commands.call_succeeded(commands.begin_call(state, 0), 0)
    return commands.read_back(state, shown, 0)


def test_each_repetition_waits_twice_as_long() -> None:
    state, moments = confirmed(16, ReadBack.NONE), []
    for _ in range(7):
        assert state.due_s is not None
        moments.append(now_s := state.due_s)
        state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
        state = commands.read_back(state, ReadBack.NONE, now_s)
    gaps = [after - before for before, after in pairwise([0.0, *moments])]
    assert gaps == [300, 600, 1200, 2400, 4800, 4800, 4800]
    assert commands.request(state, 10, 0).repeats == 0


@pytest.mark.parametrize(
    ("current_a", "shown", "postponed"),
    [
        (16, ReadBack.OBEYS, True),
        (16, ReadBack.NONE, True),
        (0, ReadBack.OBEYS, True),
        (0, ReadBack.NONE, False),
    ],
)
def test_a_stop_that_nothing_confirms_is_repeated_whoever_sleeps(
    current_a: float, shown: ReadBack, postponed: bool
) -> None:
    state = confirmed(current_a, shown)
    due_s = state.due_s
    assert due_s is not None
    after = commands.leave_alone(state, due_s)
    assert commands.is_due(after, due_s) is not postponed
    assert commands.leave_alone(state, due_s - 1) is state


def test_a_car_that_never_takes_anything_keeps_others_waiting_less_and_less() -> None:
    """Only one of them fits. The car at the other charger sleeps for hours."""
    sleeper = Car(
        charger=charger_settings("car", max_a=16.0),
        measured=True,
        reads_back=True,
        status=honest_status,
        cap_a=lambda _now_s: 0.0,
    )
    other = Car(
        charger=charger_settings("other", max_a=16.0), measured=True, reads_back=True
    )
    site = site_settings(limit_a=16.0, rotation_time_s=900)
    house = House(5.0, sleeper, other, site=site)
    charged_s = 0
    for now_s in range(int(8 * HOUR_S)):
        house.run(now_s)
        charged_s += other.takes_a(now_s) >= 6
    assert charged_s > 0.96 * 8 * HOUR_S
    told = [sent.current_a for sent in house.log if sent.charger_id == "other"]
    assert sum(b == 0 < a for a, b in pairwise(told)) <= 9
