"""Registers heads and boilers as their integrations do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

HEATS: Mapping[str, Any] = {
    "supported_features": 1,
    "capabilities": {"hvac_modes": ["off", "heat", "auto"]},
}
"""What the registry knows of a thermostat that has one target."""
PERCENT: Mapping[str, Any] = {"unit_of_measurement": "%"}
CELSIUS: Mapping[str, Any] = {"unit_of_measurement": "°C"}

type Entity = tuple[str, str] | tuple[str, str, Mapping[str, Any]]
"""Its domain, its unique ID, and what else the registry knows of it."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A device as an integration registers it, and what is to be filled in.

    ``filled`` has the unique ID of the entity that each field gets, or another value.
    ``source`` is the version of the source that names the entities.
    """

    platform: str
    source: str
    entities: tuple[Entity, ...]
    filled: Mapping[str, str]
    name: str = "Lounge head"
    maker: str | None = None
    model: str | None = None
    model_id: str | None = None
    shown: Mapping[str, Any] = field(default_factory=dict)

    def install(self, hass: HomeAssistant) -> dict[str, str]:
        """Register it; return its entities by unique ID."""
        entry = MockConfigEntry(domain=self.platform)
        entry.add_to_hass(hass)
        device = dr.async_get(hass).async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={(self.platform, self.name)},
            name=self.name,
            manufacturer=self.maker,
            model=self.model,
            model_id=self.model_id,
        )
        return install_entities(hass, self.platform, self.entities, device.id)

    def expected(self, entities: Mapping[str, str]) -> dict[str, str]:
        """Return the fields to be filled in, with the entities in their places."""
        return {key: entities.get(val, val) for key, val in self.filled.items()}


def install_entities(
    hass: HomeAssistant,
    platform: str,
    entities: tuple[Entity, ...],
    device_id: str | None = None,
) -> dict[str, str]:
    """Register the entities of a device; return them by unique ID."""
    registered = {}
    for domain, unique_id, *more in entities:
        known: dict[str, Any] = dict(more[0]) if more else {}
        registered[unique_id] = (
            er.async_get(hass)
            .async_get_or_create(
                domain, platform, unique_id, device_id=device_id, **known
            )
            .entity_id
        )
    return registered
