"""Only what an actuator did counts, and off, away and open windows keep a room shut."""

import pytest

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    RoomMode,
)
from custom_components.load_sharing.heating.engine.reasons import RoomReason

from .house import BATH, Story, daily, room

LOUNGE = room("lounge", 7000, schedule=daily("06:40", "09:00"), target_c=16.0)
HALL = room("hall", 2500, 16.2, target_c=16.0, fallback_priority=1)
STUDY = room(
    "study",
    7000,
    schedule=daily("06:40", "09:00"),
    target_c=16.0,
    actuator=Actuator.SETPOINT,
)


def test_a_valve_that_has_not_followed_is_replaced() -> None:
    """The lounge alone would do; it stays at 0 %, so the hall is opened, too."""
    story = Story(BATH, LOUNGE, HALL)
    story.cool_down()
    assert story.open == {"lounge": 70.0}
    story.set_room("lounge", stuck_pct=0.0)
    assert story.open == {"lounge": 90.0, "hall": 70.0}
    total_w = story.decision.total_capacity_w
    story.set_room("lounge", stuck_pct=None)
    assert story.decision.total_capacity_w > total_w + 3000


def test_a_valve_that_is_stuck_half_open_counts_as_that() -> None:
    """It is held at 70 % and shows 30 %."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    whole_w = story.decision.total_capacity_w - story.decision.calling_capacity_w
    story.set_room("lounge", stuck_pct=30.0)
    part_w = story.decision.total_capacity_w - story.decision.calling_capacity_w
    assert part_w == pytest.approx(whole_w * (30 * 1.2) / (70 * 1.2))


def test_a_valve_that_cannot_be_reached_is_no_candidate() -> None:
    """The hall is opened in its place, and the reason names the valve."""
    story = Story(BATH, LOUNGE, HALL)
    story.set_room("lounge", reachable=False, owner_valve_pct=None)
    story.cool_down()
    assert set(story.open) == {"hall"}
    assert story.reason_of("lounge") is RoomReason.VALVE_UNAVAILABLE
    story.set_room("lounge", reachable=True, owner_valve_pct=0.0)
    assert story.reason_of("lounge") is not RoomReason.VALVE_UNAVAILABLE


@pytest.mark.parametrize(
    ("pct", "idle", "target_c", "openable"),
    [
        (100, None, 18.0, False),
        (90, False, 18.0, False),
        (60, True, 18.0, False),
        (60, None, 18.0, True),
        (60, None, 17.5, False),
        (20, None, 17.5, False),
        (15, None, 16.0, True),
    ],
)
def test_a_valve_that_is_open_while_idle_shows_a_limit(
    pct: float, idle: bool | None, target_c: float, openable: bool
) -> None:
    """Nothing is gained by opening it, and so the hall is opened."""
    story = Story(BATH, LOUNGE, HALL)
    story.set_room("lounge", owner_valve_pct=pct, idle=idle, target_c=target_c)
    story.cool_down()
    assert ("lounge" in story.open) is openable
    assert ("hall" in story.open) is not openable
    if not openable:
        assert story.reason_of("lounge") is RoomReason.ALREADY_OPEN


def test_a_caller_may_be_wide_open() -> None:
    """It calls, so its valve shows what it is."""
    story = Story(BATH)
    assert story.reason_of("bath") is RoomReason.CALLING


def test_a_setpoint_is_raised_above_what_the_head_measures() -> None:
    """The head sits over a warm radiator: 23.1 °C is raised to, not 21.1 + 2."""
    story = Story(BATH, STUDY)
    story.set_room("study", head_c=22.6)
    story.cool_down()
    assert story.decision.rooms["study"].setpoint_c == 25.0
    story.set_room("study", head_c=21.0)
    assert story.decision.rooms["study"].setpoint_c == 23.1


def test_a_raised_setpoint_is_not_lowered_again_and_again() -> None:
    """At 24 °C already, it stays there while the head cools by half a degree."""
    story = Story(BATH, STUDY)
    story.cool_down()
    story.set_room("study", head_c=22.5, held_c=24.0)
    assert story.decision.rooms["study"].setpoint_c == 24.0
    story.set_room("study", head_c=21.0)
    assert story.decision.rooms["study"].setpoint_c == 24.0
    story.set_room("study", head_c=23.5)
    assert story.decision.rooms["study"].setpoint_c == 25.0


def test_a_head_that_measures_the_ceiling_cannot_be_opened() -> None:
    """25 °C is the most it may be raised to; a held one may get closer than another."""
    story = Story(BATH, STUDY, HALL)
    story.set_room("study", head_c=24.2)
    story.cool_down()
    assert set(story.open) == {"hall"}
    assert story.reason_of("study") is RoomReason.HEAD_TOO_WARM
    story = Story(BATH, STUDY)
    story.cool_down()
    story.set_room("study", head_c=24.2, held_c=25.0)
    assert story.decision.rooms["study"].setpoint_c == 25.0
    story.set_room("study", head_c=25.0)
    assert story.reason_of("study") is RoomReason.HEAD_TOO_WARM


def test_a_setpoint_that_was_not_taken_is_not_open() -> None:
    """The study's setpoint was raised and is not shown: the hall is opened."""
    story = Story(BATH, STUDY, HALL)
    story.cool_down()
    assert "hall" not in story.open
    story.set_room("study", stuck_pct=0.0)
    assert "hall" in story.open


