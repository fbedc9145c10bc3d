"""A boiler starts from the device that was found for it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.load_sharing.const import DOMAIN
from custom_components.load_sharing.heating.setup.checks import check_boiler
from custom_components.load_sharing.heating.setup.discovery import find_boilers

from ...homes.forms import suggested
from ...homes.radiators import BOILER, RadiatorHouse
from ...test_config_flow import submit
from .boiler_registries import BOILERS
from .installing import CELSIUS, Case

OPENTHERM = BOILERS["OpenTherm Gateway"]
REST = {"cycling_protection": False, "floor_c": 30.0}


def show(hass: HomeAssistant, entities: dict[str, str]) -> None:
    """Give all entities a state."""
    for entity_id in entities.values():
        if entity_id.startswith("binary_sensor."):
            hass.states.async_set(entity_id, "off")
        else:
            hass.states.async_set(entity_id, "50", dict(CELSIUS))


async def first_form(hass: HomeAssistant) -> Any:
    """Start to add a boiler to a new site."""
    flows = hass.config_entries.flow
    menu = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
    return await submit(hass, menu["flow_id"], {"next_step_id": "heating"})


@pytest.mark.parametrize("case", BOILERS.values(), ids=BOILERS)
def test_a_boiler_is_found_with_what_its_source_says(
    hass: HomeAssistant, case: Case
) -> None:
    """Nothing that must not be written is filled in, and nothing doubtful."""
    entities = case.install(hass)
    (found,) = find_boilers(hass, set()).values()
    assert found.fields == case.expected(entities)
    assert found.is_known is (case.platform != "unheard_of")


@pytest.mark.parametrize("case", BOILERS.values(), ids=BOILERS)
def test_the_form_accepts_what_is_filled_in(hass: HomeAssistant, case: Case) -> None:
    """Only a Vaillant of the cloud shows no burner, and waits for the user's."""
    show(hass, case.install(hass))
    (found,) = find_boilers(hass, set()).values()
    errors = check_boiler(hass, {**found.fields, **REST}, None)
    lacking = {"burner_entity": "no_evidence_source"}
    assert errors == (lacking if case.platform == "mypyllant" else {})


async def test_one_boiler_is_filled_in_without_a_question(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """With the values that it shows now."""
    entities = OPENTHERM.install(hass)
    show(hass, entities)
    form = await first_form(hass)
    assert form["step_id"] == "boiler"
    filled = suggested(form)
    assert filled == {"name": "test home", **OPENTHERM.expected(entities)}
    shown = form["description_placeholders"]["shows_flow_entity"]
    assert shown == "\n**→ 50 °C**"
    done = await submit(hass, form["flow_id"], filled | REST)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["result"].data == {"boiler": {**OPENTHERM.expected(entities), **REST}}


async def test_of_several_the_user_chooses(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """The known ones come first; the names are those of their devices."""
    guessed = BOILERS["An unknown boiler"].install(hass)
    show(hass, guessed)
    show(hass, OPENTHERM.install(hass))
    form = await first_form(hass)
    assert form["step_id"] == "found_boiler"
    (selector,) = form["data_schema"].schema.values()
    options = {item["label"]: item["value"] for item in selector.config["options"]}
    assert list(options) == ["Boiler (OpenTherm Gateway)", "Heater", "none"]
    chosen = {"found_boiler": options["Heater"]}
    form = await submit(hass, form["flow_id"], chosen)
    assert suggested(form)["burner_entity"] == guessed["flame"]


async def test_none_of_them_leads_to_the_empty_form(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """Only its name is filled in."""
    show(hass, OPENTHERM.install(hass))
    show(hass, BOILERS["An unknown boiler"].install(hass))
    form = await first_form(hass)
    form = await submit(hass, form["flow_id"], {"found_boiler": "none"})
    assert form["step_id"] == "boiler"
    assert suggested(form) == {"name": "test home"}


async def test_the_boiler_of_another_site_is_left_out(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """And a stored boiler is shown as it is."""
    entities = OPENTHERM.install(hass)
    show(hass, entities)
    own = {**OPENTHERM.expected(entities), **REST}
    entry = await radiators.set_up_heating(boiler=own, switched_on=False)
    form = await first_form(hass)
    assert suggested(form) == {"name": "test home"}
    menu = await entry.start_reconfigure_flow(hass)
    form = await submit(hass, menu["flow_id"], {"next_step_id": "change_boiler"})
    assert suggested(form) == BOILER | own


async def test_a_setpoint_that_its_controller_rewrites(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """It is fine to read; lowering it would not hold the burner off."""
    entities = BOILERS["EMS-ESP"].install(hass)
    show(hass, entities)
    hass.states.async_set("switch.heating", "on")
    form = await first_form(hass)
    protected = suggested(form) | REST | {"cycling_protection": True}
    form = await submit(hass, form["flow_id"], protected)
    assert form["errors"] == {"setpoint_entity": "setpoint_rewritten"}
    done = await submit(
        hass, form["flow_id"], protected | {"hold_entity": "switch.heating"}
    )
    assert done["type"] is FlowResultType.CREATE_ENTRY


def test_what_is_no_boiler_is_not_taken_for_one(hass: HomeAssistant) -> None:
    """A burner without water, water without a burner, and a burner of which two are."""
    entities: tuple[Any, ...] = (
        ("binary_sensor", "flame", {"original_name": "Flame"}),
        ("binary_sensor", "fault", {"original_name": "Burner fault"}),
    )
    two = (
        *entities,
        ("binary_sensor", "burner", {"original_name": "Burner"}),
        ("sensor", "flow", {**CELSIUS, "original_name": "Flow temperature"}),
    )
    for name, parts in {"Stove": entities, "Two": two, "Water": two[3:]}.items():
        Case(
            platform="unheard_of", source="none", name=name, entities=parts, filled={}
        ).install(hass)
    assert find_boilers(hass, set()) == {}
