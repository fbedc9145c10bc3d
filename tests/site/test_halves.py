"""A half of a site that is down does not stop the other."""

import sys
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.load_sharing.charging import half as charging_half
from custom_components.load_sharing.charging.control import ChargingControl
from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.heating import half as heating_half
from custom_components.load_sharing.heating.control import HeatingControl
from custom_components.load_sharing.site.descriptions import Described

from ..homes.house import ACTIONS, METER, SUPPLY
from ..homes.radiators import BOILER, ROOMS, STATE, RadiatorHouse

PACKAGE = "custom_components.load_sharing"


@pytest.fixture
def sent(hass: HomeAssistant) -> list[ServiceCall]:
    """Return what was sent to the charger."""
    return async_mock_service(hass, "test", "set_current")


async def set_up(radiators: RadiatorHouse, **data: dict[str, Any]) -> MockConfigEntry:
    """Set up a site with both halves, or with those that are given."""
    await radiators.measure(10)
    parts = [("charger", "garage", ACTIONS)] if "supply" in data or not data else []
    if "boiler" in data or not data:
        parts += [("room", name, room) for name, room in ROOMS.items()]
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data=data or {"supply": SUPPLY, "boiler": BOILER},
        entry_id="site",
        subentries_data=[
            {
                "data": part,
                "subentry_id": name,
                "subentry_type": kind,
                "title": name.capitalize(),
                "unique_id": None,
            }
            for kind, name, part in parts
        ],
    )
    entry.add_to_hass(radiators.hass)
    await radiators.hass.config_entries.async_setup(entry.entry_id)
    await radiators.hass.async_block_till_done()
    return entry


