"""What the user tunes while it runs, and what must survive a restart.

Kept in a Store, not in the entry's options: changing an option reloads the
entry, and a reload restarts every timer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict, cast

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    UnsupportedStorageVersionError,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ..charging.engine.commissioning import Findings, Outcome
from ..const import DOMAIN
from ..heating.engine.model import Mode
from .kept_file import KeptFile, Loaded
from .set_aside import Aside, join, recover, split

SAVE_DELAY_S = 1.0
FIRST_SWITCHES = ("balancing", "heating_load_sharing")
"""Each half has one from its first start on: once it is there, so is a file."""


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
    set_aside: NotRequired[Aside]


class SiteStore:
    """The site's tuning values, switches, limits, last commands and counts.

    Values belong to an owner: the supply, the heating, or a subentry by its ID.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._hass = hass
        self._entry_id = entry_id
        self._file = KeptFile(hass, f"{DOMAIN}.{entry_id}")
        self._on_settled: Callable[[], None] | None = None
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

    async def async_load(self, flags: Mapping[str, Mapping[str, bool]]) -> bool:
        """Read what was saved, and tell whether there is damage that is new.

        ``flags`` are the switches by owner, with their safe positions. At a first start
        the defaults count; they are written, so that there is a file from then on.
        """
        loaded = await self._async_read()
        if loaded.data is None and not loaded.lost:
            await self.async_save_now()
            return False
        recovered = recover(loaded.data, flags, dt_util.utcnow())
        self._data = cast("_SiteData", {**self._data, **recovered.data})
        if recovered.aside:
            self._data["set_aside"] = recovered.aside
        if recovered.changed:
            await self.async_save_now()
        return recovered.fresh

    async def _async_read(self) -> Loaded:
        try:
            loaded = await self._file.async_read()
        except UnsupportedStorageVersionError as error:
            raise ConfigEntryError(
                translation_domain=DOMAIN, translation_key="store_newer"
            ) from error
        except HomeAssistantError as error:
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN,
                translation_key="store_unreadable",
                translation_placeholders={"error": str(error)},
            ) from error
        if loaded.data is None and not loaded.lost:
            registry = er.async_get(self._hass)
            ran_before = any(
                registry.async_get_entity_id(
                    Platform.SWITCH, DOMAIN, f"{self._entry_id}_{key}"
                )
                for key in FIRST_SWITCHES
            )
            return Loaded(None, lost=ran_before)
        return loaded

    @property
    def set_aside(self) -> Aside:
        """What was damaged, by its path."""
        return self._data.get("set_aside", {})

    def call_when_settled(self, call: Callable[[], None]) -> None:
        """Call when something is set anew, in place of what was damaged."""
        self._on_settled = call

    def _settle(self, *path: str) -> None:
        """Note that something was set, so that nothing stands in for it any more."""
        item = self.set_aside.get(join(path))
        if item is not None and item["open"]:
            item["open"] = False
            if self._on_settled is not None:
                self._on_settled()

    async def async_save_now(self) -> None:
        """Write at once, leaving no timer behind."""
        await self._file.async_save(self._file_data)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()

    @property
    def _file_data(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self._data)

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
        self._settle("enabled")
        self.save()

    @property
    def shadow(self) -> bool:
        """Whether the chargers are only watched: decide and show, send nothing."""
        return self._data["shadow"]

    @shadow.setter
    def shadow(self, value: bool) -> None:
        self._data["shadow"] = value
        self._settle("shadow")
        self.save()

    @property
    def mode(self) -> Mode:
        """How far load sharing may go."""
        return Mode(self._data["mode"])

    @mode.setter
    def mode(self, value: Mode) -> None:
        self._data["mode"] = value.value
        self._settle("mode")
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
        self._settle("yields", room_id)
        self.save()

    def tuning(self, owner: str) -> dict[str, float]:
        """Tuning values that the user changed."""
        return self._data["tuning"].setdefault(owner, {})

    def tune(self, owner: str, key: str, value: float) -> None:
        """Change a tuning value."""
        self.tuning(owner)[key] = value
        self._settle("tuning", owner, key)
        self.save()

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Whether a switch is on."""
        return self._data["flags"].get(owner, {}).get(key, default)

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self._data["flags"].setdefault(owner, {})[key] = value
        self._settle("flags", owner, key)
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
        for key in ("limit_a", "limit_until"):
            self._settle("chargers", charger_id, key)
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
        for key in ("hand_a", "hand_until"):
            self._settle("chargers", charger_id, key)
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
        self._settle("chargers", charger_id, "test")
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
            for key in ("current_a", "confirmed"):
                self._settle("chargers", charger_id, key)
            # Without delay: what a run that dies leaves behind is all the next one knows.
            self._file.async_delay_save(lambda: self._file_data, 0)

    @property
    def heating(self) -> HeatingRecord:
        """What was counted of the heating. Whoever changes it saves it."""
        return self._data["heating"]

    def keep_only(self, owners: set[str]) -> None:
        """Forget chargers and rooms that were removed."""
        data = self._data
        parts = (data["tuning"], data["flags"], data["chargers"], data["yields"])
        gone = {key for part in parts for key in part}
        aside = {name: split(name)[1] for name in self.set_aside if "/" in name}
        gone = (gone | {aside[name] for name in aside if _is_owned(name)}) - owners
        for key in gone:
            for part in parts:
                part.pop(key, None)
        for name, owner in aside.items():
            if owner in gone:
                del self.set_aside[name]
        if gone:
            self.save()

    def save(self) -> None:
        """Write soon."""
        self._file.async_delay_save(lambda: self._file_data, SAVE_DELAY_S)

    def _charger(self, charger_id: str) -> _ChargerData:
        return self._data["chargers"].setdefault(charger_id, {})


def _is_owned(name: str) -> bool:
    """Whether what was set aside is an owner's, and goes with it."""
    return name.startswith(("tuning/", "flags/", "chargers/", "yields/"))
