"""What is attached to a report."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .house import NUMBER, Car, House
from .radiators import RadiatorHouse


async def fetch(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> dict[str, Any]:
    """Download them as a user does."""
    assert await async_setup_component(hass, "diagnostics", {})
    (entry,) = hass.config_entries.async_entries("load_sharing")
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert json.dumps(data)
    return dict(data)


async def test_the_last_decisions_and_their_inputs(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """With the reading, the reason and the command; the oldest are forgotten."""
    car = Car(hass, NUMBER)
    await house.measure(20)
    await house.set_up()
    await house.live(200, 10, car)
    await house.tune("number.home_ramp_up_time", 20)
    data = await fetch(hass, hass_client)
    assert len(data["decisions"]) == 200
    last = data["decisions"][-1]
    assert last["input"]["reading"]["current_a"] == [32.0]
    assert last["input"]["settings"]["ramp_up_time_s"] == 20
    assert last["decision"]["chargers"]["charger0"]["desired_a"] == 22
    assert last["decision"]["chargers"]["charger0"]["limit"] == "supply"
    assert data["decisions"][0]["at"] < last["at"]
    assert data["commands"]["charger0"]["confirmed"] is True
    assert data["configuration"]["data"]["supply"]["limit_a"] == 32.0
    assert data["configuration"]["subentries"]["charger0"]["title"] == "Garage"
    assert data["stored"]["tuning"]["supply"] == {"ramp_up_time": 20}


async def test_of_a_heating_site(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_client: ClientSessionGenerator
) -> None:
    """What it shows, and why."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    data = await fetch(hass, hass_client)
    assert data["decisions"] == []
    heating = data["now"]["heating"]
    assert heating["decision"]["state"] == "tier2_escalated"
    assert heating["rooms"]["lounge"]["decision"]["reason"] == "schedule"
    assert data["stored"]["heating"]["cooldowns"]
