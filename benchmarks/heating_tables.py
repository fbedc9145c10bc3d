"""The heating part of the benchmark page: the matrix, and what makes it harder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from custom_components.load_sharing.heating.engine.model import Control
from simulation.thermal_house import Report

from .boiler_cycles import CASES
from .heating_matrix import (
    AHEAD_MIN,
    WAYS,
    Options,
    Way,
    matched_kwh,
    shared,
    without_sharing,
)
from .plot import bars

type Case = tuple[float, float]
type Jobs = dict[object, Callable[[], Report]]

BASE = Options(
    days=4,
    min_w=6000.0,
    capacity_error=0.0,
    sensor_delay_s=0.0,
    late_min=0,
    learns=False,
)
HARDER: dict[str, Options] = {
    "the base": BASE,
    "radiators rated 30 % too low": replace(BASE, capacity_error=-0.3),
    "radiators rated 30 % too high": replace(BASE, capacity_error=0.3),
    "readings 2 minutes late": replace(BASE, sensor_delay_s=120.0),
    "schedules half an hour late": replace(BASE, late_min=30),
    "least output learned, not entered": replace(BASE, learns=True),
    "a boiler from 3.5 kW": replace(BASE, min_w=3500.0),
}
"""What differs from the base, by what it is called."""
HARDER_WAYS = tuple(way for way in WAYS if way.control is Control.BALANCED)
SOME_AHEAD_MIN = AHEAD_MIN[::2]
"""Enough for the gas of a run in which something is harder."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run: the cases, and the days of the matrix and of what is harder."""

    cases: tuple[Case, ...] = CASES
    harder_cases: tuple[Case, ...] = (CASES[0], CASES[-1])
    days: float = 4.0
    harder_days: float = 2.0
    harder: tuple[str, ...] = tuple(HARDER)


QUICK = Plan(CASES[:1], (), 1.0, 1.0, ())


def jobs(plan: Plan) -> Jobs:
    """Return the runs, by what is run."""
    found: Jobs = {}
    base = replace(BASE, days=plan.days)
    for case in plan.cases:
        _add_alone(found, case, base)
        for way in WAYS:
            found[case, way, base] = partial(shared, case, way, base)
    for case in plan.harder_cases:
        for options in _harder(plan).values():
            _add_alone(found, case, options)
            for way in HARDER_WAYS:
                found[case, way, options] = partial(shared, case, way, options)
    return found


def _harder(plan: Plan) -> dict[str, Options]:
    return {name: replace(HARDER[name], days=plan.harder_days) for name in plan.harder}


def _alone_options(options: Options) -> Options:
    """Return the options that matter for a house without sharing."""
    return replace(BASE, days=options.days, min_w=options.min_w)


def _add_alone(found: Jobs, case: Case, options: Options) -> None:
    alone = _alone_options(options)
    for ahead_min in _ahead_min(options):
        key = (case, ahead_min, alone)
        found.setdefault(key, partial(without_sharing, case, ahead_min, alone))


def _alone(
    reports: Mapping[object, Report], case: Case, options: Options
) -> list[Report]:
    alone = _alone_options(options)
    return [reports[case, ahead_min, alone] for ahead_min in _ahead_min(options)]


def _ahead_min(options: Options) -> tuple[int, ...]:
    """Return how long before their blocks the rooms of no sharing are heated."""
    return AHEAD_MIN if options.days == Plan().days else SOME_AHEAD_MIN


def _change(value: float, base: float) -> float:
    """Return a change in %."""
    return 100 * (value / base - 1) if base else 0.0


def _name(case: Case) -> str:
    return f"{case[0]:g}/{case[1]:g}"


def matrix(plan: Plan, reports: Mapping[object, Report]) -> str:
    """Return a table for each case, with every control."""
    base = replace(BASE, days=plan.days)
    lines = [
        "| °C | Control | Starts | Cooldowns | | Gas | | matched | Under | Over | Moves |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for case in plan.cases:
        alone = _alone(reports, case, base)
        lines.append(_row(_name(case), "no sharing", alone[0], alone))
        lines += [_row("", way.name, reports[case, way, base], alone) for way in WAYS]
    return "\n".join(lines)


def _row(case: str, name: str, report: Report, alone: Sequence[Report]) -> str:
    first, days = alone[0], report.days
    cells = [
        case,
        name,
        f"{report.starts / days:.1f}",
        f"{report.cooldowns / days:.1f}",
        f"{_change(report.cooldowns, first.cooldowns):+.0f} %",
        f"{report.gas_kwh / days:.1f} kWh",
        f"{_change(report.gas_kwh, first.gas_kwh):+.1f} %",
        f"{_change(report.gas_kwh, matched_kwh(alone, report.under_kh)):+.1f} %",
        f"{report.under_kh / days:.1f} K·h",
        f"{report.over_kh / days:.1f} K·h",
        f"{max(report.room_moves.values()) / days:.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def harder(plan: Plan, reports: Mapping[object, Report]) -> str:
    """Return how much of the gain is left where something is harder."""
    lines = [
        "| | "
        + " | ".join(f"{way.name}: cooldowns | gas, matched" for way in HARDER_WAYS)
        + " |",
        "|---|" + "---|---|" * len(HARDER_WAYS),
    ]
    for name, options in _harder(plan).items():
        cells = [f"{name}, {options.days:g} days"]
        for way in HARDER_WAYS:
            cooldowns, gas = _changes(plan.harder_cases, reports, way, options)
            cells += [
                " ".join(f"{value:+.0f}" for value in cooldowns) + " %",
                f"{max(gas):+.1f} % at most",
            ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _changes(
    cases: Sequence[Case],
    reports: Mapping[object, Report],
    way: Way,
    options: Options,
) -> tuple[list[float], list[float]]:
    """Return the change of cooldowns and of matched gas, in %, by case."""
    cooldowns, gas = [], []
    for case in cases:
        alone = _alone(reports, case, options)
        report = reports[case, way, options]
        cooldowns.append(_change(report.cooldowns, alone[0].cooldowns))
        matched = matched_kwh(alone, report.under_kh)
        gas.append(_change(report.gas_kwh, matched))
    return cooldowns, gas


def plots(plan: Plan, reports: Mapping[object, Report]) -> dict[str, str]:
    """Return the charts, by the name of their file."""
    base = replace(BASE, days=plan.days)
    changes = {way.name: _changes(plan.cases, reports, way, base) for way in WAYS[1:]}
    groups = [_name(case) for case in plan.cases]
    return {
        "benchmark-cooldowns.svg": bars(
            "Cooldowns, against no sharing",
            "%",
            groups,
            {name: cooldowns for name, (cooldowns, _) in changes.items()},
        ),
        "benchmark-gas.svg": bars(
            "Gas, against no sharing that is as warm in time",
            "%",
            groups,
            {name: gas for name, (_, gas) in changes.items()},
        ),
    }
