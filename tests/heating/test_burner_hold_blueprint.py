"""The blueprint that passes Burner hold on, run by Home Assistant."""

from pathlib import Path
import shutil
from typing import Any
from unittest.mock import patch

from homeassistant.components.climate import HVACMode
from homeassistant.core import CoreState, HomeAssistant, State
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    async_mock_service,
    mock_restore_cache,
)

from ..homes.automations import automate
from ..homes.radiators import BURNER, FLOW, RETURN, RadiatorHouse

HOLD = "binary_sensor.home_heating_burner_hold"
HELPER = "input_text.before"
MAXIMUM = "input_number.maximum_flow"
CELSIUS = {"unit_of_measurement": "°C"}
RELAY = "input_boolean.boiler_relay"


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Use a configuration folder that has the blueprints, as after their import."""
    blueprints = Path(__file__).parents[2] / "blueprints"
    shutil.copytree(blueprints, tmp_path / "blueprints")
    return str(tmp_path)


class Controller:
    """A boiler that belongs to another controller, and the automation."""

    def __init__(self, house: RadiatorHouse) -> None:
        """Know the house."""
        self.house, self.hass = house, house.hass

    async def put_up(self, **inputs: Any) -> None:
        """Set up the controller's entities, the helper and the automation."""
        hass = self.hass
        assert await async_setup_component(hass, "homeassistant", {})
        helpers = {
            "input_text": {"before": {}},
            "input_boolean": {"boiler_relay": {}},
            "input_number": {
                "maximum_flow": {
                    "min": 20,
                    "max": 80,
                    "unit_of_measurement": "°C",
                },
                "threshold": {"min": 0, "max": 9},
            },
        }
        for domain, items in helpers.items():
            assert await async_setup_component(hass, domain, {domain: items})
        if "hold" not in inputs:
            hass.states.async_set(HOLD, "off")
        inputs = {"hold": HOLD, "helper": HELPER} | inputs
        path = "load_sharing/burner_hold.yaml"
        await automate(hass, {"use_blueprint": {"path": path, "input": inputs}})

    async def hold(self, state: str, seconds: float = 1) -> None:
        """Have Load Sharing show whether the burner is to be held off."""
        self.hass.states.async_set(HOLD, state)
        await self.house.pass_time(seconds)

    async def set(self, entity_id: str, value: float) -> None:
        """Set a number, as its controller does."""
        await self.hass.services.async_call(
            "input_number", "set_value", {"entity_id": entity_id, "value": value}
        )
        await self.house.pass_time(1)

    async def switch(self, *, on: bool) -> None:
        """Turn the relay on or off."""
        await self.hass.services.async_call(
            "input_boolean", f"turn_{'on' if on else 'off'}", {"entity_id": RELAY}
        )
        await self.house.pass_time(1)

    def shows(self, entity_id: str) -> str:
        """Return the state of an entity."""
        return self.house.state(entity_id)

    @property
    def holds(self) -> bool:
        """Whether the helper keeps something."""
        return self.shows(HELPER) not in ("", "unknown")


@pytest.fixture
async def controller(radiators: RadiatorHouse) -> Controller:
    """Return another controller's boiler."""
    return Controller(radiators)


async def test_a_maximum_of_the_flow(controller: Controller) -> None:
    """It is 65 °C, 30 °C during the hold, and 65 °C again."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    assert (controller.shows(MAXIMUM), controller.shows(HELPER)) == ("30.0", "65.0 30")
    await controller.hold("on", 600)
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_a_relay(controller: Controller) -> None:
    """It is turned off, and on again; one that was off stays off."""
    await controller.put_up(device=RELAY)
    await controller.switch(on=True)
    await controller.hold("on")
    assert controller.shows(RELAY) == "off"
    await controller.hold("off", 40)
    assert controller.shows(RELAY) == "on"
    await controller.switch(on=False)
    await controller.hold("on")
    await controller.hold("off", 40)
    assert (controller.shows(RELAY), controller.holds) == ("off", False)


async def test_a_thermostat(controller: Controller) -> None:
    """Its setpoint is lowered; one that is off is left alone."""
    await controller.put_up(device="climate.study", value=12)
    thermostat = controller.house.thermostats["study"]
    await controller.hold("on")
    assert thermostat.sent == [12.0]
    await controller.hold("off", 40)
    assert thermostat.sent == [12.0, 16.0]
    await thermostat.async_set_hvac_mode(HVACMode.OFF)
    await controller.hold("on")
    await controller.hold("off", 40)
    assert thermostat.sent == [12.0, 16.0]


async def test_a_threshold_is_raised(controller: Controller) -> None:
    """Versatile Thermostat's central boiler starts with so many radiators."""
    await controller.put_up(device="input_number.threshold", value=9)
    await controller.set("input_number.threshold", 1)
    await controller.hold("on")
    assert controller.shows("input_number.threshold") == "9.0"
    await controller.hold("off", 40)
    assert controller.shows("input_number.threshold") == "1.0"


