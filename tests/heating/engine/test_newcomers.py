"""Exit B with valves that open slowly."""

import pytest

from custom_components.load_sharing.heating.engine.model import (
    LoadSharingState as State,
)
from custom_components.load_sharing.heating.engine.reasons import Reason

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LOUNGE = room("lounge", 3000, schedule=NEAR, target_c=16.0)
HALL = room("hall", 8355, 18.0, target_c=18.0, owner_valve_pct=10.0)
"""Does not call yet. Can take 5452 W fully open, and 654 W at 10 %."""


def slow() -> Story:
    """Sharing is active, and the hall has begun to call with its valve at 10 %."""
    story = Story(BATH, LOUNGE, HALL)
    story.cool_down()
    assert story.state.is_active
    story.set_room("hall", target_c=20.0)
    return story


def test_b_is_seen_once_the_newcomers_valve_has_opened() -> None:
    """The callers take 915 W at first, 4186 W at 60 %, and 5713 W fully open."""
    story = slow()
    assert story.state.is_active
    assert story.decision.calling_capacity_w == pytest.approx(915, abs=1)
    assert story.decision.trigger_rooms == {"bath", "hall"}
    story.wait(minutes=1)
    story.set_room("hall", owner_valve_pct=60.0)
    assert story.decision.calling_capacity_w == pytest.approx(4186, abs=1)
    assert story.state.is_active
    story.set_room("hall", owner_valve_pct=100.0)
    assert story.state is State.INACTIVE
    assert story.transitions[-1].reason is Reason.NEW_CALLER_SUFFICIENT


def test_a_newcomer_that_stopped_is_one_again_when_it_returns() -> None:
    """A newcomer that joined the trigger is checked again at its second call."""
    story = slow()
    story.set_room("hall", temperature_c=20.2)
    assert story.state.is_active
    story.set_room("hall", temperature_c=18.0, owner_valve_pct=100.0)
    assert story.transitions[-1].reason is Reason.NEW_CALLER_SUFFICIENT


def test_who_called_from_the_beginning_is_no_newcomer() -> None:
    """A trigger room that opens its valve does not cause exit B."""
    story = Story(BATH, LOUNGE, HALL)
    story.set_room("hall", target_c=20.0)
    story.cool_down()
    assert story.state.is_active
    assert story.decision.trigger_rooms == {"bath", "hall"}
    story.set_room("hall", owner_valve_pct=100.0)
    assert story.state.is_active


def test_newcomers_are_forgotten_with_the_activation() -> None:
    """A room that calls when sharing starts again is no newcomer."""
    story = slow()
    story.set_room("hall", owner_valve_pct=100.0)
    assert story.state is State.INACTIVE
    story.set_room("hall", owner_valve_pct=10.0)
    story.cool_down()
    assert story.state.is_active
    assert not story.engine_state.context.newcomers
    assert story.decision.trigger_rooms == {"bath", "hall"}
