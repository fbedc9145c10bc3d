"""Carries one charger's wanted current out, one service call at a time."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
import logging
from typing import Any

from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import (
    ATTR_ENTITY_ID,
    MAX_LENGTH_STATE_STATE,
    STATE_UNAVAILABLE,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.util import dt as dt_util
import voluptuous as vol

from ...const import CONF_SET_CURRENT, CONF_START, CONF_STOP, DOMAIN
from ...site.actions import TURN_OFF, TURN_ON
from ...site.host import StartTask
from ...site.secrets import redact_text
from ...site.snapshot import CommandRecord
from ..config import ActionControl, ActionSequence, ChargerConfig, EntityControl
from ..engine import command as commands
from ..engine.command import CommandState, ReadBack
from .dials import Dial, dial_of

_LOGGER = logging.getLogger(__name__)

CALL_TIMEOUT_S = 10.0
RAISE_TIMEOUT_S = 2.0
"""A call that may raise a current has no longer once a lower one is wanted."""

type OnDone = Callable[[ChargerConfig, float, str | None], None]
"""Told of the charger, the current that was sent, and the error if there was one."""


class CommandRunner:
    """Keeps a charger at its wanted current: sends, waits, looks, sends again."""

    def __init__(
        self,
        hass: HomeAssistant,
        config: ChargerConfig,
        voltage_v: float,
        start_task: StartTask,
        on_done: OnDone,
    ) -> None:
        """``start_task`` must not run the task before it returns."""
        self._hass = hass
        self._config = config
        self._volts = voltage_v * len(config.phases)
        self._dial = dial_of(hass, config.control, self._volts)
        self._start_task = start_task
        self._on_done = on_done
        self._scripts: dict[str, Script] = {}
        self._task: asyncio.Task[None] | None = None
        self._timeout: asyncio.Timeout | None = None
        self.context = Context()
        """What the charger does on our behalf is put down to this."""
        self._monotonic: Callable[[], float] = hass.loop.time
        self.state = commands.unknown(config.rating_a)
        self.record = CommandRecord()

    def adopt(self, state: CommandState) -> None:
        """Start over from what the charger is found to have."""
        self.state = state

    def want(self, current_a: float, now_s: float) -> None:
        """Want a current and send it as soon as no other call is running."""
        self.state = commands.want(self.state, current_a, now_s)
        in_flight_a = self.state.in_flight_a
        if in_flight_a is not None and (self.state.desired_a or 0.0) < in_flight_a:
            self._cut_short()
        self.send_if_due(now_s)

    def _cut_short(self) -> None:
        """Give the running call up soon."""
        timeout, latest_s = self._timeout, self.state.begun_s + RAISE_TIMEOUT_S
        if timeout is None or timeout.expired():
            return
        if (timeout.when() or latest_s) > latest_s:
            timeout.reschedule(latest_s)

    def send_if_due(self, now_s: float) -> None:
        """Send what is due: a new current, a retry or a re-assertion."""
        if not commands.is_due(self.state, now_s):
            return
        if self.state.attempts:
            self.record = replace(self.record, retries=self.record.retries + 1)
        starts = not commands.is_running(self.state)
        self.state = commands.begin(self.state, now_s)
        current_a = self.state.in_flight_a or 0.0
        _LOGGER.debug("%s: sending %s A", self._config.name, current_a)
        self.context = Context()
        self._task = self._start_task(
            self._send(current_a, starts=starts),
            f"{DOMAIN} {self._config.name} command",
        )
        self._task.add_done_callback(self._finished)

    def look(self, seen: ReadBack, now_s: float) -> None:
        """Take note of what the charger is seen to do."""
        before = self.state
        self.state = commands.read_back(before, seen, now_s)
        if self.state.confirmed and not before.confirmed:
            if seen is ReadBack.OBEYS and before.accepted:
                latency_s = round(max(0.0, now_s - before.begun_s), 1)
                self.record = replace(self.record, latency_s=latency_s)
            self.record = replace(self.record, retries=0)

    @property
    def due_s(self) -> float | None:
        """When time alone makes this runner act."""
        return self.state.due_s if self.state.in_flight_a is None else None

    def hurry(self, now_s: float) -> None:
        """Send again at once what is not confirmed; an overload lasts."""
        self.state = commands.hurry(self.state, now_s)
        self.send_if_due(now_s)

    def repeat(self, now_s: float) -> None:
        """Have the wanted current sent once more."""
        self.state = commands.repeat(self.state, now_s)

    def settles_at(self, settle_s: float, now_s: float) -> float | None:
        """When it shows whether the charger obeys, if that is still to come."""
        if self.state.confirmed or not self.state.accepted:
            return None
        settles_s = self.state.settled_at(settle_s)
        return settles_s if settles_s > now_s else None

    def _finished(self, task: asyncio.Task[None]) -> None:
        now_s = self._monotonic()
        sent_a = self.state.in_flight_a or 0.0
        if task.cancelled():
            error: str | None = "cancelled"
        else:
            raised = task.exception()
            error = _describe(raised) if raised is not None else None
            if raised is not None and not isinstance(
                raised, HomeAssistantError | TimeoutError | vol.Invalid
            ):
                _LOGGER.error(
                    "%s: unexpected error from the charger",
                    self._config.name,
                    exc_info=raised,
                )
        if error is None:
            self.state = commands.succeeded(self.state, now_s)
        else:
            self.state = commands.failed(self.state, now_s)
            self.record = replace(self.record, error=error, error_at=dt_util.utcnow())
        self._on_done(self._config, sent_a, error)

    async def _send(self, current_a: float, *, starts: bool) -> None:
        try:
            async with asyncio.timeout(CALL_TIMEOUT_S) as self._timeout:
                match self._config.control:
                    case ActionControl() as control:
                        await self._send_actions(control, current_a, starts=starts)
                    case control if self._dial is not None:
                        await self._send_dial(control, self._dial, current_a)
        finally:
            self._timeout = None

    async def _send_dial(
        self, control: EntityControl, dial: Dial, current_a: float
    ) -> None:
        if current_a == 0 and control.switch is not None:
            await self._switch(control.switch, TURN_OFF)
            return
        self._check_available(control.entity)
        domain, service, data = dial.order(current_a)
        await self._call(domain, service, control.entity, data)
        if control.switch is not None:
            switch = self._hass.states.get(control.switch)
            if switch is None or switch.state != STATE_UNAVAILABLE:
                await self._switch(control.switch, TURN_ON)

    async def _switch(self, entity_id: str, service: str) -> None:
        self._check_available(entity_id)
        await self._call(SWITCH_DOMAIN, service, entity_id, {})

    def _check_available(self, entity_id: str) -> None:
        """Home Assistant skips an entity that is unavailable without a word."""
        state = self._hass.states.get(entity_id)
        if state is None or state.state == STATE_UNAVAILABLE:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="control_unavailable",
                translation_placeholders={"entity_id": entity_id},
            )

    async def _call(
        self, domain: str, service: str, entity_id: str, data: dict[str, Any]
    ) -> None:
        await self._hass.services.async_call(
            domain,
            service,
            {ATTR_ENTITY_ID: entity_id, **data},
            blocking=True,
            context=self.context,
        )

    async def _send_actions(
        self, control: ActionControl, current_a: float, *, starts: bool
    ) -> None:
        variables = {
            "current_a": current_a,
            "current_w": round(current_a * self._volts),
            "charger_id": control.charger_id,
        }
        if current_a == 0 and control.stop:
            await self._run(CONF_STOP, control.stop, variables)
            return
        await self._run(CONF_SET_CURRENT, control.set_current, variables)
        if starts and current_a > 0 and control.start:
            await self._run(CONF_START, control.start, variables)

    async def _run(
        self, key: str, sequence: ActionSequence, variables: dict[str, Any]
    ) -> None:
        if (script := self._scripts.get(key)) is None:
            script = self._scripts[key] = await self._async_prepare(key, sequence)
        await script.async_run(variables, self.context)

    async def _async_prepare(self, key: str, sequence: ActionSequence) -> Script:
        """Make a script of a sequence, when it is needed first.

        At start-up, what it names may not be there yet: then this call fails
        like any other, and the next may not.
        """
        actions = await async_validate_actions_config(
            self._hass, cv.SCRIPT_SCHEMA(sequence)
        )
        # What fails is told once, by whoever is told that it failed.
        name = f"{self._config.name} {key}"
        return Script(self._hass, actions, name, DOMAIN, log_exceptions=False)

    async def async_unload(self) -> None:
        """Let the running call come to its end, then let go of the sequences."""
        if self._task is not None:
            await asyncio.wait([self._task])
        for script in self._scripts.values():
            await script.async_unload()


def _describe(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = redact_text(str(error) or type(error).__name__)
    return text[:MAX_LENGTH_STATE_STATE]
