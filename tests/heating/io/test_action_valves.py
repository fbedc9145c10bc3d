"""Valves that are set by the user's own actions."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest

from ...homes.radiators import BATH, LOUNGE, RadiatorHouse

JOURNAL = "load_sharing.site.leases"
DEGREES = ("input_number.opening", "input_number.closing")
SET_VALVE = [
    {
        "action": "input_number.set_value",
        "target": {"entity_id": "input_number.closing"},
        "data": {"value": "{{ 100 - position }}"},
    },
    {
        "action": "input_number.set_value",
        "target": {"entity_id": "{{ valve_entity }}"},
        "data": {"value": "{{ position }}"},
    },
]
"""A Sonoff TRVZB: its closing degree is set beside its opening degree."""
ROOM = LOUNGE | {
    "actuator": "actions",
    "valve_entity": "input_number.opening",
    "set_valve": SET_VALVE,
}


@pytest.fixture(autouse=True)
async def _degrees(hass: HomeAssistant, radiators: RadiatorHouse) -> None:
    """Set up the two numbers of the head."""
    numbers = {
        "opening": {"min": 0, "max": 100, "initial": 0},
        "closing": {"min": 0, "max": 100, "initial": 100},
    }
    assert await async_setup_component(hass, "input_number", {"input_number": numbers})
    await hass.async_block_till_done()


def degrees(house: RadiatorHouse) -> tuple[float, ...]:
    """What both numbers show."""
    return tuple(float(house.state(entity_id)) for entity_id in DEGREES)


async def share(house: RadiatorHouse, **room: Any) -> None:
    """Open the lounge."""
    await house.set_up_heating(rooms={"bath": BATH, "lounge": ROOM | room})
    await house.cool_down()
    await house.wait(5)


async def test_both_degrees_are_set_and_given_back(radiators: RadiatorHouse) -> None:
    """The actions have the position, and the entity that shows it."""
    await share(radiators)
    opened, closed = degrees(radiators)
    assert opened >= 70
    assert closed == 100 - opened
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert degrees(radiators) == (0, 100)
    assert radiators.state("sensor.lounge_commands_today") == "2"


async def test_after_a_crash_the_actions_are_in_the_journal(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Even if the room has been removed since."""
    await share(radiators)
    opened, closed = degrees(radiators)
    crashed = hass_storage[JOURNAL]["data"]
    assert crashed["lounge"]["actions"] == SET_VALVE
    assert await hass.config_entries.async_unload("site")
    entry = hass.config_entries.async_get_entry("site")
    assert entry is not None
    hass.config_entries.async_remove_subentry(entry, "lounge")
    for entity_id, value in zip(DEGREES, (opened, closed), strict=True):
        await radiators.call("input_number", "set_value", entity_id, value=value)
    hass_storage[JOURNAL]["data"] = crashed
    await hass.config_entries.async_setup("site")
    await radiators.switch_on(on=False)
    await radiators.wait(60)
    assert degrees(radiators) == (0, 100)


async def test_actions_that_fail_are_a_problem(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """They are tried again, and the log says why they fail."""
    broken = [
        {"action": "input_number.no_such_action", "data": {"v": "{{ position }}"}}
    ]
    await share(radiators, set_valve=broken)
    await radiators.wait(120)
    assert degrees(radiators) == (0, 100)
    assert radiators.state("binary_sensor.lounge_valve_problem") == "on"
    assert caplog.text.count("input_number.opening could not be set") == 1
