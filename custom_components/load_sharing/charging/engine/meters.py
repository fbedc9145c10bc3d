"""The meters of a site, each with what it shows of a single charger.

What the others are measured to draw is subtracted once from a reading. Each charger's
own draw is then added back, so that a site of many chargers costs no more than each.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .mains import Mains
from .measurement import drawn_on_phases
from .model import ChargerInput, PhaseVector, ServiceReading, SiteInput


class Meter(NamedTuple):
    """A meter: of a circuit, or "" of the supply, with the chargers behind it.

    ``reading`` is None while it is lost, and where a circuit has none that ``exists``.
    ``total`` is there if the meter measures the sum of all phases only.
    """

    meter_id: str
    reading: ServiceReading | None
    members: frozenset[str]
    total: Mains | None = None
    exists: bool = True


def meters_of(site: SiteInput) -> list[Meter]:
    """Return the supply's meter, then those of the circuits in their order."""
    everyone = frozenset([charger.settings.charger_id for charger in site.chargers])
    circuits = [
        Meter(
            circuit.circuit_id, circuit.reading, circuit.members, exists=circuit.metered
        )
        for circuit in site.circuits
    ]
    return [Meter("", site.reading, everyone, site.total), *circuits]


def chargers_on(meter: Meter, site: SiteInput) -> list[ChargerInput]:
    """Return the chargers behind a meter."""
    return [
        charger
        for charger in site.chargers
        if charger.settings.charger_id in meter.members
    ]


def each_alone(
    reading: ServiceReading, chargers: Iterable[ChargerInput], total: Mains | None
) -> Iterator[tuple[ChargerInput, PhaseVector]]:
    """Give each charger with what a meter shows of it and of everything unmeasured, in A.

    Where the meter measures the ``total`` of all phases, each shows an equal share of a
    draw.
    """
    width = len(reading.current_a)
    drawn = [(charger, drawn_on_phases(charger, width, total)) for charger in chargers]
    left_a = list(reading.current_a)
    for _, own_a in drawn:
        for phase, current_a in own_a:
            left_a[phase] -= current_a
    for charger, own_a in drawn:
        shown_a = left_a.copy()
        for phase, current_a in own_a:
            shown_a[phase] += current_a
        yield charger, tuple(shown_a)
