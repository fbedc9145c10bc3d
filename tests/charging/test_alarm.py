"""An overload against which nothing is left: told, and a repair until it is over."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import THREE_PHASES, House

ALARM = "load_sharing_overload_alarm"
ISSUE = ("load_sharing", "overload_alarm_site")


async def overload(house: House) -> None:
    """36 A on 32 A, and the charger is paused already."""
    house.number.show(0)
    await house.measure(10)
    await house.set_up()
    await house.wait(6)
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)


async def test_it_is_told_and_stands_until_it_is_over(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """The event entity, the bus and a repair of the highest severity."""
    heard, alarms = house.listen_overload(), house.listen(ALARM)
    await overload(house)
    types = [state.attributes["event_type"] for state in heard]
    assert types == ["detected", "alarm"]
    (alarm,) = alarms
    assert alarm.data["site"] == "Home"
    assert alarm.data["excess_a"] == 4
    assert alarm.data["service_current_a"] == 36
    assert alarm.data["limit_a"] == 32
    assert alarm.data["phase"] == "l1"
    issue = issue_registry.async_get_issue(*ISSUE)
    assert issue is not None
    assert issue.severity is ir.IssueSeverity.CRITICAL
    assert issue.translation_placeholders == {
        "site": "Home",
        "where": "L1",
        "excess_a": "4.0",
        "limit_a": "32",
    }
    await house.measure(20)
    assert heard[-1].attributes["event_type"] == "cleared"
    assert issue_registry.async_get_issue(*ISSUE) is None


async def test_the_phase_without_a_charger_is_named(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """L2 is over its limit; the charger on L1 could not help, and is not lowered."""
    house.number.show(6)
    await house.measure(10, 10, 10)
    await house.set_up(supply=THREE_PHASES)
    for _ in range(20):
        await house.wait(1)
        await house.measure(10, 35, 10)
    issue = issue_registry.async_get_issue(*ISSUE)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["where"] == "L2"
    assert float(house.state("number.wallbox_current") or 0) >= 6


async def test_the_circuit_is_named(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """Its limit, not that of the supply."""
    alarms = house.listen(ALARM)
    await house.set_state("sensor.garage_meter", 25, "A")
    await house.measure(25)
    await house.set_up(
        charger={"circuit": "garage"},
        circuits={
            "garage": {
                "phases": ["l1"],
                "limit_a": 20.0,
                "meter_l1": "sensor.garage_meter",
                "parent": "",
            }
        },
    )
    for _ in range(20):
        await house.wait(1)
        await house.set_state("sensor.garage_meter", 25.01, "A")
        await house.set_state("sensor.garage_meter", 25, "A")
        await house.measure(25)
    (alarm,) = alarms
    assert alarm.data["circuit"] == "Garage"
    assert alarm.data["limit_a"] == 20
    assert alarm.data["service_current_a"] == pytest.approx(25, abs=0.1)
    issue = issue_registry.async_get_issue(*ISSUE)
    assert issue is not None
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["where"] == "Garage L1"


async def test_a_charger_that_does_not_pause_is_not_told_as_that(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """It is a charger with a problem, and goes on being told."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up()
    await house.wait(6)
    house.wallbox.deaf = True
    for _ in range(40):
        await house.measure(50)
        await house.wait(1)
    assert issue_registry.async_get_issue(*ISSUE) is None
    assert house.state("binary_sensor.garage_charger_problem") == "on"


async def test_it_goes_with_the_site_and_comes_again(
    hass: HomeAssistant, house: House, issue_registry: ir.IssueRegistry
) -> None:
    """While nobody looks, nothing is known."""
    await overload(house)
    assert await hass.config_entries.async_unload("site")
    await hass.async_block_till_done()
    assert issue_registry.async_get_issue(*ISSUE) is None
    assert await hass.config_entries.async_setup("site")
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)
    assert issue_registry.async_get_issue(*ISSUE) is not None


async def test_not_in_shadow_mode(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """Nothing was tried there; once it is, the alarm is due."""
    house.number.show(0)
    await house.measure(10)
    await house.set_up()
    await house.call("switch", "turn_on", "switch.home_shadow_mode")
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)
    assert issue_registry.async_get_issue(*ISSUE) is None
    await house.call("switch", "turn_off", "switch.home_shadow_mode")
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)
    assert issue_registry.async_get_issue(*ISSUE) is not None
