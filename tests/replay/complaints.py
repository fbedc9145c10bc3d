"""What goes wrong inside Home Assistant while the days are lived through."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import logging
from typing import Any, override

from homeassistant.core import HomeAssistant


class Complaints(logging.Handler):
    """Collects what is logged as an error, and what nobody caught."""

    def __init__(self) -> None:
        """Nothing was logged yet."""
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            said += f": {record.exc_info[1]!r}"
        self.said.append(f"{record.name}: {said}")

    @contextmanager
    def heard(self, hass: HomeAssistant) -> Iterator[None]:
        """Listen for as long as this lasts."""

        def unhandled(
            _loop: asyncio.AbstractEventLoop, context: dict[str, Any]
        ) -> None:
            self.said.append(f"unhandled: {context}")

        loop, root = hass.loop, logging.getLogger()
        before = loop.get_exception_handler()
        loop.set_exception_handler(unhandled)
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)
            loop.set_exception_handler(before)
