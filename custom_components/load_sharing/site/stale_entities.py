"""Removes entities, and devices, that a site no longer has."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity

from ..const import DOMAIN


class KnownEntities:
    """The entities that a site has, including disabled ones.

    An entity can be stale only if its platform is complete: if every half has created
    all of its entities there.
    """

    def __init__(self) -> None:
        """Start without any."""
        self._created: set[tuple[str, str | None]] = set()
        self._complete: set[Platform] = set()

    def add(self, platform: Platform, entities: Iterable[Entity]) -> None:
        """Record entities that were created."""
        self._created |= {(platform.value, entity.unique_id) for entity in entities}

    def mark_complete(self, platform: Platform) -> None:
        """Record that every half has created all of its entities of a platform."""
        self._complete.add(platform)

    def is_stale(self, platform: str, unique_id: str) -> bool:
        """Return whether the site certainly no longer has this entity."""
        return platform in self._complete and (platform, unique_id) not in self._created


@callback
def remove_stale_entities(
    hass: HomeAssistant, entry: ConfigEntry[Any], known: KnownEntities
) -> None:
    """Remove the entities and devices that a changed configuration left behind."""
    entities = er.async_get(hass)
    affected_devices = set()
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        if entity.platform == DOMAIN and known.is_stale(
            entity.domain, entity.unique_id
        ):
            affected_devices.add(entity.device_id)
            entities.async_remove(entity.entity_id)
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        # The site's device may have no entities: other devices are connected via it.
        is_site = (DOMAIN, entry.entry_id) in device.identifiers
        if (
            device.id in affected_devices
            and not is_site
            and not er.async_entries_for_device(
                entities, device.id, include_disabled_entities=True
            )
        ):
            devices.async_update_device(
                device.id, remove_config_entry_id=entry.entry_id
            )
