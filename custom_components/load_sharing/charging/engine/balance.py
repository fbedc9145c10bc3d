"""The balance: what the supply and its circuits carry besides the chargers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from .count import on_phases_used
from .draw import ChargerDraws, Draw, estimate_draw
from .flow import most_through
from .mains import Mains
from .model import EPSILON_A, Circuit, PhaseVector, ServiceReading, SiteInput


class Load(NamedTuple):
    """The base load of the supply or of a circuit, per phase, and its headroom.

    The chargers' draw is only known between bounds. ``least_base_a`` assumes that they
    draw the most they may: this load is proven, and reductions are judged by it.
    ``most_base_a`` assumes that they draw the least: increases are judged by it. Where
    more is generated than used, the base load is below 0 as far as exports count. A
    circuit without a reading has no ``headroom_a``; its base is what the circuits
    below it prove.
    """

    least_base_a: PhaseVector
    most_base_a: PhaseVector
    headroom_a: PhaseVector | None


class Place(NamedTuple):
    """An overloaded phase and the chargers on it. ``circuit_id`` "" is the supply."""

    circuit_id: str
    phase: int
    excess_a: float
    members: frozenset[str]


class Balance(NamedTuple):
    """The base load and headroom of the supply and of its circuits, in the site's order.

    ``excess_a`` is the largest current above a limit, found at ``worst_id``; 0 if there
    is no overload. ``least_sum_a`` and ``most_sum_a`` are the base load of all phases
    together, where exports count as negative. The balance is ``exact`` where the
    chargers' draw is known: then the least and the most base load are the same.
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
        """Chargers on an overloaded phase of the supply or of their circuit."""
        return frozenset().union(*[place.members for place in self.overloaded])


type CircuitDraws = tuple[dict[str, Draw], ...]
"""For each circuit, its chargers' draw at the moment its own meter was read."""


def estimate_draws(
    site: SiteInput, reading: ServiceReading, now_s: float
) -> tuple[list[Draw], CircuitDraws]:
    """Estimate each charger's draw at the time of the supply's and circuits' readings.

    A draw counts as settled only if it is settled for every meter between the charger
    and the supply. A meter that is lost in part is left out of this, because its
    chargers are not raised anyway.
    """
    flows_a = most_through(site, reading)
    draws = [
        on_phases_used(
            charger,
            estimate_draw(
                charger, reading, now_s, flows_a[charger.settings.charger_id]
            ),
            site.total,
        )
        for charger in site.chargers
    ]
    if not site.circuits:
        return draws, ()
    of_circuits = tuple(
        [_draws_of(site, circuit, flows_a, now_s) for circuit in site.circuits]
    )
    for index, charger in enumerate(site.chargers):
        charger_id = charger.settings.charger_id
        for circuit, of_circuit in zip(site.circuits, of_circuits, strict=True):
            below = of_circuit.get(charger_id)
            if below is not None and not below.settled:
                draws[index] = draws[index]._replace(
                    settled=draws[index].settled and circuit.reading is None,
                    final_at_s=max(below.final_at_s, draws[index].final_at_s),
                )
    return draws, of_circuits


def _draws_of(
    site: SiteInput,
    circuit: Circuit,
    flows_a: Mapping[str, PhaseVector],
    now_s: float,
) -> dict[str, Draw]:
    if (shown := circuit.shown) is None:
        return {}
    return {
        charger.settings.charger_id: estimate_draw(
            charger, shown, now_s, flows_a[charger.settings.charger_id]
        )
        for charger in site.chargers
        if charger.settings.charger_id in circuit.members
    }


def balance_supply(
    site: SiteInput,
    reading: ServiceReading,
    chargers: ChargerDraws,
    of_circuits: CircuitDraws = (),
) -> Balance:
    """Split the meters' readings into the chargers' draw and the base load."""
    limit_a = site.settings.limit_a
    shown, total = reading, site.total
    high_a, low_a = _without_draws(shown, chargers, total)
    if total is not None:
        reading = _with_draws(shown, low_a, chargers)
    headroom_a = tuple([limit_a - current_a for current_a in reading.current_a])
    supply = _load(high_a, low_a, headroom_a)
    if share := site.settings.export_share:
        supply = _with_export(supply, share, shown, chargers, total)
    circuits = _circuit_loads(site, of_circuits) if site.circuits else ()
    exact = high_a == low_a and supply.least_base_a == supply.most_base_a
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
        exact=exact and not circuits,
        headroom_a=headroom_a,
        overloaded=_overloaded_places(site, headroom_a, circuits) if overloaded else (),
    )


def _without_draws(
    reading: ServiceReading, pairs: ChargerDraws, total: Mains | None = None
) -> tuple[list[float], list[float]]:
    """Subtract from a reading the most that the chargers may draw, and the least."""
    if total is not None:
        return _beside_total(total, reading, pairs)
    high_a = list(reading.current_a)
    low_a = list(reading.current_a)
    for charger, draw in pairs:
        for index, phase in enumerate(charger.settings.phases):
            high_a[phase] -= draw.high_a[index]
            low_a[phase] -= draw.low_a[index]
    return high_a, low_a


def _beside_total(
    mains: Mains, reading: ServiceReading, pairs: ChargerDraws
) -> tuple[list[float], list[float]]:
    """Subtract the draws from the shares of a total, which all other loads have evenly.

    A charger on one phase of three adds to its own phase, and not a third to each.
    """
    phases = len(reading.current_a)
    most_a = sum([mains.sum_of(draw.high_a) for _, draw in pairs]) / phases
    least_a = sum([mains.sum_of(draw.low_a) for _, draw in pairs]) / phases
    return (
        [share_a - most_a for share_a in reading.current_a],
        [share_a - least_a for share_a in reading.current_a],
    )


