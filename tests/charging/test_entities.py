"""All entities and devices of charging."""

from collections.abc import Iterator
from unittest.mock import patch

from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion

from custom_components.load_sharing import PLATFORMS

from ..homes.house import DRAW, STATUS, SWITCH, THREE_PHASES, House


@pytest.fixture
def _fixed_time(house: House) -> None:
    """Fix the time, so that timestamps are the same in every run."""
    house.freezer.move_to("2026-11-02T18:30:00+00:00")


@pytest.fixture(params=[item for item in PLATFORMS if item is not Platform.SELECT])
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    """Set up one platform at a time."""
    platform: Platform = request.param
    with patch("custom_components.load_sharing.PLATFORMS", (platform,)):
        yield platform


async def set_up_site(house: House, *, three_phases: bool) -> None:
    """Charge with 10 A, beside 12 A of other load."""
    house.number.show(10)
    await house.set_state(STATUS, "Charging")
    await house.set_state(DRAW, 10, "A")
    measured = (22, 20, 18) if three_phases else (22,)
    await house.wait(10)
    await house.measure(*measured)
    await house.set_up(
        supply=THREE_PHASES if three_phases else None,
        charger={
            "switch_entity": SWITCH,
            "status_entity": STATUS,
            "draw_entity": DRAW,
            "phases": ["l1", "l2", "l3"] if three_phases else ["l1"],
        },
    )
    await house.wait(6)
    await house.set_state(DRAW, 10.04, "A")
    await house.measure(*measured)


@pytest.mark.usefixtures("_fixed_time", "all_enabled")
async def test_the_entities_of_a_site_with_one_charger(
    hass: HomeAssistant,
    house: House,
    platform: Platform,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The supply has one phase."""
    await set_up_site(house, three_phases=False)
    await snapshot_platform(hass, entity_registry, snapshot, "site")


@pytest.mark.usefixtures("_fixed_time", "all_enabled")
async def test_the_sensors_of_a_three_phase_site(
    hass: HomeAssistant,
    house: House,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """Each phase has its own sensors."""
    with patch("custom_components.load_sharing.PLATFORMS", (Platform.SENSOR,)):
        await set_up_site(house, three_phases=True)
        await snapshot_platform(hass, entity_registry, snapshot, "site")


@pytest.mark.as_installed
async def test_a_new_charger_has_few_entities(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """What is looked at every day; the rest is there to be enabled."""
    await set_up_site(house, three_phases=True)
    entries = er.async_entries_for_config_entry(entity_registry, "site")
    enabled = {
        entry.entity_id: entry.entity_category
        for entry in entries
        if not entry.disabled
    }
    shown = {entity_id for entity_id, category in enabled.items() if category is None}
    assert {name for name in shown if ".garage_" in name} == {
        "binary_sensor.garage_charging",
        "binary_sensor.garage_waiting_for_current",
        "number.garage_max_current",
        "sensor.garage_current_set",
        "sensor.garage_draw",
        "sensor.garage_energy",
        "sensor.garage_session_energy",
        "sensor.garage_limited_by",
    }
    assert {name for name in shown if ".home_" in name} == {
        "binary_sensor.home_overload",
        "binary_sensor.home_without_the_meter",
        "event.home_overload_event",
        "number.home_max_service_current",
        "sensor.home_balancer_state",
        "sensor.home_headroom",
        "sensor.home_overloads_corrected",
        "sensor.home_peak_today",
        "sensor.home_service_current",
        "sensor.home_what_happens_now",
    }
    diagnostic = [
        entity_id
        for entity_id, category in enabled.items()
        if category is EntityCategory.DIAGNOSTIC
    ]
    assert len(diagnostic) <= 5


async def test_noisy_sensors_are_disabled(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """Few users need them, and the noise of a meter changes them all the time."""
    await set_up_site(house, three_phases=True)
    entries = er.async_entries_for_config_entry(entity_registry, "site")
    disabled = {entry.entity_id for entry in entries if entry.disabled}
    assert disabled == {
        "sensor.home_available_current",
        "sensor.home_base_load",
        "sensor.home_headroom_l1",
        "sensor.home_headroom_l2",
        "sensor.home_headroom_l3",
        "sensor.home_service_current_l1",
        "sensor.home_service_current_l2",
        "sensor.home_service_current_l3",
        "sensor.home_usable_current",
        "sensor.home_utilisation",
    }


async def test_the_entities_of_a_charger_belong_to_its_subentry(
    house: House, entity_registry: er.EntityRegistry
) -> None:
    """They are removed with it."""
    await set_up_site(house, three_phases=False)
    for entry in er.async_entries_for_config_entry(entity_registry, "site"):
        of_charger = entry.entity_id.split(".")[1].startswith("garage_")
        assert entry.config_subentry_id == ("charger0" if of_charger else None)


async def test_the_devices(
    house: House, device_registry: dr.DeviceRegistry, snapshot: SnapshotAssertion
) -> None:
    """The site is a service device; the charger is connected via it."""
    await set_up_site(house, three_phases=False)
    site = device_registry.async_get_device_by_identifier(
        ("load_sharing", "site"), config_entry_id="site"
    )
    charger = device_registry.async_get_device_by_identifier(
        ("load_sharing", "charger0"), config_entry_id="site"
    )
    assert site is not None
    assert charger is not None
    assert charger.via_device_id == site.id
    assert site == snapshot(name="site")
    assert charger == snapshot(name="charger")


async def test_a_reload_keeps_all_entities(
    hass: HomeAssistant, house: House, entity_registry: er.EntityRegistry
) -> None:
    """No entity is added or lost."""
    await set_up_site(house, three_phases=True)
    before = {
        entry.unique_id
        for entry in er.async_entries_for_config_entry(entity_registry, "site")
    }
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    after = {
        entry.unique_id
        for entry in er.async_entries_for_config_entry(entity_registry, "site")
    }
    assert after == before
    for entry in er.async_entries_for_config_entry(entity_registry, "site"):
        if not entry.disabled:
            assert house.state(entry.entity_id) != "unavailable"
