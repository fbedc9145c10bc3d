"""The situation: everything that one evaluation may look at, gathered once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from .balance import Balance, balance_supply, estimate_draws
from .claims import (
    Shares,
    claims_of_all,
    forgive_rounding,
    held_unheard,
    most_kept,
    share_out,
)
from .constraints import cautious_constraints, certain_constraints
from .count import probes
from .demand import DemandState, follow
from .doubt import Doubts, follow_doubts
from .draw import ChargerDraws, meter_has_responded
from .edge import edge_constraints, follow_edges
from .ladder import ladder_ceilings, lowest_ceilings
from .memory import AWAKE, Edge, EngineState, Regain, Turn, Wake
from .meter_lost import NONE_LOST, LostMeters, find_lost_meters
from .model import ServiceReading, SiteInput
from .overload import NO_OVERLOAD, OverloadPhase, OverloadState, advance
from .parked import follow_idle, parked_currents
from .ramp import no_regain, on_grid
from .turns import follow_turns
from .wake import follow_wake, nudges


class Measured(NamedTuple):
    """What the meters show, with the chargers' draw separated from the base load."""

    chargers: ChargerDraws
    balance: Balance
    demand: DemandState | None


class Situation(NamedTuple):
    """One moment of a site with balancing on. Rules read it and never change it.

    ``before`` is what the engine remembers of the previous evaluation. ``demand``,
    ``overload``, ``lost``, ``doubts``, ``turns`` and ``regains`` bring its parts up to
    ``now_s``. ``ladder_a`` has the ceilings of the overload ladder in A, by charger.
    ``shares`` is what the allocation gives each charger, with the constraints it was
    made from.
    ``parked_a`` is what parked cars may keep in A, by charger. ``edges`` are currents
    that turned out too much.
    """

    now_s: float
    site: SiteInput
    before: EngineState
    chargers: ChargerDraws
    balance: Balance
    demand: DemandState | None
    overload: OverloadState
    correction_due: bool
    lost: LostMeters
    doubts: Doubts
    turns: Mapping[str, Turn]
    regains: Mapping[str, Regain]
    ladder_a: Mapping[str, float]
    shares: Shares
    idle_since_s: Mapping[str, float]
    parked_a: Mapping[str, float]
    wakes: Mapping[str, Wake]
    edges: Mapping[str, Edge]

    @property
    def overload_is_open(self) -> bool:
        """An overload is pending or being corrected."""
        return self.overload.phase is not OverloadPhase.NONE

    @property
    def unseen(self) -> frozenset[str]:
        """Chargers whose headroom cannot be seen for a moment: their ramps wait."""
        return self.lost.in_grace | self.doubts.chargers

    @property
    def held_down(self) -> frozenset[str]:
        """Chargers that must not rise because they are part of an overload."""
        return self.balance.overloaded_ids if self.overload_is_open else frozenset()


def measure(
    before: EngineState, site: SiteInput, reading: ServiceReading, now_s: float
) -> Measured:
    """Separate the chargers' draw from the base load, and count the demand window."""
    draws, of_circuits = estimate_draws(site, reading, now_s)
    chargers = tuple(zip(site.chargers, draws, strict=True))
    balance = balance_supply(site, reading, chargers, of_circuits)
    demand = None
    if site.demand is not None:
        demand = follow(before.demand, site.demand, sum(reading.current_a), now_s)
    return Measured(chargers, balance, demand)


