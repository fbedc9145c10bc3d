"""Wakes cars that fell asleep in a pause: some do not charge again by themselves.

A car that charged before a pause, and has taken nothing for a while since its charger
offers current again, gets a change of its current, and then another pause and start.
That is all that can be done from here.
"""

from collections.abc import Mapping

from .draw import Draw
from .grid import lowest_current
from .memory import AWAKE, Wake
from .model import ChargerInput, ChargerStatus
from .turns import SPARE_A, taken_current

WAKES_WITHIN_S = 150.0
"""A car may need up to two minutes to begin by itself."""

NUDGE_S = 15.0
"""How long a change, or a pause, that is to wake a car lasts."""

TRIES = 2


def follow_wake(before: Wake, charger: ChargerInput, draw: Draw, now_s: float) -> Wake:
    """Return how far it is with waking the car of a charger."""
    if charger.status is ChargerStatus.UNKNOWN:
        return before
    taken_a, present_a = taken_current(charger), charger.command.in_force_a
    if taken_a is None:
        return CHARGES if charger.status is ChargerStatus.CHARGING else AWAKE
    if taken_a >= SPARE_A:
        return CHARGES
    if not before.charged:
        return AWAKE
    if not present_a:
        return before._replace(paused=True, offered_s=None)
    if not before.paused:
        # Right after a rise from 0 A the charger was paused before this evaluation.
        return AWAKE if draw.settled else before
    if before.offered_s is None:
        return before._replace(offered_s=now_s)
    ripe = now_s >= before.offered_s + WAKES_WITHIN_S
    if not ripe or before.tries >= TRIES or not charger.command.confirmed:
        return before
    can_be_lowered = present_a > lowest_current(charger.settings)
    tries = before.tries + 1 if can_be_lowered else TRIES
    return before._replace(tries=tries, nudged_until_s=now_s + NUDGE_S, offered_s=now_s)


CHARGES = AWAKE._replace(charged=True)


def nudges(
    wakes: Mapping[str, Wake], chargers: tuple[ChargerInput, ...], now_s: float
) -> dict[str, float]:
    """Return the ceilings in A that are to wake cars, by charger."""
    ceilings_a = {}
    for charger in chargers:
        wake = wakes.get(charger.settings.charger_id, AWAKE)
        if now_s < wake.nudged_until_s:
            pause = wake.tries >= TRIES
            least_a = lowest_current(charger.settings)
            ceilings_a[charger.settings.charger_id] = 0.0 if pause else least_a
    return ceilings_a


def is_asleep(wake: Wake, now_s: float) -> bool:
    """Return whether all that was tried did not wake the car."""
    return (
        wake.tries >= TRIES
        and wake.offered_s is not None
        and now_s >= wake.offered_s + WAKES_WITHIN_S
    )


def wake_moments(wake: Wake) -> list[float]:
    """Return when time alone may change what to do; some times may be past."""
    moments = [wake.nudged_until_s]
    if wake.offered_s is not None:
        moments.append(wake.offered_s + WAKES_WITHIN_S)
    return moments
