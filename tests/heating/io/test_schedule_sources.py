"""Schedules that are no schedule helpers: calendars, thermostats, and others."""

from datetime import UTC, date, datetime, time
from typing import Any, override
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, State
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import setup_test_component_platform

from custom_components.load_sharing.heating.engine.schedule import DayBlock
from custom_components.load_sharing.heating.io.schedule_sources import (
    is_schedule,
    parse_events,
    parse_state,
)
from custom_components.load_sharing.heating.io.schedules import Schedules

from ...homes.radiators import BATH, LOUNGE, STUDY, RadiatorHouse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 5, 6, 0, tzinfo=BERLIN)
"""A Monday."""
C = "°C"


@pytest.fixture(autouse=True)
async def _berlin(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Be in Berlin, at six on a Monday morning."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(NOW)


def event(start: Any, end: Any, title: Any = "Heating") -> dict[str, Any]:
    """An event as the calendar's action returns it."""
    return {"start": start, "end": end, "summary": title}


@pytest.mark.parametrize(
    ("title", "target_c"),
    [
        ("21", 21.0),
        ("22.5 °C", 22.5),
        ("Bath 21,5°", 21.5),
        ("Heating", None),
        ("Room 12", None),
        ("60 °C", None),
        (None, None),
    ],
)
async def test_an_event_is_a_block(title: Any, target_c: float | None) -> None:
    """Its title may have a temperature; otherwise it is for comfort."""
    start, end = "2026-01-06T07:00:00+01:00", "2026-01-06T09:30:00+01:00"
    week = parse_events([event(start, end, title)], C, NOW)
    assert week[1] == (DayBlock(time(7), time(9, 30), target_c),)
    assert sum(map(len, week)) == 1


async def test_an_event_over_midnight_is_cut() -> None:
    """From Wednesday at 22:00 to Friday at 06:00."""
    start, end = "2026-01-07T22:00:00+01:00", "2026-01-09T06:00:00+01:00"
    week = parse_events([event(start, end)], C, NOW)
    assert week[2] == (DayBlock(time(22), time.max),)
    assert week[3] == (DayBlock(time.min, time.max),)
    assert week[4] == (DayBlock(time.min, time(6)),)


async def test_an_event_of_a_whole_day() -> None:
    """It has dates instead of times."""
    week = parse_events([event("2026-01-10", date(2026, 1, 11))], C, NOW)
    assert week[5] == (DayBlock(time.min, time.max),)
    assert sum(map(len, week)) == 1


@pytest.mark.parametrize(
    "events",
    [
        None,
        "nonsense",
        [event("soon", "later")],
        [event(5, 6)],
        [event("2026-01-06T09:00:00+01:00", "2026-01-06T07:00:00+01:00")],
        [event("2027-01-06T07:00:00+01:00", "2027-01-06T09:00:00+01:00")],
    ],
)
async def test_what_is_no_event_is_no_block(events: Any) -> None:
    """Neither is one that ends before it begins, or is next year."""
    assert parse_events(events, C, NOW) == ((),) * 7


NEXT = "2026-01-05T07:15:00+01:00"
EVOHOME = {"setpoints": {"next_sp_from": NEXT, "next_sp_temp": 21.0}}
TRIGGER = {"next_trigger": NEXT, "next_slot": 1}
ACTIONS = [
    {"service": "climate.set_temperature", "data": {"temperature": 16}},
    {"service": "climate.set_temperature", "service_data": {"temperature": 21}},
]


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes", "target_c"),
    [
        ("climate.evohome", "heat", {"status": EVOHOME}, 21.0),
        (
            "climate.tado_x",
            "auto",
            {"next_schedule_change": NEXT, "next_schedule_temperature": 20},
            20.0,
        ),
        (
            "climate.wiser",
            "auto",
            {"next_schedule_change": "07:15:00", "next_schedule_temp": 19.5},
            19.5,
        ),
        ("switch.schedule_bath", "on", TRIGGER | {"actions": ACTIONS}, 21.0),
        ("switch.schedule_bath", "on", {"next_trigger": NEXT}, None),
        ("switch.schedule_bath", "on", TRIGGER | {"actions": [5, 6]}, None),
        ("sensor.next_heating", NEXT, {"device_class": "timestamp"}, None),
        ("input_datetime.once", "2026-01-05 07:15:00", {"has_date": True}, None),
    ],
)
async def test_the_next_switching_time_is_a_block_of_an_hour(
    entity_id: str, state: str, attributes: dict[str, Any], target_c: float | None
) -> None:
    """What comes after it is read when it has passed."""
    shown = State(entity_id, state, attributes)
    assert is_schedule(shown)
    week = parse_state(shown, C, NOW)
    assert week[0] == (DayBlock(time(7, 15), time(8, 15), target_c),)
    assert sum(map(len, week)) == 1
    later = datetime(2026, 1, 5, 7, 30, tzinfo=BERLIN)
    if "07:15:00" not in attributes.values():
        assert parse_state(shown, C, later) == ((),) * 7


async def test_a_schedule_that_is_switched_off_has_no_block() -> None:
    """It still shows when it would switch."""
    shown = State("switch.schedule_bath", "off", {"next_trigger": NEXT})
    assert is_schedule(shown)
    assert parse_state(shown, C, NOW) == ((),) * 7


