"""The store of a site: what the user tunes at runtime, and what must survive a restart.

It is not part of the entry's options: a changed option reloads the entry, and a reload
restarts every timer.
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
from .file import LoadedFile, SiteFile
from .parsing import Path
from .recovery import SetAside, join_path, recover, split_path

SAVE_DELAY_S = 1.0
OWNED_PARTS = ("tuning", "flags", "chargers", "yields")
"""Parts of the store that have values by owner."""
_OWNED_PREFIXES = tuple(f"{part}/" for part in OWNED_PARTS)
FIRST_SWITCHES = ("balancing", "heating_load_sharing")
"""Ends of the unique IDs of the switches that each half has from its first start.

If the registry knows one of them, the site has run before and must have a file.
"""


class SiteStore:
    """The site's tuning values and switches, and what its halves store.

    Values belong to an owner: the supply, the heating, or a subentry by its ID.

    ``values`` is all that is stored. A half reads and changes its own parts through its
    ``store.py``, and reports each change to ``changed``.
    """

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Name the store after the config entry."""
        self._hass = hass
        self._entry_id = entry_id
        self._file = SiteFile(hass, f"{DOMAIN}.{entry_id}")
        self._on_settled: Callable[[], None] | None = None
        self.values: dict[str, Any] = {
            "enabled": True,
            "shadow": False,
            "mode": "all_tiers",
            "control": "balanced",
            "yields": {},
            "tuning": {},
            "flags": {},
            "chargers": {},
            "heating": {},
        }

    async def async_load(self, flags: Mapping[str, Mapping[str, bool]]) -> bool:
        """Read the file; return whether it has damage that was not known before.

        ``flags`` has the switches by owner, with their safe positions. The first start
        writes the defaults, so that a file exists from then on.
        """
        loaded = await self._async_read()
        if loaded.data is None and not loaded.lost:
            await self.async_save_now()
            return False
        recovered = recover(loaded.data, flags, dt_util.utcnow())
        self.values |= recovered.data
        if recovered.set_aside:
            self.values["set_aside"] = recovered.set_aside
        if recovered.changed:
            await self.async_save_now()
        return recovered.has_new_damage

    async def _async_read(self) -> LoadedFile:
        """Read the file; lost if there is none, although the site has run before."""
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
            return LoadedFile(None, lost=ran_before)
        return loaded

    @property
    def set_aside(self) -> SetAside:
        """Damaged values, by the names of their paths."""
        set_aside: SetAside = self.values.get("set_aside", {})
        return set_aside

    def call_when_settled(self, call: Callable[[], None]) -> None:
        """Call a function each time a new value replaces a damaged one."""
        self._on_settled = call

    def changed(self, *paths: Path, delay_s: float = SAVE_DELAY_S) -> None:
        """Write soon. The values at ``paths`` are new and no longer stand-ins."""
        for path in paths:
            item = self.set_aside.get(join_path(path))
            if item is not None and item["open"]:
                item["open"] = False
                if self._on_settled is not None:
                    self._on_settled()
        self._file.async_delay_save(lambda: self.values, delay_s)

    async def async_save_now(self) -> None:
        """Write at once and cancel a write that is due."""
        await self._file.async_save(self.values)

    async def async_remove(self) -> None:
        """Delete the file."""
        await self._file.async_remove()

    def tuning(self, owner: str) -> dict[str, float]:
        """Return the tuning values that the user changed."""
        tuning: dict[str, float] = self.values["tuning"].setdefault(owner, {})
        return tuning

    def tune(self, owner: str, key: str, value: float) -> None:
        """Change a tuning value."""
        self.tuning(owner)[key] = value
        self.changed(("tuning", owner, key))

    def flag(self, owner: str, key: str, *, default: bool) -> bool:
        """Return whether a switch is on."""
        flag: bool = self.values["flags"].get(owner, {}).get(key, default)
        return flag

    def set_flag(self, owner: str, key: str, *, value: bool) -> None:
        """Turn a switch on or off."""
        self.values["flags"].setdefault(owner, {})[key] = value
        self.changed(("flags", owner, key))

    def keep_only(self, owners: set[str]) -> None:
        """Drop the values of all other owners: chargers and rooms that were removed."""
        data = self.values
        parts = [data[part] for part in OWNED_PARTS]
        stored = {owner for part in parts for owner in part}
        damaged = {name: split_path(name)[1] for name in self.set_aside if "/" in name}
        owned = {
            owner for name, owner in damaged.items() if name.startswith(_OWNED_PREFIXES)
        }
        gone = (stored | owned) - owners
        for owner in gone:
            for part in parts:
                part.pop(owner, None)
        for name, owner in damaged.items():
            if owner in gone:
                del self.set_aside[name]
        if gone:
            self.changed()
