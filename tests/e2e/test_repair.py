"""A repair in the browser: it says what is wrong, and leads to the form that mends it."""

from playwright.sync_api import Page, expect

from demo.client import Client
from demo.site import METER, NUMBER, SWITCH

from .conftest import TakePicture
from .frontend import Dialog, visit

LIMIT = "number.home_max_service_current"
RAISED_WITHIN_MS = 300_000


def test_a_rating_entered_too_low_is_put_right(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """5 A, where every car needs 6."""
    _set_up(client, limit_a=5)
    visit(page, f"{client.url}/config/repairs")
    title = page.get_by_text("Chargers of Home can never charge")
    expect(title).to_be_visible(timeout=RAISED_WITHIN_MS)
    title.click()
    dialog = Dialog(page)
    dialog.shows(
        "The limit of Home is 5 A. That is less than a car needs to charge at all: Garage (6 A)"
    )
    take_picture(page, "repair")
    dialog.press("Change the rating")
    dialog.shows("The supply")
    dialog.fill("Rating of the supply", "32")
    take_picture(dialog.box, "repair-form")
    dialog.press("Next")
    dialog.shows("Reconfiguration was successful")
    expect(title).to_be_hidden()
    assert float(client.wait_for(LIMIT)["state"]) == 32


def _set_up(client: Client, limit_a: float) -> None:
    client.wait_for(METER)
    flow = client.start_flow("load_sharing")
    flow = client.go_on(flow, {"next_step_id": "charging"})
    flow = client.go_on(flow, {"next_step_id": "one_phase"})
    supply = {
        "name": "Home",
        "meter_l1": METER,
        "limit_a": limit_a,
        "voltage_v": 230,
        "export_sign": "negative",
    }
    entry = client.go_on(flow, supply | {"meter_lost_action": "stop"})
    charger = client.start_flow([entry["result"]["entry_id"], "charger"])
    charger = client.go_on(charger, {"control": "number"})
    named = {"name": "Garage", "min_current_a": 6, "max_current_a": 32}
    charger = client.go_on(charger, named)
    charger = client.go_on(charger, {"number_entity": NUMBER, "switch_entity": SWITCH})
    client.go_on(charger, {})
