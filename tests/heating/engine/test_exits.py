"""When rooms are released, and when load sharing ends."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    Mode,
    RoomMode,
)
from custom_components.load_sharing.heating.engine.reasons import Reason, RoomReason

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LOUNGE = room("lounge", 3000, schedule=NEAR, target_c=16.0)
STUDY = room("study", 3000, schedule=NEAR, target_c=16.0)
HALL = room("hall", 3000, fallback_priority=1)
TOWEL_RAIL = room("towel rail", 400, 20.0, target_c=20.0, owner_valve_pct=0.0)


def active(*rooms: object, **settings: object) -> Story:
    """A house in which the bath calls and sharing has started."""
    story = Story(BATH, *(rooms or (LOUNGE, STUDY)), **settings)  # type: ignore[arg-type]
    story.cool_down()
    assert story.state.is_active
    return story


def test_a_the_callers_stop() -> None:
    """Exit A after ten minutes: sharing ends, and the valves wait for the pump."""
    story = active()
    story.wait(minutes=10)
    story.set_room("bath", temperature_c=22.2)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CALLERS_STOPPED
    assert story.reason_of("lounge") is RoomReason.PUMP_OVERRUN
    assert story.open
    story.wait(minutes=3)
    assert not story.open
    assert story.reason_of("lounge") is RoomReason.SHARING_ENDED


def test_a_not_within_five_minutes() -> None:
    """A call that comes back after a minute continues the same activation."""
    story = active()
    began = story.decision.active_since
    story.wait(minutes=3)
    story.set_room("bath", temperature_c=22.2)
    assert story.state.is_active
    story.wait(minutes=1)
    story.set_room("bath", temperature_c=21.0)
    story.wait(minutes=2)
    assert story.state.is_active
    assert story.decision.active_since == began


def test_a_waits_for_the_five_minutes_and_no_longer() -> None:
    """Exit A applies after exactly five minutes, at a wake-up of the engine."""
    story = active()
    story.wait(minutes=3)
    story.set_room("bath", temperature_c=22.2)
    story.wait(seconds=119)
    assert story.state.is_active
    story.wait(seconds=1)
    assert story.state is State.INACTIVE


def test_while_nobody_calls_nothing_more_is_opened() -> None:
    """No further room is opened while none calls."""
    story = active(LOUNGE)
    story.set_room("bath", temperature_c=22.2)
    story.rooms["study"] = STUDY
    story.evaluate()
    assert set(story.open) == {"lounge"}


def test_a_setpoint_is_not_left_raised_for_nobody() -> None:
    """A raised setpoint would keep the boiler on, so it is released at once."""
    story = active(
        replace(LOUNGE, settings=replace(LOUNGE.settings, actuator=Actuator.SETPOINT))
    )
    assert story.decision.rooms["lounge"].setpoint_c is not None
    story.set_room("bath", temperature_c=22.2)
    assert story.decision.rooms["lounge"].setpoint_c is None


def test_the_pump_runs_on_from_the_end_of_the_burn() -> None:
    """The overrun counts from the end of the burn, a minute after the last call."""
    story = active()
    story.wait(minutes=10)
    story.set_boiler(burner=True)
    story.set_room("bath", temperature_c=22.2)
    story.wait(minutes=1)
    story.set_boiler(burner=False)
    story.wait(seconds=179)
    assert story.open
    story.wait(seconds=1)
    assert not story.open


def test_a_burner_that_never_goes_off_does_not_keep_valves_open() -> None:
    """The overrun ends after nine minutes even if the burner stays on."""
    story = active()
    story.wait(minutes=10)
    story.set_boiler(burner=True)
    story.set_room("bath", temperature_c=22.2)
    story.wait(minutes=9)
    assert not story.open


def test_b_another_caller_suffices() -> None:
    """Exit B does not wait for the minimum time."""
    story = active(LOUNGE, room("hall", 9000, 18.0, target_c=18.0))
    story.wait(minutes=1)
    story.set_room("hall", temperature_c=17.5)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.NEW_CALLER_SUFFICIENT
    assert not story.open


def test_b_needs_the_hysteresis() -> None:
    """4000 W are enough to open no more rooms, but exit B takes 4200 W."""
    story = active(LOUNGE, room("hall", 1, 18.0, target_c=18.0))
    own_w = story.decision.calling_capacity_w
    full_w = story.decision.rooms["hall"].capacity_w or 0
    for total_w, ends in ((4199.0, False), (4201.0, True)):
        story = active(LOUNGE, room("hall", (total_w - own_w) / full_w, 18.0))
        story.set_room("hall", temperature_c=18.0, target_c=19.0)
        assert story.state.is_active is not ends


def test_b_a_caller_that_does_not_suffice_joins_the_trigger() -> None:
    """A new caller that does not suffice must stop, too, before sharing ends."""
    story = active(LOUNGE, TOWEL_RAIL)
    story.wait(minutes=10)
    story.set_room("towel rail", temperature_c=19.0)
    assert story.state.is_active
    assert story.decision.trigger_rooms == {"bath", "towel rail"}
    story.set_room("bath", temperature_c=22.2)
    assert story.state.is_active
    story.set_room("towel rail", temperature_c=20.2)
    assert story.state is State.INACTIVE


def test_c_a_room_of_ours_calls() -> None:
    """An open room that calls is handed back at once; the other one stays open."""
    story = active()
    story.wait(minutes=1)
    story.set_room("lounge", target_c=21.0)
    assert set(story.open) == {"study"}
    assert story.reason_of("lounge") is RoomReason.CALLING
    assert story.state.is_active


def test_c_is_no_new_caller() -> None:
    """A large room that we opened does not trigger exit B by calling."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0), LOUNGE_TWO)
    story.wait(minutes=1)
    story.set_room("lounge", target_c=21.0)
    story.wait(minutes=2)
    assert story.decision.trigger_rooms == {"bath"}
    assert story.decision.reason is not Reason.NEW_CALLER_SUFFICIENT