def test_nothing_is_opened_at_an_open_window() -> None:
    """Neither before nor while it is open; afterwards it may be."""
    story = Story(BATH, LOUNGE)
    story.set_room("lounge", window_open=True)
    story.cool_down()
    assert story.state is State.INACTIVE
    assert story.reason_of("lounge") is RoomReason.WINDOW_OPEN
    story.set_room("lounge", window_open=False)
    assert "lounge" in story.open
    story.set_room("lounge", window_open=True)
    assert story.open == {}


def test_a_room_that_is_aired_does_not_call_by_its_temperature() -> None:
    """It does by what its thermostat says."""
    story = Story(BATH)
    story.set_room("bath", window_open=True)
    assert not story.decision.rooms["bath"].calling
    story.set_room("bath", demand=True)
    assert story.decision.rooms["bath"].calling


@pytest.mark.parametrize("target_c", [5.0, 7.0, 10.0])
def test_a_target_against_frost_keeps_a_room_shut(target_c: float) -> None:
    """A head lowers it by itself when it finds an open window; the mode stays."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    assert "lounge" in story.open
    story.set_room("lounge", target_c=target_c)
    assert story.open == {}
    assert story.reason_of("lounge") is RoomReason.FROST_PROTECTION
    story.set_room("lounge", target_c=16.0)
    assert "lounge" in story.open


def test_a_frozen_room_still_calls() -> None:
    """Its target of 7 °C is meant."""
    story = Story(room("cellar", 800, 5.0, target_c=7.0))
    assert story.decision.rooms["cellar"].calling


@pytest.mark.parametrize("mode", [RoomMode.AWAY, RoomMode.FROST])
def test_an_absence_is_no_call_and_no_fallback(mode: RoomMode) -> None:
    """A hall at 15 °C with a target of 18 °C, and a bath that calls."""
    story = Story(BATH, room("hall", 2500, 15.0, fallback_priority=1, mode=mode))
    assert not story.decision.rooms["hall"].calling
    story.cool_down()
    assert story.open == {}
    assert story.reason_of("hall") in (RoomReason.AWAY, RoomReason.FROST_PROTECTION)


def test_a_room_is_warmed_for_the_return_that_its_schedule_names() -> None:
    """Away until the block at 06:40; a frost preset is for longer."""
    story = Story(BATH, LOUNGE)
    story.set_room("lounge", mode=RoomMode.AWAY)
    story.cool_down()
    assert "lounge" in story.open
    story.set_room("lounge", mode=RoomMode.FROST)
    assert story.open == {}
