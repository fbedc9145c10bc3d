"""How often a meter measures, told from the reports that show a load switching.

A meter that measures every 30 s shows every switching 30 s after its last report.
One that reports changes shows it at once, however long it was silent before: what
lies between its reports is the house's rhythm, not the meter's, and over some hours
the house has none.
"""

from collections.abc import Sequence
from enum import Enum, auto

SWITCHED_A = 1.0
"""A change of this much is a load that was switched, rather than noise."""

NOTE_EVERY_S = 300.0
"""One spacing in so long: a hob that switches every 20 s is soon over."""

KEPT = 20
REGULAR = 0.8
WITHIN = 0.2
SLOW_TIMES_LOOP = 3.0
FINE_TIMES_LOOP = 2.5


class Pace(Enum):
    """How a meter's pace suits the overload loop."""

    UNKNOWN = auto()
    FINE = auto()
    SLOW = auto()


def typical(spacings_s: Sequence[float]) -> float:
    """The spacing in the middle, in s. There has to be one."""
    return sorted(spacings_s)[len(spacings_s) // 2]


def judge(spacings_s: Sequence[float], loop_s: float) -> Pace:
    """Judge the spacing of reports by the interval of the overload loop, all in s.

    Each spacing is the time between a report that shows a switching and the one
    before it. Between slow and fine there is a gap, lest a meter goes to and fro.
    """
    if len(spacings_s) < KEPT:
        return Pace.UNKNOWN
    typical_s = typical(spacings_s)
    if typical_s <= FINE_TIMES_LOOP * loop_s:
        return Pace.FINE
    near = [
        abs(spacing_s - typical_s) <= WITHIN * typical_s for spacing_s in spacings_s
    ]
    regular = sum(near) >= REGULAR * len(near)
    if regular and typical_s > SLOW_TIMES_LOOP * loop_s:
        return Pace.SLOW
    return Pace.UNKNOWN
