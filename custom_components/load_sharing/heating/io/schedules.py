"""Reads the schedules of rooms: of helpers, calendars, thermostats, and others."""

from datetime import timedelta
import logging
from typing import Any

from homeassistant.components.schedule import DOMAIN as SCHEDULE_DOMAIN
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, split_entity_id
from homeassistant.util import dt as dt_util

from ...site.action_names import GET_EVENTS, GET_SCHEDULE
from ...site.entity_calls import describe_error
from ...site.isolation import run_for_each
from ...site.readings import known_state
from ..engine.schedule import DAYS, WeeklySchedule
from .schedule_sources import parse_events, parse_state, parse_week

_LOGGER = logging.getLogger(__name__)

CALENDAR_DOMAIN = "calendar"
_ACTIONS = {SCHEDULE_DOMAIN: GET_SCHEDULE, CALENDAR_DOMAIN: GET_EVENTS}
"""Actions that return a schedule, by the domain of its entity."""


class Schedules:
    """The last readable schedule of each entity.

    A schedule that can no longer be read stays in use until its entity is removed.
    """

    def __init__(self, hass: HomeAssistant, entities: set[str]) -> None:
        """Wrap the entities with these IDs."""
        self._hass = hass
        self._entities = entities
        self._known: dict[str, WeeklySchedule] = {}
        self._failed: set[str] = set()

    def get(self, entity_id: str) -> WeeklySchedule | None:
        """Return the weekly schedule of an entity; None if it was never readable."""
        return self._known.get(entity_id)

    @property
    def entities(self) -> set[str]:
        """Entity IDs of the schedules."""
        return self._entities

    @property
    def have_calendars(self) -> bool:
        """Whether events may be changed without any state that changes."""
        return any(
            _domain(entity_id) == CALENDAR_DOMAIN for entity_id in self._entities
        )

    def forget(self, entity_id: str) -> None:
        """Drop the schedule of an entity that was removed."""
        self._known.pop(entity_id, None)

    async def async_refresh_all(self) -> None:
        """Read all schedules again."""
        for entity_id in sorted(self._entities):
            await self.async_refresh(entity_id)

    async def async_refresh(self, entity_id: str) -> None:
        """Read one schedule again; keep the last one if it cannot be read."""
        domain = _domain(entity_id)
        action = _ACTIONS.get(domain)
        # While Home Assistant starts, entities have states before their action exists.
        if action is not None and not self._hass.services.has_service(domain, action):
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
        unit, now = self._hass.config.units.temperature_unit, dt_util.now()
        match _domain(entity_id):
            case domain if domain == SCHEDULE_DOMAIN:
                week = await self._async_call(entity_id, {})
                if isinstance(week, dict):
                    self._known[entity_id] = parse_week(week, unit)
            case domain if domain == CALENDAR_DOMAIN:
                today = dt_util.start_of_local_day()
                end = dt_util.start_of_local_day(today.date() + timedelta(days=DAYS))
                span = {"start_date_time": today, "end_date_time": end}
                found = await self._async_call(entity_id, span)
                if isinstance(found, dict):
                    events = found.get("events")
                    self._known[entity_id] = parse_events(events, unit, now)
            case _:
                if (state := known_state(self._hass, entity_id)) is not None:
                    self._known[entity_id] = parse_state(state, unit, now)

    async def _async_call(self, entity_id: str, data: dict[str, Any]) -> Any:
        """Return the answer of the entity's action."""
        domain = _domain(entity_id)
        response = await self._hass.services.async_call(
            domain,
            _ACTIONS[domain],
            {ATTR_ENTITY_ID: entity_id, **data},
            blocking=True,
            return_response=True,
        )
        return (response or {}).get(entity_id)


def _domain(entity_id: str) -> str:
    return split_entity_id(entity_id)[0]
