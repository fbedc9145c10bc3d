"""Who is opened, in which order, and how wide."""

from datetime import timedelta

import pytest

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    Mode,
    Reason,
    RoomMode,
    RoomReason,
    Tier,
)

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LATER = daily("07:40", "09:00")
FAR = daily("12:00", "14:00")


def moves(story: Story) -> list[tuple[State, State, Reason]]:
    """What the state machine did."""
    return [(move.before, move.after, move.reason) for move in story.told]


def test_low_capacity_without_evidence_does_nothing() -> None:
    """280 W call, but the boiler copes."""
    story = Story(BATH, room("lounge", 2290, schedule=NEAR))
    story.wait(minutes=30)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.NO_EVIDENCE
    assert not story.open


def test_evidence_without_low_capacity_does_nothing() -> None:
    """The callers could take 4 kW."""
    hall = room("hall", 9000, 17.0, target_c=20.0, owner_pct=100.0)
    story = Story(hall, room("lounge", 2290, schedule=NEAR))
    story.cool_down()
    assert story.decision.reason is Reason.CAPACITY_SUFFICIENT
    assert not story.open


def test_low_capacity_and_a_cooldown_open_the_room_whose_schedule_is_near() -> None:
    """The lounge's block is 40 minutes away: 70 %, which is enough."""
    story = Story(
        BATH,
        room("lounge", 10000, schedule=NEAR),
        room("study", 900, schedule=LATER),
        room("hall", 2500, fallback_priority=1),
    )
    story.cool_down()
    assert story.state is State.TIER1_ACTIVE
    assert story.decision.reason is Reason.COOLDOWN
    assert story.open == {"lounge": 70}
    assert story.why("lounge") is RoomReason.SCHEDULE
    assert story.decision.rooms["lounge"].tier is Tier.SCHEDULE
    assert story.decision.trigger_rooms == {"bath"}
    assert moves(story)[-1] == (State.INACTIVE, State.TIER1_ACTIVE, Reason.COOLDOWN)


def test_a_hot_return_opens_it_too() -> None:
    """Before the boiler has gone off even once."""
    story = Story(BATH, room("lounge", 10000, schedule=NEAR))
    story.boil(return_c=45.0)
    story.wait(minutes=1)
    assert story.open == {"lounge": 70}
    assert story.decision.reason is Reason.RETURN_RISK


def test_the_neediest_comes_first() -> None:
    """4 K below its block's target before 3 K; the third is not needed."""
    story = Story(
        BATH,
        room("hall", 4000, 18.0, target_c=16.0, schedule=NEAR),
        room("lounge", 4000, 17.0, target_c=16.0, schedule=NEAR),
        room("study", 4000, 18.5, target_c=16.0, schedule=NEAR),
    )
    story.cool_down()
    assert story.open == {"lounge": 70, "hall": 70}


def test_rooms_are_opened_wider_before_the_next_tier() -> None:
    """1.9 kW with the bath at 70 %, 2.1 kW at 80 %: enough for 2 kW."""
    story = Story(
        BATH,
        room("lounge", 3000, schedule=NEAR),
        room("study", 3000, schedule=LATER),
        min_calling_capacity_w=1000.0,
        target_capacity_w=2000.0,
    )
    story.cool_down()
    assert story.state is State.TIER1_ESCALATED
    assert story.open == {"lounge": 80}
    assert moves(story)[-2:] == [
        (State.INACTIVE, State.TIER1_ACTIVE, Reason.COOLDOWN),
        (State.TIER1_ACTIVE, State.TIER1_ESCALATED, Reason.OPENED_WIDER),
    ]


def test_the_extended_window_is_opened_gently() -> None:
    """A block in 100 minutes, looked for within 2 x 60: 40 %."""
    story = Story(BATH, room("study", 20000, schedule=LATER))
    story.cool_down()
    assert story.state is State.TIER2_ACTIVE
    assert story.open == {"study": 40}
    assert story.why("study") is RoomReason.EXTENDED_SCHEDULE


