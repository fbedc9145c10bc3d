"""Patience: the burner is held off until the water is cold."""

from dataclasses import replace
from typing import Any

from custom_components.load_sharing.heating.engine.hold import HoldReason
from custom_components.load_sharing.heating.engine.model import Control, Mode

from .house import BATH, Story, daily, room

LOUNGE = room("lounge", 2290, 18.0, schedule=daily("06:40", "09:00"))


def cooled_down(*rooms: Any, **settings: Any) -> Story:
    """A boiler of 6 kW at 55 °C whose burn for the bath has just ended too hot."""
    story = Story(*(rooms or (BATH,)), **({"protection_floor_c": 30.0} | settings))
    story.control = Control.BALANCED
    story.settings = replace(story.settings, least_output_w=6000.0)
    story.set_boiler(burner=True, flow_c=50.0, return_c=40.0)
    story.wait(minutes=2)
    story.set_boiler(burner=False, flow_c=60.0, return_c=52.0)
    return story


def hold_of(story: Story) -> HoldReason:
    """Why the burner is held off, or why it is not."""
    return story.decision.hold


def test_the_water_is_let_down_to_33_degrees() -> None:
    """At 55 °C, protection would be content with 45 °C; patience waits for 33 °C."""
    story = cooled_down()
    assert hold_of(story) is HoldReason.TOO_HOT
    assert story.decision.hold_since == story.local_time
    assert story.decision.boiler_setpoint_c == 30.0
    story.wait(minutes=20)
    assert story.set_boiler(flow_c=40.0, return_c=38.0).boiler_setpoint_c == 30.0
    assert story.set_boiler(flow_c=33.0, return_c=32.0).boiler_setpoint_c is None
    assert hold_of(story) is HoldReason.COLD


def test_fewest_burns_let_it_down_further() -> None:
    """With fewest burns, 31 °C is not cold enough, but 30.5 °C is."""
    story = cooled_down()
    story.control = Control.FEWEST_BURNS
    assert story.set_boiler(flow_c=31.0, return_c=30.0).hold is HoldReason.TOO_HOT
    assert story.set_boiler(flow_c=30.5, return_c=30.0).hold is HoldReason.COLD


def test_water_that_a_held_boiler_keeps_warm_is_cold_enough() -> None:
    """Let down to 28 °C, with the boiler held at 35 °C: 35.5 °C."""
    story = cooled_down(let_down_c=28.0, protection_floor_c=35.0)
    assert story.set_boiler(flow_c=36.0, return_c=34.0).hold is HoldReason.TOO_HOT
    assert story.set_boiler(flow_c=35.5, return_c=34.0).hold is HoldReason.COLD


def test_it_lasts_an_hour_and_a_half_at_most() -> None:
    """Water that stays hot does not keep rooms waiting for longer than the limit."""
    story = cooled_down()
    story.wait(minutes=89, seconds=59)
    assert hold_of(story) is HoldReason.TOO_HOT
    story.wait(seconds=1)
    assert hold_of(story) is HoldReason.LONGEST
    assert story.decision.boiler_setpoint_c is None


def test_callers_that_can_take_the_heat_need_not_wait() -> None:
    """At 45 °C, rooms that take 4.2 kW of the boiler's 6 kW end the hold."""
    big = room("big", 8000, 18.0, target_c=18.0)
    story = cooled_down(BATH, big)
    story.set_boiler(flow_c=46.0, return_c=40.0)
    story.set_room("big", target_c=21.0, owner_valve_pct=100.0)
    assert story.decision.calling_capacity_w > 4200
    assert hold_of(story) is HoldReason.TOO_HOT
    assert story.set_boiler(flow_c=45.0).hold is HoldReason.CALLERS_SUFFICE


def test_a_burn_that_nobody_could_take_is_not_begun() -> None:
    """The bath begins to call in warm water: the burner waits before its first burn."""
    story = cooled_down()
    story.set_boiler(flow_c=33.0, return_c=32.0)
    story.set_room("bath", temperature_c=22.2)
    story.wait(minutes=60)
    story.set_boiler(flow_c=48.0, return_c=44.0)
    assert hold_of(story) is HoldReason.COLD
    story.set_room("bath", temperature_c=21.5)
    assert hold_of(story) is HoldReason.SMALL_LOAD
    assert story.decision.boiler_setpoint_c == 30.0


def test_a_hold_for_a_small_load_ends_with_sharing() -> None:
    """Once sharing is off, only a boiler whose water was too hot is protected."""
    story = cooled_down()
    story.set_boiler(flow_c=33.0, return_c=32.0)
    story.set_room("bath", temperature_c=22.2)
    story.wait(minutes=60)
    story.set_boiler(flow_c=48.0, return_c=44.0)
    story.set_room("bath", temperature_c=21.5)
    assert hold_of(story) is HoldReason.SMALL_LOAD
    story.mode = Mode.OFF
    story.evaluate()
    assert hold_of(story) is HoldReason.NOT_NEEDED
    assert story.decision.boiler_setpoint_c is None


def test_after_a_hold_the_burner_may_burn_before_there_is_another() -> None:
    """A hold that has reached its limit is not followed by the next one at once."""
    story = cooled_down()
    story.wait(minutes=90)
    story.wait(minutes=10)
    assert hold_of(story) is HoldReason.LONGEST


