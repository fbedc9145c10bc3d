"""Loads the store of a site, and raises repairs for what is damaged in it."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.translation import async_get_translations

from ...const import CONF_BOILER, CONF_SUPPLY, DOMAIN, OWNER_HEATING, SUBENTRY_ROOM
from ..versions import raise_newer_version_issue, withdraw_newer_version_issue
from .parsing import SWITCHES, Path
from .recovery import split_path
from .store import SiteStore

STORE_DAMAGED: Final = "store_damaged"
SWITCHES_UNKNOWN: Final = "switches_unknown"

HEATING_FLAGS: Final = {"load_sharing": False, "shadow": True, "overheat_cap": True}
ROOM_FLAGS: Final = {"participates": False}
"""Switches with their safe positions: those in which the heating does the least."""

_ENTITIES: Final[dict[str, tuple[str, str]]] = {
    "enabled": ("switch", "balancing"),
    "shadow": ("switch", "shadow"),
    "mode": ("select", "load_sharing_mode"),
    "control": ("select", "load_sharing_control"),
    "yields": ("sensor", "room_reason"),
    "limit_a": ("sensor", "temporary_limit"),
    "limit_until": ("sensor", "temporary_limit_until"),
    "hand_a": ("sensor", "hand_limit"),
    "hand_until": ("sensor", "hand_limit_until"),
    "current_a": ("sensor", "current_set"),
    "confirmed": ("sensor", "current_set"),
    "test": ("sensor", "test_result"),
    "cooldowns": ("sensor", "cooldowns_today"),
    "starts": ("sensor", "starts_last_hour"),
    "outcomes": ("sensor", "false_activation_rate"),
    "sharing_s": ("sensor", "sharing_time"),
    "days": ("sensor", "burner_time_today"),
    "heat_capacities": ("sensor", "least_output"),
    "end_rates": ("sensor", "least_output"),
    "hold_since": ("binary_sensor", "burner_hold"),
    "hold_reason": ("sensor", "hold_reason"),
    "hold_spent": ("sensor", "hold_reason"),
    "hold_yields_until": ("binary_sensor", "burner_hold"),
    "writes": ("sensor", "writes_today"),
    "writes_day": ("sensor", "writes_today"),
}
"""Platform and key of the entity that shows a value, by the name of the value."""


def safe_flags(entry: ConfigEntry[Any]) -> Mapping[str, Mapping[str, bool]]:
    """Return the switches of a site by their owner, with their safe positions."""
    if CONF_BOILER not in entry.data:
        return {}
    rooms = entry.get_subentries_of_type(SUBENTRY_ROOM)
    of_rooms = {room.subentry_id: ROOM_FLAGS for room in rooms}
    return {OWNER_HEATING: HEATING_FLAGS, **of_rooms}


class DamageRepairs:
    """Repairs for damaged values of a store, while defaults stand in for them."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        store: SiteStore,
        texts: Mapping[str, str],
    ) -> None:
        """Take the translations of the entities and devices in ``texts``."""
        self._hass = hass
        self._entry = entry
        self._store = store
        self._texts = texts

    @callback
    def update(self) -> None:
        """Raise, update or withdraw the repairs."""
        opened = [
            split_path(name)
            for name, item in self._store.set_aside.items()
            if item["open"]
        ]
        switches = [path for path in opened if path[0] in SWITCHES]
        if CONF_SUPPLY not in self._entry.data:
            switches = []
        others = [path for path in opened if path[0] not in SWITCHES]
        self._raise(SWITCHES_UNKNOWN, switches, ir.IssueSeverity.CRITICAL)
        self._raise(STORE_DAMAGED, others, ir.IssueSeverity.WARNING)

    @callback
    def withdraw(self) -> None:
        """Withdraw the repairs, so that an ignored one does not hide new damage."""
        for key in (SWITCHES_UNKNOWN, STORE_DAMAGED):
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(key))

    def _raise(self, key: str, paths: list[Path], severity: ir.IssueSeverity) -> None:
        if not paths:
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id(key))
            return
        names = dict.fromkeys(self._name(path) for path in paths)
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id(key),
            is_fixable=False,
            severity=severity,
            translation_key=key,
            translation_placeholders={
                "site": self._entry.title,
                "parts": "\n".join(f"- {name}" for name in names),
            },
        )

    def _issue_id(self, key: str) -> str:
        return f"{key}_{self._entry.entry_id}"

    def _name(self, path: Path) -> str:
        """Return a name that the user knows: the owner and the entity of a value."""
        key = "yields" if path[0] == "yields" else path[-1]
        platform, entity = _ENTITIES.get(key, ("", ""))
        if path[0] in ("tuning", "flags"):
            platform, entity = ("number" if path[0] == "tuning" else "switch"), path[-1]
        name = self._text(f"entity.{platform}.{entity}.name")
        if name is None and (len(path) == 3 or path[0] == OWNER_HEATING):
            name = path[-1]
        owner = self._owner(path)
        return f"{owner}: {name}" if name else owner

    def _owner(self, path: Path) -> str:
        owner = path[1] if len(path) > 1 else ""
        if (subentry := self._entry.subentries.get(owner)) is not None:
            return subentry.title
        site = self._entry.title
        if OWNER_HEATING in path[:2] or path[0] in ("mode", "control"):
            name = self._text("device.heating.name") or site
            return name.replace("{site}", site)
        return site

    def _text(self, key: str) -> str | None:
        return self._texts.get(f"component.{DOMAIN}.{key}")


async def async_load_store(
    hass: HomeAssistant, entry: ConfigEntry[Any], owners: set[str]
) -> SiteStore:
    """Load the store of a site, and raise repairs for what is damaged.

    Raises ConfigEntryError for a file that a newer version wrote, and
    ConfigEntryNotReady for one that cannot be read at the moment.
    """
    store = SiteStore(hass, entry.entry_id)
    try:
        has_new_damage = await store.async_load(safe_flags(entry))
    except ConfigEntryError:
        raise_newer_version_issue(hass, entry)
        raise
    withdraw_newer_version_issue(hass, entry)
    store.keep_only(owners)
    texts: dict[str, str] = {}
    if store.set_aside:
        for category in ("entity", "device"):
            texts |= await async_get_translations(
                hass, hass.config.language, category, {DOMAIN}
            )
    repairs = DamageRepairs(hass, entry, store, texts)
    if has_new_damage:
        repairs.withdraw()
    repairs.update()
    store.call_when_settled(repairs.update)
    return store
