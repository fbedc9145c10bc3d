"""Shows that a car takes nothing where only meters above its charger can show it.

Its draw is not measured, but it is no more than what flows on the charger's first phase,
which every car uses. That proves nothing on a supply that exports.
"""

from collections.abc import Sequence

from .draw import Draw, possible_commands
from .grid import lowest_current
from .measurement import TOLERANCE, TOLERANCE_A
from .model import ChargerInput, ChargerStatus, ServiceReading, SiteInput

CAR_LEAST_A = 6.0
"""A car that charges takes no less than this (IEC 61851-1)."""


def takes_nothing(
    site: SiteInput,
    charger: ChargerInput,
    draws: Sequence[Draw],
    draw: Draw,
    *,
    already: bool,
) -> bool:
    """Return whether too little flows for a charger that may charge.

    One that took nothing ``already`` may still do so until all flows that it may take.
    """
    known = charger.status in (ChargerStatus.CHARGING, ChargerStatus.UNKNOWN)
    if known or site.exports or site.reading is None:
        return False
    least_a = min(CAR_LEAST_A, lowest_current(charger.settings))
    offered_a, _ = possible_commands(charger, draw.taken_at_s)
    if offered_a < least_a:
        return False
    least_a = max(least_a, offered_a) if already else least_a
    return _flow(site, charger, draws) < least_a * (1 - TOLERANCE) - TOLERANCE_A


def _flow(site: SiteInput, charger: ChargerInput, draws: Sequence[Draw]) -> float:
    """Return the most that flows through a charger's first phase, in A."""
    charger_id, reading = charger.settings.charger_id, site.reading
    flows_a = []
    if reading is not None and site.total is not None:
        flows_a.append(sum(reading.current_a))
    elif reading is not None:
        everything = frozenset(one.settings.charger_id for one in site.chargers)
        flows_a.append(_beside_others(site, charger, draws, reading, everything))
    flows_a += [
        _beside_others(site, charger, draws, circuit.reading, circuit.members)
        for circuit in site.circuits
        if circuit.reading is not None and charger_id in circuit.members
    ]
    return min(flows_a)


def _beside_others(
    site: SiteInput,
    charger: ChargerInput,
    draws: Sequence[Draw],
    reading: ServiceReading,
    members: frozenset[str],
) -> float:
    """Return what flows on a charger's first phase without other measured draws."""
    phase = charger.settings.phases[0]
    flow_a = reading.current_a[phase]
    for other, draw in zip(site.chargers, draws, strict=True):
        settings = other.settings
        measured = other is not charger and other.draw is not None and draw.settled
        if measured and settings.charger_id in members and phase in settings.phases:
            flow_a -= draw.low_a[settings.phases.index(phase)]
    return flow_a
