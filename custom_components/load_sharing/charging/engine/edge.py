"""Remembers at what current a car that rounds was too much, and waits to try it again.

Cars round what they may take to steps of their own, of 2 or 3 A. Where nothing measures
the car, its rounding counts as the house's load, and so more or less seems free than is.
A rise into that would be taken back, and tried again, for ever. So a rise that was too
much as soon as the meter showed it is not repeated for a while, and then for longer,
unless clearly more is free by then. What it may have meanwhile is what held.
"""

from collections.abc import Mapping
from typing import NamedTuple

from .allocation import Constraint
from .balance import Balance
from .draw import ChargerDraws, Draw, meter_has_responded
from .grid import floor_to_step, lowest_current
from .memory import NO_EDGE, Edge, Rise
from .model import EPSILON_A, ChargerInput, Limit, PhaseVector, SiteInput
from .plan import Plan

CAR_STEP_A = 3.0
"""The greatest step that cars are known to round to."""

SMALL_RISE_A = 2.0
"""Between the currents of a rise up to this, there is hardly one worth trying."""

MOVED_A = 0.5
"""If the meter rose by less than this, another load was there before."""

SHOWS_WITHIN_S = 10.0
"""So long after a charger has followed at the latest, a rise may turn out too much."""

LASTING_RISE_S = 60.0
"""A rise that held for this long was not too much."""

FIRST_WAIT_S, LONGEST_WAIT_S = 60.0, 1800.0
"""How long a rise that was too much waits: it may have been a load, and then the car."""

FORGOTTEN_S = 3600.0
"""An edge that was not tried again for so long is that of another day, or car."""


class Place(NamedTuple):
    """What the meters above a charger leave, by phase, in A; below 0 if it is too much.

    ``room_a`` is the least that is certainly there for the charger, with what it takes.
    """

    spare_a: PhaseVector
    room_a: float


def follow_edges(
    before: Mapping[str, Edge],
    site: SiteInput,
    chargers: ChargerDraws,
    balance: Balance,
    now_s: float,
) -> dict[str, Edge]:
    """Return what was too much for each charger whose draw is not measured."""
    edges = {}
    for charger, draw in chargers:
        edge = before.get(charger.settings.charger_id)
        if edge is None or charger.draw is not None:
            continue
        place = _place(site, charger, draw, balance)
        if min(place.spare_a) < -EPSILON_A:
            edge = _exceeded(edge, charger, draw, place, now_s)
        elif edge.rise is not None and now_s >= edge.rise.at_s + LASTING_RISE_S:
            edge = NO_EDGE if edge.rise.to_a > edge.keeps_a else _without_rise(edge)
        if edge.rise is not None or now_s < edge.until_s + FORGOTTEN_S:
            edges[charger.settings.charger_id] = edge
    return edges


def _without_rise(edge: Edge) -> Edge:
    return edge._replace(rise=None)


def _exceeded(
    edge: Edge, charger: ChargerInput, draw: Draw, place: Place, now_s: float
) -> Edge:
    """Return the edge once more flows than may: was it the charger's last rise?"""
    rise = edge.rise
    if rise is None:
        return _lowered(edge, charger, draw, now_s)
    if now_s > rise.at_s + _shows_within_s(charger) or not _is_due_to(rise, place):
        return edge
    again = rise.to_a > edge.keeps_a and rise.room_a < edge.room_a + CAR_STEP_A
    wait_s = LONGEST_WAIT_S if again and edge.wait_s else FIRST_WAIT_S
    keeps_a = rise.from_a
    if rise.to_a - rise.from_a > SMALL_RISE_A:
        keeps_a = _below(rise.to_a, charger)
    return Edge(None, keeps_a, rise.room_a, wait_s, now_s + wait_s, now_s)


def _is_due_to(rise: Rise, place: Place) -> bool:
    """Return whether the fullest phase rose by what a car's step explains."""
    if len(rise.spare_a) != len(place.spare_a):
        return False
    fullest = place.spare_a.index(min(place.spare_a))
    moved_a = rise.spare_a[fullest] - place.spare_a[fullest]
    return MOVED_A <= moved_a <= rise.to_a - rise.from_a + CAR_STEP_A


