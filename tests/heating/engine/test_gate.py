"""Rooms are shared while the burner burns, before the first cooldown."""

from dataclasses import replace
from typing import Any

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    Control,
    LoadSharingState,
    RoomInput,
)
from custom_components.load_sharing.heating.engine.pace import Pace
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason

from .house import BATH, Story, daily, room

LOUNGE = room("lounge", 2290, 18.0, schedule=daily("06:40", "09:00"))


def balanced(*rooms: RoomInput, **settings: Any) -> Story:
    """A house at six in the morning with a burner of 6 kW that has just begun to burn."""
    story = Story(*rooms, **settings)
    story.control = Control.BALANCED
    story.settings = replace(story.settings, least_output_w=6000.0)
    story.set_boiler(burner=False, flow_c=30.0, return_c=28.0)
    story.wait(minutes=10)
    story.set_boiler(burner=True)
    return story


def test_a_load_that_is_too_small_is_shared_before_the_first_cooldown() -> None:
    """The bath takes 280 W of 6 kW; the lounge, with its block at 06:40, joins it."""
    story = balanced(BATH, LOUNGE)
    assert story.state is LoadSharingState.TIER1_ACTIVE
    assert story.decision.reason is Reason.SMALL_LOAD
    assert story.open == {"lounge": 100.0}
    assert story.reason_of("lounge") is RoomReason.SCHEDULE


def test_a_load_that_suffices_is_left_alone() -> None:
    """Rooms that take 6 kW by themselves need no help."""
    big = room("big", 12000, 18.0, target_c=21.0, owner_valve_pct=100.0)
    story = balanced(big, LOUNGE)
    assert story.decision.reason is Reason.CAPACITY_SUFFICIENT
    assert not story.open


def test_rooms_are_shut_between_burns() -> None:
    """Three minutes after the burn, the pump has stopped, and the lounge is shut."""
    story = balanced(BATH, LOUNGE)
    story.set_boiler(burner=False)
    story.wait(minutes=2, seconds=59)
    assert story.open == {"lounge": 100.0}
    story.wait(seconds=1)
    assert not story.open
    assert story.reason_of("lounge") is RoomReason.BETWEEN_BURNS
    assert story.decision.rooms["lounge"].tier is None
    assert story.state is LoadSharingState.TIER1_ACTIVE
    story.wait(minutes=10)
    story.set_boiler(burner=True)
    assert story.open == {"lounge": 100.0}


def test_tap_water_shuts_them_too() -> None:
    """While tap water is heated, no hot water comes to the radiators."""
    story = balanced(BATH, LOUNGE)
    assert not story.set_boiler(dhw=True).rooms["lounge"].valve_pct
    assert story.set_boiler(dhw=False).rooms["lounge"].valve_pct == 100.0


def test_a_head_that_sleeps_is_not_moved_with_each_burn() -> None:
    """One that follows after ten minutes stays open until the bath has enough."""
    story = balanced(BATH, LOUNGE)
    story.set_room("lounge", follows_in_s=600.0)
    story.set_boiler(burner=False)
    story.wait(minutes=10)
    assert story.open == {"lounge": 100.0}
    story.set_room("lounge", follows_in_s=30.0)
    assert not story.open
    story.set_boiler(burner=True)
    story.set_room("lounge", follows_in_s=600.0)
    assert story.open == {"lounge": 100.0}
    story.set_room("bath", temperature_c=22.5, owner_valve_pct=0.0)
    story.set_boiler(burner=False)
    story.wait(minutes=10)
    assert not story.open


def test_just_before_its_block_a_room_stays_open() -> None:
    """From 06:25, the lounge is not shut any more: its thermostat is about to call."""
    story = balanced(BATH, LOUNGE)
    story.wait(minutes=16)
    story.set_boiler(burner=False)
    story.wait(minutes=5)
    assert story.open == {"lounge": 100.0}


