"""The fallback of the chargers while the meter is lost."""

from homeassistant.core import HomeAssistant
import pytest

from ..homes.house import (
    CHARGER,
    METER,
    NUMBER,
    SECOND_CHARGER,
    SWITCH,
    THREE_PHASES,
    Car,
    House,
)

FALLBACK = "binary_sensor.home_without_the_meter"
STATE = "sensor.home_balancer_state"
EVENTS = (
    "load_sharing_meter_lost",
    "load_sharing_fallback_activated",
    "load_sharing_charging_resumed",
)


async def charge(house: House, charger_a: float = 20, **options: object) -> Car:
    """Charge, beside 4 A of other load."""
    house.number.show(charger_a)
    car = Car(house.hass, NUMBER)
    await house.measure(4 + charger_a)
    await house.set_up(options=dict(options))
    await house.live(6, 4, car)
    house.sent.clear()
    return car


@pytest.mark.usefixtures("all_enabled")
async def test_a_lost_meter_stops_the_charger_after_the_grace(house: House) -> None:
    """After 10 s charging stops; it resumes with the meter, and events report it all."""
    events = house.listen(*EVENTS)
    car = await charge(house)
    await house.measure("unavailable")
    assert house.state("binary_sensor.home_meter_problem") == "on"
    assert house.state("binary_sensor.home_overload") == "unknown"
    assert house.state("sensor.home_headroom") == "unknown"
    assert house.state("sensor.home_available_current") == "unknown"
    await house.wait(9.5)
    assert house.sent == []
    assert house.state(FALLBACK) == "off"
    await house.wait(1)
    assert house.sent == [0]
    assert house.state(FALLBACK) == "on"
    assert house.state(STATE) == "fallback"
    assert house.state("sensor.garage_limited_by") == "meter_lost"
    assert house.state("sensor.garage_last_change_because_of") == "meter_lost"
    await house.wait(300)
    await house.live(60, 4, car)
    assert house.sent[:2] == [0, 6]
    assert house.state(FALLBACK) == "off"
    assert [(event.event_type, dict(event.data)) for event in events] == [
        (EVENTS[0], {"site": "Home", "entity_id": METER, "reason": "unavailable"}),
        (
            EVENTS[1],
            {"site": "Home", "reason": "unavailable", "currents_a": {"Garage": 0.0}},
        ),
        (
            EVENTS[2],
            {
                "site": "Home",
                "charger": "Garage",
                "current_a": 6.0,
                "available_current_a": 28.0,
            },
        ),
    ]


async def test_a_short_loss_changes_nothing(house: House) -> None:
    """The meter is back within the grace period: only its loss is reported, and once."""
    events = house.listen(*EVENTS)
    car = await charge(house, charger_a=28)
    for _ in range(3):
        await house.measure("unavailable")
        await house.wait(8)
        await house.live(3, 4, car)
    assert house.sent == []
    assert [event.event_type for event in events] == [EVENTS[0]]


async def test_without_a_grace_the_fallback_is_immediate(house: House) -> None:
    """The grace period is 0 s."""
    await charge(house, grace_s=0.0)
    await house.measure("unavailable")
    assert house.sent == [0]


async def test_hold_keeps_the_current(house: House) -> None:
    """The charger keeps its 20 A, and never gets more."""
    await charge(house, meter_lost_action="hold")
    await house.measure("unavailable")
    await house.wait(600)
    assert set(house.sent) <= {20}
    assert house.state(NUMBER) == "20.0"
    assert house.state(FALLBACK) == "on"


async def test_hold_never_keeps_more_than_the_supply_could_give(house: House) -> None:
    """Two chargers of 20 A each are on a supply of 32 A, and their draw is unknown."""
    await house.put_up_second()
    house.number.show(20)
    house.second_number.show(20)
    await house.measure(10)
    await house.set_up(
        chargers=[CHARGER, SECOND_CHARGER], options={"meter_lost_action": "hold"}
    )
    await house.measure("unavailable")
    await house.wait(60)
    assert house.sent[-1] + house.second.sent[-1] <= 32


