"""The hour of the apartments, from its beginning."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import APARTMENTS, HouseEntity
from .live_house import SimulatedHouseConfigEntry

BEGIN = ButtonEntityDescription(key="begin", name="Begin the hour", icon="mdi:replay")


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button."""
    async_add_entities([BeginButton(entry.runtime_data, BEGIN, APARTMENTS)])


class BeginButton(HouseEntity, ButtonEntity):
    """Begins what happens in the apartments, again if need be."""

    @property
    @override
    def shown(self) -> None:
        """Nothing of it changes by itself."""

    @override
    async def async_press(self) -> None:
        self.live_house.apartments.begin(self.live_house.now_s)
