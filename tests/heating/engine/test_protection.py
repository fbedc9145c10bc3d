"""Cycling protection: the boiler's setpoint after a cooldown."""

from dataclasses import replace

from .house import BATH, Story


def cooled_down(**settings: object) -> Story:
    """A boiler with a setpoint of 70 °C that has just short-cycled."""
    story = Story(BATH, **({"protection_floor_c": 30.0} | settings))
    story.set_boiler(setpoint_c=70.0, flow_c=65.0, return_c=50.0)
    story.wait(minutes=10)
    story.set_boiler(burner=False, flow_c=73.0, return_c=66.0)
    return story


def test_without_the_option_the_setpoint_is_left_alone() -> None:
    """Without the option a cooldown is only counted."""
    story = cooled_down(protection_floor_c=None)
    assert story.decision.evidence is not None
    assert story.decision.boiler_setpoint_c is None


def test_after_a_cooldown_the_setpoint_is_lowered() -> None:
    """The floor is held until the water is at 55 °C, 15 K below 70 °C."""
    story = cooled_down()
    assert story.decision.boiler_setpoint_c == 30.0
    story.wait(minutes=5)
    assert story.set_boiler(flow_c=55.1, return_c=50.0).boiler_setpoint_c == 30.0
    assert story.set_boiler(flow_c=55.0).boiler_setpoint_c is None


def test_a_low_setpoint_need_not_cool_below_45() -> None:
    """At a setpoint of 55 °C, 45 °C is cool enough; 40 °C is not required."""
    story = cooled_down()
    story.set_boiler(setpoint_c=55.0, flow_c=45.1, return_c=45.0)
    assert story.decision.boiler_setpoint_c == 30.0
    assert story.set_boiler(flow_c=45.0).boiler_setpoint_c is None


def test_half_an_hour_at_most() -> None:
    """Cooling ends after half an hour even if the water stays hot."""
    story = cooled_down()
    story.wait(minutes=29, seconds=59)
    assert story.decision.boiler_setpoint_c == 30.0
    story.wait(seconds=1)
    assert story.decision.boiler_setpoint_c is None


def test_without_temperatures_half_an_hour_too() -> None:
    """Without flow and return, cooling lasts for half an hour."""
    story = cooled_down()
    story.set_boiler(flow_c=None, return_c=None)
    story.wait(minutes=20)
    assert story.decision.boiler_setpoint_c == 30.0
    story.wait(minutes=10)
    assert story.decision.boiler_setpoint_c is None


def test_a_person_keeps_the_setpoint_they_set() -> None:
    """A setpoint that a person sets ends the protection."""
    story = cooled_down()
    story.set_boiler(setpoint_overridden=True, setpoint_c=45.0)
    assert story.decision.boiler_setpoint_c is None
    story.set_boiler(setpoint_overridden=False)
    assert story.decision.boiler_setpoint_c is None


def test_switching_the_option_off_lets_go() -> None:
    """Switching the option off releases the setpoint at once."""
    story = cooled_down()
    story.settings = replace(story.settings, protection_floor_c=None)
    assert story.evaluate().boiler_setpoint_c is None
