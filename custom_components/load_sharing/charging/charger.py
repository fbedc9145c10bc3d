"""One charger as the coordinator holds it: its configuration, sensors and commands."""

from dataclasses import dataclass
from datetime import timedelta
import logging
from math import inf
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..site.host import StartTask
from .config import ActionControl, ChargerConfig
from .engine import command as commands, hand
from .engine.command import CommandState, ReadBack
from .engine.commissioning import NOTHING_FOUND, Findings, Trial
from .engine.measurement import NOTHING_A, likely_draw
from .engine.model import (
    ActionReason,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    DrawReading,
    Limit,
)
from .engine.waiting import waits_for_current
from .io.chargers import ChargerProbe
from .io.commands import CommandRunner, OnDone
from .io.currents import Clock
from .snapshot import ChargerSnapshot
from .store import ChargingStore, LastCommand, TemporaryLimit
from .tuning import charger_settings, respected_for

_LOGGER = logging.getLogger(__name__)


@dataclass(kw_only=True)
class ManagedCharger:
    """Joins what is read of a charger with what is sent to it."""

    config: ChargerConfig
    store: ChargingStore
    probe: ChargerProbe
    runner: CommandRunner
    settings: ChargerSettings
    volts: float
    temporary_limit: TemporaryLimit | None = None
    hand_limit: TemporaryLimit | None = None
    last_action: ActionReason | None = None
    waiting: bool | None = None
    trial: Trial | None = None
    findings: Findings = NOTHING_FOUND
    last_seen: ChargerInput | None = None
    proposed_a: float | None = None
    """In shadow mode, what would be sent."""
    _remembered: CommandState | None = None
    _away: bool = False
    _back_s: float = -inf
    """When the controls came back last from being away."""
    chosen_s: float = 0.0
    """When somebody else chose a current, or when this run began."""
    _status: ChargerStatus | None = None

    def read(self, clock: Clock) -> ChargerInput:
        """Look at the charger; notice whether it obeys."""
        status, since_s = self.probe.status(clock)
        runner = self.runner
        told = runner.state if self.is_ours else None
        draw = self.probe.draw(told, self.settings.settle_s, clock)
        ends_s = self.hand_limit_ends_s(clock)
        if ends_s is not None and ends_s <= clock.monotonic_s:
            self._respect(None)
        if self.hand_limit is not None and hand.is_session_over(
            runner.state, status, since_s, self.chosen_s, clock.monotonic_s
        ):
            self._respect(None)
        if (self.settings.step_a, self.settings.levels_a) != self.probe.resolution:
            self.refresh_settings()
        if runner.state.desired_a is None:
            self.start_over()
        elif self.is_ours:
            seen = self._read_back(status, draw, clock)
            if seen is ReadBack.UNKNOWN:
                self._away = True
            elif self._away:
                self._away, self._back_s = False, clock.monotonic_s
            if seen is ReadBack.DIFFERS and self._heeds_others(status, clock):
                seen = self._read_back(status, draw, clock)
            runner.observe(seen, clock.monotonic_s)
            if self._begins_to_charge(status):
                runner.repeat(clock.monotonic_s)
        self._status = status
        if self.store.shadow:
            self._observe(clock)
        seen_now = ChargerInput(self.settings, runner.state, status, since_s, draw)
        self.last_seen = seen_now
        return seen_now

    def _read_back(
        self, status: ChargerStatus, draw: DrawReading | None, clock: Clock
    ) -> ReadBack:
        state, settle_s = self.runner.state, self.settings.settle_s
        return self.probe.read_back(state, settle_s, status, draw, clock)

    def _heeds_others(self, status: ChargerStatus, clock: Clock) -> bool:
        """Respect for a while what somebody else set, if they did: tell whether."""
        runner = self.runner
        wanted_a = runner.state.desired_a or 0.0
        shown = self.probe.shown(wanted_a, runner.context, self._back_s, clock)
        if shown is None or self._respected_for <= timedelta(0):
            return False
        chosen_a = hand.current_set_by_hand(runner.state, shown, self.settings, status)
        if chosen_a is None:
            return False
        before_a = self.hand_limit.current_a if self.hand_limit else None
        self.chosen_s = clock.monotonic_s
        # What a test takes away for a while is not what the charger is to have.
        had_a = max(wanted_a, self.trial.top_a) if self.trial else wanted_a
        self._respect(
            hand.ceiling_after_change(before_a, chosen_a, had_a, self.settings.max_a)
        )
        if chosen_a < wanted_a:
            runner.adopt(commands.adopt(runner.state, chosen_a, clock.monotonic_s))
        return True

    def _respect(self, current_a: float | None) -> None:
        """Hold a current that somebody else set for the most there may be."""
        if current_a is None and self.hand_limit is None:
            return
        until = dt_util.utcnow() + self._respected_for
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
    def _respected_for(self) -> timedelta:
        tuned = self.store.tuning(self.config.charger_id)
        return respected_for(self.config, tuned)

    def hand_limit_ends_s(self, clock: Clock) -> float | None:
        """When what somebody else set is no longer respected, if anything is."""
        if self.hand_limit is None or self.hand_limit.until is None:
            return None
        left_s = self.hand_limit.until.timestamp() - clock.wall_s
        return clock.monotonic_s + left_s

    def _begins_to_charge(self, status: ChargerStatus) -> bool:
        """A charger that shows no current may have dropped it with the last session."""
        if not isinstance(self.config.control, ActionControl):
            return False
        idle = self._status is ChargerStatus.NOT_CHARGING
        return idle and status is ChargerStatus.CHARGING

    @property
    def is_ours(self) -> bool:
        """Not left to its owner: the site is balanced, or a stop is on its way."""
        driven = self.store.enabled and not self.store.shadow
        return driven or self.runner.state.stop_pending

    def _observe(self, clock: Clock) -> None:
        """Take what the charger has for what it was told: nothing is sent to it."""
        current_a = self.probe.current_in_force()
        if current_a is not None:
            state = self.runner.state
            self.runner.adopt(commands.adopt(state, current_a, clock.monotonic_s))

    def propose(self, chosen: ChargerDecision) -> None:
        """Note what would be sent; a raise is proposed until the next one is due."""
        waits = chosen.action is None and chosen.limit is Limit.RAMP_UP
        if not waits or self.proposed_a is None:
            self.proposed_a = chosen.desired_a

    def note(self, chosen: ChargerDecision) -> None:
        """Keep what the next decision alone does not tell."""
        self.waiting = waits_for_current(self.waiting, chosen)
        if chosen.action is not None:
            self.last_action = chosen.action

    def remember(self) -> None:
        """Keep for a restart what the charger was told, and whether it obeys."""
        state = self.runner.state
        if state is self._remembered:
            return
        self._remembered = state
        if state.desired_a is not None:
            command = LastCommand(state.desired_a, state.confirmed)
            self.store.set_last_command(self.config.charger_id, command)

    def resume(self, now_s: float) -> None:
        """Take up where the last run ended: a stop that is wanted stays wanted."""
        self.start_over()
        last = self.store.last_command(self.config.charger_id)
        if last is not None and last.current_a == 0 and not last.confirmed:
            self.runner.adopt(commands.request(self.runner.state, 0.0, now_s))

    def start_over(self) -> None:
        """Take the current that the charger is found with as the one in force."""
        self.refresh_settings()
        self.runner.adopt(self._found())

    def _found(self) -> CommandState:
        current_a = self.probe.current_in_force()
        if current_a is None and isinstance(self.config.control, ActionControl):
            last = self.store.last_command(self.config.charger_id)
            current_a = last.current_a if last and last.confirmed else None
        if current_a is None:
            return commands.holding_up_to(self.config.rating_a)
        return commands.holding(current_a)

    def refresh_settings(self) -> None:
        """Take over changed tuning values and limits."""
        charger_id = self.config.charger_id
        self.temporary_limit = limit = self.store.limit(charger_id)
        if self._respected_for > timedelta(0):
            self.hand_limit = by_hand = self.store.hand_limit(charger_id)
        else:
            self.hand_limit = by_hand = None
        ceilings = []
        if by_hand is not None:
            ceilings.append((Limit.SET_BY_HAND, by_hand.current_a))
        if self.trial is not None:
            ceilings.append((Limit.CHARGER_TEST, self.trial.ceiling_a))
        self.settings = charger_settings(
            self.config,
            self.store.tuning(charger_id),
            self.probe.resolution,
            limit.current_a if limit else None,
            tuple(ceilings),
        )

    def moods(self, seen: ChargerInput, decision: ChargerDecision) -> tuple[Any, ...]:
        """All of it that may flicker with the noise of a meter."""
        return decision.limit, self.waiting, _is_charging(seen)

    def news(self, decision: ChargerDecision) -> tuple[Any, ...]:
        """All of it that is shown at once when it changes."""
        state = self.runner.state
        return (
            self.proposed_a if self.store.shadow else decision.desired_a,
            state.desired_a,
            state.confirmed,
            self.is_ours and state.has_problem,
            self.last_action,
            self.runner.record,
            self.temporary_limit,
            self.hand_limit,
            self.trial.findings if self.trial else self.findings,
        )

    def snapshot(
        self,
        seen: ChargerInput,
        decision: ChargerDecision,
        limiting_circuit: str | None,
    ) -> ChargerSnapshot:
        """Picture of the charger for its entities."""
        if seen.draw is not None:
            told_a = seen.command.in_force_a or 0.0
            draw_a: float | None = likely_draw(seen.draw, told_a)
        else:
            draw_a = max(decision.draw_a, default=None)
        sends = self.is_ours or not self.store.shadow
        current_a = self.runner.state.desired_a if sends else None
        return ChargerSnapshot(
            decided_a=self.proposed_a if self.store.shadow else decision.desired_a,
            current_a=current_a,
            power_w=None if current_a is None else current_a * self.volts,
            draw_a=draw_a,
            charging=_is_charging(seen),
            limit=decision.limit,
            last_action=self.last_action,
            waiting=self.waiting,
            problem=self.is_ours and self.runner.state.has_problem,
            record=self.runner.record,
            temporary_limit=self.temporary_limit,
            hand_limit=self.hand_limit,
            findings=self.trial.findings if self.trial else self.findings,
            limiting_circuit=limiting_circuit,
        )


def _is_charging(seen: ChargerInput) -> bool | None:
    if seen.status in (ChargerStatus.CHARGING, ChargerStatus.NOT_CHARGING):
        return seen.status is ChargerStatus.CHARGING
    if seen.draw is not None:
        return max(seen.draw.high_a) >= NOTHING_A
    return None


def manage(
    hass: HomeAssistant,
    config: ChargerConfig,
    store: ChargingStore,
    voltage_v: float,
    start_task: StartTask,
    on_done: OnDone,
) -> ManagedCharger:
    """Put a charger's parts together."""
    probe = ChargerProbe(hass, config, voltage_v)
    charger = ManagedCharger(
        config=config,
        store=store,
        probe=probe,
        runner=CommandRunner(hass, config, voltage_v, start_task, on_done),
        settings=ChargerSettings(config.charger_id),
        volts=voltage_v * len(config.phases),
        findings=store.test_findings(config.charger_id),
        chosen_s=hass.loop.time(),
    )
    charger.resume(hass.loop.time())
    return charger
