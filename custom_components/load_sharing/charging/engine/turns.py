"""Decides the order of admission where not all chargers fit, and what each can use.

At equal priority, a charger that runs keeps running for its turn, the rotation time.
After that, waiting chargers go before it, the longest waiting first. A charger that
takes less than it may for a while leaves the rest to the others. One that takes nothing
leaves them all that they can use.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import inf

from .draw import Draw
from .flow import takes_nothing
from .grid import ceil_to_step
from .memory import Turn
from .model import ChargerInput, ChargerStatus, SiteInput

SPARING_AFTER_S = 60.0
"""A car may take this long to begin, or to take more."""

SPARE_A = 1.0
SPARE_FRACTION = 0.1
"""A car that leaves more than this of its current unused is sparing."""

STILL_SPARING = 0.6
"""A sparing car stays so until it leaves less than this fraction of that unused."""

LONGEST_RETRY_DOUBLINGS = 2
"""How many further tries of a charger that no car uses wait twice as long each."""

STATUS_FOLLOWS_S = 30.0
"""A status that changes this long after a pause is not a consequence of it."""


def follow_turns(
    turns: Mapping[str, Turn], site: SiteInput, draws: list[Draw], now_s: float
) -> dict[str, Turn]:
    """Return since when each charger runs or waits, and since when it is sparing."""
    after_by_id = {}
    for charger, draw in zip(site.chargers, draws, strict=True):
        charger_id = charger.settings.charger_id
        before = turns.get(charger_id)
        running = bool(charger.command.in_force_a)
        since_s = now_s
        if before is not None and before.running == running:
            since_s = before.since_s
        sparing_since_s = before.sparing_since_s if before and running else None
        if running:
            already = sparing_since_s is not None
            if taken_current(charger) is None:
                idle = before is not None and before.idle
                spares = takes_nothing(site, charger, draws, draw, already=idle)
            elif draw.settled:
                spares = _is_sparing(charger, already=already)
            else:
                spares = already
            if spares != already:
                sparing_since_s = now_s if spares else None
        tried = before.tried if before and not _shows_a_car(charger, since_s) else 0
        after = Turn(running, since_s, sparing_since_s, tried=tried)
        if _is_idle(charger, before, after, site.settings.rotation_time_s, now_s):
            is_new = before is None or not before.idle
            has_status = charger.status is not ChargerStatus.NOT_CONFIGURED
            after = replace(after, idle=True, tried=tried + (is_new and has_status))
        after_by_id[charger_id] = before if before == after else after
    return after_by_id


def _is_idle(
    charger: ChargerInput,
    before: Turn | None,
    after: Turn,
    rotation_s: float,
    now_s: float,
) -> bool:
    """Return whether a charger has no car that takes what it offers.

    A charger that was paused for that is tried again once its status changes, as a car
    may have come, and at the latest after the rotation time. Where a status would show
    a car, further tries wait for longer, because others have to let go for them.
    """
    was_idle = before is not None and before.idle
    if not after.running:
        if _shows_a_car(charger, after.since_s):
            return False
        return was_idle and now_s < _retry_s(after, rotation_s)
    taken_a, since_s = taken_current(charger), after.sparing_since_s
    if since_s is None if taken_a is None else taken_a >= SPARE_A:
        return False
    return was_idle or (since_s is not None and now_s >= since_s + SPARING_AFTER_S)


def _shows_a_car(charger: ChargerInput, since_s: float) -> bool:
    """Return whether it takes current, or its status changed well after ``since_s``."""
    if charger.status_since_s > since_s + STATUS_FOLLOWS_S:
        return True
    return (taken_current(charger) or 0.0) >= SPARE_A


def _retry_s(turn: Turn, rotation_s: float) -> float:
    """Return when to try a paused charger again that no car took anything from."""
    doublings = min(max(0, turn.tried - 1), LONGEST_RETRY_DOUBLINGS)
    return turn.since_s + rotation_s * 2.0**doublings


def taken_current(charger: ChargerInput) -> float | None:
    """Return the current that a charger is known to take, in A; None if unknown."""
    if charger.status is ChargerStatus.NOT_CHARGING:
        return 0.0
    if charger.draw is None or charger.status is ChargerStatus.UNKNOWN:
        return None
    return max(charger.draw.high_a)


def _is_sparing(charger: ChargerInput, *, already: bool) -> bool:
    """Return whether a charger takes clearly less than it may."""
    taken_a = taken_current(charger)
    if taken_a is None:
        return False
    unused_a = (charger.command.in_force_a or 0.0) - taken_a
    return unused_a > _spare(taken_a) * (STILL_SPARING if already else 1.0)


def _spare(taken_a: float) -> float:
    """Return how much a car may leave unused that has use for all of it, in A."""
    return max(SPARE_A, SPARE_FRACTION * taken_a)


def useful_current(charger: ChargerInput, turn: Turn, now_s: float) -> float:
    """Return the current that a charger can use, in A.

    It is inf if there may be use for any current, and 0 if no car seems to take any.
    """
    if turn.idle:
        return 0.0
    since_s = turn.sparing_since_s
    if since_s is None or now_s < since_s + SPARING_AFTER_S:
        return inf
    if (taken_a := taken_current(charger)) is None:
        return inf
    present_a = charger.command.in_force_a or 0.0
    step_a, levels_a = charger.settings.step_a, charger.settings.levels_a
    if present_a - taken_a <= 2 * _spare(taken_a) + step_a:
        # Close enough: a draw that fluctuates should not change the allocation.
        return present_a
    return ceil_to_step(taken_a + _spare(taken_a), step_a, levels_a)


def admission_order(
    site: SiteInput, turns: Mapping[str, Turn], now_s: float
) -> list[ChargerInput]:
    """Return the chargers in the order in which they are admitted."""
    rotation_s = site.settings.rotation_time_s

    def order(numbered: tuple[int, ChargerInput]) -> tuple[int, int, float, int]:
        index, charger = numbered
        turn = turns[charger.settings.charger_id]
        return (
            -charger.settings.priority,
            _rank(charger, turn, rotation_s, now_s),
            turn.since_s,
            index,
        )

    return [charger for _, charger in sorted(enumerate(site.chargers), key=order)]


def _rank(charger: ChargerInput, turn: Turn, rotation_s: float, now_s: float) -> int:
    """Rank a charger within its turn first, then one that waits, then all others.

    A charger that does not obey its commands comes last, as it would waste its turn.
    """
    if charger.command.has_problem:
        return 3
    if not turn.running:
        return 1
    return 0 if now_s < turn.since_s + rotation_s else 2


def turn_moments(site: SiteInput, turns: Mapping[str, Turn]) -> list[float]:
    """Return when time alone may change order or use; some times may be past."""
    moments = []
    waiting = any([not turn.running for turn in turns.values()])
    for turn in turns.values():
        if turn.sparing_since_s is not None:
            moments.append(turn.sparing_since_s + SPARING_AFTER_S)
        if turn.idle and not turn.running:
            moments.append(_retry_s(turn, site.settings.rotation_time_s))
        elif (waiting and turn.running) or turn.idle:
            moments.append(turn.since_s + site.settings.rotation_time_s)
    return moments
