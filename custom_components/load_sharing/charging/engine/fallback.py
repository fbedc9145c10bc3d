"""What becomes of the chargers while nobody knows what the house takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf

from .allocation import Constraint, allocate
from .claims import claims_in_turn, lowest_current
from .model import (
    ActionReason,
    BalancerState,
    ChargerDecision,
    ChargerInput,
    Circuit,
    Decision,
    EngineState,
    Fallback,
    FallbackAction,
    Limit,
    SiteInput,
)
from .supply import proven_constraints


def decide_without_meter(
    state: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Hold during the grace, then stop, hold or lower. Nothing is ever raised.

    An increase that did not get through before is not sent again, either. Whoever is
    on a phase that can be read and carries too much is lowered at once.
    """
    lost_since_s = state.lost_since_s.get("", now_s)
    grace_ends_s = lost_since_s + site.settings.fallback.grace_s
    active = now_s >= grace_ends_s
    wanted_a = {
        charger.settings.charger_id: (
            _fallback_current(charger, site.settings.fallback)
            if active
            else charger.command.kept_a
        )
        for charger in site.chargers
    }
    limits, moments = proven_constraints(site, now_s)
    safe_a = _safe_shares(state, site, wanted_a, limits, now_s)
    decisions = {}
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        desired_a = safe_a.get(charger_id)
        changed = desired_a is not None and desired_a != charger.command.in_force_a
        action = ActionReason.METER_LOST if changed else None
        decisions[charger_id] = ChargerDecision(desired_a, Limit.METER_LOST, action, ())
    decision = Decision(
        state=BalancerState.FALLBACK if active else BalancerState.ACTIVE,
        chargers=decisions,
        fallback_active=active,
        wake_at_s=min(
            [at_s for at_s in (grace_ends_s, *moments) if now_s < at_s < inf],
            default=None,
        ),
    )
    return EngineState(
        turns=state.turns, lost_since_s={"": lost_since_s}, demand=state.demand
    ), decision


@dataclass(frozen=True, slots=True)
class Blind:
    """The chargers of circuits whose own meter is lost.

    ``ceilings_a``: the most each may have. ``since_s``: when each circuit's
    meter was lost, ``active`` whether the grace is over for one of them.
    """

    ceilings_a: dict[str, float] = field(default_factory=dict)
    since_s: dict[str, float] = field(default_factory=dict)
    active: bool = False
    wake_at_s: tuple[float, ...] = ()


SEES_ALL = Blind()


def find_blind(state: EngineState, site: SiteInput, now_s: float) -> Blind:
    """Chargers on circuits without their meter: nothing is raised, then the fallback."""
    lost = [
        circuit
        for circuit in site.circuits
        if circuit.metered and circuit.reading is None
    ]
    if not lost:
        return SEES_ALL
    fallback = site.settings.fallback
    since_s = {
        circuit.circuit_id: state.lost_since_s.get(circuit.circuit_id, now_s)
        for circuit in lost
    }
    over = {key for key, at_s in since_s.items() if now_s >= at_s + fallback.grace_s}
    members = {circuit.circuit_id: _unseen(site, circuit) for circuit in lost}
    ceilings_a = {}
    for charger in site.chargers:
        on = [key for key in members if charger.settings.charger_id in members[key]]
        if not on:
            continue
        if over.intersection(on):
            ceiling_a = _fallback_current(charger, fallback)
        else:
            present_a = charger.command.kept_a
            lowest_a = lowest_current(charger.settings)
            ceiling_a = lowest_a if present_a is None else present_a
        ceilings_a[charger.settings.charger_id] = ceiling_a
    wakes = [at_s + fallback.grace_s for at_s in since_s.values()]
    return Blind(ceilings_a, since_s, bool(over), tuple(wakes))


def _unseen(site: SiteInput, lost: Circuit) -> frozenset[str]:
    """Chargers whose room is unknown without a circuit's meter.

    A circuit without a meter of its own counts on those below it.
    """
    by_id = {circuit.circuit_id: circuit for circuit in site.circuits}
    circuit = lost
    while (parent := by_id.get(circuit.parent_id)) and parent.reading is None:
        circuit = parent
    return circuit.members


def _fallback_current(charger: ChargerInput, fallback: Fallback) -> float:
    """What a charger falls back to. One of which nothing is known is paused."""
    present_a = charger.command.kept_a or 0.0
    match fallback.action:
        case FallbackAction.STOP:
            return 0.0
        case FallbackAction.HOLD:
            return present_a
        case FallbackAction.SET_CURRENT:
            return min(present_a, fallback.current_a)


def _safe_shares(
    state: EngineState,
    site: SiteInput,
    wanted_a: dict[str, float | None],
    limits: list[Constraint],
    now_s: float,
) -> dict[str, float]:
    """Cap the wanted currents so that together they fit, as far as can be seen."""
    ceilings_a = {
        charger.settings.charger_id: min(most_a, charger.settings.ceiling_a)
        for charger in site.chargers
        if (most_a := wanted_a[charger.settings.charger_id]) is not None
    }
    claims = claims_in_turn(site, state.turns, ceilings_a, now_s)
    shares = allocate(claims, limits)
    return {charger_id: share.current_a for charger_id, share in shares.items()}


def leave_as_found(chargers: Sequence[ChargerInput]) -> Decision:
    """Leave every charger alone: the meter may not be there yet, or no more."""
    return Decision(
        BalancerState.ACTIVE,
        {
            charger.settings.charger_id: ChargerDecision(
                None, Limit.METER_LOST, None, ()
            )
            for charger in chargers
        },
    )
