"""Which rooms are opened, in which order, and how wide."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    Mode,
    RoomMode,
    Tier,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason
from custom_components.load_sharing.heating.engine.schedule import DayBlock

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LATER = daily("07:40", "09:00")
FAR = daily("12:00", "14:00")


def moves(story: Story) -> list[tuple[State, State, Reason]]:
    """The transitions so far, with their reasons."""
    return [(move.before, move.after, move.reason) for move in story.transitions]


def test_low_capacity_without_evidence_does_nothing() -> None:
    """Callers of 280 W open nothing while the boiler does not short-cycle."""
    story = Story(BATH, room("lounge", 2290, schedule=NEAR))
    story.wait(minutes=30)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.NO_EVIDENCE
    assert not story.open


def test_evidence_without_low_capacity_does_nothing() -> None:
    """A cooldown opens nothing while the callers can take 4 kW."""
    hall = room("hall", 9000, 17.0, target_c=20.0, owner_valve_pct=100.0)
    story = Story(hall, room("lounge", 2290, schedule=NEAR))
    story.cool_down()
    assert story.decision.reason is Reason.CAPACITY_SUFFICIENT
    assert not story.open


def test_low_capacity_and_a_cooldown_open_the_room_whose_schedule_is_near() -> None:
    """A room with a block in 40 minutes is opened to 70 %, which is enough."""
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
    assert story.reason_of("lounge") is RoomReason.SCHEDULE
    assert story.decision.rooms["lounge"].tier is Tier.SCHEDULE
    assert story.decision.trigger_rooms == {"bath"}
    assert moves(story)[-1] == (State.INACTIVE, State.TIER1_ACTIVE, Reason.COOLDOWN)


def test_a_hot_return_opens_it_too() -> None:
    """A hot return starts sharing before the first cooldown."""
    lounge = room("lounge", 10000, schedule=NEAR)
    story = Story(BATH, lounge, return_risk_delta_k=15.0)
    story.set_boiler(return_c=45.0)
    story.wait(minutes=1)
    assert story.open == {"lounge": 70}
    assert story.decision.reason is Reason.RETURN_RISK


def test_the_neediest_comes_first() -> None:
    """A room 4 K below its target comes before one 3 K below."""
    story = Story(
        BATH,
        room("hall", 4000, 18.0, target_c=16.0, schedule=NEAR),
        room("lounge", 4000, 17.0, target_c=16.0, schedule=NEAR),
        room("study", 4000, 18.5, target_c=16.0, schedule=NEAR),
    )
    story.cool_down()
    assert story.open == {"lounge": 70, "hall": 70}


def test_rooms_are_opened_wider_before_the_next_tier() -> None:
    """With the bath, the lounge gives 1.9 kW at 70 % and 2.1 kW at 80 %."""
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
    """A block in 100 minutes, within 2 x 60, opens its room to 40 %."""
    story = Story(BATH, room("study", 20000, schedule=LATER))
    story.cool_down()
    assert story.state is State.TIER2_ACTIVE
    assert story.open == {"study": 40}
    assert story.reason_of("study") is RoomReason.EXTENDED_SCHEDULE


def test_the_whole_cascade_in_one_evaluation() -> None:
    """One evaluation takes every step, in order, if no step suffices."""
    story = Story(
        BATH,
        room("lounge", 500, schedule=NEAR),
        room("study", 500, schedule=LATER),
        room("hall", 500, fallback_priority=2),
        room("kitchen", 500, fallback_priority=1),
        room("bed", 500),
    )
    story.cool_down()
    assert [(move.after, move.rooms) for move in story.transitions[-8:]] == [
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
    assert story.reason_of("bed") is RoomReason.NEVER_OPENED


def test_heat_that_is_wanted_comes_before_heat_that_is_not() -> None:
    """No fallback is opened if a scheduled room at 90 % suffices."""
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
    """Without any schedule, sharing starts with a fallback."""
    story = Story(BATH, room("hall", 20000, fallback_priority=1))
    story.cool_down()
    assert moves(story)[-1] == (State.INACTIVE, State.TIER3_ACTIVE, Reason.COOLDOWN)
    assert story.open == {"hall": 50}
    assert story.reason_of("hall") is RoomReason.FALLBACK


def test_fallbacks_in_their_order_and_only_as_many_as_needed() -> None:
    """Priority 1 comes first, and is widened to 60 % before 2 is opened."""
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
    """A room without a priority is never a fallback; one with 99 is."""
    story = Story(BATH, room("bed", 20000), room("attic", 20000, fallback_priority=99))
    story.cool_down()
    assert story.open == {"attic": 50}


def test_no_fallback_in_the_mode_of_schedules_only() -> None:
    """With the schedule tiers only, a fallback stays shut."""
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
        ({"overridden": True}, RoomReason.YIELDED),
        ({"temperature_c": None}, RoomReason.UNAVAILABLE),
        ({"temperature_c": 25.0}, RoomReason.TOO_WARM),
    ],
)
def test_some_rooms_are_never_opened(
    changes: dict[str, object], reason: RoomReason
) -> None:
    """These rooms are opened neither by schedule nor as a fallback."""
    story = Story(
        BATH,
        room("lounge", 10000, schedule=daily("06:40", "09:00", 28.0)),
        overheat_cap=False,
    )
    story.set_room("lounge", fallback_priority=1, **changes)
    story.cool_down()
    assert not story.open
    assert story.reason_of("lounge") is reason


def test_a_room_that_is_warm_enough_for_its_block_is_not_prewarmed() -> None:
    """For 21 °C, a room at 20.4 °C is pre-warmed, and one at 20.5 °C is not."""
    for temperature_c, opened in ((20.5, False), (20.4, True)):
        story = Story(BATH, room("lounge", 10000, temperature_c, schedule=NEAR))
        story.cool_down()
        assert bool(story.open) is opened


def test_a_block_without_a_temperature_is_for_comfort() -> None:
    """A block without a target uses the room's comfort temperature, 20 °C."""
    lounge = room("lounge", 10000, 19.0, schedule=daily("06:40", "09:00", None))
    story = Story(BATH, lounge)
    story.cool_down()
    assert "lounge" in story.open
    story.set_room("lounge", temperature_c=19.6)
    story = Story(BATH, room("lounge", 10000, 19.6, schedule=lounge.schedule))
    story.cool_down()
    assert not story.open


