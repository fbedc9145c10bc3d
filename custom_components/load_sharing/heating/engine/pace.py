"""A room's pace: how fast it warms up and cools down, learned from its temperature.

It says how long before a block a room has to be opened: no earlier than it needs to
warm up, and not so early that most of the heat is lost again before the block begins.
"""

from dataclasses import dataclass, replace

SEGMENT_S = 25 * 60.0
"""A rate is measured over this time: sensors show steps of 0.1 K or more."""
WEIGHT = 0.25
SLOWEST_K_H, FASTEST_K_H = 0.2, 6.0
AT_LEAST_S = 600.0
"""A block that begins sooner than this needs heat, however fast its room is."""
MARGIN = 1.2
"""A room takes longer than its pace says: none is warmed while the burner is held off."""
MOST_LOST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Rates in K/h, and the segment that is being measured.

    Rates are None until the first segment has ended. ``open``: whether the room was
    heated in the present segment, which began at ``since_s`` and ``from_c``.
    """

    warming_k_h: float | None = None
    cooling_k_h: float | None = None
    open: bool | None = None
    since_s: float = 0.0
    from_c: float | None = None

    def ahead_s(self, need_k: float) -> float | None:
        """Return how long before a block to begin for a need in K; None if unknown."""
        if self.warming_k_h is None:
            return None
        ahead_s = AT_LEAST_S + MARGIN * need_k / self.warming_k_h * 3600
        if self.cooling_k_h is not None:
            lost_s = MOST_LOST * need_k / self.cooling_k_h * 3600
            ahead_s = min(ahead_s, max(lost_s, AT_LEAST_S))
        return ahead_s


def update_pace(
    pace: Pace,
    temperature_c: float | None,
    now_s: float,
    *,
    is_open: bool,
    last_burn_s: float | None,
) -> Pace:
    """Measure a room's rates. ``is_open``: its valve lets water through.

    A segment ends when the valve moves, and then counts only if it was long enough. An
    open room counts as heated only if the burner has burned meanwhile.
    """
    if temperature_c is None:
        return replace(pace, open=None, from_c=None)
    if pace.open is not is_open or pace.from_c is None:
        return replace(pace, open=is_open, since_s=now_s, from_c=temperature_c)
    elapsed_s = now_s - pace.since_s
    if elapsed_s < SEGMENT_S:
        return pace
    rate_k_h = (temperature_c - pace.from_c) / elapsed_s * 3600
    pace_after = replace(pace, since_s=now_s, from_c=temperature_c)
    if not is_open:
        return replace(pace_after, cooling_k_h=_blend(pace.cooling_k_h, -rate_k_h))
    if last_burn_s is None or last_burn_s < pace.since_s:
        return pace_after
    return replace(pace_after, warming_k_h=_blend(pace.warming_k_h, rate_k_h))


def _blend(known_k_h: float | None, seen_k_h: float) -> float:
    """Return a rate that follows what is seen, within plausible limits."""
    seen_k_h = max(SLOWEST_K_H, min(FASTEST_K_H, seen_k_h))
    if known_k_h is None:
        return seen_k_h
    return known_k_h + WEIGHT * (seen_k_h - known_k_h)
