"""Base of the houses' entities."""

from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.util import slugify

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
        self._attr_device_info = device
        # What the forms ask of a charger begins with its own device.
        if device is HOUSE and description.key in OF_THE_CHARGER:
            self._attr_device_info = CHARGER
            self._name_after("simulated_house")
        elif device not in (HOUSE, APARTMENTS):
            self._name_after("simulated_apartments")
        self._shown: Any = None

    def _name_after(self, house: str) -> None:
        """Have the entity ID that it would have on the device of the house."""
        name = slugify(str(self.entity_description.name))
        self.internal_integration_suggested_object_id = f"{house}_{name}"

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
