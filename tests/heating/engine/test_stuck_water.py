"""A sensor of the water that is stuck must not keep a house cold.

A gateway that has lost its boiler may show the last flow temperature for hours: for 16 h
in home-assistant/core#75612, after MQTT errors in EMS-ESP#699.
"""

from collections.abc import Callable

import pytest

from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.model import Control

from .house import BATH, Story

type Temperature = Callable[[int, float], float]
"""What a sensor shows at a minute beside water that has a temperature, in °C."""


def stuck_at(stuck_c: float) -> Temperature:
    """A sensor that shows the same for ever."""
    return lambda _minute, _water_c: stuck_c


def lives(_minute: int, water_c: float) -> float:
    """One that shows what it measures."""
    return water_c


def heat(
    hours: int, flow_c: Temperature, return_c: Temperature = lives
) -> tuple[Story, int]:
    """Let a boiler burn for 8 minutes of 12 where it may; return the minutes of holds.

    The water is at 48 °C while it burns, and cools by 0.5 K a minute down to 28 °C.
    """
    story = Story(BATH, protection_floor_c=30.0)
    story.control = Control.BALANCED
    held, water_c = 0, 48.0
    for minute in range(60 * hours):
        is_held = story.decision.hold.is_hold
        held += is_held
        burns = not is_held and minute % 12 < 8
        water_c = 48.0 if burns else max(28.0, water_c - 0.5)
        story.set_boiler(
            burner=burns,
            flow_c=flow_c(minute, water_c),
            return_c=return_c(minute, water_c),
        )
        story.wait(minutes=1)
    return story, held


@pytest.mark.parametrize("stuck_c", [57.5, 48.0])
def test_it_holds_the_burner_once(stuck_c: float) -> None:
    """For the longest hold, and then never again: the boiler regulates itself."""
    story, held = heat(12, stuck_at(stuck_c), stuck_at(40.0))
    assert held <= 90
    assert story.decision.hold is HoldReason.LONGEST


@pytest.mark.parametrize("stuck_c", [57.5, 45.0, 38.0])
@pytest.mark.parametrize("flow", ["stuck", "lives"])
def test_nor_does_one_beside_a_sensor_that_lives(flow: str, stuck_c: float) -> None:
    """The other one, of flow and return, shows each burn and how the water cools."""
    sensors = (
        (stuck_at(stuck_c), lives) if flow == "stuck" else (lives, stuck_at(stuck_c))
    )
    _, held = heat(12, *sensors)
    assert 0 < held <= 90


def test_with_sensors_that_live_it_holds_time_and_again() -> None:
    """Each hold ends when the water is cold, after half an hour."""
    _, held = heat(12, lives, lives)
    assert held > 240


def test_it_holds_again_once_the_sensor_lives() -> None:
    """From the sixth hour on, the flow changes."""
    story, held = heat(8, lambda minute, _: 57.5 if minute < 360 else 57.0 + minute % 2)
    assert held > 90
    assert story.decision.hold is not HoldReason.NOT_NEEDED


def test_water_that_cools_slowly_is_not_stuck() -> None:
    """It changes by 1 K in an hour and a half: the hold ends, and the next one begins."""
    _, held = heat(6, lambda minute, _: 58.0 - minute // 80 % 2)
    assert held > 180
