"""Reads the weekly schedules of schedule helpers."""

from datetime import time
import logging
from typing import Any

from homeassistant.components.schedule import DOMAIN as SCHEDULE_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, ATTR_TEMPERATURE
from homeassistant.core import HomeAssistant

from ...site.action_names import GET_SCHEDULE
from ...site.entity_calls import describe_error
from ...site.isolation import run_for_each
from ..engine.schedule import DayBlock, WeeklySchedule
from .temperatures import SCHEDULED_C, plausible_celsius

_LOGGER = logging.getLogger(__name__)

DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


class Schedules:
    """The last readable schedule of each helper.

    A schedule that can no longer be read stays in use until its helper is removed.
    """

    def __init__(self, hass: HomeAssistant, entities: set[str]) -> None:
        """Wrap the helpers with these entity IDs."""
        self._hass = hass
        self._entities = entities
        self._known: dict[str, WeeklySchedule] = {}
        self._failed: set[str] = set()

    def get(self, entity_id: str) -> WeeklySchedule | None:
        """Return the weekly schedule of a helper; None if it was never readable."""
        return self._known.get(entity_id)

    @property
    def entities(self) -> set[str]:
        """Entity IDs of the helpers."""
        return self._entities

    def forget(self, entity_id: str) -> None:
        """Drop the schedule of a helper that was removed."""
        self._known.pop(entity_id, None)

    async def async_refresh_all(self) -> None:
        """Read all schedules again."""
        for entity_id in sorted(self._entities):
            await self.async_refresh(entity_id)

    async def async_refresh(self, entity_id: str) -> None:
        """Read one schedule again; keep the last one if it cannot be read."""
        # While Home Assistant starts, helpers have states before their action exists.
        if not self._hass.services.has_service(SCHEDULE_DOMAIN, GET_SCHEDULE):
            return
        failures = await run_for_each([entity_id], self._async_read)
        if (error := failures.get(entity_id)) is None:
            self._failed.discard(entity_id)
            return
        if entity_id not in self._failed:
            _LOGGER.warning("%s cannot be read: %s", entity_id, describe_error(error))
        self._failed.add(entity_id)

    async def _async_read(self, entity_id: str) -> None:
        """Read one schedule; raises whatever its action raises."""
        response = await self._hass.services.async_call(
            SCHEDULE_DOMAIN,
            GET_SCHEDULE,
            {ATTR_ENTITY_ID: entity_id},
            blocking=True,
            return_response=True,
        )
        week: Any = (response or {}).get(entity_id)
        if isinstance(week, dict):
            self._known[entity_id] = self._parse_week(week)

    def _parse_week(self, week: dict[str, Any]) -> WeeklySchedule:
        days = (week.get(day) for day in DAYS)
        return tuple(
            self._parse_day(day if isinstance(day, list) else []) for day in days
        )

    def _parse_day(self, day: list[Any]) -> tuple[DayBlock, ...]:
        """Return the valid blocks of a day, in order of time."""
        blocks = (self._parse_block(block) for block in day if isinstance(block, dict))
        return tuple(
            sorted(filter(None, blocks), key=lambda block: (block.start, block.end))
        )

    def _parse_block(self, block: dict[str, Any]) -> DayBlock | None:
        start, end = _parse_time(block.get("from")), _parse_time(block.get("to"))
        if start is None or end is None or start >= end:
            return None
        data = block.get("data")
        value = data.get(ATTR_TEMPERATURE) if isinstance(data, dict) else None
        unit = self._hass.config.units.temperature_unit
        return DayBlock(start, end, plausible_celsius(value, unit, SCHEDULED_C))


def _parse_time(value: object) -> time | None:
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
