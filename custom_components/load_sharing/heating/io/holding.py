"""An actuator on lease: its lease, its thermostat, and the call to it that runs."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
import logging

from homeassistant.core import Context

from ...site.action_names import TURN_OFF
from ...site.entity_calls import describe_error
from ..engine.lease import Lease, keep
from .actuator import ActuatorKind, HeatingActuator
from .aftercare import Aftercare
from .calls_by_others import CallByOther
from .journal import LeaseData

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Holding:
    """An actuator on lease.

    ``context_id`` is that of its state before the last write; None: not by this run.
    ``error`` is the one that was logged last, until a write succeeds. ``aftercare`` is
    what follows once its owner's value is ``restored``. ``taken``: a person or an
    automation has called an action that sets it. ``call`` is the context of our own.
    ``away``: it cannot be read now. ``undecided``: an earlier run took it, and
    whether it is needed is not known yet.
    """

    actuator: HeatingActuator
    lease: Lease
    taken_at: datetime
    registry_id: str | None
    aftercare: Aftercare | None = None
    restored: bool = False
    taken: bool = False
    undecided: bool = False
    away: bool = False
    call: Context | None = None
    context_id: str | None = None
    error: str | None = None
    task: asyncio.Task[None] | None = None

    @property
    def journal_entry(self) -> LeaseData:
        """What the journal needs to give the actuator back."""
        data: LeaseData = {
            "entity_id": self.actuator.entity_id,
            "registry_id": self.registry_id,
            "kind": self.actuator.kind.value,
            "prior": self.lease.prior,
            "held": list(self.lease.held),
            "confirmed": self.lease.confirmed or self._has_followed,
            "taken_at": self.taken_at.isoformat(),
        }
        if self.actuator.actions is not None:
            data["actions"] = self.actuator.actions
        if (aftercare := self.aftercare) is not None:
            data["thermostat"] = {
                "entity_id": aftercare.thermostat,
                "mode": list(aftercare.prior) if aftercare.prior else None,
                "send_setpoint": aftercare.send_setpoint,
            }
        return data

    @property
    def is_set_by_person(self) -> bool:
        """Whether a person set the actuator in the UI since our last write."""
        actuator = self.actuator
        state = actuator.hass.states.get(actuator.entity_id)
        return (
            state is not None
            and state.context.user_id is not None
            and state.context.id != self.context_id
        )

    def has_returned(self, now_s: float) -> bool:
        """Return whether its thermostat left our mode for its owner's by itself."""
        aftercare = self.aftercare
        return aftercare is not None and aftercare.has_returned(self.lease, now_s)

    def within_range(self, restore_to: float | None) -> float | None:
        """Return what can replace its owner's value; None where that can be restored.

        Its range may have changed meanwhile, and it never shows a value beyond.
        """
        value = self.lease.prior if restore_to is None else restore_to
        fitted = self.actuator.fit(value)
        is_known = restore_to is None and self.lease.is_same(fitted, value)
        return None if is_known else fitted

    def note_mode(self, before: Lease, value: float, now_s: float) -> None:
        """Note the mode of its thermostat; ``before``: the lease until it showed this."""
        if self.aftercare is None:
            return
        written = before.written is not None
        by_us = before.resumed or (written and not before.confirmed)
        is_setpoint = self.actuator.entity_id == self.aftercare.thermostat
        shows_ours = written and is_setpoint and before.shows_written(value)
        ago_s = now_s - before.written_s if shows_ours else None
        self.aftercare.note_mode(by_us=by_us, written_ago_s=ago_s)

    @property
    def left_at(self) -> float | None:
        """Where an earlier run left it, if that is undecided and it still shows that."""
        if not self.undecided or (shown := self.actuator.read()) is None:
            return None
        return shown if self.lease.is_left_at(shown) else None

    def keep(self) -> bool:
        """Hold what an earlier run has left, and return True, if it is still there."""
        if (shown := self.left_at) is None:
            return False
        self.undecided = False
        self.lease = keep(self.lease, shown)
        self.context_id = self.actuator.context_id
        return True

    @property
    def was_ours(self) -> bool:
        """Whether we want to hold it, or an earlier run held the boiler."""
        is_boiler = self.actuator.profile.lowers
        return self.lease.wanted is not None or (self.lease.resumed and is_boiler)

    def is_taken_by(self, call: CallByOther) -> bool:
        """Return whether a call that sets the actuator is one to leave it to.

        A person's is, and any that turns off a boiler, which may show no change. Others
        are judged by what the actuator shows: the owner of a valve may set it all day.
        """
        if self.call is not None and call.context.id == self.call.id:
            return False
        if self.actuator.kind is ActuatorKind.BOILER_SWITCH and call.name == TURN_OFF:
            return self.lease.written is not None and not self._has_caused(call)
        # While our own call is on its way, it is not known which of both comes last.
        return call.is_by_person and self.task is None

    def _has_caused(self, call: CallByOther) -> bool:
        """Return whether a call only follows ours that turned the boiler off.

        An automation that turns off a pump with the boiler may turn off both.
        """
        is_off = self.lease.written == 0.0
        return (
            is_off and self.call is not None and call.context.parent_id == self.call.id
        )

    @property
    def next_due_s(self) -> float | None:
        """When to observe the actuator again even if it reports nothing."""
        if self.restored:
            return self.aftercare.due_s if self.aftercare else None
        return self.lease.next_due_s

    @property
    def _has_followed(self) -> bool:
        """Whether it is being given back, and has once shown what was written."""
        return self.lease.wanted is None and self.lease.follows_in_s is not None


def has_failed(holding: Holding, task: asyncio.Task[None]) -> bool:
    """Return whether a call has failed, and log why if that is new."""
    holding.task = None
    error = None if task.cancelled() else task.exception()
    if not task.cancelled() and error is None:
        holding.error = None
        return False
    _log_once(holding, error)
    return True


def _log_once(holding: Holding, error: BaseException | None) -> None:
    """Log an error when it is new, and not at every retry."""
    text = "cancelled" if error is None else describe_error(error)
    if holding.error == text:
        return
    holding.error = text
    _LOGGER.warning("%s could not be set: %s", holding.actuator.entity_id, text)
