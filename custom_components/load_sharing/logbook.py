"""Logbook texts for the events of the charging."""

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
def async_describe_events(
    _hass: HomeAssistant,
    async_describe_event: Callable[[str, str, Describe], None],
) -> None:
    """Describe each event that is fired on the bus."""

    @callback
    def meter_lost(event: Event[Any]) -> dict[str, Any]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["site"],
            LOGBOOK_ENTRY_MESSAGE: f"lost its meter: {event.data['reason']}",
            LOGBOOK_ENTRY_ENTITY_ID: event.data["entity_id"],
        }

    @callback
    def fallback(event: Event[Any]) -> dict[str, Any]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["site"],
            LOGBOOK_ENTRY_MESSAGE: "does what was chosen for a lost meter",
        }

    @callback
    def resumed(event: Event[Any]) -> dict[str, Any]:
        return {
            LOGBOOK_ENTRY_NAME: event.data["charger"],
            LOGBOOK_ENTRY_MESSAGE: f"resumed with {event.data['current_a']:g} A",
        }

    @callback
    def failed(event: Event[Any]) -> dict[str, Any]:
        data = event.data
        wanted = f"{data['current_a']:g} A" if data["current_a"] else "a pause"
        return {
            LOGBOOK_ENTRY_NAME: data["charger"],
            LOGBOOK_ENTRY_MESSAGE: f"could not be told {wanted}: {data['error']}",
        }

    @callback
    def tested(event: Event[Any]) -> dict[str, Any]:
        result = event.data["result"].replace("_", " ")
        return {
            LOGBOOK_ENTRY_NAME: event.data["charger"],
            LOGBOOK_ENTRY_MESSAGE: f"was tested: {result}",
        }

    @callback
    def alarm(event: Event[Any]) -> dict[str, Any]:
        data = event.data
        where = " ".join(filter(None, (data.get("circuit"), data["phase"].upper())))
        over = f"{data['excess_a']:.1f} A over the limit on {where}"
        return {
            LOGBOOK_ENTRY_NAME: data["site"],
            LOGBOOK_ENTRY_MESSAGE: f"is {over}, and every charger there is paused",
        }

    async_describe_event(DOMAIN, EVENT_METER_LOST, meter_lost)
    async_describe_event(DOMAIN, EVENT_FALLBACK_ACTIVATED, fallback)
    async_describe_event(DOMAIN, EVENT_CHARGING_RESUMED, resumed)
    async_describe_event(DOMAIN, EVENT_ACTION_FAILED, failed)
    async_describe_event(DOMAIN, EVENT_CHARGER_TESTED, tested)
    async_describe_event(DOMAIN, EVENT_OVERLOAD_ALARM, alarm)
