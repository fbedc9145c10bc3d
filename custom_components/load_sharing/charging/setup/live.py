"""What the sensors of a supply and its chargers show now, in A."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import State

from ...const import CONF_EXPORT_SIGN, CONF_TOTAL, EXPORT_POSITIVE
from ...site.setup.live import ToAmperes
from ..io.currents import read_current
from ..wiring import mains_of


def first_phase(*, several: bool) -> dict[str, str]:
    """Return the placeholder of the first phase, in the names of fields.

    It is empty where there is only one sensor, which has no phase to be named for.
    """
    return {"l1": "L1" if several else ""}


def amperes_of(supply: Mapping[str, Any]) -> ToAmperes:
    """Return what converts a power of a phase to A, or that of all phases."""
    mains = mains_of(supply)
    volts = mains.total_v if supply.get(CONF_TOTAL) else mains.phase_v
    return lambda state: read_current(state, volts)


def amperes_taken(supply: Mapping[str, Any]) -> ToAmperes:
    """Return what converts what a meter shows to the A that the house takes.

    It is negative while the house exports, also where the meter counts that as positive.
    """
    amperes = amperes_of(supply)
    if supply.get(CONF_EXPORT_SIGN) != EXPORT_POSITIVE:
        return amperes

    def negated(state: State) -> float | None:
        current_a = amperes(state)
        return None if current_a is None else -current_a

    return negated


def amperes_of_charger(supply: Mapping[str, Any], phases: int) -> ToAmperes:
    """Return what converts the power of a charger with so many phases to A."""
    volts = mains_of(supply).volts(phases)
    return lambda state: read_current(state, volts)
