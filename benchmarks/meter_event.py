"""Cost of one meter event, beside the floor that Home Assistant itself sets.

The floor is a listener on the same meter that does nothing but write three
states. Both are measured in the test harness, alternating, and the medians of
several runs are printed. The clocks move on by a second from one report to the next,
and what the site does in between, by its timers, counts as well.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
import logging
from pathlib import Path
from random import Random
from statistics import median
import sys
import tempfile
import time
from typing import Self
from unittest.mock import patch

from homeassistant import loader
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import frame
from homeassistant.helpers.event import async_track_state_change_event
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_CHARGER
from custom_components.load_sharing.tuning import SETTLE_TIME
from simulation.house import family_house

METER = "sensor.meter"
EVENTS = 2000
RUNS = 7
WARM_UP = 100
NOISE_W = 8.0

type Prepare = Callable[[HomeAssistant], Awaitable[None]]


async def _floor(hass: HomeAssistant) -> None:
    """An empty listener that writes three states."""

    @callback
    def write(event: Event[EventStateChangedData]) -> None:
        new_state = event.data["new_state"]
        value = new_state.state if new_state else "0"
        for name in ("one", "two", "three"):
            hass.states.async_set(f"sensor.{name}", value)

    async_track_state_change_event(hass, METER, write)


def _site(chargers: int) -> Prepare:
    async def prepare(hass: HomeAssistant) -> None:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={
                "supply": {
                    "meter_l1": METER,
                    "limit_a": 63.0,
                    "voltage_v": 230.0,
                    "export_sign": "negative",
                }
            },
            subentries_data=[
                {
                    "data": {
                        "phases": ["l1"],
                        "min_current_a": 6.0,
                        "max_current_a": 16.0,
                        "control": "actions",
                        "set_current": [
                            {
                                "event": "set_current",
                                "event_data": {"current_a": "{{ current_a }}"},
                            }
                        ],
                        "charger_id": str(number),
                        "draw_entity": f"sensor.draw_{number}",
                    },
                    "subentry_id": f"charger{number}",
                    "subentry_type": SUBENTRY_CHARGER,
                    "title": f"Charger {number}",
                    "unique_id": None,
                }
                for number in range(chargers)
            ],
        )
        for number in range(chargers):
            hass.states.async_set(
                f"sensor.draw_{number}", "6", {"unit_of_measurement": "A"}
            )
        entry.add_to_hass(hass)
        if not await hass.config_entries.async_setup(entry.entry_id):
            raise RuntimeError("the site was not set up")
        for number in range(chargers):
            entry.runtime_data.async_tune(f"charger{number}", SETTLE_TIME, 1)

    return prepare


@asynccontextmanager
async def _running(prepare: Prepare, power_w: str) -> AsyncIterator[HomeAssistant]:
    """Home Assistant's test harness with a meter and what was prepared in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        custom = Path(folder) / "custom_components"
        custom.symlink_to(Path.cwd() / "custom_components")
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
            frame.async_setup(hass)
            _report(hass, power_w)
            await prepare(hass)
            await hass.async_block_till_done()
            yield hass
            await hass.async_stop(force=True)


def running_site(chargers: int) -> AbstractAsyncContextManager[HomeAssistant]:
    """A site with so many chargers, and its first reading."""
    return _running(_site(chargers), "2000")


class _Clocks:
    """The loop's clock and the wall clock, which run ahead as they are told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._ahead_s = 0.0
        loop.time = lambda: time.monotonic() + self._ahead_s  # type: ignore[method-assign]
        self._wall = patch("time.time", new=self._wall_s)
        self._wall_now = time.time

    def _wall_s(self) -> float:
        return self._wall_now() + self._ahead_s

    def __enter__(self) -> Self:
        self._wall.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wall.stop()

    def pass_(self, seconds: float) -> None:
        """Move on."""
        self._ahead_s += seconds


async def _cost_us(prepare: Prepare, stream: list[str]) -> float:
    """Microseconds of one meter event, with all that follows within its second."""
    async with _running(prepare, stream[0]) as hass:
        with _Clocks(hass.loop) as clocks:
            for power_w in stream[:WARM_UP]:
                clocks.pass_(1)
                _report(hass, power_w)
                await hass.async_block_till_done()
                _report_draws(hass)
            spent_s = 0.0
            for power_w in stream:
                clocks.pass_(1)
                started = time.perf_counter()
                _report(hass, power_w)
                # Timers that are due, and what they have to say.
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                spent_s += time.perf_counter() - started
                _report_draws(hass)
    return spent_s / len(stream) * 1e6


def _report_draws(hass: HomeAssistant) -> None:
    """Let every car take what its charger was told."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for number, charger in enumerate(entry.runtime_data.charging.chargers.values()):
            drawn_a = str(charger.runner.state.desired_a)
            entity_id, unit = f"sensor.draw_{number}", {"unit_of_measurement": "A"}
            state = hass.states.get(entity_id)
            if state is None or state.state != drawn_a:
                hass.states.async_set(entity_id, drawn_a, unit)


def _report(hass: HomeAssistant, power_w: str) -> None:
    hass.states.async_set(METER, power_w, {"unit_of_measurement": "W"})


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


async def main() -> None:
    """Print what a meter event costs."""
    logging.disable(logging.WARNING)
    counts = [int(argument) for argument in sys.argv[1:]] or [1]
    for name, stream in STREAMS.items():
        candidates = {"three states written": _floor} | {
            f"{count} charger{'s' if count > 1 else ''}": _site(count)
            for count in counts
        }
        costs_us: dict[str, list[float]] = {candidate: [] for candidate in candidates}
        for _ in range(RUNS):
            for candidate, prepare in candidates.items():
                costs_us[candidate].append(await _cost_us(prepare, stream))
        floor_us = median(costs_us["three states written"])
        print(f"\n{name:36}{'median':>9}{'lowest':>11}{'x floor':>10}")
        for candidate, runs_us in costs_us.items():
            cost_us = median(runs_us)
            print(
                f"  {candidate:34}{cost_us:6.0f} us{min(runs_us):8.0f} us"
                f"{cost_us / floor_us:10.2f}"
            )


if __name__ == "__main__":
    asyncio.run(main())
