"""A stranger sets a boiler and its rooms up in the browser and watches them share."""

from playwright.sync_api import Page, expect

from demo.client import Client
from demo.site import EVENING, view

from .conftest import TakePicture
from .frontend import Dialog, add_integration, visit
from .waiting import told_until, wait_until

EVENT = "event.home_heating_sharing_event"
CYCLES_WITHIN_MS = 300_000


def test_from_nothing_to_a_shared_load(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Add the boiler and three rooms, switch sharing on, see valves open and close."""
    _add_boiler(page, client.url, take_picture)
    add_room(page, "Bathroom", "415", take_picture=take_picture)
    for name, rating, schedule in (
        ("Living room", "2290", "Living room"),
        ("Kitchen", "1900", None),
    ):
        visit(page, f"{client.url}/config/integrations/integration/load_sharing")
        page.get_by_role("button", name="Add room").first.click()
        add_room(page, name, rating, schedule=schedule)
    _watch(page, client, take_picture)


def _add_boiler(page: Page, url: str, take_picture: TakePicture) -> None:
    dialog = Dialog(page)
    add_integration(page, url, "Load Sharing")
    take_picture(dialog.box, "setup-menu")
    dialog.choose("Rooms share the boiler")
    fill_in_boiler(dialog)
    # High enough for all of the form.
    page.set_viewport_size({"width": 1440, "height": 1400})
    take_picture(dialog.box, "setup-boiler")
    dialog.press("Next")


def fill_in_boiler(dialog: Dialog) -> None:
    """Choose the entities of the simulated boiler."""
    dialog.shows("The boiler")
    named = ("Burner", "Boiler flow", "Boiler return", "Boiler setpoint")
    for place, name in enumerate(named):
        dialog.pick(place, name)


def add_room(
    page: Page,
    name: str,
    rating: str,
    *,
    schedule: str | None = None,
    take_picture: TakePicture | None = None,
    finish: bool = True,
) -> None:
    """Fill in the forms of a room; leave the last dialog open if not to ``finish``."""
    dialog = Dialog(page)
    dialog.shows("Which thermostat?")
    dialog.choose("None of these")
    dialog.press("Next")
    dialog.shows("The room")
    dialog.name(name)
    dialog.pick(0, name)
    if take_picture is not None:
        take_picture(dialog.box, "setup-room")
    dialog.press("Next")
    dialog.shows("The valve")
    dialog.pick(0, f"{name} valve")
    dialog.press("Next")
    dialog.shows("How it shares")
    dialog.fill("Radiator rating", rating)
    if schedule is not None:
        dialog.pick(0, schedule)
    else:
        dialog.fill("Fallback priority", "1")
    if take_picture is not None:
        take_picture(dialog.box, "setup-sharing")
    dialog.press("Submit")
    dialog.shows(f"{name} is set up.")
    if finish:
        dialog.press("Finish")


def _watch(page: Page, client: Client, take_picture: TakePicture) -> None:
    visit(page, f"{client.url}{view(client, 'Home', 'heating')}")
    card = page.locator("load-sharing-heat-card")
    expect(card).to_contain_text("Sharing is switched off")
    # Whatever the hour has come to meanwhile: the boiler is to cycle only now.
    client.call("button", "press", EVENING)
    by_tiers = {
        "entity_id": "select.home_heating_sharing_control",
        "option": "tiers",
    }
    client.call("select", "select_option", by_tiers)
    switch = page.locator("hui-toggle-entity-row").filter(has_text="Share heat")
    switch.locator("ha-entity-toggle").click()
    # Somebody wants a bath, and it calls.
    warm = {"entity_id": "climate.simulated_house_bathroom", "temperature": 28}
    client.call("climate", "set_temperature", warm)
    expect(card).to_contain_text(
        "Bathroom alone would make the boiler cycle", timeout=CYCLES_WITHIN_MS
    )
    wait_until(lambda: _valve_pct(client, "living_room") >= 70)
    take_picture(page, "dashboard-sharing")
    client.call("switch", "turn_off", {"entity_id": "switch.home_heating_share_heat"})
    expect(card).to_contain_text("Sharing is switched off")
    opened = ("living_room", "kitchen")
    wait_until(lambda: all(_valve_pct(client, room) == 0 for room in opened))
    told = told_until(client, EVENT, "deactivated")
    assert {"activated", "transition", "deactivated"} <= set(told)


def _valve_pct(client: Client, room: str) -> float:
    return float(client.wait_for(f"number.simulated_house_{room}_valve")["state"])
