"""Reads the weekly schedules of the schedule helpers."""

from datetime import time
import logging
from typing import Any

from homeassistant.components.schedule import DOMAIN as SCHEDULE_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID, ATTR_TEMPERATURE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ...site.actions import GET_SCHEDULE
from ..engine.schedule import DayBlock, WeeklySchedule
from .temperatures import to_celsius

_LOGGER = logging.getLogger(__name__)

PLAUSIBLE_C = (5.0, 35.0)
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
    """The schedules last read, by their entity. One that cannot be read is kept."""

    def __init__(self, hass: HomeAssistant, entities: set[str]) -> None:
        """Name the entities."""
        self._hass = hass
        self._entities = entities
        self._known: dict[str, WeeklySchedule] = {}
        self._failed: set[str] = set()

    def get(self, entity_id: str) -> WeeklySchedule | None:
        """Weekly schedule of a schedule helper."""
        return self._known.get(entity_id)

    @property
    def entities(self) -> set[str]:
        """The schedule helpers."""
        return self._entities

    def forget(self, entity_id: str) -> None:
        """Drop a schedule: its helper was removed."""
        self._known.pop(entity_id, None)

    async def async_refresh_all(self) -> None:
        """Read all schedules anew."""
        for entity_id in sorted(self._entities):
            await self.async_refresh(entity_id)

    async def async_refresh(self, entity_id: str) -> None:
        """Read one schedule anew; keep the last one if it cannot be read."""
        # While Home Assistant starts, a helper may be shown before it is there.
        if not self._hass.services.has_service(SCHEDULE_DOMAIN, GET_SCHEDULE):
            return
        try:
            answer = await self._hass.services.async_call(
                SCHEDULE_DOMAIN,
                GET_SCHEDULE,
                {ATTR_ENTITY_ID: entity_id},
                blocking=True,
                return_response=True,
            )
        except HomeAssistantError as error:
            if entity_id not in self._failed:
                _LOGGER.warning("%s cannot be read: %s", entity_id, error)
            self._failed.add(entity_id)
            return
        self._failed.discard(entity_id)
        week: Any = (answer or {}).get(entity_id)
        if isinstance(week, dict):
            self._known[entity_id] = self._parse(week)

    def _parse(self, week: dict[str, Any]) -> WeeklySchedule:
        days = (week.get(day) for day in DAYS)
        return tuple(self._day(day if isinstance(day, list) else []) for day in days)

    def _day(self, day: list[Any]) -> tuple[DayBlock, ...]:
        """Blocks of a day, in order; what is none is passed over."""
        blocks = (self._block(block) for block in day if isinstance(block, dict))
        return tuple(
            sorted(filter(None, blocks), key=lambda block: (block.start, block.end))
        )

    def _block(self, block: dict[str, Any]) -> DayBlock | None:
        start, end = _time(block.get("from")), _time(block.get("to"))
        if start is None or end is None or start >= end:
            return None
        data = block.get("data")
        value = data.get(ATTR_TEMPERATURE) if isinstance(data, dict) else None
        target_c = None
        if isinstance(value, int | float) and not isinstance(value, bool):
            unit = self._hass.config.units.temperature_unit
            target_c = to_celsius(float(value), unit)
            if target_c is None or not PLAUSIBLE_C[0] <= target_c <= PLAUSIBLE_C[1]:
                target_c = None
        return DayBlock(start, end, target_c)


def _time(value: object) -> time | None:
    """Time of day; midnight at the end of a day is the last moment there is."""
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
