"""Currents and powers in the units and notations that sensors really have."""

from homeassistant.core import State
import pytest

from custom_components.load_sharing.charging.io.currents import read_current
from custom_components.load_sharing.charging.io.units import is_current, is_power


def current(value: str, unit: str | None) -> float | None:
    """Return what a sensor at 230 V shows, in A."""
    return read_current(State("sensor.x", value, {"unit_of_measurement": unit}), 230.0)


@pytest.mark.parametrize(
    ("value", "unit"),
    [
        ("10", "A"),
        ("10000", "mA"),
        ("2300", "W"),
        ("2.3", "kW"),
        ("2300", "VA"),
        ("2.3", "kVA"),
        ("10", "Amps"),
        ("10", "ampere"),
        ("2300", "watt"),
        ("2300", " Watts "),
        ("2.3", "KW"),
        ("2.3", "kilowatt"),
    ],
)
def test_ten_amperes_however_they_are_written(value: str, unit: str) -> None:
    """The unit may be spelt out, or in the wrong case."""
    assert current(value, unit) == pytest.approx(10)


def test_case_matters_where_it_makes_a_difference() -> None:
    """MW and mW are a factor of a billion apart."""
    assert current("1", "MW") == pytest.approx(1e6 / 230)
    assert current("1", "mW") == pytest.approx(1e-3 / 230)


@pytest.mark.parametrize("unit", ["V", "°C", "kWh", "var", "", None])
def test_another_unit_is_no_current(unit: str | None) -> None:
    """An energy is no power."""
    assert current("10", unit) is None


@pytest.mark.parametrize(
    ("value", "unit", "amperes"),
    [
        ("12,5", "A", 12.5),
        ("-12,5", "A", -12.5),
        ("12,345", "A", 12.345),
        ("2,300", "kW", 10),
        ("0,230", "kW", 1),
        ("2300,0", "W", 10),
        ("2,300", "W", None),
        ("2.300,5", "W", None),
        ("12,5 A", "A", None),
        (",5", "A", None),
    ],
)
def test_a_comma_before_decimals(value: str, unit: str, amperes: float | None) -> None:
    """2,300 W may be 2.3 W or 2,300 W: that is no number."""
    assert current(value, unit) == pytest.approx(amperes)


def test_a_current_is_told_from_a_power() -> None:
    """Also where its unit is spelt out."""
    assert is_current("Amps")
    assert not is_current("VA")
    assert is_power("watt")
    assert is_power("VA")
    assert not is_power("mA")
    assert not is_power(None)
