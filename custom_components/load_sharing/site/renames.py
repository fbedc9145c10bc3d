"""Updates a site's configuration when an entity ID in it is changed."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..const import CONF_SET_CURRENT, CONF_SET_VALVE, CONF_START, CONF_STOP, DOMAIN

SEQUENCES = (CONF_SET_CURRENT, CONF_SET_VALVE, CONF_START, CONF_STOP)
"""The user's own actions, which may have templates. They are not changed."""


@callback
def async_follow_renames(hass: HomeAssistant) -> None:
    """Replace changed entity IDs in every site, even in one that is not set up."""

    @callback
    def is_rename(data: Mapping[str, Any]) -> bool:
        return "old_entity_id" in data

    @callback
    def follow(event: Event[Any]) -> None:
        for entry in hass.config_entries.async_entries(DOMAIN):
            _rename(hass, entry, event.data["old_entity_id"], event.data["entity_id"])

    hass.bus.async_listen(
        er.EVENT_ENTITY_REGISTRY_UPDATED, follow, event_filter=is_rename
    )


def _rename(
    hass: HomeAssistant, entry: ConfigEntry[Any], old_id: str, new_id: str
) -> None:
    """Replace an entity ID in the data, the options and the subentries of a site."""
    entries = hass.config_entries
    changed = entries.async_update_entry(
        entry,
        data=renamed(entry.data, old_id, new_id),
        options=renamed(entry.options, old_id, new_id),
    )
    for subentry in entry.subentries.values():
        data = renamed(subentry.data, old_id, new_id)
        changed |= entries.async_update_subentry(entry, subentry, data=data)
    if changed and entry.state is ConfigEntryState.LOADED:
        # The site is about to reload. Until then it would find the entity missing.
        entry.runtime_data.async_pause()


def renamed(value: Any, old_id: str, new_id: str) -> Any:
    """Return data of any depth with one entity ID replaced by another."""
    if isinstance(value, Mapping):
        return {
            key: item if key in SEQUENCES else renamed(item, old_id, new_id)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [renamed(item, old_id, new_id) for item in value]
    return new_id if value == old_id else value
