"""Between which readings nothing would be decided otherwise.

Most readings of a meter change nothing: every charger has what it may have, or lacks a
whole step of more. Then an evaluation of the next reading would decide the same, and is
left out. What is said here is proven, not likely: where it cannot be proven, there is no
calm, and every reading is evaluated.
"""

from collections.abc import Mapping
from math import inf

from .allocation import floor_to_step, step_up
from .claims import lowest_current
from .draw import Draw
from .model import (
    Calm,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Ramp,
    SiteInput,
)
from .supply import Balance

MARGIN_A = 1e-4
"""Kept from every bound: an evaluation too many costs little."""


def find_calm(
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    decisions: Mapping[str, ChargerDecision],
    ramps: Mapping[str, Ramp],
) -> Calm | None:
    """Find the bounds around the present reading, if every charger is at rest.

    To be asked where no overload is under way, no meter is lost and nobody is held
    back. A charger may be about to rise: until then, only less headroom matters to it.
    """
    if site.reading is None or site.demand is not None or not site.may_rise:
        return None
    if not balance.exact:
        return None
    phases = len(site.reading.current_a)
    low_a, needed_a, drawn_a = [-inf] * phases, [0.0] * phases, [0.0] * phases
    for charger, draw in zip(site.chargers, draws, strict=True):
        settings, told_a = charger.settings, charger.command.in_force_a or 0.0
        if not _is_at_rest(charger, draw, decisions[settings.charger_id]):
            return None
        ramp = ramps.get(settings.charger_id)
        if ramp is not None and draw.taken_at_s <= ramp.since_s:
            # The next reading is the second one that a rise may wait for.
            return None
        to_fit_a = _to_fit(charger, ramp)
        if to_fit_a is None:
            if len(site.chargers) > 1:
                return None
            to_fit_a = told_a
            phase, at_least_a = _stuck_at(site, charger, draw)
            low_a[phase] = at_least_a
        elif len(site.chargers) > 1:
            to_fit_a = _top(settings)
        for index, phase in enumerate(settings.phases):
            needed_a[phase] += to_fit_a
            drawn_a[phase] += draw.high_a[index]
            if charger.draw is None and draw.high_a[index]:
                # A house that takes less than a charger was told proves it takes less.
                low_a[phase] = max(low_a[phase], told_a + MARGIN_A)
    usable_a, limit_a = site.settings.usable_a, site.settings.limit_a
    high_a = [
        min(limit_a, usable_a + drawn_a[phase] - needed_a[phase]) - MARGIN_A
        for phase in range(phases)
    ]
    calm = Calm(tuple(low_a), tuple(high_a))
    return calm if calm.holds(site.reading.current_a) else None


def _is_at_rest(charger: ChargerInput, draw: Draw, chosen: ChargerDecision) -> bool:
    """Whether it keeps its current, and the reading certainly shows it at that."""
    command, settings = charger.command, charger.settings
    if chosen.action is not None or chosen.desired_a != command.desired_a:
        return False
    if not (command.confirmed and draw.settled) or command.is_refused:
        return False
    if command.in_force_a is None or command.desired_a != command.in_force_a:
        return False
    if charger.status is ChargerStatus.UNKNOWN:
        return False
    measured = charger.draw
    return measured is None or (
        measured.taken_at_s >= command.settled_at(settings.settle_s)
    )


def _top(settings: ChargerSettings) -> float:
    """All that a charger may have by itself."""
    top_a = floor_to_step(settings.ceiling_a, settings.step_a, settings.levels_a)
    return top_a if top_a >= lowest_current(settings) else 0.0


def _to_fit(charger: ChargerInput, ramp: Ramp | None) -> float | None:
    """What has to stay free for a charger; None: it has less than it may, and waits.

    As long as the least that was free while it waits to rise stays free, the ramp is
    as it was.
    """
    if ramp is not None:
        return ramp.least_a
    top_a = _top(charger.settings)
    return top_a if charger.command.in_force_a == top_a else None


def _stuck_at(site: SiteInput, charger: ChargerInput, draw: Draw) -> tuple[int, float]:
    """Phase that leaves the only charger no step more, and down to which current."""
    assert site.reading is not None
    settings, present_a = charger.settings, charger.command.in_force_a or 0.0
    if present_a:
        next_a = present_a + step_up(present_a, settings.step_a, settings.levels_a)
    else:
        next_a = lowest_current(settings)
    drawn_a = dict(zip(settings.phases, draw.high_a, strict=True))
    above_a = {
        phase: site.reading.current_a[phase] - drawn_a[phase]
        for phase in settings.phases
    }
    fullest = max(above_a, key=above_a.__getitem__)
    return fullest, site.settings.usable_a - next_a + drawn_a[fullest] + MARGIN_A
