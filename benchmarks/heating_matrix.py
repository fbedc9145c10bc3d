"""What each control does to a boiler that is too big: a matrix of cases.

Prints for each setpoint and mean outdoor temperature: burner starts, cooldowns, gas,
temperatures, and the moves of the busiest valve, a day each; and the change against no
sharing. *Matched* compares the gas with no sharing that heats ahead of its blocks until
its rooms are as warm in time: else sharing is blamed for comfort that no sharing lacks.
"""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product
from multiprocessing import get_context

from custom_components.load_sharing.heating.config import BoilerConfig
from custom_components.load_sharing.heating.engine.model import Control, Mode
from custom_components.load_sharing.heating.tuning import heating_settings
from simulation.thermal_house import DT_S, Report, thermal_family_house

from .boiler_cycles import CASES, DAYS, run

PROCESSES = 2
AHEAD_MIN = tuple(range(0, 241, 30))
"""How long before their blocks the rooms of no sharing begin to be heated."""


@dataclass(frozen=True, slots=True)
class Way:
    """A control with its name, with or without the boiler's help."""

    name: str
    mode: Mode
    control: Control
    helped: bool = False


WAYS = (
    Way("by tiers, schedules", Mode.SCHEDULE_TIERS, Control.TIERS),
    Way("by tiers, as specified", Mode.ALL_TIERS, Control.TIERS),
    Way("balanced, without help", Mode.ALL_TIERS, Control.BALANCED),
    Way("balanced", Mode.ALL_TIERS, Control.BALANCED, helped=True),
    Way("fewest burns", Mode.ALL_TIERS, Control.FEWEST_BURNS, helped=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What differs from the base case."""

    days: float
    min_w: float
    capacity_error: float
    sensor_delay_s: float
    late_min: int
    learns: bool


def without_sharing(
    case: tuple[float, float], ahead_min: int, options: Options
) -> Report:
    """Days of the house alone, heated so long before its blocks."""
    setpoint_c, outdoor_c = case
    house = thermal_family_house(
        setpoint_c=setpoint_c, outdoor_mean_c=outdoor_c, min_w=options.min_w
    )
    for zone in house.zones.values():
        zone.thermostat.early_h = ahead_min / 60
    for _ in range(round(options.days * 86400 / DT_S)):
        house.step()
    return house.report()


def shared(case: tuple[float, float], way: Way, options: Options) -> Report:
    """Days of the house with the engine on it."""
    boiler = BoilerConfig(
        protection=way.helped, least_output_w=None if options.learns else options.min_w
    )
    return run(
        *case,
        way.mode,
        options.days,
        heating_settings(boiler, {}, overheat_cap=True),
        capacity_error=options.capacity_error,
        min_w=options.min_w,
        control=way.control,
        sensor_delay_s=options.sensor_delay_s,
        late_min=options.late_min,
    )


def matched_kwh(alone: Sequence[Report], under_kh: float) -> float:
    """Gas of no sharing whose rooms are as far below their targets."""
    for one, other in pairwise(alone):
        if other.under_kh <= under_kh <= one.under_kh != other.under_kh:
            part = (one.under_kh - under_kh) / (one.under_kh - other.under_kh)
            return one.gas_kwh + part * (other.gas_kwh - one.gas_kwh)
    return (alone[0] if under_kh > alone[0].under_kh else alone[-1]).gas_kwh


def _change(value: float, base: float) -> str:
    return f"{100 * (value / base - 1):>+6.1f}%"


def _row(name: str, report: Report, alone: Sequence[Report]) -> str:
    base, days = alone[0], report.days
    return (
        f"{name:<26}{report.starts / days:>7.1f}{report.cooldowns / days:>7.1f}"
        f"{_change(report.cooldowns, base.cooldowns)}{report.gas_kwh / days:>7.1f}"
        f"{_change(report.gas_kwh, base.gas_kwh)}"
        f"{_change(report.gas_kwh, matched_kwh(alone, report.under_kh))}"
        f"{report.under_kh / days:>7.1f}{_change(report.under_kh, base.under_kh)}"
        f"{report.over_kh / days:>7.1f}{max(report.room_moves.values()) / days:>7.1f}"
    )


def main() -> None:
    """Print the matrix."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=DAYS)
    parser.add_argument("--least-output", type=float, default=6000.0)
    parser.add_argument("--capacity-error", type=float, default=0.0)
    parser.add_argument("--sensor-delay", type=float, default=0.0)
    parser.add_argument("--late", type=int, default=0, help="minutes")
    parser.add_argument("--learn", action="store_true", help="not the least output")
    parser.add_argument("--cases", type=int, nargs="+", default=[*range(len(CASES))])
    parser.add_argument("--ways", type=int, nargs="+", default=[*range(len(WAYS))])
    chosen = parser.parse_args()
    options = Options(
        days=chosen.days,
        min_w=chosen.least_output,
        capacity_error=chosen.capacity_error,
        sensor_delay_s=chosen.sensor_delay,
        late_min=chosen.late,
        learns=chosen.learn,
    )
    cases = [CASES[index] for index in chosen.cases]
    ways = [WAYS[index] for index in chosen.ways]
    jobs: list[Callable[[], Report]] = [
        partial(without_sharing, case, ahead_min, options)
        for case, ahead_min in product(cases, AHEAD_MIN)
    ]
    jobs += [partial(shared, case, way, options) for case, way in product(cases, ways)]
    with ProcessPoolExecutor(PROCESSES, get_context("forkserver")) as pool:
        reports = iter([job.result() for job in [pool.submit(job) for job in jobs]])
    alone = {case: [next(reports) for _ in AHEAD_MIN] for case in cases}
    print(f"{options}; a day each")
    print(
        f"{'':<26}{'starts':>7}{'cooldowns':>14}{'gas':>7}{'':>7}{'matched':>7}"
        f"{'under':>7}{'':>7}{'over':>7}{'moves':>7}"
    )
    for case in cases:
        print(f"{case[0]:g}/{case[1]:g} °C")
        print(_row("no sharing", alone[case][0], alone[case]))
        for way in ways:
            print(_row(way.name, next(reports), alone[case]))


if __name__ == "__main__":
    main()
