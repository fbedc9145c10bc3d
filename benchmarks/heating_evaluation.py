"""Cost of one evaluation of the heating, for houses of 6 to 384 rooms.

In three situations: nothing to do, rooms held open, and the moment of activation with
every room a candidate. Prints the median of several runs, and the growth from the
smallest house to the largest beside that of n log n. Then the cost of a temperature's
event in Home Assistant's test harness, entities and all.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
import logging
from math import log2
from pathlib import Path
from statistics import median
import tempfile
import time as clock
import timeit

from homeassistant import loader
from homeassistant.helpers import frame
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_ROOM
from custom_components.load_sharing.heating.config import BoilerConfig, RoomConfig
from custom_components.load_sharing.heating.engine.evaluate import (
    HeatingState,
    evaluate,
)
from custom_components.load_sharing.heating.engine.model import (
    BoilerInput,
    HeatingInput,
    Mode,
    RoomInput,
    RoomSettings,
)
from custom_components.load_sharing.heating.engine.schedule import DayBlock
from custom_components.load_sharing.heating.tuning import (
    heating_settings,
    room_settings,
)

ROOMS = (6, 24, 96, 384)
RUNS = 9
EVENTS = 500
NOW = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
NEAR = ((DayBlock(time(6, 40), time(9), 21.0), DayBlock(time(17), time(22), 21.0)),) * 7

type Situation = Callable[[int], tuple[HeatingState, HeatingInput, float]]


def _site(rooms: int, *, signals: int) -> HeatingInput:
    """A house whose target takes all of its radiators; one room calls."""
    caller = RoomInput(
        settings=_room("caller", 100, None),
        temperature_c=18.0,
        target_c=21.0,
        owner_valve_pct=100.0,
    )
    others = (
        RoomInput(
            settings=_room(str(number), 1000, number if number % 2 else None),
            temperature_c=17.0 + number % 10 / 10,
            target_c=17.0,
            owner_valve_pct=0.0,
            demand=False,
            schedule=None if number % 2 else NEAR,
        )
        for number in range(1, rooms)
    )
    return HeatingInput(
        settings=replace(
            heating_settings(BoilerConfig(), {}, overheat_cap=True),
            min_calling_capacity_w=1000,
            target_capacity_w=500.0 * rooms,
        ),
        mode=Mode.ALL_TIERS,
        boiler=BoilerInput(
            burner=True,
            flow_c=52.0,
            return_c=30.0,
            setpoint_c=55.0,
            cooldown_signals=signals,
        ),
        rooms=(caller, *others),
        local_time=NOW,
    )


def _room(room_id: str, q50_w: float, fallback_priority: int | None) -> RoomSettings:
    config = RoomConfig(room_id=room_id, name=room_id, q50_w=q50_w)
    untuned = room_settings(config, {}, {}, participates=True)
    return replace(untuned, fallback_priority=fallback_priority)


def inactive(rooms: int) -> tuple[HeatingState, HeatingInput, float]:
    """Nobody has seen the boiler cycle."""
    site = _site(rooms, signals=0)
    state, _ = evaluate(HeatingState(), site, 0.0)
    return state, site, 10.0


def activation(rooms: int) -> tuple[HeatingState, HeatingInput, float]:
    """The boiler has just cycled."""
    state, _, _ = inactive(rooms)
    return state, _site(rooms, signals=1), 10.0


def active(rooms: int) -> tuple[HeatingState, HeatingInput, float]:
    """Half of the rooms are held open."""
    before, site, now_s = activation(rooms)
    state, decision = evaluate(before, site, now_s)
    assert decision.state.is_active
    return state, site, now_s + 10


def measure(situation: Situation, rooms: int) -> float:
    """Microseconds of one evaluation."""
    state, site, now_s = situation(rooms)
    number = max(3, 2000 // rooms)
    timer = timeit.Timer(lambda: evaluate(state, site, now_s))
    return median(timer.repeat(RUNS, number)) / number * 1e6


async def _event_us() -> float:
    """Microseconds of one event, from the sensor to the last state written."""
    data = {
        "temperature_entity": "sensor.room",
        "target_entity": "sensor.target",
        "actuator": "valve",
        "demand": "temperature",
        "q50_w": 1000.0,
        "fallback_priority": 1,
    }
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"boiler": {"burner_entity": "binary_sensor.burner"}},
        subentries_data=[
            {
                "data": data | {"valve_entity": f"number.valve_{number}"},
                "subentry_id": f"room{number}",
                "subentry_type": SUBENTRY_ROOM,
                "title": f"Room {number}",
                "unique_id": None,
            }
            for number in range(ROOMS[0])
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        custom = Path(folder) / "custom_components"
        custom.symlink_to(Path.cwd() / "custom_components")
        async with async_test_home_assistant(config_dir=folder) as hass:
            hass.data.pop(loader.DATA_CUSTOM_COMPONENTS, None)
            frame.async_setup(hass)
            hass.states.async_set("binary_sensor.burner", "on")
            celsius = {"unit_of_measurement": "°C"}
            hass.states.async_set("sensor.target", "20", celsius)
            entry.add_to_hass(hass)
            if not await hass.config_entries.async_setup(entry.entry_id):
                raise RuntimeError("the site was not set up")
            await hass.async_block_till_done()
            started = clock.perf_counter()
            for event in range(EVENTS):
                value = str(19 + event % 20 / 10)
                hass.states.async_set("sensor.room", value, celsius)
            spent_s = clock.perf_counter() - started
            await hass.async_stop(force=True)
    return spent_s / EVENTS * 1e6


def main() -> None:
    """Print the table."""
    print(f"{'':<14}" + "".join(f"{rooms:>9} rooms" for rooms in ROOMS) + "   growth")
    for situation in (inactive, active, activation):
        times_us = [measure(situation, rooms) for rooms in ROOMS]
        growth = times_us[-1] / times_us[0]
        row = "".join(f"{time_us:>12.0f} us" for time_us in times_us)
        print(f"{situation.__name__:<14}{row}   x {growth:.0f}")
    first, last = ROOMS[0], ROOMS[-1]
    limit = last * log2(last) / (first * log2(first))
    print(f"{'n log n':<14}{'':>60}   x {limit:.0f}")
    logging.disable(logging.WARNING)
    costs_us = [asyncio.run(_event_us()) for _ in range(5)]
    print(f"\na room's temperature changes, 6 rooms: {median(costs_us):.0f} us")


if __name__ == "__main__":
    main()
