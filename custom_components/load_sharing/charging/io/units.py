"""Currents and powers in A, voltages in V, also in units that are spelt differently."""

import re

from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    UnitOfApparentPower,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfPower,
)
from homeassistant.core import State
from homeassistant.util.unit_conversion import (
    ApparentPowerConverter,
    ElectricCurrentConverter,
    ElectricPotentialConverter,
    PowerConverter,
)

from ...site.readings import to_number

OTHER_SPELLINGS = {
    "amp": UnitOfElectricCurrent.AMPERE,
    "amps": UnitOfElectricCurrent.AMPERE,
    "ampere": UnitOfElectricCurrent.AMPERE,
    "amperes": UnitOfElectricCurrent.AMPERE,
    "watt": UnitOfPower.WATT,
    "watts": UnitOfPower.WATT,
    "kilowatt": UnitOfPower.KILO_WATT,
    "kilowatts": UnitOfPower.KILO_WATT,
    "voltampere": UnitOfApparentPower.VOLT_AMPERE,
    "volt-ampere": UnitOfApparentPower.VOLT_AMPERE,
    "a": UnitOfElectricCurrent.AMPERE,
    "w": UnitOfPower.WATT,
    "kw": UnitOfPower.KILO_WATT,
    "va": UnitOfApparentPower.VOLT_AMPERE,
    "kva": UnitOfApparentPower.KILO_VOLT_AMPERE,
    "volt": UnitOfElectricPotential.VOLT,
    "volts": UnitOfElectricPotential.VOLT,
    "v": UnitOfElectricPotential.VOLT,
    "kv": UnitOfElectricPotential.KILOVOLT,
}
"""Units as helpers and MQTT sensors write them, in lower case."""

MEASURED_UNITS = (
    "mA",
    "A",
    "W",
    "kW",
    "VA",
    "kVA",
    "Amp",
    "Amps",
    "Ampere",
    "Watt",
    "Watts",
    "amp",
    "amps",
    "watt",
    "watts",
)
"""What the forms offer of the sensors that have no device class."""

VOLTAGE_UNITS = ("V", "kV", "Volt", "Volts", "volt", "volts")
"""What the form of a supply offers so of the sensors of its voltage."""

LARGE_UNITS = (
    UnitOfElectricCurrent.AMPERE,
    UnitOfPower.KILO_WATT,
    UnitOfApparentPower.KILO_VOLT_AMPERE,
    UnitOfElectricPotential.KILOVOLT,
)
"""No house takes thousands of these."""

COMMA = re.compile(r"\s*([+-]?\d+),(\d+)\s*")


def to_amperes(value: float, unit: str | None, volts: float) -> float | None:
    """Convert a current or a power to A; None if the unit is of neither.

    A power is divided by ``volts``, and so is an apparent power, which is what a fuse
    carries.
    """
    unit = _known(unit)
    if unit in ElectricCurrentConverter.VALID_UNITS:
        return ElectricCurrentConverter.converter_factory(
            unit, UnitOfElectricCurrent.AMPERE
        )(value)
    if unit in PowerConverter.VALID_UNITS:
        return PowerConverter.converter_factory(unit, UnitOfPower.WATT)(value) / volts
    if unit in ApparentPowerConverter.VALID_UNITS:
        to_va = ApparentPowerConverter.converter_factory(
            unit, UnitOfApparentPower.VOLT_AMPERE
        )
        return to_va(value) / volts
    return None


def to_volts(value: float, unit: str | None) -> float | None:
    """Convert a voltage to V; None if the unit is not one of a voltage."""
    unit = _known(unit)
    if unit not in ElectricPotentialConverter.VALID_UNITS:
        return None
    to_v = ElectricPotentialConverter.converter_factory(
        unit, UnitOfElectricPotential.VOLT
    )
    return to_v(value)


def is_current(unit: str | None) -> bool:
    """Return whether a unit is one of a current."""
    return _known(unit) in ElectricCurrentConverter.VALID_UNITS


def is_power(unit: str | None) -> bool:
    """Return whether a unit is one of a power, be it apparent."""
    known = _known(unit)
    powers = (PowerConverter.VALID_UNITS, ApparentPowerConverter.VALID_UNITS)
    return any(known in units for units in powers)


def to_measured(state: State) -> float | None:
    """Return the number that a state shows; None unless it is a finite number.

    A comma may separate its decimals. Before three digits it may as well separate
    thousands: then only a leading zero or a large unit shows which is meant.
    """
    value = to_number(state)
    if value is not None or (match := COMMA.fullmatch(state.state)) is None:
        return value
    whole, decimals = match.groups()
    unit = _known(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
    if len(decimals) == 3 and whole.lstrip("+-") != "0" and unit not in LARGE_UNITS:
        return None
    return float(f"{whole}.{decimals}")


def _known(unit: str | None) -> str | None:
    """Return a unit as Home Assistant writes it."""
    return OTHER_SPELLINGS.get(unit.strip().casefold(), unit) if unit else unit
