"""When rooms are let go, and when load sharing ends."""

from dataclasses import replace

import pytest

from custom_components.load_sharing.heating.engine.model import (
    Actuator,
    LoadSharingState as State,
    Mode,
    Reason,
    RoomMode,
    RoomReason,
)

from .house import BATH, Story, daily, room

NEAR = daily("06:40", "09:00")
LOUNGE = room("lounge", 3000, schedule=NEAR, target_c=16.0)
STUDY = room("study", 3000, schedule=NEAR, target_c=16.0)
HALL = room("hall", 3000, fallback_priority=1)
TOWEL_RAIL = room("towel rail", 400, 20.0, target_c=20.0, owner_pct=0.0)


def active(*rooms: object, **settings: object) -> Story:
    """A story in which the bath calls and sharing has begun."""
    story = Story(BATH, *(rooms or (LOUNGE, STUDY)), **settings)  # type: ignore[arg-type]
    story.cool_down()
    assert story.state.is_active
    return story


def test_a_the_callers_stop() -> None:
    """After ten minutes: sharing ends, and the valves wait for the pump."""
    story = active()
    story.wait(minutes=10)
    story.change("bath", temperature_c=22.2)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.CALLERS_STOPPED
    assert story.why("lounge") is RoomReason.PUMP_OVERRUN
    assert story.open
    story.wait(minutes=3)
    assert not story.open
    assert story.why("lounge") is RoomReason.SHARING_ENDED


def test_a_not_within_five_minutes() -> None:
    """The call comes back after a minute: as if nothing had been."""
    story = active()
    began = story.decision.active_since
    story.wait(minutes=3)
    story.change("bath", temperature_c=22.2)
    assert story.state.is_active
    story.wait(minutes=1)
    story.change("bath", temperature_c=21.0)
    story.wait(minutes=2)
    assert story.state.is_active
    assert story.decision.active_since == began


def test_a_waits_for_the_five_minutes_and_no_longer() -> None:
    """The engine wakes itself for it."""
    story = active()
    story.wait(minutes=3)
    story.change("bath", temperature_c=22.2)
    story.wait(seconds=119)
    assert story.state.is_active
    story.wait(seconds=1)
    assert story.state is State.INACTIVE


def test_while_nobody_calls_nothing_more_is_opened() -> None:
    """There is nothing to share."""
    story = active(LOUNGE)
    story.change("bath", temperature_c=22.2)
    story.rooms["study"] = STUDY
    story.look()
    assert set(story.open) == {"lounge"}


def test_a_setpoint_is_not_left_raised_for_nobody() -> None:
    """It would keep the boiler on: released at once, not after five minutes."""
    story = active(
        replace(LOUNGE, settings=replace(LOUNGE.settings, actuator=Actuator.SETPOINT))
    )
    assert story.decision.rooms["lounge"].setpoint_c is not None
    story.change("bath", temperature_c=22.2)
    assert story.decision.rooms["lounge"].setpoint_c is None


def test_the_pump_runs_on_from_the_end_of_the_burn() -> None:
    """The burner goes off a minute after the last call."""
    story = active()
    story.wait(minutes=10)
    story.boil(burner=True)
    story.change("bath", temperature_c=22.2)
    story.wait(minutes=1)
    story.boil(burner=False)
    story.wait(seconds=179)
    assert story.open
    story.wait(seconds=1)
    assert not story.open


def test_a_burner_that_never_goes_off_does_not_keep_valves_open() -> None:
    """Tap water, perhaps: nine minutes at most."""
    story = active()
    story.wait(minutes=10)
    story.boil(burner=True)
    story.change("bath", temperature_c=22.2)
    story.wait(minutes=9)
    assert not story.open


def test_b_another_caller_suffices() -> None:
    """A big room begins to call: at once, without the five minutes."""
    story = active(LOUNGE, room("hall", 9000, 18.0, target_c=18.0))
    story.wait(minutes=1)
    story.change("hall", temperature_c=17.5)
    assert story.state is State.INACTIVE
    assert story.decision.reason is Reason.NEW_CALLER_SUFFICIENT
    assert not story.open


