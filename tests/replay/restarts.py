"""Home Assistant goes down in the middle of overloads, and comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from random import Random
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    EVENT_HOMEASSISTANT_FINAL_WRITE,
    EVENT_HOMEASSISTANT_STARTED,
)
from homeassistant.core import CoreState, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .judge import Judge
from .plan import RESTARTS, Fault

AT_MOST_EVERY_S = 2 * 3600.0
TAKES_S = (2.0, 30.0)
STARTS_FOR_S = 5.0


class Restarts:
    """Reloads of the site and restarts of Home Assistant."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: MockConfigEntry,
        judge: Judge,
        settle: Callable[[], Awaitable[None]],
        seed: int,
    ) -> None:
        """All is up."""
        self._hass = hass
        self._entry = entry
        self._judge = judge
        self._settle = settle
        self._random = Random(f"restarts/{seed}")
        self._next_s = inf
        self._last_s = -inf
        self._kind = Fault.RELOAD
        self._task: asyncio.Task[Any] | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is down, or about to come back."""
        return self._next_s < inf

    async def follow(self, now_s: float) -> None:
        """Go down in the middle of an overload, and come back a little later."""
        if self._task is not None:
            if not self._task.done():
                return
            self._task.result()
            self._task = None
            if self._entry.state is ConfigEntryState.LOADED:
                self._next_s = now_s + STARTS_FOR_S if self._starting else inf
                self._judge.resting_since_s = now_s
        if not self.under_way:
            if self._judge.episodes and now_s > self._last_s + AT_MOST_EVERY_S:
                self._go_down(now_s)
        elif now_s >= self._next_s:
            await self._come_back()

    @property
    def _starting(self) -> bool:
        return self._hass.state is CoreState.starting

    def _go_down(self, now_s: float) -> None:
        self._kind = self._random.choice(RESTARTS)
        self._judge.seen[f"fault: {self._kind}"] += 1
        self._last_s = now_s
        self._next_s = now_s + self._random.uniform(*TAKES_S)
        self._judge.resting_since_s = inf
        if self._kind is Fault.RESTART:
            self._hass.set_state(CoreState.stopping)
        unload = self._hass.config_entries.async_unload(self._entry.entry_id)
        self._task = self._hass.async_create_task(unload)

    async def _come_back(self) -> None:
        if self._starting:
            self._hass.set_state(CoreState.running)
            self._hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_STARTED)
            self._next_s = inf
            return
        if self._kind is Fault.RESTART:
            # While it stops, nothing is saved; that is left to the very end.
            self._hass.set_state(CoreState.final_write)
            self._hass.bus.async_fire_internal(EVENT_HOMEASSISTANT_FINAL_WRITE)
            await self._settle()
            self._hass.set_state(CoreState.starting)
        set_up = self._hass.config_entries.async_setup(self._entry.entry_id)
        self._task = self._hass.async_create_task(set_up)
