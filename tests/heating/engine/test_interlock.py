"""The interlock: a burning boiler keeps the valves open that it needs."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.load_sharing.heating.engine.model import Control, Mode, RoomMode
from custom_components.load_sharing.heating.engine.reasons import RoomReason

from .house import BATH, Story, daily, room

HALL = room("hall", 1500, 18.0, schedule=daily("06:40", "09:00"))
LOUNGE = room("lounge", 2290, 18.0, schedule=daily("06:40", "09:00"))


def sharing(minimum_open_pct: float, control: Control = Control.BALANCED) -> Story:
    """The burner burns at six, with the bath's valve and those of two rooms open."""
    story = Story(BATH, LOUNGE, HALL, minimum_open_pct=minimum_open_pct)
    story.control = control
    story.settings = replace(story.settings, least_output_w=6000.0)
    story.set_boiler(burner=False, flow_c=30.0, return_c=28.0)
    story.wait(minutes=10)
    story.set_boiler(burner=True, flow_c=50.0, return_c=40.0)
    if control is Control.TIERS:
        story.cool_down()
        story.set_boiler(burner=True, flow_c=50.0, return_c=40.0)
    assert set(story.open) == {"lounge", "hall"}
    return story


def end_all_calls(story: Story) -> None:
    """Warm all rooms at once: the bath shuts its valve, and the others may close."""
    for room_id, temperature_c in (("lounge", 21.5), ("hall", 21.5), ("bath", 23.0)):
        story.rooms[room_id] = replace(
            story.rooms[room_id], temperature_c=temperature_c
        )
    story.set_room("bath", owner_valve_pct=0.0)


@pytest.mark.parametrize(
    ("minimum_open_pct", "kept"), [(0, 0), (100, 1), (150, 2), (300, 2)]
)
def test_as_many_valves_stay_open_as_the_boiler_needs(
    minimum_open_pct: float, kept: int
) -> None:
    """Everything is warm and would close; of two valves at 100 %, 100 % keeps one.

    300 % cannot be had: sharing keeps what it has, and opens nothing for it.
    """
    story = sharing(minimum_open_pct)
    end_all_calls(story)
    assert len(story.open) == kept
    for room_id in story.open:
        assert story.reason_of(room_id) is RoomReason.MINIMUM_OPEN
    story.wait(minutes=40)
    assert len(story.open) == kept


@pytest.mark.parametrize("control", [Control.BALANCED, Control.TIERS])
def test_they_close_once_the_pump_has_stopped(control: Control) -> None:
    """Three minutes after the burn at the latest, by any control."""
    story = sharing(150, control)
    end_all_calls(story)
    story.wait(minutes=20)
    assert story.open
    story.set_boiler(burner=False, flow_c=45.0, return_c=40.0)
    story.wait(seconds=179)
    assert story.open
    story.wait(seconds=2)
    assert story.open == {}


def test_they_close_once_others_are_open() -> None:
    """The owner of the hall opens it: the lounge may close, after its overrun."""
    story = sharing(100)
    end_all_calls(story)
    (kept,) = story.open
    other = "hall" if kept == "lounge" else "lounge"
    story.set_room(other, temperature_c=18.0, target_c=21.0, owner_valve_pct=100.0)
    story.wait(minutes=10)
    assert kept not in story.open


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"window_open": True}, RoomReason.WINDOW_OPEN),
        ({"mode": RoomMode.OFF}, RoomReason.OFF),
        ({"overridden": True}, RoomReason.YIELDED),
        ({"participates": False}, RoomReason.NOT_PARTICIPATING),
        ({"temperature_c": 25.0}, RoomReason.TOO_WARM),
        ({"reachable": False}, RoomReason.VALVE_UNAVAILABLE),
    ],
)
def test_whoever_shuts_a_valve_has_it(changes: dict[str, Any], why: RoomReason) -> None:
    """A window, a head that is off, a person, the ceiling: none is kept open."""
    story = sharing(300)
    end_all_calls(story)
    story.set_room("lounge", **changes)
    assert set(story.open) == {"hall"}
    assert story.reason_of("lounge") is why


def test_sharing_that_is_switched_off_has_no_valve() -> None:
    """All are given back at once."""
    story = sharing(300)
    end_all_calls(story)
    story.mode = Mode.OFF
    story.evaluate()
    assert story.open == {}


def test_a_fallback_room_that_times_out_stays_for_the_boiler() -> None:
    """A fallback room's quarter of an hour ends during the burn; the bath has 100 %.

    With 150 % needed it stays open until the burn ends; with 100 % it closes.
    """
    for minimum_open_pct, stays in ((150, True), (100, False)):
        spare = room("spare", 1500, 18.0, fallback_priority=1)
        story = Story(BATH, spare, minimum_open_pct=float(minimum_open_pct))
        story.cool_down()
        story.set_boiler(burner=True)
        assert set(story.open) == {"spare"}
        story.wait(minutes=16)
        assert ("spare" in story.open) is stays


def test_a_stuck_or_lost_valve_counts_for_what_it_shows() -> None:
    """The lounge's valve has stuck at 20 %, so both are needed for 100 %."""
    story = sharing(100)
    story.set_room("lounge", stuck_pct=20.0)
    end_all_calls(story)
    assert "hall" in story.open


def test_while_tap_water_is_heated_the_radiators_need_no_flow() -> None:
    """The boiler's water goes through the tank."""
    story = sharing(150)
    story.set_boiler(dhw=True)
    end_all_calls(story)
    story.wait(minutes=10)
    assert story.open == {}


def test_a_boiler_that_may_burn_at_its_least_output_needs_flow_too() -> None:
    """0 % by OpenTherm: for half an hour after the calls, and then no longer."""
    story = sharing(100)
    story.set_boiler(burner=None, may_burn=True)
    story.wait(minutes=10)
    end_all_calls(story)
    assert len(story.open) == 1
    story.wait(minutes=15)
    assert len(story.open) == 1
    story.wait(minutes=10)
    assert not story.open


def test_tap_water_that_is_always_on_does_not_switch_the_interlock_off() -> None:
    """Such an entity says that heating tap water is allowed."""
    story = sharing(100)
    for _ in range(9):
        story.set_boiler(burner=False, dhw=True)
        story.wait(minutes=1)
        story.set_boiler(burner=True)
        story.wait(minutes=1)
    assert story.engine_state.tap_water.is_doubted
    end_all_calls(story)
    assert len(story.open) == 1
