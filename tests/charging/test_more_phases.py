"""A charger that is set in W, and a car that goes on with more phases than before."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.homes.house import DRAW, NUMBER, STATUS, THREE_PHASES, House

ALL = ["l1", "l2", "l3"]
SUPPLY_25_A = THREE_PHASES | {"limit_a": 25.0}
PHASES_USED = "sensor.garage_phases_used"

FREE = 3.0
TAKEN = 12.0
"""13 A are left. The 4,140 W that start three phases are 18 A on one."""

LEARNT_S = 300
"""The car charged on one phase until then, and its number of phases is known."""

type Car = Callable[[int, float], int]
"""How many phases a car draws on, by the second and the power that it may have."""


class Day(NamedTuple):
    """What was set in W, what the car drew on each of its phases, and the worst case.

    That is all of the power on one phase, beside the house's load.
    """

    set_w: list[float]
    drawn_a: list[float]
    worst_a: list[float]


async def live(
    house: House,
    seconds: int,
    car: Callable[[int], int],
    load_a: Callable[[int], float],
    *,
    measured: bool = False,
    most_a: float = 16.0,
    status: Callable[[int], str] | None = None,
) -> Day:
    """Drive a charger of 3 x 16 A; ``car`` is the phases in use, 0 for a car that rests.

    A car of one phase needs 1,380 W, one of three 4,140 W. It takes ``most_a`` at most.
    """
    day = Day([], [], [])
    for second in range(seconds):
        await house.wait(1)
        set_w, count, base_a = float(house.state(NUMBER)), car(second), load_a(second)
        each_a = min(most_a, set_w / 230 / count) if count else 0.0
        each_a = each_a if each_a >= 6 else 0.0
        if measured:
            await house.set_state(DRAW, round(each_a * 230 * count), "W")
        if status is not None:
            house.hass.states.async_set(STATUS, status(second))
        line_a = [base_a + (each_a if i < count else 0) for i in range(3)]
        await house.measure(*[round(a, 2) for a in line_a])
        day.set_w.append(set_w)
        day.drawn_a.append(each_a)
        day.worst_a.append(base_a + set_w / 230)
    return day


async def set_up(house: House, *, measured: bool = False, status: bool = False) -> None:
    """Set up a charger that is set in W, beside 3 A on each phase."""
    house.drive_by_watts(11_040)
    await house.measure(FREE, FREE, FREE)
    charger = {"phases": ALL, "max_current_a": 16.0}
    if status:
        house.hass.states.async_set(STATUS, "charging")
        charger |= {"status_entity": STATUS, "charging_states": ["charging"]}
    if measured:
        await house.set_state(DRAW, 0, "W")
        charger["draw_entity"] = DRAW
    await house.set_up(supply=SUPPLY_25_A, charger=charger)


def one_then(count: int, rests_s: int = LEARNT_S) -> Callable[[int], int]:
    """A car that uses one phase at first, and then another number of them."""
    return lambda second: 1 if second < rests_s else count


def changes(day: Day, begin_s: int) -> list[float]:
    """Return each power that was set since a time."""
    later = zip(day.set_w[begin_s:], day.set_w[begin_s + 1 :], strict=False)
    return [after for before, after in later if before != after]


def begins_again(second: int) -> int:
    """A car of one phase that is full at 300 s and begins again in the trial."""
    return 0 if LEARNT_S <= second < 450 else 1


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("load_a", [1.0, FREE, 3.9])
async def test_it_begins_on_three(house: House, load_a: float, measured: bool) -> None:
    """Of 25 A, 21 are free. It cannot begin with the power of one phase."""
    await set_up(house, measured=measured)
    day = await live(house, 700, one_then(3), lambda _: load_a, measured=measured)
    assert day.set_w[LEARNT_S - 1] == 3680
    assert day.drawn_a[-1] == 16
    assert house.state(PHASES_USED) == "3"


async def test_it_waits_until_all_of_it_would_fit_on_one_phase(house: House) -> None:
    """No power is set that would be too much if the car still used one phase."""
    await set_up(house, measured=True)
    day = await live(
        house,
        1500,
        one_then(3),
        lambda second: TAKEN if LEARNT_S <= second < 1000 else FREE,
        measured=True,
    )
    assert max(day.worst_a[LEARNT_S + 5 : 1000]) <= 25
    assert max(day.drawn_a[LEARNT_S + 5 : 1000]) == 0
    assert day.drawn_a[-1] == 16


@pytest.mark.parametrize("measured", [False, True])
async def test_one_that_still_uses_one_phase_keeps_below_the_limit(
    house: House, measured: bool
) -> None:
    """It is full at 300 s and begins again in the trial, at 450 s."""
    await set_up(house, measured=measured)
    day = await live(
        house,
        800,
        begins_again,
        lambda _: FREE,
        measured=measured,
    )
    assert day.set_w[449] == 4140
    assert max(day.worst_a[LEARNT_S:]) <= 25
    assert day.set_w[-1] == 3680
    assert day.drawn_a[-1] == 16


async def test_a_load_ends_the_trial(house: House) -> None:
    """Its power would be too much for one phase then. It is tried again an hour later."""
    await set_up(house, measured=True)
    day = await live(
        house,
        1200,
        one_then(0),
        lambda second: TAKEN if 500 <= second < 600 else FREE,
        measured=True,
    )
    assert day.set_w[499] == 4140
    assert max(day.worst_a[515:]) <= 25
    assert len(changes(day, 600)) <= 1


async def test_a_parked_car_is_tried_once(house: House) -> None:
    """The trial lasts, and nothing is sent for the rest of the time."""
    await set_up(house, measured=True)
    day = await live(house, 1500, one_then(0), lambda _: FREE, measured=True)
    assert changes(day, LEARNT_S) == [4140]


async def test_a_car_that_takes_less_than_it_may_ends_the_trial(house: House) -> None:
    """It warms up with 10 A on one phase, which fits no number: one phase counts again."""
    await set_up(house, measured=True)
    day = await live(
        house,
        900,
        begins_again,
        lambda _: FREE,
        measured=True,
        most_a=10.0,
    )
    assert day.set_w[449] == 4140
    assert day.set_w[490] <= 3680
    assert day.drawn_a[-1] == 10
    assert house.state(PHASES_USED) == "1"


async def test_a_status_alone_does_not_end_or_prolong_a_trial(house: House) -> None:
    """Some chargers say that a car charges before anything flows, and go on saying so."""
    await set_up(house, status=True)
    day = await live(
        house,
        900,
        one_then(0),
        lambda second: TAKEN if second >= 600 else FREE,
        status=lambda second: (
            "charging" if second < LEARNT_S or second > 500 else "idle"
        ),
    )
    assert day.set_w[599] == 4140
    assert 4140 not in day.set_w[635:]


async def test_a_meter_that_drops_out_does_not_repeat_the_trial(house: House) -> None:
    """Each change of the power may wake the car."""
    await set_up(house, measured=True)
    day = await live(house, 600, one_then(0), lambda _: FREE, measured=True)
    assert day.set_w[-1] == 4140
    await house.measure("unavailable", "unavailable", "unavailable")
    await house.wait(20)
    again = await live(house, 1000, lambda _: 0, lambda _: FREE, measured=True)
    assert 4140 not in changes(again, 30)
