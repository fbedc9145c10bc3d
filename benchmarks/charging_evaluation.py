"""Cost of one evaluation of the charging, for sites of 1 to 64 chargers.

Three phases, and a circuit for every four chargers. In three situations: every car takes
what it may, every car has use for another current, and an overload. Prints the median of
several runs, and the growth from each size to the next beside that of the chargers. Then
the memory that a charger takes in Home Assistant's test harness, entities and all.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import gc
from itertools import pairwise
import logging
from statistics import median
import timeit
import tracemalloc

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    DrawReading,
    ServiceReading,
    SiteInput,
)
from tests.charging.engine.settings import charger_settings, site_settings

from .harness import running_site

CHARGERS = (1, 4, 16, 64)
RUNS = 9
PER_CIRCUIT = 4
HELD_A = 10.0
ALL = (0, 1, 2)

type Situation = Callable[[int], SiteInput]


def calm(chargers: int) -> SiteInput:
    """Every car takes the 10 A it may."""
    return _site(chargers, lambda _number: HELD_A, over_a=0.0)


def sparing(chargers: int) -> SiteInput:
    """Every car takes something else: from 3 to 10 A."""
    return _site(chargers, lambda number: 3 + 7 * (number % 8) / 7, over_a=0.0)


def overload(chargers: int) -> SiteInput:
    """An oven of more than is left."""
    return _site(chargers, lambda _number: HELD_A, over_a=2.0 * chargers)


def _site(chargers: int, takes_a: Callable[[int], float], over_a: float) -> SiteInput:
    settings = [
        charger_settings(f"charger{number}", phases=ALL, max_a=16.0)
        for number in range(chargers)
    ]
    drawn_a = [(takes_a(number),) * 3 for number in range(chargers)]
    circuits = []
    for first in range(0, chargers, PER_CIRCUIT):
        members = frozenset(s.charger_id for s in settings[first : first + PER_CIRCUIT])
        sum_a = sum(drawn[0] for drawn in drawn_a[first : first + PER_CIRCUIT])
        reading = ServiceReading((sum_a,) * 3, (1000.0,) * 3)
        circuits.append(
            Circuit(
                f"circuit{first}", 48.0, ALL, members, metered=True, reading=reading
            )
        )
    service_a = sum(drawn[0] for drawn in drawn_a) + over_a
    limit_a = 10.5 * chargers
    return SiteInput(
        site_settings(limit_a=limit_a, rotation_time_s=900.0),
        ServiceReading((service_a,) * 3, (1000.0,) * 3),
        tuple(
            ChargerInput(
                charger,
                replace(
                    commands.holding(HELD_A),
                    desired_a=HELD_A,
                    accepted=True,
                    confirmed=True,
                ),
                draw=DrawReading(drawn, drawn, 1000.0),
            )
            for charger, drawn in zip(settings, drawn_a, strict=True)
        ),
        circuits=tuple(circuits) if chargers > 1 else (),
    )


def measure(situation: Situation, chargers: int) -> float:
    """Microseconds of one evaluation, some time after the first."""
    site = situation(chargers)
    state, _ = evaluate(EngineState(), site, 1000.0)
    state, _ = evaluate(state, site, 1061.0)
    number = max(3, 1000 // chargers)
    timer = timeit.Timer(lambda: evaluate(state, site, 1062.0))
    return median(timer.repeat(RUNS, number)) / number * 1e6


async def _allocated(chargers: int) -> int:
    """Bytes that a running site holds."""
    gc.collect()
    tracemalloc.start()
    async with running_site(chargers):
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


async def _memory_per_charger() -> float:
    few, many = CHARGERS[1], CHARGERS[-1]
    await _allocated(few)  # what is imported once is not a charger's
    return (await _allocated(many) - await _allocated(few)) / (many - few)


def main() -> None:
    """Print what an evaluation costs."""
    logging.disable(logging.WARNING)
    print(f"{'one evaluation, us':22}" + "".join(f"{n:>10}" for n in CHARGERS))
    for situation in (calm, sparing, overload):
        costs_us = [measure(situation, chargers) for chargers in CHARGERS]
        print(f"{situation.__name__:22}" + "".join(f"{us:10.0f}" for us in costs_us))
        growth = [""] + [
            f"x{after / before:.1f}" for before, after in pairwise(costs_us)
        ]
        print(f"{'  to the one before':22}" + "".join(f"{g:>10}" for g in growth))
    per_charger = asyncio.run(_memory_per_charger())
    print(f"\nmemory of a charger with its entities: {per_charger / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
