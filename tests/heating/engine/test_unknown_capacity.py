"""What cannot be known is neither little nor much: nothing is opened on a guess."""

from typing import Any

import pytest

from custom_components.load_sharing.heating.engine.model import (
    LoadSharingState as State,
    Reason,
    RoomMode,
    RoomReason,
)

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
HALL = room("hall", 6000, 18.0, target_c=20.0, owner_pct=100.0)
"""Calls, and can take 3915 W of the hot water."""
LOUNGE = room("lounge", 3000, schedule=NEAR, target_c=16.0)
KITCHEN = room("kitchen", 3000, fallback_priority=1)
HOT: dict[str, Any] = {"flow_c": 57.5, "return_c": 50.5, "setpoint_c": 55.0}
LOST: dict[str, Any] = {"flow_c": None, "return_c": None, "setpoint_c": None}


def test_a_boiler_that_tells_nothing_opens_no_valve() -> None:
    """3915 W call and suffice; ten minutes after a cooldown the readings are lost."""
    story = Story(HALL, LOUNGE, KITCHEN)
    story.cool_down()
    assert story.decision.calling_capacity_w == pytest.approx(3915, abs=1)
    story.wait(minutes=10)
    story.boil(**LOST)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.decision.capacity_known
    assert not story.open
    assert story.boil(**HOT).reason is Reason.CAPACITY_SUFFICIENT
    assert not story.open


def test_what_is_open_is_held_while_readings_are_lost() -> None:
    """The lounge at 70 % suffices. No reading: neither wider, nor another room, nor less."""
    story = Story(BATH, room("lounge", 10000, schedule=NEAR), KITCHEN)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.boil(**LOST)
    story.wait(minutes=5)
    assert story.open == {"lounge": 70}
    assert story.state is State.TIER1_ACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert story.boil(**HOT).reason is Reason.COOLDOWN
    assert story.open == {"lounge": 70}


def test_exits_need_no_readings() -> None:
    """The call ends, and the valves wait for the pump as ever."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    story.boil(**LOST)
    story.wait(minutes=10)
    story.change("bath", temperature_c=22.2)
    assert story.state is State.INACTIVE
    assert story.told[-1].reason is Reason.CALLERS_STOPPED
    assert story.why("lounge") is RoomReason.PUMP_OVERRUN


def test_a_room_that_must_leave_leaves() -> None:
    """Too warm, readings or not; it is not replaced until they are back."""
    story = Story(BATH, LOUNGE, KITCHEN)
    story.cool_down()
    assert set(story.open) == {"lounge", "kitchen"}
    story.boil(**LOST)
    story.change("lounge", temperature_c=21.1)
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
    """3915 W and the bath's 261 W call; then the big room is lost, not its heat."""
    story = Story(BATH, HALL, LOUNGE, KITCHEN)
    story.cool_down()
    story.change("hall", **changes)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open
    story.change("hall", mode=RoomMode.AUTO, demand=None, q50_w=6000, target_c=20.0)
    decision = story.change("hall", temperature_c=19.0)
    assert decision.reason is Reason.CAPACITY_SUFFICIENT


def test_a_caller_that_is_lost_while_sharing_is_active() -> None:
    """Two call; one loses its sensor: what is open stays, and no more is opened."""
    big = room("big", 2000, 18.0, target_c=20.0, owner_pct=100.0)
    story = Story(BATH, big, room("lounge", 6000, schedule=NEAR), KITCHEN)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.change("big", temperature_c=None)
    story.wait(minutes=5)
    assert story.open == {"lounge": 70}
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN


def test_a_room_that_never_called_is_not_missed() -> None:
    """Its dead sensor keeps only itself out."""
    story = Story(BATH, LOUNGE, room("bed", 900, None))  # type: ignore[arg-type]
    story.cool_down()
    assert "lounge" in story.open
    assert story.why("bed") is RoomReason.UNAVAILABLE


def test_callers_that_suffice_without_the_unknown_one_suffice() -> None:
    """3915 W and something: more than 3500 W in any case."""
    unrated = room("attic", None, 17.0, target_c=20.0)
    story = Story(HALL, unrated, LOUNGE)
    story.cool_down()
    assert story.decision.reason is Reason.CAPACITY_SUFFICIENT


def test_a_boiler_of_which_only_the_burner_is_known_never_shares() -> None:
    """Nobody knows how hot its water is; its short burns are counted all the same."""
    story = Story(BATH, LOUNGE, KITCHEN)
    story.boil(**LOST, burner=False)
    story.boil(burner=True)
    story.wait(minutes=1)
    story.boil(burner=False)
    assert len(story.state_before.monitor.cooldowns_s) == 1
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open


def test_a_setpoint_of_rest_says_nothing_of_the_water() -> None:
    """10 °C while the boiler waits: not 5 °C in the radiators, and 0 W."""
    story = Story(HALL, LOUNGE, KITCHEN)
    story.cool_down()
    story.boil(flow_c=None, setpoint_c=10.0)
    assert story.decision.reason is Reason.CAPACITY_UNKNOWN
    assert not story.open