def _with_draws(
    reading: ServiceReading, base_a: list[float], pairs: ChargerDraws
) -> ServiceReading:
    """Return the phases with the least that the chargers certainly draw on each."""
    current_a = list(base_a)
    for charger, draw in pairs:
        for index, phase in enumerate(charger.settings.phases):
            current_a[phase] += draw.low_a[index]
    return replace(reading, current_a=tuple(current_a))


def _load(high_a: list[float], low_a: list[float], headroom_a: PhaseVector) -> Load:
    least_base_a = tuple([max(0.0, current_a) for current_a in high_a])
    if high_a == low_a:
        return Load(least_base_a, least_base_a, headroom_a)
    most_base_a = tuple([max(0.0, current_a) for current_a in low_a])
    return Load(least_base_a, most_base_a, headroom_a)


def _with_export(
    load: Load,
    share: float,
    reading: ServiceReading,
    pairs: ChargerDraws,
    total: Mains | None = None,
) -> Load:
    """Return the base load, below 0 where more is generated than used.

    The greatest base load counts what is measured of the chargers and nothing that they
    were only commanded to: cars that take less would pass for an export.
    """
    measured = [pair for pair in pairs if pair[0].draw is not None]
    high_a, _ = _without_draws(reading, pairs, total)
    _, low_a = _without_draws(reading, measured, total)
    return load._replace(
        least_base_a=_below_nothing(load.least_base_a, high_a, share),
        most_base_a=_below_nothing(load.most_base_a, low_a, share),
    )


def _below_nothing(
    base_a: PhaseVector, net_a: list[float], share: float
) -> PhaseVector:
    return tuple(
        [
            load_a or min(0.0, current_a) * share
            for load_a, current_a in zip(base_a, net_a, strict=True)
        ]
    )


def _circuit_loads(site: SiteInput, of_circuits: CircuitDraws) -> tuple[Load, ...]:
    """Return the circuits' loads; one without a reading sums up those below it."""
    idle = (0.0,) * phases_of(site)
    loads: list[Load] = [Load(idle, idle, None)] * len(site.circuits)
    below: dict[str, list[Load]] = {}
    for index in range(len(site.circuits) - 1, -1, -1):
        circuit = site.circuits[index]
        own = None
        if (shown := circuit.shown) is not None:
            own = _metered_load(site, circuit, shown, of_circuits[index])
        if own is not None and circuit.reading is not None:
            load = own
        else:
            parts = below.get(circuit.circuit_id, [])
            least_a = _sum_by_phase([part.least_base_a for part in parts], idle)
            most_a = _sum_by_phase([part.most_base_a for part in parts], idle)
            if own is not None:
                least_a = _greater_by_phase(least_a, own.least_base_a)
                most_a = _greater_by_phase(most_a, own.most_base_a)
            load = Load(least_a, most_a, None)
        loads[index] = load
        below.setdefault(circuit.parent_id, []).append(load)
    return tuple(loads)


def _metered_load(
    site: SiteInput, circuit: Circuit, reading: ServiceReading, drawn: dict[str, Draw]
) -> Load:
    members = [
        (charger, drawn[charger.settings.charger_id])
        for charger in site.chargers
        if charger.settings.charger_id in circuit.members
    ]
    high_a, low_a = _without_draws(reading, members)
    left_a = tuple([circuit.limit_a - current_a for current_a in reading.current_a])
    load = _load(high_a, low_a, left_a)
    share = site.settings.export_share
    if share and circuit.reading is not None:
        load = _with_export(load, share, reading, members)
    return load


def _sum_by_phase(vectors: list[PhaseVector], nothing: PhaseVector) -> PhaseVector:
    return tuple([sum(values) for values in zip(nothing, *vectors, strict=True)])


def _greater_by_phase(one_a: PhaseVector, other_a: PhaseVector) -> PhaseVector:
    return tuple([max(values) for values in zip(one_a, other_a, strict=True)])


def readings_of(site: SiteInput) -> list[ServiceReading]:
    """Return the readings of all meters, including those lost in part."""
    readings = [site.shown, *[circuit.shown for circuit in site.circuits]]
    return [shown for shown in readings if shown is not None]


def phases_of(site: SiteInput) -> int:
    """Return the number of phases, from the site's readings or else from its wiring."""
    if readings := readings_of(site):
        return len(readings[0].current_a)
    wired = [charger.settings.phases for charger in site.chargers]
    wired += [circuit.phases for circuit in site.circuits]
    return 1 + max([phase for phases in wired for phase in phases], default=0)


def _overloaded_places(
    site: SiteInput, headroom_a: PhaseVector, circuits: tuple[Load, ...]
) -> tuple[Place, ...]:
    """Return every phase of the supply and of its circuits that is above its limit."""
    all_ids = frozenset(charger.settings.charger_id for charger in site.chargers)
    phases = tuple(range(len(headroom_a)))
    places = [("", phases, headroom_a, all_ids)]
    places += [
        (circuit.circuit_id, circuit.phases, load.headroom_a, circuit.members)
        for circuit, load in zip(site.circuits, circuits, strict=True)
        if load.headroom_a is not None
    ]
    return tuple(
        Place(
            circuit_id, phase, -left_a[phase], _chargers_on_phase(site, phase) & members
        )
        for circuit_id, measured, left_a, members in places
        for phase in measured
        if left_a[phase] < -EPSILON_A
    )


def _chargers_on_phase(site: SiteInput, phase: int) -> frozenset[str]:
    return frozenset(
        charger.settings.charger_id
        for charger in site.chargers
        if phase in charger.settings.phases
    )
