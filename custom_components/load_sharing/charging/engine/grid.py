"""The grid: the currents that a charger can be set to, by its step or its levels."""

from functools import lru_cache
from math import ceil, floor, inf

from .model import EPSILON_A, ChargerSettings, Levels


def floor_to_step(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """Return the greatest multiple of the step, or level, not above the current, in A.

    Rounded to 1 µA, so that with steps of 0.1 A it is 16.1 and not 16.100000000000001.
    A current on the grid is returned unchanged, even where the step is a power: 100 W
    are 0.144928 A.
    """
    if levels_a:
        reached = [level_a for level_a in levels_a if level_a <= current_a + EPSILON_A]
        return max(reached, default=0.0)
    return round(max(0, floor((current_a + EPSILON_A) / step_a)) * step_a, 6)


@lru_cache(maxsize=1024, typed=True)
def ceil_to_step(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """Return the least multiple of the step, or level, not below the current, in A.

    Above the highest level it is inf. Cached, because the same minimums recur.
    """
    if levels_a:
        return min(
            [level_a for level_a in levels_a if level_a >= current_a - EPSILON_A],
            default=inf,
        )
    return round(ceil((current_a - EPSILON_A) / step_a) * step_a, 6)


def step_up(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """Return how far the next step, or level, is above the current, in A.

    Above the highest level it is inf.
    """
    if levels_a:
        higher = [level_a for level_a in levels_a if level_a > current_a + EPSILON_A]
        return min(higher, default=inf) - current_a
    return step_a


def lowest_current(settings: ChargerSettings) -> float:
    """Return the least current that a charger can be set to without pausing, in A."""
    return ceil_to_step(settings.min_a, settings.step_a, settings.levels_a)


def least_current(settings: ChargerSettings) -> float:
    """Return the least current that a charger may have, in A: 0 if it can pause."""
    return lowest_current(settings) if settings.never_pauses else 0.0
