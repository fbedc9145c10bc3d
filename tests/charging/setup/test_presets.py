"""Presets: how chargers of known integrations are found, filled in and controlled."""

import ast
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.load_sharing.charging.setup.control_checks import (
    async_check_actions,
)
from custom_components.load_sharing.charging.setup.discovery import find_chargers
from custom_components.load_sharing.charging.setup.presets import PRESETS
from custom_components.load_sharing.charging.setup.presets.built_in import BUILT_IN
from custom_components.load_sharing.charging.setup.presets.cars import CARS

from ...homes.forms import enter_part, suggested
from ...homes.house import House
from .installing import install
from .registries import NOT_STEERED, OCPP_BEFORE_2026, PEBLAR, REGISTRIES

HERE = Path(__file__).parent
DOCS = HERE.parents[2] / "docs" / "chargers.md"


def test_every_preset_is_tried() -> None:
    """By the entities that are written down here, or that its own integration makes."""
    shipped = {path.stem.removeprefix("test_") for path in HERE.glob("built_in/test_*")}
    written = {registry.platform for registry in REGISTRIES.values()}
    assert {preset.platform for preset in BUILT_IN} == shipped
    assert {preset.platform for preset in PRESETS} == shipped | written


def test_every_preset_is_documented_with_the_version_it_was_checked_against() -> None:
    """A table says which, when, and how."""
    table = DOCS.read_text("utf-8").partition("## Checked against")[2]
    for preset in PRESETS[:-1]:
        named = re.escape(f"| {preset.name} (`{preset.platform}`) |")
        (row,) = re.findall(rf"^{named}.*$", table, re.MULTILINE)
        assert re.search(r"\| \d{4}-\d\d-\d\d \|", row), row


@pytest.mark.parametrize("charger", REGISTRIES)
async def test_a_charger_is_found_by_its_entities(
    hass: HomeAssistant, charger: str, snapshot: SnapshotAssertion
) -> None:
    """Its fields are filled in, and its action sequences are valid."""
    platform, entities, expected, has_device = REGISTRIES[charger]
    registered = install(hass, platform, entities, has_device=has_device)
    found = only_certain(hass)
    by_id = {entity_id: key.split()[1] for key, entity_id in registered.items()}
    filled = {
        key: by_id[value]
        for key, value in found.fields.items()
        if key.endswith("_entity")
    }
    assert filled == expected
    assert not re.search(r"<\w+>", str(found.fields))
    shown = re.sub(r"[0-9a-f]{32}", "DEVICE", str(found.fields))
    assert ast.literal_eval(shown) == snapshot
    if found.fields["control"] == "actions":
        errors, detail = await async_check_actions(hass, found.fields, None)
        assert (errors, detail) == ({}, "")


def only_certain(hass: HomeAssistant) -> Any:
    """Return the one charger that is certainly there."""
    (found,) = [one for one in find_chargers(hass).values() if not one.guessed]
    return found


@pytest.mark.parametrize("charger", REGISTRIES)
async def test_a_device_without_what_it_takes_is_no_charger(
    hass: HomeAssistant, charger: str
) -> None:
    """It may be an energy meter of the same make. A disabled entity does not count."""
    platform, entities, _, has_device = REGISTRIES[charger]
    registered = install(hass, platform, entities, has_device=has_device)
    registry = er.async_get(hass)
    for preset in PRESETS:
        if preset.platform == platform and preset.required:
            needed = next(iter(preset.required.values()))
            present = [
                registry.async_get(entity_id) for entity_id in registered.values()
            ]
            for entry, _groups in needed.find([one for one in present if one], {}):
                registry.async_update_entity(
                    entry.entity_id, disabled_by=er.RegistryEntryDisabler.USER
                )
    assert all(one.guessed for one in find_chargers(hass).values())


@pytest.mark.parametrize("platform", NOT_STEERED)
async def test_what_cannot_be_steered_is_not_offered(
    hass: HomeAssistant, platform: str
) -> None:
    """A wall connector that only measures, and a zappi that has modes only."""
    install(hass, platform, NOT_STEERED[platform])
    assert find_chargers(hass) == {}


