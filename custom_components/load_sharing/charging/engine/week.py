"""Sums up a week of charging from the counts at its beginning and at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The week that is counted: its Monday, and the counts when counting began.

    ``since`` is the local date of that: after ``monday`` in the first week, and after a
    standstill. Both are ISO dates. ``peak_a`` is the highest current of any phase since
    then.
    """

    monday: str = ""
    since: str = ""
    energy_kwh: Mapping[str, float] = field(default_factory=dict)
    corrected: int = 0
    peak_a: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a week brought; the energy of each charger that has any."""

    since: str
    energy_kwh: Mapping[str, float]
    corrected: int
    peak_a: float | None


def begin_week(tally: Tally, monday: str, today: str) -> Week:
    """Begin to count a week, on whatever day of it there is something to count."""
    return Week(
        monday=monday,
        since=today,
        energy_kwh={key: one.energy_kwh for key, one in tally.chargers.items()},
        corrected=tally.corrected,
    )


def sum_up(week: Week, tally: Tally) -> Summary:
    """Return what the week has brought until now."""
    energy_kwh = {
        key: one.energy_kwh - week.energy_kwh.get(key, 0.0)
        for key, one in tally.chargers.items()
    }
    return Summary(
        since=week.since,
        energy_kwh={key: kwh for key, kwh in energy_kwh.items() if kwh > 0},
        corrected=tally.corrected - week.corrected,
        peak_a=week.peak_a,
    )
