"""Logbook texts for the events that charging fires on the bus."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_ENTITY_ID,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
)
from homeassistant.core import Event, HomeAssistant, callback

from .const import (
    DOMAIN,
    EVENT_ACTION_FAILED,
    EVENT_CHARGER_TESTED,
    EVENT_CHARGING_RESUMED,
    EVENT_FALLBACK_ACTIVATED,
    EVENT_METER_LOST,
    EVENT_OVERLOAD_ALARM,
)

type Describe = Callable[[Event[Any]], dict[str, Any]]


@callback
def _meter_lost(event: Event[Any]) -> dict[str, Any]:
    return {
        LOGBOOK_ENTRY_NAME: event.data["site"],
        LOGBOOK_ENTRY_MESSAGE: f"lost its meter: {event.data['reason']}",
        LOGBOOK_ENTRY_ENTITY_ID: event.data["entity_id"],
    }


@callback
def _fallback_activated(event: Event[Any]) -> dict[str, Any]:
    return {
        LOGBOOK_ENTRY_NAME: event.data["site"],
        LOGBOOK_ENTRY_MESSAGE: "does what was chosen for a lost meter",
    }


@callback
def _charging_resumed(event: Event[Any]) -> dict[str, Any]:
    return {
        LOGBOOK_ENTRY_NAME: event.data["charger"],
        LOGBOOK_ENTRY_MESSAGE: f"resumed with {event.data['current_a']:g} A",
    }


@callback
def _action_failed(event: Event[Any]) -> dict[str, Any]:
    data = event.data
    wanted = f"{data['current_a']:g} A" if data["current_a"] else "a pause"
    return {
        LOGBOOK_ENTRY_NAME: data["charger"],
        LOGBOOK_ENTRY_MESSAGE: f"could not be told {wanted}: {data['error']}",
    }


@callback
def _charger_tested(event: Event[Any]) -> dict[str, Any]:
    result = event.data["result"].replace("_", " ")
    return {
        LOGBOOK_ENTRY_NAME: event.data["charger"],
        LOGBOOK_ENTRY_MESSAGE: f"was tested: {result}",
    }


@callback
def _overload_alarm(event: Event[Any]) -> dict[str, Any]:
    data = event.data
    where = " ".join(filter(None, (data.get("circuit"), data["phase"].upper())))
    over = f"{data['excess_a']:.1f} A over the limit on {where}"
    return {
        LOGBOOK_ENTRY_NAME: data["site"],
        LOGBOOK_ENTRY_MESSAGE: f"is {over}, and every charger there is paused",
    }


DESCRIPTIONS: dict[str, Describe] = {
    EVENT_METER_LOST: _meter_lost,
    EVENT_FALLBACK_ACTIVATED: _fallback_activated,
    EVENT_CHARGING_RESUMED: _charging_resumed,
    EVENT_ACTION_FAILED: _action_failed,
    EVENT_CHARGER_TESTED: _charger_tested,
    EVENT_OVERLOAD_ALARM: _overload_alarm,
}


@callback
def async_describe_events(
    _hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Describe], None],
) -> None:
    """Describe each event that is fired on the bus."""
    for event_type, describe in DESCRIPTIONS.items():
        async_describe_event(DOMAIN, event_type, describe)
