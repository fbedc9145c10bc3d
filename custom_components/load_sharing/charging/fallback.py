"""What becomes of the chargers while nobody knows what the house takes."""

from .allocation import Claim, allocate, ceil_to_step
from .model import (
    ActionReason,
    BalancerState,
    ChargerDecision,
    ChargerInput,
    Decision,
    EngineState,
    Fallback,
    FallbackAction,
    Limit,
    SiteInput,
)
from .supply import constraints


def decide_without_meter(
    state: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Hold during the grace, then stop, hold or lower. Nothing is ever raised."""
    lost_since_s = state.meter_lost_since_s
    if lost_since_s is None:
        lost_since_s = now_s
    grace_ends_s = lost_since_s + site.settings.fallback.grace_s
    active = now_s >= grace_ends_s
    wanted_a = {
        charger.settings.charger_id: (
            _fallback_current(charger, site.settings.fallback)
            if active
            else charger.command.in_force_a
        )
        for charger in site.chargers
    }
    safe_a = _safe_shares(site, wanted_a)
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
        wake_at_s=None if active else grace_ends_s,
    )
    return EngineState(meter_lost_since_s=lost_since_s), decision


def _fallback_current(charger: ChargerInput, fallback: Fallback) -> float:
    present_a = charger.command.in_force_a
    match fallback.action:
        case FallbackAction.STOP:
            return 0.0
        case FallbackAction.HOLD:
            if present_a is None:
                return ceil_to_step(charger.settings.min_a, charger.settings.step_a)
            return present_a
        case FallbackAction.SET_CURRENT:
            if present_a is None:
                return fallback.current_a
            return min(present_a, fallback.current_a)


def _safe_shares(
    site: SiteInput, wanted_a: dict[str, float | None]
) -> dict[str, float]:
    """Cap the wanted currents so that together they fit an otherwise idle supply."""
    known_a = {key: value for key, value in wanted_a.items() if value is not None}
    claims = [
        Claim(
            charger.settings.charger_id,
            charger.settings.min_a,
            min(known_a[charger.settings.charger_id], charger.settings.ceiling_a),
            charger.settings.step_a,
        )
        for charger in site.chargers
        if charger.settings.charger_id in known_a
    ]
    phases = 1 + max(
        [phase for charger in site.chargers for phase in charger.settings.phases],
        default=0,
    )
    shares = allocate(claims, constraints(site, (0.0,) * phases))
    return {charger_id: share.current_a for charger_id, share in shares.items()}
