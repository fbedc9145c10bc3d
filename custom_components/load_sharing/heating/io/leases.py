"""Keeps the leases of a site: takes actuators, holds them, and gives them back.

What must be given back is on disk before anything is taken. So it is given back
also after a crash.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
import logging
import time

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import DOMAIN
from ...site.host import StartTask
from ..engine import lease as leases
from ..engine.lease import Lease, Verdict
from .journal import LeaseData, LeaseJournal
from .journal_repairs import tell_of_damage
from .valves import Dial, DialKind, make_dial

_LOGGER = logging.getLogger(__name__)

CALL_TIMEOUT_S = 10.0


class Leases:
    """All leases of a site, by the key of their actuator.

    Without a timer of its own: ``look`` is to be called when ``next_due_s`` says so.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        start_task: StartTask,
        on_done: Callable[[], None],
    ) -> None:
        """``on_done`` is called after each call to an actuator."""
        self._hass = hass
        self._start_task = start_task
        self._on_done = on_done
        self._entry_id = entry_id
        self._journal = LeaseJournal(hass, entry_id)
        self._leases: dict[str, Lease] = {}
        self._dials: dict[str, Dial] = {}
        self._taken_at: dict[str, datetime] = {}
        self._registry_ids: dict[str, str | None] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._written_at: dict[str, float] = {}
        self._errors: dict[str, str] = {}

    async def async_load(self) -> None:
        """Begin to give back what an earlier run held, whosever it is by now."""
        found = await self._journal.async_load()
        if (
            entry := self._hass.config_entries.async_get_entry(self._entry_id)
        ) is not None:
            tell_of_damage(self._hass, entry, found)
        for key, data in found.leases.items():
            kind = DialKind(data["kind"])
            registry_id = data.get("registry_id")
            entity_id = self._find(registry_id) or data["entity_id"]
            dial = make_dial(self._hass, kind, entity_id)
            self._dials[key] = dial
            self._registry_ids[key] = registry_id
            self._taken_at[key] = datetime.fromisoformat(data["taken_at"])
            held = tuple(data["held"])
            self._leases[key] = leases.resume(data["prior"], held, dial.handling)

    def _find(self, registry_id: str | None) -> str | None:
        """Entity ID by now of an actuator that is in the registry."""
        registry = er.async_get(self._hass)
        return (
            er.async_resolve_entity_id(registry, registry_id) if registry_id else None
        )

    def _kept(self) -> dict[str, LeaseData]:
        """What would have to be given back if this were the end."""
        return {
            key: {
                "entity_id": self._dials[key].entity_id,
                "registry_id": self._registry_ids[key],
                "kind": self._dials[key].kind.value,
                "prior": lease.prior,
                "held": list(lease.held),
                "taken_at": self._taken_at[key].isoformat(),
            }
            for key, lease in self._leases.items()
            if lease.held
        }

    def holds(self, key: str) -> bool:
        """Whether an actuator shows our value, or may."""
        return key in self._leases

    def prior(self, key: str) -> float | None:
        """What the owner of an actuator wants."""
        lease = self._leases.get(key)
        return lease.prior if lease else None

    def taken_at(self, key: str) -> datetime | None:
        """When an actuator was taken from its owner."""
        return self._taken_at.get(key)

    def has_problem(self, key: str, now_s: float) -> bool:
        """Whether an actuator does not follow."""
        lease = self._leases.get(key)
        return lease is not None and lease.has_problem(now_s)

    def hold(self, key: str, dial: Dial, value: float, now_s: float) -> None:
        """Hold an actuator at a value, or more if its owner wants more."""
        lease = self._leases.get(key)
        value = dial.fit(value)
        if lease is not None and self._dials[key].entity_id != dial.entity_id:
            # The room has another actuator by now; the former one goes back by itself.
            if key in self._running:
                return
            self._rename(key, self._dials[key].entity_id)
            lease = None
        if lease is not None:
            if lease.resumed:
                # First that goes back which an earlier run took.
                return
            self._leases[key] = leases.set_wanted(lease, value, now_s)
        elif (prior := dial.read()) is not None:
            self._dials[key] = dial
            self._taken_at[key] = dt_util.now()
            entry = er.async_get(self._hass).async_get(dial.entity_id)
            self._registry_ids[key] = entry.id if entry else None
            self._leases[key] = leases.take(prior, value, dial.handling, now_s)
            self._written_at[key] = time.time()
        self._send_due(key, now_s)

    def _rename(self, key: str, new_key: str) -> None:
        _move(self._leases, key, new_key)
        _move(self._dials, key, new_key)
        _move(self._taken_at, key, new_key)
        _move(self._registry_ids, key, new_key)
        _move(self._written_at, key, new_key)

    def release(self, key: str, now_s: float, restore_to: float | None = None) -> None:
        """Give an actuator back; it stays a lease until that is seen to be done."""
        if (lease := self._leases.get(key)) is None:
            return
        if restore_to is not None:
            restore_to = self._dials[key].fit(restore_to)
        lease = leases.release(lease, now_s, restore_to)
        self._leases[key] = lease
        if lease.written is None:
            self._end(key)
        else:
            self._send_due(key, now_s)

    def release_all(self, now_s: float) -> None:
        """Give everything back."""
        for key in list(self._leases):
            self.release(key, now_s)

    def look(self, now_s: float) -> set[str]:
        """Look at all actuators, send what is due; who was taken from us?"""
        taken = set()
        for key in list(self._leases):
            value = self._dials[key].read()
            if value is None:
                continue
            lease, verdict = leases.observe(
                self._leases[key], value, now_s, by_person=self._is_by_person(key)
            )
            self._leases[key] = lease
            if verdict is Verdict.TAKEN:
                # What is being given back is nobody's loss.
                if lease.wanted is not None:
                    taken.add(key)
                self._end(key)
            elif verdict is Verdict.RESTORED:
                self._end(key)
            else:
                self._send_due(key, now_s)
        return taken

    def next_due_s(self, now_s: float) -> float | None:
        """When to look again, if time alone may bring something."""
        moments = [
            due_s
            for lease in self._leases.values()
            if (due_s := lease.next_due_s) is not None and due_s > now_s
        ]
        return min(moments, default=None)

    async def async_give_back(self) -> None:
        """Give everything back now. What does not obey stays on disk for later."""
        now_s = self._hass.loop.time()
        while self._running:
            await asyncio.wait(self._running.values())
        self.release_all(now_s)
        while self._running:
            await asyncio.wait(self._running.values())
        self.look(self._hass.loop.time())
        while self._running:
            await asyncio.wait(self._running.values())
        await self._journal.async_write(self._kept())

    def _end(self, key: str) -> None:
        del self._leases[key]
        self._errors.pop(key, None)
        self._written_at.pop(key, None)
        self._taken_at.pop(key, None)
        self._registry_ids.pop(key, None)
        self._journal.write_soon(self._kept)

    def _is_by_person(self, key: str) -> bool:
        """Whether somebody changed an actuator in the UI since we last wrote."""
        state = self._hass.states.get(self._dials[key].entity_id)
        return (
            state is not None
            and state.context.user_id is not None
            and state.last_updated_timestamp > self._written_at.get(key, 0.0)
        )

    def _send_due(self, key: str, now_s: float) -> None:
        lease = self._leases.get(key)
        if lease is None or not lease.is_due(now_s):
            return
        dial = self._dials[key]
        if (shown := dial.read()) is None:
            return
        self._leases[key] = leases.begin_write(lease, shown, now_s)
        self._written_at[key] = time.time()
        task = self._start_task(
            self._send(dial, self._leases[key].target), f"{DOMAIN} {dial.entity_id}"
        )
        self._running[key] = task
        task.add_done_callback(lambda done: self._finished(key, done))

    async def _send(self, dial: Dial, value: float) -> None:
        async with asyncio.timeout(CALL_TIMEOUT_S):
            await self._journal.async_write(self._kept())
            await dial.async_write(value, Context())

    def _finished(self, key: str, task: asyncio.Task[None]) -> None:
        del self._running[key]
        now_s = self._hass.loop.time()
        error = None if task.cancelled() else task.exception()
        if task.cancelled() or error is not None:
            self._leases[key] = leases.write_failed(self._leases[key], now_s)
            self._log(key, error)
        else:
            self._leases[key] = leases.write_succeeded(self._leases[key])
            self._errors.pop(key, None)
        self._on_done()

    def _log(self, key: str, error: BaseException | None) -> None:
        """Log an error once, not at every retry."""
        entity_id = self._dials[key].entity_id
        text = str(error) or type(error).__name__
        if self._errors.get(key) == text:
            return
        self._errors[key] = text
        expected = isinstance(error, HomeAssistantError | TimeoutError | vol.Invalid)
        _LOGGER.log(
            logging.WARNING if expected or error is None else logging.ERROR,
            "%s could not be set: %s",
            entity_id,
            text,
            exc_info=None if expected else error,
        )


def _move[ValueT](kept: dict[str, ValueT], key: str, new_key: str) -> None:
    if key in kept:
        kept[new_key] = kept.pop(key)
