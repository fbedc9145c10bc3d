"""Setting up a boiler and its rooms, and changing them, through their flows."""

from typing import Any

from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.heating.setup.radiators import estimate_q50_w

from ...homes.forms import fold, suggested as suggested_values
from ...homes.house import CHARGER, LOST, METER, OPTIONS, SUPPLY, House
from ...homes.radiators import BOILER, BURNER, FLOW, ROOMS, SETPOINT, RadiatorHouse
from ...test_config_flow import begin, submit

HUMIDITY = {"unit_of_measurement": "%"}
PERCENT = {"unit_of_measurement": "%"}
CELSIUS = {"unit_of_measurement": "°C"}


@pytest.fixture(autouse=True)
async def _put_up(radiators: RadiatorHouse) -> None:
    """Set up the entities of the boiler and the rooms."""


def boiler(**changes: Any) -> dict[str, Any]:
    """Return the filled-in form of the boiler; None leaves a field out."""
    entered = BOILER | changes
    return {key: value for key, value in entered.items() if value is not None}


async def test_a_boiler_is_added_and_the_first_room_is_asked_for(
    hass: HomeAssistant,
) -> None:
    """There is no supply and no options; the room comes next."""
    flow_id = await begin(hass, "heating")
    done = await submit(hass, flow_id, {"name": "Home"} | BOILER)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    entry = done["result"]
    assert entry.data == {"boiler": BOILER}
    assert entry.options == {}
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    assert set(entry.supported_subentry_types) == {"room"}
    flow_type, room_flow_id = done["next_flow"]
    assert flow_type is FlowType.CONFIG_SUBENTRIES_FLOW
    room = hass.config_entries.subentries.async_get(room_flow_id)
    assert room["step_id"] == "user"
    assert room["handler"] == (entry.entry_id, "room")