def test_a_raised_setpoint_goes_back_between_burns() -> None:
    """A thermostat that is opened by its setpoint must not keep the boiler on."""
    study = room(
        "study",
        900,
        18.0,
        schedule=daily("06:40", "09:00"),
        actuator=Actuator.SETPOINT,
    )
    story = balanced(BATH, study)
    assert story.decision.rooms["study"].setpoint_c is not None
    story.set_boiler(burner=False)
    story.wait(minutes=3)
    assert story.decision.rooms["study"].setpoint_c is None


def test_a_room_inside_its_dead_band_joins() -> None:
    """In its block, the lounge is 0.2 K short and does not call: it takes what there is."""
    lounge = room("lounge", 2290, 20.8, target_c=21.0, schedule=daily("05:00", "09:00"))
    story = balanced(BATH, lounge)
    assert story.open == {"lounge": 100.0}
    assert story.reason_of("lounge") is RoomReason.DEAD_BAND
    story.set_room("lounge", temperature_c=21.1)
    assert not story.open
    assert story.reason_of("lounge") is RoomReason.TARGET_REACHED


def test_a_boiler_that_burns_on_copes() -> None:
    """A burn of a quarter of an hour shows that the boiler can burn as low as that."""
    story = balanced(BATH)
    story.wait(minutes=15)
    story.rooms["lounge"] = LOUNGE
    story.evaluate()
    assert story.decision.reason is Reason.NO_EVIDENCE
    assert not story.open


def test_a_fast_room_is_opened_later_than_a_slow_one() -> None:
    """2 K at 5 K/h take 39 minutes with all margins; at 1 K/h more than two hours."""
    lounge = room("lounge", 2290, 19.0, schedule=daily("06:40", "09:00"))
    for warming_k_h, is_open in ((5.0, False), (1.0, True)):
        story = Story(BATH, lounge, protection_floor_c=30.0)
        story.control = Control.BALANCED
        pace = Pace(warming_k_h=warming_k_h)
        story.engine_state = replace(story.engine_state, paces={"lounge": pace})
        story.evaluate()
        assert ("lounge" in story.open) is is_open


def test_a_valve_is_not_moved_more_than_12_times_a_day() -> None:
    """After six burns its valve has moved twelve times; the owner's own moves allow more."""
    lounge = room("lounge", 2290, 18.0, target_c=16.0, schedule=daily("08:20", "09:00"))
    story = balanced(BATH, lounge)
    for _ in range(8):
        story.set_boiler(burner=False)
        story.wait(minutes=5)
        story.set_boiler(burner=True)
        story.wait(minutes=5)
    assert len(story.engine_state.moves["lounge"].ours_s) == 12
    assert story.reason_of("lounge") is RoomReason.MOVED_ENOUGH


def test_a_fallback_room_is_the_last_resort() -> None:
    """A room with a schedule, or a burner that can be held, makes fallbacks needless."""
    hall = room("hall", 2500, 16.2, target_c=16.0, fallback_priority=1)
    later = room("lounge", 2290, 18.0, schedule=daily("20:00", "22:00"))
    for rooms, settings, is_open in (
        ((BATH, hall), {}, True),
        ((BATH, hall, later), {}, False),
        ((BATH, hall), {"protection_floor_c": 30.0}, False),
    ):
        story = balanced(*rooms, **settings)
        assert not story.open, "nothing has shown yet that it is needed"
        story.cool_down()
        assert ("hall" in story.open) is is_open


def test_calls_that_end_between_burns_move_no_valve() -> None:
    """The bath is warm while the lounge is shut: it is not opened for an overrun."""
    story = balanced(BATH, LOUNGE)
    story.set_boiler(burner=False)
    story.wait(minutes=6)
    story.set_room("bath", temperature_c=22.2)
    assert story.state is LoadSharingState.INACTIVE
    assert not story.open


def test_by_a_burner_that_is_not_known_rooms_are_shared_after_evidence() -> None:
    """Without the burner nobody knows when to shut: sharing goes by evidence."""
    story = Story(BATH, LOUNGE)
    story.control = Control.BALANCED
    story.set_boiler(burner=None, cooldown_signals=0)
    story.wait(minutes=6)
    assert not story.open
    story.set_boiler(cooldown_signals=1)
    assert story.open