@pytest.mark.parametrize(
    ("charger_a", "fallback_a", "expected"),
    [(20, 8.0, [8]), (6, 8.0, []), (20, 5.0, [0])],
    ids=["lowered", "never raised", "below the minimum is a pause"],
)
async def test_set_current_never_raises(
    house: House, charger_a: float, fallback_a: float, expected: list[float]
) -> None:
    """8 A for a charger at 20 A or at 6 A, and 5 A."""
    await charge(
        house, charger_a, meter_lost_action="set_current", fallback_current_a=fallback_a
    )
    await house.measure("unavailable")
    await house.wait(15)
    assert house.sent == expected


async def test_a_stop_in_the_fallback_is_retried(house: House) -> None:
    """The charger cannot be reached for a minute either."""
    await charge(house)
    house.wallbox.failing = True
    await house.measure("unavailable")
    await house.wait(60)
    assert house.state(NUMBER) == "20.0"
    house.wallbox.failing = False
    await house.wait(31)
    assert house.sent == [0]


async def test_the_loss_of_one_phase_is_a_lost_meter(house: House) -> None:
    """L2 is lost: a single-phase charger on L1 stops, too."""
    house.number.show(10)
    await house.measure(10, 10, 10)
    await house.set_up(supply=THREE_PHASES)
    await house.set_state("sensor.meter_l2", "unavailable")
    await house.wait(11)
    assert house.sent[-1] == 0


async def test_the_remaining_phases_still_limit_a_held_charger(
    house: House,
) -> None:
    """L2 is lost; of 36 A on L1, 10 A are the charger's, which gets 6 A."""
    house.number.show(10)
    await house.measure(32, 10, 10)
    await house.set_up(
        supply=THREE_PHASES, options={"meter_lost_action": "hold", "grace_s": 10.0}
    )
    await house.wait(10)
    house.sent.clear()
    await house.set_state("sensor.meter_l2", "unavailable")
    await house.wait(20)
    assert house.sent == []
    await house.set_state(METER, 36, "A")
    assert house.sent == [6]
    await house.wait(20)
    await house.set_state(METER, 6, "A")
    await house.wait(60)
    assert house.sent == [6]
    assert house.state("sensor.garage_limited_by") == "meter_lost"


async def test_an_overload_ends_when_the_meter_is_lost(house: House) -> None:
    """Its timers are cancelled, and the fallback takes over."""
    event_states = house.listen_overload()
    await charge(house)
    await house.measure(36)
    await house.wait(3)
    await house.measure("unavailable")
    assert house.timers == [10.0]
    await house.wait(60)
    assert house.sent[-1] == 0
    assert house.state("binary_sensor.home_overload") == "unknown"
    assert [state.attributes["event_type"] for state in event_states][:1] == [
        "detected"
    ]


async def test_an_overload_after_the_loss_is_corrected(house: House) -> None:
    """The charger was held at 20 A, and the house takes 20 A by now."""
    car = await charge(house, meter_lost_action="hold")
    await house.measure("unavailable")
    await house.wait(60)
    seen_a = await house.live(10, 20, car)
    assert seen_a[-1] == 32
    assert house.sent[-1] == 12


