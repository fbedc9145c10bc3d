"""Judges how often a meter measures, by the reports that show a load switching.

A meter that measures every 30 s shows each switching 30 s after its last report. A
meter that reports changes shows it at once, however long it was silent before. The
spacing of its reports then follows the loads of the house, which over some hours have
no rhythm.
"""

from collections.abc import Sequence
from enum import Enum, auto

SWITCHED_A = 1.0
"""A change by this much is a load that was switched; less is noise."""

NOTE_EVERY_S = 300.0
"""At most one spacing is noted in this time, so that a pulsing hob weighs little."""

SPACINGS_KEPT = 20
"""Number of spacings that are kept, and needed for a judgement."""

REGULAR_SHARE = 0.8
REGULAR_WITHIN = 0.2
"""Reports are regular if this share of spacings is within this part of the median."""

SLOW_TIMES_LOOP = 3.0
FINE_TIMES_LOOP = 2.5
"""In between, there is no judgement, so that a meter is not judged back and forth."""


class Pace(Enum):
    """Whether a meter is fast enough for the interval of overload corrections."""

    UNKNOWN = auto()
    FINE = auto()
    SLOW = auto()


def median_spacing(spacings_s: Sequence[float]) -> float:
    """Return the median spacing in s, of one at least."""
    return sorted(spacings_s)[len(spacings_s) // 2]


def judge_pace(spacings_s: Sequence[float], loop_s: float) -> Pace:
    """Judge a meter's pace by the interval of overload corrections, ``loop_s``.

    Each spacing is the time in s between a report that shows a switching and the report
    before it.
    """
    if len(spacings_s) < SPACINGS_KEPT:
        return Pace.UNKNOWN
    typical_s = median_spacing(spacings_s)
    if typical_s <= FINE_TIMES_LOOP * loop_s:
        return Pace.FINE
    near = [
        abs(spacing_s - typical_s) <= REGULAR_WITHIN * typical_s
        for spacing_s in spacings_s
    ]
    regular = sum(near) >= REGULAR_SHARE * len(near)
    if regular and typical_s > SLOW_TIMES_LOOP * loop_s:
        return Pace.SLOW
    return Pace.UNKNOWN
