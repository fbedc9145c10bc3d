"""Adding a charger, and changing it, through its flow."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging.setup import checks, control_checks

from ...homes.forms import enter_part, suggested
from ...homes.house import CHARGER, METER, NUMBER, STATUS, SUPPLY, SWITCH, House

BASICS = {
    "name": "Garage",
    "max_current_a": 32.0,
    "min_current_a": 6.0,
    "control": "number",
}
BASIC_FIELDS = {key: value for key, value in BASICS.items() if key != "control"}
"""What the form asks of a new charger, after its device."""

SET_CURRENT = [{"action": "test.set", "data": {"current": "{{ current_a }}"}}]
ACTIONS = {"set_current": SET_CURRENT, "charger_id": "one"}
FREE_NUMBER = "number.free"


@pytest.fixture(autouse=True)
async def _entities(hass: HomeAssistant, house: House) -> None:
    """Set up the entities to choose from."""
    hass.states.async_set("sensor.meter", "10", {"unit_of_measurement": "A"})
    hass.states.async_set("sensor.power", "10", {"unit_of_measurement": "W"})
    hass.states.async_set(STATUS, "Charging")
    show_number(hass)


def show_number(hass: HomeAssistant, **attributes: Any) -> None:
    """Add a number that is not in use yet."""
    range_a = {"min": 0, "max": 32, "unit_of_measurement": "A"}
    hass.states.async_set(FREE_NUMBER, "6", range_a | attributes)


@pytest.fixture
async def site(house: House) -> MockConfigEntry:
    """Set up a site without a charger."""
    return await house.set_up(chargers=[])


async def begin(hass: HomeAssistant, site: MockConfigEntry) -> Any:
    """Start to add a charger."""
    return await hass.config_entries.subentries.async_init(
        (site.entry_id, "charger"), context={"source": SOURCE_USER}
    )


async def submit(hass: HomeAssistant, form: Any, entered: dict[str, Any]) -> Any:
    """Submit a form of the flow."""
    return await enter_part(hass, form, entered)


async def test_a_charger_with_a_number_and_a_switch(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Every field is filled in, and the charger is balanced at once."""
    form = await begin(hass, site)
    assert form["step_id"] == "device"
    form = await submit(hass, form, {})
    assert form["step_id"] == "user"
    assert "phases" not in form["data_schema"].schema
    form = await submit(hass, form, BASIC_FIELDS)
    assert form["step_id"] == "number"
    form = await submit(hass, form, {"number_entity": NUMBER, "switch_entity": SWITCH})
    assert form["step_id"] == "feedback"
    feedback = {
        "status_entity": STATUS,
        "charging_states": ["charging", "Active"],
        "draw_entity": "sensor.power",
    }
    done = await submit(hass, form, feedback)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert site.state is ConfigEntryState.LOADED
    (subentry,) = site.subentries.values()
    assert subentry.title == "Garage"
    assert subentry.data == {
        "phases": ["l1"],
        "max_current_a": 32.0,
        "min_current_a": 6.0,
        "control": "number",
        "number_entity": NUMBER,
        "switch_entity": SWITCH,
        **feedback,
    }
    assert hass.states.get("sensor.garage_current_set") is not None


