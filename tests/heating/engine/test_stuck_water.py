"""A sensor of the water that is stuck must not keep a house cold.

A gateway that has lost its boiler may show the last flow temperature for hours: for 16 h
in home-assistant/core#75612, after MQTT errors in EMS-ESP#699.
"""

from collections.abc import Callable

import pytest

from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.model import Control

from .house import BATH, Story


def heat(hours: int, flow_c: Callable[[int], float]) -> tuple[Story, int]:
    """Let a boiler burn for 8 minutes of 12 where it may; return the minutes of holds."""
    story = Story(BATH, protection_floor_c=30.0)
    story.control = Control.BALANCED
    held = 0
    for minute in range(60 * hours):
        is_held = story.decision.hold.is_hold
        held += is_held
        burns = not is_held and minute % 12 < 8
        story.set_boiler(burner=burns, flow_c=flow_c(minute), return_c=40.0)
        story.wait(minutes=1)
    return story, held


@pytest.mark.parametrize("stuck_c", [57.5, 48.0])
def test_it_holds_the_burner_once(stuck_c: float) -> None:
    """For the longest hold, and then never again: the boiler regulates itself."""
    story, held = heat(12, lambda _: stuck_c)
    assert held <= 90
    assert story.decision.hold is HoldReason.LONGEST


def test_it_holds_again_once_the_sensor_lives() -> None:
    """From the sixth hour on, the flow changes."""
    story, held = heat(8, lambda minute: 57.5 if minute < 360 else 57.0 + minute % 2)
    assert held > 90
    assert story.decision.hold is not HoldReason.NOT_NEEDED


def test_water_that_cools_slowly_is_not_stuck() -> None:
    """It changes by 1 K in an hour and a half: the hold ends, and the next one begins."""
    _, held = heat(6, lambda minute: 58.0 - minute // 80 % 2)
    assert held > 180