def _lowered(edge: Edge, charger: ChargerInput, draw: Draw, now_s: float) -> Edge:
    """Return the edge below a reduction that the car did not feel."""
    present_a = charger.command.in_force_a or 0.0
    if now_s > edge.since_s + 2 * _shows_within_s(charger):
        return edge
    if present_a > edge.keeps_a or not meter_has_responded(charger, draw, now_s):
        return edge
    return edge._replace(keeps_a=_below(present_a, charger))


def _below(current_a: float, charger: ChargerInput) -> float:
    """Return the current in A that is less by a step, or by 1 A if that is more."""
    settings = charger.settings
    less_a = current_a - max(1.0, settings.step_a)
    less_a = floor_to_step(less_a, settings.step_a, settings.levels_a)
    return max(lowest_current(settings), less_a)


def _shows_within_s(charger: ChargerInput) -> float:
    """Return for how long after a command its effect on the meter is looked for."""
    response = charger.response
    latency_s = (response and response.latency_s) or 0.0
    return max(charger.settings.settle_s, latency_s) + SHOWS_WITHIN_S


def note_rises(
    edges: Mapping[str, Edge],
    site: SiteInput,
    chargers: ChargerDraws,
    balance: Balance,
    plan: Plan,
    now_s: float,
) -> dict[str, Edge]:
    """Return the edges with the rises that were decided now, from one current up."""
    noted = dict(edges)
    for charger, draw in chargers:
        charger_id = charger.settings.charger_id
        present_a = charger.command.in_force_a
        wanted_a = plan.decisions[charger_id].desired_a
        if charger.draw is not None or not present_a or wanted_a is None:
            continue
        if wanted_a == present_a:
            continue
        edge, rise = noted.get(charger_id, NO_EDGE), None
        if wanted_a > present_a:
            place = _place(site, charger, draw, balance)
            rise = Rise(now_s, present_a, wanted_a, place.spare_a, place.room_a)
        noted[charger_id] = edge._replace(rise=rise)
    return noted


def edge_constraints(
    edges: Mapping[str, Edge],
    site: SiteInput,
    chargers: ChargerDraws,
    balance: Balance,
    now_s: float,
) -> tuple[list[Constraint], list[Constraint]]:
    """Return what chargers may have beside an edge: in an overload, and to rise."""
    over, free = [], []
    for charger, draw in chargers:
        charger_id = charger.settings.charger_id
        edge = edges.get(charger_id)
        if edge is None or now_s >= edge.until_s:
            continue
        place = _place(site, charger, draw, balance)
        if place.room_a >= edge.room_a + CAR_STEP_A:
            continue
        most_a = max(edge.keeps_a, lowest_current(charger.settings))
        if min(place.spare_a) < -EPSILON_A:
            over.append(Constraint(Limit.SUPPLY, most_a, {charger_id: 1}))
        most_a = max(most_a, charger.command.in_force_a or 0.0)
        free.append(Constraint(Limit.SUPPLY, most_a, {charger_id: 1}))
    return over, free


def edge_moments(edges: Mapping[str, Edge]) -> list[float]:
    """Return when time alone may let a charger try again."""
    return [edge.until_s for edge in edges.values()]


def _place(
    site: SiteInput, charger: ChargerInput, draw: Draw, balance: Balance
) -> Place:
    """Return what the supply and the circuits with a meter leave a charger."""
    settings = site.settings
    margin_a = settings.limit_a - settings.usable_a
    phases, charger_id = charger.settings.phases, charger.settings.charger_id
    spare_a = [balance.headroom_a[phase] - margin_a for phase in phases]
    taken_a = list(draw.low_a)
    for circuit, load in zip(site.circuits, balance.circuits, strict=True):
        if load.headroom_a is None or charger_id not in circuit.members:
            continue
        spare_a += [load.headroom_a[phase] for phase in phases]
        taken_a += draw.low_a
    pairs = zip(spare_a, taken_a, strict=True)
    return Place(tuple(spare_a), min([spare + taken for spare, taken in pairs]))
