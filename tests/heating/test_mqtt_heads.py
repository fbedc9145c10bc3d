"""Heads behind zigbee2mqtt, through Home Assistant's own MQTT integration."""

import json
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import async_fire_mqtt_message

from ..homes.radiators import BATH, BURNER, STUDY, RadiatorHouse

TOPIC = "zigbee2mqtt/study"
CLIMATE = {
    "name": None,
    "object_id": "head",
    "unique_id": "0x1_climate",
    "device": {"identifiers": ["0x1"], "name": "Head"},
    "min_temp": "5",
    "max_temp": "30",
    "temp_step": 0.5,
    "temperature_unit": "C",
    "current_temperature_topic": TOPIC,
    "current_temperature_template": "{{ value_json.local_temperature }}",
    "temperature_state_topic": TOPIC,
    "temperature_state_template": "{{ value_json.current_heating_setpoint }}",
    "temperature_command_topic": f"{TOPIC}/set/current_heating_setpoint",
    "mode_state_topic": TOPIC,
    "mode_state_template": "{{ value_json.system_mode }}",
    "mode_command_topic": f"{TOPIC}/set/system_mode",
    "modes": ["off", "heat"],
    "preset_mode_state_topic": TOPIC,
    "preset_mode_value_template": "{{ value_json.preset }}",
    "preset_mode_command_topic": f"{TOPIC}/set/preset",
    "preset_modes": ["schedule", "manual", "holiday"],
}
"""The discovery message of a Tuya head, whose presets are its programmes."""


class Head:
    """A battery-powered head: it fetches what was published when it wakes up."""

    def __init__(self, house: RadiatorHouse, client: Any) -> None:
        """Start with 16 °C by its own programme, in a room of 18 °C."""
        self.hass = house.hass
        self.client = client
        self.state = {
            "local_temperature": 18.0,
            "current_heating_setpoint": 16.0,
            "system_mode": "heat",
            "preset": "schedule",
        }

    @property
    def fetched(self) -> list[tuple[str, str]]:
        """Everything that was published to the head so far."""
        return [
            (call.args[0].rpartition("/")[2], str(call.args[1]))
            for call in self.client.async_publish.call_args_list
            if call.args[0].startswith(f"{TOPIC}/set/")
        ]

    async def wake_up(self) -> None:
        """Do the last of each that was published; a setpoint ends the programme."""
        for name, value in self.fetched:
            if name == "current_heating_setpoint":
                self.state |= {name: float(value), "preset": "manual"}
            else:
                self.state[name] = value
        await self.report()

    async def report(self) -> None:
        """Publish the state."""
        async_fire_mqtt_message(self.hass, TOPIC, json.dumps(self.state))
        await self.hass.async_block_till_done()


@pytest.fixture
async def head(hass: HomeAssistant, radiators: RadiatorHouse, mqtt_mock: Any) -> Head:
    """Discover the head, and share with it."""
    config = json.dumps(CLIMATE)
    async_fire_mqtt_message(hass, "homeassistant/climate/0x1/climate/config", config)
    await hass.async_block_till_done()
    head = Head(radiators, mqtt_mock)
    await head.report()
    return head


async def share(house: RadiatorHouse) -> None:
    """Let the boiler cycle while the head's room has a block ahead."""
    room = STUDY | {
        "climate_entity": "climate.head",
        "schedule_entity": "schedule.lounge",
    }
    await house.set_up_heating(rooms={"bath": BATH, "head": room})
    await house.cool_down()
    await house.wait(60)


async def test_a_head_that_sleeps_for_ten_minutes(
    radiators: RadiatorHouse, head: Head
) -> None:
    """One command for the way there, one for the way back, one for its programme."""
    await share(radiators)
    await radiators.wait(540)
    assert head.fetched == [("current_heating_setpoint", "23.0")]
    assert radiators.state("binary_sensor.head_valve_problem") == "on"
    await head.wake_up()
    assert radiators.state("binary_sensor.head_valve_problem") == "off"
    await radiators.switch_on(on=False)
    await radiators.wait(600)
    assert head.fetched[1:] == [("current_heating_setpoint", "16.0")]
    await head.wake_up()
    await radiators.wait(5)
    assert head.fetched[2:] == [("preset", "schedule")]
    await head.wake_up()
    assert head.state["preset"] == "schedule"
    await radiators.wait(1200)
    assert len(head.fetched) == 3


async def test_a_head_that_sleeps_is_not_moved_with_each_burn(
    radiators: RadiatorHouse, head: Head
) -> None:
    """Seen to follow after nine minutes, it stays open when the burner goes off."""
    await share(radiators)
    await radiators.call(
        "select",
        "select_option",
        "select.home_heating_sharing_control",
        option="balanced",
    )
    await radiators.set_state(BURNER, "on")
    await radiators.wait(540)
    await head.wake_up()
    await radiators.set_state(BURNER, "off")
    await radiators.wait(300)
    await head.wake_up()
    assert radiators.state("sensor.head_reason") == "schedule"
    assert head.fetched == [("current_heating_setpoint", "23.0")]


async def test_a_head_that_is_switched_off_while_it_sleeps(
    radiators: RadiatorHouse, head: Head
) -> None:
    """It is written to only when it is on again."""
    await share(radiators)
    await head.wake_up()
    head.state["system_mode"] = "off"
    await head.report()
    await radiators.switch_on(on=False)
    await radiators.wait(1200)
    assert len(head.fetched) == 1
    head.state["system_mode"] = "heat"
    await head.report()
    await radiators.wait(5)
    assert head.fetched[1:] == [("current_heating_setpoint", "16.0")]


async def test_a_head_on_holiday(radiators: RadiatorHouse, head: Head) -> None:
    """Its room is left alone."""
    head.state["preset"] = "holiday"
    await head.report()
    await share(radiators)
    assert radiators.state("sensor.head_reason") == "frost_protection"
    assert head.fetched == []
