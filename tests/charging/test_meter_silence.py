"""A meter that freezes at its last value is found without a number to enter."""

from datetime import timedelta

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
import pytest

from ..homes.house import METER, METERS, NUMBER, THREE_PHASES, Car, House

PROBLEM = "binary_sensor.home_meter_problem"
LEARNED = "sensor.home_learned_meter_silence"
LONGEST = "number.home_longest_meter_silence"
LOST = "load_sharing_meter_lost"
TO_6_A = {"meter_lost_action": "set_current"}
EXPORT = "sensor.meter_export"
CIRCUIT, CIRCUIT_PROBLEM = "sensor.garage_meter", "binary_sensor.garage_meter_problem"
HOUR_S = 3600


def report(house: House, value: float, *meters: str) -> None:
    """Report a value of each meter."""
    for meter in meters or (METER,):
        house.hass.states.async_set(meter, str(value), {"unit_of_measurement": "A"})


async def observe(
    house: House, hours: float, *meters: str, every_s: float = 12, value: float = 24
) -> None:
    """Let the meters report the same again and again, which is no change of state."""
    for _ in range(round(hours * HOUR_S / every_s)):
        house.freezer.tick(timedelta(seconds=every_s))
        report(house, value, *meters)
    await house.wait(0.1)


async def charge(house: House, **options: object) -> Car:
    """Charge with 20 A beside 4 A of other load."""
    house.number.show(20)
    car = Car(house.hass, NUMBER)
    await house.measure(24)
    await house.set_up(charger={"max_current_a": 20.0}, options=TO_6_A | options)
    await house.live(6, 4, car)
    house.sent.clear()
    return car


async def test_a_meter_that_freezes_is_lost_after_a_minute(house: House) -> None:
    """It reported every 12 s for a day, and then the oven is on.

    The car goes to its safe current, and is back once the meter is.
    """
    events = house.listen(LOST)
    car = await charge(house)
    await observe(house, 25)
    assert house.state(NUMBER) == "20.0"
    await house.live(20, 4, car)
    assert float(house.state(LEARNED)) == 60
    await house.wait(59)
    assert (house.state(PROBLEM), events) == ("off", [])
    await house.wait(1.1)
    assert house.state(PROBLEM) == "on"
    assert [dict(event.data) for event in events] == [
        {"site": "Home", "entity_id": METER, "reason": "stale"}
    ]
    await house.wait(9)
    assert house.state(NUMBER) == "20.0"
    await house.wait(1)
    assert house.state(NUMBER) == "6.0"
    await house.wait(2 * HOUR_S)
    await house.live(2, 4, car)
    assert house.state(PROBLEM) == "off"
    await house.live(60, 4, car)
    assert house.state(NUMBER) == "20.0"
    assert len(events) == 1
    # The two hours of the freeze are those of one day.
    assert float(house.state(LEARNED)) == 60


async def test_before_a_whole_day_a_silent_meter_is_believed(house: House) -> None:
    """23 hours are not enough to know a meter."""
    await charge(house)
    await observe(house, 23, every_s=29)
    assert house.state(LEARNED) == "unknown"
    await house.wait(12 * HOUR_S)
    assert (house.state(PROBLEM), house.state(NUMBER)) == ("off", "20.0")


async def test_a_number_replaces_what_was_learned(house: House) -> None:
    """300 s are waited for, until the number is 0 again."""
    await charge(house)
    await observe(house, 25)
    await house.tune(LONGEST, 300)
    report(house, 24)
    await house.wait(290)
    assert house.state(PROBLEM) == "off"
    await house.wait(11)
    assert house.state(PROBLEM) == "on"
    await house.measure(24)
    await house.tune(LONGEST, 0)
    await house.wait(61)
    assert house.state(PROBLEM) == "on"


async def test_a_restart_forgets_nothing(hass: HomeAssistant, house: House) -> None:
    """Neither the days nor the part of a day; the restart itself is no silence."""
    await charge(house)
    await observe(house, 13)
    for _ in range(2):
        await hass.config_entries.async_unload("site")
        await house.wait(HOUR_S)
        await hass.config_entries.async_setup("site")
        await hass.async_block_till_done()
        await observe(house, 6)
    await house.live(20, 24)
    assert float(house.state(LEARNED)) == 60
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert float(house.state(LEARNED)) == 60
    await house.wait(61)
    assert house.state(PROBLEM) == "on"


async def test_a_reload_does_not_trust_a_frozen_meter_again(
    hass: HomeAssistant, house: House
) -> None:
    """It was lost before, and is so at once."""
    await charge(house)
    await observe(house, 25)
    await house.wait(HOUR_S)
    assert house.state(PROBLEM) == "on"
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert house.state(PROBLEM) == "on"