def assess(
    before: EngineState, site: SiteInput, measured: Measured, now_s: float
) -> Situation:
    """Work out overload, lost meters, turns and shares: all that rules decide from."""
    pairs, balance, demand = measured
    overload, correction_due = _follow_overload(before, site, measured, now_s)
    lost = find_lost_meters(before, site, now_s) if site.circuits else NONE_LOST
    turns: Mapping[str, Turn] = {}
    if len(pairs) > 1:
        turns = follow_turns(before.turns, site, [draw for _, draw in pairs], now_s)
    certain = free = certain_constraints(site, balance, demand, now_s)
    if not balance.exact or any([charger.takes > 1 for charger in site.chargers]):
        free = cautious_constraints(site, balance, demand, now_s)
    edges = follow_edges(before.edges, site, pairs, balance, now_s)
    if edges:
        in_overload, to_rise = edge_constraints(edges, site, pairs, balance, now_s)
        free = [*free, *to_rise]
        certain = [*certain, *in_overload]
    loads = (balance.supply, *balance.circuits)
    doubts = follow_doubts(before.trust, site, loads, pairs, now_s)
    regains = _follow_regains(before, site, doubts, now_s)
    ladder_a = ladder_ceilings(pairs, balance, overload, now_s)
    wakes = {
        charger.settings.charger_id: follow_wake(
            before.wakes.get(charger.settings.charger_id, AWAKE), charger, draw, now_s
        )
        for charger, draw in pairs
    }
    lowered_a = lowest_ceilings(lost.ceilings_a, ladder_a)
    lowered_a = lowest_ceilings(lowered_a, nudges(wakes, site.chargers, now_s))
    if not site.restored:
        lowered_a = lowest_ceilings(lowered_a, probes(pairs, site.total))
    if doubts.chargers:
        lowered_a = lowest_ceilings(lowered_a, _kept(site, doubts.chargers))
    claims = claims_of_all(site, turns, lowered_a, now_s)
    # Below the limit the meter says that it fits, whatever such a charger may take.
    held_a = held_unheard(pairs, now_s) if balance.excess_a > 0 else {}
    shares = share_out(site, claims, certain, free, held_a)
    if balance.excess_a <= 0:
        shares = forgive_rounding(site, shares)
    idle_since_s = follow_idle(before.idle_since_s, pairs, now_s)
    return Situation(
        now_s,
        site,
        before,
        pairs,
        balance,
        demand,
        overload,
        correction_due,
        lost,
        doubts,
        turns,
        regains,
        ladder_a,
        shares,
        idle_since_s,
        parked_currents(idle_since_s, site, claims, now_s),
        wakes,
        edges,
    )


def _follow_regains(
    before: EngineState, site: SiteInput, doubts: Doubts, now_s: float
) -> dict[str, Regain]:
    """Return what may be given back quickly; nothing on a reading that was doubted."""
    known = before.regains
    if doubts.settled:
        known = {key: known[key] for key in known.keys() - doubts.settled}
    regains = {}
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        regain = known.get(charger_id) or no_regain(now_s)
        regains[charger_id] = on_grid(regain, charger.settings)
    return regains


def _kept(site: SiteInput, charger_ids: frozenset[str]) -> dict[str, float]:
    """Return the most that chargers keep without a rise, by charger."""
    return {
        charger.settings.charger_id: most_kept(charger)
        for charger in site.chargers
        if charger.settings.charger_id in charger_ids
    }


def _follow_overload(
    before: EngineState, site: SiteInput, measured: Measured, now_s: float
) -> tuple[OverloadState, bool]:
    """Advance the overload machine; also return whether a correction is due."""
    if measured.balance.excess_a <= 0:
        return NO_OVERLOAD, False
    overloaded = measured.balance.overloaded_ids
    causes = [
        (charger, draw)
        for charger, draw in measured.chargers
        if charger.settings.charger_id in overloaded
        and charger.command.greatest_possible_a > 0
        and not charger.command.is_blocked(now_s)
    ]
    overload = before.overload
    if overload.lowered:
        # A charger that left the overloaded phase has done its part: what is left of
        # the overload is elsewhere.
        lowered = overload.lowered & overloaded
        excess_a = overload.excess_when_lowered_a if lowered and causes else None
        overload = replace(overload, excess_when_lowered_a=excess_a, lowered=lowered)
    return advance(
        overload,
        measured.balance.excess_a,
        now_s,
        site.settings.overload_trigger_delay_s,
        site.settings.overload_loop_interval_s,
        bool(causes)
        and all(
            [meter_has_responded(charger, draw, now_s) for charger, draw in causes]
        ),
        any([charger.draw is None for charger, _ in causes]),
    )
