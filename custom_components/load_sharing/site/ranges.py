"""Ranges of configured values, for the forms and for the validation of stored entries.

A range may be widened but never narrowed: an entry must stay valid with every value
that a form once accepted.
"""

from typing import Final, NamedTuple


class Range(NamedTuple):
    """The smallest and the largest accepted value."""

    minimum: float
    maximum: float


SUPPLY_LIMIT_A: Final = Range(1, 200)
VOLTAGE_V: Final = Range(100, 480)
FALLBACK_CURRENT_A: Final = Range(0, 80)
GRACE_S: Final = Range(0, 3600)
MAX_AGE_S: Final = Range(0, 86400)
CIRCUIT_LIMIT_A: Final = Range(1, 200)
MAX_CURRENT_A: Final = Range(1, 80)
RATING_A: Final = Range(0, MAX_CURRENT_A.maximum)
"""0 A is a charger that must never charge. No form offers that."""
MIN_CURRENT_A: Final = Range(1, 32)

FLOOR_C: Final = Range(20, 60)
Q50_W: Final = Range(50, 20000)
LEAST_OUTPUT_W: Final = Range(500, 50000)
RADIATOR_MM: Final = Range(100, 6000)
MIXED_FLOW_C: Final = Range(20, 60)
EXPONENT: Final = Range(1, 2)
COMFORT_C: Final = Range(5, 30)
LOOKAHEAD_MIN: Final = Range(15, 180)
FALLBACK_PRIORITY: Final = Range(1, 99)