async def test_entities_of_an_older_version_are_left_over(hass: HomeAssistant) -> None:
    """After an update, both are registered: the new ones are alive."""
    both = (*OCPP_BEFORE_2026, *REGISTRIES["ocpp"].entities)
    registered = install(hass, "ocpp", both)
    found = only_certain(hass)
    assert (
        found.fields["status_entity"]
        == (registered["sensor ocpp.garage.status_connector.sensor"])
    )
    assert registered["sensor ocpp.garage.transaction_id.sensor"] in str(found.fields)
    assert registered["sensor ocpp.garage.transaction.id.sensor"] not in str(
        found.fields
    )


async def test_a_charger_without_a_status_is_one_all_the_same(
    hass: HomeAssistant,
) -> None:
    """Fields of missing entities stay empty."""
    install(hass, "peblar", PEBLAR.entities[:2])
    found = only_certain(hass)
    assert found.name == "Garage box (Peblar)"
    assert set(found.fields) == {"name", "control", "number_entity", "switch_entity"}


@pytest.mark.parametrize("car", [preset.platform for preset in CARS])
async def test_a_car_is_offered_after_the_charger(
    hass: HomeAssistant, car: str
) -> None:
    """Most who have both want the charger: the car may be elsewhere."""
    install(hass, car, REGISTRIES[car].entities, "car", "My car")
    install(hass, "mqtt", REGISTRIES["smartevse"].entities, "box", "My box")
    names = [found.name.partition(" (")[0] for found in find_chargers(hass).values()]
    assert names == ["My box", "My car", "MQTT"]


async def test_two_chargers_of_one_device_are_told_apart(hass: HomeAssistant) -> None:
    """Their entities agree in what their unique IDs have in common."""
    entities = tuple(
        (domain, unique_id.replace("23-45", serial))
        for serial in ("23-45", "67-89")
        for domain, unique_id in reversed(PEBLAR.entities)
    )
    registered = install(hass, "peblar", entities)
    first, second = find_chargers(hass).values()
    assert [first.fields["name"], second.fields["name"]] == [
        "Garage box",
        "Garage box 2",
    ]
    assert second.fields["switch_entity"] == registered["switch 67-89_charge"]


async def test_each_charger_of_an_integration_has_its_own_entities(
    hass: HomeAssistant,
) -> None:
    """Two of them are two devices."""
    for serial in ("23-45", "67-89"):
        entities = tuple(
            (domain, unique_id.replace("23-45", serial))
            for domain, unique_id in PEBLAR.entities
        )
        install(hass, "peblar", entities, serial, f"Box {serial}")
    assert [found.name for found in find_chargers(hass).values()] == [
        "Box 23-45 (Peblar)",
        "Box 67-89 (Peblar)",
    ]


@pytest.mark.parametrize(("unit", "rating_a"), [("A", 16.0), ("mA", None)])
async def test_the_rating_is_that_of_the_number(
    hass: HomeAssistant, unit: str, rating_a: float | None
) -> None:
    """Unless it is in another unit: the user knows it."""
    registered = install(hass, "wattpilot", REGISTRIES["wattpilot"].entities)
    hass.states.async_set(
        registered["number Garage-amp"],
        "6",
        {"min": 6, "max": 16, "unit_of_measurement": unit},
    )
    assert only_certain(hass).fields.get("max_current_a") == rating_a


async def begin(hass: HomeAssistant, site: MockConfigEntry) -> Any:
    """Start to add a charger."""
    return await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )


async def submit(hass: HomeAssistant, form: Any, entered: dict[str, Any]) -> Any:
    """Submit a form of the flow."""
    return await enter_part(hass, form, entered)


