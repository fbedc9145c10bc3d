"""The budget of commands: loads that come and go cost few of them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.budget import (
    LONGEST_RISE_WAIT_S,
    LONGEST_START_WAIT_S,
    SHORT_RISES_KEPT,
    update_budget,
)
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.memory import Budget, ShortRise
from custom_components.load_sharing.charging.engine.model import Limit

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings

HOUR_S = 3600.0
SITE = site_settings(limit_a=25.0)


def home(
    base_a: Callable[[float], float] | float,
    *,
    holds_a: float = 0,
    measured: bool = True,
    **settings: Any,
) -> House:
    """A home with 25 A and a charger of up to 16 A."""
    charger = replace(charger_settings("car", max_a=16.0), **settings)
    car = Car(charger=charger, holds_a=holds_a, measured=measured, reads_back=True)
    return House(base_a, car, site=SITE)


def pulses(
    on_s: float, off_s: float, low_a: float, high_a: float
) -> Callable[[float], float]:
    """A load that switches."""
    return lambda now_s: high_a if now_s % (on_s + off_s) < on_s else low_a


def changes(house: House, since_s: float = 0.0) -> list[float]:
    """Currents that were sent since, without repetitions."""
    sent = [0.0, *house.sent_a()]
    news = [after for before, after in pairwise(sent) if after != before]
    return news[len(news) - sum(1 for s in house.log if s.at_s >= since_s) :]


def pauses(house: House) -> int:
    """How often it was paused while it had a current."""
    return sum(b == 0 and a > 0 for a, b in pairwise(house.sent_a()))


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize(
    ("on_s", "off_s"),
    [(20, 20), (30, 30), (60, 60), (10, 50), (45, 150), (120, 180), (240, 240)],
)
def test_a_load_that_pulses_near_the_minimum_pauses_six_times_an_hour_at_most(
    on_s: float, off_s: float, measured: bool
) -> None:
    """7 A are free, then 5 A: less than the minimum."""
    house = home(pulses(on_s, off_s, 18, 20), measured=measured)
    house.run(4 * HOUR_S)
    assert pauses(house) <= 4 * 6


@pytest.mark.parametrize("on_s", [10, 30, 60])
@pytest.mark.parametrize("off_s", [20, 30, 45, 60, 90, 150])
def test_a_lively_hour_takes_forty_commands_at_most(on_s: float, off_s: float) -> None:
    """A hob of 8 A beside 8 A, for some hours."""
    house = home(pulses(on_s, off_s, 8, 16), holds_a=16)
    house.run(HOUR_S)
    assert len(house.log) <= 40
    house.run(3 * HOUR_S)
    assert len(house.sent_a(HOUR_S)) <= 2 * 40


def test_two_plates_at_once_are_no_reason_to_begin_anew() -> None:
    """They pulse by themselves, so the current falls to changing levels."""
    one, two = pulses(15, 45, 2, 5), pulses(20, 70, 3, 10)
    house = home(lambda now_s: one(now_s) + two(now_s), holds_a=16)
    house.run(HOUR_S)
    assert len(house.log) <= 40


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("edge_a", [12.0, 11.95, 12.1])
def test_noise_at_the_edge_of_a_step_does_not_hunt(
    edge_a: float, measured: bool
) -> None:
    """0.3 A of noise about the base that leaves just 13 A: 12 A, steady."""
    noise = Random(1)
    house = home(
        lambda now_s: edge_a + noise.uniform(-0.15, 0.15),
        holds_a=10,
        measured=measured,
    )
    house.run(1800)
    assert len(house.log) <= 20
    house.run(2 * HOUR_S)
    assert len([s for s in house.log if s.at_s > 1800]) <= 12


def test_what_lasts_comes_back_at_once() -> None:
    """A kettle of 10 A for 3 min of every 15: each time, 16 A are back in seconds."""
    house = home(pulses(180, 720, 5, 15), holds_a=16)
    house.run(4 * HOUR_S)
    back_s = [sent.at_s % 900 for sent in house.log if sent.current_a == 16]
    assert max(back_s[2:]) < 190


def test_a_wait_for_the_last_ampere_does_not_delay_the_rest() -> None:
    """Noise has it wait for the 13th ampere; after the kettle, 12 A are back soon."""
    noise = Random(1)

    def base_a(now_s: float) -> float:
        kettle_a = 6.0 if 1800 <= now_s < 1900 else 0.0
        return 12.0 + kettle_a + noise.uniform(-0.15, 0.15)

    house = home(base_a, holds_a=10)
    house.run(1899)
    assert house.sent_a()[-1] in (6, 7)
    house.run(1910)
    assert house.sent_a()[-1] in (11, 12)


def test_increases_are_as_far_apart_as_tuned() -> None:
    """A cloud: 60 s, and then by four steps. Reductions go out at once all the same."""
    house = home(lambda now_s: 16.0 if 400 <= now_s < 500 else 5.0, rise_interval_s=60)
    house.run(700)
    rises = [
        after.at_s
        for before, after in pairwise(house.log)
        if after.current_a > before.current_a
    ]
    assert rises == pytest.approx([15, 75, 501], abs=1)
    assert [s.at_s for s in house.log if s.current_a == 9] == [400]
    assert house.sent_a()[-1] == 16


def test_a_pause_lasts_as_long_as_tuned() -> None:
    """Unless a person or another reason than a load made it."""
    house = home(
        lambda now_s: 30.0 if 100 <= now_s < 102 else 5.0,
        holds_a=16,
        least_pause_s=300,
    )
    house.run(1000)
    (back,) = [s for s in house.log if s.at_s > 102 and s.current_a > 0]
    assert back.current_a == 16
    assert back.at_s == pytest.approx(400, abs=2)


def test_a_small_increase_waits_for_five_minutes() -> None:
    """Steps of 0.1 A: 0.4 A are not worth a command unless they stay."""
    house = home(
        lambda now_s: 12.4 if now_s < 400 else 12.0,
        holds_a=12.6,
        step_a=0.1,
        dead_band_a=0.5,
    )
    house.run(690)
    assert house.sent_a(1) == []
    house.run(720)
    assert house.sent_a(1) == [13]


def decided(
    current_a: float, action: ActionReason | None = None, limit: Limit = Limit.SUPPLY
) -> ChargerDecision:
    """What is decided for a charger, and why."""
    return ChargerDecision(current_a, limit, action, ())


ROSE = Budget(100, from_a=6, to_a=16, climb_a=6, judged=False)


@pytest.mark.parametrize(
    ("decision", "now_s", "is_short"),
    [
        (decided(8, ActionReason.SUPPLY), 150, True),
        (decided(8, ActionReason.OVERLOAD), 279, True),
        (decided(8, ActionReason.SUPPLY), 281, False),
        (decided(12, ActionReason.SUPPLY), 150, False),
        (decided(8, ActionReason.CEILING), 150, False),
        (decided(8, ActionReason.TURN), 150, False),
        (decided(8, ActionReason.SUPPLY, Limit.SET_BY_HAND), 150, False),
    ],
)
def test_a_rise_is_judged_when_a_load_takes_most_of_it_back(
    decision: ChargerDecision, now_s: float, is_short: bool
) -> None:
    after = update_budget(ROSE, settled(16), decision, now_s)
    assert after.short == ((ShortRise(8, 16, 30),) if is_short else ())


def test_a_rise_that_the_charger_refused_was_not_taken_back_by_a_load() -> None:
    state = commands.request(settled(6), 16, 100)
    state = commands.call_failed(commands.begin_call(state, 100), 100)
    after = update_budget(ROSE, state, decided(8, ActionReason.SUPPLY), 120)
    assert not after.short


@given(
    lasted_s=st.lists(st.floats(0, 2000), max_size=30),
    lowered_a=st.lists(st.sampled_from([0.0, 6.0, 9.0, 12.0]), min_size=30),
)
@settings(max_examples=50)
def test_the_waits_are_bounded(lasted_s: list[float], lowered_a: list[float]) -> None:
    budget, now_s = Budget(), 0.0
    for lasts_s, down_a in zip(lasted_s, lowered_a, strict=False):
        rise = decided(16, ActionReason.HEADROOM)
        budget = update_budget(budget, settled(down_a), rise, now_s)
        now_s += lasts_s
        fall = decided(down_a, ActionReason.SUPPLY)
        budget = update_budget(budget, settled(16), fall, now_s)
        assert len(budget.short) <= SHORT_RISES_KEPT
        waits_s = [short.wait_s for short in budget.short]
        assert all(0 < wait_s <= LONGEST_RISE_WAIT_S for wait_s in waits_s)
        assert 0 <= budget.start_wait_s <= LONGEST_START_WAIT_S
