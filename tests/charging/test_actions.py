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
    """The services of a charger's cloud."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Record all calls."""
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
    def received(self) -> list[str | float]:
        """The calls in short: the current in A, or the name of the service."""
        return [data.get("amperes", service) for service, data in self.calls]


@pytest.fixture
def cloud(hass: HomeAssistant) -> Cloud:
    """The services of a charger's cloud."""
    return Cloud(hass)


async def report_each_second(house: House, seconds: int, service_a: float = 4) -> None:
    """Let time pass with a meter that reports every second."""
    for _ in range(seconds):
        await house.wait(1)
        await house.measure(service_a)


async def test_a_sequence_gets_the_current_the_power_and_the_charger_id(
    house: House, cloud: Cloud
) -> None:
    """6 A on one phase of 230 V is 1380 W."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS | {"charger_id": "evse-7"}])
    assert cloud.calls == [
        ("set_current", {"amperes": 6.0, "watts": 1380, "charger": "evse-7"})
    ]


async def test_the_power_is_that_of_all_phases(house: House, cloud: Cloud) -> None:
    """6 A on three phases is 4140 W; the charger's name is used if it has no ID."""
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
    """It starts once, then only its current is set.

    It starts again after a stop, which lasts for a minute.
    """
    await house.measure(4)
    await house.set_up(chargers=[WITH_SWITCH])
    await report_each_second(house, 25, 10)
    assert cloud.received == [6, "start", 10]
    await house.measure(50)
    await house.wait(1)
    assert cloud.received[3:] == ["stop"]
    await report_each_second(house, 55)
    assert cloud.received[4:] == []
    await report_each_second(house, 10)
    assert cloud.received[4:6] == [6, "start"]


async def test_without_a_stop_sequence_the_current_is_set_to_zero(
    house: House, cloud: Cloud
) -> None:
    """The set-current sequence gets 0 A."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await house.wait(6)
    await house.measure(50)
    await house.wait(1)
    assert cloud.received == [6, 0]


async def test_a_sequence_that_fails_is_retried(house: House, cloud: Cloud) -> None:
    """The pauses grow; the charger has a problem until a call succeeds."""
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[WITH_SWITCH])
    await house.wait(6)
    cloud.failing = {"stop"}
    cloud.calls.clear()
    await report_each_second(house, 30, 50)
    assert cloud.calls == []
    assert 4 <= len(failed) <= 10
    assert failed[0].data["action"] == "stop"
    assert failed[0].data["error"] == "the cloud is down"
    assert [event.data["attempts"] for event in failed[:3]] == [1, 2, 3]
    assert house.state(PROBLEM) == "on"
    assert house.state(ERROR) == "the cloud is down"
    cloud.failing = set()
    await report_each_second(house, 31, 50)
    # The overload lasts, and only the call says that the charger has stopped.
    assert set(cloud.received) == {"stop"}
    assert house.state(PROBLEM) == "off"


async def test_an_unknown_action_is_a_failure(house: House) -> None:
    """The integration of the action may not have started yet."""
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    assert "test.set_current" in failed[0].data["error"]


async def test_a_sequence_that_hangs_times_out(house: House, cloud: Cloud) -> None:
    """After 10 s it is cancelled, and starts again."""
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
    assert cloud.received == [0]


async def test_a_command_that_nothing_confirms_is_repeated(
    house: House, cloud: Cloud
) -> None:
    """A stop is repeated every 60 s, any other current every 300 s."""
    await house.measure(28)
    await house.set_up(chargers=[ACTIONS])
    assert cloud.received == [0]
    await house.wait(130)
    assert cloud.received == [0, 0, 0]
    assert house.state("sensor.garage_retries") == "0"


async def test_a_stop_is_confirmed_by_the_measured_draw(
    house: House, cloud: Cloud
) -> None:
    """It is repeated while the car draws 6 A, and not once the draw has ended."""
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
    assert set(cloud.received) == {"stop"}
    assert len(cloud.received) >= 3
    assert house.state(PROBLEM) == "on"
    await house.set_state(DRAW, 0, "A")
    await house.wait(6)
    assert house.state(PROBLEM) == "off"
    count = len(cloud.received)
    await house.measure(31)
    await house.wait(300)
    assert len(cloud.received) == count


@pytest.mark.parametrize("status", ["charging", "unknown"])
async def test_a_stop_is_confirmed_by_the_status(
    house: House, cloud: Cloud, status: str
) -> None:
    """It is repeated while the status is charging or unknown."""
    await house.set_state(STATUS, "charging")
    await house.measure(10)
    await house.set_up(chargers=[WITH_SWITCH | {"status_entity": STATUS}])
    await house.wait(10)
    await house.set_state(STATUS, status)
    cloud.calls.clear()
    await report_each_second(house, 40, 50)
    assert cloud.received.count("stop") >= 3
    assert house.state(PROBLEM) == "on"
    await house.set_state(STATUS, "available")
    await house.wait(6)
    assert house.state(PROBLEM) == "off"


async def test_a_sequence_that_cannot_run_does_not_affect_another_charger(
    hass: HomeAssistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """It refers to a device that was removed; the other charger is balanced."""
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


async def test_after_a_restart_the_last_confirmed_current_is_in_force(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """No entity shows the current of such a charger, so it is stored."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await report_each_second(house, 60)
    last_a = cloud.received[-1]
    assert isinstance(last_a, float)
    assert last_a > 6
    cloud.calls.clear()
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert cloud.received == [last_a]


