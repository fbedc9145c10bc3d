"""Load Sharing: consumers share a limited supply, or the minimum load of a boiler."""

from homeassistant.config_entries import UpdateListenerType
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN, OWNER_HEATING, OWNER_SUPPLY
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .frontend import async_register_frontend
from .heating.removal import async_remove_leases
from .services import async_setup_services
from .site.devices import register_site
from .site.renames import async_follow_renames
from .site.repairs.checkup import async_withdraw_issues
from .site.stale_entities import remove_stale_entities
from .site.storage.damage_repairs import async_load_store
from .site.storage.store import SiteStore
from .site.versions import migrate, raise_newer_version_issues
from .websocket import async_register_commands

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
    """Set up what all sites share."""
    async_setup_services(hass)
    async_register_commands(hass)
    async_register_frontend(hass)
    async_follow_renames(hass)
    raise_newer_version_issues(hass)
    return True


async def async_migrate_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> bool:
    """Migrate a site of another version. A newer minor version needs no migration."""
    return migrate(hass, entry)


async def async_setup_entry(hass: HomeAssistant, entry: LoadSharingConfigEntry) -> bool:
    """Set up a site."""
    # First, so that a subentry that is added during the set-up is not missed.
    entry.async_on_unload(entry.add_update_listener(_reload_listener()))
    _ask_again_what_can_be_added(entry)
    owners = {OWNER_SUPPLY, OWNER_HEATING, *entry.subentries}
    store = await async_load_store(hass, entry, owners)
    coordinator = LoadSharingCoordinator(hass, entry, store)
    entry.runtime_data = coordinator
    # First, because the devices of chargers and rooms refer to the site's device.
    register_site(hass, entry)
    await coordinator.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    remove_stale_entities(hass, entry, coordinator.known_entities)
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> bool:
    """Unload a site. The entry itself cancels its timers and listeners."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.async_unload()
        if entry.disabled_by is not None:
            async_withdraw_issues(hass, entry.entry_id)
    return unloaded


async def async_remove_entry(
    hass: HomeAssistant, entry: LoadSharingConfigEntry
) -> None:
    """Delete a removed site's files; raise repairs for leases it did not give back."""
    async_withdraw_issues(hass, entry.entry_id)
    await SiteStore(hass, entry.entry_id).async_remove()
    await async_remove_leases(hass, entry)


def _ask_again_what_can_be_added(entry: LoadSharingConfigEntry) -> None:
    """Let a half that was added have its buttons.

    Home Assistant asks once which subentries an entry can have, and keeps the answer
    until it starts again. A site that gets its boiler later had no **Add room** so long.
    """
    object.__setattr__(entry, "_supported_subentry_types", None)


def _reload_listener() -> UpdateListenerType:
    """Return the listener that reloads once, however many parts change together."""
    reload_due = False

    async def reload(hass: HomeAssistant, entry: LoadSharingConfigEntry) -> None:
        nonlocal reload_due
        if not reload_due:
            reload_due = True
            hass.loop.call_soon(
                hass.config_entries.async_schedule_reload, entry.entry_id
            )

    return reload
