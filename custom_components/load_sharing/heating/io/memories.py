"""Remembers setpoints of ours that a head may come back to after its lease has ended.

A head that finds a window open lowers its target, and afterwards returns to the one that
it had: Homematic, FRITZ!DECT, many of Tuya's. A boost or an absence that is set in the
vendor's app ends the same way. If what it had was ours, it goes on heating to it.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
import logging

from homeassistant.util import dt as dt_util

from ..engine import lease as leases
from ..engine.lease import Lease
from ..engine.observation import Verdict
from .actuator import ActuatorKind
from .aftercare import read_mode
from .calls_by_others import CallByOther
from .holding import Holding
from .journal import LeaseData

_LOGGER = logging.getLogger(__name__)

REMEMBERED = timedelta(hours=3)
"""So long after it left a setpoint of ours, a head may come back to it.

A window or a boost has ended by then. Later, it is more likely that its owner has set the
same one.
"""


@dataclass(slots=True, kw_only=True)
class _Memory:
    """A head that left a setpoint of ours at ``left_at``, and then showed ``shown``.

    ``holding`` is a copy of what held it until then.
    """

    holding: Holding
    shown: float
    left_at: datetime

    def gives_back(self) -> Holding:
        """Return the lease under which the head is given back."""
        aftercare = self.holding.aftercare
        if aftercare is not None:
            mode = read_mode(aftercare.hass, aftercare.thermostat)
            if mode is None or mode != aftercare.ours:
                # It has left that mode by itself.
                aftercare = replace(aftercare, prior=mode, ours=None)
            else:
                aftercare = replace(aftercare, ours=mode)
        lease = self.holding.lease
        resumed = leases.resume(lease.prior, lease.held, lease.profile)
        return replace(self.holding, lease=resumed, aftercare=aftercare, restored=False)


class HeadMemories:
    """Heads that left a setpoint of ours by themselves, by the key of their lease."""

    def __init__(self, on_forget: Callable[[], None]) -> None:
        """Start without any; ``on_forget`` is called when one needs no journal."""
        self._on_forget = on_forget
        self._memories: dict[str, _Memory] = {}

    def note(
        self, key: str, holding: Holding, after: Lease, value: float, verdict: Verdict
    ) -> None:
        """Remember a head that leaves our setpoint, or has been further open for long.

        ``holding`` is as it was before ``after`` and its ``verdict``.
        """
        before, actuator = holding.lease, holding.actuator
        if actuator.kind is not ActuatorKind.SETPOINT or not before.held:
            return
        is_raised = before.raised_since_s is not None and value > before.last_set
        is_theirs = verdict is Verdict.RESTORED or after.prior != before.prior
        if verdict is not Verdict.OVERRIDDEN and not (is_raised and is_theirs):
            return
        if before.is_same(value, before.prior):
            return
        if key in self._memories and before.is_held(value):
            return
        aftercare = holding.aftercare
        self._memories[key] = _Memory(
            holding=replace(
                holding, aftercare=None if aftercare is None else replace(aftercare)
            ),
            shown=value,
            left_at=dt_util.now(),
        )

    def forget(self, key: str) -> None:
        """Forget a head that is taken anew."""
        if self._memories.pop(key, None) is not None:
            self._on_forget()

    def note_call(self, call: CallByOther) -> None:
        """Forget a head whose target something else sets."""
        for key, memory in list(self._memories.items()):
            if call.sets(memory.holding.actuator.entity_id):
                self.forget(key)

    def recall(self, busy: Collection[str]) -> Iterator[tuple[str, Holding]]:
        """Yield the heads that are back at a setpoint of ours, and forget the others.

        Those of the ``busy`` keys are looked at later.
        """
        for key, memory in list(self._memories.items()):
            actuator, lease = memory.holding.actuator, memory.holding.lease
            value = actuator.read()
            if dt_util.now() - memory.left_at > REMEMBERED:
                self.forget(key)
            elif value is None or actuator.is_off() or key in busy:
                continue
            elif not lease.is_same(value, memory.shown):
                self.forget(key)
                if lease.shows_written(value):
                    _LOGGER.info(
                        "%s is back at %s °C, which was ours: it is given back",
                        actuator.entity_id,
                        value,
                    )
                    yield key, memory.gives_back()

    def journal_entries(self) -> dict[str, LeaseData]:
        """Return what must be given back if a head comes back after a restart."""
        return {
            key: memory.holding.journal_entry for key, memory in self._memories.items()
        }
