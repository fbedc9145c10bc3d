"""The button that tests a charger."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, Owner, charger_owner
from .snapshot import NOTHING, ChargerSnapshot

PARALLEL_UPDATES = 0

TEST = ButtonEntityDescription(
    key="test",
    translation_key="test_charger",
    entity_category=EntityCategory.DIAGNOSTIC,
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the button of each charger."""
    coordinator = entry.runtime_data
    if (charging := coordinator.charging) is not None:
        for charger in charging.chargers.values():
            owner = charger_owner(coordinator, charger.config)
            async_add_entities(
                [TestButton(coordinator, owner)], config_subentry_id=owner.subentry_id
            )


class TestButton(LoadSharingEntity[ChargerSnapshot], ButtonEntity):
    """Begins the test of a charger."""

    def __init__(
        self, coordinator: LoadSharingCoordinator, owner: Owner[ChargerSnapshot]
    ) -> None:
        """Follow nothing: a button has no state."""
        super().__init__(coordinator, owner, TEST, follows=NOTHING)

    @override
    async def async_press(self) -> None:
        """Test the charger."""
        charging = self.coordinator.charging
        assert charging is not None
        charging.async_test(self.owner.key)
