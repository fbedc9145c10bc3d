"""The alarm for an overload that no charger can relieve: an event and a repair."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ..homes.house import THREE_PHASES, House

ALARM = "load_sharing_overload_alarm"
ISSUE = ("load_sharing", "overload_alarm_site")


async def overload(house: House) -> None:
    """Overload a supply of 32 A with 36 A while the charger is paused."""
    house.number.show(0)
    await house.measure(10)
    await house.set_up()
    await house.wait(6)
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)


async def test_the_alarm_lasts_until_the_overload_clears(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """It is on the event entity, on the event bus, and a critical repair."""
    event_states, alarms = house.listen_overload(), house.listen(ALARM)
    await overload(house)
    types = [state.attributes["event_type"] for state in event_states]
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
    assert event_states[-1].attributes["event_type"] == "cleared"
    assert issue_registry.async_get_issue(*ISSUE) is None


async def test_a_phase_without_a_charger_is_named(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """L2 is overloaded; the charger on L1 cannot relieve it, and is not lowered."""
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
    """The event has the circuit's limit, not the supply's."""
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


async def test_a_charger_that_does_not_pause_is_no_alarm(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """It is reported as a charger with a problem instead."""
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


async def test_the_alarm_is_withdrawn_on_unload_and_raised_again(
    hass: HomeAssistant, house: House, issue_registry: ir.IssueRegistry
) -> None:
    """While the site is unloaded, the overload is unknown."""
    await overload(house)
    assert await hass.config_entries.async_unload("site")
    await hass.async_block_till_done()
    assert issue_registry.async_get_issue(*ISSUE) is None
    assert await hass.config_entries.async_setup("site")
    for _ in range(15):
        await house.measure(36)
        await house.wait(1)
    assert issue_registry.async_get_issue(*ISSUE) is not None


async def test_shadow_mode_raises_no_alarm(
    house: House, issue_registry: ir.IssueRegistry
) -> None:
    """The chargers are not lowered in shadow mode; the alarm is raised after it ends."""
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
