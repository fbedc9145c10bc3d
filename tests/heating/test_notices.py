"""What load sharing reports: events and log entries."""

import logging
from unittest.mock import patch

from homeassistant.core import HomeAssistant, State
import pytest

from ..homes.radiators import (
    BATH,
    FLOW,
    HALL,
    LOUNGE,
    RETURN,
    ROOMS,
    SETPOINT,
    STATE,
    STUDY,
    RadiatorHouse,
)


def event_types(events: list[State]) -> list[str]:
    """Types of the recorded events."""
    return [state.attributes["event_type"] for state in events]


async def test_an_event_names_every_room_that_was_opened(
    radiators: RadiatorHouse,
) -> None:
    """Rooms opened at once are in one event, and a room that leaves has its own."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating()
    events = radiators.listen_sharing()
    await radiators.cool_down()
    started = events[0].attributes
    assert started["event_type"] == "activated"
    assert started["rooms"] == ["Lounge"]
    assert started["opened"] == {
        "Lounge": "schedule",
        "Study": "extended_schedule",
        "Hall": "fallback",
    }
    assert started["released"] == {}
    events.clear()
    await radiators.switch_on("switch.study_takes_part", on=False)
    assert event_types(events) == ["rooms_changed"]
    changed = events[0].attributes
    assert changed["before"] == changed["after"] == "tier3_escalated"
    assert changed["rooms"] == ["Study"]
    assert changed["released"] == {"Study": "not_participating"}
    events.clear()
    await radiators.switch_on("switch.study_takes_part")
    assert events[0].attributes["opened"] == {"Study": "extended_schedule"}


async def test_the_end_tells_how_long_it_was(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """The event has the duration and all released rooms."""
    await radiators.set_up_heating()
    events = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    ended = events[-1].attributes
    assert ended["event_type"] == "deactivated"
    assert ended["duration_s"] == pytest.approx(600, abs=2)
    assert ended["released"] == {"Lounge": "sharing_ended", "Study": "sharing_ended"}
    assert "load sharing was active for 10.0 min, until callers_stopped" in caplog.text


async def test_the_log_says_of_each_room_why(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """A room's entry has the minutes to its block or its priority, and appears once."""
    caplog.set_level(logging.INFO, "custom_components.load_sharing")
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(300)
    for line in (
        "Home: Lounge opened in tier 1 (schedule in 40 min)",
        "Home: Study opened in tier 2 (schedule in 100 min)",
        "Home: Hall opened in tier 3 (fallback priority 1)",
    ):
        assert caplog.text.count(line) == 1
    await radiators.switch_on("switch.study_takes_part", on=False)
    assert caplog.text.count("Home: Study let go (not_participating)") == 1


