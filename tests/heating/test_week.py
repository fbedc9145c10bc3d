"""A week of heating is reported when the next one begins."""

from typing import Any

from homeassistant.core import CoreState, HomeAssistant
from pytest_homeassistant_custom_component.common import async_capture_events

from ..homes.radiators import BURNER, FLOW, ROOMS, RadiatorHouse

BATH_AND_LOUNGE = {key: ROOMS[key] for key in ("bath", "lounge")}
MONDAY = "2026-01-12T00:00:05+01:00"


async def burn(radiators: RadiatorHouse, minutes: int) -> None:
    """Burn for some minutes, until the flow is too hot."""
    await radiators.set_state(FLOW, 50, "°C")
    await radiators.set_state(BURNER, "on")
    await radiators.wait(60 * minutes)
    await radiators.set_state(FLOW, 57.5, "°C")
    await radiators.set_state(BURNER, "off")
    await radiators.wait(10)


async def test_a_week_with_a_restart_in_its_middle(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Three burns of half an hour that end too hot.

    The lounge is shared from 06:30, after the first, until its block at 06:40.
    """
    weeks = async_capture_events(hass, "load_sharing_heating_week")
    await radiators.set_up_heating(rooms=BATH_AND_LOUNGE)
    await radiators.set_state(BURNER, "off")
    await burn(radiators, 30)
    await burn(radiators, 30)
    assert await hass.config_entries.async_reload("site")
    await hass.async_block_till_done()
    await burn(radiators, 30)
    radiators.freezer.move_to("2026-01-11T23:59:40+01:00")
    await radiators.wait(15)
    assert not weeks
    radiators.freezer.move_to(MONDAY)
    await radiators.wait(120)
    assert [week.data for week in weeks] == [
        {
            "site": "Home",
            "since": "2026-01-05",
            "cooldowns": 3,
            "burner_starts": 3,
            "burner_h": 1.5,
            "held_h": 0.0,
            "sharing_h": 0.2,
            "cooldowns_change_pct": None,
            "burner_time_change_pct": None,
        }
    ]
    radiators.freezer.move_to("2026-01-19T00:00:05+01:00")
    await radiators.wait(120)
    assert weeks[-1].data["since"] == "2026-01-12"
    assert weeks[-1].data["cooldowns"] == 0


async def test_a_week_that_ends_while_nothing_runs_is_reported_once_automations_do(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Automations hear nothing until Home Assistant has started."""
    weeks = async_capture_events(hass, "load_sharing_heating_week")
    await radiators.set_up_heating(rooms=BATH_AND_LOUNGE)
    await radiators.set_state(BURNER, "off")
    await burn(radiators, 30)
    assert await hass.config_entries.async_unload("site")
    radiators.freezer.move_to("2026-01-14T07:00:00+01:00")
    hass.set_state(CoreState.starting)
    assert await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()
    await radiators.wait(90)
    assert not weeks
    hass.set_state(CoreState.running)
    await radiators.wait(150)
    assert [(week.data["since"], week.data["cooldowns"]) for week in weeks] == [
        ("2026-01-05", 1)
    ]


async def test_a_reload_right_after_the_start_loses_no_week(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Half a minute after the start, before automations listen; and it comes once."""
    weeks = async_capture_events(hass, "load_sharing_heating_week")
    await radiators.set_up_heating(rooms=BATH_AND_LOUNGE)
    await radiators.set_state(BURNER, "off")
    await burn(radiators, 30)
    assert await hass.config_entries.async_unload("site")
    radiators.freezer.move_to("2026-01-14T07:00:00+01:00")
    assert await hass.config_entries.async_setup("site")
    await hass.async_block_till_done()
    for _ in range(2):
        await radiators.wait(30)
        assert not weeks
        assert await hass.config_entries.async_reload("site")
        await hass.async_block_till_done()
    await radiators.wait(150)
    assert await hass.config_entries.async_reload("site")
    await radiators.wait(150)
    assert [(week.data["since"], week.data["cooldowns"]) for week in weeks] == [
        ("2026-01-05", 1)
    ]


async def test_a_burner_that_was_never_known_has_no_starts(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Nor a burner time; and what two kinds of days differ by is known."""
    weeks = async_capture_events(hass, "load_sharing_heating_week")
    await radiators.set_state(BURNER, "unavailable")
    entry = await radiators.set_up_heating(rooms=BATH_AND_LOUNGE)
    days: dict[str, Any] = {"burner_s": 18e3, "heating_s": 18e3}
    entry.runtime_data.store.values["heating"]["days"] = [
        days | {"day": "2026-01-02", "shares": True, "cooldowns": 9},
        days | {"day": "2026-01-03", "shares": False, "cooldowns": 20},
        days | {"day": "2026-01-04", "shares": True, "cooldowns": 9},
    ]
    entry.runtime_data.heating.stop()
    await entry.runtime_data.heating.async_start()
    await radiators.wait(90)
    radiators.freezer.move_to(MONDAY)
    await radiators.wait(120)
    (week,) = weeks
    assert week.data["burner_starts"] is None
    assert week.data["burner_h"] is None
    assert week.data["cooldowns_change_pct"] == -55
