"""The demand limit: a mean current that no window of time may exceed.

Capacity tariffs bill the highest mean power of any quarter of an hour, half hour or
hour. The energy of such a window is a budget: what is not used yet may be used in the
time that is left.
"""

from dataclasses import dataclass

SHORTEST_S = 60.0
"""The rest of a budget is spread over at least this time."""

CLOCK_WITHIN_S = 5.0
"""A clock that is adjusted by no more than this has not jumped."""


@dataclass(frozen=True, slots=True)
class DemandLimit:
    """The limit of the mean sum of all phases, and the window's length and end."""

    mean_a: float
    window_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class DemandState:
    """What the running window has used by ``at_s``, in ampere-seconds.

    Since then, ``current_a`` has been flowing.
    """

    window_s: float
    ends_s: float
    at_s: float
    used_as: float
    current_a: float


def follow(
    state: DemandState | None, limit: DemandLimit, current_a: float, now_s: float
) -> DemandState:
    """Return the use of the window up to now.

    The time before the first reading counts as used at the limit. So does the time
    before the windows changed, by a clock that was set or a length that was changed.
    """
    current_a = max(0.0, current_a)
    window_s, ends_s = limit.window_s, limit.ends_s
    began_s = ends_s - window_s
    if state is None or not _continues(state, limit):
        used_as = limit.mean_a * max(0.0, now_s - began_s)
        if state is not None:
            used_as = max(used_as, state.used_as)
        return DemandState(window_s, ends_s, now_s, used_as, current_a)
    used_as, at_s = state.used_as, state.at_s
    if ends_s - state.ends_s > CLOCK_WITHIN_S:
        used_as, at_s = 0.0, max(at_s, began_s)
    used_as += state.current_a * max(0.0, now_s - at_s)
    return DemandState(window_s, ends_s, now_s, used_as, current_a)


def _continues(state: DemandState, limit: DemandLimit) -> bool:
    """Return whether the window is the same, or a later one of the same sequence."""
    if state.window_s != limit.window_s:
        return False
    later_s = limit.ends_s - state.ends_s
    offset_s = (later_s + CLOCK_WITHIN_S) % limit.window_s
    return later_s >= -CLOCK_WITHIN_S and offset_s <= 2 * CLOCK_WITHIN_S


def remaining_a(state: DemandState, limit: DemandLimit, now_s: float) -> float:
    """Return the sum of all phases, in A, that may flow until the window ends."""
    left_as = limit.mean_a * limit.window_s - state.used_as
    return max(0.0, left_as) / max(SHORTEST_S, limit.ends_s - now_s)
