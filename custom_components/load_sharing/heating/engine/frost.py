"""Frost: which room is the coldest, also where its sensor has failed.

A sensor that fails in a cold room does not warm it. Its last temperature stands, until
the room can be read again.
"""

from collections.abc import Iterable, Mapping

from .model import RoomInput

NEAR_FROST_K = 2.0
"""A room this little above the frost limit may fall below it unseen."""


def coldest_room_c(
    rooms: Iterable[RoomInput], near_frost_c: Mapping[str, float]
) -> float | None:
    """Return the temperature of the coldest room in °C; None if no room can be read.

    ``near_frost_c`` are the last known temperatures of the rooms near frost.
    """
    known_c = {
        room.settings.room_id: room.temperature_c
        for room in rooms
        if room.temperature_c is not None
    }
    return min({**near_frost_c, **known_c}.values()) if known_c else None


def rooms_near_frost(
    rooms: Iterable[RoomInput], near_frost_c: Mapping[str, float], frost_c: float
) -> dict[str, float]:
    """Return the last known temperatures in °C of the rooms that are near frost."""
    after = {}
    for room in rooms:
        room_id = room.settings.room_id
        last_c = room.temperature_c
        if last_c is None:
            last_c = near_frost_c.get(room_id)
        if last_c is not None and last_c <= frost_c + NEAR_FROST_K:
            after[room_id] = last_c
    return after
