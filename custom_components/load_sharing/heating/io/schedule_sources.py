"""Parses the schedules that helpers, calendars, thermostats and others offer.

All of them become a weekly schedule: a calendar by its events of the next seven days,
an entity that shows only its next switching time by one block.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
import re
from typing import Any, NamedTuple

from homeassistant.const import ATTR_DEVICE_CLASS, ATTR_TEMPERATURE, STATE_OFF
from homeassistant.core import State, split_entity_id
from homeassistant.util import dt as dt_util

from ..engine.schedule import DAYS, DayBlock, WeeklySchedule
from .temperatures import SCHEDULED_C, plausible_celsius

DAY_NAMES = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
TARGET_KEYS = (
    ATTR_TEMPERATURE,
    "target_temperature",
    "target_temp",
    "setpoint",
    "temp",
)
"""Names that people give to the temperature in the data of a block."""
LASTS = timedelta(hours=1)
"""How long a block is taken to last of which only the start is known."""
NEXT_SWITCHING = (
    ("next_schedule_change", "next_schedule_temp"),
    ("next_schedule_change", "next_schedule_temperature"),
    ("next_sp_from", "next_sp_temp"),
)
"""Attributes of thermostats for their next switching time, and the target from then on.

The first are of Drayton Wiser, the second of Tado X (both custom integrations), the third
of evohome, in its ``status`` and there in ``setpoints``.
"""

_DEGREES = re.compile(
    r"(\d{1,2}(?:[.,]\d+)?)\s*°|^\s*(\d{1,2}(?:[.,]\d+)?)\s*[CF]?\s*$"
)


class Switching(NamedTuple):
    """A moment at which a target begins; ``target`` is in the home's unit."""

    start: datetime
    target: Any = None


def parse_week(week: Mapping[str, Any], unit: str) -> WeeklySchedule:
    """Parse the week of a schedule helper."""
    days = (week.get(day) for day in DAY_NAMES)
    return tuple(
        _sorted(
            _parse_block(block, unit)
            for block in (day if isinstance(day, list) else [])
            if isinstance(block, dict)
        )
        for day in days
    )


def parse_events(events: object, unit: str, now: datetime) -> WeeklySchedule:
    """Parse the events of a calendar from today on; an event of days is cut at each.

    A temperature is read from a title such as "21" or "Bath 22.5 °C".
    """
    days: list[list[DayBlock]] = [[] for _ in range(DAYS)]
    for event in events if isinstance(events, list) else []:
        start, end = (_parse_moment(event.get(key)) for key in ("start", "end"))
        if start is None or end is None:
            continue
        target_c = _target_in_title(event.get("summary"), unit)
        for offset in range(DAYS):
            day = now.date() + timedelta(days=offset)
            if (block := _part_of_day(day, start, end, target_c)) is not None:
                days[day.weekday()].append(block)
    return tuple(_sorted(day) for day in days)


def parse_state(state: State, unit: str, now: datetime) -> WeeklySchedule:
    """Parse an entity that shows when it will switch next."""
    days: list[tuple[DayBlock, ...]] = [()] * DAYS
    if (daily := _daily_time(state)) is not None:
        return ((_block_from(daily, None),),) * DAYS
    is_disabled = split_entity_id(state.entity_id)[0] == "switch" and (
        state.state == STATE_OFF
    )
    switching = None if is_disabled else next_switching(state, now)
    if switching is not None and switching.start > now:
        start = dt_util.as_local(switching.start)
        target_c = plausible_celsius(switching.target, unit, SCHEDULED_C)
        days[start.weekday()] = (_block_from(start.time(), target_c),)
    return tuple(days)


def is_schedule(state: State) -> bool:
    """Return whether an entity shows when it will switch next."""
    now = dt_util.now()
    return _daily_time(state) is not None or next_switching(state, now) is not None


def next_switching(state: State, now: datetime) -> Switching | None:
    """Return the next switching time that an entity shows."""
    attributes = state.attributes
    match split_entity_id(state.entity_id)[0]:
        case "climate":
            return _switching_of_thermostat(attributes, now)
        case "switch":
            # The switches of scheduler-component, a custom integration.
            start = _parse_moment(attributes.get("next_trigger"))
            return Switching(start, _target_of_scheduler(attributes)) if start else None
        case "sensor" if attributes.get(ATTR_DEVICE_CLASS) == "timestamp":
            start = _parse_moment(state.state)
            return Switching(start) if start else None
        case "input_datetime" if attributes.get("has_date"):
            start = _parse_moment(state.state)
            return Switching(start) if start else None
    return None


