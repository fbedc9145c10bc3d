"""Weekly schedules: the active block, the next block, and the next edge of a block.

Blocks are in local time, but moments are compared as timestamps: when clocks change,
local times are ambiguous or do not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

DAYS = 7


@dataclass(frozen=True, slots=True)
class DayBlock:
    """A heating block within one day. An ``end`` of ``time.max`` is midnight.

    A ``target_c`` of None is the room's comfort temperature.
    """

    start: time
    end: time
    target_c: float | None = None


type WeeklySchedule = tuple[tuple[DayBlock, ...], ...]
"""Blocks of each weekday, Monday first, in order of their start times."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block on given dates. One that continues past midnight is a single block."""

    start: datetime
    end: datetime
    target_c: float | None

    def starts_in_s(self, now: datetime) -> float:
        """Return the seconds until the block starts; negative once it has started."""
        return self.start.timestamp() - now.timestamp()


def next_block(
    schedule: WeeklySchedule, now: datetime, within_s: float
) -> Block | None:
    """Return the first block to start within ``within_s`` seconds after ``now``."""
    return next(iter(next_blocks(schedule, now, within_s)), None)


def next_blocks(
    schedule: WeeklySchedule, now: datetime, within_s: float
) -> list[Block]:
    """Return the blocks to start within ``within_s`` seconds after ``now``, in order."""
    blocks = _blocks_around(schedule, now)
    return [block for block in blocks if 0 < block.starts_in_s(now) <= within_s]


def active_block(schedule: WeeklySchedule, now: datetime) -> Block | None:
    """Return the block that covers ``now``."""
    now_s = now.timestamp()
    for block in _blocks_around(schedule, now):
        if block.start.timestamp() <= now_s < block.end.timestamp():
            return block
    return None


def next_edge(schedule: WeeklySchedule, now: datetime) -> datetime | None:
    """Return the next moment at which a block starts or ends."""
    now_s = now.timestamp()
    edges = [
        edge
        for block in _blocks_around(schedule, now)
        for edge in (block.start, block.end)
        if edge.timestamp() > now_s
    ]
    return min(edges, key=datetime.timestamp, default=None)


def _blocks_around(schedule: WeeklySchedule, now: datetime) -> Iterator[Block]:
    """Yield the blocks from yesterday to a week ahead, joined across midnight."""
    pending: Block | None = None
    for offset in range(-1, DAYS + 1):
        day = now.date() + timedelta(days=offset)
        for block in schedule[day.weekday()]:
            found = _block_on(day, block, now)
            if pending is None:
                pending = found
            elif pending.end == found.start and pending.target_c == found.target_c:
                pending = Block(pending.start, found.end, found.target_c)
            else:
                yield pending
                pending = found
    if pending is not None:
        yield pending


def _block_on(day: date, block: DayBlock, now: datetime) -> Block:
    """Return the block on one date, in the time zone of ``now``."""
    end_day, end = day, block.end
    if end == time.max:
        end_day, end = day + timedelta(days=1), time.min
    return Block(
        datetime.combine(day, block.start, now.tzinfo),
        datetime.combine(end_day, end, now.tzinfo),
        block.target_c,
    )
