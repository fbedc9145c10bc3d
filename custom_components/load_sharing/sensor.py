"""Sensors: what is measured, what is allocated, and why."""

from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, async_add_entities_of_halves
from .site.descriptions import Owner, PartSensorDescription, SensorValue

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.SENSOR, async_add_entities, PartSensor
    )


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
    def _apply(self, value: SensorValue) -> None:
        self._attr_native_value = value
