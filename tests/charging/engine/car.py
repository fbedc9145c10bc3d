"""A charger and its car, as they really are and as the engine gets to see them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    CommandState,
    ReadBack,
)
from custom_components.load_sharing.charging.engine.epochs import (
    FOLLOWED_S,
    possible_currents,
)
from custom_components.load_sharing.charging.engine.latency import UNSEEN_S
from custom_components.load_sharing.charging.engine.measurement import (
    PhasesUsed,
    spread_over_phases,
    with_earlier,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    DrawReading,
)

from .settings import charger_settings

type Status = Callable[[float, float], ChargerStatus]
"""What a charger says of itself at a time while it draws a current."""


def no_status(_now_s: float, _draw_a: float) -> ChargerStatus:
    return ChargerStatus.NOT_CONFIGURED


def honest_status(_now_s: float, draw_a: float) -> ChargerStatus:
    return ChargerStatus.CHARGING if draw_a > 0 else ChargerStatus.NOT_CHARGING


def settled(current_a: float) -> CommandState:
    """A charger that obeys for long."""
    state = commands.request(commands.holding(current_a), current_a, 0)
    state = commands.call_succeeded(commands.begin_call(state, 0), 0)
    return commands.read_back(state, ReadBack.OBEYS, 0)


@dataclass(kw_only=True)
class Car:
    """A charger with its car. It follows after ``lag_s`` and takes up to ``cap_a``.

    A call to it ``reaches`` it while its controls are there, and returns when it
    ``works``; the charger may still not obey it. Once it was charging, a pause gives it ``unpaused_a``.
    """

    charger: ChargerSettings = field(default_factory=lambda: charger_settings("car"))
    holds_a: float = 0.0
    command: CommandState | None = None
    lag_s: float = 1.0
    unpaused_a: float = 0.0
    cap_a: Callable[[float], float] = lambda _now_s: inf
    draws_on: tuple[int, ...] | None = None
    call_s: float = 0.2
    works: Callable[[float], bool] = lambda _now_s: True
    reaches: Callable[[float], bool] = lambda _now_s: True
    obeys: Callable[[float], bool] = lambda _current_a: True
    reads_back: bool = False
    measured: bool = False
    by_power: bool = False
    """Only the power of all phases together is measured."""
    status: Status = no_status

    def __post_init__(self) -> None:
        """Start with what the charger holds."""
        self.state = self.command or commands.holding(self.holds_a)
        self.told = [(-inf, self.holds_a)]
        self.call_ends_s: float | None = None
        self.answered_s = -inf
        self.said: tuple[ChargerStatus, float] | None = None
        self.used = PhasesUsed()
        self.drawn: DrawReading | None = None

    @property
    def told_since_s(self) -> float:
        """Since when it has had the command that it has now."""
        at_s, told_a = self.told[-1]
        for before_s, before_a in reversed(self.told):
            if before_a != told_a:
                break
            at_s = before_s
        return at_s

    def takes_a(self, now_s: float) -> float:
        """What the car takes on each phase that it is connected to."""
        followed_a = [amps for at_s, amps in self.told if at_s + self.lag_s <= now_s]
        may_a = followed_a[-1]
        if not may_a and any(followed_a):
            may_a = self.unpaused_a
        return min(may_a, self.cap_a(now_s))

    def at(self, now_s: float) -> ChargerInput:
        """What the engine gets to know."""
        draw_a = self.takes_a(now_s)
        status = self.status(now_s, draw_a)
        if self.said is None or self.said[0] is not status:
            self.said = (status, -inf if self.said is None else now_s)
        draw = self.draw(draw_a, now_s) if self.measured else None
        return ChargerInput(self.charger, self.state, status, self.said[1], draw)

    def draw(self, draw_a: float, now_s: float) -> DrawReading:
        """What is measured of it."""
        wired = self.charger.phases
        on = wired if self.draws_on is None else self.draws_on
        low_a = high_a = tuple([draw_a if phase in on else 0.0 for phase in wired])
        if self.by_power:
            told_a = self.state.possible_at(now_s, self.charger.settle_s)
            late_a = possible_currents(self.state.epochs, now_s, FOLLOWED_S)
            low_a, high_a, self.used = spread_over_phases(
                sum(low_a), told_a, len(wired), self.used, late_a=late_a
            )
        self.drawn = with_earlier(DrawReading(low_a, high_a, now_s), self.drawn)
        return self.drawn

    def seen(self, now_s: float) -> ReadBack:
        """What read-back there is: a number, or only that a stop shows."""
        if self.reads_back:
            obeys = self.told[-1][1] == self.state.desired_a
            return ReadBack.OBEYS if obeys else ReadBack.DIFFERS
        status = self.status(now_s, draw_a := self.takes_a(now_s))
        blind = not self.measured and status is ChargerStatus.NOT_CONFIGURED
        if self.state.desired_a != 0 or blind:
            return ReadBack.NONE
        settled_s = self.state.settled_at(self.charger.settle_s)
        if not self.state.accepted or now_s < settled_s:
            return ReadBack.UNKNOWN
        if not self.measured and status is ChargerStatus.UNKNOWN:
            waited = now_s >= settled_s + UNSEEN_S
            return ReadBack.NONE if waited else ReadBack.UNKNOWN
        stopped = draw_a < 1 if self.measured else status is ChargerStatus.NOT_CHARGING
        return ReadBack.OBEYS if stopped else ReadBack.DIFFERS


def charger(name: str, *phases: int, holds_a: float = 0) -> Car:
    """A charger with a car on some phases, at a current."""
    settings = charger_settings(name, phases=phases or (0,))
    return Car(charger=settings, holds_a=holds_a, measured=True, reads_back=True)