def test_b_needs_the_hysteresis() -> None:
    """4000 W would do to open no more; it takes 4200 W to end."""
    story = active(LOUNGE, room("hall", 1, 18.0, target_c=18.0))
    own_w = story.decision.calling_capacity_w
    full_w = story.decision.rooms["hall"].capacity_w or 0
    for total_w, ends in ((4199.0, False), (4201.0, True)):
        story = active(LOUNGE, room("hall", (total_w - own_w) / full_w, 18.0))
        story.change("hall", temperature_c=18.0, target_c=19.0)
        assert story.state.is_active is not ends


def test_b_a_caller_that_does_not_suffice_joins_the_trigger() -> None:
    """Then it, too, must stop before sharing ends."""
    story = active(LOUNGE, TOWEL_RAIL)
    story.wait(minutes=10)
    story.change("towel rail", temperature_c=19.0)
    assert story.state.is_active
    assert story.decision.trigger_rooms == {"bath", "towel rail"}
    story.change("bath", temperature_c=22.2)
    assert story.state.is_active
    story.change("towel rail", temperature_c=20.2)
    assert story.state is State.INACTIVE


def test_c_a_room_of_ours_calls() -> None:
    """It is left to its own thermostat at once; the other one stays."""
    story = active()
    story.wait(minutes=1)
    story.change("lounge", target_c=21.0)
    assert set(story.open) == {"study"}
    assert story.why("lounge") is RoomReason.CALLING
    assert story.state.is_active


def test_c_is_no_new_caller() -> None:
    """A big room that we opened does not end sharing by calling."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0), LOUNGE_TWO)
    story.wait(minutes=1)
    story.change("lounge", target_c=21.0)
    story.wait(minutes=2)
    assert story.decision.trigger_rooms == {"bath"}
    assert story.decision.reason is not Reason.NEW_CALLER_SUFFICIENT


LOUNGE_TWO = room("lounge two", 300, schedule=daily("06:45", "09:00"), target_c=16.0)


def test_c_all_rooms_of_ours_call() -> None:
    """Sharing ends, but not within five minutes."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0))
    story.wait(minutes=2)
    story.change("lounge", target_c=21.0)
    assert story.decision.state is State.TIER1_ACTIVE
    assert not story.open
    assert story.wait(minutes=3).state is State.INACTIVE
    assert story.told[-1].reason is Reason.ALL_CALLING


def test_its_block_begins() -> None:
    """From then on, the room's own thermostat has it."""
    story = active()
    story.wait(minutes=39)
    assert "lounge" in story.open
    story.wait(minutes=1)
    assert "lounge" not in story.open
    assert story.why("lounge") is RoomReason.SCHEDULE_STARTED


def test_its_block_is_deleted() -> None:
    """Seen at the next look."""
    story = active()
    story.change("lounge", schedule=((),) * 7)
    assert story.why("lounge") is RoomReason.NOT_SCHEDULED


def test_its_block_is_moved_to_later() -> None:
    """From the near window to the extended one: 70 % would be too much now."""
    story = active(room("lounge", 30000, schedule=NEAR, target_c=16.0))
    assert story.open == {"lounge": 70}
    story.change("lounge", schedule=daily("07:50", "09:00"))
    assert story.open == {"lounge": 40}


def test_a_prewarmed_room_reaches_its_blocks_target() -> None:
    """21 °C and a tenth."""
    story = active()
    story.change("lounge", temperature_c=21.0)
    assert "lounge" in story.open
    story.change("lounge", temperature_c=21.1)
    assert story.why("lounge") is RoomReason.TARGET_REACHED


def test_a_fallback_room_is_capped_half_a_kelvin_above_its_target() -> None:
    """18.5 °C, where 18 °C are wanted."""
    story = active(HALL)
    story.change("hall", temperature_c=18.4)
    assert "hall" in story.open
    story.change("hall", temperature_c=18.5)
    assert story.why("hall") is RoomReason.TARGET_REACHED
    assert story.state is State.INACTIVE
    assert story.told[-1].reason is Reason.NO_ROOMS_LEFT


def test_without_the_cap_only_the_ceiling_holds() -> None:
    """24.9 °C pass, 25 °C do not."""
    story = active(HALL, overheat_cap=False)
    story.change("hall", temperature_c=24.9)
    assert "hall" in story.open
    story.change("hall", temperature_c=25.0)
    assert story.why("hall") is RoomReason.TOO_WARM


