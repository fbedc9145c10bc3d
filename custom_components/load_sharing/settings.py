"""What the user tunes while it runs, and what must survive a restart.

Kept in a Store, not in the entry's options: changing an option reloads the
entry, and a reload restarts every timer.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .const import DOMAIN

STORAGE_VERSION = 1
SAVE_DELAY_S = 1.0


@dataclass(frozen=True, slots=True)
class TemporaryLimit:
    """A ceiling set by the ``set_limit`` action. ``until`` None: until further notice."""

    current_a: float
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastCommand:
    """The current a charger was told last. Not confirmed: it may have any other."""

    current_a: float
    confirmed: bool


class _ChargerData(TypedDict, total=False):
    tuning: dict[str, float]
    limit_a: float
    limit_until: str | None
    current_a: float
    confirmed: bool


class _SiteData(TypedDict):
    enabled: bool
    tuning: dict[str, float]
    chargers: dict[str, _ChargerData]


class SiteStore:
    """The site's tuning values, limits and last commands."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._store = Store[_SiteData](hass, STORAGE_VERSION, f"{DOMAIN}.{entry_id}")
        self._data: _SiteData = {"enabled": True, "tuning": {}, "chargers": {}}

    async def async_load(self) -> None:
        """Read what was saved; nothing saved leaves the defaults."""
        if (data := await self._store.async_load()) is not None:
            self._data = data

    async def async_save_now(self) -> None:
        """Write at once, leaving no timer behind."""
        await self._store.async_save(self._data)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._store.async_remove()

    @property
    def enabled(self) -> bool:
        """Whether the user wants balancing."""
        return self._data["enabled"]

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._data["enabled"] = value
        self._save()

    def tuning(self, charger_id: str | None) -> dict[str, float]:
        """Tuning values that the user changed; None names the site."""
        if charger_id is None:
            return self._data["tuning"]
        return self._charger(charger_id).setdefault("tuning", {})

    def tune(self, charger_id: str | None, key: str, value: float) -> None:
        """Change a tuning value."""
        self.tuning(charger_id)[key] = value
        self._save()

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
        self._save()

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
            self._save()

    def keep_only(self, charger_ids: set[str]) -> None:
        """Forget chargers that were removed."""
        for charger_id in self._data["chargers"].keys() - charger_ids:
            del self._data["chargers"][charger_id]
            self._save()

    def _charger(self, charger_id: str) -> _ChargerData:
        return self._data["chargers"].setdefault(charger_id, {})

    def _save(self) -> None:
        self._store.async_delay_save(lambda: self._data, SAVE_DELAY_S)
