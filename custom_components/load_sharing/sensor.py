"""Sensors: what is measured, what is given, and why."""

from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger_entities import HAND_LIMIT, TEST, TEST_WITH_DRAW
from .charging_entities import (
    CHARGER_SENSORS,
    CIRCUIT_SENSORS,
    LIMITING_CIRCUIT,
    SUPPLY_SENSORS,
    phase_sensors,
)
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import (
    Owner,
    PartSensorDescription,
    SensorValue,
    WritesOnChange,
    charger_owner,
    circuit_owner,
    heating_owner,
    room_owner,
    supply_owner,
)
from .heating_entities import HEATING_SENSORS, ROOM_SENSORS
from .tuning import has_controls

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the supply, the chargers, the heating and the rooms."""
    coordinator = entry.runtime_data

    def add[PartT](
        owner: Owner[PartT], descriptions: tuple[PartSensorDescription[PartT], ...]
    ) -> None:
        async_add_entities(
            (PartSensor(coordinator, owner, item) for item in descriptions),
            config_subentry_id=owner.subentry_id,
        )

    if (charging := coordinator.charging) is not None:
        supply = supply_owner(coordinator)
        add(supply, SUPPLY_SENSORS)
        phases = charging.supply.phases
        if phases > 1:
            for phase in range(phases):
                add(supply, phase_sensors(phase))
        for circuit in charging.circuits.configs.values():
            if circuit.meters:
                add(circuit_owner(coordinator, circuit), CIRCUIT_SENSORS)
        for charger in charging.chargers.values():
            owner = charger_owner(coordinator, charger.config)
            add(owner, CHARGER_SENSORS)
            add(owner, TEST)
            if charger.config.draws:
                add(owner, TEST_WITH_DRAW)
            if has_controls(charger.config):
                add(owner, HAND_LIMIT)
            if charging.circuits.configs:
                add(owner, LIMITING_CIRCUIT)
    if (heating := coordinator.heating) is not None:
        add(heating_owner(coordinator), HEATING_SENSORS)
        for room in heating.rooms.values():
            add(room_owner(coordinator, room.config), ROOM_SENSORS)


class PartSensor[PartT](WritesOnChange[PartT, SensorValue], SensorEntity):
    """A value of one part of the site."""

    entity_description: PartSensorDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartSensorDescription[PartT],
    ) -> None:
        """Follow the value."""
        super().__init__(coordinator, owner, description)
        self._attr_translation_placeholders = description.translation_placeholders
        self._follow(description.value_fn)

    @override
    def _take(self, value: SensorValue) -> None:
        self._attr_native_value = value
