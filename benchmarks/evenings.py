"""Seven evenings in a house with cars, and what a clairvoyant makes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, inf
from random import Random

from custom_components.load_sharing.charging.engine import model
from custom_components.load_sharing.charging.engine.allocation import (
    Claim,
    Constraint,
    allocate,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerSettings,
    PhaseVector,
)
from simulation.appliances import MODELS, Appliance, Habit, Kind
from simulation.car import Car
from simulation.house import DAY_S, House
from tests.charging.engine.settings import charger_settings

VOLTAGE_V = 230.0
CALL_S = 0.2
"""A service call takes this long; the charger's lag begins when it returns."""
COARSE_S = 30.0
"""Step of the hours in which nobody looks."""
OVER_A = 0.01
LEAVES_S = 31.0 * 3600
"""Cars leave at 7 on the next morning."""
BATTERY_KWH = 60.0
LAGS_S = (0.5, 2.0, 5.0)
HABITS = {
    Kind.HOB: (3600.0, Habit(1, ((17.5, 20),))),
    Kind.OVEN: (2700.0, Habit(0.7, ((17, 19.5),))),
    Kind.KETTLE: (180.0, Habit(6, ((15, 22),))),
    Kind.SHOWER: (400.0, Habit(2, ((18, 23),))),
    Kind.WASHING_MACHINE: (5400.0, Habit(0.7, ((16, 20),))),
    Kind.DISHWASHER: (5400.0, Habit(0.9, ((19, 22),))),
}
"""How long a run lasts in s, and when it begins: evenings, for then cars charge."""


@dataclass(frozen=True, slots=True)
class Site:
    """A supply of ``limit_a`` per phase, its chargers, and what is on which phase."""

    name: str
    limit_a: float
    chargers: tuple[ChargerSettings, ...]
    on_phase: dict[Kind, int]
    phases: int = 1

    def constraints(self, base_a: Sequence[float]) -> list[Constraint]:
        """What each phase leaves beside a base load in A."""
        return [
            Constraint(
                model.Limit.SUPPLY,
                self.limit_a - load_a,
                {c.charger_id: 1 for c in self.chargers if phase in c.phases},
            )
            for phase, load_a in enumerate(base_a)
        ]

    def house(self, seed: int) -> House:
        """The house without its cars."""
        appliances = {}
        for kind, phase in self.on_phase.items():
            model = MODELS[kind]
            if kind in HABITS:
                run_s, habit = HABITS[kind]
                model = replace(model, run_s=run_s, habit=habit)
            appliances[kind] = Appliance(model, phase)
        return House(seed=seed, phases=self.phases, appliances=appliances)


FAMILY = Site(
    "one phase, 32 A, one car", 32.0, (charger_settings("a"),), dict.fromkeys(MODELS, 0)
)
PAIR = Site(
    "three phases, 25 A, two cars",
    25.0,
    (
        charger_settings("a", phases=(0, 1, 2), max_a=16.0),
        charger_settings("b", phases=(1,), max_a=25.0),
    ),
    {kind: index % 3 for index, kind in enumerate(MODELS) if kind is not Kind.SHOWER},
    phases=3,
)


@dataclass(slots=True)
class Plug:
    """A car on its charger: follows late, takes what it can, has enough some time."""

    settings: ChargerSettings
    need_kwh: float
    car: Car
    given_kwh: float = 0.0
    offers: list[tuple[float, float]] = field(default_factory=lambda: [(-inf, 6.0)])
    """When each current comes into force, and the current in A."""

    def offered_a(self, now_s: float) -> float:
        """Current in force."""
        while len(self.offers) > 1 and self.offers[1][0] <= now_s:
            self.offers.pop(0)
        return self.offers[0][1]

    def accepts_a(self) -> float:
        """Current per phase that the car would take."""
        return self.car.acceptance_a() if self.given_kwh < self.need_kwh else 0.0

    def charge(self, current_a: float) -> None:
        """Take a current for one second."""
        kwh = current_a * VOLTAGE_V * len(self.settings.phases) / 3.6e6
        self.given_kwh += kwh
        self.car.charge = min(1.0, self.car.charge + kwh / BATTERY_KWH)