async def test_both_at_once(hass: HomeAssistant) -> None:
    """Supply, lost meter, boiler: only the first form asks for a name."""
    hass.states.async_set(METER, "1", {"unit_of_measurement": "A"})
    flow_id = await begin(hass, "both")
    form = await submit(hass, flow_id, {"name": "Home"} | SUPPLY)
    assert form["step_id"] == "boiler"
    assert "name" not in {str(key) for key in form["data_schema"].schema}
    done = await submit(hass, flow_id, BOILER)
    assert done["title"] == "Home"
    assert done["result"].data == {"supply": SUPPLY, "boiler": BOILER}
    assert done["result"].options == LOST
    await hass.async_block_till_done()
    assert set(done["result"].supported_subentry_types) == {
        "charger",
        "circuit",
        "room",
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"burner_entity": "light.kitchen"}, {"burner_entity": "wrong_domain"}),
        (
            {"burner_entity": "binary_sensor.nowhere"},
            {"burner_entity": "entity_not_found"},
        ),
        ({"burner_entity": None}, {"burner_entity": "no_evidence_source"}),
        ({"flow_entity": "sensor.humidity"}, {"flow_entity": "not_a_temperature"}),
        ({"flow_entity": "sensor.new"}, {"flow_entity": "entity_unavailable"}),
        ({"flow_entity": "sensor.text"}, {"flow_entity": "not_a_number"}),
        ({"burner_entity": "sensor.status"}, {"burner_entity": "not_on_or_off"}),
        ({"dhw_entity": "sensor.status"}, {"more": "not_on_or_off"}),
        ({"return_entity": FLOW}, {"return_entity": "same_twice"}),
        (
            {"burner_entity": "sensor.modulation"},
            {"more": "zero_modulation_open"},
        ),
        (
            {"cycling_protection": True, "setpoint_entity": None},
            {"setpoint_entity": "setpoint_not_writable"},
        ),
        (
            {"cycling_protection": True, "setpoint_entity": "sensor.setpoint"},
            {"setpoint_entity": "setpoint_not_writable"},
        ),
        (
            {"cycling_protection": True, "flow_entity": None, "return_entity": None},
            {"flow_entity": "protection_needs_temperature"},
        ),
    ],
)
async def test_a_boiler_that_cannot_be_is_refused(
    hass: HomeAssistant, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    """The form shows the error and keeps its values; a correction continues."""
    hass.states.async_set("light.kitchen", "on")
    hass.states.async_set("sensor.humidity", "50", HUMIDITY)
    hass.states.async_set("sensor.new", "unavailable")
    hass.states.async_set("sensor.text", "warm", CELSIUS)
    hass.states.async_set("sensor.status", "-H: central heating active")
    hass.states.async_set("sensor.setpoint", "55", CELSIUS)
    hass.states.async_set("sensor.modulation", "0", PERCENT)
    flow_id = await begin(hass, "heating")
    form = await submit(hass, flow_id, {"name": "Home"} | boiler(**changes))
    assert form["errors"] == errors
    done = await submit(hass, flow_id, {"name": "Home"} | BOILER)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_a_cooldown_sensor_is_evidence_enough(hass: HomeAssistant) -> None:
    """The only entity is a counter that another integration increments."""
    hass.states.async_set("counter.cooldowns", "3")
    entered = {"name": "Home", "cooldown_entity": "counter.cooldowns"}
    rest = {"cycling_protection": False, "floor_c": 30.0}
    flow_id = await begin(hass, "heating")
    form = await submit(hass, flow_id, entered | rest)
    assert form["errors"] == {"setpoint_entity": "water_unknown"}
    done = await submit(hass, flow_id, entered | rest | {"use_anyway": True})
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("meaning", ["off", "least"])
async def test_a_burner_by_its_modulation(hass: HomeAssistant, meaning: str) -> None:
    """What 0 % means is asked for, and not guessed."""
    hass.states.async_set("sensor.modulation", "0", PERCENT)
    entered = boiler(burner_entity="sensor.modulation", zero_modulation=meaning)
    flow_id = await begin(hass, "heating")
    done = await submit(hass, flow_id, {"name": "Home"} | entered)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["result"].data == {"boiler": entered}


async def test_a_thermostat_can_be_the_setpoint(hass: HomeAssistant) -> None:
    """It also makes cycling protection possible."""
    flow_id = await begin(hass, "heating")
    changes = boiler(setpoint_entity="climate.study", cycling_protection=True)
    done = await submit(hass, flow_id, {"name": "Home"} | changes)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_same_boiler_is_refused_for_two_sites(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Two sites on one boiler would each open rooms for the same load."""
    await radiators.set_up_heating(switched_on=False)
    form = await submit(hass, await begin(hass, "heating"), {"name": "Again"} | BOILER)
    assert form["errors"] == {
        "burner_entity": "boiler_in_use",
        "setpoint_entity": "boiler_in_use",
    }


async def test_the_boiler_can_be_changed(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Cleared fields are removed."""
    entry = await radiators.set_up_heating(switched_on=False)
    menu = await entry.start_reconfigure_flow(hass)
    assert menu["menu_options"] == ["add_supply", "change_boiler"]
    form = await submit(hass, menu["flow_id"], {"next_step_id": "change_boiler"})
    assert suggested_values(form)["burner_entity"] == BURNER
    done = await submit(hass, menu["flow_id"], boiler(return_entity=None))
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.data == {"boiler": boiler(return_entity=None)}
    assert entry.state is ConfigEntryState.LOADED


async def test_a_supply_can_be_added_to_a_boiler(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Its lost meter is asked for too, and then a charger can be added."""
    hass.states.async_set(METER, "1", {"unit_of_measurement": "A"})
    entry = await radiators.set_up_heating(switched_on=False)
    # Whoever opens the page of the integration asks for it, and it is kept.
    assert set(entry.supported_subentry_types) == {"room"}
    menu = await entry.start_reconfigure_flow(hass)
    flow_id = menu["flow_id"]
    await submit(hass, flow_id, {"next_step_id": "add_supply"})
    done = await submit(hass, flow_id, SUPPLY)
    assert done["reason"] == "half_added"
    await hass.async_block_till_done()
    assert entry.data == {"boiler": BOILER, "supply": SUPPLY}
    assert entry.options == LOST
    assert set(entry.supported_subentry_types) == {
        "charger",
        "circuit",
        "room",
    }
    assert hass.states.get("sensor.home_service_current")


async def test_a_boiler_can_be_added_to_a_supply(
    hass: HomeAssistant, house: House
) -> None:
    """The chargers stay as they are."""
    await house.measure(10)
    entry = await house.set_up(chargers=[CHARGER])
    menu = await entry.start_reconfigure_flow(hass)
    await submit(hass, menu["flow_id"], {"next_step_id": "add_boiler"})
    done = await submit(hass, menu["flow_id"], BOILER)
    assert done["reason"] == "half_added"
    await hass.async_block_till_done()
    assert entry.data == {"supply": SUPPLY, "boiler": BOILER}
    assert entry.options == OPTIONS
    assert hass.states.get("sensor.home_heating_state")
    assert hass.states.get("sensor.garage_current_set")


async def test_without_a_supply_there_are_no_options(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The flow aborts with a reason."""
    entry = await radiators.set_up_heating(switched_on=False)
    done = await hass.config_entries.options.async_init(entry.entry_id)
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "no_supply"


ROOM = {
    "name": "Lounge",
    "climate_entity": "climate.lounge",
    "actuator": "valve",
    "demand": "temperature",
}
VALVE = {"valve_entity": "number.lounge_valve"}
SHARING = {
    "q50_w": 2290.0,
    "exponent": 1.25,
    "mixed_flow_c": 35.0,
    "schedule_entity": "schedule.lounge",
    "comfort_c": 20.0,
    "lookahead_min": 90.0,
    "fallback_priority": 1.0,
}


async def empty_site(radiators: RadiatorHouse) -> MockConfigEntry:
    """Set up a boiler without rooms."""
    entry = await radiators.set_up_heating(rooms={"bath": ROOMS["bath"]})
    radiators.hass.config_entries.async_remove_subentry(entry, "bath")
    await radiators.hass.async_block_till_done()
    return entry


async def begin_room(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Start to add a room."""
    form = await hass.config_entries.subentries.async_init(
        (entry.entry_id, "room"), context={"source": "user"}
    )
    assert form["step_id"] == "user"
    flow_id: str = form["flow_id"]
    return flow_id


async def enter(hass: HomeAssistant, flow_id: str, entered: dict[str, Any]) -> Any:
    """Submit a form of the room's flow."""
    flows = hass.config_entries.subentries
    return await flows.async_configure(
        flow_id, fold(flows._progress[flow_id].cur_step, entered)
    )


async def test_a_room_with_a_valve(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The thermostat comes first, then the valve, then the share."""
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    form = await enter(hass, flow_id, ROOM)
    assert form["step_id"] == "control"
    assert {str(key) for key in form["data_schema"].schema} == {"valve_entity"}
    form = await enter(hass, flow_id, VALVE)
    assert form["step_id"] == "sharing"
    done = await enter(hass, flow_id, SHARING)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Lounge"
    await hass.async_block_till_done()
    (subentry,) = entry.subentries.values()
    expected = {**ROOM, **VALVE, **SHARING}
    del expected["name"]
    assert subentry.data == expected
    assert radiators.state("number.lounge_schedule_look_ahead") == "90.0"
    assert radiators.state("number.lounge_fallback_priority") == "1"


RADIATOR = {
    "radiator_type": "22",
    "radiator_height_mm": 500.0,
    "radiator_length_mm": 1200.0,
}


async def test_a_rating_is_estimated_from_type_and_size(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It fills the field, and the person may change it; only it is stored."""
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    await enter(hass, flow_id, ROOM | {"actuator": "setpoint"})
    rest = {"exponent": 1.3, "comfort_c": 20.0}
    form = await enter(hass, flow_id, rest | {"radiator_type": "22"})
    assert form["errors"] == {"radiator": "radiator_incomplete"}
    assert suggested_values(form)["radiator_type"] == "22"
    form = await enter(hass, flow_id, rest | RADIATOR)
    assert form["errors"] == {"q50_w": "rating_estimated"}
    suggested = suggested_values(form)
    assert suggested["q50_w"] == 1780
    assert "radiator_type" not in suggested
    done = await enter(hass, flow_id, rest | RADIATOR | {"q50_w": 1700.0})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    (subentry,) = entry.subentries.values()
    assert subentry.data["q50_w"] == 1700.0
    assert not set(RADIATOR) & set(subentry.data)


@pytest.mark.parametrize(
    ("radiator_type", "height_mm", "q50_w"),
    [
        # Stelrad Compact K1, P+, K2
        ("11", 600, 968),
        ("21", 600, 1332),
        ("22", 600, 1747),
        ("22", 700, 1961),
        # Purmo Plan, whose flat front gives a little less
        ("11", 300, 530),
        ("22", 300, 937),
        ("33", 300, 1315),
    ],
)
def test_an_estimate_is_within_a_tenth_of_the_makers_tables(
    radiator_type: str, height_mm: float, q50_w: float
) -> None:
    """Per metre, at ΔT 50 K."""
    estimate_w = estimate_q50_w(radiator_type, height_mm, 1000)
    assert estimate_w == pytest.approx(q50_w, rel=0.1)


async def test_a_room_that_is_opened_by_its_setpoint(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The flow does not ask for a valve."""
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    room = ROOM | {"actuator": "setpoint", "demand": "hvac_action"}
    form = await enter(hass, flow_id, room)
    assert form["step_id"] == "sharing"
    rest = {"exponent": 1.3, "comfort_c": 20.0}
    form = await enter(hass, flow_id, rest)
    assert form["errors"] == {"q50_w": "rating_missing"}
    done = await enter(hass, flow_id, rest | {"use_anyway": True})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_a_room_without_a_valve_may_have_an_entity_that_calls(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Only that entity is asked for."""
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    form = await enter(
        hass, flow_id, ROOM | {"actuator": "setpoint", "demand": "entity"}
    )
    assert form["step_id"] == "control"
    assert {str(key) for key in form["data_schema"].schema} == {"demand_entity"}


async def test_a_room_that_says_itself_that_it_calls(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """An entity of its own signals the call for heat."""
    hass.states.async_set("binary_sensor.lounge_calls", "off")
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    form = await enter(hass, flow_id, ROOM | {"demand": "entity"})
    assert {str(key) for key in form["data_schema"].schema} == {
        "valve_entity",
        "demand_entity",
    }
    demand = {"demand_entity": "binary_sensor.lounge_calls"}
    await enter(hass, flow_id, VALVE | demand)
    done = await enter(hass, flow_id, SHARING)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert radiators.state("binary_sensor.lounge_calls_for_heat") == "off"
    await radiators.set_state("binary_sensor.lounge_calls", "on")
    assert radiators.state("binary_sensor.lounge_calls_for_heat") == "on"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"climate_entity": "climate.nowhere"}, {"climate_entity": "entity_not_found"}),
        ({"climate_entity": "sensor.bath"}, {"climate_entity": "wrong_domain"}),
        (
            {"temperature_entity": "sensor.humidity"},
            {"more": "not_a_temperature"},
        ),
        ({"climate_entity": None}, {"more": "climate_or_both"}),
        (
            {"climate_entity": None, "temperature_entity": "sensor.bath"},
            {"more": "climate_or_both"},
        ),
        (
            {
                "climate_entity": None,
                "temperature_entity": "sensor.bath",
                "target_entity": "number.bath_target",
                "actuator": "setpoint",
                "demand": "hvac_action",
            },
            {"actuator": "needs_climate", "more": "needs_climate"},
        ),
    ],
)
async def test_a_room_that_cannot_be_is_refused(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    changes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """A correction continues."""
    hass.states.async_set("sensor.humidity", "50", HUMIDITY)
    flow_id = await begin_room(hass, await empty_site(radiators))
    room = {k: v for k, v in (ROOM | changes).items() if v is not None}
    form = await enter(hass, flow_id, room)
    assert form["errors"] == errors
    form = await enter(hass, flow_id, ROOM)
    assert form["step_id"] == "control"


@pytest.mark.parametrize(
    ("entity_id", "attributes", "error"),
    [
        ("switch.valve", {}, "wrong_domain"),
        ("number.nowhere", None, "entity_not_found"),
        (SETPOINT, None, "valve_not_in_percent"),
        ("valve.shut", {"supported_features": 3}, "valve_without_position"),
    ],
)
async def test_a_valve_that_cannot_be_set_is_refused(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    entity_id: str,
    attributes: dict[str, Any] | None,
    error: str,
) -> None:
    """A valve has to accept an opening in %."""
    if attributes is not None:
        hass.states.async_set(entity_id, "open", attributes)
    flow_id = await begin_room(hass, await empty_site(radiators))
    await enter(hass, flow_id, ROOM)
    form = await enter(hass, flow_id, {"valve_entity": entity_id})
    assert form["errors"] == {"valve_entity": error}
    hass.states.async_set("valve.good", "open", {"supported_features": 7})
    form = await enter(hass, flow_id, {"valve_entity": "valve.good"})
    assert form["step_id"] == "sharing"


async def test_a_schedule_that_is_none_is_refused(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """A correction continues."""
    flow_id = await begin_room(hass, await empty_site(radiators))
    await enter(hass, flow_id, ROOM)
    await enter(hass, flow_id, VALVE)
    form = await enter(hass, flow_id, SHARING | {"schedule_entity": "schedule.none"})
    assert form["errors"] == {"schedule_entity": "entity_not_found"}
    done = await enter(hass, flow_id, SHARING)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_what_another_room_has_is_refused(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Neither the setpoint of its thermostat nor its valve may be used twice."""
    entry = await radiators.set_up_heating(switched_on=False)
    flow_id = await begin_room(hass, entry)
    form = await enter(hass, flow_id, ROOM | {"actuator": "setpoint"})
    assert form["errors"] == {"climate_entity": "room_in_use"}
    sensors = {
        "name": "Attic",
        "temperature_entity": "sensor.bath",
        "target_entity": "number.bath_target",
        "actuator": "valve",
        "demand": "temperature",
    }
    await enter(hass, flow_id, sensors)
    form = await enter(hass, flow_id, VALVE)
    assert form["errors"] == {"valve_entity": "room_in_use"}


async def test_a_room_can_be_changed(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It may keep its own valve; cleared fields are removed."""
    entry = await radiators.set_up_heating(switched_on=False)
    form = await entry.start_subentry_reconfigure_flow(hass, "lounge")
    assert form["step_id"] == "reconfigure"
    flow_id = form["flow_id"]
    await enter(hass, flow_id, ROOM | {"name": "Living room"})
    await enter(hass, flow_id, VALVE)
    rest = {"exponent": 1.3, "comfort_c": 21.0}
    form = await enter(hass, flow_id, rest)
    assert form["errors"] == {"q50_w": "rating_missing"}
    done = await enter(hass, flow_id, rest | {"use_anyway": True})
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    subentry = entry.subentries["lounge"]
    assert subentry.title == "Living room"
    assert "schedule_entity" not in subentry.data
    assert subentry.data["comfort_c"] == 21.0
    assert hass.config_entries.async_entries(DOMAIN)[0].state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes", "error"),
    [
        ("switch.loop", "off", {}, None),
        ("input_boolean.loop", "off", {}, None),
        ("cover.mixer", "open", {"supported_features": 15}, None),
        ("cover.blind", "open", {"supported_features": 3}, "valve_without_position"),
        ("number.steps", "0", {"min": 0, "max": 99, "unit_of_measurement": ""}, None),
        ("number.raw", "0", {"min": 0, "max": 255}, None),
        ("number.new", "unknown", {"unit_of_measurement": "%"}, None),
        ("number.time", "0", {"unit_of_measurement": "s"}, "valve_not_in_percent"),
        ("select.trv", "normal", {}, "wrong_domain"),
    ],
)
async def test_what_a_valve_may_be(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    entity_id: str,
    state: str,
    attributes: dict[str, Any],
    error: str | None,
) -> None:
    """A number in % or in its own range, a valve, a cover, or a relay."""
    hass.states.async_set(entity_id, state, attributes)
    flow_id = await begin_room(hass, await empty_site(radiators))
    await enter(hass, flow_id, ROOM)
    form = await enter(hass, flow_id, {"valve_entity": entity_id})
    assert form.get("errors") == ({"valve_entity": error} if error else {})


@pytest.mark.parametrize(
    ("entity_id", "state", "error"),
    [
        ("sensor.pi_heating_demand", "40", None),
        ("number.pi_demand", "0", None),
        ("sensor.running_state", "heat", None),
        ("sensor.story", "once upon a time", "not_on_or_off"),
        ("light.lamp", "on", "wrong_domain"),
    ],
)
async def test_what_may_call(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    entity_id: str,
    state: str,
    error: str | None,
) -> None:
    """On or off, a demand in %, or the words that heads use."""
    hass.states.async_set(entity_id, state)
    flow_id = await begin_room(hass, await empty_site(radiators))
    await enter(hass, flow_id, ROOM | {"demand": "entity"})
    form = await enter(hass, flow_id, VALVE | {"demand_entity": entity_id})
    assert form.get("errors") == ({"demand_entity": error} if error else {})


async def test_a_thermostat_over_two_heads_is_two_rooms(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Each radiator has its own valve. Its setpoint can be raised by one room only."""
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    await enter(hass, flow_id, ROOM)
    await enter(hass, flow_id, VALVE)
    await enter(hass, flow_id, SHARING)
    await hass.async_block_till_done()
    flow_id = await begin_room(hass, entry)
    form = await enter(hass, flow_id, ROOM | {"name": "Again", "actuator": "setpoint"})
    assert form["errors"] == {"climate_entity": "room_in_use"}
    form = await enter(hass, flow_id, ROOM | {"name": "Lounge, by the window"})
    form = await enter(hass, flow_id, VALVE)
    assert form["errors"] == {"valve_entity": "room_in_use"}
    await enter(hass, flow_id, {"valve_entity": "number.hall_valve"})
    done = await enter(hass, flow_id, SHARING)
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("entity_id", "state", "attributes", "error"),
    [
        ("calendar.heating", "off", {}, None),
        ("switch.schedule_bath", "on", {"next_trigger": "2026-01-05T07:00:00Z"}, None),
        ("switch.lamp", "on", {}, "no_switching_time"),
        (
            "sensor.next_heating",
            "2026-01-05T06:00:00+00:00",
            {"device_class": "timestamp"},
            None,
        ),
        ("sensor.bath", "20", {}, "no_switching_time"),
        ("input_datetime.wake_up", "07:00:00", {"has_time": True}, None),
        ("climate.study", "heat", {}, "no_switching_time"),
        ("light.lamp", "on", {}, "wrong_domain"),
    ],
)
async def test_what_a_schedule_may_be(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    entity_id: str,
    state: str,
    attributes: dict[str, Any],
    error: str | None,
) -> None:
    """A helper, a calendar, or what shows when it will switch next."""
    hass.states.async_set(entity_id, state, attributes)
    flow_id = await begin_room(hass, await empty_site(radiators))
    await enter(hass, flow_id, ROOM)
    await enter(hass, flow_id, VALVE)
    form = await enter(hass, flow_id, SHARING | {"schedule_entity": entity_id})
    assert form.get("errors", {}) == ({"schedule_entity": error} if error else {})


SET_VALVE = [
    {
        "action": "number.set_value",
        "target": {"entity_id": "number.hall_valve"},
        "data": {"value": "{{ position }}"},
    }
]


@pytest.mark.parametrize(
    ("set_valve", "error"),
    [
        ([], "actions_required"),
        ([{"action": "no dot"}], "actions_invalid"),
        ([{"action": "script.open"}], "actions_without_position"),
    ],
)
async def test_a_room_whose_valve_is_set_by_actions(
    hass: HomeAssistant,
    radiators: RadiatorHouse,
    set_valve: list[dict[str, Any]],
    error: str,
) -> None:
    """Its entity only shows the opening, so that it may be a sensor."""
    hass.states.async_set("sensor.opening", "0", HUMIDITY)
    entry = await empty_site(radiators)
    flow_id = await begin_room(hass, entry)
    room = ROOM | {"actuator": "actions"}
    form = await enter(hass, flow_id, room)
    assert {str(key) for key in form["data_schema"].schema} == {
        "valve_entity",
        "set_valve",
    }
    valve = {"valve_entity": "sensor.opening", "set_valve": set_valve}
    form = await enter(hass, flow_id, valve)
    assert form["errors"] == {"set_valve": error}
    form = await enter(hass, flow_id, valve | {"valve_entity": "switch.loop"})
    assert form["errors"]["valve_entity"] == "wrong_domain"
    valve["set_valve"] = SET_VALVE
    await enter(hass, flow_id, valve)
    done = await enter(hass, flow_id, SHARING)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    (subentry,) = entry.subentries.values()
    assert subentry.data["set_valve"] == SET_VALVE
    assert entry.state is ConfigEntryState.LOADED
