"""What heating keeps over a restart: a typed view of its parts of the site's store."""

from datetime import datetime
from typing import TypedDict

from homeassistant.util import dt as dt_util

from ..site.storage.store import SiteStore
from .engine.model import Mode


class HeatingRecord(TypedDict, total=False):
    """What was counted. Times are Unix timestamps in s.

    ``configured`` holds the tunable values as the rooms were configured, by room.
    """

    cooldowns: list[float]
    starts: list[float]
    outcomes: list[bool]
    fallbacks: list[bool]
    sharing_s: float
    sharing_cooldowns: int
    low_load_s: float
    low_load_cooldowns: int
    configured: dict[str, dict[str, float]]


class HeatingStore:
    """Switches, the mode, yielded rooms, and what was counted."""

    def __init__(self, store: SiteStore) -> None:
        """Read and write the store of the site."""
        self._store = store

    @property
    def mode(self) -> Mode:
        """How far load sharing may go."""
        return Mode(self._store.values["mode"])

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._store.values["mode"] = value.value
        self._store.changed(("mode",))

    def override_until(self, room_id: str) -> datetime | None:
        """Until when a room is left alone because its actuator was moved by hand."""
        until = self._store.values["yields"].get(room_id)
        return dt_util.parse_datetime(until) if until else None

    def set_override_until(self, room_id: str, until: datetime | None) -> None:
        """Leave a room alone until then; None: take part again."""
        yields: dict[str, str] = self._store.values["yields"]
        if until is not None:
            yields[room_id] = until.isoformat()
        elif yields.pop(room_id, None) is None:
            return
        self._store.changed(("yields", room_id))

    def tuning(self, owner: str) -> dict[str, float]:
        """Tuning values that the user changed, of the heating or a room."""
        return self._store.tuning(owner)

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Whether a switch of the heating or a room is on."""
        return self._store.flag(owner, key, default=default)

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self._store.set_flag(owner, key, value=value)

    @property
    def record(self) -> HeatingRecord:
        """What was counted. Call ``save`` after changing it."""
        record: HeatingRecord = self._store.values["heating"]
        return record

    def save(self) -> None:
        """Write soon."""
        self._store.changed()
