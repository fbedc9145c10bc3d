"""The house: everything behind one supply."""

from dataclasses import dataclass, field
from math import pi, sin
from random import Random

from .appliances import MODELS, Appliance, Kind, plan_day
from .car import Car, ChargePoint
from .meter import Meter, Watts

STANDBY_W = 250.0
FRIDGE_W = 90.0
DAY_S = 86400.0


@dataclass(slots=True)
class House:
    """A house whose people live by their habits, and a hand on its switches.

    ``clock_s`` is the time of day at second 0.
    """

    seed: int = 1
    phases: int = 1
    voltage_v: float = 230.0
    clock_s: float = 0.0
    solar_peak_w: float = 0.0
    standby_w: float = STANDBY_W
    fridge_w: float = FRIDGE_W
    appliances: dict[Kind, Appliance] = field(default_factory=dict)
    charge_points: list[ChargePoint] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    power_w: Watts = ()
    base_w: Watts = ()
    _planned_day: int = -1
    _starts: list[tuple[float, Appliance]] = field(default_factory=list)

    def step(self, now_s: float) -> Watts:
        """Move on to ``now_s``; net power by phase in W."""
        self._start_what_is_due(now_s)
        base_w = [self.standby_w + self._fridge_w(now_s)]
        base_w += [self.standby_w / 5] * (self.phases - 1)
        for appliance in self.appliances.values():
            power_on_phase_w = appliance.power_w(now_s)
            for phase in appliance.phases:
                base_w[phase] += power_on_phase_w
        sun_w = self._sun_w(now_s) / self.phases
        self.base_w = tuple(phase_w - sun_w for phase_w in base_w)
        power_w = list(self.base_w)
        for charge_point in self.charge_points:
            current_a = charge_point.step(now_s, self.voltage_v)
            for phase in charge_point.used_phases:
                power_w[phase] += current_a * self.voltage_v
        self.power_w = tuple(power_w)
        return self.power_w

    @property
    def current_a(self) -> tuple[float, ...]:
        """Net current by phase in A."""
        return tuple(phase_w / self.voltage_v for phase_w in self.power_w)

    def _start_what_is_due(self, now_s: float) -> None:
        day, second = divmod(now_s + self.clock_s, DAY_S)
        if day != self._planned_day:
            random = Random(f"{self.seed}/{day}")
            planned = plan_day(list(self.appliances.values()), random)
            # A house that is entered in the middle of a day has that morning behind it.
            self._starts = [start for start in planned if start[0] > second - 1]
            self._planned_day = int(day)
        while self._starts and self._starts[0][0] <= second:
            planned_s, appliance = self._starts.pop(0)
            appliance.turn_on(now_s, planned_s % 1)

    def _fridge_w(self, now_s: float) -> float:
        return self.fridge_w if now_s % 2400 < 900 else 0.0

    def _sun_w(self, now_s: float) -> float:
        hour = (now_s + self.clock_s) % DAY_S / 3600
        if not 6 < hour < 20:
            return 0.0
        return self.solar_peak_w * sin(pi * (hour - 6) / 14)


def family_house(seed: int = 1, clock_h: float = 17.5) -> House:
    """A single-phase house with all appliances and a car that has just come home."""
    house = House(seed=seed, clock_s=clock_h * 3600)
    house.appliances = {kind: Appliance(model) for kind, model in MODELS.items()}
    house.charge_points = [ChargePoint(car=Car(charge=0.35))]
    return house


def evening(seed: int = 1) -> House:
    """The demo's house: the car has been charging for a while."""
    house = family_house(seed)
    house.charge_points[0].lag_s = 3.0
    house.charge_points[0].set_limit(16.0, -10.0)
    return house
