"""The entities of a boiler and its rooms, their numbers, and the repairs."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import PropertyMock, patch

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion

from custom_components.load_sharing import PLATFORMS

from ..homes.radiators import BATH, HALL, LOUNGE, ROOMS, RadiatorHouse

TARGET = "number.home_heating_target_capacity"
BELOW = "number.home_heating_share_below"


@pytest.fixture(params=[item for item in PLATFORMS if item is not Platform.BUTTON])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Set up one platform only, with all of its entities enabled."""
    platform: Platform = request.param
    with (
        patch("custom_components.load_sharing.PLATFORMS", (platform,)),
        patch(
            "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
            new_callable=PropertyMock,
            return_value=True,
        ),
    ):
        yield platform


async def test_the_entities(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    platform: Platform,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The heating, two rooms with a valve and one with a setpoint have entities."""
    rooms = {key: ROOMS[key] for key in ("bath", "lounge", "study")}
    await radiators.set_up_heating(rooms=rooms, switched_on=False)
    await snapshot_platform(hass, entity_registry, snapshot, "site")


@pytest.mark.as_installed
async def test_a_new_heating_has_few_entities(
    radiators: RadiatorHouse, entity_registry: er.EntityRegistry
) -> None:
    """What is looked at every day; the rest is there to be enabled."""
    await radiators.set_up_heating(rooms={"lounge": ROOMS["lounge"]})
    entries = er.async_entries_for_config_entry(entity_registry, "site")
    shown = {
        entry.entity_id
        for entry in entries
        if not entry.disabled and entry.entity_category is None
    }
    assert {name for name in shown if ".home_" in name} == {
        "binary_sensor.home_heating_burner_hold",
        "binary_sensor.home_heating_cycling",
        "binary_sensor.home_heating_sharing",
        "event.home_heating_sharing_event",
        "select.home_heating_sharing_control",
        "select.home_heating_sharing_mode",
        "sensor.home_heating_burner_starts_today",
        "sensor.home_heating_burner_time_today",
        "sensor.home_heating_cooldowns_today",
        "sensor.home_heating_state",
        "sensor.home_heating_what_happens_now",
        "switch.home_heating_share_heat",
    }
    numbers = {
        entry.entity_id
        for entry in entries
        if not entry.disabled and entry.entity_id.startswith("number.home_")
    }
    assert len(numbers) <= 10


async def test_the_devices(
    radiators: RadiatorHouse, device_registry: dr.DeviceRegistry
) -> None:
    """The heating and the rooms are connected via the site's device."""
    await radiators.set_up_heating(switched_on=False)
    site, heating, lounge = (
        device_registry.async_get_device_by_identifier(
            ("load_sharing", identifier), config_entry_id="site"
        )
        for identifier in ("site", "site_heating", "lounge")
    )
    assert site is not None
    assert heating is not None
    assert lounge is not None
    assert heating.name == "Home heating"
    assert lounge.name == "Lounge"
    assert heating.via_device_id == lounge.via_device_id == site.id


async def test_numbers_that_contradict_each_other_are_refused(
    radiators: RadiatorHouse,
) -> None:
    """A minimum that is not below the target is refused, and nothing changes."""
    await radiators.set_up_heating()
    for entity_id, value in ((BELOW, 4000), (TARGET, 3500), (BELOW, 9000)):
        with pytest.raises(ServiceValidationError, match="has to be less"):
            await radiators.tune(entity_id, value)
    assert radiators.state(BELOW) == "3500"
    assert radiators.state(TARGET) == "4000"
    await radiators.tune(TARGET, 6000)
    await radiators.tune(BELOW, 5000)
    assert radiators.state(BELOW) == "5000.0"


async def test_numbers_work_at_once(radiators: RadiatorHouse) -> None:
    """A look-ahead of 30 minutes puts a room with a block in 40 into tier 2 at once."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.state("sensor.lounge_tier") == "tier_1"
    await radiators.tune("number.lounge_schedule_look_ahead", 30)
    assert radiators.state("sensor.lounge_tier") == "tier_2"


async def test_a_room_follows_the_sites_look_ahead_until_it_has_its_own(
    radiators: RadiatorHouse,
) -> None:
    """The site's look-ahead applies to a room until its own is tuned."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.tune("number.home_heating_schedule_look_ahead", 30)
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.state("sensor.lounge_tier") == "tier_2"
    await radiators.tune("number.lounge_schedule_look_ahead", 60)
    assert radiators.state("sensor.lounge_tier") == "tier_1"


async def test_a_rooms_number_shows_the_sites_look_ahead_until_it_has_its_own(
    radiators: RadiatorHouse,
) -> None:
    """A room's number follows a change of the site's until it is tuned itself."""
    site, room = (
        f"number.{device}_schedule_look_ahead" for device in ("home_heating", "lounge")
    )
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    assert radiators.state(room) == "60.0"
    await radiators.tune(site, 90)
    assert radiators.state(room) == "90.0"
    await radiators.tune(room, 30)
    await radiators.tune(site, 120)
    assert radiators.state(room) == "30.0"


async def test_a_value_of_the_flow_that_is_later_than_the_tuning_wins(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A priority that the flow removes is gone; an unchanged look-ahead stays tuned."""
    entry = await radiators.set_up_heating(
        rooms={"bath": BATH, "hall": HALL | {"lookahead_min": 60}}
    )
    await radiators.tune("number.hall_fallback_priority", 7)
    await radiators.tune("number.hall_schedule_look_ahead", 45)
    hall = {key: value for key, value in HALL.items() if key != "fallback_priority"}
    hass.config_entries.async_update_subentry(
        entry, entry.subentries["hall"], data=hall | {"lookahead_min": 60}
    )
    await hass.async_block_till_done()
    assert radiators.state("number.hall_fallback_priority") == "0"
    assert radiators.state("number.hall_schedule_look_ahead") == "45.0"
    await radiators.tune("number.hall_fallback_priority", 3)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert radiators.state("number.hall_fallback_priority") == "3.0"


async def test_numbers_and_switches_survive_a_restart(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Numbers, switches and the mode keep their values over a reload."""
    await radiators.set_up_heating()
    await radiators.tune("number.home_heating_flow_efficiency", 1)
    await radiators.tune("number.hall_fallback_priority", 7)
    await radiators.choose("schedule_tiers")
    await radiators.switch_on("switch.home_heating_tier_3_overheating_cap", on=False)
    await radiators.switch_on("switch.lounge_takes_part", on=False)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert radiators.state("number.home_heating_flow_efficiency") == "1.0"
    assert radiators.state("number.hall_fallback_priority") == "7.0"
    assert radiators.state("select.home_heating_sharing_mode") == "schedule_tiers"
    assert radiators.state("switch.home_heating_tier_3_overheating_cap") == "off"
    assert radiators.state("switch.lounge_takes_part") == "off"
    assert radiators.state("switch.home_heating_share_heat") == "on"


async def test_a_room_without_a_rating_is_a_repair(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The room is left out, and adding a rating withdraws the repair."""
    lounge = {key: value for key, value in LOUNGE.items() if key != "q50_w"}
    entry = await radiators.set_up_heating(rooms={"bath": BATH, "lounge": lounge})
    issues = ir.async_get(hass)
    assert issues.async_get_issue("load_sharing", "no_rating_site_lounge")
    assert radiators.state("sensor.lounge_reason") == "no_rating"
    hass.config_entries.async_update_subentry(
        entry, entry.subentries["lounge"], data=LOUNGE
    )
    await hass.async_block_till_done()
    assert not issues.async_get_issue("load_sharing", "no_rating_site_lounge")


async def test_the_same_priority_twice_is_a_repair(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Tuning one of the two priorities withdraws the repair."""
    rooms = {"bath": BATH, "hall": HALL, "lounge": LOUNGE | {"fallback_priority": 1}}
    await radiators.set_up_heating(rooms=rooms)
    issues = ir.async_get(hass)
    issue = issues.async_get_issue("load_sharing", "same_priority_site")
    assert issue is not None
    assert issue.translation_placeholders == {"site": "Home", "rooms": "Hall, Lounge"}
    await radiators.tune("number.lounge_fallback_priority", 2)
    assert not issues.async_get_issue("load_sharing", "same_priority_site")


async def test_fallbacks_that_are_needed_often_are_a_repair(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Five activations that all need a fallback raise a repair, but one does not."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating(rooms={"bath": BATH, "hall": HALL})
    await radiators.tune("number.home_heating_minimum_activation", 0)
    await radiators.tune("number.home_heating_tier_3_lockout", 0)
    issues = ir.async_get(hass)
    for activations in range(5):
        issue = issues.async_get_issue("load_sharing", "schedule_gap_site")
        assert activations > 1 or issue is None
        await radiators.cool_down()
        await radiators.wait(30)
        assert radiators.state("binary_sensor.home_heating_sharing") == "on"
        await radiators.warm_bath(22.5)
        await radiators.wait(1)
        await radiators.warm_bath(20)
        await radiators.wait(16 * 60)
    assert issues.async_get_issue("load_sharing", "schedule_gap_site")


async def test_false_activations_are_a_repair(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """A repair is raised if two of the last six activations were false."""
    hass_storage["load_sharing.site"] = {
        "version": 1,
        "minor_version": 1,
        "key": "load_sharing.site",
        "data": {"heating": {"outcomes": [True, False, False, True, False, False]}},
    }
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    assert radiators.state("sensor.home_heating_false_activations") == "33"
    issue = ir.async_get(hass).async_get_issue("load_sharing", "false_activations_site")
    assert issue is not None
    assert issue.translation_placeholders == {"site": "Home", "percent": "33"}


async def test_repairs_go_with_the_site(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Removing the site withdraws its repairs."""
    lounge = {key: value for key, value in LOUNGE.items() if key != "q50_w"}
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": lounge})
    await hass.config_entries.async_remove("site")
    await hass.async_block_till_done()
    assert not ir.async_get(hass).issues
