"""Rooms are shared while the burner burns, and the burner is held off, in Home Assistant."""

from dataclasses import replace
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest

from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.heating.config import BoilerConfig
from custom_components.load_sharing.heating.tuning import heating_settings

from ..homes.radiators import (
    BATH,
    BURNER,
    FLOW,
    LOUNGE,
    RELAY,
    RETURN,
    ROOMS,
    STATE,
    RadiatorHouse,
)

HOLD = "binary_sensor.home_heating_burner_hold"
HOLD_REASON = "sensor.home_heating_burner_hold_reason"
TWO_ROOMS = {"bath": BATH, "lounge": LOUNGE}


async def test_a_new_site_shares_while_the_burner_burns(
    radiators: RadiatorHouse,
) -> None:
    """At six the bath calls and the burner burns: the lounge, due at 06:40, is opened.

    Three minutes after the burn it is shut again, and it opens with the next burn.
    """
    await radiators.set_up_heating(rooms=TWO_ROOMS, control="balanced")
    assert radiators.opening("lounge") == 100
    assert radiators.state("sensor.lounge_reason") == "schedule"
    await radiators.set_state(BURNER, "off")
    await radiators.wait(170)
    assert radiators.opening("lounge") == 100
    await radiators.wait(70)
    assert radiators.opening("lounge") == 0
    assert radiators.state("sensor.lounge_reason") == "between_burns"
    assert radiators.state(STATE) == "tier1_active"
    await radiators.wait(120)
    await radiators.set_state(BURNER, "on")
    assert radiators.opening("lounge") == 100


async def test_the_setpoint_holds_the_burner_until_the_water_is_cold(
    radiators: RadiatorHouse,
) -> None:
    """The setpoint goes to 30 °C at a cooldown, and back to 55 °C at 33 °C."""
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, control="balanced"
    )
    await radiators.cool_down()
    assert radiators.setpoint.sent == [30]
    assert radiators.state(HOLD) == "on"
    assert radiators.state(HOLD_REASON) == "too_hot"
    await radiators.wait(600)
    await radiators.set_state(RETURN, 36, "°C")
    await radiators.set_state(FLOW, 40, "°C")
    assert radiators.setpoint.sent == [30]
    await radiators.set_state(RETURN, 31, "°C")
    await radiators.set_state(FLOW, 33, "°C")
    assert radiators.setpoint.sent == [30, 55]
    assert radiators.state(HOLD) == "off"
    assert radiators.state(HOLD_REASON) == "cold"


