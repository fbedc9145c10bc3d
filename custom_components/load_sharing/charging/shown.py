"""A reading that shows a command before its settle time is over.

A meter that reports when its value changes does so as soon as a car follows, and
then says nothing more. That report is as good as a later one if the current moved
by about what the command moves it, and silence has followed: a car that had yet
to follow would have moved it once more.
"""

from collections.abc import Sequence
from math import inf

from .draw import Draw
from .model import (
    ChargerInput,
    ChargerStatus,
    PhaseVector,
    ServiceReading,
    Settled,
    SiteInput,
)

SILENT_S = 15.0
"""A meter that reports at intervals would have reported again within this."""

VISIBLE_A = 1.0
"""Less than this is not told from other load."""

LEAST, MOST = 0.5, 1.5
"""Parts of the expected change that are taken for it."""


def remember(
    before: Settled | None,
    site: SiteInput,
    reading: ServiceReading,
    draws: Sequence[Draw],
) -> Settled | None:
    """Keep a reading on which nothing is left open."""
    if before is not None and before.reading is reading:
        return before
    taken_a = {}
    for charger, draw in zip(site.chargers, draws, strict=True):
        if not draw.settled or draw.low_a != draw.high_a:
            return before
        taken_a[charger.settings.charger_id] = draw.low_a
    return Settled(reading, taken_a)


def shown_at(site: SiteInput, reading: ServiceReading) -> float:
    """From when on the last reading may count for what it shows."""
    moments = [c.command.settled_at(c.settings.settle_s) for c in site.chargers]
    return max([min(reading.taken_at_s) + SILENT_S, *moments], default=inf)


def accept_shown(
    before: Settled | None,
    site: SiteInput,
    reading: ServiceReading,
    draws: list[Draw],
    now_s: float,
) -> list[Draw]:
    """Take the draws for settled if the reading moved as the commands should move it."""
    if before is None or all([draw.settled for draw in draws]):
        return draws
    if now_s < shown_at(site, reading):
        return draws
    expected_a = [0.0] * len(reading.current_a)
    accepted = []
    for charger, draw in zip(site.chargers, draws, strict=True):
        taken_a = draw.low_a if draw.settled else _follows(charger, reading)
        earlier_a = before.taken_a.get(charger.settings.charger_id)
        if taken_a is None or earlier_a is None:
            return draws
        phases = charger.settings.phases
        for phase, now_a, then_a in zip(phases, taken_a, earlier_a, strict=True):
            expected_a[phase] += now_a - then_a
        accepted.append(Draw(taken_a, taken_a, settled=True))
    for charger, draw in zip(site.chargers, draws, strict=True):
        for phase in () if draw.settled else charger.settings.phases:
            moved_a = reading.current_a[phase] - before.reading.current_a[phase]
            if not _is_about(moved_a, expected_a[phase]):
                return draws
    return accepted


def _follows(charger: ChargerInput, reading: ServiceReading) -> PhaseVector | None:
    """What a charger takes that follows its last command; None if that is not known."""
    command, phases = charger.command, charger.settings.phases
    last = command.epochs[-1]
    done_s = inf if last.done_s is None else last.done_s
    before = any([reading.taken_at_s[phase] < done_s for phase in phases])
    if before or last.obeyed is False:
        return None
    if charger.draw is not None:
        exact = charger.draw.low_a == charger.draw.high_a
        fresh = charger.draw.taken_at_s >= last.begun_s
        return charger.draw.low_a if exact and fresh else None
    if charger.status in (ChargerStatus.NOT_CHARGING, ChargerStatus.UNKNOWN):
        return None
    return (last.current_a,) * len(phases)


def _is_about(moved_a: float, expected_a: float) -> bool:
    if abs(expected_a) < VISIBLE_A:
        return False
    return LEAST < moved_a / expected_a < MOST
