"""What a value is that the user tunes: its default, range, step and unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from homeassistant.const import UnitOfElectricCurrent


@dataclass(frozen=True, slots=True)
class Tunable:
    """A value with its default and range. The range applies to stored values too.

    The number of an ``expert`` value is disabled at first.
    """

    key: str
    default: float
    minimum: float
    maximum: float
    step: float = 1.0
    unit: str | None = UnitOfElectricCurrent.AMPERE
    expert: bool = False

    def value(self, tuned: Mapping[str, float]) -> float:
        """Return the value the user set, or the default, within the present range."""
        value = tuned.get(self.key)
        if value is None or not isfinite(value):
            value = self.default
        return min(max(value, self.minimum), self.maximum)
