"""The grid connection of the Energy dashboard is a meter that is there already."""

from typing import Any
from unittest.mock import AsyncMock, Mock, patch

from homeassistant.core import HomeAssistant
import pytest

from custom_components.load_sharing.charging.setup.energy import async_find_grid

from ...homes.forms import suggested
from ...homes.house import House
from .test_meters import begin

POWER = "sensor.grid_power"
RETURNED = "sensor.grid_returned"


async def show(hass: HomeAssistant, *sources: dict[str, Any]) -> None:
    """Set the Energy dashboard up with these sources."""
    hass.config.components.add("energy")
    hass.states.async_set(POWER, "2300", {"unit_of_measurement": "W"})
    hass.states.async_set(RETURNED, "0", {"unit_of_measurement": "W"})


def manager(*sources: dict[str, Any]) -> Any:
    """Return the preferences of the Energy dashboard, as the integration offers them."""
    data = {"energy_sources": list(sources)} if sources else None
    return patch(
        "custom_components.load_sharing.charging.setup.energy.async_get_manager",
        AsyncMock(return_value=Mock(data=data)),
    )


@pytest.mark.parametrize(
    ("source", "fields"),
    [
        ({"stat_rate": POWER}, {"meter_l1": POWER, "export_sign": "negative"}),
        (
            {"power_config": {"stat_rate": POWER}},
            {"meter_l1": POWER, "export_sign": "negative"},
        ),
        (
            {"power_config": {"stat_rate_inverted": POWER}, "stat_rate": "sensor.x"},
            {"meter_l1": POWER, "export_sign": "positive"},
        ),
        (
            {"power_config": {"stat_rate_from": POWER, "stat_rate_to": RETURNED}},
            {"meter_l1": POWER, "export_l1": RETURNED, "export_sign": "separate"},
        ),
    ],
)
async def test_its_power_is_filled_in(
    hass: HomeAssistant, house: House, source: dict[str, Any], fields: dict[str, str]
) -> None:
    """For one phase, or for one meter of all phases; with what it shows."""
    await show(hass)
    with manager(
        {"type": "solar", "stat_rate": "sensor.sun"}, {"type": "grid"} | source
    ):
        (found,) = (await async_find_grid(hass)).values()
        assert found.fields == fields
        form = await begin(hass, "total")
        assert suggested(form)["meter_l1"] == POWER
        assert suggested(form)["export_sign"] == fields["export_sign"]
        shown = form["description_placeholders"]["shows_meter_l1"]
        sign = "-" if fields["export_sign"] == "positive" else ""
        assert shown == f"\n**→ 2300 W = {sign}3.33 A**"
        assert "meter_l1" not in suggested(await begin(hass, "three_phases"))


@pytest.mark.parametrize("source", [{}, {"stat_rate": "sensor.gone"}])
async def test_without_a_power_there_is_nothing(
    hass: HomeAssistant, source: dict[str, Any]
) -> None:
    """Energy alone is no current."""
    await show(hass)
    with manager({"type": "grid"} | source):
        assert await async_find_grid(hass) == {}
    with manager():
        assert await async_find_grid(hass) == {}


async def test_without_the_energy_dashboard(hass: HomeAssistant) -> None:
    """It is not asked."""
    assert await async_find_grid(hass) == {}
