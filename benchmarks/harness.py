"""A site in the test harness, whose clocks can be moved on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
import tempfile
import time
from typing import Self
from unittest.mock import patch

from homeassistant import loader
from homeassistant.core import HomeAssistant
from homeassistant.helpers import frame
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_CHARGER

SETTLE_TIME = "settle_time"
"""Written out, because the harness also runs revisions with other modules."""

METER = "sensor.meter"

type Prepare = Callable[[HomeAssistant], Awaitable[None]]


def site(
    chargers: int, meters: Sequence[str] = (METER,), limit_a: float = 63.0
) -> Prepare:
    """Set a site up: so many chargers on each phase that has a meter."""
    phases = [f"l{phase + 1}" for phase in range(len(meters))]

    async def prepare(hass: HomeAssistant) -> None:
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Home",
            data={
                "supply": {
                    **{
                        f"meter_{phase}": meter
                        for phase, meter in zip(phases, meters, strict=True)
                    },
                    "limit_a": limit_a,
                    "voltage_v": 230.0,
                    "export_sign": "negative",
                }
            },
            subentries_data=[
                {
                    "data": {
                        "phases": phases,
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
async def running(prepare: Prepare, power_w: str) -> AsyncIterator[HomeAssistant]:
    """Home Assistant's test harness with a meter and what was prepared in it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        custom = Path(folder) / "custom_components"
        custom.symlink_to(Path.cwd() / "custom_components")
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
            frame.async_setup(hass)
            report(hass, power_w)
            await prepare(hass)
            await hass.async_block_till_done()
            yield hass
            # What is being saved belongs into the folder that goes next.
            await hass.async_block_till_done()
            await hass.async_stop(force=True)


def running_site(chargers: int) -> AbstractAsyncContextManager[HomeAssistant]:
    """A site with so many chargers, and its first reading."""
    return running(site(chargers), "2000")


class Clocks:
    """The loop's clock and the wall clock, which run ahead as they are told."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin with the clocks as they are."""
        self._ahead_s = 0.0
        loop.time = lambda: time.monotonic() + self._ahead_s  # type: ignore[method-assign]
        self._wall = patch("time.time", new=self._wall_s)
        self._wall_now = time.time

    def _wall_s(self) -> float:
        return self._wall_now() + self._ahead_s

    def __enter__(self) -> Self:
        """Take the wall clock over."""
        self._wall.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self._wall.stop()

    def pass_(self, seconds: float) -> None:
        """Move on."""
        self._ahead_s += seconds


def report_draws(hass: HomeAssistant) -> None:
    """Let every car take what its charger was told."""
    for entry in hass.config_entries.async_entries(DOMAIN):
        for number, charger in enumerate(entry.runtime_data.charging.chargers.values()):
            drawn_a = str(charger.runner.state.desired_a)
            entity_id, unit = f"sensor.draw_{number}", {"unit_of_measurement": "A"}
            state = hass.states.get(entity_id)
            if state is None or state.state != drawn_a:
                hass.states.async_set(entity_id, drawn_a, unit)


def report(hass: HomeAssistant, power_w: str, meter: str = METER) -> None:
    """Let a meter report."""
    hass.states.async_set(meter, power_w, {"unit_of_measurement": "W"})
