"""The meters of the supply and the circuit: what they report, and what faults make of it."""

from math import inf

from homeassistant.core import HomeAssistant

from simulation.house import House
from simulation.meter import Meter, MeterKind

from .chargers import Charger
from .judge import Place, Truth
from .plan import OF_METER, Fault, Trouble, meter_of
from .site import GARAGE, HEARTBEAT_S, LIMITS_A, SUPPLY, VOLTAGE_V, meter

PLACES: tuple[Place, ...] = tuple(
    (circuit, phase) for circuit in LIMITS_A for phase in range(3)
)
NONSENSE = {
    Fault.METER_UNAVAILABLE: "unavailable",
    Fault.CIRCUIT_METER_LOST: "unavailable",
    Fault.METER_NOT_A_NUMBER: "nan",
    Fault.METER_IMPLAUSIBLE: "99999",
}
CIRCUIT_LATER_S = 3.0
"""The circuit's meter reports after that of the supply."""
SAME_A = 0.05
REPEATS_S = 4.0
"""A meter that reports every second repeats itself only so often: it costs time."""


def faults_at(place: Place, troubles: list[Trouble]) -> set[Fault]:
    """What is wrong with the meter of a place."""
    return {
        trouble.fault
        for trouble in troubles
        if trouble.fault in (*OF_METER, Fault.CIRCUIT_METER_LOST)
        and meter_of(trouble) == place[0]
        and trouble.phase in (None, place[1])
    }


class Meters:
    """One meter for each phase of the supply and the circuit."""

    def __init__(
        self,
        hass: HomeAssistant,
        kind: MeterKind,
        house: House,
        chargers: list[Charger],
    ) -> None:
        """Nothing was reported yet."""
        self._hass = hass
        self._kind = kind
        self._house = house
        self._chargers = chargers
        self._meters = {place: Meter(kind) for place in PLACES}
        self._truths: dict[Place, Truth] = {}

    def report(
        self, place: Place, now_s: float, troubles: list[Trouble]
    ) -> Truth | None:
        """Report what is true at a place, or what a fault makes of it, if it is time."""
        if place[0] == GARAGE and now_s < CIRCUIT_LATER_S:
            return None
        flow_a, takes_a = self._flows(place)
        faults = faults_at(place, troubles)
        due = self._is_due(place, flow_a, now_s)
        nonsense = [NONSENSE[fault] for fault in faults if fault in NONSENSE]
        told = self._truths.get(place)
        was_lost = told is None or not told.shown
        if Fault.METER_FROZEN in faults or not (due or nonsense or was_lost):
            return None
        truth = self._truths[place] = Truth(now_s, flow_a, takes_a, not nonsense)
        value = nonsense[0] if nonsense else f"{flow_a:.3f}"
        unit = {"unit_of_measurement": "A"}
        self._hass.states.async_set(meter(*place), value, unit)
        return truth

    def _is_due(self, place: Place, flow_a: float, now_s: float) -> bool:
        reporter, told = self._meters[place], self._truths.get(place)
        told_s = told.at_s if told is not None else -inf
        if self._kind is MeterKind.ON_CHANGE and now_s >= told_s + HEARTBEAT_S:
            reporter._reported = None
        due = reporter.observe(now_s, (flow_a * VOLTAGE_V,)) is not None
        if due and told is not None and self._kind is MeterKind.EVERY_SECOND:
            same = abs(flow_a - told.flow_a) < SAME_A
            return not same or now_s >= told.at_s + REPEATS_S
        return due

    def _flows(self, place: Place) -> tuple[float, dict[str, float]]:
        """What flows in truth: in all, and by charger, in A."""
        circuit, phase = place
        takes_a = {
            charger.wiring.charger_id: charger.point.current_a
            for charger in self._chargers
            if circuit in charger.wiring.meters and phase in charger.wiring.phases
        }
        flow_a = sum(takes_a.values())
        if circuit == SUPPLY and self._house.power_w:
            flow_a = self._house.power_w[phase] / VOLTAGE_V
        return flow_a, takes_a
