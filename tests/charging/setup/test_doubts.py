"""What is doubtful is asked about: it takes a tick, and only for what was asked."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.translation import async_get_translations
import pytest
import voluptuous as vol

from custom_components.load_sharing.const import DOMAIN

from ...homes.forms import enter, enter_part, suggested, unfold
from ...homes.house import METERS, SUPPLY, House
from .installing import install
from .registries import PEBLAR

AMPERES = {"unit_of_measurement": "A", "min": 0, "max": 32}
BASICS = {"name": "Garage", "max_current_a": 32.0, "min_current_a": 6.0}


async def begin_supply(hass: HomeAssistant, kind: str) -> str:
    """Start to add a site with a supply; return the ID of the flow."""
    menu = await hass.config_entries.flow.async_init(
        "load_sharing", context={"source": SOURCE_USER}
    )
    await enter(hass, menu["flow_id"], {"next_step_id": "charging"})
    await enter(hass, menu["flow_id"], {"next_step_id": kind})
    return menu["flow_id"]


async def begin_charger(hass: HomeAssistant, house: House, **supply: Any) -> Any:
    """Start to add a charger that is driven by a number; return that form."""
    site = await house.set_up(chargers=[], supply=supply)
    form = await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )
    form = await enter_part(hass, form, {})
    return await enter_part(hass, form, BASICS)


def put_up(hass: HomeAssistant, name: str, *unique_ids: str) -> list[str]:
    """Register numbers, switches and sensors of one device; return their entities."""
    wanted = tuple((key.split()[0], key.split()[1]) for key in unique_ids)
    entities = install(hass, "unheard_of", wanted, name, name)
    for key, entity_id in entities.items():
        named = {"friendly_name": f"{name} {key.split()[1]}"}
        hass.states.async_set(entity_id, "10", AMPERES | named)
    return list(entities.values())


@pytest.mark.parametrize(
    ("number", "doubts"),
    [
        ("number charging_current", {"meter_l1": "meter_of_charger"}),
        ("number grid_current", None),
    ],
)
async def test_a_meter_beside_the_current_of_a_charger(
    hass: HomeAssistant, number: str, doubts: dict[str, str] | None
) -> None:
    """It may measure the charger alone. An inverter may have a number, too."""
    sensor, _ = put_up(hass, "Box", "sensor power", number)
    er.async_get(hass).async_get_or_create(
        "number", "unheard_of", number.split()[1], unit_of_measurement="A"
    )
    flow_id = await begin_supply(hass, "one_phase")
    entered = SUPPLY | {"name": "Home", "meter_l1": sensor}
    form = await enter(hass, flow_id, entered)
    assert form.get("errors") == doubts
    if doubts:
        assert "use_anyway" in unfold(form)
        done = await enter(hass, flow_id, entered | {"use_anyway": True})
        assert done["type"] is FlowResultType.CREATE_ENTRY
        assert "use_anyway" not in done["data"]["supply"]


async def test_a_third_phase_without_a_meter(hass: HomeAssistant, house: House) -> None:
    """One phase of three alone is no supply of three; two may be all there is."""
    await house.measure(1, 2, 3)
    flow_id = await begin_supply(hass, "three_phases")
    entered = SUPPLY | {"name": "Home"}
    form = await enter(hass, flow_id, entered)
    assert form["errors"] == {"meter_l2": "phases_missing"}
    entered["meter_l2"] = METERS[1]
    form = await enter(hass, flow_id, entered)
    assert form["errors"] == {"meter_l3": "third_phase_unseen"}
    done = await enter(hass, flow_id, entered | {"use_anyway": True})
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("kind", "named"), [("one_phase", ""), ("total", ""), ("three_phases", "L1")]
)
async def test_only_a_meter_of_several_phases_is_named_for_one(
    hass: HomeAssistant, house: House, kind: str, named: str
) -> None:
    """The meter of one phase is just the meter. No fuse is guessed."""
    menu = await hass.config_entries.flow.async_init(
        "load_sharing", context={"source": SOURCE_USER}
    )
    await enter(hass, menu["flow_id"], {"next_step_id": "charging"})
    form = await enter(hass, menu["flow_id"], {"next_step_id": kind})
    assert form["step_id"] == "supply"
    assert form["description_placeholders"]["l1"] == named
    (limit,) = [key for key in form["data_schema"].schema if key == "limit_a"]
    assert isinstance(limit, vol.Optional)
    assert limit.default is vol.UNDEFINED
    assert "suggested_value" not in (limit.description or {})
    await house.measure(1, 2, 3)
    meter = {"name": "Home", "meter_l1": METERS[0]}
    form = await enter(hass, menu["flow_id"], meter)
    assert form["errors"] == {"limit_a": "number_missing"}


async def test_a_split_phase_needs_both_legs(hass: HomeAssistant, house: House) -> None:
    """It is one of 120 V without a word more."""
    await house.measure(1, 2, 3)
    flow_id = await begin_supply(hass, "split_phase")
    entered: dict[str, Any] = {"name": "Home", "meter_l1": METERS[0], "limit_a": 100}
    form = await enter(hass, flow_id, entered)
    assert form["errors"] == {"meter_l2": "phases_missing"}
    done = await enter(hass, flow_id, entered | {"meter_l2": METERS[1]})
    assert done["data"]["supply"]["wiring"] == "split_phase"
    assert done["data"]["supply"]["voltage_v"] == 120


async def test_one_meter_for_all_phases(hass: HomeAssistant, house: House) -> None:
    """The first answer says so; its power is that of three phases."""
    await house.set_state(METERS[0], 6900, "W")
    flow_id = await begin_supply(hass, "total")
    entered: dict[str, Any] = {"name": "Home", "meter_l1": METERS[0], "limit_a": 0}
    form = await enter(hass, flow_id, entered)
    assert form["errors"] == {"limit_a": "out_of_range"}
    texts = form["description_placeholders"]
    assert (texts["value"], texts["least"], texts["most"]) == ("0 A", "1 A", "200 A")
    assert texts["shows_meter_l1"] == "\n**→ 6900 W = 10 A**"
    done = await enter(hass, flow_id, entered | {"limit_a": 25})
    assert done["data"]["supply"]["total"] is True


async def test_the_switch_of_an_oven(hass: HomeAssistant, house: House) -> None:
    """Another device may be meant, but another doubt takes another tick."""
    number, charging = put_up(hass, "Box", "number limit", "switch enabled")
    oven, hob = put_up(hass, "Kitchen", "switch oven", "switch hob")
    form = await begin_charger(hass, house)
    driven = {"number_entity": number, "switch_entity": oven}
    form = await enter_part(hass, form, driven)
    assert form["errors"] == {"switch_entity": "switch_elsewhere"}
    form = await enter_part(
        hass, form, driven | {"switch_entity": hob, "use_anyway": True}
    )
    assert form["errors"] == {"switch_entity": "switch_elsewhere"}
    form = await enter_part(hass, form, driven | {"switch_entity": charging})
    assert form["step_id"] == "feedback"


async def test_the_switch_of_an_oven_that_is_meant(
    hass: HomeAssistant, house: House
) -> None:
    """The user has the last word."""
    number, _ = put_up(hass, "Box", "number limit", "switch enabled")
    (relay,) = put_up(hass, "Kitchen", "switch relay")
    form = await begin_charger(hass, house)
    driven = {"number_entity": number, "switch_entity": relay}
    form = await enter_part(hass, form, driven)
    assert "use_anyway" in unfold(form)
    form = await enter_part(hass, form, driven | {"use_anyway": True})
    assert form["step_id"] == "feedback"


async def test_a_control_beside_the_meter(hass: HomeAssistant, house: House) -> None:
    """The number of a box that has the meter, too: it may be the meter of the box."""
    meter, number = put_up(hass, "Box", "sensor power", "number limit")
    form = await begin_charger(hass, house, meter_l1=meter)
    form = await enter_part(hass, form, {"number_entity": number})
    assert form["errors"] == {"number_entity": "control_beside_meter"}
    form = await enter_part(hass, form, {"number_entity": number, "use_anyway": True})
    assert form["step_id"] == "feedback"


async def test_a_switch_of_no_device(hass: HomeAssistant, house: House) -> None:
    """A helper that pauses the charger, or the relay of a fridge: nothing says which."""
    (number,) = put_up(hass, "Box", "number limit")
    hass.states.async_set("switch.relay", "on")
    form = await begin_charger(hass, house)
    driven = {"number_entity": number, "switch_entity": "switch.relay"}
    form = await enter_part(hass, form, driven)
    assert form["errors"] == {"switch_entity": "switch_elsewhere"}
    hass.states.async_set("switch.charger_pause", "on")
    driven["switch_entity"] = "switch.charger_pause"
    form = await enter_part(hass, form, driven)
    assert form["step_id"] == "feedback"


async def test_a_stored_doubt_is_not_asked_about_again(
    hass: HomeAssistant, house: House
) -> None:
    """Who changes the rating does not have to defend the meter."""
    await house.measure(1, 2, 3)
    entry = await house.set_up(chargers=[], supply={"meter_l2": METERS[1]})
    menu = await entry.start_reconfigure_flow(hass)
    await enter(hass, menu["flow_id"], {"next_step_id": "change_supply"})
    entered = SUPPLY | {"meter_l2": METERS[1], "limit_a": 25.0}
    done = await enter(hass, menu["flow_id"], entered)
    assert done["reason"] == "reconfigure_successful"


async def test_the_own_sensors_of_known_chargers_are_not_offered(
    hass: HomeAssistant,
) -> None:
    """Nor are numbers: they are set, and measure nothing."""
    draw = install(hass, "peblar", PEBLAR.entities)["sensor 23-45_power_total"]
    flow_id = await begin_supply(hass, "one_phase")
    shown: Any = hass.config_entries.flow._progress[flow_id].cur_step
    config = unfold(shown)["meter_l1"].config
    assert config["exclude_entities"] == [draw]
    assert all("number" not in one["domain"] for one in config["filter"])


async def test_numbers_out_of_range(hass: HomeAssistant, house: House) -> None:
    """Each is refused in its turn, with its own bounds; the input is kept."""
    await house.measure(1)
    # As the frontend does when the flow begins.
    await async_get_translations(hass, "en", "config", {DOMAIN})
    flow_id = await begin_supply(hass, "one_phase")
    entered = SUPPLY | {"name": "Home", "limit_a": 0.0, "voltage_v": 12.0}
    form = await enter(hass, flow_id, entered)
    assert form["errors"] == {"limit_a": "out_of_range"}
    assert suggested(form)["voltage_v"] == 12
    form = await enter(hass, flow_id, entered | {"limit_a": 32.0})
    assert form["errors"] == {"more": "out_of_range"}
    texts = form["description_placeholders"]
    assert (texts["least"], texts["most"]) == ("100 V", "480 V")
    assert texts["where"] == "Voltage: "
