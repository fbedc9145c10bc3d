"""System health: how many parts the sites have, and how many have a problem."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import LoadSharingCoordinator


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(async_describe)


async def async_describe(hass: HomeAssistant) -> dict[str, Any]:
    """Count the parts of all sites, and those with a problem."""
    sites: list[LoadSharingCoordinator] = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    charging = [site.data.charging for site in sites if site.data.charging]
    heating = [site.data.heating for site in sites if site.data.heating]
    chargers = [charger for part in charging for charger in part.chargers.values()]
    rooms = [room for part in heating for room in part.rooms.values()]
    return {
        "sites": len(sites),
        "chargers": len(chargers),
        "chargers_with_a_problem": sum(charger.problem for charger in chargers),
        "meters_lost": sum(part.meter_problem is not None for part in charging),
        "rooms": len(rooms),
        "valves_with_a_problem": sum(room.problem for room in rooms),
    }
