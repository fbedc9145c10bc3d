"""Whoever sets an actuator on lease keeps it, also where the actuator shows no change."""

import asyncio
from typing import Any
from unittest.mock import patch

from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import area_registry as ar, entity_registry as er
from homeassistant.helpers.target import TargetSelection
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockUser

from custom_components.load_sharing.heating.io.journal import LeaseJournal

from ...homes.automations import automate
from ...homes.radiators import BATH, FLOW, LOUNGE, RELAY, RETURN, RadiatorHouse
from .test_leases import share

HOLD_REASON = "sensor.home_heating_burner_hold_reason"


async def hold_by_relay(hass: HomeAssistant, radiators: RadiatorHouse) -> Any:
    """Set up a site whose relay is off because the last burn was too hot."""
    entry = await radiators.set_up_with_relay()
    await radiators.cool_down()
    assert radiators.state(RELAY) == "off"
    return entry


async def get_cold(radiators: RadiatorHouse) -> None:
    """Let the water get so cold that a hold ends."""
    await radiators.set_state(RETURN, 31, "°C")
    await radiators.set_state(FLOW, 33, "°C")


async def test_the_relay_is_on_again_after_the_hold(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Our own calls do not pass for another's."""
    await hold_by_relay(hass, radiators)
    await get_cold(radiators)
    assert radiators.state(RELAY) == "on"


@pytest.mark.parametrize("by_person", [True, False])
@pytest.mark.parametrize(
    ("domain", "target"),
    [
        ("input_boolean", {"entity_id": RELAY}),
        ("input_boolean", {"entity_id": f"input_boolean.pump, {RELAY}"}),
        ("homeassistant", {"entity_id": RELAY}),
        ("input_boolean", {"entity_id": "all"}),
        ("input_boolean", {"area_id": "cellar"}),
    ],
    ids=["itself", "a text of two", "any domain", "all", "its area"],
)
async def test_a_boiler_that_is_turned_off_while_it_is_held_off_stays_off(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    domain: str,
    target: dict[str, str],
    by_person: bool,
    hass_admin_user: MockUser,
) -> None:
    """Going away, a person turns the boiler off; cold water does not turn it on again."""
    assert await async_setup_component(hass, "homeassistant", {})
    entry = await hold_by_relay(hass, radiators)
    ar.async_get(hass).async_create("Cellar")
    er.async_get(hass).async_update_entity(RELAY, area_id="cellar")
    context = Context(user_id=hass_admin_user.id if by_person else None)
    await hass.services.async_call(
        domain, "turn_off", target, blocking=True, context=context
    )
    await hass.async_block_till_done()
    assert radiators.state(HOLD_REASON) == "overridden"
    await get_cold(radiators)
    await radiators.wait(600)
    assert radiators.state(RELAY) == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert radiators.state(RELAY) == "off"


async def test_other_entities_may_be_turned_off(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The hold goes on, and the relay is on afterwards."""
    await hold_by_relay(hass, radiators)
    for domain, entity_id in (("input_boolean", "input_boolean.tv"), ("fan", RELAY)):
        hass.services.async_register(domain, "turn_off", lambda call: None)
        data = {"entity_id": entity_id}
        await hass.services.async_call(domain, "turn_off", data, blocking=True)
    await get_cold(radiators)
    assert radiators.state(RELAY) == "on"


async def test_an_owner_that_is_off_may_say_so_again(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A relay that was off before the hold is no override."""
    await radiators.set_up_with_relay(on=False)
    await radiators.cool_down()
    await hass.services.async_call(
        "input_boolean", "turn_off", {"entity_id": RELAY}, blocking=True
    )
    await hass.async_block_till_done()
    assert radiators.state(HOLD_REASON) == "too_hot"


@pytest.mark.parametrize("opening", [90, 30])
async def test_a_valve_set_by_a_person_is_theirs(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    hass_admin_user: MockUser,
    opening: int,
) -> None:
    """Also at the 90 % to which we have opened it: it is not shut when sharing ends."""
    await share(radiators, bath=BATH, lounge=LOUNGE)
    await radiators.wait(60)
    assert radiators.opening("lounge") == 90
    data = {"entity_id": "number.lounge_valve", "value": opening}
    context = Context(user_id=hass_admin_user.id)
    await hass.services.async_call(
        "number", "set_value", data, blocking=True, context=context
    )
    await hass.async_block_till_done()
    assert radiators.state("sensor.lounge_reason") == "yielded"
    await radiators.switch_on(on=False)
    await radiators.wait(300)
    assert radiators.opening("lounge") == opening


async def test_an_automation_that_sets_its_own_valve_is_judged_by_the_valve(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A controller that repeats what the valve shows does not end the lease."""
    await share(radiators, bath=BATH, lounge=LOUNGE)
    await radiators.wait(60)
    data = {"entity_id": "number.lounge_valve", "value": 90}
    await hass.services.async_call("number", "set_value", data, blocking=True)
    await hass.async_block_till_done()
    assert radiators.state("sensor.lounge_reason") == "schedule"
    await radiators.switch_on(on=False)
    await radiators.wait(300)
    assert radiators.opening("lounge") == 0


async def test_a_boiler_that_is_turned_off_while_it_is_given_back_stays_off(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It has not been seen to turn on again, and is not turned on once more."""
    await hold_by_relay(hass, radiators)
    hass.states.async_set(RELAY, "unavailable")
    await get_cold(radiators)
    data = {"entity_id": RELAY}
    await hass.services.async_call("input_boolean", "turn_off", data, blocking=True)
    hass.states.async_set(RELAY, "off")
    await radiators.wait(300)
    assert radiators.state(RELAY) == "off"


async def test_a_boiler_that_is_turned_off_just_before_our_call_stays_off(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Our call waits for the journal; it must not come last and turn the boiler on."""
    await hold_by_relay(hass, radiators)
    may_go_on = asyncio.Event()
    original = LeaseJournal.async_write

    async def write_slowly(*args: Any) -> None:
        await original(*args)
        await may_go_on.wait()

    with patch.object(LeaseJournal, "async_write", write_slowly):
        for water, temperature in ((RETURN, "31"), (FLOW, "33")):
            hass.states.async_set(water, temperature, {"unit_of_measurement": "°C"})
        for _ in range(20):
            await asyncio.sleep(0)
        data = {"entity_id": RELAY}
        await hass.services.async_call("input_boolean", "turn_off", data, blocking=True)
        may_go_on.set()
        await hass.async_block_till_done()
    await radiators.wait(300)
    assert radiators.state(RELAY) == "off"


async def test_an_automation_that_follows_our_call_is_no_override(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It turns off the boiler with its pump as soon as one of both is off."""
    await automate(
        hass,
        {
            "triggers": {"trigger": "state", "entity_id": RELAY, "to": "off"},
            "actions": {
                "action": "input_boolean.turn_off",
                "target": {"entity_id": [RELAY, "input_boolean.pump"]},
            },
        },
    )
    await hold_by_relay(hass, radiators)
    assert radiators.state(HOLD_REASON) == "too_hot"
    await get_cold(radiators)
    assert radiators.state(RELAY) == "on"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"entity_id": "none"},
        {"entity_id": None},
        {"entity_id": 5},
        {"entity_id": {"a": 1}},
        {"entity_id": [None, {"a": 1}]},
        {"area_id": [{}]},
        {"entity_id": "x", "exclude": 5},
    ],
)
async def test_calls_with_strange_targets_change_nothing(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    caplog: pytest.LogCaptureFixture,
    data: dict[str, Any],
) -> None:
    """The data of a call are as they were written, whatever its action accepts."""
    await hold_by_relay(hass, radiators)
    call = {"domain": "homeassistant", "service": "turn_off", "service_data": data}
    hass.bus.async_fire(EVENT_CALL_SERVICE, call)
    await hass.async_block_till_done()
    assert "Error running job" not in caplog.text
    assert radiators.state(HOLD_REASON) == "too_hot"


@pytest.mark.skipif(
    "exclude" not in TargetSelection.__slots__, reason="Home Assistant cannot exclude"
)
async def test_a_boiler_that_a_call_excludes_is_not_set_by_it(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """All are turned off except the boiler, which is on again after the hold."""
    await hold_by_relay(hass, radiators)
    data = {"entity_id": "all", "exclude": {"entity_id": RELAY}}
    await hass.services.async_call("input_boolean", "turn_off", data, blocking=True)
    await hass.async_block_till_done()
    assert radiators.state(HOLD_REASON) == "too_hot"
    await get_cold(radiators)
    assert radiators.state(RELAY) == "on"