async def test_a_time_of_day_is_a_block_every_day() -> None:
    """Late in the evening, it ends at midnight."""
    wake_up = State("input_datetime.wake_up", "06:30:00", {"has_time": True})
    assert parse_state(wake_up, C, NOW) == ((DayBlock(time(6, 30), time(7, 30)),),) * 7
    late = State("input_datetime.late", "23:30:00", {"has_time": True})
    assert parse_state(late, C, NOW)[0] == (DayBlock(time(23, 30), time.max),)


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes"),
    [
        ("climate.lounge", "heat", {"temperature": 20}),
        ("climate.lounge", "heat", {"status": {"setpoints": None}}),
        ("climate.lounge", "heat", {"next_sp_from": "soon", "next_sp_temp": 20}),
        ("switch.lamp", "on", {}),
        ("sensor.temperature", "21", {}),
        ("light.lamp", "on", {"next_trigger": NEXT}),
        ("input_datetime.day", "2026-01-06", {"has_date": False}),
    ],
)
async def test_what_is_no_schedule(
    entity_id: str, state: str, attributes: dict[str, Any]
) -> None:
    """It has no switching time that can be read."""
    shown = State(entity_id, state, attributes)
    assert not is_schedule(shown)
    assert parse_state(shown, C, NOW) == ((),) * 7


async def test_a_moment_may_be_a_datetime_without_a_zone() -> None:
    """Then it is in the home's."""
    start = datetime(2026, 1, 5, 7, 15)
    status = {"setpoints": {"next_sp_from": start, "next_sp_temp": 21}}
    week = parse_state(State("climate.a", "heat", {"status": status}), C, NOW)
    assert week[0] == (DayBlock(time(7, 15), time(8, 15), 21.0),)
    utc = datetime(2026, 1, 5, 6, 15, tzinfo=UTC)
    status["setpoints"]["next_sp_from"] = utc
    week = parse_state(State("climate.a", "heat", {"status": status}), C, NOW)
    assert week[0][0].start == time(7, 15)


class Calendar(CalendarEntity):
    """A calendar of Home Assistant's own calendar integration."""

    _attr_name = "Heating"
    _attr_should_poll = False

    def __init__(self) -> None:
        """Start without events."""
        self.events: list[CalendarEvent] = []

    def add(self, start: str, end: str, title: str) -> None:
        """Add an event on Monday, which changes no state."""
        begin, finish = (
            datetime.fromisoformat(f"2026-01-05T{clock}+01:00")
            for clock in (start, end)
        )
        self.events.append(CalendarEvent(begin, finish, title))

    @property
    @override
    def event(self) -> CalendarEvent | None:
        return None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        return self.events


async def test_a_real_calendar(hass: HomeAssistant, radiators: RadiatorHouse) -> None:
    """The lounge is warmed for an event at 06:40, and for one that is added later."""
    calendar = Calendar()
    calendar.add("06:40", "09:00", "21 °C")
    setup_test_component_platform(hass, "calendar", [calendar])
    config = {"calendar": {"platform": "test"}}
    assert await async_setup_component(hass, "calendar", config)
    await hass.async_block_till_done()
    schedules = Schedules(hass, {"calendar.heating"})
    await schedules.async_refresh_all()
    week = schedules.get("calendar.heating")
    assert week is not None
    assert week[0] == (DayBlock(time(6, 40), time(9), 21.0),)
    rooms = {
        "bath": BATH,
        "lounge": LOUNGE | {"schedule_entity": "calendar.heating"},
    }
    await radiators.set_up_heating(rooms=rooms)
    await radiators.cool_down()
    assert radiators.state("sensor.lounge_reason") == "schedule"
    start = dt_util.as_utc(datetime(2026, 1, 5, 6, 40, tzinfo=BERLIN)).isoformat()
    assert radiators.state("sensor.lounge_next_scheduled_block") == start
    await radiators.wait(3 * 3600)
    assert radiators.state("sensor.lounge_next_scheduled_block") == "unknown"
    calendar.add("10:00", "11:00", "Visitors")
    await radiators.wait(16 * 60)
    assert radiators.state("sensor.lounge_next_scheduled_block") != "unknown"
    assert await hass.config_entries.async_unload("site")
    assert radiators.timers == []


async def test_a_thermostat_with_a_schedule_of_its_own(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its next switching time is in its attributes, and moves on with them."""
    study = radiators.thermostats["study"]
    change = {"next_schedule_change": NEXT, "next_schedule_temp": 21}
    study._attr_extra_state_attributes = change
    study.show()
    room = STUDY | {"schedule_entity": "climate.study"}
    await radiators.set_up_heating(rooms={"bath": BATH, "study": room})
    shown = radiators.state("sensor.study_next_scheduled_block")
    assert shown == "2026-01-05T06:15:00+00:00"
    study._attr_extra_state_attributes = change | {
        "next_schedule_change": "2026-01-05T07:30:00+01:00"
    }
    study.show()
    await radiators.wait(1)
    shown = radiators.state("sensor.study_next_scheduled_block")
    assert shown == "2026-01-05T06:30:00+00:00"
