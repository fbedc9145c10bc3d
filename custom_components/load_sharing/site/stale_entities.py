"""Removes entities that a site had, and that do not belong to it any more."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity

from ..const import DOMAIN


class Roll:
    """The entities that a site has, also those that are disabled.

    Only of a platform that is complete is it known which ones it has not.
    """

    def __init__(self) -> None:
        """Nothing was made yet."""
        self._made: set[tuple[str, str | None]] = set()
        self._complete: set[Platform] = set()

    def enter(self, platform: Platform, entities: Iterable[Entity]) -> None:
        """Take note of entities that were made."""
        self._made |= {(platform.value, entity.unique_id) for entity in entities}

    def complete(self, platform: Platform) -> None:
        """Take note that each half has made all of its entities of a platform."""
        self._complete.add(platform)

    def lacks(self, platform: str, unique_id: str) -> bool:
        """Whether the site certainly has no such entity."""
        return platform in self._complete and (platform, unique_id) not in self._made


@callback
def remove_leftovers(hass: HomeAssistant, entry: ConfigEntry[Any], roll: Roll) -> None:
    """Remove what a change of the configuration has left behind."""
    entities = er.async_get(hass)
    left_by = set()
    for entity in er.async_entries_for_config_entry(entities, entry.entry_id):
        if entity.platform == DOMAIN and roll.lacks(entity.domain, entity.unique_id):
            left_by.add(entity.device_id)
            entities.async_remove(entity.entity_id)
    devices = dr.async_get(hass)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        # The site's own is there without any, for others to hang on.
        is_site = (DOMAIN, entry.entry_id) in device.identifiers
        if (
            device.id in left_by
            and not is_site
            and not er.async_entries_for_device(
                entities, device.id, include_disabled_entities=True
            )
        ):
            devices.async_update_device(
                device.id, remove_config_entry_id=entry.entry_id
            )