def issue(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    """Return a repair of the site."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{key}_site")


async def an_overload_is_corrected(
    radiators: RadiatorHouse, sent: list[ServiceCall]
) -> None:
    """Check that with 40 A on a supply of 32 A the charger is limited."""
    await radiators.wait(20)
    await radiators.measure(16)
    assert sent[-1].data["amperes"] == 6
    await radiators.measure(40)
    await radiators.wait(4)
    assert radiators.state("binary_sensor.home_overload") == "on"
    assert sent[-1].data["amperes"] == 0
    assert radiators.state("sensor.garage_current_set") == "0.0"


async def a_burn_is_shared(radiators: RadiatorHouse) -> None:
    """Check that after a cooldown the lounge is opened."""
    await radiators.switch_on()
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 100


async def test_charging_protects_where_heating_cannot_be_imported(
    hass: HomeAssistant, radiators: RadiatorHouse, sent: list[ServiceCall]
) -> None:
    with patch.dict(sys.modules, {f"{PACKAGE}.heating.half": None}):
        entry = await set_up(radiators)
    assert entry.state is ConfigEntryState.LOADED
    assert (down := issue(hass, "heating_down")) is not None
    assert down.translation_placeholders is not None
    assert down.translation_placeholders["site"] == "Home"
    assert "heating.half" in down.translation_placeholders["reason"]
    assert issue(hass, "charging_down") is None
    assert hass.states.get(STATE) is None
    await an_overload_is_corrected(radiators, sent)
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_heating_shares_where_charging_cannot_be_imported(
    hass: HomeAssistant, radiators: RadiatorHouse, sent: list[ServiceCall]
) -> None:
    with patch.dict(sys.modules, {f"{PACKAGE}.charging.half": None}):
        entry = await set_up(radiators)
    assert entry.state is ConfigEntryState.LOADED
    assert (down := issue(hass, "charging_down")) is not None
    assert down.severity is ir.IssueSeverity.CRITICAL
    assert issue(hass, "heating_down") is None
    await a_burn_is_shared(radiators)
    assert not sent
    assert hass.states.get("binary_sensor.home_overload") is None


@pytest.mark.parametrize("control", [ChargingControl, HeatingControl])
async def test_a_half_that_cannot_be_started(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    sent: list[ServiceCall],
    control: type,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """This holds for any exception. Once the half starts, the repair is withdrawn."""
    with patch.object(control, "async_start", side_effect=ZeroDivisionError("oh")):
        entry = await set_up(radiators)
    assert entry.state is ConfigEntryState.LOADED
    heating = control is HeatingControl
    key = "heating_down" if heating else "charging_down"
    assert (down := issue(hass, key)) is not None
    assert down.translation_placeholders == {
        "site": "Home",
        "reason": "ZeroDivisionError: oh",
    }
    assert "of Home cannot be set up" in caplog.text
    if heating:
        await an_overload_is_corrected(radiators, sent)
    else:
        await a_burn_is_shared(radiators)
        await radiators.measure(40)
        await radiators.wait(10)
        assert not sent

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert issue(hass, key) is None
    assert radiators.state("binary_sensor.home_overload") == "on"
    assert radiators.state("sensor.garage_current_set") == "0.0"
    assert radiators.state(STATE) != "unavailable"


@pytest.mark.parametrize("module", [charging_half, heating_half])
async def test_entities_that_cannot_be_made(
    hass: HomeAssistant, radiators: RadiatorHouse, module: Any
) -> None:
    """The half runs without them; the other half has its own."""
    describe = module.describe

    def broken(control: Any, host: Any, platform: Platform) -> Described:
        if platform is Platform.SENSOR:
            raise TypeError("no such field")
        described: Described = describe(control, host, platform)
        return described

    with patch.object(module, "describe", broken):
        entry = await set_up(radiators)
    assert entry.state is ConfigEntryState.LOADED
    name, other = "charging", STATE
    if module is heating_half:
        name, other = "heating", "sensor.home_headroom"
    assert (missing := issue(hass, f"{name}_entities_missing")) is not None
    assert missing.translation_placeholders is not None
    assert "TypeError: no such field" in missing.translation_placeholders["reason"]
    assert hass.states.get(other) is not None
    assert hass.states.get("binary_sensor.home_overload") is not None
    assert hass.states.get("binary_sensor.home_heating_sharing") is not None

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert issue(hass, f"{name}_entities_missing") is None


@pytest.mark.parametrize("module", [charging_half, heating_half])
async def test_a_half_that_cannot_be_checked(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    module: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The other half is still checked, and both run."""
    with patch.object(module, "find", side_effect=ZeroDivisionError("oh")):
        entry = await set_up(radiators)
        hass.states.async_remove(METER)
        hass.states.async_remove(str(BOILER["flow_entity"]))
        await radiators.wait(90)
    assert entry.state is ConfigEntryState.LOADED
    registry = ir.async_get(hass)
    raised = {
        name: registry.async_get_issue(DOMAIN, f"entity_gone_site_{part}") is not None
        for name, part in ((charging_half, "supply"), (heating_half, "boiler"))
    }
    assert raised == {
        charging_half: module is heating_half,
        heating_half: module is charging_half,
    }
    assert "cannot be checked" in caplog.text


async def test_a_site_whose_only_half_is_down_is_not_set_up(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The entry says why, and a repair says that the supply is not protected."""
    with patch.object(ChargingControl, "async_start", side_effect=ValueError("why")):
        entry = await set_up(radiators, supply=SUPPLY)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason is not None
    assert "ValueError: why" in entry.reason
    assert issue(hass, "charging_down") is not None
    # Nothing of it is left to hear the meter.
    hass.states.async_set(METER, "50", {"unit_of_measurement": "A"})
    await hass.async_block_till_done()
    assert not radiators.timers


async def test_a_site_of_nothing_is_not_set_up(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    entry = await set_up(radiators, other={})
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.reason is not None
    assert "neither a supply nor a boiler" in entry.reason


async def test_a_half_that_cannot_come_to_rest_does_not_keep_the_other_from_it(
    hass: HomeAssistant, radiators: RadiatorHouse, sent: list[ServiceCall]
) -> None:
    """Valves are given back although the charging fails to unload."""
    entry = await set_up(radiators)
    await a_burn_is_shared(radiators)
    with patch.object(ChargingControl, "async_unload", side_effect=ValueError("stuck")):
        assert not await hass.config_entries.async_unload(entry.entry_id)
    assert radiators.opening("lounge") == 0
