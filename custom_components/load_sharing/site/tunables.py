"""Values that a user tunes: what both halves know of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from homeassistant.const import UnitOfElectricCurrent


@dataclass(frozen=True, slots=True)
class Tunable:
    """A value with its default and range. The range holds for stored values too."""

    key: str
    default: float
    minimum: float
    maximum: float
    step: float = 1.0
    unit: str | None = UnitOfElectricCurrent.AMPERE

    def value(self, tuned: Mapping[str, float]) -> float:
        """What the user chose, within the range of the wiring as it is now."""
        chosen = tuned.get(self.key)
        if chosen is None or not isfinite(chosen):
            chosen = self.default
        return min(max(chosen, self.minimum), self.maximum)
