"""Base of the houses' entities."""

from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription

from .const import DOMAIN
from .live_house import LiveHouse

HOUSE = DeviceInfo(identifiers={(DOMAIN, DOMAIN)}, name="Simulated house")
APARTMENTS = DeviceInfo(
    identifiers={(DOMAIN, "simulated_apartments")}, name="Simulated apartments"
)
CHARGER = DeviceInfo(
    identifiers={(DOMAIN, "simulated_charger")}, name="Simulated charger"
)
OF_THE_CHARGER = ("charger", "charger_current_limit", "charger_status")


def bay(name: str) -> DeviceInfo:
    """One charger of the apartments."""
    return DeviceInfo(identifiers={(DOMAIN, slug(name))}, name=f"{name} charger")


def slug(name: str) -> str:
    """Part of a key."""
    return name.lower().replace(" ", "_")


class HouseEntity(Entity):
    """Shows something of a house, and writes it when it changed."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self,
        live_house: LiveHouse,
        description: EntityDescription,
        device: DeviceInfo = HOUSE,
    ) -> None:
        """Belong to a house."""
        self.live_house = live_house
        self.entity_description = description
        self._attr_unique_id = description.key
        # What is asked of a charger in the forms begins with its own device.
        house = "simulated_house" if device is HOUSE else "simulated_apartments"
        self.internal_integration_suggested_object_id = f"{house}_{description.key}"
        of_the_charger = device is HOUSE and description.key in OF_THE_CHARGER
        self._attr_device_info = CHARGER if of_the_charger else device
        self._shown: Any = None

    @property
    def shown(self) -> Any:
        """What the entity shows."""
        raise NotImplementedError

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the house."""
        self.async_on_remove(self.live_house.async_on_step(self._follow))

    @callback
    def _follow(self) -> None:
        shown = self.shown
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()
