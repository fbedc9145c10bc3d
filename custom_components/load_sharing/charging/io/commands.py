"""Sends one charger the current it should have, one call at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
import logging
from math import inf

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import Context, HomeAssistant
from homeassistant.util import dt as dt_util

from ...const import CONF_SET_CURRENT, CONF_START, CONF_STOP, DOMAIN
from ...site.action_names import TURN_OFF, TURN_ON
from ...site.entity_calls import (
    CALL_TIMEOUT_S,
    EntityAction,
    async_call_entity,
    describe_error,
)
from ...site.host import StartTask
from ..config import ChargerConfig
from ..controls import ActionControl, EntityControl
from ..engine import command as commands
from ..engine.command import ReadBack
from ..snapshot import CommandRecord
from .actuators import CurrentActuator, check_available, is_available
from .sequences import SequenceRunner

_LOGGER = logging.getLogger(__name__)

CURRENT_W = "current_w"
"""Variable of the action sequences that has the power in W."""

START_AGAIN_S = 900.0
"""A charger that does not start is left alone for so long: each command may wake a car."""

RAISE_TIMEOUT_S = 2.0
"""Timeout of a call that may raise the current, once a lower current is wanted."""

type OnDone = Callable[[ChargerConfig, float, str | None], None]
"""Takes the charger, the current in A that was sent, and the error or None."""


class CommandRunner:
    """Sends a charger its wanted current until the charger obeys."""

    def __init__(
        self,
        hass: HomeAssistant,
        config: ChargerConfig,
        volts: Callable[[], float],
        actuator: CurrentActuator | None,
        start_task: StartTask,
        on_done: OnDone,
    ) -> None:
        """Start without a command. ``start_task`` must return before the task runs.

        ``volts`` returns the power in W to send for each ampere per phase.
        """
        self._hass = hass
        self._config = config
        self._volts_now = volts
        self._volts = volts()
        self._actuator = actuator
        self._start_task = start_task
        self._on_done = on_done
        self._sequences = SequenceRunner(hass, config.name)
        self._task: asyncio.Task[None] | None = None
        self._timeout: asyncio.Timeout | None = None
        self.context = Context()
        """Context of the last command; states that it causes carry it."""
        self._monotonic: Callable[[], float] = hass.loop.time
        self.state = commands.holding_up_to(config.rating_a)
        self.record = CommandRecord()
        self.nothing_flows = False
        """The charger certainly takes nothing now: a command can wait."""
        self._reaches = True
        self.stays_off = False
        """The charger has its current, and takes nothing, as its switch is off."""
        self._stayed_off = False
        self._failed = False

    def convert_anew(self) -> None:
        """Convert from now on with the present voltage and number of phases.

        A current that was sent as a power is repeated, and read back, as that power.
        """
        self._volts = self._volts_now()
        if self._actuator is not None:
            self._actuator.volts = self._volts

    def request(
        self, current_a: float, now_s: float, *, replaces_stop: bool = False
    ) -> None:
        """Set the wanted current, and send it as soon as no other call is running."""
        before_a = self.state.desired_a
        self.state = commands.request(
            self.state, current_a, now_s, replaces_stop=replaces_stop
        )
        if self.state.desired_a != before_a:
            self.convert_anew()
        in_flight_a = self.state.in_flight_a
        if in_flight_a is not None and (self.state.desired_a or 0.0) < in_flight_a:
            self._cut_short()
        self.send_if_due(now_s)

    def _cut_short(self) -> None:
        """Shorten the timeout of the running call, whose current is now too high."""
        timeout, latest_s = self._timeout, self.state.begun_s + RAISE_TIMEOUT_S
        if timeout is None or timeout.expired():
            return
        if (timeout.when() or latest_s) > latest_s:
            timeout.reschedule(latest_s)

    def send_if_due(self, now_s: float) -> None:
        """Send the wanted current if it is new, or due to be sent again."""
        if not commands.is_due(self.state, now_s):
            return
        self._reaches = self._can_reach()
        if self.waits:
            self.state = commands.wait(self.state)
            return
        again_s = self.state.begun_s + START_AGAIN_S
        if self.stays_off and self.state.has_problem and now_s < again_s:
            self.state = commands.wait(self.state, again_s)
            return
        starts = not commands.was_sent_to_charge(self.state)
        self.state = commands.begin_call(self.state, now_s, reaches=self._reaches)
        if self.state.attempts:
            self.record = replace(self.record, retries=self.record.retries + 1)
        current_a = self.state.in_flight_a or 0.0
        _LOGGER.debug("%s: sending %s A", self._config.name, current_a)
        self.context = Context()
        self._task = self._start_task(
            self._send(current_a, starts=starts),
            f"{DOMAIN} {self._config.name} command",
        )
        self._task.add_done_callback(self._finished)

    @property
    def waits(self) -> bool:
        """Whether the command waits for controls that are away, as nothing flows."""
        return self.nothing_flows and not self._reaches

    @property
    def shows_idle(self) -> bool:
        """Whether its switch seems to show that no car charges, and is no pause.

        Of such a charger, it goes off again however often it is turned on.
        """
        return self.stays_off and not self._failed

    def follow_controls(self, now_s: float) -> None:
        """Try again the moment that the controls are back, or that current may flow."""
        waited, reached, stayed_off = self.waits, self._reaches, self._stayed_off
        self._reaches, self._stayed_off = self._can_reach(), self.stays_off
        if (
            (self._reaches and not reached)
            or (waited and not self.waits)
            or (stayed_off and not self.stays_off)
        ):
            self.state = commands.retry_now(self.state, now_s)

    def _can_reach(self) -> bool:
        """Return whether the wanted current can be sent: its controls are available."""
        control, current_a = self._config.control, self.state.desired_a
        if current_a is None:
            return True
        if isinstance(control, ActionControl):
            pauses = current_a == 0 and bool(control.stop)
            return self._sequences.reaches(CONF_STOP if pauses else CONF_SET_CURRENT)
        if current_a == 0 and control.switch is not None:
            return is_available(self._hass, control.switch)
        if is_available(self._hass, control.entity):
            return True
        return self._can_start_without(control, current_a)

    def _can_start_without(self, control: EntityControl, current_a: float) -> bool:
        """Return whether the switch alone starts the charger with a current.

        Some numbers are only available while the charger is on.
        """
        return (
            control.switch is not None
            and self._actuator is not None
            and not is_available(self._hass, control.entity)
            and is_available(self._hass, control.switch)
            and current_a == self._actuator.recall()
        )

    def observe(
        self, read_back: ReadBack, now_s: float, *, by_hand: bool = False
    ) -> None:
        """Compare the command with what the charger shows."""
        before = self.state
        self.state = commands.read_back(before, read_back, now_s, by_hand=by_hand)
        if self.state.confirmed and not before.confirmed:
            if read_back is ReadBack.OBEYS and before.accepted:
                latency_s = round(max(0.0, now_s - before.begun_s), 1)
                self.record = replace(self.record, latency_s=latency_s)
            self.record = replace(self.record, retries=0)

    def leave_alone(self, now_s: float) -> None:
        """Do not repeat a command now to a charger that takes nothing."""
        self.state = commands.leave_alone(self.state, now_s)

    @property
    def due_s(self) -> float | None:
        """When to send something even if no state changes; None for never."""
        return self.state.due_s if self.state.in_flight_a is None else None

    def retry_now(self, now_s: float) -> None:
        """Send an unconfirmed current again at once, because an overload persists."""
        self.state = commands.retry_now(self.state, now_s)
        self.send_if_due(now_s)

    def resend(self, now_s: float) -> None:
        """Schedule the wanted current to be sent once more."""
        self.state = commands.resend(self.state, now_s)

    def note_lapse(self, kept_s: float) -> None:
        """Note that the charger seems to have forgotten its current."""
        forgets = self.state.obedience.remind_s < inf
        self.state = commands.note_lapse(self.state, kept_s)
        if not forgets and self.state.obedience.remind_s < inf:
            _LOGGER.info(
                "%s forgets its current after about %.0f s, so it is repeated every %.0f s",
                self._config.name,
                min(self.state.obedience.lapses_s),
                self.state.obedience.remind_s,
            )

    def settles_at(self, settle_s: float, now_s: float) -> float | None:
        """Return when an accepted command should show; None if that is past."""
        if self.state.confirmed or not self.state.accepted:
            return None
        settles_s = self.state.settled_at(settle_s)
        return settles_s if settles_s > now_s else None

    def _finished(self, task: asyncio.Task[None]) -> None:
        """Note how a call ended."""
        now_s = self._monotonic()
        sent_a = self.state.in_flight_a or 0.0
        if task.cancelled():
            error: str | None = "cancelled"
        else:
            raised = task.exception()
            error = describe_error(raised) if raised is not None else None
        self._failed = error is not None
        if error is None:
            self.state = commands.call_succeeded(self.state, now_s)
        else:
            self.state = commands.call_failed(self.state, now_s)
            self.record = replace(self.record, error=error, error_at=dt_util.utcnow())
        self._on_done(self._config, sent_a, error)

    async def _send(self, current_a: float, *, starts: bool) -> None:
        """Send a current by the charger's control; 0 A is a pause."""
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S) as self._timeout:
                match self._config.control:
                    case ActionControl() as control:
                        await self._send_actions(control, current_a, starts=starts)
                    case control if self._actuator is not None:
                        await self._send_entity(control, self._actuator, current_a)
        finally:
            self._timeout = None

    async def _send_entity(
        self, control: EntityControl, actuator: CurrentActuator, current_a: float
    ) -> None:
        """Turn the switch off for a pause; otherwise set the current and turn it on."""
        if current_a == 0 and control.switch is not None:
            await self._switch(control.switch, TURN_OFF)
            return
        if not self._can_start_without(control, current_a):
            await actuator.async_write(current_a, self.context)
        if control.switch is not None:
            switch = self._hass.states.get(control.switch)
            if switch is None or switch.state != STATE_UNAVAILABLE:
                await self._switch(control.switch, TURN_ON)

    async def _switch(self, entity_id: str, action: str) -> None:
        """Turn the switch on or off."""
        check_available(self._hass, entity_id)
        await async_call_entity(
            self._hass, entity_id, EntityAction(action, {}), self.context
        )

    async def _send_actions(
        self, control: ActionControl, current_a: float, *, starts: bool
    ) -> None:
        """Run the sequences for a current; ``starts`` if the charger was paused."""
        variables = {
            "current_a": current_a,
            CURRENT_W: round(current_a * self._volts),
            "charger_id": control.charger_id,
        }
        run = partial(
            self._sequences.async_run,
            variables=variables,
            context=self.context,
        )
        if current_a == 0 and control.stop:
            await run(CONF_STOP, control.stop)
            return
        await run(CONF_SET_CURRENT, control.set_current)
        if starts and current_a > 0 and control.start:
            await run(CONF_START, control.start)

    async def async_unload(self) -> None:
        """Wait for the running call, then unload the action sequences."""
        if self._task is not None:
            await asyncio.wait([self._task])
        await self._sequences.async_unload()