def _switching_of_thermostat(
    attributes: Mapping[str, Any], now: datetime
) -> Switching | None:
    """Return the next switching time in a thermostat's own attributes."""
    status = attributes.get("status")
    nested = status.get("setpoints") if isinstance(status, Mapping) else None
    for values in (attributes, status, nested, attributes.get("setpoints")):
        if not isinstance(values, Mapping):
            continue
        for when, target in NEXT_SWITCHING:
            start = _parse_moment(values.get(when), now)
            if start is not None and target in values:
                return Switching(start, values[target])
    return None


def _target_of_scheduler(attributes: Mapping[str, Any]) -> Any:
    """Return the temperature that a scheduler's switch is going to set next."""
    slot, actions = attributes.get("next_slot"), attributes.get("actions")
    if not isinstance(slot, int) or not isinstance(actions, list):
        return None
    action = actions[slot] if 0 <= slot < len(actions) else None
    for key in ("data", "service_data"):
        data = action.get(key) if isinstance(action, Mapping) else None
        if isinstance(data, Mapping) and ATTR_TEMPERATURE in data:
            return data[ATTR_TEMPERATURE]
    return None


def _daily_time(state: State) -> time | None:
    """Return the time of a helper that has a time of day, but no date."""
    if split_entity_id(state.entity_id)[0] != "input_datetime":
        return None
    if not state.attributes.get("has_time") or state.attributes.get("has_date"):
        return None
    return parse_time(state.state)


def _block_from(start: time, target_c: float | None) -> DayBlock:
    """Return a block that starts at a time of day and lasts for an hour."""
    day = date(2000, 1, 1)
    end = datetime.combine(day, start) + LASTS
    return DayBlock(start, end.time() if end.date() == day else time.max, target_c)


def _part_of_day(
    day: date, start: datetime, end: datetime, target_c: float | None
) -> DayBlock | None:
    """Return the part of an event that is on one day; None if there is none."""
    midnight = dt_util.start_of_local_day(day)
    tomorrow = dt_util.start_of_local_day(day + timedelta(days=1))
    if start >= tomorrow or end <= midnight or start >= end:
        return None
    begins = dt_util.as_local(start).time() if start > midnight else time.min
    ends = dt_util.as_local(end).time() if end < tomorrow else time.max
    return DayBlock(begins, ends, target_c) if begins < ends else None


def _parse_block(block: dict[str, Any], unit: str) -> DayBlock | None:
    """Parse a block of a schedule helper; None if it is no block."""
    start, end = parse_time(block.get("from")), parse_time(block.get("to"))
    if start is None or end is None or start >= end:
        return None
    data = block.get("data")
    values = [data.get(key) for key in TARGET_KEYS] if isinstance(data, dict) else []
    targets_c = (
        plausible_celsius(_number(value), unit, SCHEDULED_C) for value in values
    )
    return DayBlock(start, end, next((c for c in targets_c if c is not None), None))


def _number(value: object) -> object:
    """Return a number that was entered as a text; anything else as it is."""
    if isinstance(value, str) and (found := _DEGREES.search(value)) is not None:
        return float((found[1] or found[2]).replace(",", "."))
    return value


def _target_in_title(title: object, unit: str) -> float | None:
    """Return the temperature in °C in the title of an event."""
    return plausible_celsius(_number(title), unit, SCHEDULED_C)


def _parse_moment(value: object, now: datetime | None = None) -> datetime | None:
    """Parse a moment, a date, or (after ``now``) a time of day; in local time if none."""
    if isinstance(value, datetime):
        moment: datetime | None = value
    elif isinstance(value, date):
        return dt_util.start_of_local_day(value)
    elif isinstance(value, str):
        moment = dt_util.parse_datetime(value)
        if moment is None and (day := dt_util.parse_date(value)) is not None:
            return dt_util.start_of_local_day(day)
    else:
        moment = None
    if moment is None and now is not None and (clock := parse_time(value)) is not None:
        moment = datetime.combine(now.date(), clock, now.tzinfo)
        return moment if moment > now else moment + timedelta(days=1)
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt_util.get_default_time_zone())
    return moment


def parse_time(value: object) -> time | None:
    """Parse a time of day; 24:00 becomes the last representable moment of the day."""
    if isinstance(value, time):
        return value
    if not isinstance(value, str):
        return None
    if value.startswith("24:"):
        return time.max
    try:
        return time.fromisoformat(value)
    except ValueError:
        return None


def _sorted(blocks: Iterable[DayBlock | None]) -> tuple[DayBlock, ...]:
    """Return the valid blocks of a day, in order of time."""
    found = [block for block in blocks if block is not None]
    return tuple(sorted(found, key=lambda block: (block.start, block.end)))
