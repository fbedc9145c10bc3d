"""Handles a lost meter: the supply's own, or that of a circuit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from .allocation import Constraint, allocate
from .claims import claims_up_to
from .constraints import proven_constraints
from .decision import ActionReason, BalancerState, ChargerDecision, Decision
from .grid import lowest_current
from .memory import EngineState
from .model import ChargerInput, Circuit, Fallback, FallbackAction, Limit, SiteInput
from .ramp import suspend_ramp


def decide_without_meter(
    before: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Hold during the grace period, then stop, hold or lower. Nothing is ever raised.

    An increase that was not sent yet, or was refused, is withdrawn. Chargers on a phase
    that can still be read and carries too much are lowered at once. Until the grace
    period ends, ramps are suspended and what was learnt is kept.
    """
    lost_since_s = before.lost_since_s.get("", now_s)
    grace_ends_s = lost_since_s + site.settings.fallback.grace_s
    active = now_s >= grace_ends_s
    wanted_a = {
        charger.settings.charger_id: (
            _fallback_current(charger, site.settings.fallback)
            if active
            else _kept_current(charger)
        )
        for charger in site.chargers
    }
    limits, moments = proven_constraints(site, now_s)
    safe_a = _safe_shares(before, site, wanted_a, limits, now_s)
    decision = Decision(
        state=BalancerState.FALLBACK if active else BalancerState.ACTIVE,
        chargers={
            charger.settings.charger_id: _decide(charger, safe_a)
            for charger in site.chargers
        },
        fallback_active=active,
        wake_at_s=min(
            [at_s for at_s in (grace_ends_s, *moments) if now_s < at_s < inf],
            default=None,
        ),
    )
    after = EngineState(
        turns=before.turns,
        lost_since_s={"": lost_since_s},
        demand=before.demand,
        budgets=before.budgets,
        edges=before.edges,
        trust=before.trust,
    )
    if not active:
        after = replace(
            after,
            ramps={
                charger_id: suspend_ramp(ramp, now_s)
                for charger_id, ramp in before.ramps.items()
            },
            regains=before.regains,
            overload_s=before.overload_s,
        )
    return after, decision


def _decide(charger: ChargerInput, safe_a: Mapping[str, float]) -> ChargerDecision:
    desired_a = safe_a.get(charger.settings.charger_id)
    changed = desired_a is not None and desired_a != charger.command.in_force_a
    action = ActionReason.METER_LOST if changed else None
    return ChargerDecision(desired_a, Limit.METER_LOST, action, ())


def _kept_current(charger: ChargerInput) -> float | None:
    """Return the current in A to keep in the grace period; None if it is unknown.

    An increase that was sent while the meter was there may have taken effect already.
    """
    command = charger.command
    was_sent = command.desired_a == command.epochs[-1].current_a
    if was_sent and not command.is_refused:
        return command.in_force_a
    return command.least_in_force_a


def _fallback_current(charger: ChargerInput, fallback: Fallback) -> float:
    """Return the current in A to fall back to; 0 if the present one is unknown."""
    present_a = charger.command.least_in_force_a or 0.0
    match fallback.action:
        case FallbackAction.STOP:
            return 0.0
        case FallbackAction.HOLD:
            return present_a
        case FallbackAction.SET_CURRENT:
            return min(present_a, fallback.current_a)


def _safe_shares(
    before: EngineState,
    site: SiteInput,
    wanted_a: Mapping[str, float | None],
    limits: list[Constraint],
    now_s: float,
) -> dict[str, float]:
    """Cap the wanted currents so that they fit what can still be read."""
    ceilings_a = {
        charger.settings.charger_id: min(most_a, charger.settings.ceiling_a)
        for charger in site.chargers
        if (most_a := wanted_a[charger.settings.charger_id]) is not None
    }
    claims = claims_up_to(site, before.turns, ceilings_a, now_s)
    shares = allocate(claims, limits)
    return {charger_id: share.current_a for charger_id, share in shares.items()}


@dataclass(frozen=True, slots=True)
class LostMeters:
    """Circuits whose own meter is lost.

    ``ceilings_a`` is the most that each charger on them may have, ``since_s`` when each
    circuit's meter was lost. ``active``: one of them has been lost for longer than the
    grace period. ``wake_at_s``: when the grace periods end. ``in_grace`` are the
    chargers for which none has ended.
    """

    ceilings_a: Mapping[str, float] = field(default_factory=dict)
    since_s: dict[str, float] = field(default_factory=dict)
    active: bool = False
    wake_at_s: tuple[float, ...] = ()
    in_grace: frozenset[str] = frozenset()


NONE_LOST = LostMeters()


def find_lost_meters(before: EngineState, site: SiteInput, now_s: float) -> LostMeters:
    """Find circuits without their meter: hold their chargers, then fall back."""
    lost = [
        circuit
        for circuit in site.circuits
        if circuit.metered and circuit.reading is None
    ]
    if not lost:
        return NONE_LOST
    fallback = site.settings.fallback
    since_s = {
        circuit.circuit_id: before.lost_since_s.get(circuit.circuit_id, now_s)
        for circuit in lost
    }
    over = {key for key, at_s in since_s.items() if now_s >= at_s + fallback.grace_s}
    members = {circuit.circuit_id: _unseen(site, circuit) for circuit in lost}
    ceilings_a, in_grace = {}, set()
    for charger in site.chargers:
        on = [key for key in members if charger.settings.charger_id in members[key]]
        if not on:
            continue
        if over.intersection(on):
            ceiling_a = _fallback_current(charger, fallback)
        else:
            in_grace.add(charger.settings.charger_id)
            present_a = _kept_current(charger)
            lowest_a = lowest_current(charger.settings)
            ceiling_a = lowest_a if present_a is None else present_a
        ceilings_a[charger.settings.charger_id] = ceiling_a
    wakes = [at_s + fallback.grace_s for at_s in since_s.values()]
    return LostMeters(
        ceilings_a, since_s, bool(over), tuple(wakes), frozenset(in_grace)
    )


def _unseen(site: SiteInput, lost: Circuit) -> frozenset[str]:
    """Return the chargers whose headroom is unknown without a circuit's meter.

    A circuit without a meter of its own relies on those below it, so the search goes up
    to the next circuit that has a reading.
    """
    by_id = {circuit.circuit_id: circuit for circuit in site.circuits}
    circuit = lost
    while (parent := by_id.get(circuit.parent_id)) and parent.reading is None:
        circuit = parent
    return circuit.members


def leave_as_found(chargers: Sequence[ChargerInput]) -> Decision:
    """Command nothing: the meter may be absent while Home Assistant starts or stops."""
    return Decision(
        BalancerState.ACTIVE,
        {
            charger.settings.charger_id: ChargerDecision(
                None, Limit.METER_LOST, None, ()
            )
            for charger in chargers
        },
    )
