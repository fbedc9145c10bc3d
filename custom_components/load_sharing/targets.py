"""Which entities the triggers and conditions of automations are about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from homeassistant.const import ATTR_ENTITY_ID, CONF_TARGET, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .const import DOMAIN

BINARY_SENSORS: Final = {Platform.BINARY_SENSOR.value: DomainSpec()}


@dataclass(frozen=True, slots=True)
class Kind:
    """Binary sensors with the translation key ``key``, whatever their names."""

    key: str
    name: str
    is_diagnostic: bool = False

    def among(self, hass: HomeAssistant, entity_ids: Iterable[str]) -> set[str]:
        """Those entities that are of this kind."""
        registry = er.async_get(hass)
        return {
            entity_id
            for entity_id in entity_ids
            if (entry := registry.async_get(entity_id)) and self._is(entry)
        }

    def check(self, hass: HomeAssistant, config: ConfigType) -> None:
        """Refuse entities that are known to be something else: they would be ignored."""
        registry = er.async_get(hass)
        for entity_id in config[CONF_TARGET].get(ATTR_ENTITY_ID, ()):
            entry = registry.async_get(entity_id)
            if entry is not None and not self._is(entry):
                raise vol.Invalid(
                    f"{entity_id} is not the one to choose. Choose an entity "
                    f"“{self.name}” of Load Sharing, or its device",
                    path=[CONF_TARGET, ATTR_ENTITY_ID],
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
