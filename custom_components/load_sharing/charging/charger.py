"""One charger as the charging control holds it: configuration, sensors, commands."""

from dataclasses import dataclass
from datetime import timedelta
import logging
from math import inf

from homeassistant.core import HomeAssistant

from ..site.host import StartTask
from .by_hand import HandLimit
from .config import ChargerConfig
from .engine import command as commands, hand
from .engine.command import CommandState, ReadBack
from .engine.commissioning import NOTHING_FOUND, Trial, TrialFindings
from .engine.decision import ActionReason, ChargerDecision
from .engine.latency import Response, has_shown
from .engine.model import (
    NOTHING_A,
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
from .io.voltage import SupplyVoltage
from .start_up import ChargerReports, StartUp
from .store import ChargingStore, LastCommand, TemporaryLimit
from .tuning import charger_settings

_LOGGER = logging.getLogger(__name__)


@dataclass(kw_only=True)
class ManagedCharger:
    """Combines what is read from a charger with what is sent to it."""

    config: ChargerConfig
    store: ChargingStore
    probe: ChargerProbe
    runner: CommandRunner
    settings: ChargerSettings
    by_hand: HandLimit
    reports: ChargerReports
    control_range: ControlRange = DEFAULT_RANGE
    temporary_limit: TemporaryLimit | None = None
    last_action: ActionReason | None = None
    waiting: bool | None = None
    asleep: bool = False
    trial: Trial | None = None
    findings: TrialFindings = NOTHING_FOUND
    last_input: ChargerInput | None = None
    response: Response | None = None
    """How the charger responded to its commands so far, as readings showed it."""
    fails: bool = False
    """Whether reading the charger fails, by a bug."""
    proposed_a: float | None = None
    """In shadow mode, the current that would be sent, in A."""
    _resumed: bool = False
    _resumes_stop: bool = False
    """An unconfirmed stop of the last run is carried through."""
    _stored_command: CommandState | None = None
    _was_unreadable: bool = False
    _readable_since_s: float = -inf
    """When the controls last became readable again."""
    _status: ChargerStatus | None = None
    away: bool = False
    """The car, which is the charger, is elsewhere."""
    known: Known | None = None
    """What is known of its phases."""

    def read(self, clock: Clock) -> ChargerInput:
        """Read the charger, and follow whether it obeys its command."""
        if not self._resumed:
            self._resume(clock.monotonic_s)
        if not self.runner.state.desired_a:
            self.runner.convert_anew()
        status, since_s = self.probe.status(clock)
        command = self.runner.state if self.is_ours else None
        draw = self.probe.draw(command, self.settings.settle_s, clock)
        changed = self.by_hand.follow(self.runner.state, status, since_s, clock)
        was_away, self.away = self.away, self.probe.is_away
        if self.away:
            self.last_input = None
            return ChargerInput(self.settings, self.runner.state, away=True)
        if was_away:
            self.reset_command()
        if changed or self.control_range != self.probe.control_range:
            self.refresh_settings()
        if self.runner.state.desired_a is None or self._is_first_seen():
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
        excused = self.runner.waits or self.runner.shows_idle
        disobeys = self.runner.state.has_problem and not excused
        return self.is_ours and (disobeys or self.fails)

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
        by_hand = shown is ReadBack.DIFFERS and self._accept_hand_change(status, clock)
        if by_hand:
            shown = self._read_back(status, draw, clock)
        self.runner.observe(shown, clock.monotonic_s, by_hand=by_hand)
        self.runner.nothing_flows = self._takes_nothing(status, draw)
        self.runner.stays_off = (
            status is ChargerStatus.NOT_CHARGING
            and self.probe.stays_off(self.runner.state.desired_a)
        )
        self.runner.follow_controls(clock.monotonic_s)
        if self._begins_to_charge(status):
            self.runner.resend(clock.monotonic_s)

    def _read_back(
        self, status: ChargerStatus, draw: DrawReading | None, clock: Clock
    ) -> ReadBack:
        """Return whether the charger obeys its command."""
        state, settle_s = self.runner.state, self.settings.settle_s
        newest = state.epochs[-1]
        followed = newest.current_a == state.desired_a and has_shown(
            self.response, newest
        )
        return self.probe.read_back(
            state, settle_s, status, draw, clock, followed=followed
        )

    def _takes_nothing(self, status: ChargerStatus, draw: DrawReading | None) -> bool:
        """Return whether nothing can flow: no car charges, or a pause is in force."""
        if draw is not None:
            return max(draw.high_a) < NOTHING_A
        if status in (ChargerStatus.CHARGING, ChargerStatus.NOT_CHARGING):
            return status is ChargerStatus.NOT_CHARGING
        return self.runner.state.greatest_possible_a == 0

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
        if shown is None or self.by_hand.duration <= timedelta(0):
            return False
        set_a = hand.current_set_by_hand(runner.state, shown, self.settings, status)
        if set_a is None:
            return False
        self.by_hand.set_s = clock.monotonic_s
        before_a = self.hand_limit.current_a if self.hand_limit else None
        # During a test, compare with the current that the charger had before it.
        usual_a = max(wanted_a, self.trial.top_a) if self.trial else wanted_a
        self.by_hand.set(
            hand.ceiling_after_change(before_a, set_a, usual_a, self.settings.max_a)
        )
        self.refresh_settings()
        if set_a < wanted_a:
            runner.state = commands.adopt(runner.state, set_a, clock.monotonic_s)
        return True

    @property
    def hand_limit(self) -> TemporaryLimit | None:
        """The limit that follows from a current that was set by hand."""
        return self.by_hand.limit

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
            self.runner.request(
                decision.desired_a, now_s, replaces_stop=decision.replaces_stop
            )
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

    def _is_first_seen(self) -> bool:
        """Return whether the charger shows a current that it was not to have before.

        Nothing was sent to it meanwhile. The reduction was for a charger that might
        have any current.
        """
        newest = self.runner.state.epochs[-1]
        was_unknown = newest.done_s is None and newest.begun_s == -inf
        if not was_unknown or self._resumes_stop or self.runner.state.in_flight_a:
            return False
        shown_a = self.probe.current_in_force()
        return shown_a is not None and shown_a > (self.runner.state.desired_a or 0.0)

    def _resume(self, now_s: float) -> None:
        """Continue after a restart: a stop that was unconfirmed is requested again."""
        self.reset_command()
        self._resumed = True
        last = self.store.last_command(self.config.charger_id)
        if last is not None and last.current_a == 0 and not last.confirmed:
            self._resumes_stop = True
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
        self.by_hand.load()
        self.control_range = self.probe.control_range
        ceilings = []
        if self.hand_limit is not None:
            ceilings.append((Limit.SET_BY_HAND, self.hand_limit.current_a))
        if self.trial is not None:
            ceilings.append((Limit.CHARGER_TEST, self.trial.ceiling_a))
        self.settings = charger_settings(
            self.config,
            self.store.tuning(charger_id),
            self.control_range,
            limit.current_a if limit else None,
            tuple(ceilings),
            self.probe.watts_per_a,
            never_pauses=self.answers_pause_with_more,
        )

    @property
    def answers_pause_with_more(self) -> bool:
        """Whether the charger answered a pause with more current, as it is set up."""
        return self.store.never_pauses(self.config)

    def note_refuted_pause(self) -> None:
        """Never pause the charger again, until it is set up in another way."""
        if not self.answers_pause_with_more:
            self.store.set_never_pauses(self.config)
            self.refresh_settings()
            _LOGGER.warning(
                "%s took more current when it was paused: from now on it gets its "
                "minimum instead",
                self.config.name,
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
        self.runner.convert_anew()
        if self.settings.watts_per_a and self.is_ours:
            self.runner.resend(now_s)


def manage_charger(
    hass: HomeAssistant,
    config: ChargerConfig,
    store: ChargingStore,
    voltage: SupplyVoltage,
    start_task: StartTask,
    on_done: OnDone,
    start_up: StartUp,
) -> ManagedCharger:
    """Build a charger from its configuration; its first reading resumes it."""
    probe = ChargerProbe(hass, config, voltage)
    volts = probe.commanded_volts
    tuned = store.tuning(config.charger_id)
    return ManagedCharger(
        config=config,
        store=store,
        probe=probe,
        runner=CommandRunner(hass, config, volts, probe.actuator, start_task, on_done),
        settings=charger_settings(config, tuned, DEFAULT_RANGE, None),
        by_hand=HandLimit(config, store, hass.loop.time()),
        reports=ChargerReports(start_up, probe),
        findings=store.test_findings(config.charger_id),
    )
