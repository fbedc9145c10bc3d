"""What the sensors of a supply and its chargers show now, in A."""

from collections.abc import Mapping
from typing import Any

from ...const import CONF_TOTAL
from ...site.setup.live import ToAmperes
from ..io.currents import read_current
from ..wiring import mains_of


def amperes_of(supply: Mapping[str, Any]) -> ToAmperes:
    """Return what converts a power of a phase to A, or that of all phases."""
    mains = mains_of(supply)
    volts = mains.total_v if supply.get(CONF_TOTAL) else mains.phase_v
    return lambda state: read_current(state, volts)


def amperes_of_charger(supply: Mapping[str, Any], phases: int) -> ToAmperes:
    """Return what converts the power of a charger with so many phases to A."""
    volts = mains_of(supply).volts(phases)
    return lambda state: read_current(state, volts)
