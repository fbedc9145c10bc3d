"""Statistics: the time that sharing is active, and false activations."""

import pytest

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")


def begun(**boiler: object) -> Story:
    """Sharing that has just started because of a hot return, with the burner on."""
    lounge = room("lounge", 9000, schedule=NEAR)
    story = Story(BATH, lounge, return_risk_delta_k=15.0)
    story.set_boiler(return_c=45.0)
    story.wait(minutes=1)
    assert story.state.is_active
    if boiler:
        story.set_boiler(**boiler)
    return story


def activation_was_false(story: Story) -> tuple[bool, ...]:
    """For every activation that was judged, whether it was false."""
    return story.engine_state.effect.activation_was_false


def test_a_return_that_falls_shows_a_false_activation() -> None:
    """The return falls to 29.9 °C at a setpoint of 55 °C within three minutes."""
    story = begun()
    story.wait(minutes=3)
    story.set_boiler(return_c=29.9)
    assert activation_was_false(story) == (True,)
    assert story.engine_state.effect.false_activation_rate == 1.0


def test_a_return_that_stays_warm_shows_a_true_one() -> None:
    """The activation is judged after five minutes, and only once."""
    story = begun()
    story.wait(minutes=4, seconds=59)
    assert activation_was_false(story) == ()
    story.wait(seconds=1)
    story.wait(minutes=1)
    assert activation_was_false(story) == (False,)
    story.set_boiler(return_c=20.0)
    assert activation_was_false(story) == (False,)


def test_a_burner_that_went_off_shows_a_true_one() -> None:
    """A return that turns cold after the burn does not make it false."""
    story = begun(burner=False)
    story.set_boiler(return_c=25.0)
    assert activation_was_false(story) == (False,)


def test_without_a_return_nothing_is_judged() -> None:
    """An activation without a return reading is not judged."""
    story = begun(return_c=None)
    story.wait(minutes=10)
    assert activation_was_false(story) == ()


def test_the_time_that_sharing_is_active_is_counted() -> None:
    """Twenty minutes."""
    story = begun()
    story.wait(minutes=20)
    assert story.engine_state.effect.sharing_s == pytest.approx(1200)
