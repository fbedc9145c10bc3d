"""Overloads, from the meter to the chargers and the events."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant

from ..homes.house import THREE_PHASES, Car, House, PolledMeter

OVERLOAD = "binary_sensor.home_overload"
STATE = "sensor.home_balancer_state"


async def overload(house: House, *, charger_a: float = 26) -> None:
    """Overload a supply of 32 A with 36 A, of which the charger draws 26 A."""
    house.number.show(charger_a)
    await house.measure(30)
    await house.set_up()
    await house.wait(6)
    await house.measure(30)
    house.sent.clear()
    await house.measure(36)


async def test_an_overload_is_corrected_though_the_meter_stays_silent(
    house: House, wait: Callable[[float], Awaitable[None]]
) -> None:
    """36 A on 32 A lower the charger from 26 A to 22 A, and only once."""
    house.number.show(26)
    await house.measure(30)
    await house.set_up()
    assert house.state("sensor.garage_current_set") == "26.0"
    await house.measure(36)
    await wait(7)
    assert house.sent == [26.0, 22.0]
    assert house.state("binary_sensor.home_overload") == "on"
    await wait(10)
    assert house.sent == [26.0, 22.0]
    await house.measure(32)
    assert house.state("binary_sensor.home_overload") == "off"


async def test_no_timer_runs_while_there_is_no_overload(house: House) -> None:
    """Only the repetition of the command is due for a charger at its maximum."""
    house.number.show(16)
    await house.measure(20)
    await house.set_up(charger={"max_current_a": 16.0})
    await house.wait(10)
    await house.measure(20)
    await house.wait(400)
    assert all(seconds > 60 for seconds in house.timers)


async def test_an_overload_starts_the_trigger_delay(house: House) -> None:
    """At 36 A, the only timer is due in 2 s."""
    house.number.show(0)
    await house.measure(20)
    await house.set_up(charger={"max_current_a": 0.0, "min_current_a": 1.0})
    await house.wait(10)
    await house.measure(36)
    assert house.timers == [2.0]
    assert house.state(OVERLOAD) == "on"
    assert house.state(STATE) == "overload"


async def test_an_overload_that_lasts_is_corrected_every_interval(house: House) -> None:
    """A polled meter is polled after 2 s, 7 s and 12 s; its value never changes."""
    meter = PolledMeter()
    await house.put_up_meter(meter)
    meter.show(10)
    await house.set_up(supply={"meter_l1": "sensor.polled_meter"})
    await house.wait(10)
    meter.show(40)
    started_at = house.hass.loop.time()
    asked_at = []
    for _ in range(130):
        await house.wait(0.1)
        if meter.asked:
            meter.asked = 0
            asked_at.append(round(house.hass.loop.time() - started_at))
    assert asked_at == [2, 7, 12]


async def test_the_timers_end_when_the_overload_clears(house: House) -> None:
    """Back at 20 A, the correction loop has no timer."""
    house.number.show(0)
    await house.measure(20)
    await house.set_up(charger={"max_current_a": 0.0, "min_current_a": 1.0})
    await house.wait(10)
    await house.measure(36)
    await house.wait(8)
    assert house.timers == [4.0]
    await house.measure(20)
    assert all(seconds > 60 for seconds in house.timers)
    assert house.state(OVERLOAD) == "off"


async def test_the_timers_end_when_the_site_is_unloaded(
    hass: HomeAssistant, house: House
) -> None:
    """It is unloaded during the trigger delay, and in the correction loop."""
    for seconds in (1, 8):
        await overload(house)
        await house.wait(seconds)
        assert house.timers
        entry = hass.config_entries.async_entries("load_sharing")[0]
        assert await hass.config_entries.async_unload(entry.entry_id)
        await hass.async_block_till_done()
        assert house.timers == []
        await hass.config_entries.async_remove(entry.entry_id)


async def test_a_transient_is_no_overload(house: House) -> None:
    """36 A for 1.5 s lower the charger at once, but there is no event."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(1.5)
    await house.measure(30)
    await house.wait(20)
    assert event_states == []
    assert house.sent[0] == 22


