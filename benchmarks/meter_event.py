"""Cost of one meter event, beside the floor that Home Assistant itself sets.

The floor is a listener on the same meter that does nothing but write three
states. Both are measured in the test harness, alternating, and the medians of
several runs are printed.
"""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from pathlib import Path
from statistics import median
import sys
import tempfile
import time

from homeassistant import loader
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_CHARGER
from custom_components.load_sharing.tuning import SETTLE_TIME

METER = "sensor.meter"
EVENTS = 2000
RUNS = 7
SETTLE_S = 1.2

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
                "meter_l1": METER,
                "limit_a": 63.0,
                "voltage_v": 230.0,
                "export_sign": "negative",
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


async def _cost_us(prepare: Prepare) -> float:
    """Microseconds of one meter event, with a house that never stands still."""
    with tempfile.TemporaryDirectory() as folder:
        custom = Path(folder) / "custom_components"
        custom.symlink_to(Path.cwd() / "custom_components")
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
            _measure(hass, 0)
            await prepare(hass)
            await hass.async_block_till_done()
            for index in range(100):
                _measure(hass, index)
                await hass.async_block_till_done()
            await asyncio.sleep(SETTLE_S)
            started = time.perf_counter()
            for index in range(EVENTS):
                _measure(hass, index)
            spent_s = time.perf_counter() - started
            await hass.async_stop(force=True)
    return spent_s / EVENTS * 1e6


def _measure(hass: HomeAssistant, index: int) -> None:
    hass.states.async_set(
        METER, str(10 + index % 17 * 0.5), {"unit_of_measurement": "A"}
    )


async def main() -> None:
    """Print what a meter event costs."""
    logging.disable(logging.WARNING)
    counts = [int(argument) for argument in sys.argv[1:]] or [1]
    floors: list[float] = []
    costs: dict[int, list[float]] = {count: [] for count in counts}
    for _ in range(RUNS):
        floors.append(await _cost_us(_floor))
        for count in counts:
            costs[count].append(await _cost_us(_site(count)))
    floor_us = median(floors)
    print(f"{'':24}{'median':>10}{'lowest':>10}{'x floor':>10}")
    print(f"{'three states written':24}{floor_us:8.0f} us{min(floors):7.0f} us")
    for count, runs_us in costs.items():
        name = f"{count} charger" + ("s" if count > 1 else "")
        cost_us = median(runs_us)
        print(
            f"{name:24}{cost_us:8.0f} us{min(runs_us):7.0f} us{cost_us / floor_us:10.2f}"
        )


if __name__ == "__main__":
    asyncio.run(main())
