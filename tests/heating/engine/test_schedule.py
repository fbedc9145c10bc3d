"""Next and active blocks across midnight, week ends and clock changes."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from custom_components.load_sharing.heating.engine.schedule import (
    DayBlock,
    WeeklySchedule,
    active_block,
    next_block,
    next_edge,
)

from .house import BERLIN, clock, daily

DAY_S = 86400.0
HOUR_S = 3600.0
EMPTY: WeeklySchedule = ((),) * 7


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A local time; 2026-01-05 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def week(**days: tuple[str, str, float | None]) -> WeeklySchedule:
    """A schedule with one block on each of the given days."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return tuple(
        (DayBlock(clock(days[name][0]), clock(days[name][1]), days[name][2]),)
        if name in days
        else ()
        for name in names
    )


def test_the_next_block_of_the_day() -> None:
    """At 16:20 a block from 17:00 to 22:00 is 40 minutes ahead."""
    now = at("2026-01-05T16:20")
    block = next_block(daily("17:00", "22:00"), now, HOUR_S)
    assert block is not None
    assert (block.start, block.end) == (at("2026-01-05T17:00"), at("2026-01-05T22:00"))
    assert block.target_c == 21.0
    assert block.starts_in_s(now) == 40 * 60


@pytest.mark.parametrize(
    ("now", "found"), [("16:00", True), ("15:59", False), ("17:00", False)]
)
def test_the_window_is_closed_at_its_far_end_only(now: str, found: bool) -> None:
    """A block in exactly an hour is found; one that has started is not next."""
    block = next_block(daily("17:00", "22:00"), at(f"2026-01-05T{now}"), HOUR_S)
    assert (block is not None) is found


def test_over_midnight() -> None:
    """At 23:30 tomorrow's block at 06:00 is six and a half hours ahead."""
    now = at("2026-01-05T23:30")
    block = next_block(daily("06:00", "08:00"), now, DAY_S)
    assert block is not None
    assert block.starts_in_s(now) == 6.5 * HOUR_S


def test_a_block_that_goes_on_past_midnight_is_one() -> None:
    """22:00 to 24:00 and 00:00 to 06:00 on the next day are a single block."""
    night: WeeklySchedule = (
        (
            DayBlock(time(0), time(6), 19.0),
            DayBlock(time(22), time.max, 19.0),
        ),
    ) * 7
    for now in ("2026-01-05T23:00", "2026-01-06T01:00"):
        block = active_block(night, at(now))
        assert block is not None
        assert block.start == at("2026-01-05T22:00")
        assert block.end == at("2026-01-06T06:00")
    following = next_block(night, at("2026-01-05T23:00"), 2 * DAY_S)
    assert following is not None
    assert following.start == at("2026-01-06T22:00")


def test_another_target_is_another_block() -> None:
    """Blocks that meet at midnight with different targets stay separate."""
    steps: WeeklySchedule = (
        (DayBlock(time(0), time(6), 17.0), DayBlock(time(22), time.max, 19.0)),
    ) * 7
    following = next_block(steps, at("2026-01-05T23:00"), DAY_S)
    assert following is not None
    assert following.start == at("2026-01-06T00:00")
    assert following.target_c == 17.0


def test_over_the_week_end() -> None:
    """On Friday night the next block is Monday's."""
    now = at("2026-01-09T22:00")
    block = next_block(week(mon=("06:00", "08:00", 20.0)), now, 7 * DAY_S)
    assert block is not None
    assert block.start == at("2026-01-12T06:00")


def test_a_week_without_blocks() -> None:
    """An empty schedule has no next block, no active block and no edge."""
    now = at("2026-01-05T06:00")
    assert next_block(EMPTY, now, 7 * DAY_S) is None
    assert active_block(EMPTY, now) is None
    assert next_edge(EMPTY, now) is None


def test_clocks_go_forward() -> None:
    """On 2026-03-29 the hour from 2 to 3 is missing: 06:00 is 5 h after 00:00."""
    now = at("2026-03-29T00:00")
    block = next_block(daily("06:00", "08:00"), now, DAY_S)
    assert block is not None
    assert block.starts_in_s(now) == 5 * HOUR_S


def test_clocks_go_back() -> None:
    """On 2026-10-25 an hour occurs twice: 06:00 is 7 h after 00:00."""
    now = at("2026-10-25T00:00")
    block = next_block(daily("06:00", "08:00"), now, DAY_S)
    assert block is not None
    assert block.starts_in_s(now) == 7 * HOUR_S


def test_a_block_in_the_hour_that_is_missing() -> None:
    """A block at 02:30, a time that does not exist on that day, is not lost."""
    now = at("2026-03-29T01:30")
    block = next_block(daily("02:30", "05:00"), now, 3 * HOUR_S)
    assert block is not None
    assert 0 < block.starts_in_s(now) <= HOUR_S


def test_edges() -> None:
    """The next edge before, within and after a block."""
    schedule = daily("17:00", "22:00")
    assert next_edge(schedule, at("2026-01-05T12:00")) == at("2026-01-05T17:00")
    assert next_edge(schedule, at("2026-01-05T18:00")) == at("2026-01-05T22:00")
    assert next_edge(schedule, at("2026-01-05T22:00")) == at("2026-01-06T17:00")
