"""The action that sets a temporary limit."""

from typing import Any

from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    ServiceNotSupported,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from ..homes.house import CHARGER, NUMBER, SECOND_CHARGER, Car, House

MAX_CHARGER = "number.garage_max_current"
LIMIT = "sensor.garage_temporary_limit"
UNTIL = "sensor.garage_temporary_limit_until"
LIMITED_BY = "sensor.garage_limited_by"


async def set_up_charger(house: House) -> Car:
    """Charge with 20 A, beside 10 A of other load."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.measure(30)
    await house.set_up()
    await house.live(6, 10, car)
    house.sent.clear()
    return car


async def set_limit(
    house: House, target: dict[str, Any] | None = None, **data: Any
) -> None:
    await house.hass.services.async_call(
        "load_sharing",
        "set_limit",
        {**(target or {"entity_id": MAX_CHARGER}), **data},
        blocking=True,
    )
    await house.hass.async_block_till_done()


async def test_a_limit_counts_at_once_and_ends(house: House) -> None:
    """8 A apply for 10 minutes; then the charger rises again."""
    car = await set_up_charger(house)
    await set_limit(house, current=8, duration={"minutes": 10})
    assert house.sent == [8]
    assert house.state(LIMIT) == "8.0"
    assert house.state(UNTIL) != "unknown"
    assert house.state(MAX_CHARGER) == "32.0"
    await house.live(590, 10, car)
    assert house.sent == [8]
    assert house.state(LIMITED_BY) == "temporary_limit"
    await house.live(120, 10, car)
    assert house.sent[-1] == 22
    assert house.state(LIMIT) == "unknown"
    assert house.state(UNTIL) == "unknown"


async def test_a_limit_ends_by_time_alone(house: House) -> None:
    """The meter is silent when the limit ends."""
    await set_up_charger(house)
    await set_limit(house, current=8, duration=60)
    await house.wait(61)
    assert house.state(LIMIT) == "unknown"


async def test_a_limit_without_a_duration_lasts_until_removed(house: House) -> None:
    """The action without a current removes it."""
    car = await set_up_charger(house)
    await set_limit(house, current=8)
    await house.live(900, 10, car)
    assert set(house.sent) == {8}
    assert house.state(UNTIL) == "unknown"
    await set_limit(house)
    assert house.state(LIMIT) == "unknown"
    await house.live(90, 10, car)
    assert house.sent[-1] == 22


async def test_a_limit_with_a_duration_of_0_s_has_no_effect(house: House) -> None:
    """It ends before it begins."""
    await set_up_charger(house)
    await set_limit(house, current=8, duration=0)
    assert house.state(LIMIT) == "unknown"
    assert house.sent == []


async def test_a_limit_below_the_minimum_pauses(house: House) -> None:
    """5 A is less than a car accepts."""
    await set_up_charger(house)
    await set_limit(house, current=5)
    assert house.sent == [0]


async def test_a_limit_never_gives_more_than_is_free(house: House) -> None:
    """The limit is 32 A, and 22 A are available."""
    car = await set_up_charger(house)
    await set_limit(house, current=32)
    seen_a = await house.live(120, 10, car)
    assert max(house.sent) == 22
    assert max(seen_a) <= 32


async def test_a_limit_may_exceed_the_tuned_maximum(house: House) -> None:
    """The maximum is tuned to 16 A; the limit allows 20 A for an hour."""
    car = await set_up_charger(house)
    await house.tune(MAX_CHARGER, 16)
    await set_limit(house, current=20, duration={"hours": 1})
    await house.live(60, 10, car)
    assert house.sent[-1] == 20


async def test_a_limit_above_the_rating_is_refused(house: House) -> None:
    """The error names the charger and both currents."""
    await house.measure(10)
    await house.set_up(charger={"max_current_a": 16.0})
    with pytest.raises(ServiceValidationError) as refused:
        await set_limit(house, current=20)
    assert refused.value.translation_domain == "load_sharing"
    assert refused.value.translation_key == "limit_above_rating"
    assert refused.value.translation_placeholders == {
        "current_a": "20",
        "rating_a": "16",
        "limited": "Garage",
    }
    assert "above the rating of Garage" in str(refused.value)
    assert house.state(LIMIT) == "unknown"


@pytest.mark.parametrize("current", [-1, 201, "much", float("nan")])
async def test_an_invalid_current_is_refused(house: House, current: Any) -> None:
    """The schema validates the current."""
    await set_up_charger(house)
    with pytest.raises(Exception, match="current"):
        await set_limit(house, current=current)
    assert house.state(LIMIT) == "unknown"


async def test_a_limit_survives_a_restart(hass: HomeAssistant, house: House) -> None:
    """It ends at the time that was set."""
    await set_up_charger(house)
    await set_limit(house, current=8, duration={"minutes": 10})
    until = house.state(UNTIL)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(LIMIT) == "8.0"
    assert house.state(UNTIL) == until
    await house.wait(590)
    assert house.state(LIMIT) == "8.0"
    await house.wait(15)
    assert house.state(LIMIT) == "unknown"


async def test_a_limit_that_ended_while_home_assistant_was_down_is_gone(
    house: House, hass_storage: dict[str, Any]
) -> None:
    """Its end is years ago."""
    hass_storage["load_sharing.site"] = {
        "version": 1,
        "minor_version": 1,
        "key": "load_sharing.site",
        "data": {
            "enabled": True,
            "tuning": {},
            "chargers": {
                "charger0": {
                    "limit_a": 8,
                    "limit_until": "2020-01-01T00:00:00+00:00",
                }
            },
        },
    }
    await set_up_charger(house)
    assert house.state(LIMIT) == "unknown"
    assert house.state(NUMBER) == "20.0"


async def test_a_limit_needs_the_permission_to_control_the_charger(
    hass: HomeAssistant, house: House, hass_read_only_user: MockUser
) -> None:
    """The user has a read-only account."""
    await set_up_charger(house)
    hass_read_only_user.mock_policy({"entities": {"all": {POLICY_READ: True}}})
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            "load_sharing",
            "set_limit",
            {"entity_id": MAX_CHARGER, "current": 8},
            blocking=True,
            context=Context(user_id=hass_read_only_user.id),
        )
    assert house.state(LIMIT) == "unknown"


async def test_a_limit_for_a_device_sets_only_its_maximum(
    hass: HomeAssistant, house: House
) -> None:
    """The device has more numbers, and the site has another charger."""
    await house.put_up_second()
    await house.measure(10)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    device = dr.async_get(hass).async_get_device_by_identifier(
        ("load_sharing", "charger0"), config_entry_id="site"
    )
    assert device is not None
    await set_limit(house, {"device_id": device.id}, current=8)
    assert house.state(LIMIT) == "8.0"
    assert house.state("sensor.garage_2_temporary_limit") == "unknown"


async def test_a_limit_for_another_number_is_refused(house: House) -> None:
    """The minimum does not support the action."""
    await set_up_charger(house)
    with pytest.raises(ServiceNotSupported):
        await set_limit(house, {"entity_id": "number.garage_min_current"}, current=8)


async def test_a_limit_for_longer_than_a_year_is_refused(house: House) -> None:
    """Its end would be beyond the calendar."""
    await set_up_charger(house)
    with pytest.raises(vol.Invalid):
        await set_limit(house, current=8, duration={"days": 5_000_000})


async def test_the_whole_supply_can_be_limited_for_a_time(house: House) -> None:
    """16 A apply for ten minutes beside 10 A of other load, which leaves 6 A."""
    car = await set_up_charger(house)
    await set_limit(
        house,
        {"entity_id": "number.home_max_service_current"},
        current=16,
        duration={"minutes": 10},
    )
    assert house.state("sensor.home_temporary_limit") == "16.0"
    assert house.sent[-1] == 6
    await house.live(10, 10, car)
    assert house.state("sensor.garage_limited_by") == "user_limit"
    assert house.state("number.home_max_service_current") == "32.0"
    await house.live(700, 10, car)
    assert house.state("sensor.home_temporary_limit") == "unknown"
    assert house.sent[-1] == 22


async def test_the_supply_cannot_be_limited_above_its_rating(house: House) -> None:
    """Its fuse has 32 A."""
    await set_up_charger(house)
    with pytest.raises(ServiceValidationError, match="Home, 32 A"):
        await set_limit(
            house, {"entity_id": "number.home_max_service_current"}, current=40
        )
