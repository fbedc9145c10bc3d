"""Rooms that are opened by their setpoint: let go with the call, but no flapping."""

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    Reason,
    RoomReason,
)

from .house import BATH, Story, daily, room

LOUNGE = room(
    "lounge",
    20000,
    schedule=daily("06:40", "09:00"),
    target_c=16.0,
    actuator=Actuator.SETPOINT,
)


def active() -> Story:
    """The only room that can be opened is a thermostat."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    assert raised(story)
    return story


def raised(story: Story) -> bool:
    """Whether the lounge's setpoint is held."""
    return story.decision.rooms["lounge"].setpoint_c is not None


def ends(story: Story) -> list[Reason]:
    """Why sharing ended, each time."""
    return [move.reason for move in story.told if move.before.is_active]


def test_the_activation_outlasts_its_setpoints() -> None:
    """The call ends after a minute: released at once, and over after five."""
    story = active()
    story.wait(minutes=1)
    story.change("bath", temperature_c=22.2)
    assert not raised(story)
    assert story.why("lounge") is RoomReason.SHARING_ENDED
    assert story.state is State.TIER1_ACTIVE
    assert story.wait(minutes=3, seconds=59).state is State.TIER1_ACTIVE
    assert story.wait(seconds=1).state is State.INACTIVE
    assert ends(story) == [Reason.CALLERS_STOPPED]


def test_a_call_that_returns_has_its_rooms_again() -> None:
    """Within the five minutes, as the same activation."""
    story = active()
    began = story.decision.active_since
    story.wait(minutes=1)
    story.change("bath", temperature_c=22.2)
    story.wait(minutes=1)
    story.change("bath", temperature_c=21.0)
    assert raised(story)
    assert story.decision.active_since == began
    assert ends(story) == []


def test_a_call_that_flickers_does_not_end_it_each_time() -> None:
    """On and off every 20 seconds for four minutes: one activation."""
    story = active()
    for turn in range(12):
        story.change("bath", temperature_c=22.2 if turn % 2 == 0 else 21.0)
        story.wait(seconds=20)
    assert ends(story) == []
    assert sum(move.after is State.TIER1_ACTIVE for move in story.told) == 1


def test_without_a_room_and_with_a_caller_it_ends_at_once() -> None:
    """The lounge is warm; the bath still calls, and there is nothing to open."""
    story = active()
    story.wait(minutes=1)
    story.change("lounge", temperature_c=21.1)
    assert story.state is State.INACTIVE
    assert ends(story) == [Reason.NO_ROOMS_LEFT]
