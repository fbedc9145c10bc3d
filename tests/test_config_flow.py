"""Setting up a site, and changing it, through the config flow."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.load_sharing.charging.setup.supply_forms import MEASUREMENT
from custom_components.load_sharing.const import DOMAIN

from .homes.forms import enter
from .homes.house import CHARGER, LOST, METER, OPTIONS, SUPPLY, House

METER_L2 = "sensor.meter_l2"
METER_L3 = "sensor.meter_l3"


@pytest.fixture(autouse=True)
async def _meters(hass: HomeAssistant, house: House) -> None:
    """Set up three meters with different units."""
    for entity_id, unit in ((METER, "A"), (METER_L2, "W"), (METER_L3, "kW")):
        hass.states.async_set(entity_id, "1", {"unit_of_measurement": unit})


async def begin(hass: HomeAssistant, what: str = "charging") -> str:
    """Start to add a site; return the ID of the flow."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["charging", "heating", "both"]
    form = await submit(hass, menu["flow_id"], {"next_step_id": what})
    assert form["step_id"] == ("boiler" if what == "heating" else "mains")
    return menu["flow_id"]


async def begin_to_change(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Start to change the supply of a site; return the ID of the flow."""
    menu = await entry.start_reconfigure_flow(hass)
    assert menu["menu_options"] == ["change_supply", "add_boiler"]
    form = await submit(hass, menu["flow_id"], {"next_step_id": "change_supply"})
    assert form["step_id"] == "supply"
    return menu["flow_id"]


async def submit(hass: HomeAssistant, flow_id: str, entered: dict[str, Any]) -> Any:
    """Submit a form of the flow."""
    return await enter(hass, flow_id, entered)


async def test_a_site_is_added_and_the_first_charger_is_asked_for(
    hass: HomeAssistant,
) -> None:
    """The supply comes first, then the charger."""
    flow_id = await begin(hass)
    done = await submit(hass, flow_id, {"name": "Home"} | SUPPLY)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    assert done["title"] == "Home"
    entry = done["result"]
    assert entry.data == {"supply": SUPPLY}
    assert entry.options == LOST
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED

    flow_type, charger_flow_id = done["next_flow"]
    assert flow_type is FlowType.CONFIG_SUBENTRIES_FLOW
    charger = hass.config_entries.subentries.async_get(charger_flow_id)
    assert charger["step_id"] == "device"


async def test_a_three_phase_supply_names_three_meters(hass: HomeAssistant) -> None:
    """W, kW and A may be mixed."""
    flow_id = await begin(hass)
    supply = SUPPLY | {"meter_l2": METER_L2, "meter_l3": METER_L3}
    done = await submit(hass, flow_id, {"name": "Home"} | supply)
    assert done["result"].data == {"supply": supply}


@pytest.mark.parametrize(
    ("field", "entity_id", "state", "unit", "error"),
    [
        ("meter_l1", "sensor.nowhere", None, None, "entity_not_found"),
        ("meter_l1", "sensor.bad", "unavailable", None, "entity_unavailable"),
        ("meter_l1", "sensor.bad", "21", "°C", "wrong_unit"),
        ("meter_l1", "sensor.bad", "21", None, "wrong_unit"),
        ("meter_l1", "sensor.bad", "much", "W", "not_a_number"),
        ("meter_l1", "sensor.bad", "nan", "W", "not_a_number"),
    ],
)
async def test_a_meter_that_does_not_measure_is_refused(
    hass: HomeAssistant,
    field: str,
    entity_id: str,
    state: str | None,
    unit: str | None,
    error: str,
) -> None:
    """The error is shown at the field, and another choice continues."""
    if state is not None:
        hass.states.async_set(entity_id, state, {"unit_of_measurement": unit})
    flow_id = await begin(hass)
    form = await submit(hass, flow_id, {"name": "Home"} | SUPPLY | {field: entity_id})
    assert form["errors"] == {field: error}
    done = await submit(hass, flow_id, {"name": "Home"} | SUPPLY)
    assert done["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("entered", "errors"),
    [
        ({"wiring": "no_neutral"}, {"wiring": "no_neutral_one_sensor"}),
        ({"wiring": "no_neutral", "total": True}, None),
        ({"wiring": "no_neutral", "meter_l2": METER_L2}, None),
        ({"wiring": "split_phase"}, {"wiring": "split_phase_two_sensors"}),
        (
            {"wiring": "split_phase", "meter_l3": METER_L3},
            {"wiring": "split_phase_two_sensors"},
        ),
        ({"wiring": "split_phase", "meter_l2": METER_L2, "voltage_v": 120.0}, None),
        ({"meter_l2": METER_L2}, {"meter_l3": "third_phase_unseen"}),
        ({"meter_l3": METER_L3}, None),
    ],
)
async def test_the_sensors_fit_the_wiring(
    hass: HomeAssistant,
    house: House,
    entered: dict[str, Any],
    errors: dict[str, str] | None,
) -> None:
    """Two phases or legs have two sensors; some meters measure L1 and L3 alone."""
    entry = await house.set_up(chargers=[])
    flow_id = await begin_to_change(hass, entry)
    form = await submit(hass, flow_id, SUPPLY | entered)
    if errors and "wiring" in errors:
        # The frontend shows no error inside of a section.
        errors = {"more": errors["wiring"]}
    assert form.get("errors") == errors


@pytest.mark.parametrize(
    ("value", "unit", "device_class"),
    [
        ("3500", "VA", "apparent_power"),
        ("3.5", "kVA", "apparent_power"),
        ("12,5", "A", "current"),
        ("12.5", "A", None),
        ("3500", "watt", None),
        ("12.5", "Amps", None),
    ],
)
async def test_sensors_of_helpers_and_mqtt_are_offered_and_accepted(
    hass: HomeAssistant, value: str, unit: str, device_class: str | None
) -> None:
    """By their device class or by their unit."""
    attributes = {"unit_of_measurement": unit, "device_class": device_class}
    hass.states.async_set(METER, value, attributes)
    filters: Any = MEASUREMENT.config["filter"]
    assert any(
        device_class in offered.get("device_class", ())
        or unit in offered.get("unit_of_measurement", ())
        for offered in filters
    )
    done = await submit(hass, await begin(hass), {"name": "Home"} | SUPPLY)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_wiring_cannot_leave_a_charger_with_one_line(
    hass: HomeAssistant, house: House
) -> None:
    """Without a neutral, a charger lies between two phases."""
    three = {"meter_l2": METER_L2, "meter_l3": METER_L3}
    entry = await house.set_up(supply=three)
    form = await submit(
        hass,
        await begin_to_change(hass, entry),
        SUPPLY | three | {"wiring": "no_neutral"},
    )
    assert form["errors"] == {"more": "one_phase_charger"}


async def test_a_meter_that_is_away_just_now_may_be_chosen(hass: HomeAssistant) -> None:
    """Its unit shows what it measures."""
    hass.states.async_set(METER, "unavailable", {"unit_of_measurement": "W"})
    done = await submit(hass, await begin(hass), {"name": "Home"} | SUPPLY)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_the_same_meter_is_refused_for_two_phases(hass: HomeAssistant) -> None:
    """A copy-and-paste mistake would measure one phase several times."""
    supply = SUPPLY | {"meter_l2": METER, "meter_l3": METER_L3}
    form = await submit(hass, await begin(hass), {"name": "Home"} | supply)
    assert form["errors"] == {"meter_l2": "same_twice"}


async def test_the_same_meter_is_refused_for_two_sites(
    hass: HomeAssistant, house: House
) -> None:
    """Two balancers on one supply would each allocate the same current."""
    await house.set_up()
    form = await submit(hass, await begin(hass), {"name": "Again"} | SUPPLY)
    assert form["errors"] == {"meter_l1": "meter_in_use"}
    other = SUPPLY | {"meter_l1": METER_L2}
    done = await submit(hass, form["flow_id"], {"name": "Barn"} | other)
    assert done["type"] is FlowResultType.CREATE_ENTRY


async def test_a_flow_that_is_left_leaves_nothing(hass: HomeAssistant) -> None:
    """Only a flow that finishes creates a site."""
    flow_id = await begin(hass)
    await submit(hass, flow_id, {"name": "Home"} | SUPPLY | {"limit_a": 0})
    hass.config_entries.flow.async_abort(flow_id)
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_the_behaviour_without_a_meter_can_be_changed(
    hass: HomeAssistant, house: House
) -> None:
    """The form suggests the stored options, and the site uses the new ones."""
    entry = await house.set_up()
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert form["step_id"] == "init"
    schema = form["data_schema"]
    assert schema is not None
    suggested = {
        str(key): key.description["suggested_value"]
        for key in schema.schema
        if key.description
    }
    assert suggested == LOST
    entered = {"meter_lost_action": "set_current"}
    done = await hass.config_entries.options.async_configure(form["flow_id"], entered)
    assert done["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    # What earlier versions asked for here stays: the numbers start there.
    assert entry.options == OPTIONS | entered
    assert entry.runtime_data.charging.supply.fallback_action == "set_current"


async def test_the_supply_can_be_changed(hass: HomeAssistant, house: House) -> None:
    """A site may keep its own meter; the limit changes."""
    entry = await house.set_up()
    changed = SUPPLY | {"limit_a": 25.0}
    done = await submit(hass, await begin_to_change(hass, entry), changed)
    assert done["type"] is FlowResultType.ABORT
    assert done["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.data == {"supply": changed}
    assert house.state("number.home_max_service_current") == "25.0"


async def test_a_phase_that_a_charger_is_wired_to_cannot_be_left_out(
    hass: HomeAssistant, house: House
) -> None:
    """A charger on L2 needs L2 to be measured."""
    three = {"meter_l2": METER_L2, "meter_l3": METER_L3}
    entry = await house.set_up(supply=three, charger={"phases": ["l2"]})
    flow_id = await begin_to_change(hass, entry)
    form = await submit(hass, flow_id, SUPPLY)
    assert form["errors"] == {"meter_l2": "phase_in_use"}
    done = await submit(hass, form["flow_id"], SUPPLY | three)
    assert done["reason"] == "reconfigure_successful"


async def test_a_supply_without_chargers_may_lose_phases(
    hass: HomeAssistant, house: House
) -> None:
    """Optional fields that were cleared are removed."""
    three = {"meter_l2": METER_L2, "meter_l3": METER_L3}
    entry = await house.set_up(supply=three, chargers=[CHARGER])
    await submit(hass, await begin_to_change(hass, entry), SUPPLY)
    await hass.async_block_till_done()
    assert entry.data == {"supply": SUPPLY}
    assert entry.state is ConfigEntryState.LOADED
