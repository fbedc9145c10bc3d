"""One charger as the coordinator holds it: its configuration, sensors and commands."""

from dataclasses import dataclass

from homeassistant.core import HomeAssistant

from .charging import command as commands
from .charging.command import CommandState
from .charging.draw import NOTHING_A
from .charging.model import (
    ActionReason,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
)
from .config import ChargerConfig, NumberControl
from .io.chargers import ChargerProbe
from .io.commands import CommandRunner, OnDone, StartTask
from .io.readings import Clock
from .settings import LastCommand, SiteStore, TemporaryLimit
from .snapshot import ChargerSnapshot
from .tuning import charger_settings


@dataclass(kw_only=True)
class ManagedCharger:
    """Joins what is read of a charger with what is sent to it."""

    config: ChargerConfig
    store: SiteStore
    probe: ChargerProbe
    runner: CommandRunner
    settings: ChargerSettings
    volts: float
    temporary_limit: TemporaryLimit | None = None
    last_action: ActionReason | None = None
    _remembered: CommandState | None = None

    def read(self, clock: Clock) -> ChargerInput:
        """Look at the charger; notice whether it obeys."""
        status, since_s = self.probe.status(clock)
        runner = self.runner
        told = runner.state if self.is_ours else None
        draw = self.probe.draw(told, self.settings.settle_s, clock)
        if self.settings.step_a != self.probe.step_a:
            self.refresh_settings()
        if runner.state.desired_a is None:
            self.start_over()
        elif self.is_ours:
            seen = self.probe.read_back(
                runner.state, self.settings.settle_s, status, draw, clock
            )
            runner.look(seen, clock.monotonic_s)
        return ChargerInput(self.settings, runner.state, status, since_s, draw)

    @property
    def is_ours(self) -> bool:
        """Not left to its owner: the site is balanced, or a stop is on its way."""
        return self.store.enabled or self.runner.state.stop_pending

    def remember(self) -> None:
        """Keep for a restart what the charger was told, and whether it obeys."""
        state = self.runner.state
        if state is self._remembered:
            return
        self._remembered = state
        if state.desired_a is not None:
            command = LastCommand(state.desired_a, state.confirmed)
            self.store.note_command(self.config.charger_id, command)

    def resume(self, now_s: float) -> None:
        """Take up where the last run ended: a stop that is wanted stays wanted."""
        self.start_over()
        last = self.store.last_command(self.config.charger_id)
        if last is not None and last.current_a == 0 and not last.confirmed:
            self.runner.adopt(commands.want(self.runner.state, 0.0, now_s))

    def start_over(self) -> None:
        """Take the current that the charger is found with as the one in force."""
        self.refresh_settings()
        self.runner.adopt(self._found())

    def _found(self) -> CommandState:
        current_a = self.probe.current_in_force()
        if current_a is None and not isinstance(self.config.control, NumberControl):
            last = self.store.last_command(self.config.charger_id)
            current_a = last.current_a if last and last.confirmed else None
        if current_a is None:
            return commands.unknown(self.config.rating_a)
        return commands.known(current_a)

    def refresh_settings(self) -> None:
        """Take over changed tuning values and limits."""
        self.temporary_limit = limit = self.store.limit(self.config.charger_id)
        self.settings = charger_settings(
            self.config,
            self.store.tuning(self.config.charger_id),
            self.probe.step_a,
            limit.current_a if limit else None,
        )

    def snapshot(
        self,
        seen: ChargerInput,
        decision: ChargerDecision,
        limiting_circuit: str | None,
    ) -> ChargerSnapshot:
        """Picture of the charger for its entities."""
        if seen.draw is not None:
            draw_a: float | None = max(seen.draw.low_a)
        else:
            draw_a = max(decision.draw_a, default=None)
        current_a = self.runner.state.desired_a
        return ChargerSnapshot(
            current_a=current_a,
            power_w=None if current_a is None else current_a * self.volts,
            draw_a=draw_a,
            charging=_is_charging(seen),
            limit=decision.limit,
            last_action=self.last_action,
            problem=self.is_ours and self.runner.state.has_problem,
            record=self.runner.record,
            temporary_limit=self.temporary_limit,
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
    store: SiteStore,
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
    )
    charger.resume(hass.loop.time())
    return charger
