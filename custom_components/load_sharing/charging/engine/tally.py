"""Counts what balancing was good for: energy, sessions, overloads, the day's peak.

Only what is measured counts. A charger whose draw is not measured has no energy, and
while a measurement is missing, or fits several numbers of phases, nothing is added.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite

from .mains import Mains, Wiring
from .model import NOTHING_A, DrawReading
from .overload import OverloadEvent, OverloadEventType

LONGEST_STEP_S = 900.0
"""A draw is not known for longer between two evaluations."""
SESSION_ENDS_S = 3600.0
"""A car that takes nothing for this long, although it may, has ended its session."""
ALIKE_A = 0.05
"""Bounds of a draw that differ by less than this are one value."""
_WS_PER_KWH = 3.6e6


def power_w(
    draw: DrawReading | None, mains: Mains, phases_used: int | None
) -> float | None:
    """Return what a charger takes in W; None if its measurements do not say so."""
    if draw is None:
        return None
    if draw.total_a is not None:
        return _valid(draw.total_a * mains.phase_v)
    if draw.alike:
        if max(draw.high_a) > 0 and not phases_used:
            return None
        return _valid(max(draw.high_a) * mains.volts(phases_used or 1))
    pairs = zip(draw.low_a, draw.high_a, strict=True)
    if any([high_a - low_a > ALIKE_A for low_a, high_a in pairs]):
        return None
    used_a = [current_a for current_a in draw.high_a if current_a >= NOTHING_A]
    if mains.wiring is not Wiring.NO_NEUTRAL:
        return _valid(sum(draw.high_a) * mains.phase_v)
    if not used_a:
        return 0.0
    if max(used_a) - min(used_a) > NOTHING_A:
        return None
    return _valid(sum(used_a) / len(used_a) * mains.volts(len(used_a)))


def _valid(watts: float) -> float:
    return max(0.0, watts) if isfinite(watts) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerTally:
    """What a charger has given: in all, and in the present or last session, in kWh.

    A session begins when the car takes current after it took none for an hour although
    it might; a pause of the charger does not end it. ``idle_since_s`` is since when it
    takes none although it may. ``power_w`` is what it takes since ``updated_s``.
    """

    energy_kwh: float = 0.0
    session_kwh: float = 0.0
    idle_since_s: float | None = None
    power_w: float | None = None
    updated_s: float | None = None


def count_energy(
    tally: ChargerTally, now_w: float | None, now_s: float, *, paused: bool
) -> ChargerTally:
    """Add the energy since the last evaluation, and begin a session if one begins.

    ``now_w`` is what the charger takes now; None is not known. ``paused``: it may take
    nothing at present.
    """
    added_kwh = 0.0
    if tally.power_w and tally.updated_s is not None:
        elapsed_s = min(max(0.0, now_s - tally.updated_s), LONGEST_STEP_S)
        added_kwh = tally.power_w * elapsed_s / _WS_PER_KWH
    after = replace(
        tally,
        energy_kwh=tally.energy_kwh + added_kwh,
        session_kwh=tally.session_kwh + added_kwh,
        power_w=now_w,
        updated_s=now_s,
    )
    if now_w is None:
        return after
    if now_w > 0:
        since_s = tally.idle_since_s
        begins = since_s is not None and now_s - since_s >= SESSION_ENDS_S
        return replace(
            after,
            session_kwh=0.0 if begins else after.session_kwh,
            idle_since_s=None,
        )
    if paused:
        return replace(after, idle_since_s=None)
    since_s = now_s if tally.idle_since_s is None else tally.idle_since_s
    return replace(after, idle_since_s=since_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The counts of a site. ``day`` is the local date, in ISO format, of what is today's.

    An overload is ``acted_on`` once a charger was turned down for it. It counts as
    corrected when it is over. ``peak_a`` is the highest current of any phase today.
    """

    chargers: Mapping[str, ChargerTally] = field(default_factory=dict)
    corrected: int = 0
    corrected_today: int = 0
    acted_on: bool = False
    peak_a: float | None = None
    day: str = ""


def begin_day(tally: Tally, day: str) -> Tally:
    """Begin anew what is counted by day, if it is another day."""
    if tally.day == day:
        return tally
    return replace(tally, day=day, corrected_today=0, peak_a=None)


def count_peak(tally: Tally, highest_a: float | None) -> Tally:
    """Note the current of the fullest phase, in A."""
    if highest_a is None or not isfinite(highest_a):
        return tally
    if tally.peak_a is not None and highest_a <= tally.peak_a:
        return tally
    return replace(tally, peak_a=highest_a)


def count_overloads(tally: Tally, events: tuple[OverloadEvent, ...]) -> Tally:
    """Count overloads that ended after a charger was turned down for them.

    One with an alarm was not ended by the chargers alone, and does not count.
    """
    for event in events:
        match event.type:
            case OverloadEventType.CORRECTED | OverloadEventType.CHARGING_STOPPED:
                tally = replace(tally, acted_on=True)
            case OverloadEventType.ALARM:
                tally = replace(tally, acted_on=False)
            case OverloadEventType.CLEARED if tally.acted_on:
                tally = replace(
                    tally,
                    corrected=tally.corrected + 1,
                    corrected_today=tally.corrected_today + 1,
                    acted_on=False,
                )
            case _:
                pass
    return tally
