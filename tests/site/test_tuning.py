"""Numbers that the user tunes on a dashboard."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ..homes.house import NUMBER, Car, House

RAMP_UP_TIME = "number.home_ramp_up_time"
MAX_SERVICE = "number.home_max_service_current"
MAX_CHARGER = "number.garage_max_current"
MIN_CHARGER = "number.garage_min_current"


async def put_up(house: House, service_a: float = 10) -> None:
    """Set up a charger at 10 A."""
    house.number.show(10)
    await house.measure(service_a)
    await house.set_up()
    await house.wait(6)
    await house.measure(service_a)
    house.sent.clear()


async def test_the_defaults(house: House) -> None:
    """They are those in the documentation."""
    await put_up(house)
    expected = {
        MAX_SERVICE: "32.0",
        "number.home_safety_margin": "0",
        RAMP_UP_TIME: "15",
        "number.home_ramp_up_step": "4",
        "number.home_overload_trigger_delay": "2",
        "number.home_overload_correction_interval": "5",
        "number.home_current_without_meter": "6.0",
        "number.home_wait_without_the_meter": "10.0",
        "number.home_longest_meter_silence": "0.0",
        MAX_CHARGER: "32.0",
        MIN_CHARGER: "6.0",
        "number.garage_settle_time": "5",
    }
    assert {entity_id: house.state(entity_id) for entity_id in expected} == expected


async def test_a_lower_limit_counts_at_once(hass: HomeAssistant, house: House) -> None:
    """30 A at the meter, 10 A of them the charger's: a limit of 28 A leaves it 8 A.

    Nothing is reloaded for that.
    """
    await put_up(house, 30)
    coordinator = hass.config_entries.async_entries("load_sharing")[0].runtime_data
    await house.tune(MAX_SERVICE, 28)
    assert house.sent == [8]
    assert house.state(MAX_SERVICE) == "28.0"
    assert house.state("binary_sensor.home_overload") == "on"
    after = hass.config_entries.async_entries("load_sharing")[0].runtime_data
    assert after is coordinator


async def test_a_lower_maximum_counts_at_once(house: House) -> None:
    """With 10 A set, 7 A are allowed, then nothing at all."""
    await put_up(house)
    await house.tune(MAX_CHARGER, 7)
    assert house.sent == [7]
    assert house.state("sensor.garage_last_change_because_of") == "ceiling"
    await house.wait(10)
    await house.measure(7)
    assert house.state("sensor.garage_limited_by") == "charger_maximum"
    await house.tune(MAX_CHARGER, 0)
    assert house.sent == [7, 0]


async def test_a_minimum_above_the_current_pauses_the_charger(house: House) -> None:
    """12 A are left, but its minimum is 13 A."""
    await put_up(house, 30)
    await house.tune(MIN_CHARGER, 13)
    assert house.sent == [0]
    await house.wait(10)
    await house.measure(20)
    assert house.state("sensor.garage_limited_by") == "below_minimum"


async def test_a_shorter_ramp_counts_at_once(house: House) -> None:
    """5 s instead of 15 s, 8 A instead of 4 A."""
    await put_up(house)
    await house.tune("number.home_ramp_up_step", 8)
    await house.tune(RAMP_UP_TIME, 5)
    car = Car(house.hass, NUMBER)
    await house.live(12, 0, car)
    assert house.sent[0] == 18


async def test_values_are_kept_over_a_reload_that_follows_at_once(
    hass: HomeAssistant, house: House
) -> None:
    """It is changed and reloaded within the same second."""
    await put_up(house)
    await house.tune(RAMP_UP_TIME, 42)
    await house.tune(MAX_CHARGER, 20)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(RAMP_UP_TIME) == "42.0"
    assert house.state(MAX_CHARGER) == "20.0"


async def test_values_are_saved(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """They are on disk a moment later, so that a restart finds them."""
    await put_up(house)
    await house.tune(RAMP_UP_TIME, 42)
    await house.tune(MAX_CHARGER, 20)
    await house.switch_balancing(on=False)
    await house.wait(2)
    data = hass_storage["load_sharing.site"]["data"]
    assert data["tuning"]["supply"] == {"ramp_up_time": 42}
    assert data["tuning"]["charger0"] == {"max_charger_current": 20}
    assert data["enabled"] is False


async def test_values_are_restored_after_a_restart(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """The stored value applies from the start."""
    hass_storage["load_sharing.site"] = {
        "version": 1,
        "minor_version": 1,
        "key": "load_sharing.site",
        "data": {
            "enabled": True,
            "tuning": {
                "supply": {"max_service_current": 25},
                "charger0": {"max_charger_current": 8},
            },
        },
    }
    house.number.show(10)
    await house.measure(20)
    await house.set_up()
    assert house.state(MAX_SERVICE) == "25"
    assert house.sent == [8]


async def test_a_kept_value_never_exceeds_the_rating(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """63 A were set with a larger fuse; the supply has 32 A today."""
    hass_storage["load_sharing.site"] = {
        "version": 1,
        "minor_version": 1,
        "key": "load_sharing.site",
        "data": {
            "enabled": True,
            "tuning": {
                "supply": {"max_service_current": 63, "ramp_up_time": 1},
                "charger0": {"max_charger_current": 40},
            },
        },
    }
    house.number.show(26)
    await house.measure(40)
    await house.set_up(charger={"max_current_a": 16.0})
    assert house.state(MAX_SERVICE) == "32.0"
    assert house.state(RAMP_UP_TIME) == "5"
    assert house.state(MAX_CHARGER) == "16.0"
    assert house.sent == [16]


async def test_a_value_out_of_range_is_refused(house: House) -> None:
    """33 A on a supply of 32 A."""
    await put_up(house)
    with pytest.raises(ServiceValidationError):
        await house.tune(MAX_SERVICE, 33)
    assert house.state(MAX_SERVICE) == "32.0"


async def test_what_is_no_number_is_refused(house: House) -> None:
    """Home Assistant accepts NaN, and every comparison with it would be false."""
    await put_up(house)
    for entity_id in (MAX_SERVICE, MAX_CHARGER, MIN_CHARGER):
        before = house.state(entity_id)
        with pytest.raises(ServiceValidationError, match="not a number"):
            await house.tune(entity_id, float("nan"))
        assert house.state(entity_id) == before
    await house.measure(60)
    assert house.sent[-1] == 0


async def test_a_stored_value_that_is_no_number_is_the_default(
    hass: HomeAssistant, house: House, hass_storage: dict[str, Any]
) -> None:
    """An earlier version may have stored it."""
    await put_up(house)
    entry = hass.config_entries.async_entries("load_sharing")[0]
    entry.runtime_data.store.tune("supply", "max_service_current", float("nan"))
    entry.runtime_data.store.tune("charger0", "min_charger_current", None)
    await hass.config_entries.async_reload(entry.entry_id)
    assert house.state(MAX_SERVICE) == "32.0"
    assert house.state(MIN_CHARGER) == "6.0"
