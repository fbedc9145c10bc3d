"""A frozen sensor is told apart from one that has no change to report."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.silence import (
    DAY_S,
    DAYS_KEPT,
    LEAST_S,
    TIMES_USUAL,
    Silence,
    interrupt,
    longest_usual,
    note_report,
)

HOUR_S = 3600.0


def observe(gaps_s: Iterable[float], silence: Silence | None = None) -> Silence:
    """Return what is known after reports at these intervals."""
    known = silence or Silence()
    now_s = 0.0 if known.reported_s is None else known.reported_s
    known = note_report(known, now_s)
    for gap_s in gaps_s:
        now_s += gap_s
        known = note_report(known, now_s)
    return known


def day_of(longest_s: float, every_s: float = HOUR_S / 4) -> list[float]:
    """Return the intervals of one whole day with one silence that is the longest."""
    others, rest_s = divmod(DAY_S - longest_s, min(every_s, longest_s))
    return [min(every_s, longest_s)] * int(others) + [longest_s, rest_s]


@pytest.mark.parametrize(
    ("every_s", "usual_s"), [(1, 60), (10, 60), (12, 60), (30, 150), (60, 300)]
)
def test_a_meter_that_measures_at_intervals(every_s: float, usual_s: float) -> None:
    """It is frozen after five intervals, and not before a minute."""
    reports = int(DAY_S / every_s)
    assert longest_usual(observe([every_s] * (reports - 1))) is None
    assert longest_usual(observe([every_s] * reports)) == usual_s


def test_a_meter_that_reports_changes_is_quiet_by_night() -> None:
    """It is silent for up to 20 minutes, so 100 minutes are odd."""
    assert longest_usual(observe(day_of(1200))) == 6000


def test_a_meter_that_is_quiet_for_hours_is_never_suspected() -> None:
    """A phase with an oven alone: a day without a report is not odd."""
    assert longest_usual(observe(day_of(4 * HOUR_S))) == 20 * HOUR_S
    assert longest_usual(observe(day_of(5 * HOUR_S))) is None
    assert longest_usual(observe([7 * DAY_S])) is None


def test_the_lower_one_of_two_days_counts() -> None:
    """A meter that froze on the second day is not trusted for it."""
    known = observe(day_of(10, every_s=10))
    known = observe([6 * HOUR_S, *day_of(10, every_s=10)], known)
    assert len(known.days_s) == 2
    assert longest_usual(known) == LEAST_S


def test_a_house_that_becomes_quieter_is_learned_again() -> None:
    """After four of seven days the new habit is the usual one."""
    known = observe(day_of(60) * DAYS_KEPT)
    for day in range(DAYS_KEPT):
        assert longest_usual(known) == (300 if day < 4 else 3000)
        known = observe(day_of(600), known)


def test_what_is_interrupted_is_no_silence() -> None:
    """An hour in which the sensor was unavailable is neither silent nor observed."""
    known = observe([10] * 10)
    after = note_report(interrupt(known), known.reported_s + HOUR_S)  # type: ignore[operator]
    assert after == replace(known, reported_s=after.reported_s)


def test_a_clock_that_goes_back_is_no_silence() -> None:
    """The clock is steady; even so, no time is negative."""
    known = note_report(observe([10]), -5)
    assert (known.longest_s, known.observed_s) == (10, 10)


@given(st.lists(st.floats(0, 30 * DAY_S), max_size=200))
def test_no_silence_of_less_than_a_minute_is_odd(gaps_s: list[float]) -> None:
    """Whatever the meter does; and no more than a week is kept."""
    known = observe(gaps_s)
    usual_s = longest_usual(known)
    assert usual_s is None or LEAST_S <= usual_s <= DAY_S
    assert len(known.days_s) <= DAYS_KEPT
    assert known.observed_s < DAY_S


@given(st.lists(st.floats(1, 4 * HOUR_S), min_size=2, max_size=7), st.data())
def test_one_freeze_teaches_nothing(
    longest_s: list[float], data: st.DataObject
) -> None:
    """However long, it lifts the limit to no more than what another day allows."""
    frozen = data.draw(st.integers(0, len(longest_s) - 1))
    frozen_s = data.draw(st.floats(0, 30 * DAY_S))
    days_s = [*longest_s]
    days_s[frozen] = max(days_s[frozen], frozen_s)
    usual_s = longest_usual(Silence(days_s=tuple(days_s)))
    others_s = sorted(longest_s[:frozen] + longest_s[frozen + 1 :])
    assert usual_s is not None
    assert usual_s <= max(LEAST_S, TIMES_USUAL * others_s[len(others_s) // 2])


@given(st.lists(st.floats(0, DAY_S / 40), max_size=10), st.data())
def test_the_order_within_a_day_does_not_matter(
    gaps_s: list[float], data: st.DataObject
) -> None:
    """Of one day, only the longest silence is kept."""
    one, other = observe(gaps_s), observe(data.draw(st.permutations(gaps_s)))
    assert one.longest_s == pytest.approx(other.longest_s, abs=1e-6)
    assert one.observed_s == pytest.approx(other.observed_s, abs=1e-6)


@given(st.floats(1, 100 * DAY_S))
def test_a_freeze_is_one_day_however_long(frozen_s: float) -> None:
    """Also one of weeks, so that it can be forgotten."""
    known = observe(day_of(10, every_s=10) * 3)
    days = len(known.days_s)
    known = observe([frozen_s, *day_of(10, every_s=10)], known)
    assert len(known.days_s) <= days + 2
    assert longest_usual(known) == LEAST_S
