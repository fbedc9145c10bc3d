"""Meters: when they report, and how they fail."""

from dataclasses import dataclass
from enum import StrEnum
from math import nan

type Watts = tuple[float, ...]
"""Power by phase, net import positive."""

CHANGE_W = 100.0


class MeterKind(StrEnum):
    """When a meter reports."""

    EVERY_SECOND = "every_second"
    EVERY_10_SECONDS = "every_10_seconds"
    ON_CHANGE = "on_change"


class MeterFault(StrEnum):
    """How a meter fails."""

    NONE = "none"
    UNAVAILABLE = "unavailable"
    NOT_A_NUMBER = "not_a_number"
    FROZEN = "frozen"
    """Repeats its last value."""
    SILENT = "silent"
    """Says nothing more."""


@dataclass(slots=True)
class Meter:
    """Turns the truth into what is reported of it."""

    kind: MeterKind = MeterKind.EVERY_SECOND
    fault: MeterFault = MeterFault.NONE
    _reported: Watts | None = None
    _reported_s: float = 0.0

    def observe(self, now_s: float, power_w: Watts) -> Watts | None:
        """The report that is due now, None when there is none."""
        if self.fault in (MeterFault.SILENT, MeterFault.UNAVAILABLE):
            return None
        if self._reported is None or self._is_due(now_s, power_w):
            if self.fault is MeterFault.NOT_A_NUMBER:
                return tuple(nan for _ in power_w)
            if self.fault is not MeterFault.FROZEN or self._reported is None:
                self._reported = power_w
            self._reported_s = now_s
            return self._reported
        return None

    def _is_due(self, now_s: float, power_w: Watts) -> bool:
        match self.kind:
            case MeterKind.EVERY_SECOND:
                return now_s - self._reported_s >= 1.0
            case MeterKind.EVERY_10_SECONDS:
                return now_s - self._reported_s >= 10.0
            case MeterKind.ON_CHANGE:
                return any(
                    abs(new_w - old_w) > CHANGE_W
                    for new_w, old_w in zip(power_w, self._reported or (), strict=True)
                )