def test_the_whole_cascade_in_one_evaluation() -> None:
    """Nothing suffices: every step, in order, without waiting."""
    story = Story(
        BATH,
        room("lounge", 500, schedule=NEAR),
        room("study", 500, schedule=LATER),
        room("hall", 500, fallback_priority=2),
        room("kitchen", 500, fallback_priority=1),
        room("bed", 500),
    )
    story.cool_down()
    assert [(move.after, move.rooms) for move in story.told[-8:]] == [
        (State.TIER1_ACTIVE, ("lounge",)),
        (State.TIER1_ESCALATED, ("lounge",)),
        (State.TIER2_ACTIVE, ("study",)),
        (State.TIER2_ESCALATED, ("study",)),
        (State.TIER3_ACTIVE, ("kitchen",)),
        (State.TIER3_ESCALATED, ("kitchen",)),
        (State.TIER3_ACTIVE, ("hall",)),
        (State.TIER3_ESCALATED, ("hall",)),
    ]
    assert story.state is State.TIER3_ESCALATED
    assert story.open == {"lounge": 90, "study": 60, "kitchen": 70, "hall": 70}
    assert story.why("bed") is RoomReason.NOT_NEEDED


def test_heat_that_is_wanted_comes_before_heat_that_is_not() -> None:
    """The lounge at 90 % suffices, so no fallback is opened."""
    story = Story(
        BATH,
        room("lounge", 3000, schedule=NEAR),
        room("hall", 3000, fallback_priority=1),
        min_calling_capacity_w=1000.0,
        target_capacity_w=2000.0,
        flow_efficiency=1.0,
    )
    story.cool_down()
    assert story.open == {"lounge": 90}
    assert story.state is State.TIER1_ESCALATED


def test_empty_tiers_are_skipped() -> None:
    """No schedule at all: straight to the fallback."""
    story = Story(BATH, room("hall", 20000, fallback_priority=1))
    story.cool_down()
    assert moves(story)[-1] == (State.INACTIVE, State.TIER3_ACTIVE, Reason.COOLDOWN)
    assert story.open == {"hall": 50}
    assert story.why("hall") is RoomReason.FALLBACK


def test_fallbacks_in_their_order_and_only_as_many_as_needed() -> None:
    """1 before 2 before 10; the third is not needed. Each is opened to 60 % first."""
    story = Story(
        BATH,
        room("ten", 4000, fallback_priority=10),
        room("two", 4000, fallback_priority=2),
        room("one", 4000, fallback_priority=1),
        target_capacity_w=3000.0,
        min_calling_capacity_w=2500.0,
    )
    story.cool_down()
    assert story.open == {"one": 60, "two": 50}


def test_without_a_priority_a_room_is_no_fallback() -> None:
    """Only an absent priority means never: 99 is just late."""
    story = Story(BATH, room("bed", 20000), room("attic", 20000, fallback_priority=99))
    story.cool_down()
    assert story.open == {"attic": 50}


def test_no_fallback_in_the_mode_of_schedules_only() -> None:
    """A room that no schedule asks for stays shut."""
    story = Story(BATH, room("hall", 20000, fallback_priority=1))
    story.mode = Mode.SCHEDULE_TIERS
    story.cool_down()
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.NO_CANDIDATES


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": RoomMode.OFF}, RoomReason.OFF),
        ({"mode": RoomMode.MANUAL}, RoomReason.MANUAL),
        ({"mode": RoomMode.UNAVAILABLE}, RoomReason.UNAVAILABLE),
        ({"participates": False}, RoomReason.NOT_PARTICIPATING),
        ({"q50_w": None}, RoomReason.NO_RATING),
        ({"yielded": True}, RoomReason.YIELDED),
        ({"temperature_c": None}, RoomReason.UNAVAILABLE),
        ({"temperature_c": 25.0}, RoomReason.TOO_WARM),
    ],
)
def test_some_rooms_are_never_opened(
    changes: dict[str, object], reason: RoomReason
) -> None:
    """Neither by their schedule nor as a fallback."""
    story = Story(
        BATH,
        room("lounge", 10000, schedule=daily("06:40", "09:00", 28.0)),
        overheat_cap=False,
    )
    story.change("lounge", fallback_priority=1, **changes)
    story.cool_down()
    assert not story.open
    assert story.why("lounge") is reason