async def test_a_temperature_is_never_raised(controller: Controller) -> None:
    """The controller has lowered it to 22 °C already."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 22)
    await controller.hold("on")
    assert controller.shows(MAXIMUM) == "22.0"
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("22.0", False)


async def test_what_a_person_sets_meanwhile_stays(controller: Controller) -> None:
    """45 °C during the hold."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    await controller.set(MAXIMUM, 45)
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("45.0", False)


async def test_actions_for_a_gateway(
    hass: HomeAssistant, controller: Controller
) -> None:
    """An OpenTherm Gateway forgets an override after a minute; 0 gives it back."""
    calls = async_mock_service(hass, "opentherm_gw", "set_control_setpoint")

    def override(temperature: float) -> list[dict[str, Any]]:
        data = {"gateway_id": "attic", "temperature": temperature}
        return [{"action": "opentherm_gw.set_control_setpoint", "data": data}]

    await controller.put_up(hold_actions=override(10), release_actions=override(0))
    assert not calls
    await controller.hold("on", 100)
    assert [call.data["temperature"] for call in calls] == [10, 10, 10, 10]
    await controller.hold("off")
    assert [call.data["temperature"] for call in calls][4:] == [0]
    await controller.hold("off", 100)
    assert len(calls) == 5


@pytest.mark.parametrize("lost", ["unavailable", "unknown"])
async def test_without_load_sharing_the_burner_is_let_go(
    controller: Controller, lost: str
) -> None:
    """After two minutes. A shorter break changes nothing."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    await controller.hold(lost, 100)
    await controller.hold("on", 30)
    assert controller.shows(MAXIMUM) == "30.0"
    await controller.hold(lost, 160)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_the_longest_hold(controller: Controller) -> None:
    """Five minutes, whatever the sensor says."""
    await controller.put_up(device=MAXIMUM, longest_min=5)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 290)
    assert controller.shows(MAXIMUM) == "30.0"
    await controller.hold("on", 60)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_a_device_that_is_lost_is_given_back_once_it_returns(
    hass: HomeAssistant, controller: Controller
) -> None:
    """The helper keeps what was there."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    held = hass.states.get(MAXIMUM)
    assert held is not None
    hass.states.async_set(MAXIMUM, "unavailable", held.attributes)
    await controller.hold("off", 40)
    assert controller.shows(HELPER) == "65.0 30"
    hass.states.async_set(MAXIMUM, "30.0", held.attributes)
    await controller.house.pass_time(40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_a_device_that_does_not_follow_is_tried_again(
    hass: HomeAssistant, controller: Controller
) -> None:
    """A gateway that drops commands for half an hour; then it has its 65 °C back."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    calls = async_mock_service(hass, "input_number", "set_value")
    await controller.hold("off", 1800)
    assert controller.shows(HELPER) == "65.0 30"
    assert {call.data["value"] for call in calls} == {65.0}
    held = hass.states.get(MAXIMUM)
    assert held is not None
    hass.states.async_set(MAXIMUM, "65.0", held.attributes)
    await controller.house.pass_time(40)
    assert not controller.holds


async def test_a_thermostat_that_is_turned_off_is_left_until_it_is_on(
    controller: Controller,
) -> None:
    """A setpoint would turn many on. Once it is on, it has its 16 °C back."""
    await controller.put_up(device="climate.study", value=12)
    thermostat = controller.house.thermostats["study"]
    await controller.hold("on")
    await thermostat.async_set_hvac_mode(HVACMode.OFF)
    await controller.hold("off", 100)
    assert (thermostat.sent, controller.shows(HELPER)) == ([12.0], "16.0 12")
    await thermostat.async_set_hvac_mode(HVACMode.HEAT)
    await controller.house.pass_time(40)
    assert (thermostat.sent, controller.holds) == ([12.0, 16.0], False)


async def test_who_sets_it_right_after_it_was_given_back_keeps_it(
    controller: Controller,
) -> None:
    """Turned off by hand some seconds later, the relay is not turned on once more."""
    await controller.put_up(device=RELAY)
    await controller.switch(on=True)
    await controller.hold("on")
    await controller.hold("off", 2)
    assert controller.shows(RELAY) == "on"
    await controller.switch(on=False)
    await controller.house.pass_time(60)
    assert (controller.shows(RELAY), controller.holds) == ("off", False)


async def test_without_its_helper_nothing_is_held(
    hass: HomeAssistant, controller: Controller
) -> None:
    """It was removed, so there is nothing to give the device back by."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    hass.services.async_remove("input_text", "set_value")
    async_mock_service(hass, "input_text", "set_value")
    hass.states.async_remove(HELPER)
    await controller.hold("on", 60)
    assert controller.shows(MAXIMUM) == "65.0"


async def test_it_is_given_back_after_a_restart(
    hass: HomeAssistant, controller: Controller
) -> None:
    """The hold ended while Home Assistant was down."""
    mock_restore_cache(hass, [State(HELPER, "65.0"), State(MAXIMUM, "30.0")])
    hass.set_state(CoreState.not_running)
    await controller.put_up(device=MAXIMUM)
    assert controller.shows(MAXIMUM) == "30.0"
    await hass.async_start()
    await controller.house.pass_time(40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_from_the_cooldown_to_the_cold_water(
    hass: HomeAssistant, radiators: RadiatorHouse, controller: Controller
) -> None:
    """The real sensor: on after a burn that was too hot, off once the water is cold."""
    await radiators.set_up_heating(control="balanced")
    await controller.put_up(device=MAXIMUM, hold=HOLD)
    await controller.set(MAXIMUM, 65)
    hass.states.async_set(FLOW, "57.5", CELSIUS)
    hass.states.async_set(BURNER, "off")
    await radiators.pass_time(5)
    assert controller.shows(HOLD) == "on"
    assert controller.shows(MAXIMUM) == "30.0"
    for water in (FLOW, RETURN):
        hass.states.async_set(water, "32", CELSIUS)
    await radiators.pass_time(40)
    assert controller.shows(HOLD) == "off"
    assert controller.shows(MAXIMUM) == "65.0"


async def reload_with(hass: HomeAssistant, **inputs: Any) -> None:
    """Edit the automation, as its editor does: save it, and reload it."""
    inputs = {"hold": HOLD, "helper": HELPER} | inputs
    blueprint = {"path": "load_sharing/burner_hold.yaml", "input": inputs}
    config = {"automation": {"alias": "Automation", "use_blueprint": blueprint}}
    with patch("homeassistant.config.load_yaml_config_file", return_value=config):
        await hass.services.async_call("automation", "reload", blocking=True)


@pytest.mark.parametrize("value", [28, 33])
async def test_a_value_that_is_edited_during_the_hold(
    hass: HomeAssistant, controller: Controller, value: int
) -> None:
    """30 °C becomes 28 or 33 °C at once, and 65 °C comes back at the end."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 60)
    await reload_with(hass, device=MAXIMUM, value=value)
    await controller.house.pass_time(5)
    assert (controller.shows(MAXIMUM), controller.shows(HELPER)) == (
        f"{value}.0",
        f"65.0 30 {value}",
    )
    await controller.hold("on", 60)
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_what_a_person_has_set_outlasts_an_edit(
    hass: HomeAssistant, controller: Controller
) -> None:
    """45 °C after two minutes; then another automation is edited."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 120)
    await controller.set(MAXIMUM, 45)
    await reload_with(hass, device=MAXIMUM)
    await controller.house.pass_time(5)
    assert controller.shows(MAXIMUM) == "45.0"
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("45.0", False)


async def test_a_value_that_is_edited_twice(
    hass: HomeAssistant, controller: Controller
) -> None:
    """30, 35, 27 and 40 °C, minutes apart, each at once; then 65 °C again."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 300)
    for value in (35, 27, 40):
        await reload_with(hass, device=MAXIMUM, value=value)
        await controller.house.pass_time(300)
        assert controller.shows(MAXIMUM) == f"{value}.0"
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_a_device_that_does_not_follow_an_edit_is_given_back(
    hass: HomeAssistant, controller: Controller
) -> None:
    """It stays at the former 30 °C, which is ours."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 60)
    calls = async_mock_service(hass, "input_number", "set_value")
    await reload_with(hass, device=MAXIMUM, value=28)
    await controller.house.pass_time(5)
    await controller.hold("off", 40)
    assert [call.data["value"] for call in calls][:2] == [28, 65.0]


@pytest.mark.parametrize("value", [12, 14])
async def test_a_thermostat_that_a_person_has_set_outlasts_an_edit(
    hass: HomeAssistant, controller: Controller, value: int
) -> None:
    """18 °C during the hold, right after it began. Then an automation is saved."""
    await controller.put_up(device="climate.study", value=12)
    thermostat = controller.house.thermostats["study"]
    await controller.hold("on", 10)
    await thermostat.async_set_temperature(temperature=18)
    await controller.house.pass_time(10)
    sent = list(thermostat.sent)
    await reload_with(hass, device="climate.study", value=value)
    await controller.house.pass_time(60)
    await controller.hold("off", 40)
    assert (thermostat.sent, controller.holds) == (sent, False)


async def test_a_number_that_a_person_has_set_at_once_outlasts_an_edit(
    hass: HomeAssistant, controller: Controller
) -> None:
    """45 °C ten seconds after the hold began."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 10)
    await controller.set(MAXIMUM, 45)
    await reload_with(hass, device=MAXIMUM, value=28)
    await controller.house.pass_time(60)
    assert controller.shows(MAXIMUM) == "45.0"
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("45.0", False)


async def test_a_value_above_what_was_there_gives_that_back(
    hass: HomeAssistant, controller: Controller
) -> None:
    """It is 32 °C, held at 30 °C; an edited 35 °C does not raise it beyond 32 °C."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 32)
    await controller.hold("on", 60)
    await reload_with(hass, device=MAXIMUM, value=35)
    await controller.house.pass_time(5)
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("32.0", False)


async def test_an_automation_that_was_off_gives_back_once_it_is_run(
    hass: HomeAssistant, controller: Controller
) -> None:
    """The hold ended while it was off. Its actions are run by hand."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 60)
    (automation,) = hass.states.async_entity_ids("automation")
    data = {"entity_id": automation}
    await hass.services.async_call("automation", "turn_off", data, blocking=True)
    await controller.hold("off", 600)
    assert (controller.shows(MAXIMUM), controller.shows(HELPER)) == ("30.0", "65.0 30")
    await hass.services.async_call("automation", "turn_on", data, blocking=True)
    await hass.services.async_call("automation", "trigger", data)
    await controller.house.pass_time(40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_the_burner_is_let_go_when_home_assistant_stops(
    hass: HomeAssistant, controller: Controller
) -> None:
    """A helper from YAML with an initial text would have forgotten the 65 °C."""
    await controller.put_up(device=MAXIMUM)
    await controller.set(MAXIMUM, 65)
    await controller.hold("on", 60)
    await hass.async_stop(force=True)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)


async def test_a_helper_with_an_initial_text(
    hass: HomeAssistant, controller: Controller
) -> None:
    """It is empty, as far as this automation is concerned."""
    await controller.put_up(device=MAXIMUM)
    hass.states.async_set(HELPER, "for the boiler")
    await controller.set(MAXIMUM, 65)
    await controller.hold("on")
    assert (controller.shows(MAXIMUM), controller.shows(HELPER)) == ("30.0", "65.0 30")
    await controller.hold("off", 40)
    assert (controller.shows(MAXIMUM), controller.holds) == ("65.0", False)
