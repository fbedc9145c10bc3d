"""The voltage that counts: a fall at once, and a rise only once it has lasted."""

from dataclasses import dataclass, replace
from math import floor, inf

RISE_LASTS_S = 60.0
"""A higher voltage makes fewer amperes of a power, so noise must not look like one."""

LEAST_SHARE = 0.85
MOST_SHARE = 1.15
"""What is measured may differ from what was entered by so much.

EN 50160 lets the voltage of a grid fall 15 % below its nominal one and rise 10 % above.
"""


@dataclass(frozen=True, slots=True)
class Voltage:
    """The voltage of a supply as it was entered, and the one that counts.

    ``least_v`` is the least that was measured since ``higher_since_s``, when the
    measured voltage rose above the one that counts.
    """

    entered_v: float
    counts_v: float
    least_v: float = inf
    higher_since_s: float = inf

    @property
    def due_s(self) -> float:
        """When a rise counts that lasts until then; inf if there is none."""
        return self.higher_since_s + RISE_LASTS_S

    @property
    def commanded_v(self) -> float:
        """The voltage that currents are sent at as powers.

        Some chargers divide a power by what they measure, others by their rated
        voltage. So it is never above the one that was entered. Whole volts keep the
        steps of a charger the same.
        """
        if self.counts_v >= self.entered_v:
            return self.entered_v
        return floor(self.counts_v)


def as_entered(entered_v: float) -> Voltage:
    """Return the voltage before any was measured."""
    return Voltage(entered_v, entered_v)


def is_plausible(measured_v: float, entered_v: float) -> bool:
    """Return whether a measured voltage may be the one that was entered."""
    return LEAST_SHARE * entered_v <= measured_v <= MOST_SHARE * entered_v


def follow(before: Voltage, measured_v: float | None, now_s: float) -> Voltage:
    """Return the voltage after a measurement; None is a sensor that cannot be used.

    Without the sensor, the lower one of what was entered and what counted last remains.
    """
    if measured_v is None:
        return Voltage(before.entered_v, min(before.entered_v, before.counts_v))
    if measured_v <= before.counts_v:
        return Voltage(before.entered_v, measured_v)
    rising = replace(
        before,
        least_v=min(before.least_v, measured_v),
        higher_since_s=min(before.higher_since_s, now_s),
    )
    if now_s < rising.due_s:
        return rising
    return Voltage(before.entered_v, rising.least_v, measured_v, now_s)
