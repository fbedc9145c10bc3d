"""What the user tunes while it runs, and what must survive a restart.

Kept in a Store, not in the entry's options: changing an option reloads the
entry, and a reload restarts every timer.
"""

from collections.abc import Callable, Mapping
from typing import Any

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

from ...const import DOMAIN
from .file import KeptFile, Loaded
from .parsing import Path
from .recovery import Aside, join, recover, split

SAVE_DELAY_S = 1.0
FIRST_SWITCHES = ("balancing", "heating_load_sharing")
"""Each half has one from its first start on: once it is there, so is a file."""


class SiteStore:
    """The site's tuning values and switches, and what its halves keep.

    Values belong to an owner: the supply, the heating, or a subentry by its ID.

    ``values`` is all that is stored. A half reads and changes its own parts through its
    ``store.py``, and reports each change to ``changed``.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._hass = hass
        self._entry_id = entry_id
        self._file = KeptFile(hass, f"{DOMAIN}.{entry_id}")
        self._on_settled: Callable[[], None] | None = None
        self.values: dict[str, Any] = {
            "enabled": True,
            "shadow": False,
            "mode": "all_tiers",
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
        self.values |= recovered.data
        if recovered.aside:
            self.values["set_aside"] = recovered.aside
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
        aside: Aside = self.values.get("set_aside", {})
        return aside

    def call_when_settled(self, call: Callable[[], None]) -> None:
        """Call when something is set anew, in place of what was damaged."""
        self._on_settled = call

    def changed(self, *paths: Path, delay_s: float = SAVE_DELAY_S) -> None:
        """Write soon; nothing stands in any more for what was damaged at ``paths``."""
        for path in paths:
            item = self.set_aside.get(join(path))
            if item is not None and item["open"]:
                item["open"] = False
                if self._on_settled is not None:
                    self._on_settled()
        self._file.async_delay_save(lambda: self.values, delay_s)

    async def async_save_now(self) -> None:
        """Write at once, leaving no timer behind."""
        await self._file.async_save(self.values)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()

    def tuning(self, owner: str) -> dict[str, float]:
        """Tuning values that the user changed."""
        tuning: dict[str, float] = self.values["tuning"].setdefault(owner, {})
        return tuning

    def tune(self, owner: str, key: str, value: float) -> None:
        """Change a tuning value."""
        self.tuning(owner)[key] = value
        self.changed(("tuning", owner, key))

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Whether a switch is on."""
        flag: bool = self.values["flags"].get(owner, {}).get(key, default)
        return flag

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self.values["flags"].setdefault(owner, {})[key] = value
        self.changed(("flags", owner, key))

    def keep_only(self, owners: set[str]) -> None:
        """Forget chargers and rooms that were removed."""
        data = self.values
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
            self.changed()


def _is_owned(name: str) -> bool:
    """Whether what was set aside is an owner's, and goes with it."""
    return name.startswith(("tuning/", "flags/", "chargers/", "yields/"))
