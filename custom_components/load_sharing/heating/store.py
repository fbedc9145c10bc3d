"""What heating keeps across restarts: a typed view of its part of the site's store."""

from datetime import datetime
from typing import NotRequired, TypedDict

from homeassistant.util import dt as dt_util

from ..const import OWNER_HEATING
from ..site.storage.store import SiteStore
from .engine.model import Control, Mode

ENABLED = "load_sharing"
SHADOW = "shadow"


class DayRecord(TypedDict):
    """A day of the comparison. ``day`` is its ISO date."""

    day: str
    shares: bool | None
    burner_s: float
    heating_s: float
    cooldowns: int
    held_s: NotRequired[float]
    known_s: NotRequired[float]


class WeekRecord(TypedDict):
    """The week that is counted. ``monday`` and ``since`` are ISO dates."""

    monday: str
    since: str
    cooldowns: int
    starts: int
    burner_s: float
    held_s: float
    known_s: float
    sharing_s: float


class HeatingRecord(TypedDict, total=False):
    """What outlasts a restart besides settings. Times are Unix timestamps in s.

    ``outcomes`` and ``fallbacks`` are about the last activations: whether each was
    false, and whether it needed a fallback. ``sharing_s`` is that of ``Effect``, ``days``
    are those of ``Days``, today last. ``week`` is the one that is counted, and
    ``ended_week`` one that is over and not reported yet.
    ``heat_capacities``, ``end_rates`` and ``factors`` are those of ``Balance``,
    ``warming`` and ``cooling`` those of ``Pace`` by room. ``hold_*`` are
    about a hold of the burner, and ``lockouts`` about fallback rooms, until when.
    ``configured`` holds the values from the rooms' set-up that can also be tuned, by
    room. ``writes`` counts the calls to each actuator on ``writes_day``.
    """

    cooldowns: list[float]
    starts: list[float]
    outcomes: list[bool]
    fallbacks: list[bool]
    sharing_s: float
    days: list[DayRecord]
    week: WeekRecord
    ended_week: WeekRecord
    configured: dict[str, dict[str, float]]
    heat_capacities: list[float]
    end_rates: list[float]
    factors: dict[str, float]
    warming: dict[str, float]
    cooling: dict[str, float]
    hold_since: float | None
    hold_reason: str | None
    hold_spent: bool
    hold_yields_until: float | None
    lockouts: dict[str, float]
    writes: dict[str, int]
    writes_day: str


class HeatingStore:
    """Switches, the mode, overridden rooms, and the record of counts."""

    def __init__(self, store: SiteStore) -> None:
        """Wrap the store of the site."""
        self._store = store

    @property
    def enabled(self) -> bool:
        """Whether load sharing is switched on."""
        return self.flag(OWNER_HEATING, ENABLED, default=False)

    @property
    def shadow(self) -> bool:
        """Whether decisions are only shown, and nothing is set."""
        return self.flag(OWNER_HEATING, SHADOW, default=False)

    @property
    def mode(self) -> Mode:
        """Tiers that load sharing may use while it is enabled."""
        return Mode(self._store.values["mode"])

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._store.values["mode"] = value.value
        self._store.changed(("mode",))

    @property
    def active_mode(self) -> Mode:
        """Tiers that load sharing may use now."""
        return self.mode if self.enabled else Mode.OFF

    @property
    def control(self) -> Control:
        """How rooms are shared."""
        return Control(self._store.values["control"])

    @control.setter
    def control(self, value: Control) -> None:
        self._store.values["control"] = value.value
        self._store.changed(("control",))

    def override_until(self, room_id: str) -> datetime | None:
        """Return until when a room is left alone, as its actuator was overridden."""
        until = self._store.values["yields"].get(room_id)
        return dt_util.parse_datetime(until) if until else None

    def set_override_until(self, room_id: str, until: datetime | None) -> None:
        """Leave a room alone until a time; None lets it take part again."""
        yields: dict[str, str] = self._store.values["yields"]
        if until is not None:
            yields[room_id] = until.isoformat()
        elif yields.pop(room_id, None) is None:
            return
        self._store.changed(("yields", room_id))

    def tuning(self, owner: str) -> dict[str, float]:
        """Return the changed tuning values of the heating or a room."""
        return self._store.tuning(owner)

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Return whether a switch of the heating or a room is on."""
        return self._store.flag(owner, key, default=default)

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self._store.set_flag(owner, key, value=value)

    @property
    def record(self) -> HeatingRecord:
        """The record of counts. Call ``save`` after changing it."""
        record: HeatingRecord = self._store.values["heating"]
        return record

    def count_write(self, key: str) -> None:
        """Count a call to the actuator of a room, or of the boiler."""
        today = dt_util.now().date().isoformat()
        if self.record.get("writes_day") != today:
            self.record["writes"], self.record["writes_day"] = {}, today
        writes = self.record["writes"]
        writes[key] = writes.get(key, 0) + 1
        self.save()

    def writes_today(self, key: str) -> int:
        """Return how often an actuator was called since midnight."""
        if self.record.get("writes_day") != dt_util.now().date().isoformat():
            return 0
        return self.record.get("writes", {}).get(key, 0)

    def save(self) -> None:
        """Write the record to disk soon."""
        self._store.changed()
