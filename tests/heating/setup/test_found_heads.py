"""A room starts from the head that was found for it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.heating.setup.checks import (
    async_check_control,
    check_room,
)
from custom_components.load_sharing.heating.setup.discovery import find_heads
from custom_components.load_sharing.heating.setup.doubts import (
    doubt_control,
    doubt_room,
)
from custom_components.load_sharing.heating.setup.forms import found_head

from ...homes.forms import enter_part, suggested
from ...homes.radiators import STUDY, RadiatorHouse
from .installing import CELSIUS, HEATS, PERCENT, Case, install_entities
from .registries import HEADS

TADO = HEADS["Tado"]
REST = {"exponent": 1.3, "comfort_c": 20.0, "q50_w": 1500.0}


async def begin(hass: HomeAssistant, radiators: RadiatorHouse) -> Any:
    """Start to add a room."""
    entry = await radiators.set_up_heating(rooms={"study": STUDY}, switched_on=False)
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, "room"), context={"source": SOURCE_USER}
    )


def show(hass: HomeAssistant, entities: dict[str, str], **attributes: Any) -> None:
    """Give all entities a state, and the thermostat attributes of its own."""
    states = {"climate": "heat", "binary_sensor": "off"}
    units = {"number": dict(PERCENT), "sensor": dict(PERCENT)}
    for entity_id in entities.values():
        domain = entity_id.split(".")[0]
        more = attributes if domain == "climate" else units.get(domain, {})
        if (entry := er.async_get(hass).async_get(entity_id)) and domain == "valve":
            more = {"supported_features": entry.supported_features}
        hass.states.async_set(entity_id, states.get(domain, "0"), more)


@pytest.mark.parametrize("case", HEADS.values(), ids=HEADS)
async def test_a_head_is_found_with_what_its_source_says(
    hass: HomeAssistant, radiators: RadiatorHouse, case: Case
) -> None:
    """Nothing that must not be written is filled in, and nothing doubtful."""
    entities = case.install(hass)
    climate = entities[case.filled["climate_entity"]]
    hass.states.async_set(climate, "heat", {"friendly_name": "Lounge", **case.shown})
    (found,) = find_heads(hass, set()).values()
    assert found.fields == {"name": "Lounge", **case.expected(entities)}
    assert found.is_known is (case.platform != "unheard_of")


@pytest.mark.parametrize("case", HEADS.values(), ids=HEADS)
async def test_the_forms_accept_what_is_filled_in(
    hass: HomeAssistant, radiators: RadiatorHouse, case: Case
) -> None:
    """Nothing is filled in that would be refused."""
    entities = case.install(hass)
    show(hass, entities, **case.shown)
    (found,) = find_heads(hass, set()).values()
    assert check_room(hass, found.fields, None) == {}
    assert await async_check_control(hass, found.fields, None) == ({}, "")
    assert doubt_room(hass, found.fields) == {}
    assert doubt_control(hass, found.fields) == {}


async def test_a_known_head_asks_only_for_the_room_and_its_share(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """What is not asked for is shown with its value before it is saved."""
    entities = TADO.install(hass)
    show(hass, entities, friendly_name="Lounge")
    hass.states.async_set(
        entities["heating 2 471234"], "40", {**PERCENT, "friendly_name": "Demand"}
    )
    form = await begin(hass, radiators)
    assert form["step_id"] == "found_head"
    (selector,) = form["data_schema"].schema.values()
    assert [option["label"] for option in selector.config["options"]] == [
        "Lounge (Tado)",
        "none",
    ]
    climate = entities["HEATING 2 471234"]
    form = await enter_part(hass, form, {"found_head": climate})
    assert form["step_id"] == "user"
    filled = suggested(form)
    assert filled == {
        "name": "Lounge",
        "climate_entity": climate,
        "actuator": "setpoint",
        "demand": "entity",
        "window_entity": entities["open window 2 471234"],
    }
    assert form["description_placeholders"]["found"] == (
        "\n\nFound, and filled in:\n\n- Demand: **40 %**"
    )
    assert form["description_placeholders"]["shows_window_entity"] == "\n**→ off**"
    form = await enter_part(hass, form, filled)
    assert form["step_id"] == "sharing"
    done = await enter_part(hass, form, REST)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Lounge"
    rest = {key: value for key, value in filled.items() if key != "name"}
    demand = {"demand_entity": entities["heating 2 471234"]}
    assert done["data"] == {**rest, **demand, **REST}


@pytest.mark.parametrize(("heads", "mode"), [(11, "list"), (12, "dropdown")])
def test_many_heads_fold_into_a_box(heads: int, mode: str) -> None:
    """So that the button to go on stays in sight."""
    (selector,) = found_head(
        {f"climate.{i}": "Head" for i in range(heads)}
    ).schema.values()
    assert selector.config["mode"] == mode


async def test_another_choice_is_asked_about(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """What was found holds for the thermostat and the ways that it was found for."""
    entities = TADO.install(hass)
    show(hass, entities, friendly_name="Lounge")
    form = await begin(hass, radiators)
    climate = entities["HEATING 2 471234"]
    form = await enter_part(hass, form, {"found_head": climate})
    changed = suggested(form) | {"climate_entity": "climate.lounge"}
    form = await enter_part(hass, form, changed)
    assert form["step_id"] == "control"
    assert suggested(form) == {"demand_entity": entities["heating 2 471234"]}


async def test_what_was_found_is_checked(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A demand that shows nothing yet is shown as an error, with its form."""
    entities = TADO.install(hass)
    show(hass, entities, friendly_name="Lounge")
    hass.states.async_set(entities["heating 2 471234"], "unknown", PERCENT)
    form = await begin(hass, radiators)
    climate = entities["HEATING 2 471234"]
    form = await enter_part(hass, form, {"found_head": climate})
    form = await enter_part(hass, form, suggested(form))
    assert form["step_id"] == "control"
    assert form["errors"] == {"demand_entity": "not_on_or_off"}


