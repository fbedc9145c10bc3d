"""The test of a charger, started by its button."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest

from ..homes.house import (
    ACTIONS,
    CHARGER,
    DRAW,
    NUMBER,
    SECOND_CHARGER,
    SECOND_NUMBER,
    SWITCH,
    Car,
    House,
)

BUTTON = "button.garage_test"
RESULT = "sensor.garage_test_result"
LATENCY = "sensor.garage_test_latency"
CAR_LATENCY = "sensor.garage_test_latency_of_the_car"
ACCURACY = "sensor.garage_test_accuracy"
SETTLE = "sensor.garage_suggested_settle_time"
TESTED = "load_sharing_charger_tested"


async def live(house: House, car: Car, seconds: int, base_a: float = 10) -> None:
    """Let time pass; the charger's own sensor and the meter report every second."""
    for _ in range(seconds):
        await house.wait(1)
        await house.set_state(DRAW, car.draw_a + 0.2, "A")
        await house.measure(base_a + car.draw_a)


async def start(house: House, **charger: Any) -> Car:
    """Charge with the charger's maximum of 20 A."""
    house.number.show(20)
    car = Car(house.hass, NUMBER, lag_s=2.5)
    await house.set_state(DRAW, 20, "A")
    await house.measure(30)
    own = {"max_current_a": 20.0, "switch_entity": SWITCH, "draw_entity": DRAW}
    await house.set_up(charger=own | charger)
    await live(house, car, 20)
    assert house.state(RESULT) == "not_tested"
    house.sent.clear()
    return car


async def press(house: House) -> None:
    """Press the button of the test."""
    await house.call("button", "press", BUTTON)


async def test_a_running_test_is_shown(house: House) -> None:
    """It begins by lowering the charger to 6 A."""
    car = await start(house)
    await press(house)
    assert house.state(RESULT) == "testing"
    await live(house, car, 5)
    assert house.sent == [6]
    assert house.state("sensor.garage_limited_by") == "charger_test"


async def test_a_charger_that_passes(house: House) -> None:
    """The sensors and the event have all results; then charging goes on."""
    events = house.listen(TESTED)
    car = await start(house, switch_entity=None)
    await press(house)
    await live(house, car, 180)
    assert house.state(RESULT) == "passed"
    assert house.sent == [6, 10, 20, 0, 6, 20]
    assert house.state(LATENCY) == "0.0"
    assert 2.5 <= float(house.state(CAR_LATENCY)) <= 3.5
    assert house.state(ACCURACY) == "0.2"
    assert float(house.state(SETTLE)) in (4, 5)
    (event,) = events
    assert event.data["charger"] == "Garage"
    assert event.data["result"] == "passed"
    assert event.data["car_took_all"] is True
    assert event.data["suggested_settle_s"] == float(house.state(SETTLE))


async def test_the_result_survives_a_restart(hass: HomeAssistant, house: House) -> None:
    """A test that was running is reported as interrupted."""
    events = house.listen(TESTED)
    car = await start(house, switch_entity=None)
    await press(house)
    await live(house, car, 10)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(RESULT) == "interrupted"
    assert [event.data["result"] for event in events] == ["interrupted"]
    await live(house, car, 80)
    assert house.state(NUMBER) == "20.0"


async def test_a_charger_that_ignores_commands_fails(house: House) -> None:
    """Its calls succeed without effect."""
    car = await start(house)
    house.wallbox.deaf = True
    await press(house)
    await live(house, car, 65)
    assert house.state(RESULT) == "not_obeyed"


