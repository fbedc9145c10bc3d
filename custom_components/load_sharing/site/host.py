"""What a half of a site gets from the coordinator: where it runs, and how it shows results."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import (
    CALLBACK_TYPE,
    CoreState,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.helpers.event import async_call_at

from ..const import DOMAIN
from .store import SiteStore

SAME_S = 0.001
"""What is computed from the wall clock is never quite the same again."""

type StartTask = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


class Show(Protocol):
    """Publishes new snapshots of halves, by the name of the half."""

    def __call__(self, changed: set[str], **snapshots: Any) -> None:
        """Update the entities of the owners in ``changed``."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """The site as its halves see it."""

    hass: HomeAssistant
    entry: ConfigEntry[Any]
    store: SiteStore
    show: Show

    @property
    def is_up(self) -> bool:
        """Home Assistant neither starts nor stops: what is missing now is missing."""
        return self.hass.state is CoreState.running

    def start_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        """Run something that must come to its end; not before this returns."""
        return self.entry.async_create_task(
            self.hass, coroutine, name, eager_start=False
        )

    def start_background_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> None:
        """Run something that may be given up."""
        self.entry.async_create_background_task(
            self.hass, coroutine, name, eager_start=False
        )


class Alarm:
    """One timer that is set again and again."""

    def __init__(self, host: Host, name: str, ring: Callable[[], None]) -> None:
        """``ring`` is called when it goes off."""
        self._hass = host.hass
        self._ring = ring
        self._at_s: float | None = None
        self._cancel: CALLBACK_TYPE | None = None
        self._job = HassJob(
            self._fired,
            f"{DOMAIN} {host.entry.title} {name}",
            cancel_on_shutdown=True,
        )

    def set(self, moment_s: float | None) -> None:
        """Go off at a moment of the loop's clock, or not at all."""
        if moment_s == self._at_s:
            return
        if moment_s and self._at_s and abs(moment_s - self._at_s) < SAME_S:
            return
        self.cancel()
        if moment_s is not None:
            self._at_s = moment_s
            self._cancel = async_call_at(self._hass, self._job, moment_s)

    def cancel(self) -> None:
        """Do not go off."""
        if self._cancel is not None:
            self._cancel()
        self._cancel = self._at_s = None

    @callback
    def _fired(self, _now: datetime) -> None:
        self._cancel = self._at_s = None
        self._ring()
