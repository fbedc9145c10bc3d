"""Reads from the configuration how a supply is wired, and what contradicts that."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from ..const import (
    CONF_EXPORTS,
    CONF_METERS,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONF_WIRING,
    PHASES,
)
from .engine.mains import Mains, Wiring


class SupplyKind(StrEnum):
    """What the meter of a new supply measures: the first question."""

    ONE_PHASE = "one_phase"
    THREE_PHASES = "three_phases"
    TOTAL = "total"
    SPLIT_PHASE = "split_phase"


def mains_of(supply: Mapping[str, Any]) -> Mains:
    """Return how a supply is wired, from its configuration data."""
    wiring = Wiring(supply.get(CONF_WIRING) or Wiring.NEUTRAL)
    phases = tuple(index for index, key in enumerate(CONF_METERS) if supply.get(key))
    if supply.get(CONF_TOTAL):
        phases = (0, 1) if wiring is Wiring.SPLIT_PHASE else (0, 1, 2)
    elif phases == (0, 2) and wiring is Wiring.NEUTRAL:
        # Only meters of supplies without a neutral measure L1 and L3 alone.
        wiring = Wiring.NO_NEUTRAL
    return Mains(wiring, supply[CONF_VOLTAGE], phases)


def fits_meters(mains: Mains) -> bool:
    """Return whether a supply can be wired so, with the phases that are measured."""
    if mains.wiring is Wiring.NO_NEUTRAL:
        return len(mains.phases) > 1
    return mains.wiring is Wiring.NEUTRAL or mains.phases == (0, 1)


def names(mains: Mains) -> list[str]:
    """Return the names of the phases that are measured."""
    return [PHASES[phase] for phase in mains.phases]


def lacks_second_phase(mains: Mains, phases: Collection[str]) -> bool:
    """Return whether a charger lacks the second of the phases that it lies between."""
    return mains.wiring is Wiring.NO_NEUTRAL and len(phases) < 2


def export_keys(supply: Mapping[str, Any]) -> list[str]:
    """Return the fields of the export sensors, each that of a meter's phase."""
    pairs = zip(CONF_METERS, CONF_EXPORTS, strict=True)
    return [export for meter, export in pairs if supply.get(meter)]
