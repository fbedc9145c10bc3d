"""Days with sharing and days without: what is measured, and what is compared."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.load_sharing.heating.engine.days import (
    KEPT_DAYS,
    Day,
    Days,
    compare_burner_time,
    cooldowns_by_day,
    update_days,
)
from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import BoilerInput, Mode

from .house import BATH, BERLIN, Story

MONDAY = date(2026, 1, 5)
BURNS = BoilerInput(burner=True)


class Diary:
    """Days of a boiler, minute by minute."""

    def __init__(self) -> None:
        """Start on a Monday."""
        self.days, self.now_s, self.today = Days(), 0.0, MONDAY

    def burn(
        self, hours: float, cooldowns: int = 0, *, shares: bool, boiler: BoilerInput
    ) -> None:
        """Burn for some hours, with some cooldowns."""
        for minute in range(round(60 * hours) + 1):
            self.days = update_days(
                self.days,
                self.today,
                boiler,
                self.now_s,
                shares=shares,
                cooldowns={self.today: cooldowns} if minute == 0 else {},
            )
            self.now_s += 60.0

    def day(
        self, hours: float, cooldowns: int, *, shares: bool, boiler: BoilerInput = BURNS
    ) -> None:
        """Spend a day."""
        self.burn(hours, cooldowns, shares=shares, boiler=boiler)
        self.burn(0, shares=shares, boiler=BoilerInput(burner=False))
        self.today += timedelta(days=1)


def test_half_as_many_cooldowns_in_a_burner_hour() -> None:
    """40 in 5 h without sharing, 24 in 6 h with it, on a colder day."""
    diary = Diary()
    diary.day(5, 40, shares=False)
    assert diary.days.cooldowns_per_h(shares=False) == pytest.approx(8, rel=0.01)
    assert diary.days.cooldowns_per_h(shares=True) is None
    assert diary.days.change is None
    diary.day(6, 24, shares=True)
    assert diary.days.cooldowns_per_h(shares=True) == pytest.approx(4, rel=0.01)
    assert diary.days.change == pytest.approx(-0.5, abs=0.01)


def after_midnight() -> Story:
    """A short burn that ended at 23:59:40 on Monday; it is 00:00:20."""
    story = Story(BATH)
    story.begin = datetime(2026, 1, 5, 23, 57, 40, tzinfo=BERLIN)
    story.engine_state, story.now_s = HeatingState(), 1000.0
    story.set_boiler(burner=False, flow_c=40.0)
    story.set_boiler(burner=True)
    story.wait(minutes=2)
    story.set_boiler(burner=False)
    story.wait(seconds=40)
    return story


def test_a_cooldown_that_is_withdrawn_after_midnight_is_none_of_its_own_day() -> None:
    """The boiler is seen to be off 40 s later; another cooldown since then stays."""
    story = after_midnight()
    days = story.engine_state.days
    assert days.today is not None
    assert (days.past[-1].cooldowns, days.today.cooldowns) == (1, 0)
    today = replace(days.today, cooldowns=3)
    week = replace(story.engine_state.week, cooldowns=4)
    story.engine_state = replace(
        story.engine_state, days=replace(days, today=today), week=week
    )
    story.set_boiler(on=False)
    days = story.engine_state.days
    assert days.today is not None
    assert [(day.day, day.cooldowns) for day in days.past] == [(MONDAY, 0)]
    assert days.today.cooldowns == 3
    assert story.engine_state.week.cooldowns == 3


def test_a_cooldown_that_midnight_shows_belongs_to_the_day_of_its_burn() -> None:
    """Hot water that is reported four seconds after the flame, and after midnight."""
    story = Story(BATH)
    story.begin = datetime(2026, 1, 5, 23, 49, 58, tzinfo=BERLIN)
    story.engine_state, story.now_s = HeatingState(), 1000.0
    story.set_boiler(burner=True)
    story.wait(minutes=10)
    story.set_boiler(burner=False)
    story.wait(seconds=4)
    story.set_boiler(flow_c=58.0)
    days = story.engine_state.days
    assert days.today is not None
    assert [(day.day, day.cooldowns) for day in days.past] == [(MONDAY, 1)]
    assert days.today.cooldowns == 0


def test_the_day_of_a_cooldown_where_clocks_change_at_midnight() -> None:
    """In Santiago, 24:00 was 23:00 again on 4 April 2026, and 01:00 on 5 September."""
    santiago = ZoneInfo("America/Santiago")
    again = datetime(2026, 4, 4, 23, 0, 10, tzinfo=santiago, fold=1)
    assert cooldowns_by_day((), (970.0,), 1000.0, again) == {date(2026, 4, 4): 1}
    ahead = datetime(2026, 9, 6, 1, 0, 10, tzinfo=santiago)
    assert cooldowns_by_day((), (970.0,), 1000.0, ahead) == {date(2026, 9, 5): 1}
    assert cooldowns_by_day((970.0,), (), 1000.0, ahead) == {date(2026, 9, 5): -1}


def test_a_cooldown_that_is_a_day_old_is_forgotten_and_not_withdrawn() -> None:
    """It is in the tally of its day all the same."""
    tuesday = datetime(2026, 1, 6, 12, 0, tzinfo=BERLIN)
    before_s = (-90001.0, -5000.0)
    assert cooldowns_by_day(before_s, (-5000.0,), 0.0, tuesday) == {}


def test_sharing_that_has_no_effect_shows_none() -> None:
    """As many cooldowns as before are no cooldowns prevented."""
    diary = Diary()
    for _ in range(4):
        diary.day(4, 96, shares=True)
        diary.day(4, 96, shares=False)
    assert diary.days.change == pytest.approx(0)


def test_a_day_of_both_kinds_does_not_count() -> None:
    """Sharing was switched off at noon."""
    diary = Diary()
    diary.burn(5, 40, shares=True, boiler=BURNS)
    diary.day(5, 40, shares=False)
    diary.day(1, 0, shares=False)
    assert diary.days.cooldowns_per_h(shares=True) is None
    assert diary.days.cooldowns_per_h(shares=False) is None


def test_an_hour_or_two_is_no_comparison() -> None:
    """Four burner hours are."""
    diary = Diary()
    diary.day(3, 30, shares=True)
    assert diary.days.cooldowns_per_h(shares=True) is None
    diary.day(1.1, 11, shares=True)
    assert diary.days.cooldowns_per_h(shares=True) == pytest.approx(10, rel=0.01)


def test_days_without_any_cooldown_leave_nothing_to_compare() -> None:
    """No part of nothing can be prevented."""
    diary = Diary()
    diary.day(5, 0, shares=False)
    diary.day(5, 5, shares=True)
    assert diary.days.change is None


def test_tap_water_is_burner_time_but_no_time_for_the_rooms() -> None:
    """An hour of it."""
    diary = Diary()
    diary.burn(1, shares=True, boiler=BoilerInput(burner=True, dhw=True))
    today = diary.days.today
    assert today is not None
    assert today.burner_s == pytest.approx(3600)
    assert today.heating_s == 0


def test_a_gap_is_not_all_burner_time() -> None:
    """Home Assistant slept for an hour: five minutes of it count."""
    diary = Diary()
    diary.burn(0, shares=True, boiler=BURNS)
    diary.now_s += 3600
    diary.burn(0, shares=True, boiler=BURNS)
    assert diary.days.today is not None
    assert diary.days.today.burner_s == 300


def test_the_oldest_days_of_a_kind_are_forgotten() -> None:
    """A summer of days without sharing does not push those with it out."""
    diary = Diary()
    diary.day(5, 5, shares=True)
    for _ in range(KEPT_DAYS + 10):
        diary.day(0.2, 1, shares=False)
    diary.day(0.2, 1, shares=False)
    assert len(diary.days.past) == KEPT_DAYS + 1
    assert diary.days.past[0].day == MONDAY


@pytest.mark.parametrize(
    ("mode", "shadow", "shares"),
    [
        (Mode.ALL_TIERS, False, True),
        (Mode.ALL_TIERS, True, False),
        (Mode.OFF, False, False),
    ],
)
def test_what_is_only_shown_is_not_shared(
    mode: Mode, shadow: bool, shares: bool
) -> None:
    """In shadow mode, and switched off, a day counts as one without."""
    site = replace(Story(BATH).site, mode=mode, shadow=shadow)
    state, _ = evaluate(HeatingState(), site, 1000.0)
    assert state.days.today is not None
    assert state.days.today.shares is shares


def kept(number: int, hours: float, *, shares: bool, known_h: float = 24) -> Day:
    """A finished day, so many days after a Monday."""
    return Day(
        day=MONDAY + timedelta(days=number),
        shares=shares,
        burner_s=3600 * hours,
        heating_s=3600 * hours,
        known_s=3600 * known_h,
    )


def weeks(count: int, with_h: float, *, without_h: float) -> tuple[Day, ...]:
    """Workdays, every other one of which is without sharing."""
    return tuple(
        kept(number, with_h if number % 2 else without_h, shares=number % 2 == 1)
        for number in range(7 * count)
        if number % 7 < 5
    )


def test_the_change_of_the_burner_time() -> None:
    """9.8 h with, 10 h without: -2 %."""
    assert compare_burner_time(weeks(3, 9.8, without_h=10.0)) == pytest.approx(-0.02)


def test_a_few_days_say_nothing_about_the_burner_time() -> None:
    """A week has two or three without."""
    assert compare_burner_time(weeks(1, 9.8, without_h=10.0)) is None


def test_the_weather_of_a_cold_week_is_not_taken_for_an_effect() -> None:
    """A week of 14 h a day with and without, and one of 7 h: no change."""
    cold, mild = weeks(2, 14, without_h=14), weeks(4, 7, without_h=7)[10:]
    assert compare_burner_time((*cold, *mild)) == pytest.approx(0)


def test_changeable_weather_hides_a_small_change() -> None:
    """Days without of 5 and 15 h in turn, between days of 9.8 h."""
    days = [
        replace(day, heating_s=3600 * (5 if index % 4 else 15))
        if not day.shares
        else day
        for index, day in enumerate(weeks(3, 9.8, without_h=10.0))
    ]
    assert compare_burner_time(tuple(days)) is None


def test_a_day_that_was_not_seen_whole_is_not_compared() -> None:
    """Home Assistant was down for three hours of each."""
    days = [replace(day, known_s=21 * 3600) for day in weeks(3, 9.8, without_h=10.0)]
    assert compare_burner_time(tuple(days)) is None


def test_a_weekend_is_not_compared_with_workdays() -> None:
    """Sharing is off on Sundays, when everybody is at home; on Saturdays it is on."""
    fridays = [kept(7 * week + 4, 8, shares=True) for week in range(8)]
    sundays = [kept(7 * week + 6, 12, shares=False) for week in range(8)]
    assert compare_burner_time((*fridays, *sundays)) is None
    saturdays = [kept(7 * week + 5, 12, shares=True) for week in range(8)]
    days = (*fridays, *saturdays, *sundays)
    assert compare_burner_time(days) == pytest.approx(0)


def test_the_days_beside_one_without_are_kept_with_it() -> None:
    """One day in seven is without, for half a year: its neighbours stay."""
    diary = Diary()
    for number in range(120):
        diary.day(0.5, 1, shares=number % 7 != 2)
    without = [day for day in diary.days.past if not day.shares]
    assert len(without) == 17
    first = [day for day in diary.days.past if day.is_like(without[0])]
    assert [day.day.weekday() for day in first] == [0, 1, 2, 3, 4]
    assert len(diary.days.past) < 120


def test_the_change_is_worked_out_when_a_day_has_ended() -> None:
    """The burner is known for the whole of each day."""
    diary = Diary()
    for number in range(21):
        shares = number % 2 == 1
        diary.burn(5, shares=shares, boiler=BURNS)
        diary.burn(18.9, shares=shares, boiler=BoilerInput(burner=False))
        diary.today += timedelta(days=1)
    assert diary.days.burner_time_change == pytest.approx(0, abs=0.01)
