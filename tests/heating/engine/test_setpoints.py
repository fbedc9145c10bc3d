"""Rooms opened by setpoint: released with the call, without flapping."""

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason

from .house import BATH, Story, daily, room

HALL = room("hall", 2500, 16.2, target_c=16.0, schedule=daily("06:40", "09:00"))
LOUNGE = room(
    "lounge",
    20000,
    schedule=daily("06:40", "09:00"),
    target_c=16.0,
    actuator=Actuator.SETPOINT,
)


def active() -> Story:
    """Sharing is active, and its only room is opened by setpoint."""
    story = Story(BATH, LOUNGE)
    story.cool_down()
    assert raised(story)
    return story


def raised(story: Story) -> bool:
    """Whether the lounge's setpoint is held."""
    return story.decision.rooms["lounge"].setpoint_c is not None


def ends(story: Story) -> list[Reason]:
    """The reasons why sharing ended, one for each time."""
    return [move.reason for move in story.transitions if move.before.is_active]


def test_the_activation_outlasts_its_setpoints() -> None:
    """The setpoint is released with the call, and sharing ends after five minutes."""
    story = active()
    story.wait(minutes=1)
    story.set_room("bath", temperature_c=22.2)
    assert not raised(story)
    assert story.reason_of("lounge") is RoomReason.SHARING_ENDED
    assert story.state is State.TIER1_ACTIVE
    assert story.wait(minutes=3, seconds=59).state is State.TIER1_ACTIVE
    assert story.wait(seconds=1).state is State.INACTIVE
    assert ends(story) == [Reason.CALLERS_STOPPED]


def test_a_call_that_returns_has_its_rooms_again() -> None:
    """A call that returns within five minutes continues the same activation."""
    story = active()
    began = story.decision.active_since
    story.wait(minutes=1)
    story.set_room("bath", temperature_c=22.2)
    story.wait(minutes=1)
    story.set_room("bath", temperature_c=21.0)
    assert raised(story)
    assert story.decision.active_since == began
    assert ends(story) == []


def test_a_call_that_flickers_does_not_end_it_each_time() -> None:
    """A call that toggles every 20 s for four minutes is one activation."""
    story = active()
    for turn in range(12):
        story.set_room("bath", temperature_c=22.2 if turn % 2 == 0 else 21.0)
        story.wait(seconds=20)
    assert ends(story) == []
    assert sum(move.after is State.TIER1_ACTIVE for move in story.transitions) == 1


def test_without_a_room_and_with_a_caller_it_ends_at_once() -> None:
    """Sharing ends at once if the bath calls and no room is left to open."""
    story = active()
    story.wait(minutes=1)
    story.set_room("lounge", temperature_c=21.1)
    assert story.state is State.INACTIVE
    assert ends(story) == [Reason.NO_ROOMS_LEFT]


def test_a_head_that_takes_no_setpoint_above_what_it_measures_is_not_opened() -> None:
    """It takes 21 °C at most, and measures 20.5 °C beside its radiator: it stays shut.

    The next room is opened in its place.
    """
    story = Story(BATH, LOUNGE, HALL)
    story.set_room("lounge", highest_c=21.0, head_c=20.5)
    story.cool_down()
    assert story.reason_of("lounge") is RoomReason.HEAD_TOO_WARM
    assert set(story.open) == {"hall"}


def test_a_head_is_raised_no_further_than_it_takes() -> None:
    """To 21 °C instead of 23.1 °C; once it measures as much, it is released."""
    story = Story(BATH, LOUNGE, HALL)
    story.set_room("lounge", highest_c=21.0, head_c=18.0)
    story.cool_down()
    assert story.decision.rooms["lounge"].setpoint_c == 21.0
    story.set_room("lounge", held_c=21.0, head_c=20.5)
    assert raised(story)
    story.set_room("lounge", head_c=21.0)
    assert not raised(story)
    assert story.reason_of("lounge") is RoomReason.HEAD_TOO_WARM
