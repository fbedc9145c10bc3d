"""Entities that a site no longer has after a change of its configuration."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging import half as charging_half
from custom_components.load_sharing.const import DOMAIN

from ..homes.forms import enter_part
from ..homes.house import ACTIONS, CHARGER, DRAW, METERS, NUMBER, SUPPLY, House
from ..homes.radiators import BOILER, RadiatorHouse
from ..test_config_flow import begin_to_change, submit

PHASE = "sensor.home_l2_current"


def names(hass: HomeAssistant) -> set[str]:
    """Return the entities of the site in the registry, including disabled ones."""
    registry = er.async_get(hass)
    return {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(registry, "site")
    }


async def put_up_three(house: House, **charger: Any) -> MockConfigEntry:
    """Set up a supply of three phases, and a charger on the first."""
    await house.measure(1, 1, 1)
    phases = {"meter_l2": METERS[1], "meter_l3": METERS[2]}
    return await house.set_up(supply=phases, charger=charger)


async def change_charger(
    hass: HomeAssistant, entry: MockConfigEntry, control: str, *forms: dict[str, Any]
) -> None:
    """Go through the forms of the charger."""
    basics = {
        "name": "Garage",
        "min_current_a": 6.0,
        "max_current_a": 32.0,
        "control": control,
    }
    form: Any = await entry.start_subentry_reconfigure_flow(hass, "charger0")
    for entered in (basics, *forms):
        form = await enter_part(hass, form, entered)
    assert form["reason"] == "reconfigure_successful", form
    await hass.async_block_till_done()


async def test_three_phases_that_become_one(hass: HomeAssistant, house: House) -> None:
    """The sensors of each phase are removed; all others keep their names and settings."""
    entry = await put_up_three(house)
    before = names(hass)
    registry = er.async_get(hass)
    own = "sensor.my_headroom"
    registry.async_update_entity("sensor.home_headroom", new_entity_id=own)
    assert await submit(hass, await begin_to_change(hass, entry), SUPPLY)
    await hass.async_block_till_done()
    after = names(hass)
    gone = before - after
    assert gone - {"sensor.home_headroom"} == {
        name for name in before if name.endswith(("_l1", "_l2", "_l3"))
    }
    assert len(gone) > 3
    assert own in after
    assert house.state(own) != "unavailable"


async def test_disabled_entities_stay(hass: HomeAssistant, house: House) -> None:
    """Whether disabled by default or by the user. Stale ones are removed."""
    entry = await put_up_three(house)
    registry = er.async_get(hass)
    disabled = {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(registry, "site")
        if entity.disabled_by is not None
    }
    assert disabled
    for entity_id in ("sensor.home_headroom", "switch.home_shadow_mode"):
        registry.async_update_entity(
            entity_id, disabled_by=er.RegistryEntryDisabler.USER
        )
        disabled.add(entity_id)
    phase = next(name for name in names(hass) if name.endswith("_l2"))
    registry.async_update_entity(phase, disabled_by=er.RegistryEntryDisabler.USER)
    await hass.config_entries.async_reload("site")
    assert disabled <= names(hass)
    assert phase in names(hass)
    await submit(hass, await begin_to_change(hass, entry), SUPPLY)
    await hass.async_block_till_done()
    assert {name for name in disabled if name[-3:-1] != "_l"} <= names(hass)
    assert phase not in names(hass)


async def test_a_charger_that_is_driven_by_actions_from_now_on(
    hass: HomeAssistant, house: House
) -> None:
    """A manual change cannot be detected, and the measuring entity is gone."""
    await house.measure(1)
    await house.set_state(DRAW, 1, "A")
    entry = await house.set_up(charger={"draw_entity": DRAW})
    before = names(hass)
    await change_charger(
        hass, entry, "actions", {"set_current": ACTIONS["set_current"]}, {}
    )
    gone = before - names(hass)
    assert {
        "sensor.garage_set_by_hand",
        "sensor.garage_set_by_hand_until",
        "number.garage_manual_hold",
    } <= gone
    assert not any("test_result" in name for name in gone)
    assert "sensor.garage_current_set" in names(hass)


async def test_a_circuit_that_loses_its_meter(
    hass: HomeAssistant, house: House
) -> None:
    """Its current is unknown, its limit is not."""
    await house.measure(1)
    await house.set_state("sensor.yard", 1, "A")
    yard = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": "sensor.yard"}
    entry = await house.set_up(charger={"circuit": "yard"}, circuits={"yard": yard})
    before = names(hass)
    form: Any = await entry.start_subentry_reconfigure_flow(hass, "yard")
    done: Any = await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"name": "Yard", "limit_a": 20.0}
    )
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    gone = before - names(hass)
    assert gone
    assert all(".yard_" in name for name in gone)
    assert "number.yard_max_circuit_current" in names(hass)


async def test_a_half_that_fails_keeps_its_entities(
    hass: HomeAssistant, house: House
) -> None:
    """They are unavailable for a while, and come back with their history."""
    await put_up_three(house)
    before = names(hass)
    with patch.object(charging_half, "describe", side_effect=RuntimeError("no")):
        await hass.config_entries.async_reload("site")
        await hass.async_block_till_done()
    assert names(hass) == before
    with patch.object(charging_half, "make", side_effect=RuntimeError("no")):
        await hass.config_entries.async_reload("site")
    assert names(hass) == before
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert names(hass) == before
    assert house.state("sensor.home_balancer_state") not in ("unavailable", "unknown")


@pytest.mark.parametrize("platform", ["sensor", "number"])
async def test_a_platform_that_fails_keeps_its_entities(
    hass: HomeAssistant, house: House, platform: str
) -> None:
    """Home Assistant continues without the platform."""
    await house.measure(1)
    await house.set_up()
    before = names(hass)
    target = f"custom_components.load_sharing.{platform}.async_setup_entry"
    with patch(target, side_effect=RuntimeError("no")):
        await hass.config_entries.async_reload("site")
        await hass.async_block_till_done()
    assert names(hass) == before


async def test_others_are_left_alone(hass: HomeAssistant, house: House) -> None:
    """Another integration has added an entity to the charger's device."""
    await house.measure(1)
    entry = await house.set_up()
    registry = er.async_get(hass)
    other = registry.async_get_or_create(
        "sensor", "template", "other", config_entry=entry
    )
    orphan = registry.async_get_or_create(
        "sensor", DOMAIN, "charger0_long_gone", config_entry=entry
    )
    await hass.config_entries.async_reload("site")
    assert registry.async_get(other.entity_id)
    assert registry.async_get(orphan.entity_id) is None


async def test_a_heating_that_is_taken_out_of_the_entry(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its device is removed with its entities; the site's device stays."""
    await radiators.measure(1)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"supply": SUPPLY, "boiler": BOILER},
        entry_id="site",
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()
    devices = dr.async_get(hass)

    def of_site() -> set[str]:
        found = dr.async_entries_for_config_entry(devices, "site")
        return {identifier for device in found for _, identifier in device.identifiers}

    assert of_site() == {"site", "site_heating"}
    hass.config_entries.async_update_entry(entry, data={"supply": SUPPLY})
    await hass.async_block_till_done()
    assert of_site() == {"site"}
    assert not any("heating" in name for name in names(hass))
    assert radiators.state("sensor.home_balancer_state") == "active"


def test_the_number_of_the_charger_is_its_own() -> None:
    """The other tests rely on this."""
    assert CHARGER["number_entity"] == NUMBER
