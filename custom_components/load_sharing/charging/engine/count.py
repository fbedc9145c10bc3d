"""Finds how many phases a car uses where only the total of all phases is measured.

Such a meter does not show a car that takes all on one phase of three: its 27 A are 9 A
of each phase. The answer of the meter to a step of the car's current shows the number
of phases. Until one has, the car counts as if it used the fewest that it can.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import inf
from typing import NamedTuple

from .draw import ChargerDraws, Draw
from .grid import lowest_current
from .mains import Mains
from .model import NOTHING_A, ChargerInput, PhaseVector, Sample

STEP_A = 3.0
"""Smaller steps are lost among the loads of a house."""

WITHIN_A = 0.5
WITHIN = 0.15
"""A share of the total moved as expected to within this much, or this fraction."""

SAME_A = 0.1


class Change(NamedTuple):
    """A step of what a charger may take on each phase, since about ``begun_s``."""

    charger_id: str
    begun_s: float
    step_a: float
    loads: Mapping[int, float]


def loads_of(charger: ChargerInput, total: Mains | None) -> Mapping[int, float]:
    """Return the possible numbers of phases, with what each adds to the total per 1 A.

    It is empty where there is but one, or where each phase of the charger is measured.
    """
    drawn = charger.draw
    if total is None or charger.settings.watts_per_a or (drawn and not drawn.alike):
        return {}
    loads = total.loads(len(charger.settings.phases))
    return loads if len(loads) > 1 else {}


def counts_shown(
    changes: Sequence[Change], former: Sequence[Sample], newest: Sample
) -> dict[str, int]:
    """Return the numbers of phases that explain best how far the total has moved.

    Where several explain it as well, each charger uses the fewest of them.
    """
    if not changes or all([abs(change.step_a) < STEP_A for change in changes]):
        return {}
    width = len(newest.current_a)
    moved_a = _moved(changes, former, newest)
    errors: dict[tuple[int, ...], float] = {}
    for counts in product(*[change.loads for change in changes]):
        pairs = zip(changes, counts, strict=True)
        expected_a = sum([one.step_a * one.loads[count] for one, count in pairs])
        error_a = abs(moved_a - expected_a / width)
        if error_a <= WITHIN_A + WITHIN * abs(expected_a) / width:
            errors[counts] = error_a
    if not errors:
        return {}
    least_a = min(errors.values()) + SAME_A
    best = [counts for counts, error_a in errors.items() if error_a <= least_a]
    return {
        change.charger_id: min([counts[index] for counts in best])
        for index, change in enumerate(changes)
        if abs(change.step_a) >= STEP_A
    }


def _moved(
    changes: Sequence[Change], former: Sequence[Sample], newest: Sample
) -> float:
    """Return how far the share of a phase has moved since before the changes."""
    begun_s = min([change.begun_s for change in changes])
    before = [sample for sample in former if sample.at_s <= begun_s][-1:]
    since = before + [sample for sample in former if sample.at_s > begun_s]
    shares_a = [sample.current_a[0] for sample in since]
    rises = sum([change.step_a for change in changes]) > 0
    return newest.current_a[0] - (min(shares_a) if rises else max(shares_a))


def with_step(before: int, found: int, *, rose: bool) -> int:
    """Return the number of phases to believe in after a step that showed ``found``.

    A car that takes less than it may feels a part of a reduction only, and so a fall
    is no proof that it uses fewer phases than before.
    """
    return found if rose or not before else max(before, found)


def on_phases_used(charger: ChargerInput, draw: Draw, total: Mains | None) -> Draw:
    """Return a draw on no more phases than the meter has shown that the car uses.

    While that is unknown, it uses the fewest that it can. Only until the newest command
    has settled, or while the charger is about to be lowered to be seen, may a reduction
    assume all of them, and an increase counts what the fewest add to the total.
    """
    loads = loads_of(charger, total)
    if not loads:
        return draw
    most, fewest = max(loads), min(loads)
    count = charger.phases_shown
    settled = draw.settled and charger.counted is not None
    if not count and (not settled or _may_be_probed(charger)):
        share = loads[fewest] / loads[most]
        return draw._replace(low_a=tuple([low_a * share for low_a in draw.low_a]))
    count = count or fewest
    if count == most:
        return draw
    return draw._replace(
        low_a=_first(draw.low_a, count), high_a=_first(draw.high_a, count)
    )


def probes(chargers: ChargerDraws, total: Mains | None) -> dict[str, float]:
    """Return the ceilings of chargers that were found at a current, to see a step.

    At a start, the meter has not shown how many phases a car uses. The fall to the
    minimum does.
    """
    return {
        charger.settings.charger_id: lowest_current(charger.settings)
        for charger, draw in chargers
        if _may_be_probed(charger)
        and max(draw.high_a) >= NOTHING_A
        and not charger.phases_shown
        and loads_of(charger, total)
    }


def _may_be_probed(charger: ChargerInput) -> bool:
    """Return whether a charger has what it was found at, and can be lowered by a step."""
    found = charger.command.epochs[-1].begun_s == -inf
    step_a = (charger.command.in_force_a or 0.0) - lowest_current(charger.settings)
    return found and step_a >= STEP_A


def _first(values_a: Iterable[float], count: int) -> PhaseVector:
    """Return the values of the first phases, and nothing on the others."""
    return tuple([a if index < count else 0.0 for index, a in enumerate(values_a)])
