"""The supply and its circuits: what else they carry, and what they leave the chargers."""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from .allocation import Constraint
from .demand import DemandState, allowed_a
from .draw import Draw, estimate_draw, most_drawn
from .measurement import clears_at
from .model import (
    EPSILON_A,
    ChargerInput,
    Circuit,
    Limit,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

PHASE_LIMITS = (Limit.L1, Limit.L2, Limit.L3)


class Load(NamedTuple):
    """What a circuit carries beside its chargers, per phase.

    ``least_base_a`` is the other load that the reading proves, with every
    charger drawing all it may; ``most_base_a`` that with the least they may.
    Reductions are judged by the first, increases by the second. Without a
    reading, ``headroom_a`` is None and only what circuits below prove counts.
    """

    least_base_a: PhaseVector
    most_base_a: PhaseVector
    headroom_a: PhaseVector | None


class Place(NamedTuple):
    """An overloaded phase of a circuit, "" the supply, and the chargers on it."""

    circuit_id: str
    phase: int
    excess_a: float
    members: frozenset[str]


class Balance(NamedTuple):
    """The supply as the reading shows it, and its circuits in the site's order.

    ``excess_a`` is the worst of all, found at ``worst_id``. The sums are of all
    phases, without the chargers, and count exports. ``exact``: what the chargers
    draw is known, so that least and most are the same.
    """

    supply: Load
    circuits: tuple[Load, ...]
    available_a: float
    excess_a: float
    worst_id: str
    least_sum_a: float
    most_sum_a: float
    exact: bool
    headroom_a: PhaseVector
    overloaded: tuple[Place, ...] = ()

    @property
    def overloaded_ids(self) -> frozenset[str]:
        """Chargers on an overloaded phase of the supply or of a circuit they are on."""
        return frozenset().union(*[place.members for place in self.overloaded])


type CircuitDraws = tuple[dict[str, Draw], ...]
"""For each circuit, what its chargers took when its own meter was read."""


def estimate_draws(
    site: SiteInput, reading: ServiceReading, now_s: float
) -> tuple[list[Draw], CircuitDraws]:
    """Draws as the supply's meter saw them, settled if every meter on the way agrees.

    One that is lost in part has no say in that: nobody on it is raised anyway.
    """
    draws = [estimate_draw(charger, reading, now_s) for charger in site.chargers]
    if not site.circuits:
        return draws, ()
    of_circuits = tuple([_draws_of(site, circuit, now_s) for circuit in site.circuits])
    for index, charger in enumerate(site.chargers):
        charger_id = charger.settings.charger_id
        for circuit, of_circuit in zip(site.circuits, of_circuits, strict=True):
            below = of_circuit.get(charger_id)
            if below is not None and not below.settled:
                draws[index] = draws[index]._replace(
                    settled=draws[index].settled and circuit.reading is None,
                    counts_at_s=max(below.counts_at_s, draws[index].counts_at_s),
                )
    return draws, of_circuits


def _draws_of(site: SiteInput, circuit: Circuit, now_s: float) -> dict[str, Draw]:
    if (shown := circuit.shown) is None:
        return {}
    return {
        charger.settings.charger_id: estimate_draw(charger, shown, now_s)
        for charger in site.chargers
        if charger.settings.charger_id in circuit.members
    }


def balance_supply(
    site: SiteInput,
    reading: ServiceReading,
    draws: list[Draw],
    of_circuits: CircuitDraws = (),
) -> Balance:
    """Split what the meters show into the chargers' draw and all other load."""
    pairs = list(zip(site.chargers, draws, strict=True))
    limit_a = site.settings.limit_a
    high_a, low_a = _without(reading, pairs)
    headroom_a = tuple([limit_a - current_a for current_a in reading.current_a])
    supply = _load(high_a, low_a, headroom_a)
    circuits = _circuits(site, of_circuits) if site.circuits else ()
    exact = high_a == low_a and not circuits
    excess_a, worst_id = max(reading.current_a) - limit_a, ""
    for circuit, load in zip(site.circuits, circuits, strict=True):
        if load.headroom_a is not None:
            over_a = -min([load.headroom_a[phase] for phase in circuit.phases])
            if over_a > excess_a:
                excess_a, worst_id = over_a, circuit.circuit_id
    overloaded = excess_a > EPSILON_A
    return Balance(
        supply=supply,
        circuits=circuits,
        available_a=site.settings.usable_a - max(supply.least_base_a),
        excess_a=excess_a if overloaded else 0.0,
        worst_id=worst_id,
        least_sum_a=sum(high_a),
        most_sum_a=sum(low_a),
        exact=exact,
        headroom_a=headroom_a,
        overloaded=_overloaded(site, headroom_a, circuits) if overloaded else (),
    )


def _without(
    reading: ServiceReading, pairs: Sequence[tuple[ChargerInput, Draw]]
) -> tuple[list[float], list[float]]:
    """Subtract from a reading the most that the chargers may draw, and the least."""
    high_a = list(reading.current_a)
    low_a = list(reading.current_a)
    for charger, draw in pairs:
        for index, phase in enumerate(charger.settings.phases):
            high_a[phase] -= draw.high_a[index]
            low_a[phase] -= draw.low_a[index]
    return high_a, low_a


def _load(high_a: list[float], low_a: list[float], headroom_a: PhaseVector) -> Load:
    least_base_a = tuple([max(0.0, current_a) for current_a in high_a])
    if high_a == low_a:
        return Load(least_base_a, least_base_a, headroom_a)
    most_base_a = tuple([max(0.0, current_a) for current_a in low_a])
    return Load(least_base_a, most_base_a, headroom_a)


def _circuits(site: SiteInput, of_circuits: CircuitDraws) -> tuple[Load, ...]:
    """Loads of the circuits, from the lowest up: one without a reading sums those below."""
    idle = (0.0,) * _phases_of(site)
    loads: list[Load] = [Load(idle, idle, None)] * len(site.circuits)
    below: dict[str, list[Load]] = {}
    for index in range(len(site.circuits) - 1, -1, -1):
        circuit = site.circuits[index]
        own = None
        if (shown := circuit.shown) is not None:
            own = _own(site, circuit, shown, of_circuits[index])
        if own is not None and circuit.reading is not None:
            load = own
        else:
            parts = below.get(circuit.circuit_id, [])
            least_a = _sum([part.least_base_a for part in parts], idle)
            most_a = _sum([part.most_base_a for part in parts], idle)
            if own is not None:
                least_a = _greater(least_a, own.least_base_a)
                most_a = _greater(most_a, own.most_base_a)
            load = Load(least_a, most_a, None)
        loads[index] = load
        below.setdefault(circuit.parent_id, []).append(load)
    return tuple(loads)


def _own(
    site: SiteInput, circuit: Circuit, reading: ServiceReading, drawn: dict[str, Draw]
) -> Load:
    members = [
        (charger, drawn[charger.settings.charger_id])
        for charger in site.chargers
        if charger.settings.charger_id in circuit.members
    ]
    high_a, low_a = _without(reading, members)
    left_a = tuple([circuit.limit_a - current_a for current_a in reading.current_a])
    return _load(high_a, low_a, left_a)


def _sum(vectors: list[PhaseVector], nothing: PhaseVector) -> PhaseVector:
    return tuple([sum(values) for values in zip(nothing, *vectors, strict=True)])


def _greater(one_a: PhaseVector, other_a: PhaseVector) -> PhaseVector:
    return tuple([max(values) for values in zip(one_a, other_a, strict=True)])


def _shown(site: SiteInput) -> list[ServiceReading]:
    """All that meters show."""
    readings = [site.shown, *[circuit.shown for circuit in site.circuits]]
    return [shown for shown in readings if shown is not None]


def _phases_of(site: SiteInput) -> int:
    if readings := _shown(site):
        return len(readings[0].current_a)
    wired = [charger.settings.phases for charger in site.chargers]
    wired += [circuit.phases for circuit in site.circuits]
    return 1 + max([phase for phases in wired for phase in phases], default=0)


def _overloaded(
    site: SiteInput, headroom_a: PhaseVector, circuits: tuple[Load, ...]
) -> tuple[Place, ...]:
    """Every phase that carries too much, of the supply and of its circuits."""
    everybody = frozenset(charger.settings.charger_id for charger in site.chargers)
    phases = tuple(range(len(headroom_a)))
    places = [("", phases, headroom_a, everybody)]
    places += [
        (circuit.circuit_id, circuit.phases, load.headroom_a, circuit.members)
        for circuit, load in zip(site.circuits, circuits, strict=True)
        if load.headroom_a is not None
    ]
    return tuple(
        Place(circuit_id, phase, -left_a[phase], _on_phase(site, phase) & members)
        for circuit_id, measured, left_a, members in places
        for phase in measured
        if left_a[phase] < -EPSILON_A
    )


def _on_phase(site: SiteInput, phase: int) -> frozenset[str]:
    return frozenset(
        charger.settings.charger_id
        for charger in site.chargers
        if phase in charger.settings.phases
    )


def certain_constraints(
    site: SiteInput, balance: Balance, demand: DemandState | None, now_s: float
) -> list[Constraint]:
    """What is left beside the load that is proven: more than this is too much."""
    limits = _constraints(site, _proven(balance))
    if site.demand is not None:
        limits += _demand(site, demand, balance.least_sum_a, now_s)
    return limits


def cautious_constraints(
    site: SiteInput, balance: Balance, demand: DemandState | None, now_s: float
) -> list[Constraint]:
    """What is left beside all the load that there may be: this is free for certain."""
    bases = [balance.supply.most_base_a]
    bases += [load.most_base_a for load in balance.circuits]
    limits = _constraints(site, bases)
    if site.demand is not None:
        limits += _demand(site, demand, balance.most_sum_a, now_s)
    return limits


def proven_constraints(
    site: SiteInput, now_s: float
) -> tuple[list[Constraint], list[float]]:
    """What is left while the meter is lost, and when time alone may tell more of it.

    What cannot be read is taken for idle. What a charger takes beyond what it was told
    is load like any other: there is no ladder to deal with it.
    """
    idle = (0.0,) * _phases_of(site)
    shown = site.remains or ServiceReading(idle, (inf,) * len(idle))
    draws, of_circuits = estimate_draws(site, shown, now_s)
    told_a = {
        charger.settings.charger_id: most_drawn(charger.command.most_possible_a)
        for charger in site.chargers
    }
    draws = [
        _at_most(draw, told_a[charger.settings.charger_id])
        for charger, draw in zip(site.chargers, draws, strict=True)
    ]
    of_circuits = tuple(
        [
            {key: _at_most(draw, told_a[key]) for key, draw in of_circuit.items()}
            for of_circuit in of_circuits
        ]
    )
    balance = balance_supply(site, shown, draws, of_circuits)
    moments = [draw.counts_at_s for draw in draws]
    if _shown(site):
        drawn = [charger.draw for charger in site.chargers if charger.draw]
        moments += [clears_at(draw) for draw in drawn]
    return _constraints(site, _proven(balance)), moments


def _at_most(draw: Draw, most_a: float) -> Draw:
    if not draw.settled:
        return draw
    return draw._replace(high_a=tuple([min(high_a, most_a) for high_a in draw.high_a]))


def _proven(balance: Balance) -> list[PhaseVector]:
    """Load of the supply and of its circuits that is there for certain."""
    loads = [balance.supply, *balance.circuits]
    return [load.least_base_a for load in loads]


def _constraints(site: SiteInput, bases: Sequence[PhaseVector]) -> list[Constraint]:
    settings = site.settings
    usable_a = settings.usable_a
    ceiling = settings.lowest_ceiling if settings.ceilings else None
    single = len(bases[0]) == 1
    on_phase: list[dict[str, int]] = [{} for _ in bases[0]]
    for charger in site.chargers:
        for phase in charger.settings.phases:
            on_phase[phase][charger.settings.charger_id] = 1
    limits = [
        Constraint(
            ceiling or (Limit.SUPPLY if single else PHASE_LIMITS[phase]),
            usable_a - base_a,
            on_phase[phase],
        )
        for phase, base_a in enumerate(bases[0])
    ]
    for circuit, base in zip(site.circuits, bases[1:], strict=True):
        limits += [
            Constraint(
                Limit.CIRCUIT,
                circuit.limit_a - base[phase],
                {key: 1 for key in on_phase[phase] if key in circuit.members},
                circuit.circuit_id,
            )
            for phase in circuit.phases
        ]
    return limits


def _demand(
    site: SiteInput, demand: DemandState | None, base_sum_a: float, now_s: float
) -> list[Constraint]:
    if site.demand is None or demand is None:
        return []
    members = {
        charger.settings.charger_id: len(charger.settings.phases)
        for charger in site.chargers
    }
    left_a = allowed_a(demand, site.demand, now_s) - base_sum_a
    return [Constraint(Limit.DEMAND_LIMIT, left_a, members)]