def test_each_room_has_its_own_window() -> None:
    """A block in 40 minutes is near for 60, extended for 30, too far for 15."""
    for lookahead_min, pct in ((60, 70), (30, 40), (15, None)):
        lounge = room("lounge", 30000, schedule=NEAR, lookahead_s=lookahead_min * 60)
        story = Story(BATH, lounge)
        story.cool_down()
        assert story.open.get("lounge") == pct


def test_just_before_its_block_a_room_is_fully_open() -> None:
    """Within 15 minutes of its block a room is fully open; before, its ladder holds."""
    story = Story(BATH, room("lounge", 10000, schedule=NEAR))
    story.wait(minutes=10)
    story.cool_down()
    assert story.open == {"lounge": 70}
    story.wait(minutes=14)
    assert story.open == {"lounge": 70}
    story.wait(minutes=1)
    assert story.open == {"lounge": 100}


def test_a_schedule_that_comes_nearer_promotes_its_room() -> None:
    """A room goes from 40 % to 70 % when its block comes within its own window."""
    story = Story(BATH, room("study", 30000, schedule=LATER))
    story.cool_down()
    assert story.open == {"study": 40}
    story.wait(minutes=40)
    assert story.open == {"study": 70}
    assert story.state is State.TIER1_ACTIVE
    assert story.transitions[-1].reason is Reason.ROOM_PROMOTED
    assert story.local_time.time().hour == 6
    assert story.decision.rooms["study"].since == story.local_time


