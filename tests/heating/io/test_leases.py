"""Actuators are given back despite user changes, errors, reloads and restarts."""

from datetime import timedelta
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from ...homes.radiators import BATH, HALL, LOUNGE, STUDY, RadiatorHouse

JOURNAL = "load_sharing.site.leases"
TWO = {"bath": BATH, "lounge": LOUNGE}


async def share(radiators: RadiatorHouse, **rooms: dict[str, Any]) -> Any:
    """Set up a site and start sharing, which opens the lounge's valve to 90 %."""
    entry = await radiators.set_up_heating(rooms=rooms or TWO)
    await radiators.cool_down()
    await radiators.wait(5)
    return entry


def journal(storage: dict[str, Any]) -> dict[str, Any]:
    """Content of the journal on disk."""
    data: dict[str, Any] = storage[JOURNAL]["data"]
    return data


async def test_the_journal_is_written_before_the_valve(
    radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """So a crash right after the call loses nothing."""
    journals: list[Any] = []
    original = radiators.valves["lounge"].async_set_native_value

    async def record(value: float) -> None:
        journals.append(hass_storage.get(JOURNAL, {}).get("data"))
        await original(value)

    radiators.valves["lounge"].async_set_native_value = record  # type: ignore[method-assign]
    await share(radiators)
    lounge = journals[0]["lounge"]
    assert (lounge["entity_id"], lounge["kind"]) == ("number.lounge_valve", "valve")
    assert (lounge["prior"], lounge["held"]) == (0.0, [90.0])


async def test_unloading_gives_everything_back(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It waits for that, and leaves no timer."""
    await share(radiators, bath=BATH, lounge=LOUNGE, study=STUDY)
    assert radiators.opening("lounge") == 90
    assert await hass.config_entries.async_unload("site")
    assert radiators.opening("lounge") == 0
    assert radiators.thermostats["study"].target_temperature == 16.0
    assert radiators.timers == []


async def test_stopping_home_assistant_gives_everything_back(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Home Assistant does not unload entries when it stops."""
    await share(radiators)
    await hass.async_stop(force=True)
    assert radiators.opening("lounge") == 0


async def test_an_unavailable_valve_is_given_back_when_it_returns(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Unavailable during unload, it stays in the journal until after the next start."""
    valve = radiators.valves["lounge"]
    await share(radiators)
    valve.show_available(False)
    assert await hass.config_entries.async_unload("site")
    kept = journal(hass_storage)["lounge"]
    assert (kept["entity_id"], kept["prior"]) == ("number.lounge_valve", 0.0)
    assert kept["held"] == [90.0]
    await hass.config_entries.async_setup("site")
    await radiators.switch_on(on=False)
    await radiators.wait(300)
    assert radiators.opening("lounge") == 90
    valve.show_available(True)
    await radiators.wait(10)
    assert radiators.opening("lounge") == 0


async def test_a_valve_moved_by_a_person_is_left_alone(
    radiators: RadiatorHouse,
) -> None:
    """It stays at 30 % until the schedule's next edge at 06:40."""
    await share(radiators)
    valve = radiators.valves["lounge"]
    await radiators.wait(120)
    valve.sent.clear()
    valve.show(30, user_id="person")
    await radiators.wait(5)
    assert radiators.state("sensor.lounge_reason") == "yielded"
    await radiators.wait(30 * 60)
    assert radiators.opening("lounge") == 30
    assert valve.sent == []
    await radiators.wait(10 * 60)
    assert radiators.state("sensor.lounge_reason") != "yielded"


async def test_a_person_may_set_the_value_from_before_the_lease(
    radiators: RadiatorHouse,
) -> None:
    """0 % set by a person is not an actuator that fell back to it."""
    await share(radiators)
    await radiators.wait(120)
    radiators.valves["lounge"].show(0, user_id="person")
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "yielded"


async def test_a_room_without_a_schedule_is_left_alone_for_two_hours(
    radiators: RadiatorHouse,
) -> None:
    """There is no schedule edge to wait for."""
    radiators.show("hall", target_c=18.0)
    await share(radiators, bath=BATH, hall=HALL)
    await radiators.wait(60)
    radiators.valves["hall"].show(20, user_id="person")
    await radiators.wait(119 * 60)
    assert radiators.state("sensor.hall_reason") == "yielded"
    await radiators.wait(3 * 60)
    assert radiators.state("sensor.hall_reason") != "yielded"


async def test_a_person_is_seen_although_the_clock_was_set_back(
    radiators: RadiatorHouse,
) -> None:
    """The change is dated an hour before our write, and comes after it."""
    await share(radiators, bath=BATH, hall=HALL, lounge=LOUNGE)
    await radiators.wait(120)
    radiators.set_wall_clock(timedelta(minutes=-30))
    radiators.valves["lounge"].show(0, user_id="person")
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "yielded"


async def test_a_room_is_left_alone_no_longer_than_two_hours_from_now(
    radiators: RadiatorHouse,
) -> None:
    """The clock is set back by an hour, ten minutes after a person moved the valve."""
    radiators.show("hall", target_c=18.0)
    await share(radiators, bath=BATH, hall=HALL)
    await radiators.wait(60)
    radiators.valves["hall"].show(20, user_id="person")
    await radiators.wait(600)
    radiators.set_wall_clock(timedelta(hours=-1))
    await radiators.wait(119 * 60)
    assert radiators.state("sensor.hall_reason") == "yielded"
    await radiators.wait(3 * 60)
    assert radiators.state("sensor.hall_reason") != "yielded"


async def test_a_raised_thermostat_changed_at_the_device_is_left_alone(
    radiators: RadiatorHouse,
) -> None:
    """It stays at 19 °C."""
    await share(radiators, bath=BATH, study=STUDY)
    study = radiators.thermostats["study"]
    assert study.target_temperature == 22.0
    await radiators.wait(60)
    study.show(target_c=19.0)
    await radiators.wait(60)
    assert study.target_temperature == 19.0
    assert radiators.state("sensor.study_reason") == "yielded"


async def test_a_held_room_is_judged_by_its_own_target(
    radiators: RadiatorHouse,
) -> None:
    """Its thermostat heats only because its setpoint was raised."""
    await share(radiators, bath=BATH, study=STUDY)
    assert radiators.thermostats["study"].target_temperature == 22.0
    await radiators.wait(120)
    assert radiators.state("binary_sensor.study_calls_for_heat") == "off"
    assert radiators.state("sensor.study_below_target_by") == "-2.0"


async def test_a_setpoint_is_given_back_at_the_current_scheduled_target(
    radiators: RadiatorHouse,
) -> None:
    """A block of 21 °C began while it was held at 23 °C instead of 16 °C."""
    study = STUDY | {"schedule_entity": "schedule.lounge"}
    await share(radiators, bath=BATH, study=study)
    assert radiators.thermostats["study"].target_temperature == 23.0
    await radiators.wait(40 * 60)
    assert radiators.state("sensor.study_reason") == "calling"
    assert radiators.thermostats["study"].target_temperature == 21.0


async def test_a_call_that_fails_is_retried_and_reported(
    hass: HomeAssistant, radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged once, and there is a repair while it lasts."""
    valve = radiators.valves["lounge"]
    valve.failing = True
    await share(radiators)
    await radiators.wait(60)
    assert radiators.state("binary_sensor.lounge_valve_problem") == "on"
    assert caplog.text.count("the valve does not answer") == 1
    issues = ir.async_get(hass)
    assert issues.async_get_issue("load_sharing", "valve_problem_site_lounge")
    valve.failing = False
    await radiators.wait(90)
    assert radiators.opening("lounge") == 90
    assert radiators.state("binary_sensor.lounge_valve_problem") == "off"
    assert not issues.async_get_issue("load_sharing", "valve_problem_site_lounge")


async def test_a_write_that_raises_anything_is_a_failed_write(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """It is reported in one readable line, and retried."""
    valve = radiators.valves["lounge"]
    valve.failing, valve.error = True, IndexError("list index out of range")
    await share(radiators)
    await radiators.wait(60)
    assert caplog.text.count("IndexError: list index out of range") == 1
    assert "Traceback" not in caplog.text
    valve.failing = False
    await radiators.wait(90)
    assert radiators.opening("lounge") == 90


async def test_a_valve_that_does_not_follow_is_written_again(
    radiators: RadiatorHouse,
) -> None:
    """It was opened, and then misses the command to shut again."""
    valve = radiators.valves["lounge"]
    await share(radiators)
    valve.deaf = True
    await radiators.switch_on(on=False)
    await radiators.wait(240)
    assert valve.sent == [90, 0, 0, 0]
    assert radiators.state("binary_sensor.lounge_valve_problem") == "on"
    valve.deaf = False
    await radiators.wait(200)
    assert radiators.opening("lounge") == 0
    assert radiators.state("binary_sensor.lounge_valve_problem") == "off"


async def test_a_failing_valve_does_not_affect_other_rooms(
    radiators: RadiatorHouse,
) -> None:
    """The lounge's valve fails, the study's setpoint is raised."""
    radiators.valves["lounge"].failing = True
    await share(radiators, bath=BATH, lounge=LOUNGE, study=STUDY)
    assert radiators.thermostats["study"].sent == [22.0]


async def test_a_removed_site_leaves_no_file(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """Its valves are given back first."""
    await share(radiators)
    await hass.config_entries.async_remove("site")
    await hass.async_block_till_done()
    assert radiators.opening("lounge") == 0
    assert JOURNAL not in hass_storage
    assert "load_sharing.site" not in hass_storage


async def test_cycling_protection_lowers_and_restores_the_setpoint(
    radiators: RadiatorHouse,
) -> None:
    """From 55 °C to 30 °C, until the flow has cooled to 45 °C."""
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, switched_on=False
    )
    await radiators.cool_down()
    await radiators.wait(2)
    assert radiators.setpoint.native_value == 30
    assert radiators.state("binary_sensor.home_heating_cooling_down") == "on"
    await radiators.set_state("sensor.flow", 44, "°C")
    await radiators.wait(2)
    assert radiators.setpoint.native_value == 55
    assert radiators.state("binary_sensor.home_heating_cooling_down") == "off"


async def test_a_setpoint_that_is_changed_meanwhile_is_kept(
    radiators: RadiatorHouse,
) -> None:
    """A person sets 48 °C while the boiler cools down."""
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, switched_on=False
    )
    await radiators.cool_down()
    await radiators.wait(60)
    radiators.setpoint.show(48, user_id="person")
    await radiators.wait(60)
    assert radiators.state("binary_sensor.home_heating_cooling_down") == "off"
    await radiators.set_state("sensor.flow", 40, "°C")
    await radiators.wait(2)
    assert radiators.setpoint.native_value == 48


async def test_a_reload_during_a_cooldown_restores_the_setpoint(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It must not stay at 30 °C."""
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, switched_on=False
    )
    await radiators.cool_down()
    await radiators.wait(2)
    assert radiators.setpoint.native_value == 30
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await radiators.wait(5)
    assert radiators.setpoint.native_value == 55


async def test_a_valve_taken_over_is_left_alone_after_a_reload_too(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It stays at 25 % until the schedule's next edge at 06:40."""
    await share(radiators)
    await radiators.wait(60)
    radiators.valves["lounge"].show(25, user_id="person")
    await radiators.wait(5)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.state("sensor.lounge_reason") == "yielded"
    assert radiators.opening("lounge") == 25


async def test_a_thermostat_with_coarse_steps_is_given_back(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It rounds 22.5 °C to 22 °C or 23 °C, which is not a change by a person."""
    study = radiators.thermostats["study"]
    study._attr_target_temperature_step = 1
    study.show(room_c=18.0)
    await share(radiators, bath=BATH, study=STUDY | {"comfort_c": 20.5})
    assert study.target_temperature in (22.0, 23.0)
    await radiators.wait(300)
    assert radiators.state("sensor.study_reason") != "yielded"
    assert await hass.config_entries.async_unload("site")
    assert study.target_temperature == 16.0


async def test_a_valve_with_a_lower_maximum_is_written_once(
    radiators: RadiatorHouse,
) -> None:
    """90 % is wanted, but its maximum is 80 %."""
    valve = radiators.valves["lounge"]
    valve._attr_native_max_value = 80
    valve.show(0)
    await share(radiators)
    await radiators.wait(600)
    assert valve.sent == [80]
    assert radiators.state("binary_sensor.lounge_valve_problem") == "off"


async def test_a_value_set_after_a_takeover_is_kept(
    radiators: RadiatorHouse,
) -> None:
    """A person sets the thermostat, a block begins, and the person sets it again."""
    study = radiators.thermostats["study"]
    schedule = STUDY | {"schedule_entity": "schedule.lounge"}
    await share(radiators, bath=BATH, study=schedule)
    study.show(target_c=19.0)
    await radiators.wait(60)
    await radiators.wait(50 * 60)
    study.show(target_c=17.0)
    await radiators.cool_down()
    await radiators.wait(60)
    await radiators.switch_on(on=False)
    await radiators.wait(60)
    assert study.target_temperature == 17.0


async def test_the_commands_of_a_day_are_counted(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Two for an opening, also after a reload, and none after midnight."""
    await share(radiators)
    await radiators.switch_on(on=False)
    await radiators.wait(10)
    assert radiators.valves["lounge"].sent == [90, 0]
    assert radiators.state("sensor.lounge_commands_today") == "2"
    assert radiators.state("sensor.bath_commands_today") == "0"
    await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert radiators.state("sensor.lounge_commands_today") == "2"
    await radiators.wait(18 * 3600)
    assert radiators.state("sensor.lounge_commands_today") == "0"


async def test_a_head_that_slept_through_a_crash(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_storage: dict[str, Any]
) -> None:
    """It had not fetched our 90 % when Home Assistant died, and fetches it afterwards."""
    valve = radiators.valves["lounge"]
    valve.deaf = True
    await share(radiators)
    crashed = journal(hass_storage)
    assert crashed["lounge"]["confirmed"] is False
    await hass.config_entries.async_unload("site")
    hass_storage[JOURNAL]["data"] = {"lounge": crashed["lounge"]}
    await hass.config_entries.async_setup("site")
    await radiators.switch_on(on=False)
    await radiators.wait(300)
    valve.deaf = False
    valve.show(90)
    await radiators.wait(60)
    assert radiators.opening("lounge") == 0


async def test_a_bridge_that_restarts_shows_an_old_value_for_a_moment(
    radiators: RadiatorHouse,
) -> None:
    """Away for 20 s, at 50 % for five, and then at our 90 %: it is given back."""
    await share(radiators)
    valve = radiators.valves["lounge"]
    valve.show_available(False)
    await radiators.wait(20)
    valve._attr_native_value = 50
    valve.show_available(True)
    await radiators.wait(5)
    valve.show(90)
    await radiators.wait(60)
    assert radiators.state("sensor.lounge_reason") == "schedule"
    await radiators.warm_bath(22.2)
    await radiators.wait(600)
    assert radiators.opening("lounge") == 0
