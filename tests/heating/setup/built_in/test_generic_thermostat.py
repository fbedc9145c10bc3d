"""A thermostat that Home Assistant makes itself of a relay and a sensor."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.heating.setup.discovery import find_heads

from ..registries import HEADS


async def test_a_generic_thermostat_is_offered_beside_a_head(
    hass: HomeAssistant,
) -> None:
    """It has no device, and is opened by its setpoint; its relay is its own."""
    hass.states.async_set("sensor.hall", "18", {"unit_of_measurement": "°C"})
    hass.states.async_set("switch.hall_valve", "off")
    entry = MockConfigEntry(
        domain="generic_thermostat",
        title="Hall",
        options={
            "name": "Hall",
            "heater": "switch.hall_valve",
            "target_sensor": "sensor.hall",
            "ac_mode": False,
            "cold_tolerance": 0.3,
            "hot_tolerance": 0.3,
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert find_heads(hass, set()) == {}
    HEADS["Tado"].install(hass)
    (climate,) = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    found = find_heads(hass, set())[climate.entity_id]
    assert found.name == "Hall (Generic Thermostat)"
    assert found.fields == {
        "name": "Hall",
        "climate_entity": climate.entity_id,
        "actuator": "setpoint",
        "demand": "temperature",
    }
