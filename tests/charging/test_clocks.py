"""Two clocks: what is dated by the wall clock does not change when that is set."""

from datetime import datetime, timedelta

from homeassistant.util import dt as dt_util
import pytest

from custom_components.load_sharing.charging.config import SupplyConfig
from custom_components.load_sharing.charging.tuning import demand_limit

from ..homes.house import NUMBER, OPTIONS, SUPPLY, Car, House

LIMIT = "sensor.garage_temporary_limit"
UNTIL = "sensor.garage_temporary_limit_until"
BY_HAND = "sensor.garage_set_by_hand"
METER_PROBLEM = "binary_sensor.home_meter_problem"
HOUR = timedelta(hours=1)
CHANGES = pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "on"])


@pytest.mark.parametrize(
    ("zone", "at", "minutes", "ends"),
    [
        ("Asia/Kolkata", "12:10", 15, "12:15"),
        ("Asia/Kolkata", "12:10", 30, "12:30"),
        ("Asia/Kolkata", "12:10", 60, "13:00"),
        ("Australia/Darwin", "12:40", 60, "13:00"),
        ("Asia/Kathmandu", "12:40", 30, "13:00"),
        ("Asia/Kathmandu", "12:10", 60, "13:00"),
        ("America/St_Johns", "12:40", 60, "13:00"),
        ("Europe/Brussels", "12:10", 60, "13:00"),
    ],
)
def test_a_demand_window_ends_on_the_local_clock(
    zone: str, at: str, minutes: int, ends: str
) -> None:
    """India is 5 h 30 min ahead of UTC, Darwin 9 h 30 min, and Nepal 5 h 45 min."""
    default = dt_util.get_default_time_zone()
    time_zone = dt_util.get_time_zone(zone)
    assert time_zone is not None
    dt_util.set_default_time_zone(time_zone)
    try:
        now = datetime.fromisoformat(f"2026-03-10T{at}").replace(tzinfo=time_zone)
        supply = SupplyConfig.from_entry({"supply": SUPPLY}, OPTIONS)
        tuned = {"demand_limit": 3.0, "demand_window": float(minutes)}
        limit = demand_limit(supply, supply.mains, tuned, 1000.0, now.timestamp())
    finally:
        dt_util.set_default_time_zone(default)
    assert limit is not None
    end = now + timedelta(seconds=limit.ends_s - 1000.0)
    assert end.strftime("%H:%M") == ends


@CHANGES
async def test_a_silent_meter_is_stale_whatever_the_wall_clock_does(
    house: House, by: timedelta
) -> None:
    """It may be silent for 60 s; the clock is set after 20 s."""
    await house.measure(20)
    await house.set_up(options={"max_age_s": 60.0})
    await house.wait(20)
    house.set_wall_clock(by)
    await house.wait(35)
    assert house.state(METER_PROBLEM) == "off"
    await house.wait(10)
    assert house.state(METER_PROBLEM) == "on"
    await house.measure(20)
    await house.wait(1)
    assert house.state(METER_PROBLEM) == "off"


@CHANGES
async def test_a_meter_that_reports_is_never_stale(house: House, by: timedelta) -> None:
    """It reports every second, before the clock is set and afterwards."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.measure(30)
    await house.set_up(options={"max_age_s": 60.0})
    await house.live(20, 10, car)
    house.set_wall_clock(by)
    for _ in range(5):
        await house.live(1, 10, car)
        assert house.state(METER_PROBLEM) == "off"


@CHANGES
async def test_a_limit_lasts_as_long_as_it_was_set_for(
    house: House, by: timedelta
) -> None:
    """50 minutes; the clock is set after 10, and the shown end moves with it."""
    house.number.show(20)
    await house.measure(30)
    await house.set_up()
    await house.hass.services.async_call(
        "load_sharing",
        "set_limit",
        {
            "entity_id": "number.garage_max_current",
            "current": 8,
            "duration": {"minutes": 50},
        },
        blocking=True,
    )
    await house.wait(600)
    house.set_wall_clock(by)
    await house.wait(600)
    until = dt_util.parse_datetime(house.state(UNTIL))
    assert until is not None
    left = until - dt_util.utcnow()
    assert abs(left - timedelta(minutes=30)) < timedelta(seconds=1)
    await house.wait(1795)
    assert house.state(LIMIT) == "8.0"
    await house.wait(10)
    assert house.state(LIMIT) == "unknown"


@CHANGES
async def test_a_change_by_hand_counts_as_long_as_it_should(
    house: House, by: timedelta
) -> None:
    """12 A are set at the charger and count for an hour; the clock is set meanwhile."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up(charger={"max_current_a": 20.0})
    await house.live(30, 4, Car(house.hass, NUMBER))
    house.number.show(12)
    await house.wait(1)
    house.set_wall_clock(by)
    await house.wait(3590)
    assert house.state(BY_HAND) == "12.0"
    await house.wait(15)
    assert house.state(BY_HAND) == "unknown"


async def test_a_state_from_before_the_clock_was_set_back_keeps_its_age(
    house: House,
) -> None:
    """A reload after the change, when nothing is remembered, still ends the meter."""
    await house.measure(20)
    entry = await house.set_up(options={"max_age_s": 60.0})
    await house.wait(10)
    house.set_wall_clock(-HOUR)
    assert await house.hass.config_entries.async_reload(entry.entry_id)
    await house.wait(65)
    assert house.state(METER_PROBLEM) == "on"
