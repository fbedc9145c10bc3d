"""Chargers that are driven by the user's own action sequences."""

import asyncio
from typing import Any

from homeassistant.core import CoreState, HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
import pytest

from ..homes.house import ACTIONS, DRAW, SECOND_CHARGER, STATUS, House

FAILED = "load_sharing_action_failed"
PROBLEM = "binary_sensor.garage_charger_problem"
ERROR = "sensor.garage_last_action_error"
START = [{"action": "test.start", "data": {"charger": "{{ charger_id }}"}}]
STOP = [{"action": "test.stop", "data": {"charger": "{{ charger_id }}"}}]
WITH_SWITCH = ACTIONS | {"start": START, "stop": STOP}


class Cloud:
    """The services of somebody's charger."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Write down what is called."""
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.failing: set[str] = set()
        self.hanging = False
        self.cancelled = 0
        for service in ("set_current", "start", "stop"):
            hass.services.async_register("test", service, self._take)

    async def _take(self, call: ServiceCall) -> None:
        if self.hanging:
            try:
                await asyncio.Event().wait()
            finally:
                self.cancelled += 1
        if call.service in self.failing:
            raise HomeAssistantError("the cloud is down")
        self.calls.append((call.service, dict(call.data)))

    @property
    def told(self) -> list[str | float]:
        """Services in short: the current, or the service's name."""
        return [data.get("amperes", service) for service, data in self.calls]


@pytest.fixture
def cloud(hass: HomeAssistant) -> Cloud:
    """Somebody's charger."""
    return Cloud(hass)


async def rise(house: House, seconds: int, service_a: float = 4) -> None:
    """Time that passes next to a meter that ticks."""
    for _ in range(seconds):
        await house.wait(1)
        await house.measure(service_a)


async def test_a_sequence_gets_amperes_watts_and_the_charger(
    house: House, cloud: Cloud
) -> None:
    """6 A on one phase of 230 V is 1380 W."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS | {"charger_id": "evse-7"}])
    assert cloud.calls == [
        ("set_current", {"amperes": 6.0, "watts": 1380, "charger": "evse-7"})
    ]


async def test_the_watts_are_those_of_all_phases(house: House, cloud: Cloud) -> None:
    """6 A on three phases is 4140 W; without an ID the charger's name stands for it."""
    supply = {"meter_l2": "sensor.meter_l2", "meter_l3": "sensor.meter_l3"}
    await house.measure(4, 4, 4)
    await house.set_up(
        supply=supply, chargers=[ACTIONS | {"phases": ["l1", "l2", "l3"]}]
    )
    assert cloud.calls == [
        ("set_current", {"amperes": 6.0, "watts": 4140, "charger": "Garage"})
    ]


async def test_a_charger_is_started_after_its_current_is_set(
    house: House, cloud: Cloud
) -> None:
    """Start once, then only currents; stop by its own sequence; start again."""
    await house.measure(4)
    await house.set_up(chargers=[WITH_SWITCH])
    await rise(house, 25, 10)
    assert cloud.told == [6, "start", 10]
    await house.measure(50)
    await house.wait(1)
    assert cloud.told[3:] == ["stop"]
    await rise(house, 30)
    assert cloud.told[4:6] == [6, "start"]


