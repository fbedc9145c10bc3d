"""What was restored at a start of Home Assistant is no reading and no person."""

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
import pytest

from ..homes.house import (
    ACTIONS,
    CHARGER,
    DRAW,
    METER,
    METERS,
    NUMBER,
    SWITCH,
    THREE_PHASES,
    Car,
    House,
)

LIMITED_BY = "sensor.garage_limited_by"
BY_HAND = "sensor.garage_set_by_hand"
SUPPLY_25_A = {"limit_a": 25.0}


async def end_start(hass: HomeAssistant) -> None:
    """Home Assistant is up."""
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()


@pytest.mark.parametrize("restored_a", [0, 5])
async def test_a_restored_meter_raises_nothing(
    hass: HomeAssistant, house: House, restored_a: float
) -> None:
    """It shows the night before; the house takes 22 A by now, and tells after 2 minutes."""
    hass.set_state(CoreState.starting)
    house.number.show(0)
    await house.measure(restored_a)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    await house.wait(10)
    await end_start(hass)
    house.number.show(0)
    await house.wait(1000)
    assert max(house.sent, default=0) == 0
    assert house.state(LIMITED_BY) == "meter_doubted"
    car = Car(hass, NUMBER)
    await house.live(60, 22, car)
    assert max(house.sent, default=0) == 0
    assert house.state(LIMITED_BY) == "below_minimum"
    await house.live(40, 4, car)
    assert car.draw_a > 0


async def test_one_phase_that_has_not_spoken_is_enough(
    hass: HomeAssistant, house: House
) -> None:
    """L3 is restored by an integration that reaches its device later."""
    hass.set_state(CoreState.starting)
    house.number.show(0)
    await house.measure(4, 4, 4)
    await house.set_up(supply=THREE_PHASES)
    await end_start(hass)
    for _ in range(200):
        await house.wait(1)
        for meter in METERS[:2]:
            await house.set_state(meter, 4, "A")
    assert max(house.sent, default=0) == 0
    await house.set_state(METERS[2], 4, "A")
    await house.wait(40)
    assert house.sent[-1] >= 6


async def test_the_meter_of_a_circuit_has_to_speak_too(
    hass: HomeAssistant, house: House
) -> None:
    """That of the supply reports every second."""
    hass.set_state(CoreState.starting)
    house.number.show(0)
    await house.measure(4)
    await house.set_state("sensor.garage_meter", 0, "A")
    circuit = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": "sensor.garage_meter"}
    await house.set_up(charger={"circuit": "garage"}, circuits={"garage": circuit})
    await end_start(hass)
    car = Car(hass, NUMBER)
    await house.live(200, 4, car)
    assert max(house.sent, default=0) == 0
    await house.set_state("sensor.garage_meter", 0.1, "A")
    await house.live(40, 4, car)
    assert house.sent[-1] >= 6


async def test_a_charger_of_unknown_current_is_not_started(
    hass: HomeAssistant, house: House
) -> None:
    """It is driven by actions, and 22 of 25 A flow although the meter shows 4 A."""
    calls = []

    async def take(call: object) -> None:
        calls.append(call)

    hass.services.async_register("test", "set_current", take)
    hass.set_state(CoreState.starting)
    await house.measure(4)
    await house.set_up(supply=SUPPLY_25_A, chargers=[ACTIONS])
    await end_start(hass)
    await house.wait(200)
    assert calls == []
    await house.measure(4)
    assert len(calls) == 1


@pytest.mark.parametrize("real_a", [6, 10])
async def test_the_truth_after_a_restored_number_is_not_set_by_hand(
    hass: HomeAssistant, house: House, real_a: float
) -> None:
    """It shows 16 A, and 40 s later what has been true all along."""
    hass.set_state(CoreState.starting)
    house.number.show(16)
    await house.measure(4 + real_a)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    await end_start(hass)
    for _ in range(40):
        await house.wait(1)
        await house.measure(4 + real_a)
    assert house.sent == []
    house.number.show(real_a)
    await house.live(120, 4, Car(hass, NUMBER))
    assert house.state(BY_HAND) == "unknown"
    assert house.state(NUMBER) == "16.0"


