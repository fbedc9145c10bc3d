"""Shadow mode: decisions are shown, and nothing is sent."""

from ..homes.house import NUMBER, SWITCH, Car, House

SHADOW = "switch.home_shadow_mode"
DECIDED = "sensor.garage_current_decided"
CURRENT_SET = "sensor.garage_current_set"
RESUMED = "load_sharing_charging_resumed"


async def switch_shadow(house: House, *, on: bool = True) -> None:
    """Switch shadow mode on or off."""
    await house.call("switch", f"turn_{'on' if on else 'off'}", SHADOW)


async def start(house: House, charger_a: float = 20) -> Car:
    """Charge in shadow mode, beside 4 A of other load."""
    house.number.show(charger_a)
    car = Car(house.hass, NUMBER)
    await house.measure(4 + charger_a)
    await house.set_up(charger={"switch_entity": SWITCH})
    await switch_shadow(house)
    await house.live(5, 4, car)
    house.sent.clear()
    return car


async def test_decisions_are_shown_and_not_sent(house: House) -> None:
    """From 20 A it would send 24 A, in the overload 12 A, and then a pause."""
    event_states = house.listen_overload()
    car = await start(house)
    await house.live(40, 4, car)
    assert house.state(DECIDED) == "24.0"
    await house.live(30, 20, car)
    assert house.state(DECIDED) == "12.0"
    assert house.state("sensor.garage_limited_by") == "supply"
    await house.live(5, 40, car)
    assert house.state(DECIDED) == "0.0"
    assert house.sent == []
    assert house.state(NUMBER) == "20.0"
    assert house.state(SWITCH) == "on"
    assert house.state(CURRENT_SET) == "unknown"
    assert house.state("sensor.garage_power_set") == "unknown"
    types = [state.attributes["event_type"] for state in event_states]
    assert types == ["detected"]


async def test_decisions_follow_the_current_that_the_charger_shows(
    house: House,
) -> None:
    """30 A and 8 A set by hand are neither undone nor respected as a limit."""
    car = await start(house)
    house.number.show(30)
    await house.live(10, 10, car)
    assert house.state(DECIDED) == "22.0"
    house.number.show(8)
    await house.live(40, 10, car)
    assert house.state(DECIDED) == "12.0"
    assert house.state("sensor.garage_set_by_hand") == "unknown"
    assert house.sent == []


async def test_a_resumption_that_is_not_sent_is_not_reported(house: House) -> None:
    """A switch that was turned off stays off."""
    resumed = house.listen(RESUMED)
    car = await start(house)
    house.switch.show(on=False)
    await house.live(40, 4)
    assert house.state(DECIDED) == "6.0"
    assert house.state(SWITCH) == "off"
    assert resumed == []
    assert car.draw_a


async def test_leaving_it_starts_from_the_current_in_force(house: House) -> None:
    """The charger has 16 A by now, and 28 A of other load: it is paused at once."""
    car = await start(house)
    house.number.show(16)
    await house.live(10, 28, car)
    assert house.sent == []
    await switch_shadow(house, on=False)
    await house.wait(1)
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"
    assert house.state(CURRENT_SET) == "0.0"


async def test_it_survives_a_restart(house: House) -> None:
    """Nothing is sent at start-up either."""
    car = await start(house)
    assert await house.hass.config_entries.async_reload("site")
    await house.hass.async_block_till_done()
    await house.live(30, 4, car)
    assert house.state(SHADOW) == "on"
    assert house.sent == []


async def test_an_unconfirmed_stop_is_carried_through(house: House) -> None:
    """It fails as shadow mode is turned on, and is sent until it is confirmed."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up(charger={"switch_entity": SWITCH})
    await house.wait(6)
    house.wallbox.failing = True
    await house.measure(50)
    await house.wait(1)
    await switch_shadow(house)
    assert house.state(CURRENT_SET) == "0.0"
    await house.wait(10)
    house.wallbox.failing = False
    await house.wait(31)
    assert house.state(SWITCH) == "off"
    assert house.state(CURRENT_SET) == "unknown"
    house.sent.clear()
    await house.measure(4)
    await house.wait(60)
    assert house.sent == []


async def test_a_running_call_is_completed(house: House) -> None:
    """The command is not sent again."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up()
    await house.wait(6)
    house.sent.clear()
    house.wallbox.hanging = True
    await house.hang_meter(36)
    await house.hass.services.async_call(
        "switch", "turn_on", {"entity_id": SHADOW}, blocking=True
    )
    house.wallbox.hanging = False
    house.wallbox.released.set()
    await house.wait(60)
    assert house.sent == [16]


async def test_an_overload_retries_no_command(house: House) -> None:
    """A command that failed before shadow mode is not sent again."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up()
    await house.wait(6)
    house.sent.clear()
    house.wallbox.failing = True
    await house.measure(36)
    await house.wait(1)
    await switch_shadow(house)
    house.wallbox.failing = False
    await house.wait(120)
    assert house.sent == []