async def test_quiet_nights_are_no_alarm(house: House) -> None:
    """A week of a meter that reports changes: by night it has none for 20 minutes."""
    events = house.listen(LOST)
    await charge(house)
    for _ in range(7):
        await observe(house, 22, every_s=29)
        for _ in range(6):
            await house.wait(1200)
            report(house, 24)
    await house.wait(20)
    assert (house.state(PROBLEM), events) == ("off", [])
    assert float(house.state(LEARNED)) == pytest.approx(6000, abs=5)
    await house.wait(6000)
    assert house.state(PROBLEM) == "on"


async def test_each_phase_has_its_own_pace(house: House) -> None:
    """L3 has no load and reports every ten minutes; L1 is found soon."""
    await house.measure(24, 4, 0)
    await house.set_up(supply=THREE_PHASES)
    for _ in range(6 * 25):
        await observe(house, 1 / 6, *METERS[:2], every_s=25, value=4)
        report(house, 0, METERS[2])
    await house.wait(20)
    assert float(house.state(LEARNED)) == pytest.approx(3000, abs=5)
    assert house.state(PROBLEM) == "off"
    for _ in range(27):
        report(house, 4, METERS[1])
        await house.wait(5)
    assert house.state(PROBLEM) == "on"
    report(house, 4, METERS[0])
    await house.wait(1)
    assert house.state(PROBLEM) == "off"


async def test_a_time_without_the_sensor_is_no_silence(house: House) -> None:
    """It is unavailable for an hour each day, which is another loss."""
    await charge(house)
    for _ in range(2):
        await observe(house, 13)
        await house.measure("unavailable")
        await house.wait(HOUR_S)
        await house.measure(24)
    await house.wait(20)
    assert float(house.state(LEARNED)) == 60


async def test_what_home_assistant_slept_through_is_no_silence(house: House) -> None:
    """It stood still for ten minutes, and the meter reports a second later."""
    events = house.listen(LOST)
    car = await charge(house)
    await observe(house, 25)
    await house.live(20, 4, car)
    house.freezer.tick(timedelta(seconds=600))
    await house.wait(1)
    assert house.state(PROBLEM) == "off"
    await house.live(5, 4, car)
    assert (house.state(PROBLEM), house.state(NUMBER)) == ("off", "20.0")
    assert events == []
    await observe(house, 25, every_s=29)
    assert float(house.state(LEARNED)) == 60
    await house.wait(61)
    assert house.state(PROBLEM) == "on"


async def test_the_sun_may_set(house: House) -> None:
    """An export of 0 is reported once, at dusk, and is true until dawn."""
    events = house.listen(LOST)
    supply = {"export_l1": EXPORT, "export_sign": "separate"}
    report(house, 0, EXPORT)
    await house.measure(4)
    await house.set_up(supply=supply)
    for _ in range(3):
        await observe(house, 13, METER, EXPORT, every_s=29, value=4)
        report(house, 0, EXPORT)
        await observe(house, 11, METER, every_s=29, value=4)
    await observe(house, 1, METER, EXPORT, value=4)
    assert (house.state(PROBLEM), events) == ("off", [])
    for _ in range(13):
        await observe(house, 1 / 300, METER, value=4)
    assert [event.data["entity_id"] for event in events] == [EXPORT]


async def test_a_slow_start_is_no_silence(hass: HomeAssistant, house: House) -> None:
    """The meter was restored, and Home Assistant needs three minutes to be up."""
    await charge(house)
    await observe(house, 25)
    await hass.config_entries.async_unload("site")
    hass.set_state(CoreState.starting)
    await hass.config_entries.async_setup("site")
    await house.wait(180)
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert house.state(PROBLEM) == "off"
    await house.wait(59)
    assert (house.state(PROBLEM), house.state(NUMBER)) == ("off", "20.0")
    await house.wait(1.5)
    assert house.state(PROBLEM) == "on"


async def test_the_meter_of_a_circuit_freezes_alone(house: House) -> None:
    """The charger goes to its safe current, although the supply's meter reports."""
    house.number.show(20)
    await house.measure(24)
    report(house, 20, CIRCUIT)
    await house.set_up(
        charger={"max_current_a": 20.0, "circuit": "garage"},
        circuits={"garage": {"limit_a": 25.0, "phases": ["l1"], "meter_l1": CIRCUIT}},
        options=TO_6_A,
    )
    await observe(house, 25, METER, CIRCUIT)
    for _ in range(4):
        await observe(house, 1 / 300)
    assert house.state(CIRCUIT_PROBLEM) == "off"
    for _ in range(3):
        await observe(house, 1 / 300)
    assert (house.state(CIRCUIT_PROBLEM), house.state(PROBLEM)) == ("on", "off")
    assert house.state(NUMBER) == "6.0"
