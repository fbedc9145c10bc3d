"""What happens in the days that are replayed, drawn from a seed."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from simulation.car import Car
from simulation.house import DAY_S
from simulation.meter import MeterKind

from .site import EXTERNAL, GARAGE, MAX_AGE_S, SUPPLY, Wiring


class Fault(StrEnum):
    """What goes wrong."""

    METER_UNAVAILABLE = "meter unavailable"
    METER_NOT_A_NUMBER = "meter says nan"
    METER_IMPLAUSIBLE = "meter far beyond its rating"
    METER_FROZEN = "meter frozen"
    CIRCUIT_METER_LOST = "circuit's meter unavailable"
    CALL_FAILS = "service error"
    CALL_HANGS = "call hangs"
    CALL_IGNORED = "charger ignores calls"
    CHARGER_UNAVAILABLE = "charger unavailable"
    DRAW_LOST = "draw sensor lost"
    EXTERNAL_LOST = "external limit unavailable"
    RELOAD = "reload in an overload"
    RESTART = "restart in an overload"


OF_METER = (
    Fault.METER_UNAVAILABLE,
    Fault.METER_NOT_A_NUMBER,
    Fault.METER_IMPLAUSIBLE,
    Fault.METER_FROZEN,
)
OF_CALLS = (Fault.CALL_FAILS, Fault.CALL_HANGS, Fault.CALL_IGNORED)
RESTARTS = (Fault.RELOAD, Fault.RESTART)
EACH_EVERY_S = 3 * 3600.0
"""Each fault comes so often, in the mean."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fault of a charger or a meter, for a time. ``phase`` None is all of them."""

    at_s: float
    until_s: float
    fault: Fault
    charger_id: str = ""
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A car at a charger, and when it pauses by itself."""

    at_s: float
    until_s: float
    charger_id: str
    car: Car
    pause_s: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Tuning:
    """Somebody sets a number, or the external limit."""

    at_s: float
    entity_id: str
    value: float | None


@dataclass(slots=True)
class Plan:
    """All of it, each in the order of its time."""

    sessions: list[Session]
    troubles: list[Trouble]
    tunings: list[Tuning]


def draw_plan(
    seed: int,
    seconds: float,
    chargers: tuple[Wiring, ...],
    kind: MeterKind,
    each_every_s: float = EACH_EVERY_S,
) -> Plan:
    """Draw the days' events: each fault every ``each_every_s``, in the mean."""
    random = Random(f"replay/{seed}")
    sessions = [
        session
        for wiring in chargers
        for day in range(-1, int(seconds // DAY_S) + 1)
        for session in _sessions(random, wiring, day * DAY_S)
    ]
    sessions.sort(key=lambda session: session.at_s)
    troubles: list[Trouble] = []
    for fault in Fault:
        if fault in RESTARTS:
            continue
        at_s = random.expovariate(1 / each_every_s)
        while at_s < seconds:
            trouble = _trouble(random, fault, at_s, chargers, kind)
            troubles.append(trouble)
            at_s = trouble.until_s + random.expovariate(1 / each_every_s)
    troubles.sort(key=lambda trouble: trouble.at_s)
    return Plan(sessions, troubles, _tunings(random, seconds, chargers))


def _sessions(random: Random, wiring: Wiring, day_s: float) -> list[Session]:
    """Up to three cars a day, the last overnight."""
    sessions = []
    for earliest_h, latest_h, most_h in (
        (7.0, 9.0, 4.0),
        (13.0, 15.0, 3.0),
        (18, 20, 9),
    ):
        if random.random() < 0.15:
            continue
        at_s = float(round(day_s + random.uniform(earliest_h, latest_h) * 3600))
        lasts_s = random.uniform(0.5, most_h) * 3600
        pause_at_s = at_s + random.uniform(0.1, 0.9) * lasts_s
        pause_for_s = random.choice((0.0, 30.0, 400.0))
        car = Car(
            cap_a=random.choice((8.0, 13.0, 16.0, 20.0, 32.0)),
            battery_kwh=random.uniform(50, 90),
            charge=random.choice((0.1, 0.3, 0.5, 0.85)),
        )
        pause_s = (pause_at_s, pause_at_s + pause_for_s)
        until_s = at_s + lasts_s
        sessions.append(Session(at_s, until_s, wiring.charger_id, car, pause_s))
    return sessions


def _trouble(
    random: Random,
    fault: Fault,
    at_s: float,
    chargers: tuple[Wiring, ...],
    kind: MeterKind,
) -> Trouble:
    lasts_s = random.choice((3.0, 12.0, 40.0, 120.0))
    if fault is Fault.METER_FROZEN:
        lasts_s += MAX_AGE_S[kind]
    charger_id = random.choice(chargers).charger_id
    phase = random.choice((None, 0, 1, 2))
    return Trouble(at_s, at_s + lasts_s, fault, charger_id, phase)


def _tunings(
    random: Random, seconds: float, chargers: tuple[Wiring, ...]
) -> list[Tuning]:
    """Every few hours, somebody changes something, and takes it back later."""
    tunings, at_s = [], 600.0
    while at_s < seconds:
        wiring = random.choice(chargers)
        entity_id, usual, value = random.choice(
            (
                ("number.home_safety_margin", 0.0, random.choice((1.0, 2.5))),
                (f"number.{wiring.charger_id}_max_current", wiring.max_a, 10.0),
                (EXTERNAL, None, random.choice((16.0, 9.0, 0.0))),
            )
        )
        tunings.append(Tuning(at_s, entity_id, value))
        tunings.append(Tuning(at_s + random.uniform(60, 1800), entity_id, usual))
        at_s += 1800 + random.expovariate(1 / 5400)
    return tunings


def meter_of(trouble: Trouble) -> str:
    """The circuit whose meter has the trouble."""
    return GARAGE if trouble.fault is Fault.CIRCUIT_METER_LOST else SUPPLY
