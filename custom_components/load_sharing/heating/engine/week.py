"""Sums up a week of heating: what the boiler did, and for how long rooms were shared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .days import Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The week that is counted: its Monday, the day counting began, and the counts.

    ``burner_s`` is how long the burner burned, ``held_s`` how long it was held off,
    ``known_s`` how long it was known, and ``sharing_s`` how long rooms were shared.
    """

    monday: date | None = None
    since: date | None = None
    cooldowns: int = 0
    starts: int = 0
    burner_s: float = 0.0
    held_s: float = 0.0
    known_s: float = 0.0
    sharing_s: float = 0.0


def update_week(
    week: Week,
    before: Day | None,
    after: Day,
    *,
    cooldowns: Mapping[date, int],
    starts: int,
    sharing_s: float,
) -> Week:
    """Add what one evaluation has added; another week begins anew.

    ``before`` and ``after`` are the day around that evaluation. The other values are
    new in it; ``cooldowns`` are by day, and negative where one was withdrawn. What was
    withdrawn from a week that has ended changes neither.
    """
    monday = after.day - timedelta(days=after.day.weekday())
    if week.monday != monday:
        week = Week(monday=monday, since=after.day)
    if before is None or before.day != after.day:
        before = Day(day=after.day, shares=None)
    new = sum(count for day, count in cooldowns.items() if count > 0 or day >= monday)
    return replace(
        week,
        cooldowns=max(0, week.cooldowns + new),
        starts=week.starts + starts,
        burner_s=week.burner_s + after.burner_s - before.burner_s,
        held_s=week.held_s + after.held_s - before.held_s,
        known_s=week.known_s + after.known_s - before.known_s,
        sharing_s=week.sharing_s + sharing_s,
    )


def has_ended(before: Week, after: Week) -> bool:
    """Return whether a week has ended; a clock that is set back ends none."""
    return (
        before.monday is not None
        and after.monday is not None
        and before.monday < after.monday
    )
