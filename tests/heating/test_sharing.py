"""Load sharing in Home Assistant: from the burner to the valve and back."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from ..homes.radiators import BURNER, EVENT, FLOW, ROOMS, STATE, RadiatorHouse

COOLDOWNS = "sensor.home_heating_cooldowns_today"


async def test_off_by_default(radiators: RadiatorHouse) -> None:
    """A cooldown opens nothing until load sharing is switched on."""
    await radiators.set_up_heating(switched_on=False)
    await radiators.cool_down()
    await radiators.wait(120)
    assert radiators.state(STATE) == "disabled"
    assert radiators.opening("lounge") == 0
    assert radiators.state(COOLDOWNS) == "1"


async def test_a_cooldown_opens_valves_and_the_end_of_the_call_gives_them_back(
    radiators: RadiatorHouse,
) -> None:
    """The lounge's valve and the study's setpoint are raised, but the hall is warm."""
    await radiators.set_up_heating()
    assert radiators.state(STATE) == "inactive"
    assert radiators.state("sensor.home_heating_reason") == "no_evidence"
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.state("binary_sensor.home_heating_sharing") == "on"
    assert radiators.state("binary_sensor.home_heating_cycling") == "on"
    assert radiators.state(STATE) == "tier2_escalated"
    assert radiators.state("sensor.home_heating_shares_for") == "Bath"
    assert radiators.opening("lounge") == 90
    assert radiators.state("sensor.lounge_reason") == "schedule"
    assert radiators.state("sensor.lounge_tier") == "tier_1"
    assert radiators.state("sensor.lounge_valve_command") == "90"
    # 20 °C and off delta and boost, rounded to the thermostat's half degrees.
    assert radiators.thermostats["study"].sent == [22.0]
    # 18 °C is more than 16.5 °C: no fallback.
    assert radiators.opening("hall") == 0

    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    await radiators.wait(1)
    assert radiators.state(STATE) == "inactive"
    assert radiators.state("sensor.home_heating_reason") in (
        "callers_stopped",
        "no_call",
    )
    assert radiators.thermostats["study"].sent == [22.0, 16.0]
    assert radiators.state("sensor.lounge_reason") == "pump_overrun"
    assert radiators.opening("lounge") == 90
    await radiators.wait(200)
    assert radiators.opening("lounge") == 0
    assert radiators.valves["bath"].sent == []


async def test_a_fallback_times_out_and_is_locked_out(radiators: RadiatorHouse) -> None:
    """A fallback is open for 15 minutes, and a cooldown does not reopen it at once."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating(rooms={key: ROOMS[key] for key in ("bath", "hall")})
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("hall") == 70
    assert radiators.state("sensor.hall_reason") == "fallback"
    assert radiators.state("sensor.home_heating_tier_3_rooms") == "1"
    await radiators.wait(15 * 60)
    assert radiators.opening("hall") == 0
    assert radiators.state("sensor.hall_reason") == "locked_out"
    await radiators.cool_down()
    await radiators.wait(60)
    assert radiators.opening("hall") == 0


async def test_the_mode_limits_how_far_it_goes(radiators: RadiatorHouse) -> None:
    """Schedule tiers open no fallback, all tiers do, and off closes everything."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating()
    await radiators.choose("schedule_tiers")
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    assert radiators.opening("hall") == 0
    await radiators.choose("all_tiers")
    await radiators.wait(5)
    assert radiators.opening("hall") > 0
    await radiators.choose("off")
    await radiators.wait(5)
    assert radiators.state(STATE) == "disabled"
    assert radiators.opening("lounge") == radiators.opening("hall") == 0


async def test_switching_off_gives_everything_back(radiators: RadiatorHouse) -> None:
    """Valves and setpoints get their owner's values back at once."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    await radiators.switch_on(on=False)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    assert radiators.thermostats["study"].target_temperature == 16.0


async def test_shadow_mode_decides_and_shows_and_sends_nothing(
    radiators: RadiatorHouse,
) -> None:
    """Shadow mode gives held actuators back, and still shows what it decides."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    await radiators.switch_on("switch.home_heating_shadow_mode")
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_valve_command") == "90"
    assert radiators.state(STATE) == "tier2_escalated"
    sent = list(radiators.valves["lounge"].sent)
    await radiators.wait(120)
    assert radiators.valves["lounge"].sent == sent


async def test_a_room_that_does_not_take_part_is_left_alone(
    radiators: RadiatorHouse,
) -> None:
    """Switching off its participation releases a room at once."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    await radiators.switch_on("switch.lounge_takes_part", on=False)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "not_participating"


