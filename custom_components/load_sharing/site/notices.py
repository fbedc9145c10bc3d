"""How a half passes its events on to its event entities."""

from collections.abc import Callable
from typing import Any

from homeassistant.core import CALLBACK_TYPE, callback

type EventListener = Callable[[str, dict[str, Any]], None]
"""Receives an event: its type and its attributes."""

type Listen = Callable[[EventListener], CALLBACK_TYPE]
"""Subscribes a listener; calling what it returns unsubscribes it."""


class Notices:
    """Base of a half's notices: keeps the listeners to its events."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: list[EventListener] = []

    @callback
    def async_listen(self, listener: EventListener) -> CALLBACK_TYPE:
        """Subscribe a listener to the events."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _send(self, event_type: str, attributes: dict[str, Any]) -> None:
        """Pass an event on to all listeners."""
        for listener in self._listeners:
            listener(event_type, attributes)
