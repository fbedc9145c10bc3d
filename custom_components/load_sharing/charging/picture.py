"""The picture of charging that the cards draw: who takes what on each phase, and why."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from typing import Any, NamedTuple

from ..const import PHASES
from ..site.descriptions import rounded
from .circuit_config import CircuitConfig
from .config import ChargerConfig
from .engine.model import PhaseVector
from .snapshot import ChargerSnapshot, ChargingSnapshot, CircuitSnapshot

type Picture = dict[str, Any]
"""Plain data for JSON. Currents are in A, to one decimal."""

type Draws = Mapping[int, float]
"""What a charger takes in A, by the phase of the supply."""


class Sketched(NamedTuple):
    """A circuit, and the IDs of the chargers on it and on the circuits below it."""

    config: CircuitConfig
    members: AbstractSet[str]


def draw_picture(
    snapshot: ChargingSnapshot,
    phases: Sequence[int],
    chargers: Sequence[ChargerConfig],
    circuits: Sequence[Sketched],
    rises_in_s: Mapping[str, float],
) -> Picture:
    """Return the picture of a supply, its circuits and its chargers.

    ``phases`` are those of the supply that are measured. ``rises_in_s`` are the chargers
    that are to rise soon, and in how many seconds.
    """
    decision = snapshot.decision
    draws_a = {
        config.charger_id: _on_supply(
            config,
            decision.chargers[config.charger_id].draw_a,
            snapshot.chargers[config.charger_id].draw_a,
        )
        for config in chargers
    }
    return {
        "moment": snapshot.moment.plain,
        "state": decision.state,
        "enabled": snapshot.enabled,
        "shadow": snapshot.shadow,
        "overloaded": decision.overloaded,
        "meter_problem": snapshot.meter_problem,
        "limit_a": rounded(snapshot.limit_a, 1),
        "usable_a": rounded(snapshot.usable_a, 1),
        "phases": [_phase(snapshot, phase, draws_a) for phase in phases],
        "chargers": [
            _charger(
                config,
                snapshot.chargers[config.charger_id],
                rises_in_s.get(config.charger_id),
            )
            for config in chargers
        ],
        "circuits": [
            _circuit(circuit, snapshot.circuits[circuit.config.circuit_id], draws_a)
            for circuit in circuits
        ],
    }


def _phase(
    snapshot: ChargingSnapshot, phase: int, draws_a: Mapping[str, Draws]
) -> Picture:
    """Return a phase of the supply. Without a meter, only draws are known.

    ``service_a`` is negative while the house exports.
    """
    taken_a = {
        charger_id: draw_a[phase]
        for charger_id, draw_a in draws_a.items()
        if draw_a.get(phase, 0.0) > 0
    }
    house_a = free_a = measured_a = None
    if snapshot.service_a is not None:
        measured_a = snapshot.service_a[phase]
        house_a = max(0.0, measured_a - sum(taken_a.values()))
        free_a = max(0.0, snapshot.usable_a - max(0.0, measured_a))
    return {
        "phase": PHASES[phase],
        "service_a": rounded(measured_a, 1),
        "house_a": rounded(house_a, 1),
        "free_a": rounded(free_a, 1),
        "chargers": {key: rounded(taken, 1) for key, taken in taken_a.items()},
    }


def _on_supply(
    config: ChargerConfig, most_a: PhaseVector, likely_a: float | None
) -> Draws:
    """Return the likely draw of a charger on each phase of the supply.

    ``most_a`` is the most that it may be, in the order of the charger's own phases. It
    is empty while the meter is lost, and a single zero while the car is away.
    """
    greatest_a = max(most_a, default=0.0)
    share = 1.0
    if likely_a is not None and greatest_a > 0:
        share = min(1.0, likely_a / greatest_a)
    drawn_a = [phase_a * share for phase_a in most_a]
    return dict(zip(config.phases, drawn_a, strict=False))


def _charger(
    config: ChargerConfig, charger: ChargerSnapshot, rises_in_s: float | None
) -> Picture:
    """Return one charger."""
    return {
        "id": config.charger_id,
        "name": config.name,
        "phases": [PHASES[phase] for phase in config.phases],
        "set_a": rounded(charger.current_a, 1),
        "decided_a": rounded(charger.decided_a, 1),
        "draw_a": rounded(charger.draw_a, 1),
        "charging": charger.charging,
        "limit": charger.limit,
        "limiting_circuit": charger.limiting_circuit,
        "waiting": charger.waiting,
        "asleep": charger.asleep,
        "problem": charger.problem,
        "rises_in_s": rounded(rises_in_s, 0),
    }


def _circuit(
    circuit: Sketched, snapshot: CircuitSnapshot, draws_a: Mapping[str, Draws]
) -> Picture:
    """Return one circuit on its most loaded phase.

    One without a meter carries what its chargers take, as far as that is known.
    """
    config = circuit.config
    current_a = snapshot.current_a
    if current_a is None:
        current_a = max(
            sum(draws_a[member].get(phase, 0.0) for member in circuit.members)
            for phase in config.phases
        )
    return {
        "id": config.circuit_id,
        "name": config.name,
        "parent_id": config.parent_id,
        "current_a": rounded(current_a, 1),
        "limit_a": rounded(snapshot.limit_a, 1),
        "metered": bool(config.meters),
        "meter_problem": snapshot.meter_problem,
        "chargers": sorted(circuit.members),
    }
