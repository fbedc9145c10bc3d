"""The decision lists every room that is opened or released, with its reason."""

from custom_components.load_sharing.heating.engine.model import (
    HeatingDecision,
    LoadSharingState as State,
    Tier,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LATER = daily("07:40", "09:00")


def three() -> Story:
    """A house with three rooms in one tier, all of which are needed."""
    names = ("lounge", "study", "kitchen")
    return Story(
        BATH, *(room(name, 2000, schedule=NEAR, target_c=16.0) for name in names)
    )


def test_all_opened_rooms_are_listed() -> None:
    """All opened rooms are listed, not only the first, which changed the state."""
    story = three()
    story.set_boiler(burner=True)
    decision = story.set_boiler(burner=False, flow_c=57.5, return_c=50.5)
    assert decision.opened == dict.fromkeys(
        ("lounge", "study", "kitchen"), RoomReason.SCHEDULE
    )
    assert decision.released == {}
    assert story.transitions[-1].after is State.TIER1_ESCALATED
    assert story.evaluate().opened == {}


def test_a_release_without_a_transition_is_listed() -> None:
    """A released room is listed even if the state stays the same."""
    story = three()
    story.cool_down()
    before = len(story.transitions)
    decision = story.set_room("lounge", temperature_c=21.1)
    assert len(story.transitions) == before
    assert decision.released == {"lounge": RoomReason.TARGET_REACHED}
    assert decision.opened == {}


def test_opening_and_releasing_in_one_evaluation() -> None:
    """A room that replaces another is listed, and so is the other."""
    story = Story(
        BATH,
        room("lounge", 9000, schedule=NEAR, target_c=16.0),
        room("hall", 9000, fallback_priority=1),
    )
    story.cool_down()
    decision = story.set_room("lounge", temperature_c=21.1)
    assert decision.opened == {"hall": RoomReason.FALLBACK}
    assert decision.released == {"lounge": RoomReason.TARGET_REACHED}


def test_a_promoted_room_is_listed_as_opened() -> None:
    """A promoted room is listed as opened for another reason, not as released."""
    story = Story(BATH, room("study", 30000, schedule=LATER))
    story.cool_down()
    decisions: list[HeatingDecision] = []
    while not decisions or decisions[-1].rooms["study"].tier is not Tier.SCHEDULE:
        decisions.append(story.wait(minutes=1))
    assert decisions[-1].opened == {"study": RoomReason.SCHEDULE}
    assert decisions[-1].released == {}


def test_the_end_of_sharing_releases_all_rooms() -> None:
    """The end of sharing releases every room, with the same reason."""
    story = three()
    story.cool_down()
    story.wait(minutes=10)
    decision = story.set_room("bath", temperature_c=22.2)
    assert decision.reason is Reason.CALLERS_STOPPED
    assert decision.released == dict.fromkeys(
        ("lounge", "study", "kitchen"), RoomReason.SHARING_ENDED
    )


def test_it_says_when_there_is_nothing_left_to_open() -> None:
    """All tiers are exhausted at 1.7 kW of 4 kW, until a larger room is added."""
    story = Story(BATH, room("lounge", 2500, schedule=NEAR, target_c=16.0))
    story.cool_down()
    assert story.state is State.TIER1_ESCALATED
    assert story.decision.exhausted
    story.rooms["hall"] = room("hall", 9000, fallback_priority=1)
    assert not story.evaluate().exhausted


def test_it_says_so_too_when_no_room_may_be_opened_at_all() -> None:
    """All tiers are exhausted if there is no candidate at all."""
    story = Story(BATH)
    assert not story.decision.exhausted
    story.cool_down()
    assert story.decision.reason is Reason.NO_CANDIDATES
    assert story.decision.exhausted


def test_the_context_knows_its_rooms_by_tier() -> None:
    """The context lists the open rooms of each tier."""
    story = Story(
        BATH,
        room("lounge", 500, schedule=NEAR, target_c=16.0),
        room("study", 500, schedule=LATER, target_c=16.0),
        room("hall", 500, fallback_priority=1),
    )
    story.cool_down()
    context = story.engine_state.context
    assert list(context.tier1_rooms) == ["lounge"]
    assert list(context.tier2_rooms) == ["study"]
    assert list(context.tier3_rooms) == ["hall"]
    story.wait(minutes=2)
    assert story.engine_state.context.activation_duration_s(story.now_s) == 120
