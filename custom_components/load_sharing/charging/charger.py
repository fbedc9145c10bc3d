"""One charger as the charging control holds it: configuration, sensors, commands."""

from dataclasses import dataclass, field
from datetime import timedelta
import logging
from math import inf
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..site.host import StartTask
from .config import ChargerConfig
from .engine import command as commands, hand
from .engine.command import CommandState, ReadBack
from .engine.commissioning import NOTHING_FOUND, Trial, TrialFindings
from .engine.decision import ActionReason, ChargerDecision
from .engine.mains import Mains
from .engine.model import (
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    ControlRange,
    DrawReading,
    Limit,
)
from .engine.phases import Known
from .engine.waiting import waits_for_current
from .io.actuators import DEFAULT_RANGE
from .io.chargers import ChargerProbe
from .io.clock import Clock
from .io.commands import CommandRunner, OnDone
from .start_up import ChargerReports, StartUp
from .store import ChargingStore, LastCommand, TemporaryLimit
from .temporary_limits import Expiry
from .tuning import charger_settings, hand_limit_duration

_LOGGER = logging.getLogger(__name__)


@dataclass(kw_only=True)
class ManagedCharger:
    """Combines what is read from a charger with what is sent to it."""

    config: ChargerConfig
    store: ChargingStore
    probe: ChargerProbe
    runner: CommandRunner
    settings: ChargerSettings
    reports: ChargerReports
    control_range: ControlRange = DEFAULT_RANGE
    temporary_limit: TemporaryLimit | None = None
    hand_limit: TemporaryLimit | None = None
    last_action: ActionReason | None = None
    waiting: bool | None = None
    asleep: bool = False
    trial: Trial | None = None
    findings: TrialFindings = NOTHING_FOUND
    last_input: ChargerInput | None = None
    fails: bool = False
    """Whether reading the charger fails, by a bug."""
    proposed_a: float | None = None
    """In shadow mode, the current that would be sent, in A."""
    set_by_hand_s: float = 0.0
    """When the current was last set by hand; before that, when this run began."""
    _resumed: bool = False
    _stored_command: CommandState | None = None
    _was_unreadable: bool = False
    _readable_since_s: float = -inf
    """When the controls last became readable again."""
    _status: ChargerStatus | None = None
    _expiry: Expiry = field(default_factory=Expiry)
    away: bool = False
    """The car, which is the charger, is elsewhere."""
    known: Known | None = None
    """What is known of its phases."""

    def read(self, clock: Clock) -> ChargerInput:
        """Read the charger, and follow whether it obeys its command."""
        if not self._resumed:
            self._resume(clock.monotonic_s)
        status, since_s = self.probe.status(clock)
        command = self.runner.state if self.is_ours else None
        draw = self.probe.draw(command, self.settings.settle_s, clock)
        self._end_hand_limit(status, since_s, clock)
        was_away, self.away = self.away, self.probe.is_away
        if self.away:
            self.last_input = None
            return ChargerInput(self.settings, self.runner.state, away=True)
        if was_away:
            self.reset_command()
        if self.control_range != self.probe.control_range:
            self.refresh_settings()
        if self.runner.state.desired_a is None:
            self.reset_command()
        elif self.is_ours:
            self._follow_command(status, draw, clock)
        self._status = status
        self.reports.note(self.runner.state, self.settings.settle_s, clock)
        if self.store.shadow:
            self._adopt_shown_current(clock)
        self.last_input = ChargerInput(
            self.settings, self.runner.state, status, since_s, draw
        )
        return self.last_input

    def unread(self, clock: Clock) -> ChargerInput:
        """Return the charger without a reading: it may take its present command."""
        status, now_s = ChargerStatus.UNKNOWN, clock.monotonic_s
        self.last_input = ChargerInput(
            self.settings, self.runner.state, status, now_s, None
        )
        return self.last_input

    @property
    def is_ours(self) -> bool:
        """Whether to control the charger: balancing is on, or a stop is unconfirmed.

        A car that is elsewhere is left alone.
        """
        driven = self.store.enabled and not self.store.shadow
        return not self.away and (driven or self.runner.state.stop_pending)

    @property
    def has_problem(self) -> bool:
        """Whether the charger does not obey, or cannot be read."""
        return self.is_ours and (self.runner.state.has_problem or self.fails)

    def _follow_command(
        self, status: ChargerStatus, draw: DrawReading | None, clock: Clock
    ) -> None:
        """Compare the command with what the charger shows and draws."""
        shown = self._read_back(status, draw, clock)
        if shown is ReadBack.UNKNOWN:
            self._was_unreadable = True
        elif self._was_unreadable:
            self._was_unreadable = False
            self._readable_since_s = clock.monotonic_s
        if shown is ReadBack.DIFFERS and self._accept_hand_change(status, clock):
            shown = self._read_back(status, draw, clock)
        self.runner.observe(shown, clock.monotonic_s)
        if self._begins_to_charge(status):
            self.runner.resend(clock.monotonic_s)

    def _read_back(
        self, status: ChargerStatus, draw: DrawReading | None, clock: Clock
    ) -> ReadBack:
        """Return whether the charger obeys its command."""
        state, settle_s = self.runner.state, self.settings.settle_s
        return self.probe.read_back(state, settle_s, status, draw, clock)

    def _begins_to_charge(self, status: ChargerStatus) -> bool:
        """Return whether a session begins at a charger that is driven by actions.

        Such a charger shows no current, and may have dropped it with the last session.
        """
        if self.config.has_control_entities:
            return False
        idle = self._status is ChargerStatus.NOT_CHARGING
        return idle and status is ChargerStatus.CHARGING

    def _accept_hand_change(self, status: ChargerStatus, clock: Clock) -> bool:
        """Limit the charger to a current that was set by hand; False if none was."""
        runner = self.runner
        wanted_a = runner.state.desired_a or 0.0
        shown = self.probe.shown(
            wanted_a,
            runner.context,
            self._readable_since_s,
            clock,
            is_first=not self.reports.has_spoken,
        )
        if shown is None or self._hand_limit_duration <= timedelta(0):
            return False
        set_a = hand.current_set_by_hand(runner.state, shown, self.settings, status)
        if set_a is None:
            return False
        self.set_by_hand_s = clock.monotonic_s
        before_a = self.hand_limit.current_a if self.hand_limit else None
        # During a test, compare with the current that the charger had before it.
        usual_a = max(wanted_a, self.trial.top_a) if self.trial else wanted_a
        self._set_hand_limit(
            hand.ceiling_after_change(before_a, set_a, usual_a, self.settings.max_a)
        )
        if set_a < wanted_a:
            runner.state = commands.adopt(runner.state, set_a, clock.monotonic_s)
        return True

    def _end_hand_limit(
        self, status: ChargerStatus, since_s: float, clock: Clock
    ) -> None:
        """Remove the hand limit once its time is up or its session is over.

        Its end is dated anew when the wall clock was set.
        """
        ends_s = self.hand_limit_ends_s(clock)
        expired = ends_s is not None and ends_s <= clock.monotonic_s
        if expired or (
            self.hand_limit is not None
            and hand.is_session_over(
                self.runner.state,
                status,
                since_s,
                self.set_by_hand_s,
                clock.monotonic_s,
            )
        ):
            self._set_hand_limit(None)
        elif self.hand_limit is not None and self.hand_limit.until is not None:
            until = self._expiry.redated(self.hand_limit.until, clock)
            if until is not None:
                charger_id, current_a = (
                    self.config.charger_id,
                    self.hand_limit.current_a,
                )
                self.store.set_hand_limit(charger_id, current_a, until)
                self.refresh_settings()

    def _set_hand_limit(self, current_a: float | None) -> None:
        """Set the hand limit in A; None removes it."""
        if current_a is None and self.hand_limit is None:
            return
        until = dt_util.utcnow() + self._hand_limit_duration
        self.store.set_hand_limit(self.config.charger_id, current_a, until)
        self.refresh_settings()
        if current_a is not None:
            _LOGGER.info(
                "%s was set to %g A by somebody else: no more until %s",
                self.config.name,
                current_a,
                dt_util.as_local(until).strftime("%H:%M"),
            )

    @property
    def _hand_limit_duration(self) -> timedelta:
        """How long a current that was set by hand limits the charger."""
        tuned = self.store.tuning(self.config.charger_id)
        return hand_limit_duration(self.config, tuned)

    def hand_limit_ends_s(self, clock: Clock) -> float | None:
        """Return when the hand limit ends, on the monotonic clock; None without one."""
        until = self.hand_limit.until if self.hand_limit else None
        return self._expiry.ends_s(until, clock)

    def _adopt_shown_current(self, clock: Clock) -> None:
        """Treat the current that the charger shows as commanded: nothing is sent."""
        current_a = self.probe.current_in_force()
        if current_a is not None:
            self.runner.state = commands.adopt(
                self.runner.state, current_a, clock.monotonic_s
            )

    def carry_out(self, decision: ChargerDecision, now_s: float) -> None:
        """Send the decided current if there is one; in shadow mode, only propose it."""
        self.waiting = waits_for_current(self.waiting, decision)
        if decision.action is not None:
            self.last_action = decision.action
        shadow = self.store.shadow
        if shadow:
            self._propose(decision)
        self.asleep = decision.asleep
        if decision.withheld:
            return
        if decision.idle:
            self.runner.leave_alone(now_s)
        if decision.desired_a is not None and not shadow:
            self.runner.request(decision.desired_a, now_s)
        elif self.is_ours:
            self.runner.send_if_due(now_s)
        self.store_command()

    def _propose(self, decision: ChargerDecision) -> None:
        """Note what would be sent; a raise stays proposed until the next one is due."""
        waits = decision.action is None and decision.limit is Limit.RAMP_UP
        if not waits or self.proposed_a is None:
            self.proposed_a = decision.desired_a

    def store_command(self) -> None:
        """Store the command for a restart, and whether the charger obeys it."""
        state = self.runner.state
        if state is self._stored_command:
            return
        self._stored_command = state
        if state.desired_a is not None:
            command = LastCommand(state.desired_a, state.confirmed)
            self.store.set_last_command(self.config.charger_id, command)

    def _resume(self, now_s: float) -> None:
        """Continue after a restart: a stop that was unconfirmed is requested again."""
        self.reset_command()
        self._resumed = True
        last = self.store.last_command(self.config.charger_id)
        if last is not None and last.current_a == 0 and not last.confirmed:
            self.runner.state = commands.request(self.runner.state, 0.0, now_s)

    def reset_command(self) -> None:
        """Start without a command, from the current that the charger has now."""
        self.refresh_settings()
        self.runner.state = self._initial_command()

    def _initial_command(self) -> CommandState:
        """Return the state with the current that the charger shows or last confirmed.

        If neither is known, any current up to the charger's rating is possible.
        """
        current_a = self.probe.current_in_force()
        if current_a is None and not self.config.has_control_entities:
            last = self.store.last_command(self.config.charger_id)
            current_a = last.current_a if last and last.confirmed else None
        if current_a is None:
            return commands.holding_up_to(self.config.rating_a)
        return commands.holding(current_a)

    def refresh_settings(self) -> None:
        """Apply changed tuning values and limits."""
        charger_id = self.config.charger_id
        self.temporary_limit = limit = self.store.limit(charger_id)
        if self._hand_limit_duration > timedelta(0):
            self.hand_limit = by_hand = self.store.hand_limit(charger_id)
        else:
            self.hand_limit = by_hand = None
        self.control_range = self.probe.control_range
        ceilings = []
        if by_hand is not None:
            ceilings.append((Limit.SET_BY_HAND, by_hand.current_a))
        if self.trial is not None:
            ceilings.append((Limit.CHARGER_TEST, self.trial.ceiling_a))
        self.settings = charger_settings(
            self.config,
            self.store.tuning(charger_id),
            self.control_range,
            limit.current_a if limit else None,
            tuple(ceilings),
            self.probe.watts_per_a,
        )

    def use_phases(self, known: Known | None, now_s: float) -> None:
        """Convert powers for the number of phases that the charger charges on.

        A current that was sent as the power of another number is sent again at once.
        Where nothing was evaluated, nothing new is known.
        """
        if known is None:
            return
        self.known, count = known, known.in_use
        in_use_v = self.probe.volts
        self.probe.use_phases(count)
        if self.probe.volts == in_use_v:
            return
        self.runner.use_volts(self.probe.volts)
        if self.settings.watts_per_a and self.is_ours:
            self.runner.resend(now_s)

    def prompt_values(self, decision: ChargerDecision) -> tuple[Any, ...]:
        """Return what is published at once when it changes."""
        state = self.runner.state
        return (
            self.proposed_a if self.store.shadow else decision.desired_a,
            state.desired_a,
            state.confirmed,
            self.has_problem,
            self.last_action,
            self.asleep,
            self.runner.record,
            self.temporary_limit,
            self.hand_limit,
            self.trial.findings if self.trial else self.findings,
        )

    def noisy_values(
        self, charger_input: ChargerInput, decision: ChargerDecision
    ) -> tuple[Any, ...]:
        """Return what the noise of a meter alone may change."""
        used = self.known.in_use if self.known else None
        return decision.limit, self.waiting, used, charger_input.charging


def manage_charger(
    hass: HomeAssistant,
    config: ChargerConfig,
    store: ChargingStore,
    mains: Mains,
    start_task: StartTask,
    on_done: OnDone,
    start_up: StartUp,
) -> ManagedCharger:
    """Build a charger from its configuration; its first reading resumes it."""
    probe = ChargerProbe(hass, config, mains)
    volts = mains.volts(len(config.phases))
    tuned = store.tuning(config.charger_id)
    return ManagedCharger(
        config=config,
        store=store,
        probe=probe,
        runner=CommandRunner(hass, config, volts, start_task, on_done),
        settings=charger_settings(config, tuned, DEFAULT_RANGE, None),
        reports=ChargerReports(start_up, probe),
        findings=store.test_findings(config.charger_id),
        set_by_hand_s=hass.loop.time(),
    )
