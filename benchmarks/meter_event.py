"""Cost of one meter event, beside the floor that Home Assistant itself sets.

The floor is a listener on the same meter that does nothing but write three
states. Both are measured in the test harness, alternating, and the medians of
several runs are printed. The clocks move on by a second from one report to the next,
and what the site does in between, by its timers, counts as well.
"""

import asyncio
import logging
from random import Random
from statistics import median
import sys
import time

from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event

from simulation.house import family_house

from .harness import METER, Clocks, Prepare, report, report_draws, running, site

EVENTS = 2000
RUNS = 7
WARM_UP = 100
NOISE_W = 8.0
FLOOR = "three states written"


async def _floor(hass: HomeAssistant) -> None:
    """An empty listener that writes three states."""

    @callback
    def write(event: Event[EventStateChangedData]) -> None:
        new_state = event.data["new_state"]
        value = new_state.state if new_state else "0"
        for name in ("one", "two", "three"):
            hass.states.async_set(f"sensor.{name}", value)

    async_track_state_change_event(hass, METER, write)


async def _cost_us(prepare: Prepare, stream: list[str]) -> float:
    """Microseconds of one meter event, with all that follows within its second."""
    async with running(prepare, stream[0]) as hass:
        with Clocks(hass.loop) as clocks:
            for power_w in stream[:WARM_UP]:
                clocks.pass_(1)
                report(hass, power_w)
                await hass.async_block_till_done()
                report_draws(hass)
            spent_s = 0.0
            for power_w in stream:
                clocks.pass_(1)
                started = time.process_time()
                report(hass, power_w)
                # Timers that are due, and what they have to say.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                spent_s += time.process_time() - started
                report_draws(hass)
    return spent_s / len(stream) * 1e6


def _house() -> list[str]:
    """What a meter of every second reports of a house in the evening, noise and all."""
    house = family_house()
    noise = Random(1)
    return [
        f"{sum(house.step(float(second))) + noise.gauss(0, NOISE_W):.0f}"
        for second in range(EVENTS)
    ]


def _restless() -> list[str]:
    """A load that changes by more than an ampere from each report to the next."""
    return [str(2000 + index % 17 * 300) for index in range(EVENTS)]


STREAMS = {
    "a house in the evening": _house(),
    "a change of 1.3 A at every report": _restless(),
}


def costs_us(counts: list[int]) -> dict[str, dict[str, list[float]]]:
    """What a meter event costs, by the stream and who hears of it: of each run, in us."""
    candidates = {FLOOR: _floor} | {name_of(count): site(count) for count in counts}
    found: dict[str, dict[str, list[float]]] = {}
    for stream, values in STREAMS.items():
        found[stream] = {candidate: [] for candidate in candidates}
        for _ in range(RUNS):
            for candidate, prepare in candidates.items():
                # Each on a loop of its own, whose clock was not moved yet.
                cost_us = asyncio.run(_cost_us(prepare, values))
                found[stream][candidate].append(cost_us)
    return found


def name_of(chargers: int) -> str:
    """Say it in words."""
    return f"{chargers} charger{'s' if chargers > 1 else ''}"


def main() -> None:
    """Print what a meter event costs."""
    logging.disable(logging.WARNING)
    counts = [int(argument) for argument in sys.argv[1:]] or [1]
    for stream, costs in costs_us(counts).items():
        floor_us = median(costs[FLOOR])
        print(f"\n{stream:36}{'median':>9}{'lowest':>11}{'x floor':>10}")
        for candidate, runs_us in costs.items():
            cost_us = median(runs_us)
            print(
                f"  {candidate:34}{cost_us:6.0f} us{min(runs_us):8.0f} us"
                f"{cost_us / floor_us:10.2f}"
            )


if __name__ == "__main__":
    main()
