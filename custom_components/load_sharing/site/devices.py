"""The devices of a site: its own, and those of its parts."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import (
    DeviceEntry,
    DeviceEntryType,
    DeviceInfo,
)

from ..const import DOMAIN
from .descriptions import Owner
from .host import Host
from .snapshot import SiteSnapshot

MANUFACTURER: Final = "Load Sharing"


def register_site(hass: HomeAssistant, entry: ConfigEntry[Any]) -> DeviceEntry:
    """Register the device of a site, which the devices of its parts refer to."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer=MANUFACTURER,
        entry_type=DeviceEntryType.SERVICE,
    )


def subentry_owner[PartT](
    host: Host, subentry_id: str, name: str, part: Callable[[SiteSnapshot], PartT]
) -> Owner[PartT]:
    """Return the owner of a subentry's entities, with a device of its own."""
    return Owner(
        key=subentry_id,
        unique_id=subentry_id,
        device=DeviceInfo(
            identifiers={(DOMAIN, subentry_id)},
            name=name,
            manufacturer=MANUFACTURER,
            via_device_id=register_site(host.hass, host.entry).id,
        ),
        part=part,
        subentry_id=subentry_id,
    )
