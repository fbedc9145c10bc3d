"""Hours before the demo began, for its graphs: statistics of a simulated day.

The house and its habits are those of the simulation. The car gets what the supply leaves,
in whole amperes, which is close to what Load Sharing gives it (docs/testing.md).
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp

from simulation.car import MIN_CURRENT_A
from simulation.house import DAY_S, family_house

from .client import Client, Json

HOURS = 24
HOME_AT_H = 17.5
"""When the car comes home, as a time of day in h."""
STEP_S = 10
LIMIT_A = 32.0
SERVICE_CURRENT = "sensor.home_service_current"
DRAW = "sensor.garage_draw"
ARITHMETIC_MEAN = 1


@dataclass(slots=True)
class Hour:
    """What was measured in an hour, in A."""

    service_a: list[float] = field(default_factory=list)
    draw_a: list[float] = field(default_factory=list)


def yesterday(hour_of_day: float) -> Iterator[Hour]:
    """Simulate the hours up to ``hour_of_day``."""
    house = family_house(seed=4, clock_h=hour_of_day)
    charge_point = house.charge_points[0]
    charge_point.plug_in(plugged_in=False)
    for hour in range(HOURS):
        seen = Hour()
        for second in range(0, 3600, STEP_S):
            now_s = hour * 3600.0 + second
            if (hour_of_day * 3600 + now_s) % DAY_S >= HOME_AT_H * 3600:
                charge_point.plug_in(plugged_in=True)
            house.step(now_s)
            left_a = LIMIT_A - house.base_w[0] / house.voltage_v
            fits = left_a >= MIN_CURRENT_A
            charge_point.set_limit(float(int(left_a)) if fits else 0.0, now_s)
            seen.service_a.append(house.current_a[0])
            seen.draw_a.append(charge_point.current_a)
        yield seen


def remember(client: Client, now: datetime) -> None:
    """Have the recorder know the hours before ``now``."""
    end = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    begin = end - timedelta(hours=HOURS)
    local = begin.astimezone()
    hours = list(yesterday(local.hour + local.minute / 60))
    asyncio.run(
        _import(
            client,
            {
                SERVICE_CURRENT: _statistics(begin, [hour.service_a for hour in hours]),
                DRAW: _statistics(begin, [hour.draw_a for hour in hours]),
            },
        )
    )


def _statistics(begin: datetime, hours: list[list[float]]) -> list[Json]:
    return [
        {
            "start": (begin + timedelta(hours=index)).isoformat(),
            "mean": sum(values) / len(values),
            "min": min(values),
            "max": max(values),
        }
        for index, values in enumerate(hours)
    ]


async def _import(client: Client, statistics: Mapping[str, list[Json]]) -> None:
    """Import them by the command that Home Assistant has for it."""
    address = f"{client.url}/api/websocket"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as ws:
        await ws.receive_json()
        token = client.tokens["access_token"]
        await ws.send_json({"type": "auth", "access_token": token})
        await ws.receive_json()
        for number, (entity_id, hours) in enumerate(statistics.items(), 1):
            await ws.send_json(
                {
                    "id": number,
                    "type": "recorder/import_statistics",
                    "metadata": {
                        "statistic_id": entity_id,
                        "source": "recorder",
                        "name": None,
                        "unit_of_measurement": "A",
                        "unit_class": "electric_current",
                        "has_sum": False,
                        "mean_type": ARITHMETIC_MEAN,
                    },
                    "stats": hours,
                }
            )
            answer = await ws.receive_json()
            if not answer["success"]:
                raise ValueError(answer["error"]["message"])
