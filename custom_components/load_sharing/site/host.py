"""What a half gets from its site: Home Assistant, the store, and where to publish."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant

from .storage.store import SiteStore

type StartTask = Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]]


class Publish(Protocol):
    """Publishes new snapshots of halves, by the name of the half."""

    def __call__(self, changed: set[str], **snapshots: Any) -> None:
        """Update the entities of the owners in ``changed``."""


@dataclass(frozen=True, kw_only=True)
class Host:
    """The site as its halves see it."""

    hass: HomeAssistant
    entry: ConfigEntry[Any]
    store: SiteStore
    publish: Publish

    @property
    def is_up(self) -> bool:
        """Whether Home Assistant neither starts nor stops.

        Until then an entity may be missing because its own integration is not set up
        yet, or no longer.
        """
        return self.hass.state is CoreState.running

    def start_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None]:
        """Start a task that must run to completion. It begins after this returns."""
        return self.entry.async_create_task(
            self.hass, coroutine, name, eager_start=False
        )

    def start_background_task(
        self, coroutine: Coroutine[Any, Any, None], name: str
    ) -> None:
        """Start a task that is cancelled when the site unloads."""
        self.entry.async_create_background_task(
            self.hass, coroutine, name, eager_start=False
        )
