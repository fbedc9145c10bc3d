"""Doubts a meter that shows less than is likely: nothing is raised on that at once.

Meters slip: a read fails and 0 is reported, for one phase or for all of them, once or
for half a minute. Such a reading differs from that of a load that has ended in two ways.
The base load is suddenly lower, and beside it the chargers seem to take less than they
do, or nothing at all flows. On a supply that never exported, this is doubted for a while.
Reductions are not affected.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .balance import Load
from .draw import ChargerDraws
from .mains import Mains
from .memory import Trust
from .meters import meters_of
from .model import ChargerInput, ChargerStatus, PhaseVector, ServiceReading, SiteInput

DOUBT_S = 60.0
"""A reading that persists for this long is believed after all."""

NOTHING_FLOWS_A = 0.5
"""A phase that carries less than this carries (nearly) nothing: 115 W at 230 V."""

LIGHT_BASE_A = 1.5
"""A base load of no more than this may end at once."""

SLIP_A = 1.0
"""A base load that is lower by less than this has not slipped."""

TAKES_AT_LEAST = 0.9
TAKES_LESS_A = 1.0
"""Chargers may take this part of their current less this much, by their accuracy."""


class Doubts(NamedTuple):
    """How far the meters are trusted now, by circuit; "" is the supply.

    ``chargers`` are on a phase whose meter is doubted. ``settled`` are on a phase whose
    meter was doubted until now, and is believed although nothing has explained it.
    """

    trust: Mapping[str, Trust] = {}
    chargers: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()

    @property
    def wake_at_s(self) -> list[float]:
        """When the doubts end by time alone."""
        return [
            since_s + DOUBT_S
            for trust in self.trust.values()
            for since_s in trust.doubted_since_s
            if since_s is not None
        ]


NO_DOUBTS = Doubts()


def follow_doubts(
    before: Mapping[str, Trust],
    site: SiteInput,
    loads: Sequence[Load],
    chargers: ChargerDraws,
    now_s: float,
) -> Doubts:
    """Doubt the meters whose readings have slipped; ``loads`` begin with the supply's."""
    meters = meters_of(site)
    trust = dict(before)
    doubted: set[str] = set()
    settled: set[str] = set()
    for meter, load in zip(meters, loads, strict=True):
        meter_id, reading = meter.meter_id, meter.reading
        if reading is None:
            continue
        on_it = [
            pair for pair in chargers if pair[0].settings.charger_id in meter.members
        ]
        expected_a = _expected(on_it, len(reading.current_a), meter.total)
        known = trust.get(meter_id)
        trust[meter_id] = after = _follow(known, reading, load, expected_a, now_s)
        for charger, _ in on_it:
            for phase in charger.settings.phases:
                if after.doubted_since_s[phase] is not None:
                    doubted.add(charger.settings.charger_id)
                elif known and _has_settled(known, phase, now_s):
                    settled.add(charger.settings.charger_id)
    if site.restored:
        doubted |= meters[0].members
    return Doubts(trust, frozenset(doubted), frozenset(settled - doubted))


def _follow(
    known: Trust | None,
    reading: ServiceReading,
    load: Load,
    expected_a: Sequence[float],
    now_s: float,
) -> Trust:
    """Return how far a meter is trusted after a reading."""
    if known is None:
        never = (None,) * len(reading.current_a)
        known = Trust(load.least_base_a, never)
    base_a, since_s, exports = list(load.least_base_a), [], known.exports
    for phase, current_a in enumerate(reading.current_a):
        doubted_s = None
        if not exports and _has_slipped(known, phase, current_a, load, expected_a):
            doubted_s = known.doubted_since_s[phase]
            doubted_s = now_s if doubted_s is None else doubted_s
            if now_s >= doubted_s + DOUBT_S:
                doubted_s = None
        if doubted_s is not None:
            base_a[phase] = known.base_a[phase]
        elif current_a < -NOTHING_FLOWS_A:
            exports = True
        since_s.append(doubted_s)
    return Trust(tuple(base_a), tuple(since_s), exports)


def _has_slipped(
    known: Trust,
    phase: int,
    current_a: float,
    load: Load,
    expected_a: Sequence[float],
) -> bool:
    """Return whether a phase shows less than a load that has ended would explain."""
    takes_a = expected_a[phase] * TAKES_AT_LEAST - TAKES_LESS_A
    base_a = known.base_a[phase]
    if base_a <= LIGHT_BASE_A or current_a >= max(takes_a, NOTHING_FLOWS_A):
        return False
    return load.most_base_a[phase] < base_a - SLIP_A


def _has_settled(known: Trust, phase: int, now_s: float) -> bool:
    since_s = known.doubted_since_s[phase]
    return since_s is not None and now_s >= since_s + DOUBT_S


def _expected(chargers: ChargerDraws, phases: int, total: Mains | None) -> list[float]:
    """Return what the chargers are expected to take at least on each phase, in A.

    Where only the ``total`` of all phases is measured, each shows an equal share of it.
    """
    expected_a = [0.0] * phases
    for charger, draw in chargers:
        low_a = _commanded(charger) if charger.draw is None else draw.low_a
        if total is not None:
            share_a = total.sum_of(low_a) / phases
            expected_a = [before_a + share_a for before_a in expected_a]
            continue
        for index, phase in enumerate(charger.settings.phases):
            expected_a[phase] += low_a[index]
    return expected_a


def _commanded(charger: ChargerInput) -> PhaseVector:
    """Return what a charger takes that follows its command, on each of its phases."""
    idle = (ChargerStatus.NOT_CHARGING, ChargerStatus.UNKNOWN)
    takes = charger.status not in idle
    least_a = charger.command.least_in_force_a or 0.0
    return (least_a if takes else 0.0,) * len(charger.settings.phases)
