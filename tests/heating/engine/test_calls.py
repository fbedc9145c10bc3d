"""Who calls for heat."""

import pytest

from custom_components.load_sharing.heating.engine.model import RoomMode

from .house import Story, room


def calls(mode: RoomMode, demand: bool | None = None) -> bool:
    """Whether a room calls that has 22 °C and is set to 24 °C."""
    lounge = room("lounge", 2000, 22.0, target_c=24.0, mode=mode, demand=demand)
    return Story(lounge).decision.rooms["lounge"].calling


def test_only_a_room_that_heats_calls_by_its_temperature() -> None:
    """An air conditioner set to 24 °C in a room of 22 °C has nothing to do."""
    assert calls(RoomMode.AUTO)
    assert not calls(RoomMode.MANUAL)
    assert not calls(RoomMode.OFF)
    assert not calls(RoomMode.UNAVAILABLE)


@pytest.mark.parametrize("mode", [RoomMode.AUTO, RoomMode.MANUAL, RoomMode.UNAVAILABLE])
def test_a_rooms_own_word_counts(mode: RoomMode) -> None:
    """Whatever its thermostat is set to, unless it is off."""
    assert calls(mode, demand=True)
    assert not calls(mode, demand=False)
    assert not calls(RoomMode.OFF, demand=True)
