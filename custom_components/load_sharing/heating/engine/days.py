"""Days with load sharing and days without, compared by what was measured on them.

A site that shares for some weeks and does not for some days shows what sharing brings.
Nothing is estimated from the hours of a day: those in which rooms are shared are not
like the others. A burner hour stands for the heat that was needed, so that a cold day
can be compared with a mild one.
"""

from dataclasses import dataclass, replace
from datetime import date

from .effect import passed_s
from .model import BoilerInput

KEPT_DAYS = 28
"""Days of each kind: older ones are from another season."""
MIN_HEATING_S = 4 * 3600.0
"""Burner time for the rooms that a rate needs: a day or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day. ``shares`` is None if sharing was switched on or off on it.

    ``burner_s`` is how long the burner burned, ``heating_s`` of that for the rooms.
    ``held_s`` is how long it was held off.
    """

    day: date
    shares: bool | None
    burner_s: float = 0.0
    heating_s: float = 0.0
    cooldowns: int = 0
    held_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Today, and the days before of which each was all of one kind."""

    today: Day | None = None
    past: tuple[Day, ...] = ()
    burned: bool = False
    heated: bool = False
    held: bool = False
    updated_s: float | None = None

    def cooldowns_per_h(self, *, shares: bool) -> float | None:
        """Return the cooldowns in a burner hour on days with or without sharing.

        None until the burner has burned for the rooms for long enough on such days.
        """
        known = self.past if self.today is None else (*self.past, self.today)
        days = [day for day in known if day.shares is shares]
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


def update_days(
    days: Days,
    today: date,
    boiler: BoilerInput,
    now_s: float,
    *,
    shares: bool,
    cooldowns: int,
    held: bool = False,
) -> Days:
    """Count the time since the last evaluation, and the cooldowns that are new in it.

    ``shares``: load sharing is on, and sets valves. ``held``: the burner is held off.
    """
    elapsed_s = passed_s(days.updated_s, now_s)
    current, past = days.today, days.past
    if current is None or current.day != today:
        past = _with_finished(past, current)
        current = Day(day=today, shares=shares)
    current = replace(
        current,
        shares=shares if current.shares is shares else None,
        burner_s=current.burner_s + (elapsed_s if days.burned else 0.0),
        heating_s=current.heating_s + (elapsed_s if days.heated else 0.0),
        cooldowns=current.cooldowns + cooldowns,
        held_s=current.held_s + (elapsed_s if days.held else 0.0),
    )
    burns = bool(boiler.burner)
    return Days(
        today=current,
        past=past,
        burned=burns,
        heated=burns and not boiler.heats_tap_water,
        held=held,
        updated_s=now_s,
    )


def _with_finished(past: tuple[Day, ...], day: Day | None) -> tuple[Day, ...]:
    """Add a finished day, unless it is of no use; forget the oldest of its kind."""
    if day is None or day.shares is None or not day.heating_s:
        return past
    alike = [other for other in past if other.shares is day.shares]
    oldest = alike[0] if len(alike) >= KEPT_DAYS else None
    return (*(other for other in past if other is not oldest), day)
