"""Apartments: flats, a garage and a yard behind one supply of three phases."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .appliances import COMPRESSOR, MODELS, Appliance, Habit, Kind
from .car import Car, ChargePoint
from .house import House
from .meter import Meter, Watts

PHASES = 3
GARAGE = "Garage"
YARD = "Yard"
FLATS = {"Flat L1": 1800.0, "Flat L2": 900.0, "Flat L3": 1100.0}
"""One on each phase, and what is always on there in W."""
IN_FLATS = (Kind.HOB, Kind.OVEN, Kind.SHOWER)
VISITOR = "Visitor"


class Bay(NamedTuple):
    """Where a charger is, what its L1 to L3 are wired to, and whose car is there."""

    part: str
    phases: tuple[int, ...]
    max_a: float
    car: Car


BAYS = {
    "Bay 1": Bay(GARAGE, (0, 1, 2), 16.0, Car(16.0, 60.0, 0.35)),
    "Bay 2": Bay(GARAGE, (1,), 32.0, Car(32.0, 40.0, 0.55, phases=1)),
    # Nearly full, and so small that one can watch it taper and finish.
    "Bay 3": Bay(GARAGE, (2, 0, 1), 16.0, Car(16.0, 2.0, 0.88)),
    VISITOR: Bay(YARD, (1, 2, 0), 16.0, Car(16.0, 75.0, 0.2)),
}
BEGIN_A = 10.0
"""What the chargers are set to before anybody balances them."""


@dataclass(slots=True)
class Apartments:
    """Houses on the phases of one supply, chargers by name, and an hour to watch."""

    parts: dict[str, tuple[House, tuple[int, ...]]]
    charge_points: dict[str, ChargePoint]
    meter: Meter = field(default_factory=Meter)
    story: list[tuple[float, Callable[[float], None]]] = field(default_factory=list)
    """What will happen: seconds since the start, in order."""

    def step(self, now_s: float) -> Watts:
        """Move on to ``now_s``; net power of the whole supply by phase in W."""
        while self.story and self.story[0][0] <= now_s:
            _, happen = self.story.pop(0)
            happen(now_s)
        power_w = [0.0] * PHASES
        for house, phases in self.parts.values():
            for phase, phase_w in zip(phases, house.step(now_s), strict=True):
                power_w[phase] += phase_w
        return tuple(power_w)

    def appliance(self, part: str, kind: Kind) -> Appliance:
        """One appliance of a flat or of the garage."""
        return self.parts[part][0].appliances[kind]

    def begin(self, now_s: float) -> None:
        """Begin the hour, again if need be.

        Three cars share the garage and people cook. A compressor overloads the
        garage, a visitor comes, and a shower leaves too little on L1 for all.
        """
        for house, _ in self.parts.values():
            for appliance in house.appliances.values():
                appliance.turn_off()
        for name, bay in BAYS.items():
            charge_point = self.charge_points[name]
            charge_point.car, charge_point.parked = replace(bay.car), None
        visitor = self.charge_points[VISITOR]
        visitor.plug_in(plugged_in=False)
        self.appliance("Flat L2", Kind.OVEN).turn_on(now_s)
        self.appliance("Flat L3", Kind.HOB).turn_on(now_s)
        self.story = [
            (now_s + 25, self.appliance(GARAGE, Kind.COMPRESSOR).turn_on),
            (now_s + 70, lambda _now_s: visitor.plug_in(plugged_in=True)),
            (now_s + 100, self.appliance("Flat L1", Kind.SHOWER).turn_on),
        ]


def apartments() -> Apartments:
    """Three flats, a garage with three chargers and a yard with one."""
    parts: dict[str, tuple[House, tuple[int, ...]]] = {}
    for phase, (name, standby_w) in enumerate(FLATS.items()):
        flat = House(standby_w=standby_w)
        for kind in IN_FLATS:
            # Nobody is at home: what happens, happens by the story or by hand.
            model = replace(MODELS[kind], habit=Habit(0.0, ()))
            flat.appliances[kind] = Appliance(model)
        parts[name] = flat, (phase,)
    for name in (GARAGE, YARD):
        house = House(phases=PHASES, standby_w=100.0, fridge_w=0.0)
        parts[name] = house, tuple(range(PHASES))
    parts[GARAGE][0].appliances[Kind.COMPRESSOR] = Appliance(COMPRESSOR)
    charge_points = {}
    for name, bay in BAYS.items():
        charge_point = ChargePoint(bay.phases, bay.max_a)
        charge_point.set_limit(BEGIN_A, -charge_point.lag_s)
        parts[bay.part][0].charge_points.append(charge_point)
        charge_points[name] = charge_point
    built = Apartments(parts, charge_points)
    built.begin(0.0)
    return built