async def test_an_overload_is_reported_from_beginning_to_end(house: House) -> None:
    """It is detected and corrected after 2 s, and cleared when the meter shows it."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(6)
    await house.measure(32)
    types = [state.attributes["event_type"] for state in event_states]
    assert types == ["detected", "corrected", "cleared"]
    detected, corrected, cleared = [state.attributes for state in event_states]
    assert detected["limit_a"] == 32
    assert detected["excess_a"] == 4
    assert detected["duration_s"] == 2
    assert detected["service_current_a"] == 36
    assert detected["phase"] == "l1"
    assert detected["available_current_a"] == 22
    assert corrected["charger"] == "Garage"
    assert corrected["previous_current_a"] == 26
    assert corrected["current_a"] == 22
    assert cleared["duration_s"] == 6
    assert cleared["excess_a"] == 0


async def test_an_overload_clears_when_it_is_no_longer_watched(
    house: House,
) -> None:
    """An automation must not wait once the meter is lost or balancing is off."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(6)
    await house.measure("unavailable")
    assert [state.attributes["event_type"] for state in event_states][-1] == "cleared"
    await house.measure(40)
    await house.wait(4)
    assert [state.attributes["event_type"] for state in event_states][3] == "detected"
    await house.switch_balancing(on=False)
    assert [state.attributes["event_type"] for state in event_states][-1] == "cleared"


async def test_an_overload_that_leaves_too_little_stops_charging(house: House) -> None:
    """28 A of other load leave 4 A, less than the minimum of 6 A."""
    event_states = house.listen_overload()
    await overload(house)
    await house.measure(54)
    await house.wait(3)
    types = [state.attributes["event_type"] for state in event_states]
    assert types == ["detected", "corrected", "charging_stopped"]
    assert event_states[-1].attributes["previous_current_a"] == 22
    assert event_states[-1].attributes["current_a"] == 0
    assert house.sent[-1] == 0


async def test_corrections_without_effect_step_the_charger_down(
    house: House,
) -> None:
    """The meter keeps showing 36 A, whatever the charger is sent."""
    await overload(house)
    for _ in range(40):
        await house.wait(1)
        await house.measure(36)
    assert house.sent[-1] == 0
    assert house.sent == sorted(house.sent, reverse=True)


async def test_the_worst_phase_is_named(house: House) -> None:
    """L2 is overloaded, so the event names L2."""
    event_states = house.listen_overload()
    house.number.show(16)
    await house.measure(18, 20, 16)
    await house.set_up(supply=THREE_PHASES, charger={"phases": ["l1", "l2", "l3"]})
    await house.wait(6)
    await house.measure(18, 38, 16)
    await house.wait(3)
    assert event_states[0].attributes["phase"] == "l2"
    assert event_states[0].attributes["service_current_a"] == 38
    assert house.sent[-1] == 10


async def test_a_slow_charger_is_not_lowered_twice(house: House) -> None:
    """It follows from 26 A to 22 A after 5 s, while the meter reports every second."""
    house.number.show(26)
    car = Car(house.hass, house.number.entity_id, lag_s=4.9)
    await house.measure(4 + car.draw_a)
    await house.set_up()
    await house.live(10, 4, car)
    house.sent.clear()
    seen_a = await house.live(12, 10, car)
    assert house.sent == [22.0]
    assert seen_a[-1] == 32


async def test_a_shorter_interval_counts_at_once(house: House) -> None:
    """The correction that was due in 60 s is due in 1 s."""
    await overload(house)
    await house.tune("number.home_overload_correction_interval", 60)
    await house.wait(3)
    assert min(house.timers) > 2
    await house.tune("number.home_overload_correction_interval", 1)
    assert min(house.timers) <= 1


async def test_an_overload_that_a_reload_cuts_short_is_reported_as_cleared(
    hass: HomeAssistant, house: House
) -> None:
    """It was detected before the reload; what comes afterwards is another one."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(5)
    reported = [state.attributes["event_type"] for state in event_states]
    assert reported == ["detected", "corrected"]
    entry = hass.config_entries.async_entries("load_sharing")[0]
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    # The entity is restored with its last event after the reload.
    times = {state.state: state.attributes["event_type"] for state in event_states[2:]}
    assert [*times.values()] == ["cleared"]
    assert event_states[-1].attributes["duration_s"] == 5.0


async def test_an_overload_that_was_not_reported_is_not_cleared(
    hass: HomeAssistant, house: House
) -> None:
    """A reload in its first second, before it is detected, reports nothing."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(1)
    entry = hass.config_entries.async_entries("load_sharing")[0]
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert event_states == []


async def test_an_overload_when_home_assistant_stops_is_reported_as_cleared(
    hass: HomeAssistant, house: House
) -> None:
    """Otherwise it would be shown as lasting after the next start."""
    event_states = house.listen_overload()
    await overload(house)
    await house.wait(5)
    await hass.async_stop()
    events = [state.attributes["event_type"] for state in event_states]
    assert events == ["detected", "corrected", "cleared"]
