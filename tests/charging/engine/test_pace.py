"""Slow meters are told apart from meters that have no change to report."""

from itertools import cycle, islice
from random import Random

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.pace import (
    SPACINGS_KEPT,
    Pace,
    judge_pace,
    median_spacing,
)

LOOP_S = 5.0


@pytest.mark.parametrize(
    ("every_s", "pace"),
    [
        (1, Pace.FINE),
        (10, Pace.FINE),
        (12.5, Pace.FINE),
        (14, Pace.UNKNOWN),
        (15, Pace.UNKNOWN),
        (16, Pace.SLOW),
        (60, Pace.SLOW),
        (900, Pace.SLOW),
    ],
)
def test_a_meter_that_measures_at_intervals(every_s: float, pace: Pace) -> None:
    """Up to two and a half loops are fine; more than three are slow."""
    assert judge_pace([every_s] * SPACINGS_KEPT, LOOP_S) is pace


def test_the_loop_is_the_measure() -> None:
    """For a loop of 20 s, a meter of 30 s is fast enough."""
    assert judge_pace([30] * SPACINGS_KEPT, 20) is Pace.FINE


def test_intervals_are_never_quite_the_same() -> None:
    """30 s, up to 2 s early or late, and one report in ten is lost."""
    random = Random(1)
    spacings_s = [
        30 * (2 if random.random() < 0.1 else 1) + random.uniform(-2, 2)
        for _ in range(SPACINGS_KEPT)
    ]
    assert judge_pace(spacings_s, LOOP_S) is Pace.SLOW


@pytest.mark.parametrize(
    ("others_s", "pace"),
    [
        ([30] * 4, Pace.SLOW),
        ([100] * 4, Pace.SLOW),
        ([100] * 5, Pace.UNKNOWN),
        ([36] * 5, Pace.SLOW),
        ([36.1] * 5, Pace.UNKNOWN),
        ([24] * 5, Pace.SLOW),
    ],
)
def test_four_of_five_spacings_are_the_same_within_a_fifth(
    others_s: list[float], pace: Pace
) -> None:
    """All other spacings are 30 s."""
    spacings_s = [30.0] * (SPACINGS_KEPT - len(others_s)) + others_s
    assert judge_pace(spacings_s, LOOP_S) is pace


def test_the_spacing_in_the_middle_is_typical() -> None:
    assert median_spacing([20, 1, 2, 10, 40]) == 10
    assert median_spacing([20, 1, 2, 10]) == 10


def test_too_little_is_known_at_first() -> None:
    """One spacing is missing."""
    assert judge_pace([30] * (SPACINGS_KEPT - 1), LOOP_S) is Pace.UNKNOWN
    assert judge_pace([], LOOP_S) is Pace.UNKNOWN


def test_a_fridge_at_night_is_no_slow_meter() -> None:
    """On for 8 min, off for 20 min; each change is reported at once, nothing else."""
    fridge_s = list(islice(cycle([480, 1200]), SPACINGS_KEPT))
    assert judge_pace(fridge_s, LOOP_S) is Pace.UNKNOWN


def test_a_heartbeat_is_no_slow_meter() -> None:
    """Changes are reported at once, and the same value every minute."""
    random = Random(2)
    spacings_s = [random.uniform(0, 60) for _ in range(SPACINGS_KEPT)]
    assert judge_pace(spacings_s, LOOP_S) is not Pace.SLOW


@given(st.lists(st.floats(0.1, 4000), max_size=SPACINGS_KEPT), st.floats(1, 60))
def test_a_meter_that_was_often_fast_is_not_slow(
    spacings_s: list[float], loop_s: float
) -> None:
    """If one report in four came within the loop, it can measure that fast."""
    few = SPACINGS_KEPT // 4
    mixed = [min(spacing, loop_s) for spacing in spacings_s[:few]] + spacings_s[few:]
    assert judge_pace(mixed, loop_s) is not Pace.SLOW
    if mixed:
        assert min(mixed) <= median_spacing(mixed) <= max(mixed)
