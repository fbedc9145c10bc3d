"""Which rooms call for heat."""

import pytest

from custom_components.load_sharing.heating.engine.model import RoomMode

from .house import Story, room


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