async def test_a_number_in_watts_of_all_phases(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """7360 W are 32 A at 230 V."""
    show_number(hass, unit_of_measurement="W", max=7360)
    form = await submit(hass, await begin(hass, site), BASICS)
    form = await submit(hass, form, {"number_entity": FREE_NUMBER})
    assert form["step_id"] == "feedback"


SELECT = "select.wallbox"
PAUSED_BY_OPTION = {"select_entity": SELECT, "pause_option": "off"}


def show_select(hass: HomeAssistant, *options: str) -> None:
    """Add a select that is not in use yet."""
    hass.states.async_set(SELECT, options[0] if options else "", {"options": options})


async def test_a_charger_with_a_select(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Its options are currents, and one of them pauses the charger."""
    show_select(hass, "off", "6", "10 A", "16")
    form = await submit(hass, await begin(hass, site), BASICS | {"control": "select"})
    assert form["step_id"] == "select"
    form = await submit(hass, form, PAUSED_BY_OPTION)
    assert form["step_id"] == "feedback"
    done = await submit(hass, form, {"offered_entity": "sensor.power"})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"] == {
        "phases": ["l1"],
        "max_current_a": 32.0,
        "min_current_a": 6.0,
        "control": "select",
        **PAUSED_BY_OPTION,
        "charging_states": ["charging"],
        "offered_entity": "sensor.power",
    }


@pytest.mark.parametrize(
    ("options", "entered", "errors"),
    [
        (
            ["6"],
            {"select_entity": "select.nowhere"},
            {"select_entity": "entity_not_found"},
        ),
        ([], {"select_entity": SELECT}, {"select_entity": "entity_unavailable"}),
        (
            ["slow", "fast", "4", "40"],
            PAUSED_BY_OPTION,
            {"select_entity": "options_no_currents"},
        ),
        (
            ["6", "10"],
            {"select_entity": SELECT},
            {"select_entity": "select_cannot_pause"},
        ),
        (["6", "Off"], PAUSED_BY_OPTION, {"pause_option": "no_such_option"}),
        (
            ["6"],
            {"select_entity": SELECT, "switch_entity": "switch.nowhere"},
            {"switch_entity": "entity_not_found"},
        ),
    ],
)
async def test_a_select_that_cannot_drive_a_charger_is_refused(
    hass: HomeAssistant,
    site: MockConfigEntry,
    options: list[str],
    entered: dict[str, str],
    errors: dict[str, str],
) -> None:
    """The error is shown at the field, and another choice continues."""
    show_select(hass, *options)
    form = await submit(hass, await begin(hass, site), BASICS | {"control": "select"})
    form = await submit(hass, form, entered)
    assert form["errors"] == errors
    show_select(hass, "6", "16")
    form = await submit(hass, form, {"select_entity": SELECT, "switch_entity": SWITCH})
    assert form["step_id"] == "feedback"


async def test_the_same_select_is_refused_twice(
    hass: HomeAssistant, house: House
) -> None:
    """A select controls one charger only."""
    show_select(hass, "off", "6")
    driven = {"control": "select", "number_entity": None, **PAUSED_BY_OPTION}
    site = await house.set_up(charger=driven)
    basics = BASICS | {"name": "Again", "control": "select"}
    form = await submit(hass, await begin(hass, site), basics)
    form = await submit(hass, form, PAUSED_BY_OPTION)
    assert form["errors"] == {"select_entity": "charger_in_use"}


async def test_a_charger_with_actions_and_nothing_else(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """Only the required fields are filled in."""
    form = await submit(hass, await begin(hass, site), BASICS | {"control": "actions"})
    assert form["step_id"] == "actions"
    form = await submit(hass, form, {"set_current": SET_CURRENT})
    assert form["step_id"] == "feedback"
    done = await submit(hass, form, {})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_on_a_three_phase_site_the_wiring_is_asked_for(
    hass: HomeAssistant, house: House
) -> None:
    """All three phases are the default; none at all is refused."""
    three = {"meter_l2": "sensor.power", "meter_l3": "sensor.meter_l3"}
    site = await house.set_up(supply=three, chargers=[])
    form = await submit(hass, await begin(hass, site), {})
    form = await submit(hass, form, BASIC_FIELDS | {"phases": []})
    assert form["errors"] == {"phases": "no_phase"}
    elsewhere = BASIC_FIELDS | {"phases": ["l2"], "first_phase": "l3"}
    form = await submit(hass, form, elsewhere)
    assert form["errors"] == {"more": "first_phase_elsewhere"}
    form = await submit(hass, form, BASIC_FIELDS | {"phases": ["l2"]})
    assert form["step_id"] == "number"


async def test_without_a_neutral_a_charger_needs_two_phases(
    hass: HomeAssistant, house: House
) -> None:
    """Only those that are measured are offered."""
    two = {"meter_l3": "sensor.meter_l3", "wiring": "no_neutral"}
    form = await begin(hass, await house.set_up(supply=two, chargers=[]))
    form = await submit(hass, form, {})
    phases = form["data_schema"].schema["phases"].config["options"]
    assert phases == ["l1", "l3"]
    form = await submit(hass, form, BASIC_FIELDS | {"phases": ["l3"]})
    assert form["errors"] == {"phases": "two_phases_needed"}
    form = await submit(hass, form, BASIC_FIELDS | {"phases": ["l1", "l3"]})
    assert form["step_id"] == "number"


async def test_each_phase_of_a_charger_may_be_measured(
    hass: HomeAssistant, house: House
) -> None:
    """Three sensors of 4, 5 and 6 A count on their own phases; two are refused."""
    three = {"meter_l2": "sensor.power", "meter_l3": "sensor.meter_l3"}
    site = await house.set_up(supply=three, chargers=[])
    draws = {}
    for amperes, key in enumerate(("draw_entity", "draw_l2_entity", "draw_l3_entity")):
        draws[key] = f"sensor.{key}"
        await house.set_state(draws[key], 4 + amperes, "A")
    form = await begin(hass, site)
    wiring = {"phases": ["l1", "l2", "l3"], "first_phase": "l2"}
    form = await submit(hass, form, BASICS | wiring)
    form = await submit(hass, form, {"number_entity": NUMBER})
    for incomplete in ("draw_entity", "draw_l3_entity"):
        without = {key: value for key, value in draws.items() if key != incomplete}
        form = await submit(hass, form, without)
        assert form["errors"] == {incomplete: "draw_missing"}
    twice = draws | {"draw_l3_entity": draws["draw_entity"]}
    form = await submit(hass, form, twice)
    assert form["errors"]["draw_l3_entity"] == "same_twice"
    done = await submit(hass, form, draws)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    charging = site.runtime_data.charging
    (charger,) = charging.chargers.values()
    assert charger.config.phases == (1, 2, 0)
    (seen,) = [*charging.history][-1].site.chargers
    assert seen.draw.low_a == seen.draw.high_a == (4, 5, 6)
    assert house.state("sensor.garage_draw") == "6.0"


async def test_a_minimum_above_the_rating_is_refused(
    hass: HomeAssistant, site: MockConfigEntry
) -> None:
    """The form keeps what was entered."""
    form = await submit(
        hass,
        await begin(hass, site),
        BASICS | {"max_current_a": 8, "min_current_a": 10},
    )
    assert form["errors"] == {"more": "min_above_max"}
    form = await submit(hass, form, BASIC_FIELDS)
    assert form["step_id"] == "number"


@pytest.mark.parametrize(
    ("entered", "attributes", "errors"),
    [
        (
            {"number_entity": "number.nowhere"},
            {},
            {"number_entity": "entity_not_found"},
        ),
        (
            {"number_entity": FREE_NUMBER},
            {"unit_of_measurement": "V"},
            {"number_entity": "number_wrong_unit"},
        ),
        (
            {"number_entity": FREE_NUMBER},
            {"min": None},
            {"number_entity": "entity_unavailable"},
        ),
        ({"number_entity": FREE_NUMBER}, {"min": 6}, {"number_entity": "cannot_pause"}),
        (
            {"number_entity": FREE_NUMBER, "switch_entity": "switch.nowhere"},
            {},
            {"switch_entity": "entity_not_found"},
        ),
    ],
)
async def test_a_number_that_cannot_drive_a_charger_is_refused(
    hass: HomeAssistant,
    site: MockConfigEntry,
    entered: dict[str, str],
    attributes: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """The error is shown at the field, and another choice continues."""
    show_number(hass, **attributes)
    form = await submit(hass, await begin(hass, site), BASICS)
    form = await submit(hass, form, entered)
    assert form["errors"] == errors
    form = await submit(hass, form, {"number_entity": NUMBER})
    assert form["step_id"] == "feedback"


async def test_the_same_charger_is_refused_twice(
    hass: HomeAssistant, house: House
) -> None:
    """Neither its number nor its switch may belong to another charger."""
    site = await house.set_up(charger={"switch_entity": SWITCH})
    form = await submit(hass, await begin(hass, site), BASICS | {"name": "Again"})
    form = await submit(hass, form, {"number_entity": NUMBER, "switch_entity": SWITCH})
    assert form["errors"] == {
        "number_entity": "charger_in_use",
        "switch_entity": "charger_in_use",
    }
    form = await submit(hass, form, {"number_entity": FREE_NUMBER})
    assert form["step_id"] == "feedback"


async def test_the_same_actions_are_refused_twice(
    hass: HomeAssistant, house: House
) -> None:
    """With different charger IDs, they control different chargers."""
    site = await house.set_up(
        chargers=[CHARGER | {"control": "actions", "number_entity": None} | ACTIONS]
    )
    basics = BASICS | {"name": "Again", "control": "actions"}
    form = await submit(hass, await begin(hass, site), basics)
    form = await submit(hass, form, ACTIONS)
    assert form["errors"] == {"set_current": "charger_in_use"}
    form = await submit(hass, form, ACTIONS | {"charger_id": "two"})
    assert form["step_id"] == "feedback"


@pytest.mark.parametrize(
    ("entered", "errors"),
    [
        ({"set_current": []}, {"set_current": "actions_required"}),
        (
            {"set_current": [{"action": "test.set"}]},
            {"set_current": "actions_without_current"},
        ),
        (
            {"set_current": [{"nonsense": "{{ current_a }}"}]},
            {"set_current": "actions_invalid"},
        ),
        (
            {"set_current": SET_CURRENT, "stop": [{"nonsense": 1}]},
            {"stop": "actions_invalid"},
        ),
    ],
)
async def test_actions_that_cannot_run_are_refused(
    hass: HomeAssistant,
    site: MockConfigEntry,
    entered: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """The error says what is wrong with them."""
    form = await submit(hass, await begin(hass, site), BASICS | {"control": "actions"})
    form = await submit(hass, form, entered)
    assert form["errors"] == errors
    told = form["description_placeholders"]["detail"]
    assert bool(told) == ("actions_invalid" in errors.values())
    form = await submit(hass, form, ACTIONS)
    assert form["step_id"] == "feedback"


@pytest.mark.parametrize(
    ("entered", "errors", "where"),
    [
        (
            {"status_entity": "sensor.nowhere"},
            {"status_entity": "entity_not_found"},
            "",
        ),
        ({"draw_entity": STATUS}, {"draw_entity": "wrong_unit"}, ""),
        ({"draw_entity": METER}, {"draw_entity": "draw_is_meter"}, ""),
        (
            {"offered_entity": STATUS},
            {"more": "wrong_unit"},
            "Current it offers the car: ",
        ),
        (
            {"presence_entity": "person.no"},
            {"more": "entity_not_found"},
            "Where the car is: ",
        ),
    ],
)
async def test_feedback_that_tells_nothing_is_refused(
    hass: HomeAssistant,
    site: MockConfigEntry,
    entered: dict[str, str],
    errors: dict[str, str],
    where: str,
) -> None:
    """A sensor may be left out, but it must not be a wrong one.

    An error above a section says which of its fields it is about.
    """
    form = await submit(hass, await begin(hass, site), BASICS)
    form = await submit(hass, form, {"number_entity": NUMBER})
    form = await submit(hass, form, entered)
    assert form["errors"] == errors
    assert form["description_placeholders"]["where"] == where
    done = await submit(hass, form, {})
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_draw_of_another_charger_is_refused(
    hass: HomeAssistant, house: House
) -> None:
    """The draw would be subtracted from the household load twice."""
    await house.set_state("sensor.draw", 10, "A")
    site = await house.set_up(charger={"draw_entity": "sensor.draw"})
    form = await submit(hass, await begin(hass, site), BASICS | {"name": "Again"})
    form = await submit(hass, form, {"number_entity": FREE_NUMBER})
    form = await submit(hass, form, {"draw_entity": "sensor.draw"})
    assert form["errors"] == {"draw_entity": "charger_in_use"}


@pytest.mark.parametrize(
    "shown",
    [
        {"max": 16},
        {"max": 6},
        {"max": 0},
        {"unit_of_measurement": "W", "max": 1380},
        {"unit_of_measurement": "mA", "max": 16000},
    ],
)
async def test_a_number_may_be_limited_for_now(
    hass: HomeAssistant, site: MockConfigEntry, shown: dict[str, Any]
) -> None:
    """Its limit follows the cable or the car, so it is no reason to refuse it."""
    show_number(hass, **shown)
    form = await submit(hass, await begin(hass, site), BASICS)
    form = await submit(hass, form, {"number_entity": FREE_NUMBER})
    done = await submit(hass, form, {})
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["data"]["max_current_a"] == 32


async def test_a_charger_can_be_changed(hass: HomeAssistant, house: House) -> None:
    """The forms suggest what is stored, and drop what was cleared."""
    site = await house.set_up(charger={"status_entity": STATUS})
    form = await site.start_subentry_reconfigure_flow(hass, "charger0")
    assert form["step_id"] == "reconfigure"
    assert form["data_schema"] is not None
    assert suggested(form)["name"] == "Garage"
    assert suggested(form)["max_current_a"] == 32.0
    form = await submit(hass, form, BASICS | {"name": "Barn", "max_current_a": 16.0})
    form = await submit(hass, form, {"number_entity": NUMBER})
    done = await submit(hass, form, {"charging_states": ["charging"]})
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    subentry = site.subentries["charger0"]
    assert subentry.title == "Barn"
    assert subentry.data["max_current_a"] == 16.0
    assert "status_entity" not in subentry.data
    assert site.state is ConfigEntryState.LOADED
    assert house.state("number.garage_max_current") == "16.0"


async def test_a_charger_can_be_removed(hass: HomeAssistant, house: House) -> None:
    """Its entities are removed, and the site stays loaded."""
    site = await house.set_up()
    hass.config_entries.async_remove_subentry(site, "charger0")
    await hass.async_block_till_done()
    assert site.state is ConfigEntryState.LOADED
    assert hass.states.get("sensor.garage_current_set") is None
    assert not site.runtime_data.charging.chargers


async def test_what_the_selectors_do_not_offer_is_refused_all_the_same(
    hass: HomeAssistant,
) -> None:
    """A flow can be submitted without the UI."""
    hass.states.async_set("light.lamp", "on")
    assert checks.check_measurement(hass, "light.lamp") == "wrong_domain"
    basics = BASICS | {"phases": ["l1"]}
    lamp = {"status_entity": "light.lamp"}
    assert checks.check_feedback(hass, lamp, basics, SUPPLY, None) == {
        "status_entity": "wrong_domain"
    }
    lamp = {"number_entity": "light.lamp", "switch_entity": "light.lamp"}
    assert control_checks.check_number_control(hass, lamp, basics, SUPPLY, None) == {
        "number_entity": "wrong_domain",
        "switch_entity": "wrong_domain",
    }
    lamp = {"select_entity": "light.lamp", "switch_entity": "light.lamp"}
    assert control_checks.check_select_control(hass, lamp, basics, None) == {
        "select_entity": "wrong_domain",
        "switch_entity": "wrong_domain",
    }
