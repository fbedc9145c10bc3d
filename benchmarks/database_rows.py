"""Rows that a site adds to the database in an hour, beside those of its meter.

A row of the table `states` is a state that changed. Three phases are measured every
second, with noise; the cars take what their chargers are told.
"""

import asyncio
import logging
from random import Random
import sys

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, callback
from homeassistant.helpers import entity_registry as er

from custom_components.load_sharing.const import DOMAIN

from .harness import METER, Clocks, report, report_draws, running, site

METERS = (METER, "sensor.meter_l2", "sensor.meter_l3")
HOUR_S = 3600
VOLTAGE_V = 230.0
OTHERS_W = (3000.0, 1400.0, 800.0)
"""What the house takes beside its cars, by phase."""
NOISES_W = (25.0, 100.0, 500.0, 2000.0)
LIMITS_A = {"far from its limit": 63.0, "a charger that lacks a step": 28.5}
"""What is decided anew costs rows: noise at the edge of a step is the worst case."""


async def _rows(chargers: int, noise_w: float, limit_a: float) -> dict[str, int]:
    """Rows of the meters, and of the entities of the site."""
    rows = {"meter": 0, "site": 0}
    noise = Random(1)
    async with running(site(chargers, METERS, limit_a), "3000") as hass:
        registry = er.async_get(hass)

        @callback
        def count(event: Event[EventStateChangedData]) -> None:
            entity_id = event.data["entity_id"]
            if entity_id in METERS:
                rows["meter"] += 1
            elif (entry := registry.async_get(entity_id)) and entry.platform == DOMAIN:
                rows["site"] += 1

        with Clocks(hass.loop) as clocks:
            for second in range(2 * HOUR_S):
                if second == HOUR_S:
                    # The chargers have come to rest.
                    hass.bus.async_listen(EVENT_STATE_CHANGED, count)
                clocks.pass_(1)
                (entry,) = hass.config_entries.async_entries(DOMAIN)
                told_a = sum(
                    charger.runner.state.desired_a or 0.0
                    for charger in entry.runtime_data.charging.chargers.values()
                )
                for meter, other_w in zip(METERS, OTHERS_W, strict=True):
                    power_w = other_w + told_a * VOLTAGE_V + noise.gauss(0, noise_w)
                    report(hass, f"{power_w:.0f}", meter)
                await asyncio.sleep(0)
                await asyncio.sleep(0)
                report_draws(hass)
    return rows


def rows_per_hour(
    chargers: int, noise_w: float, limit_a: float = 63.0
) -> dict[str, int]:
    """Rows of an hour, of the meters and of the site."""
    return asyncio.run(_rows(chargers, noise_w, limit_a))


def main() -> None:
    """Print the rows of one hour for several kinds of noise."""
    logging.disable(logging.WARNING)
    counts = [int(argument) for argument in sys.argv[1:]] or [1]
    print(f"{'rows an hour':44}{'the meter':>11}{'the site':>11}{'share':>9}")
    for where, limit_a in LIMITS_A.items():
        for count in counts:
            for noise_w in NOISES_W:
                rows = rows_per_hour(count, noise_w, limit_a)
                share = rows["site"] / rows["meter"]
                name = f"{count} x, noise {noise_w:.0f} W, {where}"
                print(f"{name:44}{rows['meter']:11}{rows['site']:11}{share:9.1%}")


if __name__ == "__main__":
    main()