async def test_a_switch_holds_the_burner(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A relay is turned off for the hold, and on again afterwards and at an unload."""
    entry = await radiators.set_up_with_relay()
    await radiators.cool_down()
    assert radiators.state(RELAY) == "off"
    assert radiators.setpoint.sent == []
    await radiators.set_state(RETURN, 31, "°C")
    await radiators.set_state(FLOW, 33, "°C")
    assert radiators.state(RELAY) == "on"
    await radiators.wait(300)
    await radiators.set_state(RETURN, 52, "°C")
    await radiators.cool_down()
    assert radiators.state(RELAY) == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert radiators.state(RELAY) == "on"


async def test_a_switch_lets_the_water_get_colder_than_any_setpoint(
    radiators: RadiatorHouse,
) -> None:
    """The setpoint of a hold, here 40 °C, means nothing where a relay holds the burner."""
    await radiators.set_up_with_relay(floor_c=40)
    await radiators.cool_down()
    await radiators.set_state(RETURN, 31, "°C")
    await radiators.set_state(FLOW, 40, "°C")
    assert radiators.state(RELAY) == "off"
    await radiators.set_state(FLOW, 33, "°C")
    assert radiators.state(RELAY) == "on"


@pytest.mark.parametrize(
    ("hold", "floor_c"),
    [
        (None, 35.0),
        ("number.other_setpoint", 35.0),
        ("climate.boiler", 35.0),
        ("switch.relay", None),
        ("input_boolean.relay", None),
    ],
)
def test_only_a_setpoint_has_a_floor(hold: str | None, floor_c: float | None) -> None:
    """A boiler that is switched off keeps its water at no temperature."""
    boiler = BoilerConfig(
        setpoint="number.setpoint", protection=True, floor_c=35.0, hold=hold
    )
    settings = heating_settings(boiler, {}, overheat_cap=True)
    assert settings.protection_floor_c == floor_c
    assert settings.holds_burner
    unheld = replace(boiler, protection=False)
    assert not heating_settings(unheld, {}, overheat_cap=True).holds_burner


async def test_without_a_way_to_hold_it_the_hold_is_advice(
    radiators: RadiatorHouse,
) -> None:
    """Automations of the boiler's own controller can follow *Burner hold*."""
    await radiators.set_up_heating(rooms={"bath": BATH}, control="balanced")
    await radiators.cool_down()
    assert radiators.state(HOLD) == "on"
    assert radiators.setpoint.sent == []


async def test_a_controller_that_sets_the_boiler_is_left_alone_and_named(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Each time the hold is given up for two hours; the third time a repair says so."""
    caplog.set_level("INFO")
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, control="balanced"
    )
    issues = ir.async_get(hass)
    for times, setpoint_c in enumerate((50, 52, 54), 1):
        assert not issues.async_get_issue(DOMAIN, "boiler_rewritten_site")
        await radiators.cool_down()
        await radiators.wait(60)
        radiators.setpoint.show(setpoint_c)
        await hass.async_block_till_done()
        assert radiators.state(HOLD_REASON) == "overridden"
        assert caplog.text.count("something else set the boiler") == times
        await radiators.wait(7300)
    assert issues.async_get_issue(DOMAIN, "boiler_rewritten_site")
    assert radiators.setpoint.native_value == 54


@pytest.mark.parametrize("state", ["unavailable", "unknown", "eco"])
async def test_a_tap_water_entity_that_cannot_be_read_forbids_a_hold(
    radiators: RadiatorHouse, state: str
) -> None:
    """The tap water may be heated for all we know. A hold goes on for three minutes."""
    await radiators.set_state("binary_sensor.tap_water", "off")
    await radiators.set_up_heating(
        boiler={"cycling_protection": True, "dhw_entity": "binary_sensor.tap_water"},
        rooms={"bath": BATH},
        control="balanced",
    )
    await radiators.cool_down()
    assert radiators.state(HOLD_REASON) == "too_hot"
    await radiators.set_state("binary_sensor.tap_water", state)
    assert radiators.state(HOLD_REASON) == "too_hot"
    await radiators.wait(240)
    assert radiators.state(HOLD_REASON) == "dhw_unknown"
    assert radiators.setpoint.sent == [30, 55]


@pytest.mark.parametrize(("found_c", "reason"), [(50, "overridden"), (30, "too_hot")])
async def test_a_setpoint_set_while_home_assistant_was_down_is_left_alone(
    radiators: RadiatorHouse,
    hass_storage: dict[str, Any],
    found_c: float,
    reason: str,
) -> None:
    """The run before held the boiler at 30 °C, and ended without giving it back.

    Found at 50 °C, it was set meanwhile, and is not held for two hours. Found at 30 °C,
    it goes back to 55 °C, and is held again.
    """
    key = "load_sharing.site.leases"
    hass_storage[key] = {
        "version": 1,
        "minor_version": 1,
        "key": key,
        "data": {
            "boiler": {
                "entity_id": "number.boiler_setpoint",
                "kind": "boiler",
                "prior": 55.0,
                "held": [30.0],
                "taken_at": "2026-01-05T04:00:00+00:00",
            }
        },
    }
    radiators.setpoint.show(found_c)
    await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, control="balanced"
    )
    await radiators.wait(60)
    await radiators.cool_down()
    assert radiators.state(HOLD_REASON) == reason
    assert radiators.setpoint.native_value == (50 if found_c == 50 else 30)


async def test_a_boiler_is_given_back_although_the_first_call_fails(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """At an unload there is no later: the call is made once more at once."""
    entry = await radiators.set_up_heating(
        boiler={"cycling_protection": True}, rooms={"bath": BATH}, control="balanced"
    )
    await radiators.cool_down()
    assert radiators.setpoint.sent == [30]
    radiators.setpoint.failures_left = 1
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert radiators.setpoint.native_value == 55


async def test_by_tiers_stays_a_choice(radiators: RadiatorHouse) -> None:
    """The select brings back what waits for a cooldown, with the openings of its tiers."""
    await radiators.set_up_heating(rooms=dict(ROOMS), control="balanced")
    assert radiators.opening("lounge") == 100
    await radiators.call(
        "select",
        "select_option",
        "select.home_heating_sharing_control",
        option="tiers",
    )
    assert radiators.state("select.home_heating_sharing_control") == "tiers"
