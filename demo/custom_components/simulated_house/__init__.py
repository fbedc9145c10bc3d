"""A simulated house as a Home Assistant integration: for the demo and its tests."""

from homeassistant.config_entries import SOURCE_IMPORT
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .const import DOMAIN
from .live_house import LiveHouse, SimulatedHouseConfigEntry

CONFIG_SCHEMA = cv.empty_config_schema(DOMAIN)

PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CLIMATE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Add the house once."""
    if not hass.config_entries.async_entries(DOMAIN):
        hass.async_create_task(
            hass.config_entries.flow.async_init(
                DOMAIN, context={"source": SOURCE_IMPORT}, data={}
            )
        )
    return True


async def async_setup_entry(
    hass: HomeAssistant, entry: SimulatedHouseConfigEntry
) -> bool:
    """Let the house live."""
    entry.runtime_data = live_house = LiveHouse(hass)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    entry.async_on_unload(live_house.async_start())
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: SimulatedHouseConfigEntry
) -> bool:
    """Stop the house's time."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
