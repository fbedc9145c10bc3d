"""Load sharing in Home Assistant: from the burner to the valve and back."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
import pytest

from ..homes.radiators import BURNER, EVENT, FLOW, ROOMS, STATE, RadiatorHouse


async def test_off_by_default(radiators: RadiatorHouse) -> None:
    """Whatever the boiler does, until somebody switches it on."""
    await radiators.set_up_heating(switched_on=False)
    await radiators.cool_down()
    await radiators.wait(120)
    assert radiators.state(STATE) == "disabled"
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.home_heating_cooldowns_today") == "1"


async def test_a_cooldown_opens_valves_and_the_end_of_the_call_gives_them_back(
    radiators: RadiatorHouse,
) -> None:
    """Lounge by its schedule, study by its setpoint, hall as a fallback."""
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
    """Opened for a quarter of an hour, with a warning in the log."""
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
    """Schedule tiers only, then off."""
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
    """At once."""
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
    """Also what is held already is given back."""
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
    """Its switch works at once."""
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
    """Switched off while its valve is ours."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    await radiators.call("climate", "set_hvac_mode", "climate.lounge", hvac_mode=mode)
    await radiators.wait(5)
    assert radiators.opening("lounge") == 0


async def test_the_events_tell_the_story(radiators: RadiatorHouse) -> None:
    """Activated, transitions, deactivated; each with its numbers."""
    heard = radiators.listen_sharing()
    await radiators.set_up_heating(
        rooms={key: ROOMS[key] for key in ("bath", "lounge")}
    )
    await radiators.cool_down()
    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    await radiators.wait(5)
    types = [state.attributes["event_type"] for state in heard]
    assert types == ["transition", "activated", "transition", "deactivated"]
    begun, ended = heard[1].attributes, heard[-1].attributes
    assert (begun["before"], begun["after"]) == ("inactive", "tier1_active")
    assert begun["reason"] == "cooldown"
    assert begun["rooms"] == ["Lounge"]
    assert begun["trigger_rooms"] == ["Bath"]
    assert 200 < begun["calling_capacity_w"] < 300
    assert ended["reason"] == "callers_stopped"
    assert ended["trigger_rooms"] == ["Bath"]
    assert radiators.state(EVENT) != "unknown"


async def test_an_edited_schedule_counts_at_once(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its entity is written when it is edited."""
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
    """Said once, and once again when it is back."""
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
    """Cooldowns and starts; sharing itself begins anew."""
    await radiators.set_up_heating()
    for _ in range(2):
        await radiators.cool_down()
        await radiators.wait(300)
    assert radiators.state("sensor.home_heating_cooldowns_today") == "2"
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    assert radiators.state("sensor.home_heating_cooldowns_today") == "2"
    assert radiators.state("sensor.home_heating_cooldowns_in_the_last_hour") == "2"
    assert radiators.state(BURNER) == "off"


async def test_a_new_day_has_no_cooldowns(radiators: RadiatorHouse) -> None:
    """Counted from midnight."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(18 * 3600 + 120)
    assert radiators.state("sensor.home_heating_cooldowns_today") == "0"
