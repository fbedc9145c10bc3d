"""Sensors: what is measured, what is allocated, and why."""

from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import (
    EVENT_CORE_CONFIG_UPDATE,
    MAX_LENGTH_STATE_STATE,
    Platform,
)
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import WritesOnChange, async_add_entities_of_halves
from .site.descriptions import (
    Attributes,
    Owner,
    PartMomentDescription,
    PartSensorDescription,
    SensorValue,
)
from .site.moment import Sentence

PARALLEL_UPDATES = 0


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.SENSOR, async_add_entities, make_sensor
    )


def make_sensor(
    coordinator: LoadSharingCoordinator,
    owner: Owner[Any],
    description: PartSensorDescription[Any] | PartMomentDescription[Any],
) -> SensorEntity:
    """Make the sensor that a description asks for."""
    if isinstance(description, PartMomentDescription):
        return MomentSensor(coordinator, owner, description)
    return PartSensor(coordinator, owner, description)


type State = tuple[SensorValue, Attributes | None, datetime | None]


class PartSensor[PartT](WritesOnChange[PartT, State], SensorEntity):
    """A value of one part of the site, its attributes, and since when it is counted."""

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
        self._follow(self._state_of)

    def _state_of(self, part: PartT) -> State:
        description = self.entity_description
        attributes_fn = description.attributes_fn
        attributes = None if attributes_fn is None else attributes_fn(part)
        last_reset_fn = description.last_reset_fn
        last_reset = None if last_reset_fn is None else last_reset_fn(part)
        return description.value_fn(part), attributes, last_reset

    @override
    def _apply(self, value: State) -> None:
        self._attr_native_value, attributes, self._attr_last_reset = value
        if attributes is not None:
            self._attr_extra_state_attributes = dict(attributes)


class MomentSensor[PartT](WritesOnChange[PartT, Sentence], SensorEntity):
    """A sentence in the language of the server, and which one it is."""

    entity_description: PartMomentDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartMomentDescription[PartT],
    ) -> None:
        """Follow the moment."""
        super().__init__(coordinator, owner, description)
        self._texts: dict[str, str] = {}
        self._follow(lambda part: description.moment_fn(part).sentence)

    @override
    async def async_added_to_hass(self) -> None:
        """Load the sentences, also those of another language that is chosen later."""
        await self._async_load_texts()
        self.async_on_remove(
            self.hass.bus.async_listen(
                EVENT_CORE_CONFIG_UPDATE, self._async_config_updated
            )
        )
        await super().async_added_to_hass()

    async def _async_load_texts(self) -> None:
        self._texts = await async_get_translations(
            self.hass, self.hass.config.language, "common", [DOMAIN]
        )

    async def _async_config_updated(self, event: Event[Any]) -> None:
        if "language" in event.data:
            await self._async_load_texts()
            self._apply(self._value)
            self.async_write_ha_state()

    @override
    def _apply(self, value: Sentence) -> None:
        text = self._texts.get(f"component.{DOMAIN}.common.{value.key}", "")
        sentence = text.format_map(dict(value.placeholders))
        self._attr_native_value = sentence[:MAX_LENGTH_STATE_STATE] or None
        self._attr_extra_state_attributes = {"kind": value.kind}