async def test_a_preset_fills_in_the_forms(hass: HomeAssistant, house: House) -> None:
    """The user sees every value, and can change it, before it is saved."""
    number, switch, status, draw = install(hass, "peblar", PEBLAR.entities).values()
    amperes = {"unit_of_measurement": "A"}
    hass.states.async_set(number, "16", {"min": 6, "max": 16, **amperes})
    hass.states.async_set(switch, "on")
    hass.states.async_set(status, "charging")
    hass.states.async_set(draw, "3600", {"unit_of_measurement": "W"})
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    assert form["step_id"] == "preset"
    (selector,) = form["data_schema"].schema.values()
    (peblar, none) = selector.config["options"]
    assert peblar["label"] == "Garage box (Peblar)"
    assert none["value"] == "none"
    assert form["data_schema"]({})["preset"] == peblar["value"]
    form = await submit(hass, form, {"preset": peblar["value"]})
    assert form["step_id"] == "user"
    basics = {"name": "Garage box", "max_current_a": 16.0}
    assert suggested(form) == basics
    assert "**charging**" in form["description_placeholders"]["found"]
    assert form["last_step"]
    form = await submit(hass, form, basics | {"min_current_a": 6, "review": True})
    assert form["step_id"] == "number"
    form = await submit(hass, form, suggested(form))
    assert form["step_id"] == "feedback"
    told = {"status_entity": status, "draw_entity": draw}
    assert suggested(form) == told
    done = await submit(hass, form, told | {"charging_states": ["charging"]})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Garage box"
    assert done["data"]["switch_entity"] == switch
    assert "review" not in done["data"]


async def test_one_form_is_enough_for_a_known_charger(
    hass: HomeAssistant, house: House
) -> None:
    """The rest is in the preset; the last dialog says what was understood."""
    number, switch, status, draw = install(hass, "peblar", PEBLAR.entities).values()
    amperes = {"unit_of_measurement": "A"}
    hass.states.async_set(number, "16", {"min": 6, "max": 16, **amperes})
    hass.states.async_set(switch, "on")
    hass.states.async_set(status, "charging")
    hass.states.async_set(draw, "3600", {"unit_of_measurement": "W"})
    await house.measure(12.4)
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    form = await submit(hass, form, form["data_schema"]({}))
    done = await submit(hass, form, suggested(form))
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"] == {
        "phases": ["l1"],
        "max_current_a": 16.0,
        "min_current_a": 6.0,
        "control": "number",
        "number_entity": number,
        "switch_entity": switch,
        "status_entity": status,
        "draw_entity": draw,
    }
    assert done["description"] == "paused_by_switch"
    assert done["description_placeholders"] == {
        "name": "Garage box",
        "limit": "32 A",
        "meter": "12.4 A",
        "least": "6",
        "most": "16 A",
        "dashboard": "/load-sharing-dashboard/charging-site",
        "page": "/config/integrations/integration/load_sharing",
    }


async def test_one_form_is_enough_for_a_charger_that_is_set_by_actions(
    hass: HomeAssistant, house: House
) -> None:
    """Its actions come from the preset, too."""
    registered = install(hass, "easee", REGISTRIES["easee"].entities)
    for key, entity_id in registered.items():
        unit = {} if "status" in key else {"unit_of_measurement": "A"}
        hass.states.async_set(entity_id, "10", unit)
    await house.measure(1)
    form = await begin(hass, await house.set_up(chargers=[]))
    form = await submit(hass, form, form["data_schema"]({}))
    done = await submit(hass, form, suggested(form) | {"max_current_a": 16})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"]["control"] == "actions"
    assert done["data"]["set_current"]
    assert done["description"] == "paused_by_actions"


async def test_the_form_says_what_to_enable(hass: HomeAssistant, house: House) -> None:
    """Easee disables what shows a refused current; what the user disables is not named."""
    registered = install(hass, "easee", REGISTRIES["easee"].entities)
    registry = er.async_get(hass)
    limit = registered["sensor EH123456_output_limit"]
    site = await house.set_up(chargers=[])
    for by, text in (
        (er.RegistryEntryDisabler.INTEGRATION, "\n\n- Output limit"),
        (er.RegistryEntryDisabler.USER, ""),
    ):
        registry.async_update_entity(limit, disabled_by=by, name="Output limit")
        form = await begin(hass, site)
        form = await submit(hass, form, form["data_schema"]({}))
        found = form["description_placeholders"]["found"]
        assert found.endswith(text)
        assert ("Disabled" in found) is bool(text)


async def test_a_known_charger_that_is_not_ready_is_looked_through(
    hass: HomeAssistant, house: House
) -> None:
    """What cannot be checked is asked for, with what was found."""
    number, *_ = install(hass, "peblar", PEBLAR.entities).values()
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    form = await submit(hass, form, form["data_schema"]({}))
    form = await submit(hass, form, suggested(form) | {"max_current_a": 16})
    assert form["step_id"] == "number"
    assert suggested(form)["number_entity"] == number


