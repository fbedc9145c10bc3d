"""Schedules that appear late, cannot be read, or are malformed."""

from datetime import time
from types import MappingProxyType
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.const import DOMAIN, SUBENTRY_ROOM
from custom_components.load_sharing.heating.engine.schedule import DayBlock
from custom_components.load_sharing.heating.io.schedules import Schedules

from ...homes.radiators import BATH, BOILER, LOUNGE, SCHEDULES, RadiatorHouse

LOUNGE_SCHEDULE = "schedule.lounge"


def answer(hass: HomeAssistant, week: Any) -> None:
    """Make the schedule integration return this week, or raise this error."""

    async def get(call: ServiceCall) -> ServiceResponse:
        if isinstance(week, Exception):
            raise week
        return {call.data["entity_id"]: week}

    hass.services.async_register(
        "schedule", "get_schedule", get, supports_response=SupportsResponse.ONLY
    )


async def read(hass: HomeAssistant, week: Any) -> Any:
    """Parse a week as the schedule integration returns it."""
    answer(hass, week)
    schedules = Schedules(hass, {LOUNGE_SCHEDULE})
    await schedules.async_refresh_all()
    return schedules.get(LOUNGE_SCHEDULE)


async def test_a_real_helper(hass: HomeAssistant, radiators: RadiatorHouse) -> None:
    """It is read with its times and temperatures."""
    schedules = Schedules(hass, {LOUNGE_SCHEDULE})
    await schedules.async_refresh_all()
    week = schedules.get(LOUNGE_SCHEDULE)
    assert week == ((DayBlock(time(6, 40), time(9), 21.0),),) * 7


@pytest.mark.parametrize(
    "data",
    [
        {"temperature": 21},
        {"temp": 21},
        {"target_temperature": "21"},
        {"setpoint": "21 °C"},
        {"temperature": "warm", "temp": 21.0},
    ],
)
async def test_a_temperature_by_another_name(hass: HomeAssistant, data: Any) -> None:
    """People name it as they like, and some enter it as a text."""
    block = {"from": "06:00:00", "to": "07:00:00", "data": data}
    week = await read(hass, {"monday": [block]})
    assert week[0] == (DayBlock(time(6), time(7), 21.0),)


async def test_until_midnight(hass: HomeAssistant) -> None:
    """The end is a time or a text."""
    for end in (time.max, "24:00:00"):
        week = await read(hass, {"monday": [{"from": "22:00:00", "to": end}]})
        assert week[0] == (DayBlock(time(22), time.max, None),)
        assert week[1:] == ((),) * 6


async def test_blocks_are_sorted(hass: HomeAssistant) -> None:
    """Their order in the response does not matter."""
    blocks = [
        {"from": "17:00:00", "to": "18:00:00"},
        {"from": "06:00:00", "to": "07:00:00"},
    ]
    week = await read(hass, {"sunday": blocks})
    assert [block.start for block in week[6]] == [time(6), time(17)]


@pytest.mark.parametrize(
    "data",
    [None, {}, {"temperature": "warm"}, {"temperature": True}, {"temperature": 60}],
)
async def test_a_block_without_a_good_temperature_is_for_comfort(
    hass: HomeAssistant, data: Any
) -> None:
    """60 °C is not plausible for a room."""
    block = {"from": "06:00:00", "to": "07:00:00", "data": data}
    week = await read(hass, {"monday": [block]})
    assert week[0][0].target_c is None


@pytest.mark.parametrize(
    "error", [HomeAssistantError("no such schedule"), KeyError("from")], ids=repr
)
async def test_a_schedule_that_cannot_be_read_is_kept(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """The failure is logged once, without a traceback."""
    answer(hass, {"monday": [{"from": "06:00:00", "to": "07:00:00"}]})
    schedules = Schedules(hass, {LOUNGE_SCHEDULE})
    await schedules.async_refresh_all()
    answer(hass, error)
    await schedules.async_refresh_all()
    await schedules.async_refresh_all()
    week = schedules.get(LOUNGE_SCHEDULE)
    assert week is not None
    assert week[0]
    assert caplog.text.count("cannot be read") == 1
    assert "Traceback" not in caplog.text
    answer(hass, "nonsense")
    await schedules.async_refresh_all()
    assert schedules.get(LOUNGE_SCHEDULE) == week


async def test_a_deleted_helper_no_longer_counts(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """An unavailable helper counts; a removed one does not, without a reload."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    hass.states.async_set(LOUNGE_SCHEDULE, "unavailable")
    await hass.async_block_till_done()
    await radiators.wait(65)
    assert radiators.opening("lounge") == 90
    with patch(
        "homeassistant.config.load_yaml_config_file",
        return_value={"schedule": {"study": SCHEDULES["schedule"]["study"]}},
    ):
        await hass.services.async_call("schedule", "reload", {}, blocking=True)
    await hass.async_block_till_done()
    assert hass.states.get(LOUNGE_SCHEDULE) is None
    await radiators.wait(65)
    assert radiators.state("sensor.lounge_reason") == "not_scheduled"
    assert radiators.opening("lounge") == 0


@pytest.mark.parametrize(
    "day",
    [
        None,
        "always",
        ["from six"],
        [{"from": "06:00:00"}],
        [{"from": 6, "to": 7}],
        [{"from": "six", "to": "seven"}],
        [{"from": "07:00:00", "to": "06:00:00"}],
    ],
)
async def test_a_malformed_day_does_not_affect_other_days(
    hass: HomeAssistant, day: Any
) -> None:
    """It counts as a day without blocks."""
    good = [{"from": "06:00:00", "to": "07:00:00", "data": "warm"}]
    week = await read(hass, {"monday": day, "tuesday": good})
    assert week[0] == ()
    assert week[1] == (DayBlock(time(6), time(7), None),)


async def test_helpers_that_appear_after_the_site_are_read(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """While Home Assistant starts, they have states before they can be read."""
    get = "get_schedule"
    hass.services.async_remove("schedule", get)
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    answer(
        hass,
        {
            day: [
                {
                    "from": block["from"],
                    "to": block["to"],
                    "data": block["data"],
                }
                for block in blocks
            ]
            for day, blocks in SCHEDULES["schedule"]["lounge"].items()
            if day != "name"
        },
    )
    hass.states.async_set(LOUNGE_SCHEDULE, "off", {"next_event": "changed"})
    await hass.async_block_till_done()
    await radiators.wait(65)
    assert radiators.opening("lounge") == 90
    assert await async_setup_component(hass, "schedule", {})


async def test_a_room_that_is_added_while_schedules_are_read_is_set_up(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The site is set up again with the new room."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={"boiler": BOILER},
        subentries_data=[_room("Lounge", LOUNGE).as_dict()],
    )
    entry.add_to_hass(hass)

    async def get(_call: ServiceCall) -> ServiceResponse:
        if len(entry.subentries) == 1:
            hass.config_entries.async_add_subentry(entry, _room("Bath", BATH))
        return {LOUNGE_SCHEDULE: {}}

    hass.services.async_register(
        "schedule", "get_schedule", get, supports_response=SupportsResponse.ONLY
    )
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get("sensor.bath_reason") is not None


def _room(name: str, data: dict[str, Any]) -> ConfigSubentry:
    return ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=SUBENTRY_ROOM,
        title=name,
        unique_id=None,
    )