@pytest.mark.parametrize("mode", ["off", "cool"])
async def test_a_thermostat_that_is_not_heating_is_left_alone(
    radiators: RadiatorHouse, mode: str
) -> None:
    """A held valve is given back when its thermostat stops heating."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    await radiators.call("climate", "set_hvac_mode", "climate.lounge", hvac_mode=mode)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0


async def test_the_events_tell_the_story(radiators: RadiatorHouse) -> None:
    """Activation, transitions and deactivation have events with their numbers."""
    events = radiators.listen_sharing()
    await radiators.set_up_heating(
        rooms={key: ROOMS[key] for key in ("bath", "lounge")}
    )
    await radiators.cool_down()
    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    await radiators.wait(5)
    types = [state.attributes["event_type"] for state in events]
    assert types == ["transition", "activated", "transition", "deactivated"]
    started, ended = events[1].attributes, events[-1].attributes
    assert (started["before"], started["after"]) == ("inactive", "tier1_active")
    assert started["reason"] == "cooldown"
    assert started["rooms"] == ["Lounge"]
    assert started["trigger_rooms"] == ["Bath"]
    assert 200 < started["calling_capacity_w"] < 300
    assert ended["reason"] == "callers_stopped"
    assert ended["trigger_rooms"] == ["Bath"]
    assert radiators.state(EVENT) != "unknown"


async def test_an_edited_schedule_counts_at_once(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A room whose block is deleted is released without a reload."""
    await radiators.set_up_heating(
        rooms={key: ROOMS[key] for key in ("bath", "lounge")}
    )
    await radiators.cool_down()
    await radiators.wait(5)
    assert radiators.opening("lounge") == 90
    schedules = {"lounge": {"name": "Lounge", "monday": []}}
    with patch(
        "homeassistant.config.load_yaml_config_file",
        return_value={"schedule": schedules},
    ):
        await hass.services.async_call("schedule", "reload", {}, blocking=True)
    await hass.async_block_till_done()
    await radiators.wait(65)
    assert radiators.state("sensor.lounge_reason") == "not_scheduled"
    assert radiators.opening("lounge") == 0


async def test_a_boiler_that_tells_nothing_is_a_problem(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """The problem is logged once, and so is its end."""
    await radiators.set_up_heating()
    assert radiators.state("binary_sensor.home_heating_boiler_problem") == "off"
    await radiators.set_state(FLOW, "unavailable")
    await radiators.wait(180)
    assert radiators.state("binary_sensor.home_heating_boiler_problem") == "on"
    assert caplog.text.count("tell nothing") == 1
    await radiators.set_state(FLOW, 50, "°C")
    assert radiators.state("binary_sensor.home_heating_boiler_problem") == "off"
    assert caplog.text.count("are back") == 1


async def test_what_was_counted_survives_a_restart(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The cooldown counts are the same after a reload."""
    await radiators.set_up_heating()
    for _ in range(2):
        await radiators.cool_down()
        await radiators.wait(300)
    assert radiators.state(COOLDOWNS) == "2"
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert radiators.state(COOLDOWNS) == "2"
    assert radiators.state("sensor.home_heating_cooldowns_in_the_last_hour") == "2"
    assert radiators.state(BURNER) == "off"


async def test_a_cooldown_that_is_withdrawn_is_no_new_beginning_of_statistics(
    radiators: RadiatorHouse,
) -> None:
    """The count goes from 2 to 1; only midnight begins it anew."""
    await radiators.set_up_heating(control="tiers")
    await radiators.cool_down()
    await radiators.wait(300)
    await radiators.set_state(FLOW, 40, "°C")
    await radiators.set_state(BURNER, "on")
    await radiators.wait(100)
    await radiators.set_state(BURNER, "off")
    assert radiators.shown(COOLDOWNS).state == "2"
    await radiators.wait(20)
    radiators.setpoint.show(20)
    await radiators.wait(20)
    before = radiators.shown(COOLDOWNS)
    assert before.state == "1"
    assert before.attributes["state_class"] == "total"
    await radiators.wait(18 * 3600)
    after = radiators.shown(COOLDOWNS)
    assert after.attributes["last_reset"] > before.attributes["last_reset"]


async def test_a_new_day_has_no_cooldowns(radiators: RadiatorHouse) -> None:
    """Cooldowns are counted from midnight."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(18 * 3600 + 120)
    assert radiators.state(COOLDOWNS) == "0"