async def test_the_log_names_the_rooms_that_load_is_shared_for(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """With what they can take; in detail, why each room is open or is not."""
    caplog.set_level(logging.DEBUG, "custom_components.load_sharing")
    await radiators.set_up_heating()
    await radiators.cool_down()
    started = "inactive -> tier1_active (cooldown): Lounge; for Bath (2"
    assert caplog.text.count(started) == 1
    rooms = "Bath: calling, Lounge: schedule at 90, Hall: not_needed, Study: extended"
    assert rooms in caplog.text


async def test_what_a_repair_says_is_in_the_log(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """A rating that is missing, and a priority that is given twice; each once."""
    rooms = {
        "bath": BATH,
        "lounge": LOUNGE | {"q50_w": None, "fallback_priority": 1},
        "hall": HALL,
    }
    await radiators.set_up_heating(rooms=rooms)
    await radiators.wait(120)
    lines = [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and record.name.endswith("heating.notices")
    ]
    assert lines == [
        "Home: no rating, room Lounge",
        "Home: same priority, rooms Lounge, Hall",
    ]


async def test_a_fallback_is_a_warning(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """A transition to the fallbacks is the only warning in the log."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating()
    await radiators.cool_down()
    warnings = [
        record.getMessage()
        for record in caplog.records
        if record.levelno == logging.WARNING and record.name.endswith("heating.notices")
    ]
    (warning,) = warnings
    assert "tier2_escalated -> tier3_active (next_tier): Hall; no schedule" in warning


async def test_the_log_says_once_that_all_tiers_are_exhausted(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """The entry appears once while the lounge alone does not suffice."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    await radiators.wait(300)
    assert caplog.text.count("all tiers are exhausted at 1") == 1


@pytest.mark.parametrize("reload", [True, False])
async def test_an_unloaded_site_tells_that_sharing_ended(
    hass: HomeAssistant, radiators: RadiatorHouse, reload: bool
) -> None:
    """The deactivation is sent while the event entity is still loaded."""
    await radiators.set_up_heating()
    events = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(120)
    events.clear()
    if reload:
        assert await hass.config_entries.async_reload("site")
    else:
        assert await hass.config_entries.async_unload("site")
    await hass.async_block_till_done()
    ended = [
        state.attributes
        for state in events
        if state.attributes["event_type"] == "deactivated"
    ]
    assert len({item["duration_s"] for item in ended}) == 1
    assert (ended[0]["before"], ended[0]["after"]) == ("tier2_escalated", "inactive")
    assert ended[0]["reason"] == "unloaded"
    assert ended[0]["released"] == {"Lounge": "unloaded", "Study": "unloaded"}
    assert ended[0]["duration_s"] == pytest.approx(120, abs=2)
    # Loaded again, it finds the same cooldown, and begins anew.
    assert radiators.opening("lounge") == (90 if reload else 0)


async def test_a_site_that_was_not_active_ends_without_a_word(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Unloading sends no deactivation while sharing is inactive."""
    await radiators.set_up_heating()
    events = radiators.listen_sharing()
    assert await hass.config_entries.async_unload("site")
    assert "deactivated" not in event_types(events)


async def test_stopping_home_assistant_tells_that_sharing_ended(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Stopping sends a deactivation as unloading does."""
    await radiators.set_up_heating()
    events = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(5)
    await hass.async_stop(force=True)
    assert event_types(events)[-1] == "deactivated"
    assert events[-1].attributes["reason"] == "unloaded"


async def test_a_site_that_cannot_be_unloaded_goes_on(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It still holds its valves, and gives them back when the call ends."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    with patch.object(
        hass.config_entries, "async_unload_platforms", return_value=False
    ):
        assert not await hass.config_entries.async_unload("site")
    await radiators.wait(600)
    assert radiators.opening("lounge") == 90
    await radiators.warm_bath(22.5)
    await radiators.wait(200)
    assert radiators.opening("lounge") == 0


async def test_lost_boiler_readings_open_nothing(radiators: RadiatorHouse) -> None:
    """Callers of 3.9 kW open nothing after a cooldown when the readings are lost."""
    radiators.show("hall", target_c=21.0)
    rooms = ROOMS | {"hall": HALL | {"q50_w": 6000.0}}
    await radiators.set_up_heating(rooms=rooms)
    radiators.valves["hall"].show(100)
    await radiators.set_state(RETURN, 50.5, "°C")
    await radiators.cool_down()
    assert radiators.state("sensor.home_heating_reason") == "capacity_sufficient"
    await radiators.wait(600)
    for entity_id in (FLOW, RETURN):
        await radiators.set_state(entity_id, "unavailable")
    radiators.setpoint.show_available(False)
    await radiators.wait(60)
    assert radiators.state(SETPOINT) == "unavailable"
    assert radiators.state("sensor.home_heating_reason") == "capacity_unknown"
    assert radiators.state("sensor.home_heating_calling_capacity") == "unknown"
    assert radiators.state(STATE) == "inactive"
    assert radiators.opening("lounge") == 0


async def test_a_thermostat_that_cools_does_not_call(radiators: RadiatorHouse) -> None:
    """A room at 22 °C with a target of 24 °C calls in heating mode only."""
    radiators.show("study", room_c=22, target_c=24)
    await radiators.set_up_heating(rooms={"study": STUDY})
    assert radiators.state("binary_sensor.study_calls_for_heat") == "on"
    await radiators.call("climate", "set_hvac_mode", "climate.study", hvac_mode="cool")
    assert radiators.state("binary_sensor.study_calls_for_heat") == "off"