@dataclass(slots=True)
class Evening:
    """One second after the other: what the house takes beside its cars, in A."""

    needs_kwh: list[float]
    charge: list[float]
    base_a: list[PhaseVector] = field(default_factory=list)

    def plugs(self, site: Site) -> list[Plug]:
        """The cars as they come home. Every charger holds its minimum then."""
        return [
            Plug(charger, need_kwh, Car(charger.max_a, BATTERY_KWH, charge))
            for charger, need_kwh, charge in zip(
                site.chargers, self.needs_kwh, self.charge, strict=True
            )
        ]


@dataclass(slots=True)
class Score:
    """What a way of balancing achieved. ``over_as``: beyond what the house took alone."""

    kwh: float = 0.0
    over_as: float = 0.0
    sent: int = 0
    longest_s: int = 0
    _over_s: int = 0

    @property
    def within_kwh(self) -> float:
        """Energy without that which flowed above the limit."""
        return self.kwh - self.over_as * VOLTAGE_V / 3.6e6

    def count(self, site: Site, base_a: PhaseVector, flow_a: PhaseVector) -> None:
        """Count one second."""
        over_a = 0.0
        for alone_a, all_a in zip(base_a, flow_a, strict=True):
            over_a += max(0.0, all_a - max(site.limit_a, alone_a))
        if over_a > OVER_A:
            self.over_as += over_a
            self._over_s += 1
            self.longest_s = max(self.longest_s, self._over_s)
        else:
            self._over_s = 0


def record(site: Site, days: int, seed: int) -> tuple[list[Evening], Score]:
    """Live through the days with a clairvoyant; keep the evenings."""
    house, random, now_s = site.house(seed), Random(seed), 0.0
    evenings, best = [], Score()
    for day in range(days):
        needs = [random.uniform(25, 35) for _ in site.chargers]
        tapers = day % 3 == 2
        ends = [0.95 if tapers else 0.85] * len(needs)
        starts = [end - kwh / BATTERY_KWH for end, kwh in zip(ends, needs, strict=True)]
        evening = Evening(needs, starts)
        comes_s = float(round(day * DAY_S + random.uniform(16.5, 18.5) * 3600))
        while now_s < comes_s:
            house.step(now_s)
            now_s += COARSE_S
        now_s = comes_s
        for base_a in _clairvoyant(site, house, evening, best, now_s, day):
            evening.base_a.append(base_a)
        now_s += len(evening.base_a)
        evenings.append(evening)
    return evenings, best


def _clairvoyant(
    site: Site, house: House, evening: Evening, best: Score, now_s: float, day: int
) -> Iterator[PhaseVector]:
    """Give all that fits at every second, having sent it early enough for the lag."""
    plugs = evening.plugs(site)
    given_a = dict.fromkeys([c.charger_id for c in site.chargers], 6.0)
    while now_s < day * DAY_S + LEAVES_S and any([plug.accepts_a() for plug in plugs]):
        house.step(now_s)
        base_a = tuple([watts / VOLTAGE_V for watts in house.base_w])
        claims = [
            Claim(c.charger_id, c.min_a, c.max_a, useful_a=ceil(plug.accepts_a()))
            for c, plug in zip(site.chargers, plugs, strict=True)
        ]
        shares = allocate(claims, site.constraints(base_a))
        for plug in plugs:
            current_a = shares[plug.settings.charger_id].current_a
            best.sent += current_a != given_a[plug.settings.charger_id]
            given_a[plug.settings.charger_id] = current_a
            plug.charge(min(current_a, plug.accepts_a()))
        yield base_a
        now_s += 1
    best.kwh += sum(plug.given_kwh for plug in plugs)
