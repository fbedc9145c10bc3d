"""The sensors of the charge point, as they are registered since February 2026."""

from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from . import DOMAIN, OFFERED, TRANSACTION

OFFERED_KEY = "current_offered"
VALUES: dict[str, str | float | None] = {
    "connectors": 1,
    "current_import": None,
    OFFERED_KEY: 32.0,
    "energy_active_import_register": 1234.5,
    "error_code_connector": "NoError",
    "features": None,
    "power_active_import": None,
    "status": "Available",
    "status_connector": "Charging",
    "status_firmware": None,
    "stop_reason": None,
    "transaction_id": TRANSACTION,
}
UNITS = {"current": "A", "power": "kW", "energy": "kWh"}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry[None],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors."""
    async_add_entities(Metric(key) for key in VALUES)


class Metric(SensorEntity):
    """A value that the charge point reports."""

    _attr_should_poll = False

    def __init__(self, key: str) -> None:
        """Start with what it reports first."""
        self._key = key
        self._attr_unique_id = f"ocpp.charger.{key}.sensor"
        self._attr_name = key.replace("_", " ").title()
        self._attr_native_value = VALUES[key]
        self._attr_native_unit_of_measurement = UNITS.get(key.partition("_")[0])
        self._attr_device_info = DeviceInfo(
            identifiers={(DOMAIN, "charger")}, name="charger"
        )
        self.entity_id = f"sensor.charger_{key}"

    @override
    async def async_added_to_hass(self) -> None:
        if self._key == OFFERED_KEY:
            self.async_on_remove(
                async_dispatcher_connect(self.hass, OFFERED, self._offer)
            )

    def _offer(self, current_a: float) -> None:
        self._attr_native_value = current_a
        self.schedule_update_ha_state()
