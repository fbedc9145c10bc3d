"""A room's temperature has a greatest age."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.radiators import BATH, LOUNGE, RadiatorHouse

LOUNGE_AIR = "sensor.lounge_air"
SILENCE = "number.home_heating_longest_sensor_silence"
PARTICIPATES = "switch.lounge_takes_part"
HOUR_S = 3600.0


async def start(radiators: RadiatorHouse, **lounge: Any) -> None:
    """Set up a bath and a lounge of 18 °C at midnight, whose block begins at 6:40."""
    radiators.freezer.move_to("2026-01-04T23:00:00+00:00")
    await radiators.set_state(LOUNGE_AIR, 18.0, "°C")
    radiators.show("lounge", room_c=18.0)
    room = LOUNGE | {"temperature_entity": LOUNGE_AIR} | lounge
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": room})


async def pass_hours(radiators: RadiatorHouse, hours: int = 6) -> None:
    """Let hours pass in which the bath reports, and the lounge does not."""
    for hour in range(hours):
        await radiators.wait(HOUR_S)
        await radiators.set_state("sensor.bath", 20.0 + hour / 100, "°C")


def issue_of(hass: HomeAssistant) -> ir.IssueEntry | None:
    """Return the repair about the lounge's sensor."""
    issues = ir.async_get(hass)
    return issues.async_get_issue("load_sharing", "sensor_silent_site_lounge")


async def test_a_sensor_with_an_empty_battery_is_believed_for_six_hours(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """18 °C at midnight: at ten past six nothing is known, and the room stays shut."""
    await start(radiators)
    await pass_hours(radiators)
    await radiators.wait(600)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "unavailable"
    await radiators.wait(60)
    issue = issue_of(hass)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["entities"] == LOUNGE_AIR
    await radiators.set_state(LOUNGE_AIR, 18.1, "°C")
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90
    await radiators.wait(60)
    assert issue_of(hass) is None


async def test_the_same_temperature_again_is_a_report(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Zigbee sensors repeat it every hour; a battery that saves, every three."""
    await start(radiators)
    await pass_hours(radiators, 3)
    await radiators.set_state(LOUNGE_AIR, 18.0, "°C")
    await pass_hours(radiators, 3)
    await radiators.wait(600)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90
    assert issue_of(hass) is None


@pytest.mark.parametrize(("hours", "opening"), [(0, 90), (7, 90), (2, 0)])
async def test_the_greatest_age_is_a_number(
    radiators: RadiatorHouse, hours: int, opening: int
) -> None:
    """0 believes a sensor for ever, as one that reports only changes needs it."""
    await start(radiators)
    await radiators.tune(SILENCE, hours)
    await pass_hours(radiators)
    await radiators.wait(600)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == opening


async def test_a_thermostat_that_measures_by_itself_has_an_age_too(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Without a sensor, the head's own report counts, whatever it was about."""
    await start(radiators, temperature_entity=None)
    await pass_hours(radiators)
    await radiators.wait(600)
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0
    radiators.show("lounge", target_c=16.5)
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90


@pytest.mark.parametrize("taken_out", [True, False])
async def test_a_sensor_that_is_not_needed_may_be_silent(
    hass: HomeAssistant, radiators: RadiatorHouse, taken_out: bool
) -> None:
    """A guest room whose thermostat is off all summer, and one that takes no part."""
    await start(radiators)
    if taken_out:
        await radiators.switch_on(PARTICIPATES, on=False)
    else:
        await radiators.call(
            "climate", "set_hvac_mode", "climate.lounge", hvac_mode="off"
        )
    await pass_hours(radiators, 7)
    await radiators.wait(120)
    assert issue_of(hass) is None
    if taken_out:
        await radiators.switch_on(PARTICIPATES)
    else:
        await radiators.call(
            "climate", "set_hvac_mode", "climate.lounge", hvac_mode="heat"
        )
    await radiators.wait(120)
    assert issue_of(hass) is not None