async def test_a_charger_that_is_configured_is_not_offered_again(
    hass: HomeAssistant, house: House
) -> None:
    """The other one is offered first."""
    install(hass, "zaptec", REGISTRIES["zaptec"].entities, "one", "One")
    second = tuple(
        (domain, unique_id.replace("abc", "def"))
        for domain, unique_id in REGISTRIES["zaptec"].entities
    )
    registered = install(hass, "zaptec", second, "two", "Two")
    first = next(iter(find_chargers(hass).values()))
    charger = {"phases": ["l1"], "min_current_a": 6, "max_current_a": 16}
    site = await house.set_up(chargers=[charger | first.fields])
    form = await begin(hass, site)
    (selector,) = form["data_schema"].schema.values()
    labels = [option["label"] for option in selector.config["options"]]
    assert labels == ["Two (Zaptec)", "none"]
    form = await submit(hass, form, form["data_schema"]({}))
    assert suggested(form)["name"] == "Two"
    number = registered["number def_charger_max_current"]
    hass.states.async_set(
        number, "0", {"min": 0, "max": 16, "unit_of_measurement": "A"}
    )
    entered = {"max_current_a": 16, "min_current_a": 6, "review": True}
    form = await submit(hass, form, {**suggested(form), **entered})
    assert suggested(form)["number_entity"] == number


@pytest.mark.usefixtures("all_enabled")
async def test_a_cloud_charger_starts_with_a_longer_settle_time(
    hass: HomeAssistant, house: House
) -> None:
    """The preset brings it, the charger's number shows it, and the user can change it."""
    registered = install(hass, "zaptec", REGISTRIES["zaptec"].entities, name="Barn")
    number = registered["number abc_charger_max_current"]
    hass.states.async_set(
        number, "0", {"min": 0, "max": 16, "unit_of_measurement": "A"}
    )
    hass.states.async_set(registered["sensor abc_charger_operation_mode"], "unknown")
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    form = await submit(hass, form, form["data_schema"]({}))
    done = await submit(hass, form, {**suggested(form), "min_current_a": 6})
    assert done["data"]["starting_values"] == {"settle_time": 15.0}
    await hass.async_block_till_done()
    assert house.state("number.barn_settle_time") == "15.0"
    await house.tune("number.barn_settle_time", 30)
    (subentry,) = site.subentries.values()
    form = await site.start_subentry_reconfigure_flow(hass, subentry.subentry_id)
    form = await submit(hass, form, suggested(form))
    form = await submit(hass, form, suggested(form))
    await submit(hass, form, suggested(form))
    await hass.async_block_till_done()
    (subentry,) = site.subentries.values()
    assert subentry.data["starting_values"] == {"settle_time": 15.0}
    assert house.state("number.barn_settle_time") == "30.0"


async def test_another_charger_than_those_that_are_there(
    hass: HomeAssistant, house: House
) -> None:
    """Nothing is filled in."""
    install(hass, "easee", REGISTRIES["easee"].entities)
    site = await house.set_up(chargers=[])
    form = await submit(hass, await begin(hass, site), {"preset": "none"})
    assert form["step_id"] == "device"
    form = await submit(hass, form, {})
    assert form["step_id"] == "user"
    assert suggested(form) == {}


async def test_mqtt_is_offered_where_it_is_set_up(
    hass: HomeAssistant, house: House
) -> None:
    """It is not the default: most users have MQTT for something else."""
    MockConfigEntry(domain="mqtt").add_to_hass(hass)
    site = await house.set_up(chargers=[])
    form = await begin(hass, site)
    assert form["data_schema"]({})["preset"] == "none"
    form = await submit(hass, form, {"preset": "mqtt"})
    basics = {"name": "Barn", "max_current_a": 16, "min_current_a": 6}
    form = await submit(hass, form, {**basics, **suggested(form)})
    assert form["step_id"] == "actions"
    (publish,) = suggested(form)["set_current"]
    assert publish["action"] == "mqtt.publish"