async def test_none_of_them_leads_to_the_empty_form(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It is the same as without any."""
    TADO.install(hass)
    form = await begin(hass, radiators)
    form = await enter_part(hass, form, {"found_head": "none"})
    assert form["step_id"] == "user"
    assert suggested(form) == {}
    assert form["description_placeholders"]["found"] == ""


async def test_without_a_device_there_is_no_question(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A thermostat without a device shows in its own picker all that there is."""
    install_entities(hass, "generic_thermostat", (("climate", "lounge", HEATS),))
    assert (await begin(hass, radiators))["step_id"] == "user"


async def test_with_one_device_those_without_are_offered_too(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """So that they take no further click; those of other rooms are not."""
    TADO.install(hass)
    own = install_entities(hass, "generic_thermostat", (("climate", "own", HEATS),))
    study = install_entities(hass, "tado", (("climate", "HEATING 9 1", HEATS),))
    hass.states.async_set(own["own"], "heat")
    found = find_heads(hass, set(study.values()))
    assert [head.name for head in found.values()] == [
        "Lounge head (Tado)",
        "generic thermostat own (Generic Thermostat)",
    ]


async def test_what_is_no_head_is_left_out(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """An air conditioner, a range of targets, a boiler's controller, what is hidden."""
    cools = {**HEATS, "capabilities": {"hvac_modes": ["off", "heat", "cool"]}}
    of_a_boiler: tuple[Any, ...] = (
        ("climate", "opentherm_heating", HEATS),
        ("binary_sensor", "opentherm_flame"),
        ("sensor", "opentherm_heating_temp", CELSIUS),
    )
    Case(
        platform="mqtt",
        source="OTGateway 1.6.0",
        name="OTGateway",
        model="OpenTherm Gateway",
        entities=of_a_boiler,
        filled={},
    ).install(hass)
    Case(
        platform="unheard_of",
        source="none",
        entities=(
            ("climate", "split", cools),
            ("climate", "range", {**HEATS, "supported_features": 2}),
            ("climate", "off", {**HEATS, "disabled_by": er.RegistryEntryDisabler.USER}),
            ("climate", "hid", {**HEATS, "hidden_by": er.RegistryEntryHider.USER}),
        ),
        filled={},
    ).install(hass)
    assert find_heads(hass, set()) == {}


def area_of(hass: HomeAssistant, entity_id: str, name: str) -> None:
    """Put the device of an entity into an area."""
    entry = er.async_get(hass).async_get(entity_id)
    assert entry is not None
    assert entry.device_id is not None
    area = ar.async_get(hass).async_get_or_create(name)
    dr.async_get(hass).async_update_device(entry.device_id, area_id=area.id)


async def test_the_room_is_named_after_its_area(hass: HomeAssistant) -> None:
    """Unless two heads are in it."""
    one = TADO.install(hass)["HEATING 2 471234"]
    area_of(hass, one, "Living room")
    assert find_heads(hass, set())[one].fields["name"] == "Living room"
    two = HEADS["evohome"].install(hass)["3432521"]
    area_of(hass, two, "Living room")
    found = find_heads(hass, set())
    assert {found[key].fields["name"] for key in (one, two)} == {"Lounge head"}


def named(name: str, **more: Any) -> dict[str, Any]:
    """Return what the registry knows of an entity that its integration has named."""
    return {"original_name": name, **more}


async def test_a_hub_has_all_thermostats_and_their_valves(hass: HomeAssistant) -> None:
    """Each is named without the hub, and has the valve that is named like it."""
    entities = Case(
        platform="unheard_of",
        source="none",
        name="Hub",
        entities=(
            ("climate", "lounge", named("Lounge", **HEATS)),
            ("climate", "hall", named("Hall", **HEATS)),
            ("number", "lounge_valve", named("Lounge valve", **PERCENT)),
            ("number", "hall_valve", named("Hall valve", **PERCENT)),
        ),
        filled={},
    ).install(hass)
    for unique_id in ("lounge", "hall"):
        name = {"friendly_name": f"Hub {unique_id.capitalize()}"}
        hass.states.async_set(entities[unique_id], "heat", name)
    found = find_heads(hass, set()).values()
    assert {head.name: head.fields["valve_entity"] for head in found} == {
        "Hall": entities["hall_valve"],
        "Lounge": entities["lounge_valve"],
    }


UNDER = HEADS["Sonoff TRVZB by ZHA"]


@pytest.mark.parametrize(
    ("leader", "data"),
    [
        # versatile_thermostat 10.2.0, const.py
        (
            "versatile_thermostat",
            {
                "thermostat_type": "thermostat_over_climate",
                "underlying_entity_ids": ["{climate}"],
                "opening_degree_entity_ids": ["{valve}"],
                "temperature_sensor_entity_id": "sensor.bath",
            },
        ),
        # better_thermostat 1.8.0-dev, config_flow.py: a bundle for each head
        (
            "better_thermostat",
            {"thermostat": [{"trv": "{climate}", "advanced": {"calibration": 1}}]},
        ),
    ],
)
async def test_a_head_that_another_thermostat_leads(
    hass: HomeAssistant, radiators: RadiatorHouse, leader: str, data: dict[str, Any]
) -> None:
    """It is not offered; if it is chosen, that is asked about."""
    entities = UNDER.install(hass)
    show(hass, entities, friendly_name="Head")
    climate = entities["94:de:b8:ff:fe:5a:7b:21-1"]
    valve = entities["94:de:b8:ff:fe:5a:7b:21-1-64529-valve_opening_degree"]
    assert climate in find_heads(hass, set())
    filled = replace_in(data, {"{climate}": climate, "{valve}": valve})
    MockConfigEntry(domain=leader, data=filled).add_to_hass(hass)
    assert climate not in find_heads(hass, set())
    form = await begin(hass, radiators)
    room = {"name": "Lounge", "climate_entity": climate}
    room |= {"actuator": "setpoint", "demand": "temperature"}
    form = await enter_part(hass, form, room)
    assert form["errors"] == {"climate_entity": "led_by_another"}
    form = await enter_part(hass, form, room | {"use_anyway": True})
    assert form["step_id"] == "sharing"


def replace_in(part: Any, values: dict[str, str]) -> Any:
    """Replace the texts of nested configuration by their values."""
    match part:
        case str():
            return values.get(part, part)
        case dict():
            return {key: replace_in(value, values) for key, value in part.items()}
        case list():
            return [replace_in(item, values) for item in part]
    return part


async def test_a_relay_that_a_thermostat_switches(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It would close again what we open."""
    hass.states.async_set("switch.lounge_relay", "off")
    MockConfigEntry(
        domain="generic_thermostat",
        options={"heater": "switch.lounge_relay", "target_sensor": "sensor.bath"},
    ).add_to_hass(hass)
    form = await choose_valve(hass, radiators, "switch.lounge_relay")
    assert form["errors"] == {"valve_entity": "led_by_another"}


async def choose_valve(
    hass: HomeAssistant, radiators: RadiatorHouse, valve: str, **more: Any
) -> Any:
    """Choose a valve for a room by hand."""
    form = await begin(hass, radiators)
    if form["step_id"] == "found_head":
        form = await enter_part(hass, form, {"found_head": "none"})
    actuator = "actions" if more else "valve"
    room = {"name": "Lounge", "climate_entity": "climate.lounge"}
    room |= {"actuator": actuator, "demand": "temperature"}
    form = await enter_part(hass, form, room)
    return await enter_part(hass, form, {"valve_entity": valve, **more})


@pytest.mark.parametrize(
    ("platform", "unique_id"),
    [
        # zigbee-herdsman-converters 26.99.0: sonoff.ts, eurotronic.ts, lib/bosch.ts
        ("mqtt", "0x94deb8fffe5a7b21_valve_opening_degree_zigbee2mqtt"),
        ("mqtt", "0x94deb8fffe5a7b21_valve_closing_degree_zigbee2mqtt"),
        ("mqtt", "0x94deb8fffe5a7b22_idle_valve_position_zigbee2mqtt"),
        ("mqtt", "0x00158d0001925a2b_valve_position_zigbee2mqtt"),
        ("mqtt", "0x18fc2600000d7ae2_pi_heating_demand_zigbee2mqtt"),
        ("zha", "94:de:b8:ff:fe:5a:7b:21-1-64529-valve_opening_degree"),
        # Core 2026.11, shelly/number.py
        ("shelly", "AABBCCDDEEFF-blutrv:200-valve_position"),
        # homematicip_local 2.0.0
        ("homematicip_local", "homematicip_local_000a1be98f1234_1_level"),
    ],
)
async def test_a_number_that_opens_nothing_now_is_asked_about(
    hass: HomeAssistant, radiators: RadiatorHouse, platform: str, unique_id: str
) -> None:
    """It limits how far a head opens, or works in a mode of its own."""
    entities = install_entities(hass, platform, (("number", unique_id, PERCENT),))
    valve = entities[unique_id]
    hass.states.async_set(valve, "100", PERCENT)
    form = await choose_valve(hass, radiators, valve)
    assert form["errors"] == {"valve_entity": "valve_is_limit"}
    chosen = {"valve_entity": valve, "use_anyway": True}
    form = await enter_part(hass, form, chosen)
    assert form["step_id"] == "sharing"


async def test_actions_may_do_with_it_what_they_want(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """As with a TRVZB, whose both degrees they set."""
    entities = UNDER.install(hass)
    show(hass, entities)
    valve = entities["94:de:b8:ff:fe:5a:7b:21-1-64529-valve_opening_degree"]
    actions = [
        {
            "action": "number.set_value",
            "target": {"entity_id": valve},
            "data": {"value": "{{ position }}"},
        }
    ]
    form = await choose_valve(hass, radiators, valve, set_valve=actions)
    assert form["step_id"] == "sharing"


async def test_a_stored_valve_is_not_asked_about_again(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Whoever has it has confirmed it, or chose it before there was a question."""
    entities = UNDER.install(hass)
    show(hass, entities, friendly_name="Head")
    valve = entities["94:de:b8:ff:fe:5a:7b:21-1-64529-valve_opening_degree"]
    room = STUDY | {"actuator": "valve", "valve_entity": valve, "q50_w": 1500.0}
    entry = await radiators.set_up_heating(rooms={"study": room}, switched_on=False)
    form = await entry.start_subentry_reconfigure_flow(hass, "study")
    assert form["step_id"] == "reconfigure"
    form = await enter_part(hass, form, suggested(form))
    assert form["step_id"] == "control"
    form = await enter_part(hass, form, {"valve_entity": valve})
    assert form["step_id"] == "sharing"
