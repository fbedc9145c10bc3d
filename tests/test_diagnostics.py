"""The diagnostics that a user attaches to a report."""

from dataclasses import replace
import json
from typing import Any

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
    ChargerDecision,
    Decision,
)
from custom_components.load_sharing.charging.engine.model import Limit, SiteInput
from custom_components.load_sharing.charging.history import make_history
from tests.charging.engine.settings import site_settings

from .homes.house import ACTIONS, NUMBER, Car, House
from .homes.radiators import ROOMS, RadiatorHouse


async def fetch(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> dict[str, Any]:
    """Download the diagnostics as a user does."""
    assert await async_setup_component(hass, "diagnostics", {})
    (entry,) = hass.config_entries.async_entries("load_sharing")
    data: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert json.dumps(data)
    return dict(data)


async def test_the_last_decisions_and_their_inputs(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """Each has the reading, reason and command; repeated decisions are one entry."""
    car = Car(hass, NUMBER)
    await house.measure(20)
    await house.set_up()
    await house.live(200, 10, car)
    await house.tune("number.home_ramp_up_time", 20)
    data = await fetch(hass, hass_client)
    assert 5 < len(data["decisions"]) < 60
    last = data["decisions"][-1]
    assert last["input"]["reading"]["current_a"] == [32.0]
    assert last["input"]["settings"]["ramp_up_time_s"] == 20
    assert last["decision"]["chargers"]["charger0"]["desired_a"] == 22
    assert last["decision"]["chargers"]["charger0"]["limit"] == "supply"
    first = data["decisions"][0]
    assert first["from"] <= first["until"] < last["from"] < last["until"]
    spans = [(noted["from"], noted["until"]) for noted in data["decisions"]]
    assert spans == sorted(spans)
    assert data["commands"]["charger0"]["confirmed"] is True
    assert data["configuration"]["data"]["supply"]["limit_a"] == 32.0
    assert data["configuration"]["subentries"]["charger0"]["title"] == "Garage"
    assert data["stored"]["tuning"]["supply"] == {"ramp_up_time": 20}


def test_the_oldest_decisions_are_forgotten() -> None:
    """Two hundred are kept. A repeated decision takes no extra place."""
    site = SiteInput(site_settings(), None, ())
    history = make_history()
    for second in range(500):
        chosen = ChargerDecision(second // 2, Limit.SUPPLY, None, ())
        decision = Decision(BalancerState.ACTIVE, {"car": chosen})
        history.note(1000 + second, second, site, decision)
    kept = list(history)
    assert len(kept) == 200
    assert kept[-1].decision.chargers["car"].desired_a == 249
    assert (kept[-1].from_s, kept[-1].until_s) == (1498, 1499)
    assert (kept[0].from_s, kept[0].until_s) == (1100, 1101)


@pytest.mark.parametrize(
    "other",
    [
        ChargerDecision(6.0, Limit.L1, None, ()),
        ChargerDecision(7.0, Limit.SUPPLY, None, ()),
        ChargerDecision(6.0, Limit.SUPPLY, ActionReason.HEADROOM, ()),
    ],
)
def test_another_decision_is_kept_beside(other: ChargerDecision) -> None:
    """The smallest change makes another entry."""
    site = SiteInput(site_settings(), None, ())
    history = make_history()
    same = ChargerDecision(6.0, Limit.SUPPLY, None, (5.9,))
    for second, chosen in enumerate((same, replace(same, draw_a=(6.1,)), other)):
        decision = Decision(BalancerState.ACTIVE, {"car": chosen})
        history.note(second, second, site, decision)
    assert [(noted.from_s, noted.until_s) for noted in history] == [(0, 1), (2, 2)]


async def test_of_a_heating_site(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_client: ClientSessionGenerator
) -> None:
    """They have the snapshot of the heating, with the reasons."""
    await radiators.set_up_heating()
    await radiators.cool_down()
    await radiators.wait(5)
    data = await fetch(hass, hass_client)
    assert data["decisions"] == []
    heating = data["now"]["heating"]
    assert heating["decision"]["state"] == "tier2_escalated"
    assert heating["rooms"]["lounge"]["decision"]["reason"] == "schedule"
    assert data["stored"]["heating"]["cooldowns"]


async def test_the_last_decisions_of_heating(
    hass: HomeAssistant, radiators: RadiatorHouse, hass_client: ClientSessionGenerator
) -> None:
    """Each has its input, the lock-outs, and the valves that wait for the pump."""
    await radiators.set_up_heating(rooms={"bath": ROOMS["bath"], "hall": ROOMS["hall"]})
    radiators.show("hall", room_c=19.9, target_c=20.0)
    await radiators.choose("all_tiers")
    await radiators.cool_down()
    await radiators.wait(16 * 60)
    data = await fetch(hass, hass_client)
    decisions = data["heating_decisions"]
    assert 3 < len(decisions) < 30
    opened = next(item for item in decisions if item["decision"]["decision"]["opened"])
    assert opened["decision"]["decision"]["opened"] == {"hall": "fallback"}
    assert opened["input"]["boiler"]["flow_c"] == 57.5
    assert opened["input"]["rooms"][0]["settings"]["q50_w"] == 415
    last = decisions[-1]
    assert last["decision"]["lockouts"].keys() == {"hall"}
    assert last["decision"]["overruns"] == {}
    assert last["from"] <= last["until"]
    assert data["decisions"] == []


async def test_no_secret_of_the_actions_is_in_it(
    hass: HomeAssistant, house: House, hass_client: ClientSessionGenerator
) -> None:
    """None is in the configuration, and none in the answer to a call."""
    secret = "hunter2-Zx81"
    set_current = [
        {
            "action": "rest_command.wallbox",
            "data": {
                "url": f"http://admin:{secret}@box/set?amps={{{{ current_a }}}}",
                "headers": {"Authorization": f"Bearer {secret}"},
            },
        },
        {
            "action": "mqtt.publish",
            "data": {
                "topic": "box/set",
                "payload": f'{{"amps": {{{{ current_a }}}}, "pwd": "{secret}"}}',
            },
        },
        {
            "if": "{{ current_a > 0 }}",
            "then": [{"action": "test.set_current", "data": {"Api-Key": secret}}],
        },
        {"action": "shell_command.box", "data": {"args": f"-u admin:{secret} 16"}},
    ]
    stop = [{"action": "test.stop", "data": {"access_token": secret}}]

    async def refuse(_call: ServiceCall) -> None:
        raise HomeAssistantError(f"401 for http://box/?token={secret}")

    hass.services.async_register("rest_command", "wallbox", refuse)
    await house.measure(10)
    await house.set_up(chargers=[{**ACTIONS, "set_current": set_current, "stop": stop}])
    await house.wait(10)
    data = await fetch(hass, hass_client)
    text = json.dumps(data)
    assert secret not in text
    assert "401 for http://box/?token=**REDACTED**" in text
    shown = data["configuration"]["subentries"]["charger0"]["data"]
    assert shown["set_current"][0]["data"]["url"] == (
        "http://**REDACTED**@box/set?amps={{ current_a }}"
    )
    assert shown["set_current"][1]["data"]["topic"] == "box/set"
    assert shown["set_current"][2]["then"][0]["action"] == "test.set_current"