async def test_each_loss_and_return_is_logged_once(
    hass: HomeAssistant, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The meter is unavailable, then unknown, then back; and again an hour later."""
    await charge(house)
    for _ in range(3):
        await house.measure("unavailable")
        await house.measure("unknown")
        await house.wait(2)
        await house.measure(24)
        await house.wait(3600)
    assert caplog.text.count("cannot be used") == 3
    assert caplog.text.count("the meter is back") == 3


@pytest.mark.parametrize("every_s", [3, 5, 10, 14])
async def test_a_meter_that_flaps_lets_the_car_charge(
    house: House, caplog: pytest.LogCaptureFixture, every_s: int
) -> None:
    """It is unavailable for a second every few seconds, and is reported once."""
    events = house.listen(*EVENTS)
    await house.measure(5)
    await house.set_up(supply={"limit_a": 25.0}, charger={"max_current_a": 16.0})
    car = Car(house.hass, NUMBER)
    for _ in range(150 // every_s):
        await house.live(every_s - 1, 5, car)
        await house.wait(1)
        await house.measure("unavailable")
    assert house.state(NUMBER) == "16.0"
    assert [*dict.fromkeys(house.sent)] == [0, 6, 10, 14, 16]
    assert caplog.text.count("cannot be used") == 1
    assert [event.event_type for event in events] == [EVENTS[0], EVENTS[2]]


async def test_a_meter_that_flaps_and_stays_away_is_reported_again(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """After the grace period, that is, when the chargers feel it."""
    events = house.listen(*EVENTS[:2])
    car = await charge(house)
    await house.measure("unavailable")
    await house.live(5, 4, car)
    await house.measure("unavailable")
    await house.wait(9)
    assert caplog.text.count("cannot be used") == 1
    await house.wait(2)
    assert caplog.text.count("cannot be used") == 2
    names = [event.event_type for event in events]
    assert [names.count(name) for name in EVENTS[:2]] == [2, 1]


async def test_a_site_without_chargers_shows_overloads(house: House) -> None:
    """It works with and without the meter."""
    await house.measure(36)
    await house.set_up(chargers=[])
    await house.wait(60)
    assert house.state("binary_sensor.home_overload") == "on"
    await house.measure("unavailable")
    await house.wait(60)
    assert house.state(FALLBACK) == "on"
    assert house.wallbox.tried == 0


async def test_a_charger_of_unknown_current_is_paused(house: House) -> None:
    """Neither its switch nor the meter is known at start-up.

    The fallback current might start a charger that was off.
    """
    house.switch.show(on=None)
    await house.set_up(
        charger={"switch_entity": SWITCH},
        options={"meter_lost_action": "set_current", "fallback_current_a": 8.0},
    )
    await house.wait(9)
    assert house.sent == []
    await house.wait(2)
    assert house.sent == [0]


CURRENT = "number.home_current_without_meter"
WAIT = "number.home_wait_without_the_meter"
SILENCE = "number.home_longest_meter_silence"


async def test_the_numbers_start_at_the_options_of_an_earlier_version(
    hass: HomeAssistant, house: House
) -> None:
    """They were asked for in a form; a number that is tuned outlasts a reload."""
    former = {"fallback_current_a": 7.5, "grace_s": 45.0, "max_age_s": 90.0}
    await charge(house, meter_lost_action="set_current", **former)
    numbers = (CURRENT, WAIT, SILENCE)
    assert [house.state(number) for number in numbers] == ["7.5", "45.0", "90.0"]
    await house.tune(WAIT, 20)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert [float(house.state(number)) for number in numbers] == [7.5, 20, 90]


async def test_the_numbers_have_defaults_in_a_new_site(
    hass: HomeAssistant, house: House
) -> None:
    """A new entry has none of the former options."""
    await house.measure(10)
    entry = await house.set_up()
    hass.config_entries.async_update_entry(entry, options={"meter_lost_action": "stop"})
    await hass.async_block_till_done()
    numbers = (CURRENT, WAIT, SILENCE)
    assert [float(house.state(number)) for number in numbers] == [6, 10, 0]


async def test_the_current_and_the_wait_apply_at_once(house: House) -> None:
    """The meter is lost for 5 s when 60 s of waiting become 3; then 12 A become 9."""
    await charge(house, meter_lost_action="set_current", grace_s=60.0)
    await house.tune(CURRENT, 12)
    await house.measure("unavailable")
    await house.wait(5)
    assert house.sent == []
    await house.tune(WAIT, 3)
    assert house.sent == [12]
    await house.tune(CURRENT, 9)
    assert house.sent == [12, 9]


async def test_the_longest_silence_applies_at_once_to_all_meters(house: House) -> None:
    """Supply and circuit have been silent for 40 s when 30 s are allowed, then 50."""
    house.number.show(10)
    await house.measure(20)
    await house.set_state("sensor.garage_meter", 12, "A")
    await house.set_up(
        charger={"circuit": "yard"},
        circuits={
            "yard": {
                "limit_a": 20.0,
                "phases": ["l1"],
                "meter_l1": "sensor.garage_meter",
            }
        },
    )
    problems = ("binary_sensor.home_meter_problem", "binary_sensor.yard_meter_problem")
    await house.wait(40)
    assert [house.state(problem) for problem in problems] == ["off", "off"]
    await house.tune(SILENCE, 30)
    assert [house.state(problem) for problem in problems] == ["on", "on"]
    await house.tune(SILENCE, 50)
    assert [house.state(problem) for problem in problems] == ["off", "off"]
    await house.wait(11)
    assert [house.state(problem) for problem in problems] == ["on", "on"]
