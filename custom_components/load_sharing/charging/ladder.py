"""The overload ladder: how far chargers are lowered beyond what is computed."""

from collections.abc import Mapping
from dataclasses import replace

from .allocation import floor_to_step
from .claims import lowest_current
from .draw import Draw, has_answered
from .model import ActionReason, ChargerDecision, ChargerInput, Limit, SiteInput
from .overload import OverloadState, Rung
from .supply import Balance


def ladder_ceilings(
    site: SiteInput,
    balance: Balance,
    draws: list[Draw],
    overload: OverloadState,
    now_s: float,
) -> dict[str, float]:
    """Most that chargers on an overloaded phase may have, in A, if it is less.

    Where a first reduction was answered and is not enough, and not everything that they
    draw is measured, whose draw the rest is was guessed wrong. Then each of them gives
    way by all of it: enough, if only one of them draws what it may.
    """
    computed = overload.rung is Rung.COMPUTED
    if computed and not overload.lowered:
        return {}
    over_a = _excesses(balance)
    on_phase = [
        (charger, draw)
        for charger, draw in zip(site.chargers, draws, strict=True)
        if charger.settings.charger_id in over_a
    ]
    if computed:
        if not all([has_answered(charger, draw, now_s) for charger, draw in on_phase]):
            return {}
        on_phase = [pair for pair in on_phase if max(pair[1].high_a) > 0]
        if all([charger.draw is not None for charger, _ in on_phase]):
            return {}
    return {
        charger.settings.charger_id: _ceiling(
            charger, over_a[charger.settings.charger_id], overload.rung
        )
        for charger, _ in on_phase
    }


def _excesses(balance: Balance) -> dict[str, float]:
    """How much too much flows where each charger is, in A, if so."""
    over_a: dict[str, float] = {}
    for place in balance.overloaded:
        for charger_id in place.members:
            over_a[charger_id] = max(place.excess_a, over_a.get(charger_id, 0.0))
    return over_a


def least_of(
    one_a: Mapping[str, float], other_a: Mapping[str, float]
) -> dict[str, float]:
    """Ceilings of both; the lower one of a charger that has two."""
    both_a = {
        key: min(less_a, one_a.get(key, less_a)) for key, less_a in other_a.items()
    }
    return {**one_a, **both_a}


def as_stepped_down(decision: ChargerDecision) -> ChargerDecision:
    """Name the overload as what takes more than is computed."""
    if decision.action is not ActionReason.OVERLOAD:
        return decision
    return replace(decision, limit=Limit.OVERLOAD)


def _ceiling(charger: ChargerInput, over_a: float, rung: Rung) -> float:
    """At least its minimum, unless it is to pause."""
    settings = charger.settings
    match rung:
        case Rung.PAUSE:
            return 0.0
        case Rung.MINIMUM:
            return lowest_current(settings)
    less_a = (charger.command.in_force_a or 0.0) - over_a
    less_a = floor_to_step(less_a, settings.step_a, settings.levels_a)
    return max(lowest_current(settings), less_a)
