"""Appliances: what they take, and when people use them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import pi, sin
from random import Random


class Kind(StrEnum):
    """The appliances of a house."""

    KETTLE = "kettle"
    OVEN = "oven"
    HOB = "hob"
    WASHING_MACHINE = "washing_machine"
    DISHWASHER = "dishwasher"
    SHOWER = "shower"
    HEAT_PUMP = "heat_pump"
    COMPRESSOR = "compressor"


@dataclass(frozen=True, slots=True)
class Habit:
    """How often an appliance is used in a day, and at which hours."""

    uses_per_day: float
    hours: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Model:
    """An appliance: its running time and its power while it runs.

    ``power_w`` gives the power on each of its phases at a time since the start,
    for the run's own random phase in 0..1.
    """

    kind: Kind
    run_s: float
    power_w: Callable[[float, float], float]
    habit: Habit
    phases: int = 1


def _kettle(_at_s: float, _phase: float) -> float:
    return 2200.0


def _oven(at_s: float, phase: float) -> float:
    """Heat up for 10 min, then hold by a thermostat that is on a third of the time."""
    if at_s < 600:
        return 2200.0
    return 2200.0 if (at_s + 90 * phase) % 90 < 30 else 60.0


def _hob(at_s: float, phase: float) -> float:
    """An induction hob pulses: two plates, each on for a part of 20 s."""
    boiling = 1500.0 if at_s < 300 else 900.0
    pulse = 1500.0 if (at_s + 20 * phase) % 20 < 9 else 0.0
    return boiling + pulse


def _washing_machine(at_s: float, _phase: float) -> float:
    if 180 < at_s < 1200:
        return 2000.0
    return 500.0 if at_s > 4200 else 150.0


def _dishwasher(at_s: float, _phase: float) -> float:
    return 1900.0 if 300 < at_s < 1200 or 4000 < at_s < 4900 else 80.0


def _shower(_at_s: float, _phase: float) -> float:
    return 9000.0


def _heat_pump(at_s: float, phase: float) -> float:
    """Modulates between 1 and 3 kW over two hours."""
    return 2000.0 + 1000.0 * sin(2 * pi * (at_s / 7200 + phase))


MODELS = {
    model.kind: model
    for model in (
        Model(Kind.KETTLE, 120, _kettle, Habit(6, ((6.5, 9), (11, 13), (15, 22)))),
        Model(Kind.OVEN, 2700, _oven, Habit(0.7, ((11, 12.5), (17, 19.5)))),
        Model(Kind.HOB, 1500, _hob, Habit(1.5, ((7, 8), (11.5, 13), (17.5, 20)))),
        Model(Kind.WASHING_MACHINE, 5400, _washing_machine, Habit(0.7, ((8, 20),))),
        Model(Kind.DISHWASHER, 5400, _dishwasher, Habit(0.9, ((13, 14), (20, 23)))),
        Model(Kind.SHOWER, 400, _shower, Habit(0.0, ())),
        Model(Kind.HEAT_PUMP, 3600, _heat_pump, Habit(3, ((0, 24),))),
    )
}

COMPRESSOR = Model(
    Kind.COMPRESSOR, 60, lambda _at_s, _phase: 2760.0, Habit(0.0, ()), phases=3
)
"""Of a workshop, not of a house."""


@dataclass(slots=True)
class Appliance:
    """One appliance, from a phase on. Runs end by themselves or by hand."""

    model: Model
    phase: int = 0
    started_s: float | None = None
    run_phase: float = 0.0

    def turn_on(self, now_s: float, run_phase: float = 0.0) -> None:
        """Start a run, or start it over."""
        self.started_s = now_s
        self.run_phase = run_phase

    def turn_off(self) -> None:
        """End the run."""
        self.started_s = None

    @property
    def phases(self) -> range:
        """The phases it is on."""
        return range(self.phase, self.phase + self.model.phases)

    @property
    def is_on(self) -> bool:
        """Whether it runs."""
        return self.started_s is not None

    def power_w(self, now_s: float) -> float:
        """Power now on each of its phases; a run that is over ends here."""
        if self.started_s is None:
            return 0.0
        at_s = now_s - self.started_s
        if at_s >= self.model.run_s:
            self.turn_off()
            return 0.0
        return self.model.power_w(at_s, self.run_phase)


def plan_day(
    appliances: Sequence[Appliance], random: Random
) -> list[tuple[float, Appliance]]:
    """Draw a day's starts from the habits: seconds since midnight, in order."""
    starts = []
    for appliance in appliances:
        habit = appliance.model.habit
        whole, part = divmod(habit.uses_per_day, 1)
        uses = int(whole) + (random.random() < part)
        for _ in range(uses):
            begin_h, end_h = random.choice(habit.hours)
            starts.append((random.uniform(begin_h, end_h) * 3600, appliance))
    return sorted(starts, key=lambda start: start[0])