LOUNGE_TWO = room("lounge two", 300, schedule=daily("06:45", "09:00"), target_c=16.0)


def test_c_all_rooms_of_ours_call() -> None:
    """Sharing ends once all open rooms call, but not within five minutes."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0))
    story.wait(minutes=2)
    story.set_room("lounge", target_c=21.0)
    assert story.decision.state is State.TIER1_ACTIVE
    assert not story.open
    assert story.wait(minutes=3).state is State.INACTIVE
    assert story.transitions[-1].reason is Reason.ALL_CALLING


def test_its_block_begins() -> None:
    """A room is released to its own thermostat when its block starts."""
    story = active()
    story.wait(minutes=39)
    assert "lounge" in story.open
    story.wait(minutes=1)
    assert "lounge" not in story.open
    assert story.reason_of("lounge") is RoomReason.SCHEDULE_STARTED


def test_its_block_is_deleted() -> None:
    """A room with a deleted block is released at the next evaluation."""
    story = active()
    story.set_room("lounge", schedule=((),) * 7)
    assert story.reason_of("lounge") is RoomReason.NOT_SCHEDULED


def test_its_block_is_moved_to_later() -> None:
    """A room with a postponed block is opened anew, in tier 2 at 40 %."""
    story = active(room("lounge", 30000, schedule=NEAR, target_c=16.0))
    assert story.open == {"lounge": 70}
    story.set_room("lounge", schedule=daily("07:50", "09:00"))
    assert story.open == {"lounge": 40}


def test_a_prewarmed_room_reaches_its_blocks_target() -> None:
    """A pre-warmed room is released at 21.1 °C for a target of 21 °C."""
    story = active()
    story.set_room("lounge", temperature_c=21.0)
    assert "lounge" in story.open
    story.set_room("lounge", temperature_c=21.1)
    assert story.reason_of("lounge") is RoomReason.TARGET_REACHED


def test_a_fallback_room_is_capped_half_a_kelvin_above_its_target() -> None:
    """A fallback room is released at 18.5 °C for a target of 18 °C."""
    story = active(HALL)
    story.set_room("hall", temperature_c=18.4)
    assert "hall" in story.open
    story.set_room("hall", temperature_c=18.5)
    assert story.reason_of("hall") is RoomReason.TARGET_REACHED
    assert story.state is State.INACTIVE
    assert story.transitions[-1].reason is Reason.NO_ROOMS_LEFT


def test_without_the_cap_only_the_ceiling_holds() -> None:
    """Without the cap a fallback stays open at 24.9 °C, but not at 25 °C."""
    story = active(HALL, overheat_cap=False)
    story.set_room("hall", temperature_c=24.9)
    assert "hall" in story.open
    story.set_room("hall", temperature_c=25.0)
    assert story.reason_of("hall") is RoomReason.TOO_WARM


def test_a_fallback_room_times_out_and_is_locked_out() -> None:
    """A fallback is open for 15 minutes, then locked out for 30."""
    story = active(HALL)
    story.wait(minutes=14, seconds=59)
    assert "hall" in story.open
    story.wait(seconds=1)
    assert not story.open
    assert story.reason_of("hall") is RoomReason.LOCKED_OUT
    story.cool_down()
    story.wait(minutes=29, seconds=58)
    story.cool_down()
    assert not story.open
    story.wait(seconds=2)
    story.cool_down()
    assert "hall" in story.open


def test_a_time_out_makes_room_for_the_next_fallback() -> None:
    """A time-out opens the next fallback, and does not end sharing."""
    story = active(HALL, room("kitchen", 9000, fallback_priority=2))
    story.wait(minutes=10)
    story.set_room("kitchen", temperature_c=18.0)
    story.wait(minutes=5)
    assert "hall" not in story.open
    assert (
        "kitchen" in story.open or story.reason_of("kitchen") is RoomReason.LOCKED_OUT
    )


def test_time_outs_do_not_wait_for_the_minimum_duration() -> None:
    """A time-out releases a room before the minimum time is over."""
    story = active(HALL, min_activation_s=3600.0)
    story.wait(minutes=15)
    assert not story.open
    assert story.state is State.INACTIVE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mode": RoomMode.OFF}, RoomReason.OFF),
        ({"mode": RoomMode.MANUAL}, RoomReason.MANUAL),
        ({"participates": False}, RoomReason.NOT_PARTICIPATING),
        ({"overridden": True}, RoomReason.YIELDED),
        ({"temperature_c": None}, RoomReason.UNAVAILABLE),
        ({"q50_w": None}, RoomReason.NO_RATING),
    ],
)
@pytest.mark.parametrize("item", [LOUNGE, HALL], ids=["by schedule", "fallback"])
def test_a_person_is_obeyed_at_once(
    changes: dict[str, object], reason: RoomReason, item: object
) -> None:
    """A change by a person releases the room without waiting five minutes."""
    story = active(item)
    name = next(iter(story.open))
    story.set_room(name, **changes)
    assert not story.open
    assert story.reason_of(name) is reason


def test_a_fallback_whose_priority_is_taken_away_leaves() -> None:
    """A fallback without a priority is released at once."""
    story = active(HALL)
    story.set_room("hall", fallback_priority=None)
    assert not story.open


def test_the_mode_takes_fallbacks_out_and_leaves_the_others() -> None:
    """Switching from all tiers to the schedule tiers releases only fallbacks."""
    story = active(LOUNGE, HALL)
    assert set(story.open) == {"lounge", "hall"}
    story.mode = Mode.SCHEDULE_TIERS
    story.evaluate()
    assert set(story.open) == {"lounge"}
    assert story.state is State.TIER1_ESCALATED
    assert story.transitions[-1].reason is Reason.ROOM_LEFT


def test_switching_off_lets_everything_go_at_once() -> None:
    """Switching off also releases valves that wait for the pump."""
    story = active(LOUNGE, HALL)
    story.mode = Mode.OFF
    story.evaluate()
    assert story.state is State.DISABLED
    assert not story.open
    story.mode = Mode.ALL_TIERS
    story.evaluate()
    assert story.transitions[-1].before is State.DISABLED or story.state.is_active
    story.wait(minutes=10)
    story.set_room("bath", temperature_c=22.2)
    story.mode = Mode.OFF
    story.evaluate()
    assert not story.open


def test_a_room_that_is_removed_is_let_go() -> None:
    """A room that is removed has no decision any more."""
    story = active(LOUNGE, STUDY)
    del story.rooms["lounge"]
    story.evaluate()
    assert set(story.open) == {"study"}


def test_one_that_leaves_is_replaced() -> None:
    """The hall takes the place of a warm lounge in the same evaluation."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0), HALL)
    assert set(story.open) == {"lounge"}
    story.set_room("lounge", temperature_c=21.1)
    assert set(story.open) == {"hall"}
    assert story.transitions[-2].reason is Reason.ROOM_REPLACED


def test_no_oscillation_around_the_thresholds() -> None:
    """A call that toggles every two minutes ends sharing few times in an hour."""
    story = active(LOUNGE, STUDY)
    began = len(story.transitions)
    for turn in range(30):
        story.set_room("bath", temperature_c=22.2 if turn % 2 == 0 else 21.0)
        story.wait(minutes=2)
    ends = [move for move in story.transitions[began:] if move.after is State.INACTIVE]
    assert len(ends) <= 6
