"""The ramp: reductions are made at once, increases step by step."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
)
from custom_components.load_sharing.charging.engine.memory import Ramp
from custom_components.load_sharing.charging.engine.model import Limit, SiteSettings
from custom_components.load_sharing.charging.engine.ramp import (
    next_current,
    note_headroom,
    ripe_at,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings


def after_one_step(
    present_a: float,
    *,
    free_a: float = 32,
    step_a: float = 1,
    ramp_up_step_a: float = 4,
    min_a: float = 6,
    levels_a: tuple[float, ...] = (),
) -> float:
    charger = charger_settings("car", step_a=step_a, min_a=min_a, levels_a=levels_a)
    site = site_settings(ramp_up_step_a=ramp_up_step_a)
    return next_current(Ramp(0, free_a), present_a, charger, site)


def test_a_step_goes_no_further_than_what_was_free_all_the_time() -> None:
    assert after_one_step(10) == 14
    assert after_one_step(10, free_a=12.7) == 12
    assert after_one_step(10, free_a=9) == 10


def test_a_paused_charger_begins_at_its_minimum() -> None:
    assert after_one_step(0) == 6
    assert after_one_step(0, ramp_up_step_a=10) == 10
    assert after_one_step(0, free_a=5) == 0


def test_a_paused_charger_on_a_coarse_grid_begins_at_the_first_step_it_can() -> None:
    """With steps of 4 A, a minimum of 6 A means to begin at 8 A."""
    assert after_one_step(0, step_a=4) == 8
    assert after_one_step(0, step_a=4, free_a=7) == 0


def test_a_step_finer_than_the_grid_is_one_of_the_grid() -> None:
    assert after_one_step(8, step_a=4, ramp_up_step_a=1) == 12


def test_a_step_short_of_the_next_level_is_the_level() -> None:
    """The next level above 20 A is 32 A, which is set once all of it is free."""
    levels_a = (6.0, 10.0, 13.0, 16.0, 20.0, 32.0)
    assert after_one_step(6, levels_a=levels_a) == 10
    assert after_one_step(13, levels_a=levels_a, free_a=19.9) == 16
    assert after_one_step(20, levels_a=levels_a) == 32
    assert after_one_step(20, levels_a=levels_a, free_a=31.9) == 20
    assert after_one_step(32, levels_a=levels_a, free_a=40) == 32


def test_a_charger_below_a_minimum_that_was_raised_gets_there_in_one_step() -> None:
    assert after_one_step(6, min_a=10, ramp_up_step_a=1) == 10


def test_the_least_headroom_counts() -> None:
    ramp = note_headroom(note_headroom(note_headroom(None, 20, 0), 12, 5), 32, 10)
    assert ramp == Ramp(0, 12)
    assert ripe_at(ramp, site_settings(ramp_up_time_s=15)) == 15


def test_a_charger_rises_by_steps_of_4_a_every_15_s() -> None:
    house = House(0.0, Car(holds_a=6))
    house.run(120)
    assert house.sent_a() == [6, 10, 14, 18, 22, 26, 30, 32]
    gaps = [b.at_s - a.at_s for a, b in zip(house.log, house.log[1:], strict=False)]
    assert gaps[1:] == pytest.approx([15] * 6)


def test_headroom_that_is_interrupted_begins_anew() -> None:
    """The kettle takes the headroom every 14 s."""
    house = House(lambda now_s: 26 if now_s % 14 < 1 else 10, Car(holds_a=6))
    house.run(300)
    assert set(house.sent_a()) == {6}


def test_a_step_is_held_to_the_least_headroom_of_the_wait() -> None:
    house = House(lambda now_s: 24 if now_s == 10 else 0, Car(holds_a=6))
    house.run(16)
    assert house.sent_a() == [6, 8]


def test_a_steady_meter_that_repeats_its_value_still_ramps_up() -> None:
    house = House(2.0, Car(holds_a=6, cap_a=lambda now_s: 0, measured=True))
    house.run(200)
    assert house.sent_a()[-1] == 30


def test_a_meter_that_reports_on_change_ramps_up_by_time_alone() -> None:
    """One report after a command settled is enough; the clock does the rest."""
    house = House(2.0, Car(holds_a=6, lag_s=5.5), reports_every_s=0)
    house.run(200)
    assert house.sent_a() == [6, 10, 14, 18, 22, 26, 30]


def test_a_meter_that_reports_before_the_command_settled_counts_after_a_silence() -> (
    None
):
    """25 A are free. The last report, 15 s ago, showed the last rise."""
    house = House(7.0, Car(holds_a=6, lag_s=1), reports_every_s=0)
    house.run(300)
    assert house.sent_a() == [6, 10, 14, 18, 22, 25]
    gaps = [b.at_s - a.at_s for a, b in zip(house.log[1:], house.log[2:], strict=False)]
    assert gaps == pytest.approx([2 + 15] * 4, abs=1)


@pytest.mark.parametrize("other_a", [-3, 0, 3, 4, 9])
@pytest.mark.parametrize("lag_s", [1, 4])
def test_such_a_reading_is_safe_whatever_moved_it(lag_s: float, other_a: float) -> None:
    """Another load moves with the car or before it; no reading can tell which."""
    house = House(
        lambda now_s: 10.0 if now_s < 15.5 else 10.0 + other_a,
        Car(holds_a=6, lag_s=lag_s),
        reports_every_s=0,
    )
    for second in range(300):
        house.run(second)
        assert house.service_a()[0] <= 32
    assert house.service_a()[0] >= 28


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize("reports_every_s", [0, 1, 10])
@pytest.mark.parametrize("frozen_s", [14.0, 15.1, 16.0, 19.0, 25.0])
def test_a_meter_that_froze_raises_once_more_at_most(
    measured: bool,
    reports_every_s: float,
    frozen_s: float,
) -> None:
    """The meter freezes about when the first rise is decided, at 15 s."""
    house = House(
        2.0,
        Car(holds_a=6, lag_s=3, measured=measured),
        reports_every_s=reports_every_s,
    )
    house.run(frozen_s)
    house.reports_every_s = 1e9
    house._samples_s = 1e9
    house.run(600)
    rises_a = {sent.current_a for sent in house.log if sent.at_s > frozen_s}
    assert len(rises_a) <= 1


def kettle(
    from_s: float, until_s: float, rest_a: float = 4.0
) -> Callable[[float], float]:
    """A kettle of 10 A beside a steady rest."""
    return lambda now_s: rest_a + (10 if from_s <= now_s < until_s else 0)


def test_what_a_load_took_is_given_back_soon_and_at_once() -> None:
    """It had 28 A for 20 s, and has them again 1 s (1/15 of 15 s) after the kettle."""
    house = House(kettle(20, 80), Car(holds_a=28))
    house.run(120)
    assert house.sent_a() == [28, 18, 28]
    assert house.log[-1].at_s == 81


def test_one_reading_alone_gives_nothing_back() -> None:
    """0 A where 25 A flow, once, from a meter of 10 s: the next report sees to it."""

    def base_a(now_s: float) -> float:
        if 335 <= now_s < 345:
            return 0.0
        return 18.0 if now_s > 200 else 4.0

    house = House(base_a, Car(holds_a=28, measured=True), reports_every_s=10)
    house.run(330)
    assert house.sent_a()[-1] == 14
    house.run(420)
    assert house.sent_a(330) == []


def test_nothing_is_given_back_that_was_not_had_for_a_ramp_up_time() -> None:
    house = House(kettle(10, 80), Car(holds_a=28))
    house.run(120)
    assert house.sent_a()[-1] < 28
    house.run(200)
    assert house.sent_a()[-4:] == [18, 22, 26, 28]


def test_a_load_that_pulses_and_pauses_is_left_to_itself_after_some_starts() -> None:
    """27 A for 20 s of every 100 s: two starts, then none until it has gone."""
    heater = lambda now_s: 27.0 if now_s > 60 and now_s % 100 < 20 else 4.0  # noqa: E731
    house = House(heater, Car(holds_a=28))
    house.run(1800)
    assert [a for a in house.sent_a(61) if a > 0] == [28, 28]
    house.base_a = 4.0
    house.run(2400)
    assert house.sent_a()[-1] == 28


def test_a_charger_that_refuses_what_it_had_begins_with_less() -> None:
    """It is hot, and refuses more than 16 A since the shower."""
    car = Car(holds_a=28, reads_back=True)
    shower = lambda now_s: 30.0 if 20 <= now_s < 80 else 4.0  # noqa: E731
    house = House(shower, car)
    car.obeys = lambda current_a: current_a <= 16 or house.now_s < 50
    house.run(110)
    assert house.sent_a(81) == [28, 6]
    house.run(200)
    assert car.takes_a(200) >= 14


def test_what_was_never_obeyed_was_never_had() -> None:
    """10 A is all it ever obeyed: after the shower it gets those, not 14 A."""
    car = Car(holds_a=10, reads_back=True, obeys=lambda current_a: current_a <= 10)
    shower = lambda now_s: 30.0 if 120 <= now_s < 180 else 4.0  # noqa: E731
    house = House(shower, car)
    house.run(200)
    assert house.sent_a(190) == [10]


def test_more_than_eight_steps_are_given_back_one_after_another() -> None:
    """Eight steps of 2 A are 16 A at a time."""
    shower = lambda now_s: 25.0 if 20 <= now_s < 80 else 0.0  # noqa: E731
    site = site_settings(ramp_up_step_a=2)
    house = House(shower, Car(holds_a=32), site=site)
    house.run(120)
    assert house.sent_a()[-3:] == [7, 23, 32]


def test_a_supply_that_is_tuned_to_be_slow_stays_slow() -> None:
    """With 300 s and 1 A, a rise of 8 A waits for 20 s as long as rises are for good."""
    site = site_settings(ramp_up_time_s=300, ramp_up_step_a=1)
    house = House(kettle(400, 500), Car(holds_a=28), site=site)
    house.run(1000)
    rises = [sent for sent in house.log if 500 <= sent.at_s < 700]
    assert [sent.current_a for sent in rises] == [26, 28]
    assert rises[0].at_s == 520
    assert rises[1].at_s - rises[0].at_s >= 20
    house.run(5000)
    assert house.sent_a()[-1] == 28


def test_a_pause_that_a_load_made_ends_with_what_was_had() -> None:
    """A shower of 30 A for a minute; 15 s after it, 28 A are there again."""
    shower = lambda now_s: 30.0 if 20 <= now_s < 80 else 4.0  # noqa: E731
    house = House(shower, Car(holds_a=28))
    house.run(200)
    assert list(dict.fromkeys(house.sent_a(1))) == [0, 28]
    assert house.log[-1].at_s == 95


def test_a_pause_ends_with_no_more_than_was_free_all_the_time() -> None:
    def base_a(now_s: float) -> float:
        if now_s < 20 or now_s >= 90:
            return 4.0
        return 30.0 if now_s < 80 else 14.0

    house = House(base_a, Car(holds_a=28))
    house.run(95)
    assert house.sent_a()[-1] == 18


def hob(on_s: float, cycle_s: float) -> Callable[[float], float]:
    """A hob with a plate that is on for a part of a cycle, from the first minute on."""
    return lambda now_s: 4 + (6.5 if now_s > 60 and now_s % cycle_s < on_s else 0)


def test_a_hob_is_followed_where_that_is_worth_it() -> None:
    """The charger follows at once: a second of overload for minutes more."""
    house = House(hob(60, 300), Car(holds_a=28, lag_s=0.1))
    house.run(3600)
    last = [sent.current_a for sent in house.log if sent.at_s > 3000]
    assert last == [28, 21, 28, 21]
    back_s = [sent.at_s % 300 for sent in house.log if sent.current_a == 28]
    assert back_s[1:] == pytest.approx([61] * 11, abs=1)


def test_a_hob_is_not_followed_where_overloads_last_as_long_as_what_is_gained() -> None:
    house = House(hob(9, 20), Car(holds_a=28, lag_s=4))
    house.run(600)
    assert set(house.sent_a(100)) == {21}
    house.base_a = 4.0
    house.run(700)
    assert house.sent_a()[-1] == 28


@pytest.mark.parametrize(
    ("base_a", "lag_s", "overload_s"),
    [
        (lambda now_s: 18 if now_s > 60 else 4, 1, 2),
        (lambda now_s: 18 if now_s > 60 else 4, 4.5, 5),
        (lambda now_s: 30 if now_s > 60 else 4, 4.5, 5),
        (lambda now_s: 45 if 60 < now_s < 90 else 4, 1, 2),
        (lambda now_s: 45 if 60 < now_s < 64 else 4, 1, 3),
    ],
)
def test_how_long_an_overload_lasts_is_learnt_where_the_chargers_ended_it(
    base_a: Callable[[float], float], lag_s: float, overload_s: float
) -> None:
    """One that raised an alarm does not count: the chargers could not end it."""
    house = House(base_a, Car(holds_a=28, lag_s=lag_s))
    house.engine = replace(house.engine, overload_s=0.0)
    house.now_s = house._samples_s = 5000.0
    house.base_a = lambda now_s: base_a(now_s - 5000)
    house.run(5059)
    assert house.engine.overload_s == 0
    house.engine = replace(house.engine, overload_s=2.0)
    house.run(5080)
    assert house.engine.overload_s == pytest.approx(overload_s, abs=0.5)


def test_a_stop_that_is_refused_at_first_takes_nothing_of_what_was_had() -> None:
    """It follows just after its 5 s, so its stop is sent twice."""
    shower = lambda now_s: 30.0 if 20 <= now_s < 80 else 4.0  # noqa: E731
    car = Car(holds_a=28, lag_s=6, measured=True, reads_back=True)
    car.obeys = lambda current_a: current_a > 0 or house.now_s > 24
    house = House(shower, car)
    house.run(120)
    assert house.sent_a(1).count(0) > 1
    assert house.sent_a()[-1] == 28


def test_a_slow_meter_ramps_up_too() -> None:
    house = House(2.0, Car(holds_a=6), reports_every_s=10)
    house.run(300)
    assert house.sent_a()[-1] == 30
    assert house.service_a() == (32,)


def test_waiting_is_told_with_its_reason() -> None:
    house = House(2.0, Car(holds_a=6))
    house.run(5)
    assert house.chosen().limit is Limit.RAMP_UP
    assert house.outcome().state is BalancerState.RAMP_UP_HOLD
    assert house.outcome().wake_at_s == 15.2


def test_a_pause_ends_once_the_minimum_was_free_for_long_enough() -> None:
    house = House(lambda now_s: 30 if now_s < 60 else 20, Car(holds_a=16))
    house.run(74)
    assert set(house.sent_a()) == {0}
    house.run(75)
    assert house.sent_a()[-1] == 6
    assert house.chosen().action is ActionReason.RESUMED


@pytest.mark.parametrize("ramp_up_time_s", [0, 5, 300])
def test_any_wait_ends(ramp_up_time_s: float) -> None:
    site = site_settings(ramp_up_time_s=ramp_up_time_s)
    house = House(0.0, Car(), site=site)
    house.run(3000)
    assert house.sent_a(500)[-1] == 32 or house.service_a() == (32,)


@pytest.mark.parametrize("step_a", [0.1, 0.5, 4])
@pytest.mark.parametrize("base_a", [0.0, 7.3, 21.95])
def test_every_grid_is_used_up_to_its_last_step(step_a: float, base_a: float) -> None:
    charger = charger_settings("car", step_a=step_a)
    house = House(base_a, Car(charger=charger))
    house.run(600)
    assert 0 <= 32 - house.service_a()[0] < step_a + 1e-6
    for current_a in house.sent_a():
        assert current_a == round(current_a, 6)


def test_a_margin_is_kept_free() -> None:
    house = House(10.0, Car(), site=site_settings(safety_margin_a=3.5))
    house.run(300)
    assert house.service_a() == (28,)


@pytest.mark.parametrize(
    "site",
    [site_settings(limit_a=0), site_settings(limit_a=5, safety_margin_a=20)],
)
def test_a_supply_with_nothing_to_give_pauses_everything(site: SiteSettings) -> None:
    house = House(0.0, Car(holds_a=16), site=site)
    house.run(600)
    assert set(house.sent_a()) == {0}


def test_a_minimum_above_the_maximum_is_a_pause() -> None:
    charger = charger_settings("car", min_a=10, max_a=8)
    house = House(0.0, Car(holds_a=8, charger=charger))
    house.run(100)
    assert set(house.sent_a()) == {0}
    assert house.chosen().limit is Limit.CHARGER_MAXIMUM


def test_a_minimum_that_is_raised_while_charging_is_reached() -> None:
    car = Car(holds_a=6)
    house = House(20.0, car, site=site_settings(ramp_up_step_a=1))
    house.run(1)
    car.charger = charger_settings("car", min_a=10)
    house.run(60)
    assert house.service_a() == (32,)


def test_a_slow_charger_is_not_raised_on_its_first_reading() -> None:
    """It takes 20 s to settle, longer than the ramp, half of which comes after that."""
    base_a = lambda now_s: 10 if 20 < now_s < 22 or now_s % 40 < 1 else 22  # noqa: E731
    slow = charger_settings("car", settle_s=20)
    house = House(base_a, Car(charger=slow, holds_a=10))
    house.run(200)
    assert max(house.sent_a(), default=0) <= 10


@pytest.mark.parametrize("reads_back", [False, True])
def test_an_increase_that_failed_is_judged_anew_before_it_is_sent_again(
    reads_back: bool,
) -> None:
    """13 A fails from 15 s on. At 30 s the house takes 11 A more, which leaves 11 A."""
    car = Car(holds_a=9, works=lambda now_s: not 10 < now_s < 40, reads_back=reads_back)
    house = House(lambda now_s: 10.0 if now_s < 30 else 21.0, car)
    house.run(29)
    assert house.sent_a()[-1] == 13
    house.run(120)
    assert max(house.sent_a(since_s=30)) <= 11
    assert car.takes_a(120) == 11
