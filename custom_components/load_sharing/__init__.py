"""Load Sharing: several consumers share one limited source."""

from homeassistant.config_entries import UpdateListenerType
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, OWNER_HEATING, OWNER_SUPPLY
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .heating.removal import async_remove_leases
from .services import async_setup_services
from .site.devices import register_site
from .site.renames import async_follow_renames
from .site.repairs.checkup import async_withdraw
from .site.stale_entities import remove_leftovers
from .site.storage.damage_repairs import async_load_store
from .site.storage.store import SiteStore
from .site.versions import migrate, raise_newer_version_issues

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Register the actions."""
    async_setup_services(hass)
    async_follow_renames(hass)
    raise_newer_version_issues(hass)
    return True


async def async_migrate_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> bool:
    """Take up a site of another version; a newer minor version only adds to it."""
    return migrate(hass, entry)


async def async_setup_entry(hass: HomeAssistant, entry: LoadSharingConfigEntry) -> bool:
    """Set up a site."""
    # First of all: what is added while this is still at work is not to be missed.
    entry.async_on_unload(entry.add_update_listener(_reload_once()))
    owners = {OWNER_SUPPLY, OWNER_HEATING, *entry.subentries}
    store = await async_load_store(hass, entry, owners)
    coordinator = LoadSharingCoordinator(hass, entry, store)
    entry.runtime_data = coordinator
    # Chargers name the site's device as the one they hang on, so it comes first.
    register_site(hass, entry)
    await coordinator.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    remove_leftovers(hass, entry, coordinator.roll)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> bool:
    """Unload a site; its timers and listeners go with the entry."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.async_unload()
        if entry.disabled_by is not None:
            async_withdraw(hass, entry.entry_id)
    return unloaded


async def async_remove_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> None:
    """Forget a site that was removed; tell of what it could not give back."""
    async_withdraw(hass, entry.entry_id)
    await SiteStore(hass, entry.entry_id).async_remove()
    await async_remove_leases(hass, entry)


def _reload_once() -> UpdateListenerType:
    """Start over with a changed configuration, however many parts of it change now."""
    due = False

    async def reload(hass: HomeAssistant, entry: LoadSharingConfigEntry) -> None:
        nonlocal due
        if not due:
            due = True
            hass.loop.call_soon(
                hass.config_entries.async_schedule_reload, entry.entry_id
            )

    return reload
