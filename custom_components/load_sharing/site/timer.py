"""The timer of a half, which wakes it for its next evaluation."""

from collections.abc import Callable
from datetime import datetime

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.event import async_call_at

from ..const import DOMAIN
from .host import Host

SAME_MOMENT_S = 0.001
"""Moments closer than this are the same: the wall clock, converted, varies slightly."""


class Timer:
    """A timer that is set again and again."""

    def __init__(self, host: Host, name: str, on_fire: Callable[[], None]) -> None:
        """Start unset; ``on_fire`` is called each time the timer fires."""
        self._hass = host.hass
        self._on_fire = on_fire
        self._at_s: float | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._job = HassJob(
            self._fired,
            f"{DOMAIN} {host.entry.title} {name}",
            cancel_on_shutdown=True,
        )

    def set(self, at_s: float | None) -> None:
        """Fire at a time of the event loop's clock; None: do not fire."""
        if at_s == self._at_s:
            return
        if at_s and self._at_s and abs(at_s - self._at_s) < SAME_MOMENT_S:
            return
        self.cancel()
        if at_s is not None:
            self._at_s = at_s
            self._cancel = async_call_at(self._hass, self._job, at_s)

    def cancel(self) -> None:
        """Do not fire."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._at_s = None

    @callback
    def _fired(self, _now: datetime) -> None:
        self._cancel = self._at_s = None
        self._on_fire()
