"""What load sharing tells of itself: events and the log."""

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


def kinds(heard: list[State]) -> list[str]:
    """Types of the events."""
    return [state.attributes["event_type"] for state in heard]


async def test_an_event_names_every_room_that_was_opened(
    radiators: RadiatorHouse,
) -> None:
    """Lounge, study and hall in one moment; when one leaves, that is told, too."""
    radiators.show("hall", target_c=18.0)
    await radiators.set_up_heating()
    heard = radiators.listen_sharing()
    await radiators.cool_down()
    begun = heard[0].attributes
    assert begun["event_type"] == "activated"
    assert begun["rooms"] == ["Lounge"]
    assert begun["opened"] == {
        "Lounge": "schedule",
        "Study": "extended_schedule",
        "Hall": "fallback",
    }
    assert begun["released"] == {}
    heard.clear()
    await radiators.switch_on("switch.study_takes_part", on=False)
    assert kinds(heard) == ["rooms_changed"]
    changed = heard[0].attributes
    assert changed["before"] == changed["after"] == "tier3_escalated"
    assert changed["rooms"] == ["Study"]
    assert changed["released"] == {"Study": "not_participating"}
    heard.clear()
    await radiators.switch_on("switch.study_takes_part")
    assert heard[0].attributes["opened"] == {"Study": "extended_schedule"}


async def test_the_end_tells_how_long_it_was(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Ten minutes; all rooms go."""
    await radiators.set_up_heating()
    heard = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(600)
    await radiators.warm_bath(22.5)
    ended = heard[-1].attributes
    assert ended["event_type"] == "deactivated"
    assert ended["duration_s"] == pytest.approx(600, abs=2)
    assert ended["released"] == {"Lounge": "sharing_ended", "Study": "sharing_ended"}
    assert "load sharing was active for 10.0 min, until callers_stopped" in caplog.text


async def test_the_log_says_of_each_room_why(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Minutes to its block, or its priority; once, and at the level of a change."""
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


async def test_a_fallback_is_a_warning(
    radiators: RadiatorHouse, caplog: pytest.LogCaptureFixture
) -> None:
    """Some schedule is missing."""
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
    """The lounge alone is not enough."""
    await radiators.set_up_heating(rooms={"bath": BATH, "lounge": LOUNGE})
    await radiators.cool_down()
    await radiators.wait(300)
    assert caplog.text.count("all tiers are exhausted at 1") == 1


@pytest.mark.parametrize("reload", [True, False])
async def test_an_unloaded_site_tells_that_sharing_ended(
    hass: HomeAssistant, radiators: RadiatorHouse, reload: bool
) -> None:
    """While its event entity can still be heard."""
    await radiators.set_up_heating()
    heard = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(120)
    heard.clear()
    if reload:
        assert await hass.config_entries.async_reload("site")
    else:
        assert await hass.config_entries.async_unload("site")
    await hass.async_block_till_done()
    ended = [
        state.attributes
        for state in heard
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
    """There is nothing to tell."""
    await radiators.set_up_heating()
    heard = radiators.listen_sharing()
    assert await hass.config_entries.async_unload("site")
    assert "deactivated" not in kinds(heard)


async def test_stopping_home_assistant_tells_that_sharing_ended(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Valves go back as it stops."""
    await radiators.set_up_heating()
    heard = radiators.listen_sharing()
    await radiators.cool_down()
    await radiators.wait(5)
    await hass.async_stop(force=True)
    assert kinds(heard)[-1] == "deactivated"
    assert heard[-1].attributes["reason"] == "unloaded"


async def test_a_site_that_cannot_be_unloaded_goes_on(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its valves are held, and given back when the call is over."""
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
    """3.9 kW call ten minutes after a cooldown, when the boiler's bridge goes."""
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
    """22 °C, set to 24 °C."""
    radiators.show("study", room_c=22, target_c=24)
    await radiators.set_up_heating(rooms={"study": STUDY})
    assert radiators.state("binary_sensor.study_calls_for_heat") == "on"
    await radiators.call("climate", "set_hvac_mode", "climate.study", hvac_mode="cool")
    assert radiators.state("binary_sensor.study_calls_for_heat") == "off"
