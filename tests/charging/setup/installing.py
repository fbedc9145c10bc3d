"""Registers chargers as their integrations do."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry


def install(
    hass: HomeAssistant,
    platform: str,
    entities: tuple[tuple[str, str], ...],
    identifier: str = "garage",
    name: str = "Garage box",
    *,
    has_device: bool = True,
) -> dict[str, str]:
    """Register a charger; return its entity IDs by domain and unique ID."""
    device_id = None
    if has_device:
        entry = MockConfigEntry(domain=platform)
        entry.add_to_hass(hass)
        device_id = (
            dr.async_get(hass)
            .async_get_or_create(
                config_entry_id=entry.entry_id,
                identifiers={(platform, identifier)},
                name=name,
            )
            .id
        )
    registry = er.async_get(hass)
    return {
        f"{domain} {unique_id}": registry.async_get_or_create(
            domain, platform, unique_id, device_id=device_id
        ).entity_id
        for domain, unique_id in entities
    }
