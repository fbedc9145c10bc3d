"""An unknown capacity may be low or high, so it opens nothing."""

from typing import Any

import pytest

from custom_components.load_sharing.heating.engine.model import (
    LoadSharingState as State,
    RoomMode,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
HALL = room("hall", 6000, 18.0, target_c=20.0, owner_valve_pct=100.0)
"""Calls, and can take 3915 W."""
LOUNGE = room("lounge", 3000, schedule=NEAR, target_c=16.0)
KITCHEN = room("kitchen", 3000, fallback_priority=1)
HOT: dict[str, Any] = {"flow_c": 57.5, "return_c": 50.5, "setpoint_c": 55.0}
LOST: dict[str, Any] = {"flow_c": None, "return_c": None, "setpoint_c": None}


def test_a_boiler_that_tells_nothing_opens_no_valve() -> None:
    """Callers that sufficed open nothing when the readings are lost."""
    story = Story(HALL, LOUNGE, KITCHEN)
    story.cool_down()
    assert story.decision.calling_capacity_w == pytest.approx(3915, abs=1)
    story.wait(minutes=10)
    story.set_boiler(**LOST)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.decision.capacity_known
    assert not story.open
    assert story.set_boiler(**HOT).reason is Reason.CAPACITY_SUFFICIENT
    assert not story.open


def test_what_is_open_is_held_while_readings_are_lost() -> None:
    """Open rooms stay as they are while the readings are lost."""
    story = Story(BATH, room("lounge", 10000, schedule=NEAR), KITCHEN)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.set_boiler(**LOST)
    story.wait(minutes=5)
    assert story.open == {"lounge": 70}
    assert story.state is State.TIER1_ACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert story.set_boiler(**HOT).reason is Reason.COOLDOWN
    assert story.open == {"lounge": 70}


def test_exits_need_no_readings() -> None:
    """Exit A applies without readings, with its pump overrun."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    story.set_boiler(**LOST)
    story.wait(minutes=10)
    story.set_room("bath", temperature_c=22.2)
    assert story.state is State.INACTIVE
    assert story.transitions[-1].reason is Reason.CALLERS_STOPPED
    assert story.reason_of("lounge") is RoomReason.PUMP_OVERRUN


def test_a_room_that_must_leave_leaves() -> None:
    """A warm room is released without readings, but not replaced."""
    story = Story(BATH, LOUNGE, KITCHEN)
    story.cool_down()
    assert set(story.open) == {"lounge", "kitchen"}
    story.set_boiler(**LOST)
    story.set_room("lounge", temperature_c=21.1)
    assert set(story.open) == {"kitchen"}


@pytest.mark.parametrize(
    "changes",
    [
        {"temperature_c": None},
        {"target_c": None},
        {"temperature_c": None, "demand": True},
        {"mode": RoomMode.UNAVAILABLE},
        {"q50_w": None},
    ],
    ids=["temperature", "target", "calls by its own word", "thermostat", "rating"],
)
def test_a_caller_that_is_not_known_is_not_taken_for_nothing(
    changes: dict[str, Any],
) -> None:
    """A calling room that loses a reading does not count as 0 W."""
    story = Story(BATH, HALL, LOUNGE, KITCHEN)
    story.cool_down()
    story.set_room("hall", **changes)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open
    story.set_room("hall", mode=RoomMode.AUTO, demand=None, q50_w=6000, target_c=20.0)
    decision = story.set_room("hall", temperature_c=19.0)
    assert decision.reason is Reason.CAPACITY_SUFFICIENT


def test_a_caller_that_is_lost_while_sharing_is_active() -> None:
    """A caller that loses its sensor keeps open rooms as they are."""
    big = room("big", 2000, 18.0, target_c=20.0, owner_valve_pct=100.0)
    story = Story(BATH, big, room("lounge", 6000, schedule=NEAR), KITCHEN)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.set_room("big", temperature_c=None)
    story.wait(minutes=5)
    assert story.open == {"lounge": 70}
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN


def test_a_room_that_never_called_is_not_missed() -> None:
    """A dead sensor in a room that never called only keeps that room out."""
    story = Story(BATH, LOUNGE, room("bed", 900, None))  # type: ignore[arg-type]
    story.cool_down()
    assert "lounge" in story.open
    assert story.reason_of("bed") is RoomReason.UNAVAILABLE


def test_callers_that_suffice_without_the_unknown_one_suffice() -> None:
    """3915 W and an unknown capacity are more than 3500 W in any case."""
    unrated = room("attic", None, 17.0, target_c=20.0)
    story = Story(HALL, unrated, LOUNGE)
    story.cool_down()
    assert story.decision.reason is Reason.CAPACITY_SUFFICIENT


def test_a_boiler_of_which_only_the_burner_is_known_never_shares() -> None:
    """With the burner alone, cooldowns are counted but nothing is opened."""
    story = Story(BATH, LOUNGE, KITCHEN)
    story.set_boiler(**LOST, burner=False)
    story.set_boiler(burner=True)
    story.wait(minutes=1)
    story.set_boiler(burner=False)
    assert len(story.engine_state.monitor.cooldowns_s) == 1
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open


def test_a_setpoint_of_rest_says_nothing_of_the_water() -> None:
    """A setpoint of 10 °C at rest does not mean radiators at 5 °C and 0 W."""
    story = Story(HALL, LOUNGE, KITCHEN)
    story.cool_down()
    story.set_boiler(flow_c=None, setpoint_c=10.0)
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open
