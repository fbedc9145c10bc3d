"""The number of the charge point that Load Sharing must leave alone."""

from homeassistant.components.number import NumberEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import DOMAIN


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[None],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the number."""
    async_add_entities([MaximumCurrent()])


class MaximumCurrent(NumberEntity):
    """The maximum of the whole station, which it keeps in flash memory."""

    _attr_should_poll = False
    _attr_unique_id = "number.ocpp.charger.maximum_current"
    _attr_name = "Maximum Current"
    _attr_native_min_value = 0
    _attr_native_max_value = 32
    _attr_native_value = 32.0
    _attr_native_unit_of_measurement = "A"
    _attr_device_info = DeviceInfo(identifiers={(DOMAIN, "charger")}, name="charger")
    entity_id = "number.charger_maximum_current"
