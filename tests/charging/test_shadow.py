"""Shadow mode: decide and show, send nothing."""

from ..homes.house import NUMBER, SWITCH, Car, House

SHADOW = "switch.home_shadow_mode"
DECIDED = "sensor.garage_current_decided"
CURRENT_SET = "sensor.garage_current_set"
RESUMED = "load_sharing_charging_resumed"


async def shadow(house: House, *, on: bool = True) -> None:
    """Turn it on or off."""
    await house.call("switch", f"turn_{'on' if on else 'off'}", SHADOW)


async def start(house: House, charger_a: float = 20) -> Car:
    """A car charges beside 4 A of other load."""
    house.number.show(charger_a)
    car = Car(house.hass, NUMBER)
    await house.measure(4 + charger_a)
    await house.set_up(charger={"switch_entity": SWITCH})
    await shadow(house)
    await house.live(5, 4, car)
    house.sent.clear()
    return car


async def test_what_would_be_sent_is_shown_and_not_sent(house: House) -> None:
    """20 A found: first 24 A would be tried, in the overload 12 A, then a pause."""
    heard = house.listen_overload()
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
    types = [state.attributes["event_type"] for state in heard]
    assert types == ["detected"]


async def test_the_engine_goes_by_what_the_charger_has(house: House) -> None:
    """Somebody sets 30 A, then 8 A: neither is undone, nor respected as a ceiling."""
    car = await start(house)
    house.number.show(30)
    await house.live(10, 10, car)
    assert house.state(DECIDED) == "22.0"
    house.number.show(8)
    await house.live(40, 10, car)
    assert house.state(DECIDED) == "12.0"
    assert house.state("sensor.garage_set_by_hand") == "unknown"
    assert house.sent == []


async def test_a_pause_would_end_and_nobody_is_told_that_it_did(house: House) -> None:
    """A switch found off stays off."""
    resumed = house.listen(RESUMED)
    car = await start(house)
    house.switch.show(on=False)
    await house.live(40, 4)
    assert house.state(DECIDED) == "6.0"
    assert house.state(SWITCH) == "off"
    assert resumed == []
    assert car.draw_a


async def test_leaving_it_starts_over_with_what_is_found(house: House) -> None:
    """16 A by now, and 28 A of other load: a pause is sent at once."""
    car = await start(house)
    house.number.show(16)
    await house.live(10, 28, car)
    assert house.sent == []
    await shadow(house, on=False)
    await house.wait(1)
    assert house.sent == [0]
    assert house.state(SWITCH) == "off"
    assert house.state(CURRENT_SET) == "0.0"


async def test_it_lasts_over_a_restart(house: House) -> None:
    """Nothing is sent at the start either."""
    car = await start(house)
    assert await house.hass.config_entries.async_reload("site")
    await house.hass.async_block_till_done()
    await house.live(30, 4, car)
    assert house.state(SHADOW) == "on"
    assert house.sent == []


async def test_a_stop_on_its_way_is_carried_through(house: House) -> None:
    """It fails as shadow mode is turned on, and is sent until it is confirmed."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up(charger={"switch_entity": SWITCH})
    await house.wait(6)
    house.wallbox.failing = True
    await house.measure(50)
    await house.wait(1)
    await shadow(house)
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


async def test_a_call_that_runs_comes_to_its_end(house: House) -> None:
    """And what it was to change is not sent again."""
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


async def test_an_overload_hurries_nobody(house: House) -> None:
    """A command that was on its way to a charger that is away is not sent."""
    house.number.show(20)
    await house.measure(24)
    await house.set_up()
    await house.wait(6)
    house.sent.clear()
    house.wallbox.failing = True
    await house.measure(36)
    await house.wait(1)
    await shadow(house)
    house.wallbox.failing = False
    await house.wait(120)
    assert house.sent == []
