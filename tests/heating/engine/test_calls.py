"""Which rooms call for heat."""

import pytest

from custom_components.load_sharing.heating.engine.model import RoomInput, RoomMode

from .house import BATH, Story, daily, room


def calls(mode: RoomMode, demand: bool | None = None) -> bool:
    """Whether a room at 22 °C with a target of 24 °C calls for heat."""
    lounge = room("lounge", 2000, 22.0, target_c=24.0, mode=mode, demand=demand)
    return Story(lounge).decision.rooms["lounge"].calling


def test_only_a_room_that_heats_calls_by_its_temperature() -> None:
    """An air conditioner that cools to 24 °C does not call in a room at 22 °C."""
    assert calls(RoomMode.AUTO)
    assert not calls(RoomMode.MANUAL)
    assert not calls(RoomMode.OFF)
    assert not calls(RoomMode.UNAVAILABLE)


@pytest.mark.parametrize("mode", [RoomMode.AUTO, RoomMode.MANUAL, RoomMode.UNAVAILABLE])
def test_a_rooms_own_word_counts(mode: RoomMode) -> None:
    """A room's own demand overrides its temperature in every mode but off."""
    assert calls(mode, demand=True)
    assert not calls(mode, demand=False)
    assert not calls(RoomMode.OFF, demand=True)


def test_at_its_target_a_call_ends_with_its_valve() -> None:
    """A sensor of half degrees shows 20.5 and 21.0 °C, and never 21.1 °C."""
    story = Story(room("lounge", 1800, 20.5, target_c=21.0, owner_valve_pct=100.0))
    warm = story.set_room("lounge", temperature_c=21.0)
    assert warm.rooms["lounge"].calling
    shut = story.set_room("lounge", owner_valve_pct=0.0)
    assert not shut.rooms["lounge"].calling
    assert shut.calling_capacity_w == 0


def test_a_room_below_its_target_calls_before_its_valve_opens() -> None:
    """Heads open minutes after the room has cooled."""
    story = Story(room("lounge", 1800, 20.0, target_c=21.0, owner_valve_pct=0.0))
    assert story.decision.rooms["lounge"].calling


def test_a_room_that_is_lost_does_not_blind_the_house() -> None:
    """The hall called when its battery died. After a quarter of an hour it counts no more.

    Until then nobody knows how much it takes, and nothing is opened.
    """
    near = daily("06:50", "09:00")
    story = Story(
        BATH,
        room("hall", 900, 15.0, target_c=16.0, owner_valve_pct=100.0),
        room("lounge", 2290, 18.0, schedule=near),
    )
    story.set_room("hall", mode=RoomMode.UNAVAILABLE, temperature_c=None)
    story.cool_down()
    story.wait(minutes=14)
    assert not story.open
    story.wait(minutes=2)
    story.cool_down()
    assert set(story.open) == {"lounge"}


COARSE = room("lounge", 1800, 20.5, target_c=21.0, owner_valve_pct=None)
"""A room with a sensor of half degrees, whose valve shows nothing."""


def lounge_calls(story: Story) -> bool:
    """Whether the lounge calls for heat now."""
    return story.decision.rooms["lounge"].calling


def test_at_its_target_a_call_ends_after_half_an_hour() -> None:
    """It shows 21.0 °C, and never 21.1 °C. It calls again at 20.5 °C."""
    story = Story(COARSE)
    assert lounge_calls(story)
    story.set_room("lounge", temperature_c=21.0)
    story.wait(minutes=29)
    assert lounge_calls(story)
    story.wait(minutes=2)
    assert not lounge_calls(story)
    story.wait(minutes=60)
    assert not lounge_calls(story)
    story.set_room("lounge", temperature_c=20.5)
    assert lounge_calls(story)


def test_at_its_target_a_call_ends_with_that_of_its_thermostat() -> None:
    """The head says that it is idle."""
    story = Story(COARSE)
    story.set_room("lounge", idle=True)
    assert lounge_calls(story)
    story.set_room("lounge", temperature_c=21.0)
    assert not lounge_calls(story)


def test_a_valve_that_creeps_ends_no_call_and_prolongs_none() -> None:
    """Open by 6 % for good, at 21.0 °C: half an hour, as without a valve."""
    story = Story(room("lounge", 1800, 20.5, target_c=21.0, owner_valve_pct=80.0))
    story.set_room("lounge", temperature_c=21.0, owner_valve_pct=6.0)
    story.wait(minutes=31)
    assert not lounge_calls(story)


def test_a_room_that_falls_below_its_target_begins_anew() -> None:
    """20.9 °C for a minute, after 25 minutes at 21.0 °C: it goes on for half an hour."""
    story = Story(COARSE)
    story.set_room("lounge", temperature_c=21.0)
    story.wait(minutes=25)
    story.set_room("lounge", temperature_c=20.9)
    story.wait(minutes=1)
    story.set_room("lounge", temperature_c=21.0)
    story.wait(minutes=25)
    assert lounge_calls(story)


def test_a_rooms_own_word_outlasts_its_target() -> None:
    """A demand says itself when it ends."""
    story = Story(COARSE)
    story.set_room("lounge", temperature_c=21.5, demand=True)
    story.wait(minutes=120)
    assert lounge_calls(story)


NEAR = room("lounge", 2290, 18.0, schedule=daily("06:50", "09:00"))


def cycle(story: Story, minutes: int) -> None:
    """Let the boiler cycle every four minutes."""
    for _ in range(minutes // 4):
        story.cool_down()
        story.wait(minutes=4)


@pytest.mark.parametrize(
    "hall",
    [
        room("hall", 5000, 22.0, target_c=21.0, owner_valve_pct=0.0, demand=True),
        room("hall", 5000, 20.4, target_c=21.0, owner_valve_pct=2.0),
    ],
    ids=["its head says that it heats", "its head measures more than its sensor"],
)
def test_a_valve_that_stays_shut_takes_nothing(hall: RoomInput) -> None:
    """It counts as open while it may still open for its call: for 16 minutes."""
    story = Story(BATH, hall, NEAR)
    story.wait(minutes=15)
    assert story.decision.calling_capacity_w > 2500
    story.wait(minutes=2)
    assert story.decision.calling_capacity_w < 400
    cycle(story, 8)
    assert set(story.open) == {"lounge"}


def test_a_valve_that_opens_late_takes_what_it_is_open_for() -> None:
    """A head that sleeps opens after half an hour; a valve half open takes 60 %."""
    hall = room("hall", 5000, 20.4, target_c=21.0, owner_valve_pct=0.0)
    story = Story(hall)
    full_w = story.decision.calling_capacity_w
    story.wait(minutes=30)
    assert story.decision.calling_capacity_w == 0
    story.set_room("hall", owner_valve_pct=50.0)
    assert story.decision.calling_capacity_w == pytest.approx(0.6 * full_w)
    story.set_room("hall", owner_valve_pct=0.0)
    assert story.decision.calling_capacity_w == pytest.approx(full_w)


def test_a_new_call_is_waited_for_anew() -> None:
    """The hall was warm in between, with its valve shut as ever."""
    hall = room("hall", 5000, 20.4, target_c=21.0, owner_valve_pct=0.0)
    story = Story(hall)
    story.wait(minutes=30)
    story.set_room("hall", temperature_c=21.5)
    story.set_room("hall", temperature_c=20.4)
    assert story.decision.calling_capacity_w > 2500
