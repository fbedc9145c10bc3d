"""The constraints: what supply, circuits and a demand limit leave the chargers."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from .allocation import Constraint
from .balance import Balance, balance_supply, estimate_draws, phases_of, readings_of
from .demand import DemandState, remaining_a
from .draw import Draw, most_if_obeying
from .measurement import change_settles_at
from .model import Limit, PhaseVector, ServiceReading, SiteInput

PHASE_LIMITS = (Limit.L1, Limit.L2, Limit.L3)


def certain_constraints(
    site: SiteInput, balance: Balance, demand: DemandState | None, now_s: float
) -> list[Constraint]:
    """Return what the proven base load leaves: more than that would be an overload.

    In an overload it counts what the chargers take of it, not only what they may.
    """
    limits = _constraints(site, _proven(balance), as_taken=balance.excess_a > 0)
    if site.demand is not None:
        limits += _demand_constraints(site, demand, balance.least_sum_a, now_s)
    return limits


def bare_constraints(site: SiteInput) -> list[Constraint]:
    """Return what the supply and its circuits leave the chargers without any load."""
    idle = (0.0,) * phases_of(site)
    return _constraints(site, [idle] * (1 + len(site.circuits)))


def cautious_constraints(
    site: SiteInput, balance: Balance, demand: DemandState | None, now_s: float
) -> list[Constraint]:
    """Return what the greatest possible base load leaves: chargers may rise into it."""
    bases = [balance.supply.most_base_a]
    bases += [load.most_base_a for load in balance.circuits]
    limits = _constraints(site, bases, as_taken=True)
    if site.demand is not None:
        limits += _demand_constraints(site, demand, balance.most_sum_a, now_s)
    return limits


def proven_constraints(
    site: SiteInput, now_s: float
) -> tuple[list[Constraint], list[float]]:
    """Return what is left without the supply's meter, and when time alone changes it.

    A phase that cannot be read counts as idle, and exports do not count. A draw above
    the command counts as base load, and a charger counts as having followed after its
    settle time, because there is no overload ladder to deal with it meanwhile.
    """
    by_clock = tuple([replace(charger, response=None) for charger in site.chargers])
    settings = replace(site.settings, export_share=0.0)
    site = replace(site, chargers=by_clock, settings=settings)
    idle = (0.0,) * phases_of(site)
    shown = site.remains or ServiceReading(idle, (inf,) * len(idle))
    draws, of_circuits = estimate_draws(site, shown, now_s)
    commanded_a = {
        charger.settings.charger_id: most_if_obeying(
            charger.command.greatest_possible_a
        )
        for charger in site.chargers
    }
    chargers = [
        (charger, _capped(draw, commanded_a[charger.settings.charger_id]))
        for charger, draw in zip(site.chargers, draws, strict=True)
    ]
    of_circuits = tuple(
        [
            {key: _capped(draw, commanded_a[key]) for key, draw in of_circuit.items()}
            for of_circuit in of_circuits
        ]
    )
    balance = balance_supply(site, shown, chargers, of_circuits)
    moments = [draw.final_at_s for draw in draws]
    if readings_of(site):
        drawn = [charger.draw for charger in site.chargers if charger.draw]
        moments += [change_settles_at(draw) for draw in drawn]
    return _constraints(site, _proven(balance)), moments


def _capped(draw: Draw, most_a: float) -> Draw:
    if not draw.settled:
        return draw
    return draw._replace(high_a=tuple([min(high_a, most_a) for high_a in draw.high_a]))


def _proven(balance: Balance) -> list[PhaseVector]:
    """Return the proven base load of the supply and of its circuits, in A."""
    loads = [balance.supply, *balance.circuits]
    return [load.least_base_a for load in loads]


def _constraints(
    site: SiteInput, bases: Sequence[PhaseVector], *, as_taken: bool = False
) -> list[Constraint]:
    settings = site.settings
    usable_a = settings.usable_a
    ceiling = settings.lowest_ceiling if settings.ceilings else None
    single = len(bases[0]) == 1
    on_phase: list[dict[str, float]] = [{} for _ in bases[0]]
    for charger in site.chargers:
        takes = charger.takes if as_taken else 1
        for phase in charger.settings.phases:
            on_phase[phase][charger.settings.charger_id] = takes
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
                {
                    key: takes
                    for key, takes in on_phase[phase].items()
                    if key in circuit.members
                },
                circuit.circuit_id,
            )
            for phase in circuit.phases
        ]
    return limits


def _demand_constraints(
    site: SiteInput, demand: DemandState | None, base_sum_a: float, now_s: float
) -> list[Constraint]:
    if site.demand is None or demand is None:
        return []
    members = {
        charger.settings.charger_id: len(charger.settings.phases)
        for charger in site.chargers
    }
    left_a = remaining_a(demand, site.demand, now_s) - base_sum_a
    return [Constraint(Limit.DEMAND_LIMIT, left_a, members)]