async def test_after_a_restart_an_unconfirmed_current_is_unknown(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """A call to lower it from 14 A failed: the charger starts at its minimum."""
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS])
    await report_each_second(house, 60)
    cloud.failing = {"set_current"}
    await house.tune("number.garage_max_current", 7)
    await house.wait(1)
    cloud.failing = set()
    cloud.calls.clear()
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert cloud.received == [6]


async def test_actions_are_tried_while_home_assistant_starts(
    hass: HomeAssistant, house: House, cloud: Cloud
) -> None:
    """Nothing shows whether such a charger is reachable, so it is lowered at once."""
    hass.set_state(CoreState.starting)
    await house.measure(40)
    await house.set_up(chargers=[ACTIONS])
    assert cloud.received == [0]


BOX = "number.box"
LAMP = "switch.lamp"
SET_BOX = [
    {
        "action": "number.set_value",
        "target": {"entity_id": BOX},
        "data": {"value": "{{ current_a }}"},
    }
]
LIGHT_LAMP = {"action": "switch.turn_on", "target": {"entity_id": [LAMP]}}
STOP_BOX = [LIGHT_LAMP, {"action": "test.stop"}]


@pytest.fixture
def box(hass: HomeAssistant) -> list[float]:
    """What a number was set to that the user's sequence calls."""
    received: list[float] = []

    async def take(call: ServiceCall) -> None:
        states = [hass.states.get(entity) for entity in call.data["entity_id"]]
        # As Home Assistant does: what is unavailable is skipped without an error.
        if all(state and state.state != "unavailable" for state in states):
            received.append(call.data.get("value", 1.0))

    hass.services.async_register("number", "set_value", take)
    hass.services.async_register("switch", "turn_on", take)
    hass.states.async_set(BOX, "6")
    hass.states.async_set(LAMP, "off")
    return received


async def test_what_is_not_sent_while_a_number_is_away_has_failed(
    hass: HomeAssistant, house: House, cloud: Cloud, box: list[float]
) -> None:
    """The house takes 40 A of its 32 A: the charger must pause, and cannot be reached.

    Once the number is back, it is set at the next report.
    """
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS | {"set_current": SET_BOX}])
    await report_each_second(house, 25, 10)
    assert box[-1] > 6
    hass.states.async_set(BOX, "unavailable")
    box.clear()
    failed = house.listen(FAILED)
    await report_each_second(house, 1, 40)
    assert failed[0].data["error"] == "number.box is not available"
    await report_each_second(house, 20, 40)
    assert box == []
    assert house.state(PROBLEM) == "on"
    hass.states.async_set(BOX, "10")
    await report_each_second(house, 1, 40)
    assert box == [0]


@pytest.mark.parametrize("status", [None, "available"])
async def test_a_sequence_runs_whatever_else_is_away(
    hass: HomeAssistant,
    house: House,
    cloud: Cloud,
    box: list[float],
    status: str | None,
) -> None:
    """A lamp of each sequence is away: the charger is lowered, stopped and resumed.

    That holds even if its status says that it takes nothing.
    """
    sequences = {"set_current": [LIGHT_LAMP, *SET_BOX], "stop": STOP_BOX}
    if status is not None:
        await house.set_state(STATUS, status)
        sequences |= {"status_entity": STATUS}
    failed = house.listen(FAILED)
    await house.measure(4)
    await house.set_up(chargers=[ACTIONS | sequences])
    await report_each_second(house, 60, 20)
    hass.states.async_set(LAMP, "unavailable")
    box.clear()
    await report_each_second(house, 3, 34)
    assert box or cloud.received
    await report_each_second(house, 10, 50)
    assert cloud.received[-1] == "stop"
    box.clear()
    await report_each_second(house, 150, 4)
    assert 6 <= box[0] <= 12
    assert failed == []


async def test_a_charger_that_takes_nothing_waits_for_its_controls(
    hass: HomeAssistant, house: House, cloud: Cloud, box: list[float]
) -> None:
    """No command can leave, and none is needed: that is no problem of the charger."""
    await house.set_state(STATUS, "available")
    await house.measure(4)
    charger = ACTIONS | {"set_current": SET_BOX, "status_entity": STATUS}
    await house.set_up(chargers=[charger])
    await report_each_second(house, 30, 4)
    hass.states.async_set(BOX, "unavailable")
    failed = house.listen(FAILED)
    box.clear()
    await report_each_second(house, 60, 50)
    assert failed == []
    assert house.state(PROBLEM) == "off"
    hass.states.async_set(BOX, "6")
    await report_each_second(house, 1, 50)
    assert box == [0]
