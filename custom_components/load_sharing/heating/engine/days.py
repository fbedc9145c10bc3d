"""Days with load sharing and days without, compared by what was measured on them.

A site that shares for some weeks and does not for some days shows what sharing brings.
Nothing is estimated from the hours of a day: those in which rooms are shared are not
like the others. A burner hour stands for the heat that was needed, so that a cold day
can be compared with a mild one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from math import sqrt

from .effect import passed_s
from .evidence import changes
from .model import BoilerInput

KEPT_DAYS = 28
"""Days of each kind: older ones are from another season."""
MIN_HEATING_S = 4 * 3600.0
"""Burner time for the rooms that a rate needs: a day or two."""
NEAR_DAYS = 2
"""The weather of days that are no further apart is much alike."""
WHOLE_DAY_S = 22.5 * 3600.0
"""The burner has to be known for so long on a day whose burner time is compared."""
MIN_PAIRS = 6
MOST_ERROR = 0.03
"""A change of the burner time with a greater standard error says nothing."""
FIRST_OF_WEEKEND = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day. ``shares`` is None if sharing was switched on or off on it.

    ``burner_s`` is how long the burner burned, ``heating_s`` of that for the rooms.
    ``held_s`` is how long it was held off, ``known_s`` how long it was known.
    """

    day: date
    shares: bool | None
    burner_s: float = 0.0
    heating_s: float = 0.0
    cooldowns: int = 0
    held_s: float = 0.0
    known_s: float = 0.0

    def is_like(self, other: Day) -> bool:
        """Return whether the weather and the schedules of another day are much alike."""
        return abs((self.day - other.day).days) <= NEAR_DAYS and _is_weekend(
            self.day
        ) is _is_weekend(other.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Today, and the days before of which each was all of one kind.

    ``burner_time_change`` is how much more the burner burns for the rooms on days with
    sharing, worked out when a day has ended; see ``compare_burner_time``.
    """

    today: Day | None = None
    past: tuple[Day, ...] = ()
    burner_time_change: float | None = None
    known: bool = False
    burned: bool = False
    heated: bool = False
    held: bool = False
    updated_s: float | None = None

    def cooldowns_per_h(self, *, shares: bool) -> float | None:
        """Return the cooldowns in a burner hour on days with or without sharing.

        None until the burner has burned for the rooms for long enough on such days.
        """
        known = self.past if self.today is None else (*self.past, self.today)
        days = [day for day in known if day.shares is shares][-KEPT_DAYS:]
        heating_s = sum(day.heating_s for day in days)
        if heating_s < MIN_HEATING_S:
            return None
        return sum(day.cooldowns for day in days) / heating_s * 3600

    @property
    def change(self) -> float | None:
        """How many more cooldowns there are with sharing: -0.5 is half as many.

        None until both kinds of days are known.
        """
        with_sharing = self.cooldowns_per_h(shares=True)
        without = self.cooldowns_per_h(shares=False)
        if with_sharing is None or not without:
            return None
        return with_sharing / without - 1


def cooldowns_by_day(
    before_s: tuple[float, ...],
    after_s: tuple[float, ...],
    now_s: float,
    local_time: datetime,
) -> dict[date, int]:
    """Return how many more cooldowns there are after an update, by their own days.

    One that is withdrawn counts as -1 on the day on which it had been.
    """
    added_s, withdrawn_s = changes(before_s, after_s, now_s)
    counts: dict[date, int] = {}
    for times_s, change in ((added_s, 1), (withdrawn_s, -1)):
        for at_s in times_s:
            moment = local_time.astimezone(UTC) - timedelta(seconds=now_s - at_s)
            day = moment.astimezone(local_time.tzinfo).date()
            counts[day] = counts.get(day, 0) + change
    return counts


def update_days(
    days: Days,
    today: date,
    boiler: BoilerInput,
    now_s: float,
    *,
    shares: bool,
    cooldowns: Mapping[date, int],
    held: bool = False,
) -> Days:
    """Count the time since the last evaluation, and the cooldowns that are new in it.

    ``cooldowns`` are by day; see ``cooldowns_by_day``.
    ``shares``: load sharing is on, and sets valves. ``held``: the burner is held off.
    """
    elapsed_s = passed_s(days.updated_s, now_s)
    current, past, change = days.today, days.past, days.burner_time_change
    if current is None or current.day != today:
        past = _with_finished(past, current)
        change = compare_burner_time(past)
        current = Day(day=today, shares=shares)
    current = replace(
        current,
        shares=shares if current.shares is shares else None,
        burner_s=current.burner_s + (elapsed_s if days.burned else 0.0),
        heating_s=current.heating_s + (elapsed_s if days.heated else 0.0),
        held_s=current.held_s + (elapsed_s if days.held else 0.0),
        known_s=current.known_s + (elapsed_s if days.known else 0.0),
    )
    burns = bool(boiler.burner)
    if cooldowns:
        current = _counted(current, cooldowns)
        past = tuple(_counted(day, cooldowns) for day in past)
    return Days(
        today=current,
        past=past,
        burner_time_change=change,
        known=boiler.burner is not None,
        burned=burns,
        heated=burns and not boiler.heats_tap_water,
        held=held,
        updated_s=now_s,
    )


def compare_burner_time(past: tuple[Day, ...]) -> float | None:
    """Return how much more the burner burns for the rooms with sharing: -0.02 is 2 %.

    Each day without is compared with the days with sharing of the same weather and
    schedules, and all of them by the ratio of their sums. None until the standard error
    of that ratio is small enough (Cochran, Sampling Techniques, section 6.4).
    """
    whole = [day for day in past if day.known_s >= WHOLE_DAY_S]
    shared = [day for day in whole if day.shares]
    pairs = []
    for day in whole:
        alike_s = [other.heating_s for other in shared if other.is_like(day)]
        if day.shares is False and alike_s:
            pairs.append((sum(alike_s) / len(alike_s), day.heating_s))
    count, without_s = len(pairs), sum(pair[1] for pair in pairs)
    if count < MIN_PAIRS or not without_s:
        return None
    ratio = sum(pair[0] for pair in pairs) / without_s
    square = sum((with_s - ratio * pair_s) ** 2 for with_s, pair_s in pairs)
    error = sqrt(count / (count - 1) * square) / without_s
    return ratio - 1 if error <= MOST_ERROR else None


def _counted(day: Day, cooldowns: Mapping[date, int]) -> Day:
    """Return a day with the cooldowns that are new or withdrawn on it."""
    change = cooldowns.get(day.day, 0)
    return replace(day, cooldowns=max(0, day.cooldowns + change)) if change else day


def _is_weekend(day: date) -> bool:
    """Return whether a day is a Saturday or a Sunday."""
    return day.weekday() >= FIRST_OF_WEEKEND


def _with_finished(past: tuple[Day, ...], day: Day | None) -> tuple[Day, ...]:
    """Add a finished day, unless it is of no use; forget those that are too old.

    Days with sharing are kept for longer beside a day without that they are like.
    """
    if day is None or day.shares is None or not day.heating_s:
        return past
    days = (*past, day)
    without = [other for other in days if other.shares is False][-KEPT_DAYS:]
    latest = [other for other in days if other.shares][-KEPT_DAYS:]
    return tuple(
        other
        for other in days
        if other in without
        or other in latest
        or (other.shares and any(other.is_like(kept) for kept in without))
    )
