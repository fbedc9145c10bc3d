"""Bounds what a car takes by what flows through the meters above its charger.

A draw that is not measured is no more than what flows there beside the measured ones. If
too little flows on a charger's first phase, which every car uses, the car takes nothing.
The sun hides what flows.
"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from .draw import Draw, possible_commands
from .grid import lowest_current
from .measurement import TOLERANCE, TOLERANCE_A
from .model import (
    ChargerInput,
    ChargerStatus,
    Circuit,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

CAR_LEAST_A = 6.0
"""A car that charges takes no less than this (IEC 61851-1)."""


class _Flow(NamedTuple):
    """What flows through a meter beside the measured draws of its chargers."""

    current_a: PhaseVector
    members: frozenset[str]


def most_through(site: SiteInput, reading: ServiceReading) -> Mapping[str, PhaseVector]:
    """Return the most that can flow through each charger on each phase of the site."""
    flows = _flows(site, reading)
    return {
        charger.settings.charger_id: _through(flows, charger)
        for charger in site.chargers
    }


def _flows(site: SiteInput, reading: ServiceReading) -> list[_Flow]:
    """Return what flows through the supply and its circuits, with what may be hidden."""
    everything = frozenset([charger.settings.charger_id for charger in site.chargers])
    meters = [("", reading.current_a, everything)]
    meters += [
        (circuit.circuit_id, _measured_by(circuit, circuit.reading), circuit.members)
        for circuit in site.circuits
        if circuit.reading is not None
    ]
    flows = []
    for meter_id, shown_a, members in meters:
        current_a = list(shown_a)
        hidden_a = site.hidden_a.get(meter_id, ())
        for phase in range(min(len(hidden_a), len(current_a))):
            current_a[phase] += hidden_a[phase]
        for charger in site.chargers:
            if charger.draw is not None and charger.settings.charger_id in members:
                for index, phase in enumerate(charger.settings.phases):
                    current_a[phase] -= charger.draw.low_a[index]
        flows.append(_Flow(tuple(current_a), members))
    return flows


def _measured_by(circuit: Circuit, reading: ServiceReading) -> PhaseVector:
    """Return what a circuit carries, and inf on phases that it does not have."""
    return tuple(
        [
            current_a if phase in circuit.phases else inf
            for phase, current_a in enumerate(reading.current_a)
        ]
    )


def _through(flows: Sequence[_Flow], charger: ChargerInput) -> PhaseVector:
    """Return the least of what flows through the meters above a charger."""
    charger_id = charger.settings.charger_id
    above = [flow.current_a for flow in flows if charger_id in flow.members]
    most_a = [min(currents_a) for currents_a in zip(*above, strict=True)]
    if charger.draw is not None:
        for index, phase in enumerate(charger.settings.phases):
            most_a[phase] += charger.draw.low_a[index]
    return tuple(most_a)


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
