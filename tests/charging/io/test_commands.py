"""Commands are sent to a charger until it obeys."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.load_sharing.charging import control as charging_control
from custom_components.load_sharing.charging.engine.decision import Decision
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import SiteInput

from ...homes.house import (
    CHARGER,
    DRAW,
    METER,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    STATUS,
    SWITCH,
    Car,
    House,
)

FAILED = "load_sharing_action_failed"
PROBLEM = "binary_sensor.garage_charger_problem"
RETRIES = "sensor.garage_retries"
ERROR = "sensor.garage_last_action_error"
CURRENT_SET = "sensor.garage_current_set"


async def start(house: House, charger_a: float = 20, service_a: float = 24) -> None:
    """Set up a charger that draws all of its current, and let it settle."""
    house.number.show(charger_a)
    await house.measure(service_a)
    await house.set_up(charger={"switch_entity": SWITCH})
    await house.wait(6)
    await house.measure(service_a)
    house.sent.clear()
    house.wallbox.tried = 0


async def test_a_stop_that_fails_is_retried_until_it_is_confirmed(
    house: House,
) -> None:
    """The meter reports every second meanwhile, which cancels nothing."""
    failed = house.listen(FAILED)
    await start(house)
    house.wallbox.failing = True
    for second in range(30):
        await house.measure(50 + second % 2)
        await house.wait(1)
    assert house.state(SWITCH) == "on"
    assert house.state(PROBLEM) == "on"
    assert house.state(CURRENT_SET) == "0.0"
    assert house.state(ERROR) == "the charger does not answer"
    assert house.state("sensor.garage_last_action_error_time") != "unknown"
    assert int(house.state(RETRIES)) >= 3
    assert 3 <= house.wallbox.tried <= 12
    assert len(failed) == house.wallbox.tried
    assert failed[0].data == {
        "site": "Home",
        "charger": "Garage",
        "action": "stop",
        "attempts": 1,
        "current_a": 0.0,
        "error": "the charger does not answer",
    }
    house.wallbox.failing = False
    for second in range(31):
        await house.measure(50 + second % 2)
        await house.wait(1)
    assert house.state(SWITCH) == "off"
    assert house.state(PROBLEM) == "off"
    assert house.state(RETRIES) == "0"
    assert house.sent[0] == 0
    assert set(house.sent) == {0}


async def test_a_withheld_command_is_not_sent_and_sets_no_timer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An increase failed; it is withheld until other chargers give up its current."""
    await start(house)
    house.wallbox.failing = True
    await house.measure(20)
    await house.wait(20)
    assert house.wallbox.tried
    withheld = True
    evaluations = 0

    def withholding(
        state: EngineState, site: SiteInput, now_s: float
    ) -> tuple[EngineState, Decision]:
        nonlocal evaluations
        evaluations += 1
        state, decision = evaluate(state, site, now_s)
        chargers = {
            charger_id: replace(charger, withheld=withheld)
            for charger_id, charger in decision.chargers.items()
        }
        return state, replace(decision, chargers=chargers)

    monkeypatch.setattr(charging_control, "evaluate", withholding)
    await house.measure(20)
    house.wallbox.tried = evaluations = 0
    await house.wait(120)
    assert house.wallbox.tried == 0
    assert evaluations < 10
    assert house.state(PROBLEM) == "on"
    withheld = house.wallbox.failing = False
    await house.measure(20.5)
    await house.wait(1)
    assert house.sent[-1] > 20


