"""The demand limit: a mean current over each quarter of an hour, or each hour.

Capacity tariffs bill the highest mean power of such a window. Its energy is a
budget: what was not taken yet may be taken in the time that is left.
"""

from dataclasses import dataclass

SHORTEST_S = 60.0
"""The rest of a budget is not to be burnt in less than this."""

CLOCK_WITHIN_S = 5.0
"""A clock that is set by less than this has not jumped."""


@dataclass(frozen=True, slots=True)
class DemandLimit:
    """A mean of all phases together that no window may exceed, and the running one."""

    mean_a: float
    window_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class DemandState:
    """What the running window took so far, in ampere-seconds, up to ``at_s``.

    ``current_a`` flows since then.
    """

    window_s: float
    ends_s: float
    at_s: float
    used_as: float
    current_a: float


def follow(
    state: DemandState | None, limit: DemandLimit, current_a: float, now_s: float
) -> DemandState:
    """Count up to now. What was before the first reading counts as the limit's mean.

    So does what was before the windows became others: the clock was set, or the
    length of the window was.
    """
    current_a = max(0.0, current_a)
    window_s, ends_s = limit.window_s, limit.ends_s
    began_s = ends_s - window_s
    if state is None or not _follows(state, limit):
        used_as = limit.mean_a * max(0.0, now_s - began_s)
        if state is not None:
            used_as = max(used_as, state.used_as)
        return DemandState(window_s, ends_s, now_s, used_as, current_a)
    used_as, at_s = state.used_as, state.at_s
    if ends_s - state.ends_s > CLOCK_WITHIN_S:
        used_as, at_s = 0.0, max(at_s, began_s)
    used_as += state.current_a * max(0.0, now_s - at_s)
    return DemandState(window_s, ends_s, now_s, used_as, current_a)


def _follows(state: DemandState, limit: DemandLimit) -> bool:
    """Whether the window is still the same, or a later one of the same row."""
    if state.window_s != limit.window_s:
        return False
    later_s = limit.ends_s - state.ends_s
    offset_s = (later_s + CLOCK_WITHIN_S) % limit.window_s
    return later_s >= -CLOCK_WITHIN_S and offset_s <= 2 * CLOCK_WITHIN_S


def allowed_a(state: DemandState, limit: DemandLimit, now_s: float) -> float:
    """Current of all phases together that the window can bear until its end."""
    left_as = limit.mean_a * limit.window_s - state.used_as
    return max(0.0, left_as) / max(SHORTEST_S, limit.ends_s - now_s)