async def test_a_number_that_says_nothing_is_believed_after_two_minutes(
    hass: HomeAssistant, house: House
) -> None:
    """It is sent then, as nobody knows what the charger does. Later, 12 A are the truth.

    The next change by itself is one at the charger, and is respected.
    """
    hass.set_state(CoreState.starting)
    house.number.show(16)
    await house.measure(20)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    await end_start(hass)
    car = Car(hass, NUMBER)
    await house.live(119, 4, car)
    assert house.sent == []
    await house.live(20, 4, car)
    assert house.sent == [16]
    house.number.show(12)
    await house.live(30, 4, car)
    assert house.state(NUMBER) == "16.0"
    assert house.state(BY_HAND) == "unknown"
    house.number.show(10)
    await house.live(30, 4, car)
    assert house.state(BY_HAND) == "10.0"


async def test_a_restored_number_is_lowered_all_the_same(
    hass: HomeAssistant, house: House
) -> None:
    """16 A beside 12 A in a supply of 25 A, while Home Assistant still starts."""
    hass.set_state(CoreState.starting)
    house.number.show(16)
    await house.measure(28)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    assert house.sent == [13]


@pytest.mark.parametrize(
    ("shown_a", "on", "measured", "sent_a"),
    [
        (16, False, False, 0),
        (16, False, True, 0),
        (0, True, False, 0),
        (0, True, True, 0),
        (6, True, False, 0),
        (6, True, True, 6),
    ],
)
async def test_less_than_a_car_takes_was_restored(
    hass: HomeAssistant,
    house: House,
    shown_a: float,
    on: bool,
    measured: bool,
    sent_a: float,
) -> None:
    """It takes 16 A beside 14 A in a supply of 25 A, and its switch or number shows less.

    That is sent at once. It may be measured that the car takes more.
    """
    hass.set_state(CoreState.starting)
    house.number.show(shown_a)
    house.switch.show(on=on)
    charger = {"max_current_a": 16.0, "switch_entity": SWITCH}
    if measured:
        await house.set_state(DRAW, 16, "A")
        charger["draw_entity"] = DRAW
    await house.measure(30)
    await house.set_up(supply=SUPPLY_25_A, charger=charger)
    assert house.sent == [sent_a]
    await house.wait(1)
    if measured:
        await house.set_state(DRAW, sent_a, "A")
    await house.measure(14 + sent_a)
    await end_start(hass)
    await house.wait(50)
    assert house.sent == [sent_a]


async def test_a_restored_draw_frees_nothing_for_others(
    hass: HomeAssistant, house: House
) -> None:
    """It shows 16 A of yesterday; the car takes nothing, and the house 22 of 25 A."""
    hass.set_state(CoreState.starting)
    await house.put_up_second()
    house.number.show(16)
    house.second_number.show(0)
    await house.set_state(DRAW, 16, "A")
    await house.measure(22)
    first = CHARGER | {"max_current_a": 16.0, "draw_entity": DRAW}
    second = CHARGER | {"number_entity": "number.wallbox_2_current"}
    await house.set_up(supply=SUPPLY_25_A, chargers=[first, second])
    await end_start(hass)
    house.number.show(16)
    house.second_number.show(0)
    for _ in range(60):
        await house.wait(1)
        await house.measure(22)
    assert max(house.second.sent, default=0) == 0


async def test_a_site_that_is_reloaded_later_begins_with_what_it_finds(
    hass: HomeAssistant, house: House
) -> None:
    """A meter that reports changes only was silent for an hour."""
    house.number.show(0)
    await house.measure(4)
    await house.wait(3600)
    await house.set_up()
    assert hass.states.get(METER) is not None
    await house.wait(40)
    assert house.sent[-1] >= 6


@pytest.mark.parametrize("late_s", [5, 60])
async def test_what_a_charger_has_is_known_once_it_shows(
    hass: HomeAssistant, house: House, late_s: int
) -> None:
    """It comes after the start, in an overload: 10 A fit beside 15 of 25 A."""
    hass.set_state(CoreState.starting)
    house.number.show(16)
    car = Car(hass, NUMBER)
    house.number.show_available(False)
    await house.measure(20)
    await house.set_up(supply=SUPPLY_25_A, charger={"max_current_a": 16.0})
    await house.live(20, 4, car)
    await end_start(hass)
    await house.live(20, 4, car)
    await house.live(late_s, 15, car)
    house.number.show_available(True)
    reported_a = await house.live(30, 15, car)
    assert house.sent == [10]
    assert reported_a[2] <= 25
