"""The house that is replayed: its supply, its circuit, its chargers, its meters."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import Any

from simulation.appliances import MODELS, Appliance, Habit, Kind
from simulation.car import ChargePoint
from simulation.house import House
from simulation.meter import MeterKind

VOLTAGE_V = 230.0
PHASES = ("l1", "l2", "l3")
SUPPLY = ""
GARAGE = "garage"
LIMITS_A = {SUPPLY: 25.0, GARAGE: 16.0}
"""Of the supply and its circuit, per phase."""
USES_PER_DAY = {
    Kind.KETTLE: 120.0,
    Kind.OVEN: 8.0,
    Kind.HOB: 12.0,
    Kind.WASHING_MACHINE: 5.0,
    Kind.DISHWASHER: 6.0,
    Kind.HEAT_PUMP: 8.0,
}
"""A busy house: much that comes on while cars are charging."""
EXTERNAL = "sensor.grid_operator"
GRACE_S = 10.0
FALLBACK_A = 6.0
MIN_A = 6.0
SETTLE_S = 5.0
LAGS_S = (1.0, 20.0)
"""How long a charger takes to follow a command. The site is not told."""
MOVES_S = 3.0
"""A car is at its new current so long after its charger."""
MAX_AGE_S = {
    MeterKind.EVERY_SECOND: 10.0,
    MeterKind.EVERY_10_SECONDS: 30.0,
    MeterKind.ON_CHANGE: 90.0,
}
HEARTBEAT_S = 60.0
"""A meter that reports on change says so often that it is alive."""
PERIOD_S = {
    MeterKind.EVERY_SECOND: 1.0,
    MeterKind.EVERY_10_SECONDS: 10.0,
    MeterKind.ON_CHANGE: 1.0,
}
"""How long after a change a meter tells of it, at most."""


class Sensors(StrEnum):
    """How much the chargers tell."""

    MEASURED = "measured"
    """What every car takes is measured."""
    MIXED = "mixed"
    """Of some, only the status is known; of one, nothing."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """A charger: where it is, how it is driven, and what tells of it.

    ``draw`` is the unit of the sensor of what it takes. ``lag_s`` passes before it
    follows a command; it is drawn for each replay.
    """

    charger_id: str
    phases: tuple[int, ...]
    max_a: float
    circuit: str
    control: str
    draw: str
    status: bool
    lag_s: float = 0.0

    @property
    def settles_s(self) -> float:
        """How long after a command a reading may still show the one before."""
        return max(SETTLE_S, self.lag_s + MOVES_S)

    @property
    def number(self) -> str:
        """The number that sets its current."""
        return f"number.{self.charger_id}"

    @property
    def switch(self) -> str:
        """The switch that pauses it."""
        return f"switch.{self.charger_id}"

    @property
    def draw_sensor(self) -> str:
        """The sensor of what it takes."""
        return f"sensor.{self.charger_id}_draw"

    @property
    def status_sensor(self) -> str:
        """The sensor of what it does."""
        return f"sensor.{self.charger_id}_status"

    @property
    def meters(self) -> tuple[str, ...]:
        """The circuits that it loads, the supply first."""
        return (SUPPLY, GARAGE) if self.circuit else (SUPPLY,)

    @property
    def data(self) -> dict[str, Any]:
        """Its subentry."""
        data: dict[str, Any] = {
            "phases": [PHASES[phase] for phase in self.phases],
            "min_current_a": MIN_A,
            "max_current_a": self.max_a,
            "circuit": self.circuit,
        }
        if self.draw:
            data["draw_entity"] = self.draw_sensor
        if self.status:
            data["status_entity"] = self.status_sensor
        if self.control == "actions":
            action = {
                "action": "replay.set_current",
                "data": {"charger": self.charger_id, "current": "{{ current_a }}"},
            }
            return data | {"control": "actions", "set_current": [action]}
        data |= {"control": "number", "number_entity": self.number}
        if self.control == "switch":
            data["switch_entity"] = self.switch
        return data


CHARGERS = {
    Sensors.MIXED: (
        Wiring("left", (0, 1, 2), 16.0, GARAGE, "switch", "A", True),
        Wiring("right", (1,), 20.0, GARAGE, "number", "", False),
        Wiring("drive", (0,), 25.0, "", "actions", "", True),
        Wiring("yard", (0, 1, 2), 16.0, "", "number", "W", False),
    ),
    Sensors.MEASURED: (
        Wiring("left", (0, 1, 2), 16.0, GARAGE, "switch", "A", True),
        Wiring("right", (1,), 20.0, GARAGE, "number", "A", False),
        Wiring("drive", (0,), 25.0, "", "actions", "A", True),
        Wiring("yard", (0, 1, 2), 16.0, "", "number", "W", False),
    ),
}


def wirings(sensors: Sensors, seed: int) -> tuple[Wiring, ...]:
    """The chargers, each with a lag of its own."""
    random = Random(f"lags/{seed}")
    return tuple(
        replace(wiring, lag_s=round(random.uniform(*LAGS_S), 1))
        for wiring in CHARGERS[sensors]
    )


def meter(circuit: str, phase: int) -> str:
    """The sensor of a phase of the supply or the circuit."""
    return f"sensor.{circuit or 'supply'}_{PHASES[phase]}"


def entry_data() -> dict[str, Any]:
    """The config entry: the supply."""
    meters = {f"meter_{name}": meter(SUPPLY, i) for i, name in enumerate(PHASES)}
    supply = meters | {
        "limit_a": LIMITS_A[SUPPLY],
        "voltage_v": VOLTAGE_V,
        "export_sign": "negative",
        "external_limit_entity": EXTERNAL,
    }
    return {"supply": supply}


def circuit_data() -> dict[str, Any]:
    """The circuit's subentry."""
    meters = {f"meter_{name}": meter(GARAGE, i) for i, name in enumerate(PHASES)}
    return meters | {"limit_a": LIMITS_A[GARAGE], "phases": list(PHASES)}


def house(seed: int, chargers: tuple[Wiring, ...]) -> House:
    """Appliances on all phases, the sun on the roof, and charge points."""
    models = [
        replace(model, habit=Habit(USES_PER_DAY[kind], ((6.5, 23.0),)))
        for kind, model in MODELS.items()
        if kind in USES_PER_DAY
    ]
    return House(
        seed=seed,
        phases=3,
        voltage_v=VOLTAGE_V,
        solar_peak_w=2000.0,
        appliances={
            model.kind: Appliance(model, index % 3)
            for index, model in enumerate(models)
        },
        charge_points=[
            ChargePoint(
                phases=wiring.phases,
                max_a=wiring.max_a,
                lag_s=wiring.lag_s,
                limit_a=0.0,
                _limit_in_force_a=0.0,
            )
            for wiring in chargers
        ],
    )
