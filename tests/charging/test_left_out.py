"""Skipping readings that change nothing changes no command: with and without skipping."""

from random import Random
from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.control import ChargingControl

from ..homes.house import NUMBER, Car, House

SECONDS = 150


async def simulate(house: House, seed: int) -> tuple[list[tuple[float, float]], int]:
    """Return the commands with their times in s, and the number of evaluations."""
    chance = Random(seed)
    house.number.show(0)
    house.sent.clear()
    car = Car(house.hass, NUMBER, lag_s=chance.choice([0.0, 2.0]))
    every_s, noise_a = chance.choice([0.98, 1.0, 1.02, 2.7]), chance.choice([0.1, 1.0])
    await house.measure(8)
    evaluate, evaluations = ChargingControl.evaluate, 0

    def counted(control: ChargingControl) -> None:
        nonlocal evaluations
        evaluations += 1
        evaluate(control)

    sent: list[tuple[float, float]] = []
    with patch.object(ChargingControl, "evaluate", counted):
        entry = await house.set_up(charger={"max_current_a": 20.0})
        began_s, load_a = house.hass.loop.time(), 0.0
        for _ in range(round(SECONDS / every_s)):
            await house.wait(every_s)
            if chance.random() < 0.03:
                load_a = chance.choice([0.0, 6.0, 14.0, 22.0])
            noise = chance.uniform(-noise_a, noise_a)
            await house.measure(round(8 + load_a + car.draw_a + noise, 2))
            at_s = house.hass.loop.time() - began_s
            sent += [(round(at_s, 1), value) for value in house.sent[len(sent) :]]
        await house.hass.config_entries.async_remove(entry.entry_id)
        await house.hass.async_block_till_done()
    return sent, evaluations


@pytest.mark.parametrize("seed", range(6))
async def test_the_same_commands_are_sent_at_the_same_time(
    hass: HomeAssistant, house: House, seed: int
) -> None:
    with patch.object(ChargingControl, "_is_calm", return_value=False):
        with_all = await simulate(house, seed)
    without = await simulate(house, seed)
    assert without[0] == with_all[0]
    assert len(without[0]) > 2
    assert without[1] < with_all[1]
