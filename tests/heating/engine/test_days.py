"""Days with sharing and days without: what is measured, and what is compared."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from custom_components.load_sharing.heating.engine.days import (
    KEPT_DAYS,
    Days,
    update_days,
)
from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import BoilerInput, Mode

from .house import BATH, Story

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
                cooldowns=cooldowns if minute == 0 else 0,
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
