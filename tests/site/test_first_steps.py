"""The first steps with a new site: one repair, which moves on as they are done."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowManager, repairs_flow_manager
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from custom_components.load_sharing.site.repairs.first_steps import async_begin

from ..homes.forms import enter
from ..homes.house import METER, SUPPLY, House

ALERT = (
    "https%3A%2F%2Fgithub.com%2Fload-sharing%2Fload-sharing%2Fblob%2Fmain%2Fblueprints"
    "%2Fautomation%2Fload_sharing%2Falert.yaml"
)


@pytest.fixture
async def manager(hass: HomeAssistant) -> RepairsFlowManager:
    """Return the flow manager that the repairs page uses."""
    assert await async_setup_component(hass, "repairs", {})
    found = repairs_flow_manager(hass)
    assert found is not None
    return found


def step_of(hass: HomeAssistant, entry: ConfigEntry) -> str | None:
    """Return the text of the repair; None without one."""
    issue_id = f"first_steps_{entry.entry_id}"
    issue = ir.async_get(hass).async_get_issue("load_sharing", issue_id)
    return issue.translation_key if issue else None


async def say_it_is_done(
    hass: HomeAssistant, manager: RepairsFlowManager, entry: ConfigEntry
) -> None:
    """Press the button of the repair."""
    context: Any = {"issue_id": f"first_steps_{entry.entry_id}"}
    flow = await manager.async_init("load_sharing", context=context)
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"] == {
        "site": entry.title,
        "dashboard": f"/load-sharing-dashboard/charging-{entry.entry_id}".lower(),
        "blueprint": f"/config/blueprint/dashboard/import?blueprint_url={ALERT}",
    }
    done = await manager.async_configure(flow["flow_id"], {})
    assert done["reason"] == "step_done"


async def test_a_new_site_has_them(hass: HomeAssistant, house: House) -> None:
    """They survive a restart, since they are persistent, and go with the site."""
    await house.measure(10)
    menu = await hass.config_entries.flow.async_init(
        "load_sharing", context={"source": SOURCE_USER}
    )
    await enter(hass, menu["flow_id"], {"next_step_id": "charging"})
    done = await enter(hass, menu["flow_id"], SUPPLY | {"name": "Home"})
    entry = done["result"]
    await hass.async_block_till_done()
    issue = ir.async_get(hass).async_get_issue(
        "load_sharing", f"first_steps_{entry.entry_id}"
    )
    assert issue is not None
    assert issue.translation_key == "first_steps_meter"
    assert issue.is_persistent
    await hass.config_entries.async_remove(entry.entry_id)
    assert step_of(hass, entry) is None


async def test_an_older_site_has_none(hass: HomeAssistant, house: House) -> None:
    """It has run long enough without."""
    await house.measure(10)
    entry = await house.set_up()
    await house.set_state(METER, 20, "A")
    await house.wait(60)
    assert step_of(hass, entry) is None


async def test_what_can_be_seen_is_done_by_itself(
    hass: HomeAssistant, house: House, manager: RepairsFlowManager
) -> None:
    """The meter moves, the charger obeys; of the rest, the user says so."""
    await house.measure(10)
    entry = await house.set_up()
    async_begin(hass, entry)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await house.wait(60)
    assert step_of(hass, entry) == "first_steps_meter"
    await house.set_state(METER, 12, "A")
    await house.live(120, 12)
    assert step_of(hass, entry) == "first_steps_alert"
    await say_it_is_done(hass, manager, entry)
    assert step_of(hass, entry) == "first_steps_dashboard"
    await say_it_is_done(hass, manager, entry)
    assert step_of(hass, entry) is None


async def test_the_user_may_know_better(
    hass: HomeAssistant, house: House, manager: RepairsFlowManager
) -> None:
    """A step that cannot be seen is passed by the button, in its turn."""
    await house.measure(10)
    entry = await house.set_up(chargers=[])
    async_begin(hass, entry)
    for step in ("meter", "charger", "alert"):
        assert step_of(hass, entry) == f"first_steps_{step}"
        await say_it_is_done(hass, manager, entry)
    assert step_of(hass, entry) == "first_steps_dashboard"
