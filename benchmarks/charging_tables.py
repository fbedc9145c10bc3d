"""The charging part of the benchmark page: energy for the cars, and what flows over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from simulation.meter import MeterKind

from .energy import Ours, OursMeasured, Plain, live
from .evenings import FAMILY, LAGS_S, PAIR, Evening, Score, record
from .plot import bars

SEED = 1
OURS = {"ours": Ours, "ours, draw measured": OursMeasured}
WAYS = {"plain": Plain, **OURS}
METERS = {
    MeterKind.EVERY_SECOND: "every second",
    MeterKind.EVERY_10_SECONDS: "every 10 seconds",
    MeterKind.ON_CHANGE: "on change",
}
SLOW_METER = MeterKind.EVERY_SECOND
"""With this one, a reading that is taken for the answer too early comes soonest."""
SITES = {FAMILY.name: FAMILY, PAIR.name: PAIR}

type Cell = tuple[str, MeterKind, float, str]
"""A site, its meter, the lag of its chargers in s, and how it is balanced."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run: the sites, the meters and the lags, and how many evenings.

    ``slow_lags_s`` are run with one meter, in our ways alone.
    """

    sites: tuple[str, ...] = tuple(SITES)
    meters: tuple[MeterKind, ...] = tuple(METERS)
    lags_s: tuple[float, ...] = LAGS_S
    slow_lags_s: tuple[float, ...] = (1.0, 5.0, 10.0, 20.0)
    evenings: int = 7


QUICK = Plan((FAMILY.name,), (MeterKind.EVERY_SECOND,), (2.0,), (10.0,), 1)


@cache
def _recorded(name: str, evenings: int) -> tuple[list[Evening], Score]:
    """Record the evenings of a site once in each process."""
    return record(SITES[name], evenings, SEED)


def run(cell: Cell, evenings: int) -> Score:
    """Live through the evenings of a site."""
    name, meter, lag_s, way = cell
    recorded, _ = _recorded(name, evenings)
    return live(SITES[name], recorded, WAYS[way], meter, lag_s)


def best(name: str, evenings: int) -> Score:
    """Return what a clairvoyant would have given the cars."""
    return _recorded(name, evenings)[1]


def jobs(plan: Plan) -> dict[object, Callable[[], Score]]:
    """Return the runs, by what is run."""
    found: dict[object, Callable[[], Score]] = {
        name: partial(best, name, plan.evenings) for name in plan.sites
    }
    for name in plan.sites:
        for meter in plan.meters:
            for lag_s in plan.lags_s:
                for way in WAYS:
                    cell = (name, meter, lag_s, way)
                    found[cell] = partial(run, cell, plan.evenings)
        for lag_s in plan.slow_lags_s:
            for way in OURS:
                cell = (name, SLOW_METER, lag_s, way)
                found[cell] = partial(run, cell, plan.evenings)
    return found


def table(plan: Plan, name: str, scores: Mapping[object, Score]) -> str:
    """Return the energy of the possible and the overload of each way, for a site."""
    lines = [
        "| Meter reports | Cars follow after | " + " | ".join(WAYS) + " |",
        "|---|---|" + "---|" * len(WAYS),
    ]
    for meter in plan.meters:
        for lag_s in plan.lags_s:
            cells = [METERS[meter], f"{lag_s:g} s"]
            cells += [
                _in_words(plan, scores, (name, meter, lag_s, way)) for way in WAYS
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def slow(plan: Plan, scores: Mapping[object, Score]) -> str:
    """Return the same of chargers up to slower than their settle time, for all sites."""
    lines = [
        "| Site | Cars follow after | " + " | ".join(OURS) + " |",
        "|---|---|" + "---|" * len(OURS),
    ]
    for name in plan.sites:
        for lag_s in plan.slow_lags_s:
            cells = [name, f"{lag_s:g} s"]
            cells += [
                _in_words(plan, scores, (name, SLOW_METER, lag_s, way)) for way in OURS
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _in_words(plan: Plan, scores: Mapping[object, Score], cell: Cell) -> str:
    score, possible_kwh = scores[cell], scores[cell[0]].kwh
    return (
        f"{100 * score.kwh / possible_kwh:.1f} %, {score.over_as:,.0f} A·s, "
        f"{score.sent / plan.evenings:.0f} commands"
    )


def plots(plan: Plan, scores: Mapping[object, Score]) -> dict[str, str]:
    """Return a chart of the overloads on the first site."""
    name = plan.sites[0]
    cells = [(meter, lag_s) for meter in plan.meters for lag_s in plan.lags_s]
    return {
        "benchmark-overload.svg": bars(
            f"Current over the limit, {name}",
            "A·s",
            [f"{METERS[meter]}, {lag_s:g} s" for meter, lag_s in cells],
            {
                way: [scores[name, meter, lag_s, way].over_as for meter, lag_s in cells]
                for way in WAYS
            },
        )
    }
