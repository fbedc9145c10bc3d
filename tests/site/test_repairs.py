"""Problems that only the user can fix raise a repair that leads to the form for it."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.repairs import RepairsFlowManager, repairs_flow_manager
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from ..homes.forms import fold
from ..homes.house import (
    DRAW,
    METER,
    METERS,
    NUMBER,
    SECOND_CHARGER,
    STATUS,
    SWITCH,
    Car,
    House,
)
from ..homes.radiators import BATH, FLOW, LOUNGE, RadiatorHouse

SUPPLY_GONE = "entity_gone_site_supply"
CHARGER_GONE = "entity_gone_site_charger0"
DISOBEYS = "charger_disobeys_site_charger0"
YARD = {"limit_a": 20.0, "phases": ["l1"], "meter_l1": "sensor.yard"}


def find(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    """Return the repair, or None."""
    return ir.async_get(hass).async_get_issue("load_sharing", issue_id)


def text_of(hass: HomeAssistant, issue_id: str) -> Mapping[str, str]:
    """Return the text of a repair that must exist."""
    issue = find(hass, issue_id)
    assert issue is not None
    assert issue.is_fixable
    assert issue.translation_placeholders is not None
    return issue.translation_placeholders


@pytest.fixture
async def manager(hass: HomeAssistant) -> RepairsFlowManager:
    """Return the flow manager that the repairs page uses."""
    assert await async_setup_component(hass, "repairs", {})
    found = repairs_flow_manager(hass)
    assert found is not None
    return found


async def open_form(manager: RepairsFlowManager, issue_id: str) -> Any:
    """Open a repair, read it, and continue to its form."""
    flow = await manager.async_init("load_sharing", context={"issue_id": issue_id})
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"] == text_of(manager.hass, issue_id)
    return await manager.async_configure(flow["flow_id"], {})


async def submit(manager: Any, flow_id: str, *answers: dict[str, Any]) -> Any:
    """Submit the forms, one after the other."""
    result = None
    for answer in answers:
        shown = manager._progress[flow_id].cur_step
        result = await manager.async_configure(flow_id, fold(shown, answer))
        assert not result.get("errors")
    await manager.hass.async_block_till_done()
    return result


class TestEntityGone:
    """An entity without any state, not even unavailable."""

    async def test_a_meter_that_is_gone_is_told_after_a_minute(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Once the meter is back, the repair is withdrawn."""
        await house.measure(10)
        await house.set_up()
        hass.states.async_remove(METER)
        await house.wait(59)
        assert find(hass, SUPPLY_GONE) is None
        await house.wait(30)
        assert text_of(hass, SUPPLY_GONE) == {"part": "Home", "entities": METER}
        issue = find(hass, SUPPLY_GONE)
        assert issue is not None
        assert issue.severity is ir.IssueSeverity.ERROR
        await house.measure(10)
        await house.wait(20)
        assert find(hass, SUPPLY_GONE) is None

    async def test_what_is_unavailable_is_not_gone(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Its device may be off. The meter's problem sensor shows that."""
        await house.measure(10)
        await house.set_up(charger={"status_entity": STATUS})
        await house.set_state(STATUS, "unavailable")
        await house.measure("unavailable")
        house.number.show_available(False)
        await house.wait(300)
        assert not ir.async_get(hass).issues

    async def test_nothing_is_told_while_home_assistant_starts(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Other integrations may take their time to start."""
        hass.set_state(CoreState.starting)
        await house.set_up()
        await house.wait(300)
        assert not ir.async_get(hass).issues
        hass.set_state(CoreState.running)
        await house.wait(60)
        assert not ir.async_get(hass).issues
        await house.wait(40)
        assert find(hass, SUPPLY_GONE)

    async def test_it_leads_to_the_form_of_the_supply(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """Another meter is chosen there, and the repair is withdrawn at once."""
        await house.set_state("sensor.house", 10, "A")
        entry = await house.set_up()
        await house.wait(90)
        result = await open_form(manager, SUPPLY_GONE)
        assert (result["type"], result["reason"]) == ("abort", "opened")
        assert result["result"] is entry
        kind, flow_id = result["next_flow"]
        assert kind == "config_flow"
        assert find(hass, SUPPLY_GONE)
        form = hass.config_entries.flow.async_get(flow_id)
        assert form["step_id"] == "supply"
        done = await submit(
            hass.config_entries.flow,
            flow_id,
            dict(entry.data["supply"]) | {"meter_l1": "sensor.house"},
        )
        assert done["reason"] == "reconfigure_successful"
        assert find(hass, SUPPLY_GONE) is None

    async def test_all_that_a_charger_misses_is_one_repair(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """It leads to the form of that charger, and stays while an entity is missing."""
        await house.measure(10)
        await house.set_state(STATUS, "idle")
        entry = await house.set_up(
            charger={
                "number_entity": "number.gone",
                "switch_entity": SWITCH,
                "status_entity": STATUS,
                "draw_entity": "sensor.gone",
            }
        )
        await house.wait(90)
        assert text_of(hass, CHARGER_GONE) == {
            "part": "Garage",
            "entities": "sensor.gone, number.gone",
        }
        # That it does not obey needs no telling.
        assert len(ir.async_get(hass).issues) == 1
        result = await open_form(manager, CHARGER_GONE)
        kind, flow_id = result["next_flow"]
        assert kind == "config_subentries_flow"
        flows = hass.config_entries.subentries
        flow = flows.async_get(flow_id)
        assert flow["handler"] == ("site", "charger")
        assert flow["step_id"] == "reconfigure"
        assert flow["context"]["subentry_id"] == "charger0"
        first = {
            "name": "Garage",
            "min_current_a": 6.0,
            "max_current_a": 32.0,
            "control": "number",
        }
        number = {"number_entity": NUMBER, "switch_entity": SWITCH}
        await submit(flows, flow_id, first, number, {"status_entity": STATUS})
        assert entry.subentries["charger0"].data["number_entity"] == NUMBER
        assert find(hass, CHARGER_GONE) is None

    async def test_an_external_limit_and_the_meter_of_a_circuit(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """Each repair leads to the form where the entity is chosen."""
        await house.measure(10)
        await house.set_up(
            supply={"external_limit_entity": "sensor.grid"}, circuits={"yard": YARD}
        )
        await house.wait(90)
        assert text_of(hass, SUPPLY_GONE)["entities"] == "sensor.grid"
        assert text_of(hass, "entity_gone_site_yard") == {
            "part": "Yard",
            "entities": "sensor.yard",
        }
        result = await open_form(manager, "entity_gone_site_yard")
        flow = hass.config_entries.subentries.async_get(result["next_flow"][1])
        assert flow["handler"] == ("site", "circuit")

    async def test_a_boiler_and_a_room(
        self, hass: HomeAssistant, radiators: RadiatorHouse, manager: RepairsFlowManager
    ) -> None:
        """Each raises a warning that leads to its own form."""
        rooms = {"bath": BATH | {"valve_entity": "number.gone"}, "lounge": LOUNGE}
        await radiators.set_up_heating(
            boiler={"dhw_entity": "switch.gone"}, rooms=rooms
        )
        await radiators.wait(90)
        assert text_of(hass, "entity_gone_site_boiler")["entities"] == "switch.gone"
        result = await open_form(manager, "entity_gone_site_boiler")
        form = hass.config_entries.flow.async_get(result["next_flow"][1])
        assert form["step_id"] == "boiler"
        assert text_of(hass, "entity_gone_site_bath")["entities"] == "number.gone"
        result = await open_form(manager, "entity_gone_site_bath")
        flow = hass.config_entries.subentries.async_get(result["next_flow"][1])
        assert flow["handler"] == ("site", "room")
        assert len(ir.async_get(hass).issues) == 2


class TestWrongUnit:
    """An entity that measures another quantity than before."""

    async def test_a_meter_in_degrees(self, hass: HomeAssistant, house: House) -> None:
        """The repair stays until the meter measures a current or a power again."""
        await house.measure(10)
        await house.set_up()
        await house.measure(10, unit="°C")
        await house.wait(90)
        assert text_of(hass, "wrong_unit_site_supply") == {
            "part": "Home",
            "entities": f"{METER} (°C)",
        }
        await house.measure(2300, unit="W")
        await house.wait(20)
        assert find(hass, "wrong_unit_site_supply") is None

    async def test_a_charger(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """Its number, its measured current and its offered current can be affected."""
        await house.measure(10)
        await house.set_state(DRAW, 5)
        house.number._attr_native_unit_of_measurement = "°C"
        house.number.show(10)
        await house.set_state("sensor.offered", 16, "V")
        await house.set_up(
            charger={"draw_entity": DRAW, "offered_entity": "sensor.offered"}
        )
        await house.wait(90)
        assert text_of(hass, "wrong_unit_site_charger0") == {
            "part": "Garage",
            "entities": f"{DRAW}, sensor.offered (V), {NUMBER} (°C)",
        }
        result = await open_form(manager, "wrong_unit_site_charger0")
        assert result["next_flow"][0] == "config_subentries_flow"

    async def test_a_temperature(
        self, hass: HomeAssistant, radiators: RadiatorHouse
    ) -> None:
        """The flow is in litres, the bath in percent."""
        await radiators.set_state(FLOW, 12, "L/min")
        await radiators.set_state("sensor.bath", 50, "%")
        await radiators.set_up_heating()
        await radiators.wait(90)
        entities = text_of(hass, "wrong_unit_site_boiler")["entities"]
        assert entities == f"{FLOW} (L/min)"
        assert text_of(hass, "wrong_unit_site_bath")["entities"] == "sensor.bath (%)"


class TestCharger:
    """A charger that does not obey its commands."""

    async def test_a_charger_that_does_not_obey(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """Raised after three failures and another minute; withdrawn once it obeys."""
        await house.measure(10)
        house.wallbox.failing = True
        await house.set_up()
        await house.wait(30)
        assert find(hass, DISOBEYS) is None
        await house.wait(90)
        assert text_of(hass, DISOBEYS) == {
            "part": "Garage",
            "error": "the charger does not answer",
        }
        result = await open_form(manager, DISOBEYS)
        assert result["next_flow"][0] == "config_subentries_flow"
        house.wallbox.failing = False
        await house.wait(90)
        assert find(hass, DISOBEYS) is None

    async def test_it_stays_told_while_the_site_is_set_up_anew(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Its state is unknown then, but it was not fixed."""
        await house.measure(10)
        house.wallbox.deaf = True
        await house.set_up()
        await house.wait(180)
        before = find(hass, DISOBEYS)
        assert before is not None
        ir.async_get(hass).async_ignore("load_sharing", DISOBEYS, True)
        await hass.config_entries.async_reload("site")
        await house.wait(30)
        after = find(hass, DISOBEYS)
        assert after is not None
        assert after.dismissed_version
        house.wallbox.deaf = False
        await house.wait(180)
        assert find(hass, DISOBEYS) is None

    async def test_who_is_left_to_its_owner_need_not_obey(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Balancing is switched off."""
        await house.measure(10)
        house.wallbox.failing = True
        await house.set_up()
        await house.wait(120)
        assert find(hass, DISOBEYS)
        house.wallbox.failing = False
        await house.wait(60)
        house.wallbox.failing = True
        await house.switch_balancing(on=False)
        await house.wait(120)
        assert find(hass, DISOBEYS) is None


class TestLimit:
    """Chargers whose limit is always below their minimum."""

    async def test_a_supply_below_their_minimum(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """8 A less 3 A are too little for one charger, but enough for the other."""
        await house.measure(1)
        await house.put_up_second()
        charger = {**SECOND_CHARGER, "min_current_a": 5.0}
        await house.set_up(
            supply={"limit_a": 8.0},
            chargers=[{**SECOND_CHARGER, "number_entity": NUMBER}, charger],
        )
        await house.wait(90)
        assert not ir.async_get(hass).issues
        await house.tune("number.home_safety_margin", 3)
        await house.wait(90)
        issue_id = "limit_too_low_site_supply"
        assert text_of(hass, issue_id) == {
            "part": "Home",
            "limit_a": "5",
            "chargers": "Garage (6 A)",
        }
        result = await open_form(manager, issue_id)
        form = hass.config_entries.flow.async_get(result["next_flow"][1])
        assert form["step_id"] == "supply"
        await house.tune("number.home_safety_margin", 1)
        await house.wait(20)
        assert find(hass, issue_id) is None

    async def test_a_circuit(self, hass: HomeAssistant, house: House) -> None:
        """Only the chargers on it get a repair."""
        await house.measure(1)
        await house.put_up_second()
        yard = {"limit_a": 5.0, "phases": ["l1"]}
        await house.set_up(
            chargers=[SECOND_CHARGER, SECOND_CHARGER | {"circuit": "yard"}],
            circuits={"yard": yard},
        )
        await house.wait(90)
        assert text_of(hass, "limit_too_low_site_yard") == {
            "part": "Yard",
            "limit_a": "5",
            "chargers": "Garage 2 (6 A)",
        }

    async def test_a_limit_for_a_time_is_nothing_to_mend(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """Neither is a limit of the grid operator."""
        await house.measure(1)
        await house.set_state("sensor.grid", 0, "A")
        await house.set_up(supply={"external_limit_entity": "sensor.grid"})
        await hass.services.async_call(
            "load_sharing",
            "set_limit",
            {"entity_id": "number.home_max_service_current", "current": 2},
            blocking=True,
        )
        await house.wait(90)
        assert not ir.async_get(hass).issues


class TestMeter:
    """A meter that measures too rarely."""

    async def switch_loads(
        self, house: House, every_s: float, *meters: str, hours: float = 2
    ) -> None:
        """Switch a load on and off, which the meters show as fast as they can."""
        for _ in range(round(hours * 12)):
            for current_a, seconds in ((6, every_s), (1, 300 - every_s)):
                await house.wait(seconds)
                for meter in meters or [METER]:
                    await house.set_state(meter, current_a, "A")

    async def test_a_slow_meter(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """It measures every 30 s and the loop corrects every 5 s; a slower loop is fine."""
        await house.measure(1)
        await house.set_up()
        await self.switch_loads(house, 30, hours=1.5)
        assert not ir.async_get(hass).issues
        await self.switch_loads(house, 30, hours=0.5)
        issue_id = f"meter_too_slow_site_supply_{METER}"
        assert text_of(hass, issue_id) == {
            "part": "Home",
            "entity_id": METER,
            "interval_s": "30",
            "loop_s": "5",
        }
        result = await open_form(manager, issue_id)
        form = hass.config_entries.flow.async_get(result["next_flow"][1])
        assert form["step_id"] == "supply"
        await house.tune("number.home_overload_correction_interval", 15)
        await house.wait(20)
        assert find(hass, issue_id) is None

    async def test_a_meter_that_was_made_faster(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The pace learnt before a reload is kept until new reports show otherwise."""
        await house.measure(1)
        await house.set_up()
        await self.switch_loads(house, 30)
        assert len(ir.async_get(hass).issues) == 1
        await hass.config_entries.async_reload("site")
        assert len(ir.async_get(hass).issues) == 1
        await self.switch_loads(house, 12)
        assert not ir.async_get(hass).issues

    async def test_another_meter_is_not_the_slow_one(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The learnt pace belongs to the meter."""
        await house.measure(1)
        entry = await house.set_up()
        await self.switch_loads(house, 30)
        assert len(ir.async_get(hass).issues) == 1
        await house.set_state("sensor.house", 1, "A")
        supply = {**entry.data["supply"], "meter_l1": "sensor.house"}
        hass.config_entries.async_update_entry(entry, data={"supply": supply})
        await hass.async_block_till_done()
        assert not ir.async_get(hass).issues

    async def test_a_slow_phase(self, hass: HomeAssistant, house: House) -> None:
        """Only this phase is named."""
        await house.measure(1, 1, 1)
        await house.set_up(
            supply={"meter_l2": METERS[1], "meter_l3": METERS[2]}, chargers=[]
        )
        await self.switch_loads(house, 5, METERS[0], METERS[2])
        await self.switch_loads(house, 30, METERS[1])
        issues = [issue_id for _, issue_id in ir.async_get(hass).issues]
        slow = [issue_id for issue_id in issues if "slow" in issue_id]
        assert slow == [f"meter_too_slow_site_supply_{METERS[1]}"]

    async def test_a_ramp_is_not_the_meters_pace(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """A car follows its command every 16 s, and the meter shows that at once."""
        await house.measure(1)
        await house.set_up(charger={"max_current_a": 16.0})
        car = Car(hass, NUMBER, lag_s=2)
        shown_a = 1.0
        for second in range(7200):
            await house.wait(1)
            is_a = (8 if second % 900 < 20 else 1) + car.draw_a
            if is_a != shown_a:
                shown_a = is_a
                await house.measure(shown_a)
        assert not ir.async_get(hass).issues

    async def test_a_silent_meter_is_not_slow(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """A fridge draws 1 A at night, and the meter repeats its value every minute."""
        await house.measure(1)
        await house.set_up()
        for _ in range(12):
            for current_a, minutes in ((2, 8), (1, 20)):
                await house.measure(current_a)
                for minute in range(minutes):
                    await house.wait(60)
                    await house.measure(current_a + (minute % 2) / 10)
        assert not ir.async_get(hass).issues


class TestSite:
    """Repairs of a site that is removed, disabled or changed."""

    async def put_up(self, house: House) -> Any:
        """Set up a site without its meter."""
        entry = await house.set_up()
        await house.wait(90)
        assert find(house.hass, SUPPLY_GONE)
        return entry

    async def test_a_site_that_is_removed_leaves_none(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """They could not be fixed any more."""
        await self.put_up(house)
        await hass.config_entries.async_remove("site")
        assert not ir.async_get(hass).issues

    async def test_a_site_that_is_disabled_has_none(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """It does nothing, so nothing is wrong."""
        await self.put_up(house)
        await hass.config_entries.async_set_disabled_by(
            "site", ConfigEntryDisabler.USER
        )
        assert not ir.async_get(hass).issues

    async def test_a_charger_that_is_removed_takes_its_repair_along(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """The repair is withdrawn as soon as the charger is gone."""
        await house.measure(10)
        entry = await house.set_up(charger={"number_entity": "number.gone"})
        await house.wait(90)
        assert find(hass, CHARGER_GONE)
        hass.config_entries.async_remove_subentry(entry, "charger0")
        await hass.async_block_till_done()
        assert not ir.async_get(hass).issues

    async def test_a_part_removed_while_its_repair_is_open(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """There is no form to continue to."""
        await house.measure(10)
        entry = await house.set_up(charger={"number_entity": "number.gone"})
        await house.wait(90)
        flow = await manager.async_init(
            "load_sharing", context={"issue_id": CHARGER_GONE}
        )
        hass.config_entries.async_remove_subentry(entry, "charger0")
        await hass.async_block_till_done()
        result = await manager.async_configure(flow["flow_id"], {})
        assert (result["type"], result["reason"]) == ("abort", "part_gone")

    async def test_a_room_without_a_rating_leads_to_its_form(
        self, hass: HomeAssistant, radiators: RadiatorHouse, manager: RepairsFlowManager
    ) -> None:
        """The form asks for its rated output."""
        rooms = {"lounge": {**LOUNGE, "q50_w": None}}
        await radiators.set_up_heating(rooms=rooms)
        flow = await manager.async_init(
            "load_sharing", context={"issue_id": "no_rating_site_lounge"}
        )
        result = await manager.async_configure(flow["flow_id"], {})
        form = hass.config_entries.subentries.async_get(result["next_flow"][1])
        assert form["handler"] == ("site", "room")
