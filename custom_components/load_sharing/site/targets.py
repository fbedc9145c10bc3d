"""The binary sensors that the triggers and conditions of automations accept."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, CONF_TARGET, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from ..const import DOMAIN

BINARY_SENSORS: Final = {Platform.BINARY_SENSOR.value: DomainSpec()}


@dataclass(frozen=True, slots=True)
class Kind:
    """Binary sensors with the translation key ``key``, whatever their names."""

    key: str
    name: str
    is_diagnostic: bool = False

    def select(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> set[str]:
        """Return the entities that are of this kind."""
        registry = er.async_get(hass)
        return {
            entity_id
            for entity_id in entity_ids
            if (entry := registry.async_get(entity_id)) and self._is(entry)
        }

    def check_target(self, hass: HomeAssistant, config: ConfigType) -> None:
        """Raise vol.Invalid for an entity or device that cannot have such a sensor.

        It would silently never match.
        """
        registry = er.async_get(hass)
        target = config[CONF_TARGET]
        for entity_id in target.get(ATTR_ENTITY_ID, ()):
            entry = registry.async_get(entity_id)
            if entry is not None and not self._is(entry):
                raise self._refusal(entity_id, ATTR_ENTITY_ID)
        for device_id in target.get(ATTR_DEVICE_ID, ()):
            entries = er.async_entries_for_device(registry, device_id)
            if entries and not any(self._is(entry) for entry in entries):
                device = dr.async_get(hass).async_get(device_id)
                name = device and (device.name_by_user or device.name)
                raise self._refusal(name or device_id, ATTR_DEVICE_ID)

    def _refusal(self, chosen: str, field: str) -> vol.Invalid:
        return vol.Invalid(
            f"{chosen} is not “{self.name}” of Load Sharing and has none. "
            "Choose such an entity, or a device that has one",
            path=[CONF_TARGET, field],
        )

    def _is(self, entry: er.RegistryEntry) -> bool:
        return (entry.platform, entry.domain, entry.translation_key) == (
            DOMAIN,
            Platform.BINARY_SENSOR,
            self.key,
        )


OVERLOAD: Final = Kind("overload", "Overload")
METER_PROBLEM: Final = Kind("meter_problem", "Meter problem", is_diagnostic=True)
WAITING: Final = Kind("waiting", "Waiting for current")
SHARING: Final = Kind("sharing", "Sharing")
