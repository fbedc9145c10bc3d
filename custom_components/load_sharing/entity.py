"""Base entities: a site, and a charger on it. They only read the snapshot."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .charger import ManagedCharger
from .const import DOMAIN
from .coordinator import SITE, LoadSharingCoordinator
from .snapshot import SiteSnapshot


def site_device(entry: ConfigEntry[Any]) -> DeviceInfo:
    """Device of a site."""
    return DeviceInfo(
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer="Load Sharing",
        entry_type=DeviceEntryType.SERVICE,
    )


class SiteEntity(CoordinatorEntity[LoadSharingCoordinator]):
    """An entity of the site."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        description: EntityDescription,
        follows: str = SITE,
    ) -> None:
        """Belong to the site's device."""
        super().__init__(coordinator, context=follows)
        entry = coordinator.config_entry
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = site_device(entry)


class ChargerEntity(CoordinatorEntity[LoadSharingCoordinator]):
    """An entity of one charger."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        charger: ManagedCharger,
        description: EntityDescription,
        follows: str | None = None,
    ) -> None:
        """Belong to the charger's device."""
        charger_id = charger.config.charger_id
        super().__init__(coordinator, context=follows or charger_id)
        self.charger = charger
        self.charger_id = charger_id
        self.entity_description = description
        self._attr_unique_id = f"{charger_id}_{description.key}"
        site = dr.async_get(coordinator.hass).async_get_or_create(
            config_entry_id=coordinator.config_entry.entry_id,
            **site_device(coordinator.config_entry),
        )
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, charger_id)},
            name=charger.config.name,
            manufacturer="Load Sharing",
            via_device_id=site.id,
        )


class WritesOnChange[ValueT](CoordinatorEntity[LoadSharingCoordinator]):
    """Writes a state only when its value changed; most evaluations change few."""

    _read: Callable[[SiteSnapshot], ValueT]
    _value: ValueT

    @override
    async def async_added_to_hass(self) -> None:
        """Start to follow; the value may have changed since it was first taken."""
        await super().async_added_to_hass()
        self._follow(self._read)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        value = self._read(self.coordinator.data)
        if value != self._value:
            self._value = value
            self._take(value)
            if (cause := self.coordinator.cause) is not None:
                self.async_set_context(cause)
            self.async_write_ha_state()

    def _follow(self, read: Callable[[SiteSnapshot], ValueT]) -> None:
        """Name the value to follow and take its first."""
        self._read = read
        self._value = read(self.coordinator.data)
        self._take(self._value)

    def _take(self, value: ValueT) -> None:
        """Hold a new value as the entity's own."""
        raise NotImplementedError
