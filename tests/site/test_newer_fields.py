"""Fields of a newer version survive a reconfiguration by an older one."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from ..homes.forms import enter_part
from ..homes.house import (
    ACTIONS,
    CHARGER,
    DRAW,
    LOST,
    NUMBER,
    OPTIONS,
    STATUS,
    SUPPLY,
    SWITCH,
    House,
)
from ..homes.radiators import BATH, BOILER, RadiatorHouse
from ..test_config_flow import begin_to_change, submit
from .test_stale_entities import change_charger

NEWER = {"of_2": {"deep": [1, None]}}


async def test_of_a_supply_and_of_its_options(
    hass: HomeAssistant, house: House
) -> None:
    """Fields that the user cleared are removed nevertheless."""
    await house.measure(1)
    await house.set_state("sensor.grid", 20, "A")
    entry = await house.set_up(
        supply=NEWER | {"external_limit_entity": "sensor.grid"}, options=NEWER
    )
    await submit(hass, await begin_to_change(hass, entry), SUPPLY)
    assert entry.data == {"supply": SUPPLY | NEWER}
    form = await hass.config_entries.options.async_init("site")
    await hass.config_entries.options.async_configure(form["flow_id"], LOST)
    assert entry.options == OPTIONS | NEWER


@pytest.mark.parametrize("control", ["number", "actions"])
async def test_of_a_charger(hass: HomeAssistant, house: House, control: str) -> None:
    """The fields of the previous control are removed."""
    await house.measure(1)
    await house.set_state(DRAW, 1, "A")
    await house.set_state(STATUS, "charging")
    before = {
        "switch_entity": SWITCH,
        "draw_entity": DRAW,
        "status_entity": STATUS,
        "first_phase": "l1",
        "circuit": "gone",
        "pause_option": "Off",
        "charger_id": "x",
        "offered_entity": DRAW,
    }
    entry = await house.set_up(charger=before | NEWER)
    number, actions = {"number_entity": NUMBER}, {"set_current": ACTIONS["set_current"]}
    entered = number if control == "number" else actions
    await change_charger(hass, entry, control, entered, {})
    basics = {key: CHARGER[key] for key in ("phases", "min_current_a", "max_current_a")}
    expected = basics | entered | NEWER | {"control": control}
    assert entry.subentries["charger0"].data == expected | {
        "charging_states": ["charging"]
    }


async def test_of_a_circuit(hass: HomeAssistant, house: House) -> None:
    """The user clears its meter."""
    await house.measure(1)
    await house.set_state("sensor.yard", 1, "A")
    yard = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": "sensor.yard"}
    entry = await house.set_up(circuits={"yard": yard | NEWER | {"parent": "gone"}})
    form: Any = await entry.start_subentry_reconfigure_flow(hass, "yard")
    await enter_part(hass, form, {"name": "Yard", "limit_a": 16.0})
    await hass.async_block_till_done()
    assert entry.subentries["yard"].data == NEWER | {"limit_a": 16.0, "phases": ["l1"]}


async def test_of_a_boiler_and_a_room(
    hass: HomeAssistant, radiators: RadiatorHouse
) -> None:
    """This holds for both halves."""
    entry = await radiators.set_up_heating(
        boiler=NEWER, rooms={"bath": BATH | NEWER | {"fallback_priority": 2}}
    )
    menu = await entry.start_reconfigure_flow(hass)
    await submit(hass, menu["flow_id"], {"next_step_id": "change_boiler"})
    await submit(hass, menu["flow_id"], BOILER)
    await hass.async_block_till_done()
    assert entry.data == {"boiler": BOILER | NEWER}
    form: Any = await entry.start_subentry_reconfigure_flow(hass, "bath")
    basics = ("temperature_entity", "target_entity", "actuator", "demand")
    for entered in (
        {"name": "Bath"} | {key: BATH[key] for key in basics},
        {"valve_entity": BATH["valve_entity"]},
        {"q50_w": 415.0, "exponent": 1.3, "comfort_c": 20.0},
    ):
        form = await enter_part(hass, form, entered)
    await hass.async_block_till_done()
    assert entry.subentries["bath"].data == BATH | NEWER
