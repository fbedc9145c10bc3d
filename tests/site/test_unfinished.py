"""A site that was left half done says so, and a second one is not made by accident."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowManager, repairs_flow_manager
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from ..homes.forms import enter, fold, suggested
from ..homes.house import CHARGER, LOST, METERS, OPTIONS, SUPPLY, House
from ..homes.radiators import BOILER, ROOMS, RadiatorHouse

ELEVEN_MIN_S = 660


@pytest.fixture
async def manager(hass: HomeAssistant) -> RepairsFlowManager:
    """Return the flow manager that the repairs page uses."""
    assert await async_setup_component(hass, "repairs", {})
    found = repairs_flow_manager(hass)
    assert found is not None
    return found


async def begin(hass: HomeAssistant, half: str) -> Any:
    """Start to add a half."""
    menu = await hass.config_entries.flow.async_init(
        "load_sharing", context={"source": SOURCE_USER}
    )
    return await enter(hass, menu["flow_id"], {"next_step_id": half})


class TestNothingShares:
    """A supply without a charger, a boiler without a room."""

    async def test_a_charger_is_added_from_the_repair(
        self, hass: HomeAssistant, house: House, manager: RepairsFlowManager
    ) -> None:
        """It is raised once the user cannot be at the form any more."""
        issue_id = "no_charger_site_charger"
        issues = ir.async_get(hass)
        await house.measure(10)
        await house.set_up(chargers=[])
        await house.wait(300)
        assert issues.async_get_issue("load_sharing", issue_id) is None
        await house.wait(ELEVEN_MIN_S)
        issue = issues.async_get_issue("load_sharing", issue_id)
        assert issue is not None
        assert issue.translation_placeholders == {"part": "Home"}
        flow = await manager.async_init("load_sharing", context={"issue_id": issue_id})
        result: Any = await manager.async_configure(flow["flow_id"], {})
        assert result["reason"] == "opened"
        subentries = hass.config_entries.subentries
        flow_id = result["next_flow"][1]
        assert subentries.async_get(flow_id)["step_id"] == "device"
        entered = {key: CHARGER[key] for key in ("min_current_a", "max_current_a")}
        for answer in (
            {"control": "number"},
            entered | {"name": "Garage"},
            {"number_entity": CHARGER["number_entity"]},
            {},
        ):
            shown = subentries._progress[flow_id].cur_step
            await subentries.async_configure(flow_id, fold(shown, answer))
        await house.wait(60)
        assert issues.async_get_issue("load_sharing", issue_id) is None

    async def test_a_room_is_missing(
        self, hass: HomeAssistant, radiators: RadiatorHouse
    ) -> None:
        """The same of a boiler."""
        entry = await radiators.set_up_heating(rooms={"bath": ROOMS["bath"]})
        hass.config_entries.async_remove_subentry(entry, "bath")
        await hass.async_block_till_done()
        await radiators.wait(ELEVEN_MIN_S)
        issues = ir.async_get(hass)
        assert issues.async_get_issue("load_sharing", "no_room_site_room") is not None


class TestTheOtherHalf:
    """A site lacks the half that is added."""

    async def test_it_extends_the_site_that_is_there(
        self, hass: HomeAssistant, radiators: RadiatorHouse, house: House
    ) -> None:
        """That is the default; no name is asked for."""
        await house.measure(10)
        entry = await house.set_up(chargers=[CHARGER])
        form = await begin(hass, "heating")
        assert form["step_id"] == "site"
        assert form["data_schema"]({}) == {"site": entry.entry_id}
        form = await enter(hass, form["flow_id"], {"site": entry.entry_id})
        assert form["step_id"] == "boiler"
        assert "name" not in suggested(form)
        done = await enter(hass, form["flow_id"], BOILER)
        assert done.get("errors") is None
        assert done["type"] is FlowResultType.ABORT
        assert done["reason"] == "half_added"
        assert done["description_placeholders"] == {
            "page": "/config/integrations/integration/load_sharing",
            "dashboard": f"/load-sharing-dashboard/heating-{entry.entry_id}".lower(),
        }
        await hass.async_block_till_done()
        assert entry.data == {"supply": SUPPLY, "boiler": BOILER}
        assert entry.options == OPTIONS
        assert len(hass.config_entries.async_entries("load_sharing")) == 1

    async def test_a_supply_joins_a_boiler(
        self, hass: HomeAssistant, radiators: RadiatorHouse, house: House
    ) -> None:
        """With what it does without its meter."""
        await house.measure(10)
        entry = await radiators.set_up_heating(switched_on=False)
        form = await begin(hass, "charging")
        await enter(hass, form["flow_id"], {"site": entry.entry_id})
        done = await enter(hass, form["flow_id"], SUPPLY)
        assert done["reason"] == "half_added"
        assert entry.options == LOST

    async def test_a_new_site_has_a_name_of_its_own(
        self, hass: HomeAssistant, radiators: RadiatorHouse, house: House
    ) -> None:
        """Nobody has to think of one."""
        await house.measure(10)
        hass.config.location_name = "Home"
        await house.set_up(chargers=[CHARGER])
        form = await begin(hass, "heating")
        form = await enter(hass, form["flow_id"], {"site": "new"})
        assert suggested(form)["name"] == "Home 2"
        done = await enter(hass, form["flow_id"], BOILER | {"name": "Home 2"})
        assert done["type"] is FlowResultType.CREATE_ENTRY

    async def test_where_no_site_lacks_it_there_is_no_question(
        self, hass: HomeAssistant, house: House
    ) -> None:
        """A second house is a site of its own."""
        await house.measure(1, 2, 3)
        await house.set_up(chargers=[CHARGER])
        form = await begin(hass, "charging")
        assert form["step_id"] == "mains"
        other = SUPPLY | {"meter_l1": METERS[1], "name": "Barn"}
        done = await enter(hass, form["flow_id"], other)
        assert done["title"] == "Barn"
