"""Takes actuators on lease, holds them, and gives them back; nothing else writes a valve.

The journal on disk lists an actuator before it is written, so that it is given back
even after a crash.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util

from ...const import DOMAIN
from ...site.entity_calls import CALL_TIMEOUT_S
from ...site.host import StartTask
from ...site.isolation import Isolation
from ..engine import lease as leases
from ..engine.lease import Lease
from ..engine.observation import Verdict, observe
from .actuator import HeatingActuator
from .aftercare import start_aftercare
from .calls_by_others import CallByOther
from .holding import Holding, has_failed
from .journal import LeaseData, LeaseJournal
from .journal_repairs import report_damage
from .memories import HeadMemories
from .resuming import resume_holding

type Call = Callable[[], Awaitable[None]]

GIVE_BACK_ROUNDS = 3
"""An actuator, then its mode, and a look at both."""


class Leases:
    """All leases of a site, by the key of their actuator.

    It has no timer of its own: ``observe`` must be called when ``next_due_s`` says so.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry_id: str,
        start_task: StartTask,
        on_done: Callable[[], None],
        on_write: Callable[[str], None],
    ) -> None:
        """Start without leases; ``on_done`` runs after each call to an actuator.

        ``on_write`` is called with the key of an actuator before each call to it.
        """
        self._hass = hass
        self._start_task = start_task
        self._on_done, self._on_write = on_done, on_write
        self._entry_id = entry_id
        self._journal = LeaseJournal(hass, entry_id)
        self._holdings: dict[str, Holding] = {}
        self._memories = HeadMemories(self._write_journal_soon)
        self._follows_in_s: dict[str, float] = {}
        self._isolation = Isolation("following its lease")

    async def async_load(self, undecided: Collection[str] = ()) -> None:
        """Resume the leases of an earlier run, so that they are given back.

        That includes actuators that no room uses any more. Those of the ``undecided``
        keys wait until ``hold`` or ``release`` says whether they are needed.
        """
        recovered = await self._journal.async_load()
        entry = self._hass.config_entries.async_get_entry(self._entry_id)
        if entry is not None:
            report_damage(self._hass, entry, recovered)
        for key, data in recovered.leases.items():
            self._holdings[key] = resume_holding(
                self._hass, data, undecided=key in undecided
            )

    def note_call(self, call: CallByOther) -> bool:
        """Leave an actuator to whoever sets it, even to the value that it shows.

        Return whether there is one; ``observe`` then ends its lease.
        """
        noted = [
            holding
            for holding in self._holdings.values()
            if holding.is_taken_by(call) and call.sets(holding.actuator.entity_id)
        ]
        for holding in noted:
            holding.taken = True
        self._memories.note_call(call)
        return bool(noted)

    def _journal_entries(self) -> dict[str, LeaseData]:
        """Return what must be given back if this run ended now."""
        holdings = self._holdings.items()
        held = {key: one.journal_entry for key, one in holdings if one.lease.held}
        return {**self._memories.journal_entries(), **held}

    def _write_journal_soon(self) -> None:
        self._journal.write_soon(self._journal_entries)

    def holds(self, key: str) -> bool:
        """Return whether an actuator is on lease, and so may show a value of ours."""
        return key in self._holdings

    def prior(self, key: str) -> float | None:
        """Return the value that an actuator's owner wants; None without a lease."""
        if (holding := self._holdings.get(key)) is None:
            return None
        # Given back but for its thermostat's mode: what it shows is its owner's.
        shown = holding.actuator.read() if holding.restored else None
        return holding.lease.prior if shown is None else shown

    def taken_at(self, key: str) -> datetime | None:
        """Return when an actuator was taken from its owner; None without a lease."""
        holding = self._holdings.get(key)
        return holding.taken_at if holding else None

    def wanted(self, key: str) -> float | None:
        """Return the value that an actuator is held at; None while it is not held."""
        holding = self._holdings.get(key)
        return holding.lease.wanted if holding else None

    def left_at(self, key: str) -> float | None:
        """Return where an earlier run left an actuator whose return is undecided."""
        holding = self._holdings.get(key)
        return holding.left_at if holding else None

    def follows_in_s(self, entity_id: str) -> float | None:
        """Return how long an actuator took to follow of late; None if not known."""
        return self._follows_in_s.get(entity_id)

    def has_problem(self, key: str, now_s: float) -> bool:
        """Return whether an actuator does not follow."""
        holding = self._holdings.get(key)
        return holding is not None and holding.lease.has_problem(now_s)

    def hold(
        self, key: str, actuator: HeatingActuator, value: float, now_s: float
    ) -> None:
        """Hold an actuator at a value, or beyond it if its owner wants more."""
        value = actuator.fit(value)
        holding = self._holdings.get(key)
        if holding and holding.actuator.entity_id != actuator.entity_id:
            # The room has another actuator now; the former one is given back by itself.
            if holding.task is not None:
                return
            self._holdings[holding.actuator.entity_id] = self._holdings.pop(key)
            holding.undecided = False
            holding = None
        if holding is None:
            holding = self._take(key, actuator, value, now_s)
        elif holding.lease.resumed and not holding.keep():
            # What an earlier run took must be given back first.
            if holding.undecided and holding.actuator.read() is not None:
                holding.undecided = False
                self._observe(key, holding, now_s)
            return
        elif holding.restored:
            self._take_again(holding, value, now_s)
        else:
            holding.lease = leases.set_wanted(holding.lease, value, now_s)
        if holding is not None:
            self._write_if_due(key, holding, now_s)

    def _take(
        self, key: str, actuator: HeatingActuator, value: float, now_s: float
    ) -> Holding | None:
        """Take an actuator on lease; None while its own value is unknown, or off."""
        prior = actuator.read()
        if prior is None or actuator.is_off():
            return None
        self._memories.forget(key)
        entry = er.async_get(self._hass).async_get(actuator.entity_id)
        self._holdings[key] = holding = Holding(
            actuator=actuator,
            lease=leases.take(
                prior,
                value,
                actuator.profile,
                now_s,
                follows_in_s=self._follows_in_s.get(actuator.entity_id),
            ),
            taken_at=dt_util.now(),
            registry_id=entry.id if entry else None,
            aftercare=start_aftercare(actuator),
            context_id=actuator.context_id,
        )
        return holding

    def _take_again(self, holding: Holding, value: float, now_s: float) -> None:
        """Take an actuator whose thermostat has yet to be given its mode back."""
        if (shown := holding.actuator.read()) is None or holding.actuator.is_off():
            return
        holding.restored = False
        if holding.aftercare is not None:
            holding.aftercare.is_theirs = False
        holding.taken_at = dt_util.now()
        holding.lease = leases.take(
            shown,
            value,
            holding.actuator.profile,
            now_s,
            follows_in_s=holding.lease.follows_in_s,
        )

    def leave_thermostat(self, key: str, now_s: float) -> None:
        """Leave a thermostat to a person who sets it, while its valve is on lease."""
        holding = self._holdings.get(key)
        if holding is not None and holding.aftercare is not None:
            holding.aftercare.leave(now_s)

    def release(self, key: str, now_s: float, restore_to: float | None = None) -> None:
        """Give an actuator back; the lease ends once the actuator shows it.

        ``restore_to`` replaces the owner's value, which may be outdated.
        """
        if (holding := self._holdings.get(key)) is None:
            return
        if holding.undecided and holding.actuator.read() is None:
            # It may yet turn out to be needed, once it can be read.
            return
        was_undecided, holding.undecided = holding.undecided, False
        restore_to = holding.within_range(restore_to)
        holding.lease = leases.release(holding.lease, now_s, restore_to)
        if holding.lease.written is None:
            self._end(key)
        elif was_undecided:
            self._observe(key, holding, now_s)
        else:
            self._write_if_due(key, holding, now_s)

    def release_all(self, now_s: float) -> None:
        """Give everything back."""
        for key, holding in list(self._holdings.items()):
            with self._isolation.of(holding.actuator.entity_id):
                self.release(key, now_s)

    def observe(self, now_s: float) -> set[str]:
        """Compare each actuator with its lease, and write what is due.

        Returns the keys of actuators that we wanted to hold but that were taken over.
        """
        taken = set()
        busy = {key for key, holding in self._holdings.items() if holding.task}
        self._holdings.update(self._memories.recall(busy))
        for key, holding in list(self._holdings.items()):
            with self._isolation.of(holding.actuator.entity_id):
                if self._observe(key, holding, now_s):
                    taken.add(key)
        return taken

    def _observe(self, key: str, holding: Holding, now_s: float) -> bool:
        """Follow one actuator; return whether one that we want to hold was taken over."""
        if holding.taken and holding.task is None:
            self._end(key)
            return holding.was_ours
        if holding.undecided:
            return False
        if holding.restored:
            self._care_if_due(key, holding, now_s)
            return False
        value = holding.actuator.read()
        if value is None or holding.actuator.is_off():
            holding.away = value is None
            return False
        if holding.away:
            holding.away = False
            holding.lease = leases.note_return(holding.lease, now_s)
        before = holding.lease
        by_person = holding.is_set_by_person or holding.has_returned(now_s)
        lease, verdict = observe(before, value, now_s, by_person=by_person)
        if not by_person:
            self._memories.note(key, holding, lease, value, verdict)
        holding.lease = lease
        self._note_obedience(holding, before, value, now_s)
        if verdict is Verdict.OVERRIDDEN:
            self._end(key)
            return holding.was_ours
        if verdict is Verdict.RESTORED:
            holding.restored = True
            self._care_if_due(key, holding, now_s)
        else:
            self._write_if_due(key, holding, now_s)
        return False

    def _note_obedience(
        self, holding: Holding, before: Lease, value: float, now_s: float
    ) -> None:
        """Remember how the actuator and its thermostat answered the last write."""
        lease = holding.lease
        holding.note_mode(before, value, now_s)
        if lease.follows_in_s is not None:
            self._follows_in_s[holding.actuator.entity_id] = lease.follows_in_s
        if (lease.confirmed, lease.held) != (before.confirmed, before.held):
            self._write_journal_soon()

    def _care_if_due(self, key: str, holding: Holding, now_s: float) -> None:
        """Give the thermostat its mode back, and end the lease once it has it."""
        aftercare = holding.aftercare
        if holding.task is not None:
            return
        if aftercare is None or aftercare.is_done():
            self._end(key)
        elif aftercare.is_due(now_s):
            aftercare.plan(now_s)
            self._on_write(key)
            call = partial(aftercare.async_run, Context())
            self._start(holding, call, self._care_finished)

    def next_due_s(self, now_s: float) -> float | None:
        """Return when to observe again even if no state changes."""
        moments = [
            due_s
            for holding in self._holdings.values()
            if (due_s := holding.next_due_s) is not None and due_s > now_s
        ]
        return min(moments, default=None)

    async def async_give_back(self) -> None:
        """Give everything back now. What does not follow stays in the journal."""
        now_s = self._hass.loop.time()
        await self._async_wait_for_writes()
        self.release_all(now_s)
        await self._async_wait_for_writes()
        self._retry_failed()
        for _ in range(GIVE_BACK_ROUNDS):
            await self._async_wait_for_writes()
            self.observe(self._hass.loop.time())
        await self._async_wait_for_writes()
        await self._journal.async_write(self._journal_entries())

    def _retry_failed(self) -> None:
        """Make calls that have failed due now: there may be no later."""
        now_s = self._hass.loop.time()
        for holding in self._holdings.values():
            if holding.lease.attempts and holding.lease.due_s is not None:
                holding.lease = replace(holding.lease, due_s=now_s)

    async def _async_wait_for_writes(self) -> None:
        """Wait for all writes, also those that begin when another one ends."""
        while tasks := [
            holding.task for holding in self._holdings.values() if holding.task
        ]:
            await asyncio.wait(tasks)

    def _end(self, key: str) -> None:
        del self._holdings[key]
        self._write_journal_soon()

    def _write_if_due(self, key: str, holding: Holding, now_s: float) -> None:
        """Write the target if that is due; an actuator that is off is left alone."""
        actuator = holding.actuator
        if holding.task is not None or not holding.lease.is_due(now_s):
            return
        if (shown := actuator.read()) is None or actuator.is_off():
            return
        holding.lease = leases.begin_write(holding.lease, shown, now_s)
        holding.context_id = actuator.context_id
        holding.call = context = Context()
        self._on_write(key)
        call = partial(actuator.async_write, holding.lease.target, context)
        self._start(holding, call, self._finished)

    def _start(
        self,
        holding: Holding,
        call: Call,
        on_done: Callable[[Holding, asyncio.Task[None]], None],
    ) -> None:
        """Start a call to an actuator or its thermostat."""
        name = f"{DOMAIN} {holding.actuator.entity_id}"
        holding.task = task = self._start_task(self._async_call(holding, call), name)
        task.add_done_callback(lambda done: on_done(holding, done))

    async def _async_call(self, holding: Holding, call: Call) -> None:
        """Make a call once the journal is on disk, unless it is taken by then."""
        async with asyncio.timeout(CALL_TIMEOUT_S):
            await self._journal.async_write(self._journal_entries())
            if not holding.taken:
                await call()

    def _finished(self, holding: Holding, task: asyncio.Task[None]) -> None:
        """Record whether a write went through."""
        now_s = self._hass.loop.time()
        if has_failed(holding, task):
            holding.lease = leases.write_failed(holding.lease, now_s)
        else:
            holding.lease = leases.write_succeeded(holding.lease)
        self._on_done()

    def _care_finished(self, holding: Holding, task: asyncio.Task[None]) -> None:
        """Note the end of a call to a thermostat; what it shows then decides."""
        has_failed(holding, task)
        self._on_done()
