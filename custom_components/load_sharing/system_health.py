"""Whether load sharing is well, at a glance."""

from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.core import HomeAssistant, callback

from .const import DOMAIN
from .coordinator import LoadSharingCoordinator


@callback
def async_register(_hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Offer the information."""
    register.async_register_info(async_describe)


async def async_describe(hass: HomeAssistant) -> dict[str, Any]:
    """Count what there is, and what is out of order."""
    sites: list[LoadSharingCoordinator] = [
        entry.runtime_data for entry in hass.config_entries.async_loaded_entries(DOMAIN)
    ]
    snapshots = [site.data for site in sites]
    chargers = [
        charger
        for snapshot in snapshots
        for charger in snapshot.charging.chargers.values()
    ]
    rooms = [room for snapshot in snapshots for room in snapshot.heating.rooms.values()]
    return {
        "sites": len(sites),
        "chargers": len(chargers),
        "chargers_with_a_problem": sum(charger.problem for charger in chargers),
        "meters_lost": sum(
            snapshot.charging.meter_problem is not None for snapshot in snapshots
        ),
        "rooms": len(rooms),
        "valves_with_a_problem": sum(room.problem for room in rooms),
    }
