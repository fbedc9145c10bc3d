"""Problems of a boiler that lead to its form."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.radiators import BURNER, FLOW, RadiatorHouse

DHW = "binary_sensor.warm_water_active"


def find(hass: HomeAssistant, key: str) -> ir.IssueEntry | None:
    """Return the repair of the boiler, or None."""
    return ir.async_get(hass).async_get_issue("load_sharing", f"{key}_site_boiler")


@pytest.mark.parametrize(
    ("changes", "never"),
    [
        ({}, False),
        ({"setpoint_entity": None}, False),
        ({"setpoint_entity": None, "return_entity": None}, True),
        ({"setpoint_entity": None, "return_entity": None, "flow_entity": None}, True),
        ({"return_entity": None, "flow_entity": None}, False),
    ],
)
async def test_a_boiler_whose_water_is_not_known(
    radiators: RadiatorHouse, changes: dict[str, None], never: bool
) -> None:
    """It counts cooldowns, and never shares: a repair says so."""
    await radiators.set_up_heating(boiler={"return_entity": "sensor.return"} | changes)
    await radiators.wait(90)
    issue = find(radiators.hass, "boiler_never_shares")
    assert (issue is not None) is never
    assert issue is None or issue.is_fixable


async def test_tap_water_that_is_always_on(radiators: RadiatorHouse) -> None:
    """The repair names the entity, until it goes off."""
    hass = radiators.hass
    await radiators.set_state(DHW, "on")
    await radiators.set_up_heating(boiler={"dhw_entity": DHW})
    for _ in range(8):
        assert find(hass, "tap_water_always_on") is None
        await radiators.cool_down()
        await radiators.wait(120)
    await radiators.wait(90)
    issue = find(hass, "tap_water_always_on")
    assert issue is not None
    assert issue.translation_placeholders == {"part": "Home", "entities": DHW}
    await radiators.set_state(BURNER, "off")
    await radiators.set_state(FLOW, 40, "°C")
    await radiators.set_state(DHW, "off")
    await radiators.wait(90)
    assert find(hass, "tap_water_always_on") is None
