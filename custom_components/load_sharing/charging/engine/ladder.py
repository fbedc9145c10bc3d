"""The overload ladder: how far chargers are lowered beyond what is computed."""

from collections.abc import Mapping

from .balance import Balance, Place
from .draw import ChargerDraws, Draw, meter_has_responded
from .grid import floor_to_step, lowest_current
from .model import ChargerInput
from .overload import OverloadPhase, OverloadState, Rung


def ladder_ceilings(
    chargers: ChargerDraws,
    balance: Balance,
    overload: OverloadState,
    now_s: float,
) -> dict[str, float]:
    """Return the ceilings in A of the chargers on an overloaded phase, by charger.

    On the rungs *minimum* and *pause* they apply to every charger there, except to one
    that cannot be reached: it begins with what is computed. Before that,
    there are some only where the first reduction has shown and was not enough, although
    the draw of a charger there is not measured: then the computation attributed the
    load to the wrong charger. Each of them is lowered by the whole excess, which is
    enough if only one of them draws what it may.
    """
    if overload.rung is not Rung.COMPUTED:
        on_phase = balance.overloaded_ids
        return {
            charger.settings.charger_id: _on_rung(charger, overload.rung)
            for charger, _ in chargers
            if charger.settings.charger_id in on_phase
            and not charger.command.is_blocked(now_s)
        }
    ceilings_a: dict[str, float] = {}
    if overload.phase is OverloadPhase.CORRECTING and overload.lowered:
        for place in balance.overloaded:
            if not place.members.isdisjoint(overload.lowered):
                full_a = _lowered_by_all(chargers, place, now_s)
                ceilings_a = lowest_ceilings(ceilings_a, full_a)
    return ceilings_a


def _on_rung(charger: ChargerInput, rung: Rung) -> float:
    return 0.0 if rung is Rung.PAUSE else lowest_current(charger.settings)


def _lowered_by_all(
    chargers: ChargerDraws, place: Place, now_s: float
) -> dict[str, float]:
    """Return ceilings in A that lower each charger at a place by all of its excess.

    None for a single charger, which the computation lowers by the whole excess anyway.
    """
    if len(place.members) == 1:
        return {}
    drawing = [
        (charger, draw)
        for charger, draw in chargers
        if charger.settings.charger_id in place.members
        and draw.high_a[charger.settings.phases.index(place.phase)] > 0
    ]
    if all([charger.draw is not None for charger, _ in drawing]):
        return {}
    if not all([_was_shown(charger, draw, now_s) for charger, draw in drawing]):
        return {}
    return {
        charger.settings.charger_id: _lowered_by(place.excess_a, charger)
        for charger, _ in drawing
    }


def _was_shown(charger: ChargerInput, draw: Draw, now_s: float) -> bool:
    """Return whether the reading shows the newest command, if only for a reduction."""
    counts = now_s >= draw.final_at_s and not charger.command.has_unsent(now_s)
    return counts or meter_has_responded(charger, draw, now_s)


def _lowered_by(excess_a: float, charger: ChargerInput) -> float:
    """Return the current in A after a reduction, on the grid, at least the minimum."""
    settings = charger.settings
    less_a = (charger.command.in_force_a or 0.0) - excess_a
    less_a = floor_to_step(less_a, settings.step_a, settings.levels_a)
    return max(lowest_current(settings), less_a)


def lowest_ceilings(
    one_a: Mapping[str, float], other_a: Mapping[str, float]
) -> dict[str, float]:
    """Merge ceilings by charger; where both name a charger, the lower one counts."""
    both_a = {
        key: min(less_a, one_a.get(key, less_a)) for key, less_a in other_a.items()
    }
    return {**one_a, **both_a}