def test_a_room_that_is_warm_enough_for_its_block_is_not_prewarmed() -> None:
    """20.5 °C for 21 °C: it will hardly need heat. At 20.4 °C it will."""
    for temperature_c, opened in ((20.5, False), (20.4, True)):
        story = Story(BATH, room("lounge", 10000, temperature_c, schedule=NEAR))
        story.cool_down()
        assert bool(story.open) is opened


def test_a_block_without_a_temperature_is_for_comfort() -> None:
    """The room's own 20 °C."""
    lounge = room("lounge", 10000, 19.0, schedule=daily("06:40", "09:00", None))
    story = Story(BATH, lounge)
    story.cool_down()
    assert "lounge" in story.open
    story.change("lounge", temperature_c=19.6)
    story = Story(BATH, room("lounge", 10000, 19.6, schedule=lounge.schedule))
    story.cool_down()
    assert not story.open


def test_each_room_has_its_own_window() -> None:
    """The block is 40 minutes away: near for 60, extended for 30, out of sight for 15."""
    for lookahead_min, pct in ((60, 70), (30, 40), (15, None)):
        lounge = room("lounge", 30000, schedule=NEAR, lookahead_s=lookahead_min * 60)
        story = Story(BATH, lounge)
        story.cool_down()
        assert story.open.get("lounge") == pct


def test_just_before_its_block_a_room_is_fully_open() -> None:
    """Within 15 minutes; until then its ladder holds."""
    story = Story(BATH, room("lounge", 10000, schedule=NEAR))
    story.wait(minutes=10)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.wait(minutes=14)
    assert story.open == {"lounge": 70}
    story.wait(minutes=1)
    assert story.open == {"lounge": 100}


def test_a_schedule_that_comes_nearer_promotes_its_room() -> None:
    """From 40 % in the extended window to 70 % in its own."""
    story = Story(BATH, room("study", 30000, schedule=LATER))
    story.cool_down()
    assert story.open == {"study": 40}
    story.wait(minutes=40)
    assert story.open == {"study": 70}
    assert story.state is State.TIER1_ACTIVE
    assert story.told[-1].reason is Reason.ROOM_PROMOTED
    assert story.local_time.time().hour == 6
    assert story.decision.rooms["study"].since == story.local_time


def test_an_edited_schedule_is_seen_at_the_next_look() -> None:
    """A block that moves into the window while sharing is active."""
    story = Story(
        BATH, room("hall", 3000, fallback_priority=1), room("study", 3000, schedule=FAR)
    )
    story.cool_down()
    assert set(story.open) == {"hall"}
    story.change("study", schedule=NEAR)
    assert set(story.open) == {"hall", "study"}


def test_new_candidates_join_while_capacity_is_short() -> None:
    """Choosing goes on: a room that comes home to auto helps at once."""
    story = Story(
        BATH,
        room("lounge", 2000, schedule=NEAR),
        room("study", 2000, schedule=NEAR, mode=RoomMode.OFF),
    )
    story.cool_down()
    assert set(story.open) == {"lounge"}
    story.change("study", mode=RoomMode.AUTO)
    assert set(story.open) == {"lounge", "study"}
    assert len({*story.open.values()}) == 1


def test_a_setpoint_room_is_raised_until_it_would_leave() -> None:
    """2 K above the temperature at which it leaves, and never above the ceiling."""
    lounge = room("lounge", 9000, schedule=NEAR, actuator=Actuator.SETPOINT)
    story = Story(BATH, lounge)
    story.cool_down()
    decided = story.decision.rooms["lounge"]
    assert decided.valve_pct is None
    assert decided.setpoint_c == pytest.approx(21.0 + 0.1 + 2.0)
    story.settings = type(story.settings)(ceiling_c=22.0)
    assert story.look().rooms["lounge"].setpoint_c == 22.0


def test_the_engine_asks_to_be_woken_for_the_next_minute() -> None:
    """Schedules begin at full minutes."""
    story = Story(BATH)
    story.now_s += 12.5
    story.look()
    assert story.decision.wake_at_s == pytest.approx(story.now_s + 47.5)
    assert story.local_time + timedelta(seconds=47.5) == story.begin + timedelta(
        minutes=1
    )