async def test_without_a_stop_sequence_the_current_is_set_to_zero(
    house: House, cloud: Cloud
) -> None:
    """The set-current sequence gets 0 A."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await house.wait(6)
    await house.measure(50)
    await house.wait(1)
    assert cloud.told == [6, 0]


async def test_a_sequence_that_fails_is_repeated(house: House, cloud: Cloud) -> None:
    """With growing pauses; the charger is a problem, until it works."""
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[WITH_SWITCH])
    await house.wait(6)
    cloud.failing = {"stop"}
    cloud.calls.clear()
    await rise(house, 30, 50)
    assert cloud.calls == []
    assert 4 <= len(failed) <= 10
    assert failed[0].data["action"] == "stop"
    assert failed[0].data["error"] == "the cloud is down"
    assert [event.data["attempts"] for event in failed[:3]] == [1, 2, 3]
    assert house.state(PROBLEM) == "on"
    assert house.state(ERROR) == "the cloud is down"
    cloud.failing = set()
    await rise(house, 31, 50)
    assert cloud.told == ["stop"]
    assert house.state(PROBLEM) == "off"


async def test_an_unknown_action_is_a_failure(house: House) -> None:
    """Its integration may not have started."""
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    assert "test.set_current" in failed[0].data["error"]


async def test_a_sequence_that_hangs_is_given_up(house: House, cloud: Cloud) -> None:
    """10 s, then it is cancelled and starts again."""
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await house.wait(6)
    cloud.hanging = True
    cloud.calls.clear()
    await house.hang_meter(50)
    await house.pass_time(11)
    assert [event.data["error"] for event in failed] == ["no answer in time"]
    assert cloud.cancelled == 1
    cloud.hanging = False
    await house.pass_time(3)
    assert cloud.told == [0]


async def test_an_obeyed_command_is_repeated_now_and_then(
    house: House, cloud: Cloud
) -> None:
    """Nothing confirms it, so it is repeated every 300 s, a stop every 60 s."""
    await house.measure(28)
    await house.set_up(chargers=[ACTIONS])
    assert cloud.told == [0]
    await house.wait(130)
    assert cloud.told == [0, 0, 0]
    assert house.state("sensor.garage_retries") == "0"


async def test_a_stop_is_confirmed_by_the_measured_draw(
    house: House, cloud: Cloud
) -> None:
    """It goes on drawing 6 A: stop again; it draws nothing: leave it."""
    await house.set_state(DRAW, 6, "A")
    await house.measure(10)
    await house.set_up(chargers=[WITH_SWITCH | {"draw_entity": DRAW}])
    for _ in range(7):
        await house.wait(1)
        await house.set_state(DRAW, 6, "A")
    cloud.calls.clear()
    for _ in range(40):
        await house.measure(50)
        await house.set_state(DRAW, 6, "A")
        await house.wait(1)
    assert set(cloud.told) == {"stop"}
    assert len(cloud.told) >= 3
    assert house.state(PROBLEM) == "on"
    await house.set_state(DRAW, 0, "A")
    await house.wait(6)
    assert house.state(PROBLEM) == "off"
    told = len(cloud.told)
    await house.measure(31)
    await house.wait(300)
    assert len(cloud.told) == told


@pytest.mark.parametrize("status", ["charging", "unknown"])
async def test_a_stop_is_confirmed_by_the_status(
    house: House, cloud: Cloud, status: str
) -> None:
    """As long as it says charging, or nothing at all, it is stopped again."""
    await house.set_state(STATUS, "charging")
    await house.measure(10)
    await house.set_up(chargers=[WITH_SWITCH | {"status_entity": STATUS}])
    await house.wait(10)
    await house.set_state(STATUS, status)
    cloud.calls.clear()
    await rise(house, 40, 50)
    assert cloud.told.count("stop") >= 3
    assert house.state(PROBLEM) == "on"
    await house.set_state(STATUS, "available")
    await house.wait(6)
    assert house.state(PROBLEM) == "off"


async def test_a_sequence_that_cannot_run_leaves_the_other_charger_alone(
    hass: HomeAssistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """It names a device that was removed; the other charger is balanced."""
    device_action = {
        "device_id": "gone",
        "domain": "switch",
        "type": "turn_on",
        "entity_id": "x",
    }
    await house.put_up_second()
    house.second_number.show(20)
    await house.measure(40)
    await house.set_up(
        chargers=[ACTIONS | {"set_current": [device_action]}, SECOND_CHARGER]
    )
    assert "gone" in caplog.text
    await house.wait(60)
    assert house.second.sent[-1] == 0
    assert house.state(PROBLEM) == "on"
    assert house.state(ERROR) == "Unknown device 'gone'"
    assert house.state("binary_sensor.garage_2_charger_problem") == "off"


async def test_after_a_restart_the_last_obeyed_current_is_taken_for_found(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """Nothing shows the current of such a charger, so it is remembered."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await rise(house, 60)
    told_a = cloud.told[-1]
    assert isinstance(told_a, float)
    assert told_a > 6
    cloud.calls.clear()
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert cloud.told == [told_a]


async def test_after_a_restart_a_current_that_was_never_obeyed_is_unknown(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """From 14 A it was to go down, and the call failed: it starts at its minimum."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await rise(house, 60)
    cloud.failing = {"set_current"}
    await house.tune("number.garage_max_charger_current", 7)
    await house.wait(1)
    cloud.failing = set()
    cloud.calls.clear()
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert cloud.told == [6]


async def test_actions_are_tried_while_home_assistant_starts(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """Nothing tells whether such a charger is there, so it is told at once."""
    hass.set_state(CoreState.starting)
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    assert cloud.told == [6]
