"""The select that says how far load sharing may go."""

from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, heating_owner
from .heating.model import Mode
from .snapshot import HeatingSnapshot

PARALLEL_UPDATES = 0

MODE = SelectEntityDescription(
    key="mode",
    translation_key="load_sharing_mode",
    options=[mode.value for mode in Mode],
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the select of the heating."""
    coordinator = entry.runtime_data
    if coordinator.heating is not None:
        async_add_entities([ModeSelect(coordinator)])


class ModeSelect(WritesOnChange[HeatingSnapshot, str], SelectEntity):
    """Off, the schedule tiers only, or all tiers."""

    def __init__(self, coordinator: LoadSharingCoordinator) -> None:
        """Follow what the user chose."""
        super().__init__(coordinator, heating_owner(coordinator), MODE)
        self._follow(lambda heating: heating.mode.value)

    @override
    def _take(self, value: str) -> None:
        self._attr_current_option = value

    @override
    async def async_select_option(self, option: str) -> None:
        """Go as far as this, and no further."""
        heating = self.coordinator.heating
        assert heating is not None
        heating.async_set_mode(Mode(option))
