"""A week of heating is summed up from what each evaluation adds."""

from dataclasses import replace
from datetime import date, timedelta

from custom_components.load_sharing.heating.engine.days import Day
from custom_components.load_sharing.heating.engine.week import (
    Week,
    has_ended,
    update_week,
)

SUNDAY = date(2026, 1, 4)
MONDAY = date(2026, 1, 5)


def later(day: Day, seconds: float) -> Day:
    """Burn for some seconds more, and hold the burner off for as many."""
    return replace(
        day,
        burner_s=day.burner_s + seconds,
        held_s=day.held_s + seconds,
        known_s=day.known_s + 2 * seconds,
    )


def follow(
    week: Week, before: Day | None, after: Day, cooldowns: int = 0, starts: int = 0
) -> Week:
    """Add an evaluation in which rooms were shared for a minute."""
    return update_week(
        week,
        before,
        after,
        cooldowns={after.day: cooldowns},
        starts=starts,
        sharing_s=60.0,
    )


def test_the_first_week_begins_on_its_first_day() -> None:
    """What the day had before is not the week's, but that of a day that begins is."""
    saturday = Day(day=SUNDAY - timedelta(days=1), shares=True, burner_s=3000.0)
    week = follow(Week(), saturday, later(saturday, 40), cooldowns=1, starts=2)
    assert week == Week(
        monday=MONDAY - timedelta(days=7),
        since=saturday.day,
        cooldowns=1,
        starts=2,
        burner_s=40.0,
        held_s=40.0,
        known_s=80.0,
        sharing_s=60.0,
    )
    sunday = later(Day(day=SUNDAY, shares=True), 10)
    assert follow(week, saturday, sunday).burner_s == 50.0


def test_another_week_begins_on_monday_or_when_there_is_one_again() -> None:
    """Home Assistant may have been off until Wednesday."""
    sunday = Day(day=SUNDAY, shares=True, burner_s=3000.0)
    week = follow(Week(), None, sunday)
    for begins in (MONDAY, MONDAY + timedelta(days=2)):
        anew = follow(week, sunday, later(Day(day=begins, shares=None), 5))
        assert (anew.monday, anew.since) == (MONDAY, begins)
        assert anew.burner_s == 5.0
        assert has_ended(week, anew)
        assert not has_ended(anew, week)
    assert not has_ended(Week(), week)
    assert not has_ended(week, follow(week, sunday, sunday))


def test_a_cooldown_that_was_withdrawn_does_not_count() -> None:
    """It was tap water, as the boiler says a moment later."""
    sunday = Day(day=SUNDAY, shares=True)
    week = follow(Week(), sunday, sunday, cooldowns=1)
    assert follow(week, sunday, sunday, cooldowns=-1).cooldowns == 0


def test_one_that_is_seen_after_midnight_counts_in_the_week_that_has_begun() -> None:
    """The burn ended at 23:59:55 on Sunday; that week is summed up already."""
    monday = Day(day=MONDAY, shares=True)
    week = update_week(
        Week(), None, monday, cooldowns={SUNDAY: 1}, starts=0, sharing_s=0.0
    )
    assert (week.monday, week.cooldowns) == (MONDAY, 1)


def test_one_that_was_withdrawn_on_monday_was_of_the_week_before() -> None:
    """Half a minute after midnight, the week that begins keeps its own."""
    monday = Day(day=MONDAY, shares=True)
    week = follow(Week(), monday, monday, cooldowns=1)
    after = update_week(
        week, monday, monday, cooldowns={SUNDAY: -1}, starts=0, sharing_s=0.0
    )
    assert after.cooldowns == 1