def test_an_edited_schedule_is_seen_at_the_next_look() -> None:
    """A block that is moved into the window opens its room while sharing is active."""
    story = Story(
        BATH, room("hall", 3000, fallback_priority=1), room("study", 3000, schedule=FAR)
    )
    story.cool_down()
    assert set(story.open) == {"hall"}
    story.set_room("study", schedule=NEAR)
    assert set(story.open) == {"hall", "study"}


def test_new_candidates_join_while_capacity_is_short() -> None:
    """A room that is switched to auto is opened at once if capacity is short."""
    story = Story(
        BATH,
        room("lounge", 2000, schedule=NEAR),
        room("study", 2000, schedule=NEAR, mode=RoomMode.OFF),
    )
    story.cool_down()
    assert set(story.open) == {"lounge"}
    story.set_room("study", mode=RoomMode.AUTO)
    assert set(story.open) == {"lounge", "study"}
    assert len({*story.open.values()}) == 1


def test_a_setpoint_room_is_raised_until_it_would_leave() -> None:
    """A setpoint is raised 2 K above the release temperature, up to the ceiling."""
    lounge = room("lounge", 9000, schedule=NEAR, actuator=Actuator.SETPOINT)
    story = Story(BATH, lounge)
    story.cool_down()
    decided = story.decision.rooms["lounge"]
    assert decided.valve_pct is None
    assert decided.setpoint_c == pytest.approx(21.0 + 0.1 + 2.0)
    story.settings = replace(story.settings, ceiling_c=22.0)
    assert story.evaluate().rooms["lounge"].setpoint_c == 22.0


def test_the_engine_asks_to_be_woken_for_the_next_minute() -> None:
    """The engine wakes at the next full minute, when a block may start."""
    story = Story(BATH)
    story.now_s += 12.5
    story.evaluate()
    assert story.decision.wake_at_s == pytest.approx(story.now_s + 47.5)
    assert story.local_time + timedelta(seconds=47.5) == story.begin + timedelta(
        minutes=1
    )


def test_a_small_step_does_not_hide_the_big_one_behind_it() -> None:
    """19 °C from 06:30 is warm enough at 18.6 °C, 21 °C from 06:45 is not."""
    steps = (DayBlock(time(6, 30), time(6, 45), 19.0), DayBlock(time(6, 45), time(9)))
    lounge = room("lounge", 2290, 18.6, schedule=(steps,) * 7, comfort_c=21.0)
    story = Story(BATH, lounge)
    story.cool_down()
    assert "lounge" in story.open
    block = story.decision.rooms["lounge"].next_block
    assert block is not None
    assert block.start.time() == time(6, 45)
    story.wait(minutes=31)
    assert "lounge" in story.open
    story.wait(minutes=15)
    assert story.reason_of("lounge") is not RoomReason.SCHEDULE


def test_a_fallback_room_does_not_flap() -> None:
    """The hall warms and cools around its limit for 38 minutes: it is opened twice."""
    hall = room("hall", 2500, 16.2, target_c=16.0, fallback_priority=1)
    story = Story(BATH, hall)
    opened, was_open = 0, False
    for minute in range(38):
        story.cool_down()
        story.set_room("hall", temperature_c=16.2 + minute % 4 / 10)
        is_open = "hall" in story.open
        opened += is_open and not was_open
        was_open = is_open
        story.wait(minutes=1)
    assert opened <= 2


def test_a_fallback_room_close_to_its_limit_is_not_opened() -> None:
    """It is let go at 16.5 °C, so it is not opened from 16.3 °C on."""
    hall = room("hall", 2500, 16.4, target_c=16.0, fallback_priority=1)
    story = Story(BATH, hall)
    story.cool_down()
    assert not story.open
    story.set_room("hall", temperature_c=16.2)
    assert "hall" in story.open
