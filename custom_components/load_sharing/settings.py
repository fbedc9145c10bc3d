"""What the user tunes while it runs, and what must survive a restart.

Kept in a Store, not in the entry's options: changing an option reloads the
entry, and a reload restarts every timer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .charging.commissioning import Findings, Outcome
from .const import DOMAIN
from .heating.model import Mode

STORAGE_VERSION = 1
SAVE_DELAY_S = 1.0


@dataclass(frozen=True, slots=True)
class TemporaryLimit:
    """A ceiling somebody set for a time. ``until`` None: until further notice."""

    current_a: float
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastCommand:
    """The current a charger was told last. Not confirmed: it may have any other."""

    current_a: float
    confirmed: bool


class _TestData(TypedDict):
    outcome: str
    latency_s: float | None
    follow_s: float | None
    error_a: float | None
    took_all: bool | None


class _ChargerData(TypedDict, total=False):
    limit_a: float
    limit_until: str | None
    current_a: float
    confirmed: bool
    hand_a: float
    hand_until: str
    test: _TestData


class HeatingRecord(TypedDict, total=False):
    """What was counted of the heating. Times are Unix timestamps in s.

    ``configured`` is what the rooms' flows said of what can be tuned, by room.
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


class _SiteData(TypedDict):
    enabled: bool
    shadow: bool
    mode: str
    yields: dict[str, str]
    tuning: dict[str, dict[str, float]]
    flags: dict[str, dict[str, bool]]
    chargers: dict[str, _ChargerData]
    heating: HeatingRecord


class SiteStore:
    """The site's tuning values, switches, limits, last commands and counts.

    Values belong to an owner: the supply, the heating, or a subentry by its ID.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._store = Store[_SiteData](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}")
        self._data: _SiteData = {
            "enabled": True,
            "shadow": False,
            "mode": Mode.ALL_TIERS.value,
            "yields": {},
            "tuning": {},
            "flags": {},
            "chargers": {},
            "heating": {},
        }

    async def async_load(self) -> None:
        """Read what was saved; nothing saved leaves the defaults."""
        if (data := await self._store.async_load()) is not None:
            self._data = {**self._data, **data}

    async def async_save_now(self) -> None:
        """Write at once, leaving no timer behind."""
        await self._store.async_save(self._data)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    @property
    def stored(self) -> Mapping[str, object]:
        """All of it, for the diagnostics."""
        return self._data

    @property
    def enabled(self) -> bool:
        """Whether the user wants balancing."""
        return self._data["enabled"]

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._data["enabled"] = value
        self.save()

    @property
    def shadow(self) -> bool:
        """Whether the chargers are only watched: decide and show, send nothing."""
        return self._data["shadow"]

    @shadow.setter
    def shadow(self, value: bool) -> None:
        self._data["shadow"] = value
        self.save()

    @property
    def mode(self) -> Mode:
        """How far load sharing may go."""
        return Mode(self._data["mode"])

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._data["mode"] = value.value
        self.save()

    def yielded_until(self, room_id: str) -> datetime | None:
        """Until when a room is left to somebody who took it."""
        until = self._data["yields"].get(room_id)
        return dt_util.parse_datetime(until) if until else None

    def set_yielded(self, room_id: str, until: datetime | None) -> None:
        """Leave a room to somebody, or take part again."""
        if until is not None:
            self._data["yields"][room_id] = until.isoformat()
        elif self._data["yields"].pop(room_id, None) is None:
            return
        self.save()

    def tuning(self, owner: str) -> dict[str, float]:
        """Tuning values that the user changed."""
        return self._data["tuning"].setdefault(owner, {})

    def tune(self, owner: str, key: str, value: float) -> None:
        """Change a tuning value."""
        self.tuning(owner)[key] = value
        self.save()

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Whether a switch is on."""
        return self._data["flags"].get(owner, {}).get(key, default)

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self._data["flags"].setdefault(owner, {})[key] = value
        self.save()

    def limit(self, charger_id: str) -> TemporaryLimit | None:
        """The charger's temporary limit."""
        data = self._charger(charger_id)
        if "limit_a" not in data:
            return None
        until = data.get("limit_until")
        return TemporaryLimit(
            data["limit_a"], dt_util.parse_datetime(until) if until else None
        )

    def set_limit(self, charger_id: str, limit: TemporaryLimit | None) -> None:
        """Set or remove the charger's temporary limit."""
        data = self._charger(charger_id)
        if limit is None:
            data.pop("limit_a", None)
            data.pop("limit_until", None)
        else:
            data["limit_a"] = limit.current_a
            data["limit_until"] = limit.until.isoformat() if limit.until else None
        self.save()

    def hand_limit(self, charger_id: str) -> TemporaryLimit | None:
        """What somebody set at the charger's own controls."""
        data = self._charger(charger_id)
        if "hand_a" not in data:
            return None
        return TemporaryLimit(
            data["hand_a"], dt_util.parse_datetime(data["hand_until"])
        )

    def set_hand_limit(
        self, charger_id: str, current_a: float | None, until: datetime
    ) -> None:
        """Respect until then what somebody set; None: no longer."""
        data = self._charger(charger_id)
        if current_a is not None:
            data["hand_a"] = current_a
            data["hand_until"] = until.isoformat()
        elif data.pop("hand_a", None) is not None:
            data.pop("hand_until", None)
        self.save()

    def test(self, charger_id: str) -> Findings:
        """What the last test of the charger found."""
        if (found := self._charger(charger_id).get("test")) is None:
            return Findings()
        return Findings(
            Outcome(found["outcome"]),
            found["latency_s"],
            found["follow_s"],
            found["error_a"],
            found["took_all"],
        )

    def note_test(self, charger_id: str, findings: Findings) -> None:
        """Keep what a test found."""
        self._charger(charger_id)["test"] = {
            "outcome": findings.outcome.value,
            "latency_s": findings.latency_s,
            "follow_s": findings.follow_s,
            "error_a": findings.error_a,
            "took_all": findings.took_all,
        }
        self.save()

    def last_command(self, charger_id: str) -> LastCommand | None:
        """What the charger was told last."""
        data = self._charger(charger_id)
        if "current_a" not in data:
            return None
        return LastCommand(data["current_a"], data.get("confirmed", False))

    def note_command(self, charger_id: str, command: LastCommand) -> None:
        """Remember what the charger was told."""
        if command != self.last_command(charger_id):
            data = self._charger(charger_id)
            data["current_a"] = command.current_a
            data["confirmed"] = command.confirmed
            # Without delay: what a run that dies leaves behind is all the next one knows.
            self._store.async_delay_save(lambda: self._data, 0)

    @property
    def heating(self) -> HeatingRecord:
        """What was counted of the heating. Whoever changes it saves it."""
        return self._data["heating"]

    def keep_only(self, owners: set[str]) -> None:
        """Forget chargers and rooms that were removed."""
        parts: tuple[dict[str, object], ...] = (
            {**self._data["tuning"]},
            {**self._data["flags"]},
            {**self._data["chargers"]},
            {**self._data["yields"]},
        )
        gone = {key for part in parts for key in part} - owners
        for key in gone:
            self._data["tuning"].pop(key, None)
            self._data["flags"].pop(key, None)
            self._data["chargers"].pop(key, None)
            self._data["yields"].pop(key, None)
        if gone:
            self.save()

    def save(self) -> None:
        """Write soon."""
        self._store.async_delay_save(lambda: self._data, SAVE_DELAY_S)

    def _charger(self, charger_id: str) -> _ChargerData:
        return self._data["chargers"].setdefault(charger_id, {})
