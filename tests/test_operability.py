"""The texts of the logbook, and the system health."""

from typing import Any

from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.load_sharing.logbook import async_describe_events

from .homes.house import House
from .homes.radiators import RadiatorHouse


@pytest.mark.parametrize(
    ("event_type", "data", "name", "message"),
    [
        (
            "load_sharing_meter_lost",
            {"site": "Home", "entity_id": "sensor.meter", "reason": "stale"},
            "Home",
            "lost its meter: stale",
        ),
        (
            "load_sharing_fallback_activated",
            {"site": "Home", "reason": "stale", "currents_a": {}},
            "Home",
            "does what was chosen for a lost meter",
        ),
        (
            "load_sharing_charging_resumed",
            {"site": "Home", "charger": "Garage", "current_a": 6.0},
            "Garage",
            "resumed with 6 A",
        ),
        (
            "load_sharing_action_failed",
            {"site": "Home", "charger": "Garage", "current_a": 8.0, "error": "no"},
            "Garage",
            "could not be told 8 A: no",
        ),
        (
            "load_sharing_action_failed",
            {"site": "Home", "charger": "Garage", "current_a": 0.0, "error": "no"},
            "Garage",
            "could not be told a pause: no",
        ),
        (
            "load_sharing_overload_alarm",
            {"site": "Home", "phase": "l1", "circuit": "Garage", "excess_a": 4.0},
            "Home",
            "is 4.0 A over the limit on Garage L1, and every charger there is paused",
        ),
        (
            "load_sharing_charger_tested",
            {"site": "Home", "charger": "Garage", "result": "not_obeyed"},
            "Garage",
            "was tested: not obeyed",
        ),
    ],
)
async def test_the_logbook_has_words(
    hass: HomeAssistant, event_type: str, data: dict[str, Any], name: str, message: str
) -> None:
    """Every event on the bus has a text."""
    described: dict[str, Any] = {}
    async_describe_events(
        hass, lambda domain, kind, describe: described.__setitem__(kind, describe)
    )
    words = described[event_type](Event(event_type, data))
    assert (words["name"], words["message"]) == (name, message)


async def test_the_system_health_counts(hass: HomeAssistant, house: House) -> None:
    """The site has one charger and no meter."""
    await house.set_up()
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    assert await get_system_health_info(hass, "load_sharing") == {
        "sites": 1,
        "chargers": 1,
        "chargers_with_a_problem": 0,
        "meters_lost": 1,
        "rooms": 0,
        "valves_with_a_problem": 0,
    }


async def test_it_counts_rooms(hass: HomeAssistant, radiators: RadiatorHouse) -> None:
    """The site has four rooms."""
    await radiators.set_up_heating()
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    health = await get_system_health_info(hass, "load_sharing")
    assert (health["rooms"], health["chargers"]) == (4, 0)