async def test_credentials_in_an_error_are_redacted(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """In the sensor, the event and the log."""
    failed = house.listen("load_sharing_action_failed")
    await house.measure(10)
    house.wallbox.failing = True
    house.wallbox.error = HomeAssistantError("401 for http://me:s3cret@box/set")
    await house.set_up()
    await house.wait(1)
    assert house.state(ERROR).startswith("401 for http://")
    for text in (house.state(ERROR), failed[0].data["error"], caplog.text):
        assert "s3cret" not in text


async def test_a_stop_that_fails_is_completed_even_if_current_is_free_again(
    house: House,
) -> None:
    """Only the stop is sent until it is confirmed; then the charger resumes."""
    await start(house)
    house.wallbox.failing = True
    await house.measure(50)
    await house.wait(5)
    await house.measure(20)
    await house.wait(5)
    house.wallbox.failing = False
    await house.wait(31)
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"
    for _ in range(60):
        await house.wait(1)
        await house.measure(4)
    assert house.sent[1] == 6
    assert house.state(SWITCH) == "on"


async def test_a_charger_that_ignores_commands_is_detected(house: House) -> None:
    """Its calls succeed without effect: they are repeated, and it is a problem."""
    failed = house.listen(FAILED)
    await start(house)
    house.wallbox.deaf = True
    await house.tune("number.garage_max_current", 10)
    await house.wait(1)
    assert house.sent == [10]
    assert house.state(PROBLEM) == "off"
    await house.wait(45)
    assert house.sent[:4] == [10, 10, 10, 10]
    assert house.state(PROBLEM) == "on"
    assert failed == []
    house.wallbox.deaf = False
    await house.wait(31)
    assert house.number.native_value == 10
    assert house.state(PROBLEM) == "off"


async def test_a_charger_that_ignores_commands_is_paused_in_an_overload(
    house: House,
) -> None:
    """It does not react to 36 A on a limit of 32 A: 16 A, 6 A, then a stop."""
    await start(house)
    house.wallbox.deaf = True
    await house.measure(36)
    for _ in range(15):
        await house.wait(1)
        await house.measure(36)
    assert [*dict.fromkeys(house.sent)] == [16, 6, 0]


async def test_a_charger_that_shows_the_command_but_draws_more_is_detected(
    house: House,
) -> None:
    """The number shows 16 A, the charger's own meter 20 A."""
    house.number.show(20)
    await house.set_state(DRAW, 20, "A")
    await house.measure(24)
    await house.set_up(charger={"draw_entity": DRAW})
    for service_a in (24, 36):
        for _ in range(8):
            await house.wait(1)
            await house.set_state(DRAW, 20, "A")
            await house.measure(service_a)
    sent = len(house.sent)
    for _ in range(30):
        await house.wait(1)
        await house.set_state(DRAW, 20, "A")
        await house.measure(36)
    assert len(house.sent) - sent >= 3
    assert house.state(PROBLEM) == "on"


async def test_a_change_by_hand_is_undone(house: House) -> None:
    """32 A is set at the charger: the wanted current is sent again."""
    await start(house)
    house.number.show(32)
    await house.wait(0.1)
    assert house.sent == [20]
    assert house.state(NUMBER) == "20.0"


async def test_the_time_until_the_charger_obeys_is_shown(house: House) -> None:
    """A charger that follows after 3 s has a latency of 3 s."""
    await start(house)
    house.wallbox.deaf = True
    await house.tune("number.garage_max_current", 16)
    await house.wait(3)
    house.number.show(16)
    await house.wait(0.1)
    assert house.state("sensor.garage_command_latency") == "3.0"


async def test_at_start_up_a_car_in_an_overload_is_reduced_at_once(
    house: House,
) -> None:
    """The car draws 26 A of 40 A: it gets 18 A without waiting for a change."""
    house.number.show(26)
    await house.measure(40)
    await house.set_up()
    assert house.sent == [18]


async def test_at_start_up_a_car_that_leaves_no_room_is_stopped(house: House) -> None:
    """28 A of other load leave 4 A, below the minimum."""
    house.number.show(16)
    await house.measure(44)
    await house.set_up(charger={"switch_entity": SWITCH})
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"


async def test_at_start_up_the_current_that_is_shown_is_sent_once(
    house: House,
) -> None:
    """Whether it is really in force is unknown."""
    house.number.show(10)
    await house.measure(14)
    await house.set_up()
    assert house.sent == [10]
    assert house.state("sensor.garage_last_change_because_of") == "start_up"


async def test_a_charger_that_is_off_at_start_up_stays_off_for_a_while(
    house: House,
) -> None:
    """Then it resumes at its minimum: first the current, then the switch."""
    house.switch.show(on=False)
    house.number.show(32)
    await house.measure(4)
    await house.set_up(charger={"switch_entity": SWITCH})
    assert house.state(CURRENT_SET) == "0.0"
    resumed = house.listen("load_sharing_charging_resumed")
    for _ in range(25):
        await house.wait(1)
        await house.measure(4)
    assert house.sent == [0, 6]
    assert house.state(SWITCH) == "on"
    assert resumed[0].data == {
        "site": "Home",
        "charger": "Garage",
        "current_a": 6.0,
        "available_current_a": 28.0,
    }


async def test_an_unknown_switch_may_be_on_or_off(house: House) -> None:
    """The charger starts at its minimum."""
    house.switch.show(on=None)
    house.number.show(32)
    await house.measure(4)
    await house.set_up(charger={"switch_entity": SWITCH})
    assert house.sent == [6]


async def test_an_idle_charger_without_its_switch_is_paused(house: House) -> None:
    """Some chargers have no switch without a car; it is turned off once it is there."""
    failed = house.listen(FAILED)
    await house.set_state(STATUS, "Available")
    house.number.show(6)
    await house.measure(4)
    await house.set_up(charger={"switch_entity": SWITCH, "status_entity": STATUS})
    await house.wait(6)
    house.switch.show_available(available=False)
    await house.measure(40)
    await house.wait(60)
    assert house.state(PROBLEM) == "off"
    assert len(failed) <= 1
    house.switch.show_available(available=True)
    await house.wait(1)
    assert house.state(SWITCH) == "off"


async def test_an_unavailable_charger_is_commanded_when_it_is_back(
    house: House,
) -> None:
    """Home Assistant would silently skip the call."""
    failed = house.listen(FAILED)
    await start(house)
    house.number.show_available(False)
    await house.measure(36)
    await house.wait(10)
    assert house.sent == []
    assert house.state(PROBLEM) == "on"
    assert failed[0].data["error"] == f"{NUMBER} is not available"
    house.number.show_available(True)
    await house.wait(31)
    assert house.sent
    assert house.state(PROBLEM) == "off"
    assert float(house.state(NUMBER)) <= 16


async def test_an_error_of_one_charger_does_not_affect_the_other(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Its action raises whatever it likes; the other charger is reduced."""
    await house.put_up_second()
    house.number.show(10)
    house.second_number.show(10)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.measure(24)
    await house.set_up(chargers=[CHARGER, SECOND_CHARGER])
    await house.live(10, 4, *cars)
    house.wallbox.failing = True
    house.wallbox.error = ValueError("no such register")
    seen_a = await house.live(60, 20, *cars)
    assert house.state(ERROR) == "no such register"
    assert "setting Garage to 6.0 A failed: no such register" in caplog.text
    assert "Traceback" not in caplog.text
    assert house.state(PROBLEM) == "on"
    assert house.state("binary_sensor.garage_2_charger_problem") == "off"
    assert [car.draw_a for car in cars] == [10, 0]
    assert seen_a[-1] == 30


async def test_a_call_that_hangs_times_out(house: House) -> None:
    """After 10 s it counts as failed, and the command is sent again."""
    failed = house.listen(FAILED)
    await start(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    await house.pass_time(9)
    assert failed == []
    await house.pass_time(2)
    assert [event.data["error"] for event in failed] == ["no answer in time"]
    house.wallbox.hanging = False
    await house.pass_time(5)
    assert house.sent[-1] == 16
    assert house.wallbox.most_calls_running == 1


async def test_a_call_that_hangs_times_out_sooner_once_less_is_wanted(
    house: House,
) -> None:
    """The call for 16 A hangs: a stop is sent 2 s after that call began."""
    await start(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    await house.pass_time(0.5)
    await house.hang_meter(60)
    await house.pass_time(1)
    assert house.wallbox.tried == 1
    house.wallbox.hanging = False
    await house.pass_time(1)
    assert house.state(SWITCH) == "off"
    assert house.sent == [0]


async def test_less_may_be_wanted_at_the_moment_a_call_times_out(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The call for 16 A times out as the meter reports 60 A."""
    await start(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    begun_s = house.hass.loop.time()
    await house.pass_time(9.5)
    shown = {"unit_of_measurement": "A"}
    report = partial(house.hass.states.async_set, METER, "60", shown)
    house.hass.loop.call_at(begun_s + 10.2, report)
    house.wallbox.hanging = False
    house.freezer.tick(timedelta(seconds=0.25))
    await house.pass_time(0.5)
    await house.wait(2)
    assert house.sent == [0]
    assert "Cannot change state" not in caplog.text


async def test_a_step_that_is_not_a_number_counts_as_1_a(house: House) -> None:
    """It affects neither this charger nor another."""
    await house.put_up_second()
    await start(house)
    house.hass.states.async_set(
        NUMBER, "20", {"min": 0, "max": 32, "step": "any", "unit_of_measurement": "A"}
    )
    await house.measure(36)
    assert house.sent == [16]


async def test_a_draw_at_a_voltage_above_nominal_is_not_disobedience(
    house: House,
) -> None:
    """20 A at 253 V is the power of 22 A at 230 V."""
    house.number.show(20)
    await house.set_state(DRAW, 5060, "W")
    await house.measure(26)
    await house.set_up(charger={"draw_entity": DRAW})
    for _ in range(30):
        await house.wait(2)
        await house.set_state(DRAW, 5060, "W")
        await house.measure(26)
    assert house.state(PROBLEM) == "off"


async def test_the_latest_current_waits_for_the_running_call(house: House) -> None:
    """A stop is wanted while 16 A is being sent: there is one call at a time."""
    await start(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    await house.pass_time(1)
    await house.hang_meter(60)
    await house.pass_time(1)
    assert house.wallbox.tried == 1
    house.wallbox.hanging = False
    house.wallbox.released.set()
    await house.wait(0.1)
    assert house.sent == [16, 0]
    assert house.wallbox.most_calls_running == 1
    assert house.state(SWITCH) == "off"


async def test_a_cancelled_call_is_repeated(house: House) -> None:
    """A cancelled task is a failure like any other."""
    failed = house.listen(FAILED)
    await start(house)
    house.wallbox.hanging = True
    await house.hang_meter(36)
    entry = house.hass.config_entries.async_entries("load_sharing")[0]
    for task in entry._tasks:
        task.cancel()
    house.wallbox.hanging = False
    await house.wait(3)
    assert [event.data["error"] for event in failed] == ["cancelled"]
    assert house.sent == [16]


async def test_an_error_without_a_message_is_shown_by_its_type(house: House) -> None:
    """A long message is cut to the length of a state."""
    await start(house)
    house.wallbox.failing = True
    house.wallbox.error = RuntimeError()
    await house.measure(36)
    await house.wait(0.1)
    assert house.state(ERROR) == "RuntimeError"
    house.wallbox.error = RuntimeError("x" * 300)
    await house.wait(2)
    assert house.state(ERROR) == "x" * 255


async def test_a_charger_is_not_commanded_before_its_number_exists(
    hass: HomeAssistant, house: House
) -> None:
    """The number appears 5 s after start-up and is then set to its minimum."""
    await house.measure(10)
    await house.set_up(chargers=[SECOND_CHARGER])
    await house.wait(5)
    assert house.second.sent == []
    await house.put_up_second()
    await house.wait(10)
    assert house.second.sent[0] == 6
    assert house.state(PROBLEM) == "off"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (IndexError("list index out of range"), "IndexError: list index out of range"),
        (KeyError("connector_1"), "KeyError: 'connector_1'"),
        (AttributeError(), "AttributeError"),
        (OSError("no route to host"), "no route to host"),
        (TimeoutError(), "no answer in time"),
    ],
    ids=repr,
)
async def test_a_call_that_raises_anything_is_a_failed_call(
    house: House, caplog: pytest.LogCaptureFixture, error: Exception, text: str
) -> None:
    """A charge point that is not back yet trips its own integration; then it is back."""
    failed = house.listen("load_sharing_action_failed")
    await start(house)
    car = Car(house.hass, NUMBER)
    house.wallbox.failing, house.wallbox.error = True, error
    await house.live(30, 20, car)
    assert house.state(ERROR) == text
    assert failed[0].data["error"] == text
    assert house.state(PROBLEM) == "on"
    assert "Traceback" not in caplog.text
    house.wallbox.failing = False
    await house.live(40, 20, car)
    assert house.state(PROBLEM) == "off"
    assert float(house.state(NUMBER)) <= 12