def test_a_fallback_room_times_out_and_is_locked_out() -> None:
    """15 minutes open, 30 minutes not again, although the bath still calls."""
    story = active(HALL)
    story.wait(minutes=14, seconds=59)
    assert "hall" in story.open
    story.wait(seconds=1)
    assert not story.open
    assert story.why("hall") is RoomReason.LOCKED_OUT
    story.cool_down()
    story.wait(minutes=29, seconds=58)
    story.cool_down()
    assert not story.open
    story.wait(seconds=2)
    story.cool_down()
    assert "hall" in story.open


def test_a_time_out_makes_room_for_the_next_fallback() -> None:
    """It does not end sharing."""
    story = active(HALL, room("kitchen", 9000, fallback_priority=2))
    story.wait(minutes=10)
    story.change("kitchen", temperature_c=18.0)
    story.wait(minutes=5)
    assert "hall" not in story.open
    assert "kitchen" in story.open or story.why("kitchen") is RoomReason.LOCKED_OUT


def test_time_outs_do_not_wait_for_the_minimum_duration() -> None:
    """They come first."""
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
        ({"yielded": True}, RoomReason.YIELDED),
        ({"temperature_c": None}, RoomReason.UNAVAILABLE),
        ({"q50_w": None}, RoomReason.NO_RATING),
    ],
)
@pytest.mark.parametrize("item", [LOUNGE, HALL], ids=["by schedule", "fallback"])
def test_a_person_is_obeyed_at_once(
    changes: dict[str, object], reason: RoomReason, item: object
) -> None:
    """Not after five minutes."""
    story = active(item)
    name = next(iter(story.open))
    story.change(name, **changes)
    assert not story.open
    assert story.why(name) is reason


def test_a_fallback_whose_priority_is_taken_away_leaves() -> None:
    """At once."""
    story = active(HALL)
    story.change("hall", fallback_priority=None)
    assert not story.open


def test_the_mode_takes_fallbacks_out_and_leaves_the_others() -> None:
    """From all tiers to the schedule tiers."""
    story = active(LOUNGE, HALL)
    assert set(story.open) == {"lounge", "hall"}
    story.mode = Mode.SCHEDULE_TIERS
    story.look()
    assert set(story.open) == {"lounge"}
    assert story.state is State.TIER1_ESCALATED
    assert story.told[-1].reason is Reason.ROOM_LEFT


def test_switching_off_lets_everything_go_at_once() -> None:
    """Also what waits for the pump."""
    story = active(LOUNGE, HALL)
    story.mode = Mode.OFF
    story.look()
    assert story.state is State.DISABLED
    assert not story.open
    story.mode = Mode.ALL_TIERS
    story.look()
    assert story.told[-1].before is State.DISABLED or story.state.is_active
    story.wait(minutes=10)
    story.change("bath", temperature_c=22.2)
    story.mode = Mode.OFF
    story.look()
    assert not story.open


def test_a_room_that_is_removed_is_let_go() -> None:
    """Its decision is nobody's any more."""
    story = active(LOUNGE, STUDY)
    del story.rooms["lounge"]
    story.look()
    assert set(story.open) == {"study"}


def test_one_that_leaves_is_replaced() -> None:
    """The lounge is warm; the hall takes its place in the same evaluation."""
    story = active(room("lounge", 9000, schedule=NEAR, target_c=16.0), HALL)
    assert set(story.open) == {"lounge"}
    story.change("lounge", temperature_c=21.1)
    assert set(story.open) == {"hall"}
    assert story.told[-2].reason is Reason.ROOM_REPLACED


def test_no_oscillation_around_the_thresholds() -> None:
    """The bath calls and stops every two minutes for an hour: few changes."""
    story = active(LOUNGE, STUDY)
    began = len(story.told)
    for turn in range(30):
        story.change("bath", temperature_c=22.2 if turn % 2 == 0 else 21.0)
        story.wait(minutes=2)
    ends = [move for move in story.told[began:] if move.after is State.INACTIVE]
    assert len(ends) <= 6
