"""The overload ladder: how far chargers are lowered beyond what is computed."""

from collections.abc import Mapping
from dataclasses import replace

from .allocation import floor_to_step
from .claims import lowest_current
from .draw import Draw, has_answered
from .model import (
    CEILINGS,
    ActionReason,
    ChargerDecision,
    ChargerInput,
    Limit,
    SiteInput,
)
from .overload import OverloadPhase, OverloadState, Rung
from .supply import Balance, Place


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
    if overload.rung is not Rung.COMPUTED:
        on_phase = balance.overloaded_ids
        return {
            charger.settings.charger_id: _on_rung(charger, overload.rung)
            for charger in site.chargers
            if charger.settings.charger_id in on_phase
        }
    ceilings_a: dict[str, float] = {}
    if overload.phase is OverloadPhase.CORRECTING and overload.lowered:
        for place in balance.overloaded:
            if not place.members.isdisjoint(overload.lowered):
                in_full_a = _in_full(site, place, draws, now_s)
                ceilings_a = least_of(ceilings_a, in_full_a)
    return ceilings_a


def _on_rung(charger: ChargerInput, rung: Rung) -> float:
    return 0.0 if rung is Rung.PAUSE else lowest_current(charger.settings)


def _in_full(
    site: SiteInput, place: Place, draws: list[Draw], now_s: float
) -> dict[str, float]:
    """What each leaves itself that gives way by all the excess of a place.

    One alone does that anyway.
    """
    if len(place.members) == 1:
        return {}
    drawing = [
        (charger, draw)
        for charger, draw in zip(site.chargers, draws, strict=True)
        if charger.settings.charger_id in place.members
        and draw.high_a[charger.settings.phases.index(place.phase)] > 0
    ]
    if all([charger.draw is not None for charger, _ in drawing]):
        return {}
    if not all([_was_shown(charger, draw, now_s) for charger, draw in drawing]):
        return {}
    return {
        charger.settings.charger_id: _lower_by(place.excess_a, charger)
        for charger, _ in drawing
    }


def _was_shown(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Whether the reading shows the newest command, as far as reductions go."""
    counts = now_s >= draw.counts_at_s and not charger.command.is_behind(now_s)
    return counts or has_answered(charger, draw, now_s)


def _lower_by(excess_a: float, charger: ChargerInput) -> float:
    """Current after a reduction, at least the minimum."""
    settings = charger.settings
    less_a = (charger.command.in_force_a or 0.0) - excess_a
    less_a = floor_to_step(less_a, settings.step_a, settings.levels_a)
    return max(lowest_current(settings), less_a)


def least_of(
    one_a: Mapping[str, float], other_a: Mapping[str, float]
) -> dict[str, float]:
    """Ceilings of both; the lower one of a charger that has two."""
    both_a = {
        key: min(less_a, one_a.get(key, less_a)) for key, less_a in other_a.items()
    }
    return {**one_a, **both_a}


def as_stepped_down(
    site: SiteInput,
    ladder_a: Mapping[str, float],
    decisions: dict[str, ChargerDecision],
) -> None:
    """Name the overload where the ladder is what lowers a charger."""
    for charger in site.chargers:
        charger_id, own_a = charger.settings.charger_id, charger.settings.ceiling_a
        chosen = decisions[charger_id]
        lowered = chosen.action is ActionReason.OVERLOAD and chosen.limit in CEILINGS
        if lowered and ladder_a.get(charger_id, own_a) < own_a:
            decisions[charger_id] = replace(chosen, limit=Limit.OVERLOAD)
