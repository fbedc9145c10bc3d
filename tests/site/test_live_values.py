"""What an entity shows, as the texts of the forms say it."""

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.setup.live import amperes_taken
from custom_components.load_sharing.site.setup.live import describe

SUPPLY = {"voltage_v": 230.0}
REVERSED = SUPPLY | {"export_sign": "positive"}


@pytest.mark.parametrize(
    ("state", "unit", "supply", "shown"),
    [
        ("3.91", "kW", SUPPLY, "3.91 kW = 17 A"),
        ("14310", "W", {"voltage_v": 12.0}, "14310 W = 1192 A"),
        ("1234567.0", "W", SUPPLY, "1234567 W = 5368 A"),
        ("12.4", "A", SUPPLY, "12.4 A"),
        ("2300", "W", REVERSED, "2300 W = -10 A"),
        ("12.4", "A", REVERSED, "12.4 A = -12.4 A"),
        ("unavailable", "W", SUPPLY, "unavailable W"),
    ],
)
def test_what_a_meter_shows(
    hass: HomeAssistant,
    state: str,
    unit: str,
    supply: dict[str, object],
    shown: str,
) -> None:
    """In its own unit, and as the current that the house takes."""
    hass.states.async_set("sensor.meter", state, {"unit_of_measurement": unit})
    assert describe(hass, "sensor.meter", amperes_taken(supply)) == shown
