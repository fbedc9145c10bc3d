"""The demand limit: a mean current over each quarter of an hour, or each hour.

Capacity tariffs bill the highest mean power of such a window. Its energy is a
budget: what was not taken yet may be taken in the time that is left.
"""

from dataclasses import dataclass, replace

SHORTEST_S = 60.0
"""The rest of a budget is not to be burnt in less than this."""


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

    ends_s: float
    at_s: float
    used_as: float
    current_a: float


def follow(
    state: DemandState | None, limit: DemandLimit, current_a: float, now_s: float
) -> DemandState:
    """Count up to now. What was before the first reading counts as the limit's mean."""
    current_a = max(0.0, current_a)
    began_s = limit.ends_s - limit.window_s
    if state is None:
        unseen_s = max(0.0, now_s - began_s)
        return DemandState(limit.ends_s, now_s, limit.mean_a * unseen_s, current_a)
    used_as = state.used_as
    if abs(state.ends_s - limit.ends_s) >= limit.window_s / 2:
        # Another window has begun.
        state = replace(state, at_s=max(state.at_s, began_s))
        used_as = 0.0
    used_as += state.current_a * max(0.0, now_s - state.at_s)
    return DemandState(limit.ends_s, now_s, used_as, current_a)


def allowed_a(state: DemandState, limit: DemandLimit, now_s: float) -> float:
    """Current of all phases together that the window can bear until its end."""
    left_as = limit.mean_a * limit.window_s - state.used_as
    return max(0.0, left_as) / max(SHORTEST_S, limit.ends_s - now_s)