def test_frost_ends_a_hold() -> None:
    """A room at 7 °C needs the boiler, whatever sharing wants, also one that is off."""
    cellar = room("cellar", None, 12.0)
    story = cooled_down(BATH, cellar)
    assert story.set_room("cellar", temperature_c=7.0).hold is HoldReason.FROST
    assert story.decision.boiler_setpoint_c is None
    story.set_boiler(burner=True)
    story.wait(minutes=2)
    assert story.set_boiler(burner=False).hold is HoldReason.FROST


def test_where_no_room_can_be_read_the_burner_is_not_held() -> None:
    """After three minutes, no room is known to be safe from frost; until then it lasts.

    None begins meanwhile.
    """
    story = cooled_down(BATH)
    story.set_room("bath", temperature_c=None)
    story.wait(minutes=2, seconds=59)
    assert hold_of(story) is HoldReason.TOO_HOT
    story.wait(seconds=1)
    assert hold_of(story) is HoldReason.FROST
    assert story.cool_down().hold is HoldReason.FROST
    assert story.decision.boiler_setpoint_c is None


def test_a_sensor_that_fails_in_a_cold_room_does_not_warm_it() -> None:
    """At 8.5 °C the garage is near the limit of 7 °C; lost at 6.5 °C, it is below it.

    Once it can be read again, at 9.5 °C, holds are possible again.
    """
    garage = room("garage", None, 8.5, target_c=6.0)
    story = cooled_down(BATH, garage)
    assert story.set_room("garage", temperature_c=None).hold is HoldReason.TOO_HOT
    story.set_room("garage", temperature_c=6.5)
    assert story.set_room("garage", temperature_c=None).hold is HoldReason.FROST
    story.set_boiler(burner=True)
    story.wait(minutes=30)
    assert story.set_boiler(burner=False).hold is HoldReason.FROST
    assert story.set_room("garage", temperature_c=9.5).hold is HoldReason.NOT_NEEDED
    story.set_boiler(burner=True, flow_c=50.0, return_c=40.0)
    story.wait(minutes=2)
    assert story.cool_down().hold is HoldReason.TOO_HOT


def test_a_pipe_near_frost_ends_a_hold() -> None:
    """The pipe in the loft has 5 °C, or cannot be read: the burner is not held off."""
    story = cooled_down()
    assert story.set_boiler(pipe_c=5.5).hold is HoldReason.TOO_HOT
    assert story.set_boiler(pipe_c=5.0).hold is HoldReason.FROST
    assert story.decision.boiler_setpoint_c is None
    story = cooled_down()
    story.set_boiler(pipe_lost=True)
    story.wait(minutes=3)
    assert hold_of(story) is HoldReason.FROST


def test_tap_water_that_cannot_be_read_ends_a_hold() -> None:
    """It may be heated for all we know. A gap of three minutes does not end a hold."""
    story = cooled_down()
    story.set_boiler(dhw_lost=True, dhw=None)
    story.wait(minutes=2)
    assert hold_of(story) is HoldReason.TOO_HOT
    story.set_boiler(dhw_lost=False, dhw=False)
    story.set_boiler(dhw_lost=True, dhw=None)
    story.wait(minutes=3)
    assert hold_of(story) is HoldReason.DHW_UNKNOWN
    assert story.decision.boiler_setpoint_c is None


def test_tap_water_ends_a_hold() -> None:
    """A shower does not wait for the radiators' water to get cold."""
    story = cooled_down()
    assert story.set_boiler(dhw=True).hold is HoldReason.DHW
    assert story.decision.boiler_setpoint_c is None


def test_a_person_who_sets_the_boiler_is_left_alone_for_two_hours() -> None:
    """A setpoint that a person sets ends the hold, and the next ones for two hours."""
    story = cooled_down()
    story.set_boiler(setpoint_overridden=True, setpoint_c=50.0)
    assert hold_of(story) is HoldReason.OVERRIDDEN
    story.set_boiler(setpoint_overridden=False)
    story.wait(minutes=110)
    story.cool_down()
    assert hold_of(story) is HoldReason.OVERRIDDEN
    story.wait(minutes=20)
    story.cool_down()
    assert hold_of(story) is HoldReason.TOO_HOT


def test_a_burner_that_burns_all_the_same_is_noticed() -> None:
    """Without anything that holds the burner, a hold is advice: it shows if it is kept."""
    story = cooled_down(protection_floor_c=None)
    assert hold_of(story) is HoldReason.TOO_HOT
    assert story.decision.boiler_setpoint_c is None
    story.wait(minutes=4)
    story.set_boiler(burner=True)
    assert hold_of(story) is HoldReason.BURNS
    assert story.engine_state.patience.obeyed is False


def test_without_a_known_water_temperature_it_waits_half_an_hour() -> None:
    """Nobody sees the water get cold, so the hold is short."""
    story = cooled_down()
    story.set_boiler(flow_c=None, return_c=None)
    story.wait(minutes=29)
    assert hold_of(story) is HoldReason.TOO_HOT
    story.wait(minutes=1)
    assert hold_of(story) is HoldReason.LONGEST
