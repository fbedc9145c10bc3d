"""What happens in the houses, from its beginning."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .entity import APARTMENTS, HOUSE, HouseEntity
from .live_house import LiveHouse, SimulatedHouseConfigEntry


@dataclass(frozen=True, kw_only=True)
class HouseButtonDescription(ButtonEntityDescription):
    """Begins what happens in a house, again if need be."""

    press_fn: Callable[[LiveHouse], None]


BEGIN_EVENING = HouseButtonDescription(
    key="begin_evening",
    name="Begin the cold evening",
    icon="mdi:replay",
    press_fn=lambda live_house: live_house.begin_evening(),
)
BEGIN_HOUR = HouseButtonDescription(
    key="begin",
    name="Begin the hour",
    icon="mdi:replay",
    press_fn=lambda live_house: live_house.apartments.begin(live_house.now_s),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons."""
    async_add_entities(
        HouseButton(entry.runtime_data, description, device)
        for description, device in ((BEGIN_EVENING, HOUSE), (BEGIN_HOUR, APARTMENTS))
    )


class HouseButton(HouseEntity, ButtonEntity):
    """Begins what happens in a house, again if need be."""

    entity_description: HouseButtonDescription

    @property
    @override
    def shown(self) -> None:
        """Nothing of it changes by itself."""

    @override
    async def async_press(self) -> None:
        self.entity_description.press_fn(self.live_house)
