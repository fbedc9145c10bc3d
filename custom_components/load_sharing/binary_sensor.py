"""Binary sensors: what is wrong, and what is going on."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charging_entities import (
    CHARGER_BINARY_SENSORS,
    CIRCUIT_BINARY_SENSORS,
    SUPPLY_BINARY_SENSORS,
)
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import (
    Owner,
    PartBinarySensorDescription,
    WritesOnChange,
    charger_owner,
    circuit_owner,
    heating_owner,
    room_owner,
    supply_owner,
)
from .heating_entities import HEATING_BINARY_SENSORS, ROOM_BINARY_SENSORS

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up those of the supply, the chargers, the heating and the rooms."""
    coordinator = entry.runtime_data

    def add[PartT](
        owner: Owner[PartT],
        descriptions: tuple[PartBinarySensorDescription[PartT], ...],
    ) -> None:
        async_add_entities(
            (PartBinarySensor(coordinator, owner, item) for item in descriptions),
            config_subentry_id=owner.subentry_id,
        )

    if (charging := coordinator.charging) is not None:
        add(supply_owner(coordinator), SUPPLY_BINARY_SENSORS)
        for circuit in charging.circuits.configs.values():
            if circuit.meters:
                add(circuit_owner(coordinator, circuit), CIRCUIT_BINARY_SENSORS)
        for charger in charging.chargers.values():
            add(charger_owner(coordinator, charger.config), CHARGER_BINARY_SENSORS)
    if (heating := coordinator.heating) is not None:
        add(heating_owner(coordinator), HEATING_BINARY_SENSORS)
        for room in heating.rooms.values():
            add(room_owner(coordinator, room.config), ROOM_BINARY_SENSORS)


class PartBinarySensor[PartT](WritesOnChange[PartT, bool | None], BinarySensorEntity):
    """A condition of one part of the site."""

    entity_description: PartBinarySensorDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartBinarySensorDescription[PartT],
    ) -> None:
        """Follow the condition."""
        super().__init__(coordinator, owner, description)
        self._follow(description.is_on_fn)

    @override
    def _take(self, value: bool | None) -> None:
        self._attr_is_on = value