async def test_actions_without_a_measurement(house: House) -> None:
    """Only the success of the calls is known, so there is no latency."""
    calls: list[Any] = []

    async def set_current(call: Any) -> None:
        calls.append(call.data["amperes"])

    house.hass.services.async_register("test", "set_current", set_current)
    await house.measure(10)
    await house.set_up(chargers=[ACTIONS | {"max_current_a": 6.0}])
    for _ in range(30):
        await house.wait(1)
        await house.measure(10)
    await press(house)
    for _ in range(60):
        await house.wait(1)
        await house.measure(10)
    assert house.state(RESULT) == "passed"
    assert house.state(LATENCY) == "unknown"
    assert house.hass.states.get(ACCURACY) is None
    assert house.hass.states.get("sensor.garage_set_by_hand") is None
    assert calls[-2:] == [0, 6]


@pytest.mark.parametrize(
    ("entity_id", "service"),
    [("switch.home_shadow_mode", "turn_on"), ("switch.home_balancing", "turn_off")],
)
async def test_it_ends_when_balancing_ends(
    house: House, entity_id: str, service: str
) -> None:
    """It cannot start without balancing either."""
    car = await start(house)
    await press(house)
    await live(house, car, 3)
    await house.call("switch", service, entity_id)
    assert house.state(RESULT) == "interrupted"
    house.sent.clear()
    with pytest.raises(ServiceValidationError, match="Garage cannot be tested while"):
        await press(house)
    await live(house, car, 20)
    assert house.sent == []


async def test_it_ends_when_the_meter_is_lost(house: House) -> None:
    """It cannot start without the meter either."""
    car = await start(house)
    await press(house)
    await live(house, car, 3)
    await house.measure("unavailable")
    assert house.state(RESULT) == "meter_lost"
    with pytest.raises(ServiceValidationError, match="no current to be tested with"):
        await press(house)


async def test_a_current_set_by_hand_ends_it(house: House) -> None:
    """8 A set by hand are respected, and the test does not send 6 A."""
    car = await start(house)
    await press(house)
    await live(house, car, 30)
    house.number.show(8)
    await live(house, car, 3)
    assert house.state(RESULT) == "interrupted"
    assert house.state("sensor.garage_set_by_hand") == "8.0"


async def test_an_overload_that_lasts_ends_it(house: House) -> None:
    """At 10 A on its way up, the house takes 25 A; the car follows after 2.5 s."""
    car = await start(house)
    await press(house)
    while house.sent[-1:] != [10]:
        await live(house, car, 1)
    await live(house, car, 6)
    await live(house, car, 4, base_a=25)
    assert house.state(RESULT) == "overload"


async def test_other_chargers_go_on(house: House) -> None:
    """One charger is tested; the other one keeps its 6 A."""
    await house.put_up_second()
    house.number.show(10)
    house.second_number.show(6)
    cars = [Car(house.hass, number) for number in (NUMBER, SECOND_NUMBER)]
    await house.measure(26)
    chargers = [CHARGER | {"max_current_a": 10.0}, SECOND_CHARGER]
    await house.set_up(chargers=[chargers[0], chargers[1] | {"max_current_a": 6.0}])
    await house.live(20, 10, *cars)
    await press(house)
    await house.live(120, 10, *cars)
    assert house.state(RESULT) == "passed"
    assert house.state("sensor.garage_2_test_result") == "not_tested"
    assert set(house.second.sent) == {6}


async def test_a_running_test_cannot_be_started_again(house: House) -> None:
    """The button raises an error."""
    await start(house)
    await press(house)
    with pytest.raises(ServiceValidationError, match="is being tested already"):
        await press(house)


async def test_it_ends_when_the_circuit_meter_is_lost(house: House) -> None:
    """The supply's meter still reports."""
    house.number.show(10)
    car = Car(house.hass, NUMBER)
    await house.set_state("sensor.garage_meter", 12, "A")
    await house.measure(20)
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
        await house.set_state("sensor.garage_meter", car.draw_a, "A")
        await house.measure(10 + car.draw_a)
    await press(house)
    await house.wait(1)
    assert house.state(RESULT) == "testing"
    await house.set_state("sensor.garage_meter", "unavailable")
    assert house.state(RESULT) == "meter_lost"
