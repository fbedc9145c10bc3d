"""Gives a car that stopped a chance to go on with more phases.

A charger that is set in W has its power for the number of phases that its car was seen
to use. A car that goes on with more of them has too little on each to begin at all. So
once it has certainly taken nothing for a while, the charger is set to the least power
that starts a car on all phases. That is more than the car may have if it still uses as
few as before. It is tried only where all of it would fit on one phase, too, and taken
back as soon as it would not.
"""

from math import inf
from typing import NamedTuple

from .flow import CAR_LEAST_A, most_through
from .grid import lowest_current
from .measurement import TOLERANCE, TOLERANCE_A
from .model import NOTHING_A, ChargerInput, ChargerStatus, ServiceReading, SiteInput

STOPPED_S = 120.0
"""A car that took nothing for so long while it might has stopped, and room that lasted
for so long is no slip of the meter."""

AGAIN_AFTER_S = 3600.0
"""A trial that a load has ended is repeated no sooner: it may wake the car."""

BEGINS_WITHIN_S = 10.0
"""A car that begins has reached its least current by then."""

SHOWN_WITHIN_S = 30.0
"""A car that has charged for so long in a trial, and fits no number of phases, takes less
than it may. It keeps the number that was known."""


class Recount(NamedTuple):
    """How far it is with trying more phases.

    The car has taken nothing, and there was room for a trial, since ``since_s``. A trial
    sets the power for so many ``phases``, 0 without one. The last one ended at
    ``tried_s``. ``idle``: the last readings prove that nothing is taken, which may have
    ended at ``begun_s``. Since ``full_s`` there is no more room, which may be the car
    that begins. Once a trial is ``due``, and while it lasts, the charger has its least
    current (``phases.as_wired``).
    """

    since_s: float = inf
    phases: int = 0
    tried_s: float = -inf
    idle: bool = False
    full_s: float = inf
    begun_s: float = inf
    due: bool = False

    def next_s(self, now_s: float) -> float:
        """Return until when readings, or time alone, may change this; -inf for never."""
        if self.phases:
            return now_s + BEGINS_WITHIN_S
        return self.since_s + STOPPED_S if self.since_s < inf else -inf


NO_RECOUNT = Recount()


def follow_recount(
    before: Recount, known: int, charger: ChargerInput, site: SiteInput, now_s: float
) -> Recount:
    """Return whether to try all phases, where ``known`` is what the car used last."""
    settings, command = charger.settings, charger.command
    every, present_a = len(settings.watts_per_a), command.in_force_a
    if not 0 < known < every or not present_a or site.reading is None or site.total:
        return _ended(before, now_s)
    least_a = lowest_current(settings)
    power_w = least_a * settings.watts_per_a[-1]
    idle = _takes_nothing(charger, site, site.reading)
    charges = not idle and _takes_something(charger)
    if before.phases:
        begun_s = inf if idle else min(before.begun_s, now_s)
        fits = charges or _fits(power_w, charger, site, site.reading)
        full_s = inf if fits else min(before.full_s, now_s)
        if now_s >= full_s + (0 if idle else BEGINS_WITHIN_S) or now_s >= begun_s + (
            SHOWN_WITHIN_S if charges else STOPPED_S
        ):
            return _ended(before, now_s)
        return before._replace(idle=idle, full_s=full_s, begun_s=begun_s)
    if (
        not idle
        or now_s < before.tried_s + AGAIN_AFTER_S
        or not (site.enabled and site.may_rise)
        or site.restored
        or power_w <= present_a * settings.watts_per_a[known - 1]
        or not _fits(power_w, charger, site, site.reading)
    ):
        return _ended(before, now_s)
    since_s = min(before.since_s, now_s)
    due = now_s >= since_s + STOPPED_S
    ripe = due and present_a <= least_a and command.confirmed
    phases = every if ripe else 0
    return Recount(since_s, phases, before.tried_s, idle=True, due=due)


def _ended(before: Recount, now_s: float) -> Recount:
    """Return it without a trial."""
    return Recount(tried_s=now_s if before.phases else before.tried_s)


def _takes_something(charger: ChargerInput) -> bool:
    """Return whether a car charges, by its status or its draw."""
    if charger.status is not ChargerStatus.NOT_CONFIGURED:
        return charger.status is ChargerStatus.CHARGING
    return charger.draw is not None and max(charger.draw.low_a) >= NOTHING_A


def _takes_nothing(
    charger: ChargerInput, site: SiteInput, reading: ServiceReading
) -> bool:
    """Return whether a car certainly takes nothing of what it may have.

    Some chargers say that it charges before anything flows.
    """
    drawn = charger.draw
    if charger.status is ChargerStatus.UNKNOWN:
        return False
    if drawn is not None:
        return max(drawn.high_a) < NOTHING_A
    if charger.status is ChargerStatus.NOT_CHARGING:
        return True
    if site.exports:
        return False
    flows_a = most_through(site, reading)[charger.settings.charger_id]
    least_a = CAR_LEAST_A * (1 - TOLERANCE) - TOLERANCE_A
    return flows_a[charger.settings.phases[0]] < least_a


def _fits(
    power_w: float, charger: ChargerInput, site: SiteInput, reading: ServiceReading
) -> bool:
    """Return whether a power fits on whatever number of phases the car takes it.

    Beside what flows, and beside all that the other chargers may take on top of that.
    A circuit that has no meter leaves that open.
    """
    settings = charger.settings
    needed_a = [0.0] * len(reading.current_a)
    for count, per_a in enumerate(settings.watts_per_a, 1):
        for phase in settings.phases[:count] if per_a else ():
            needed_a[phase] = max(needed_a[phase], power_w / per_a)
    everything = frozenset([one.settings.charger_id for one in site.chargers])
    margin_a = site.settings.safety_margin_a
    limits = [(site.settings.usable_a, reading, everything)]
    for circuit in site.circuits:
        if settings.charger_id in circuit.members:
            if circuit.reading is None:
                return False
            limits.append(
                (circuit.limit_a - margin_a, circuit.reading, circuit.members)
            )
    return all(
        max(0.0, shown.current_a[phase])
        + needed_a[phase]
        + _most_of_others(charger, site, members, phase)
        <= limit_a
        for limit_a, shown, members in limits
        for phase in settings.phases
    )


def _most_of_others(
    charger: ChargerInput, site: SiteInput, members: frozenset[str], phase: int
) -> float:
    """Return what other chargers may take on a phase beyond their measured draw, in A."""
    most_a = 0.0
    for other in site.chargers:
        settings = other.settings
        mine = other is charger or settings.charger_id not in members
        if mine or phase not in settings.phases:
            continue
        drawn = other.draw
        taken_a = drawn.low_a[settings.phases.index(phase)] if drawn else 0.0
        most_a += max(0.0, other.command.greatest_possible_a - taken_a)
    return most_a
