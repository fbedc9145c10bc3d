"""A stranger sets the integration up in the browser and watches it work."""

from playwright.sync_api import Page, expect

from demo.client import Client
from demo.site import view

from .conftest import TakePicture
from .frontend import Dialog, add_integration, tile, visit
from .waiting import told_until, wait_until
from .witness import Witness


def test_from_nothing_to_a_balanced_car(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Add the site and the charger, overload the supply by hand, see it corrected."""
    _add_site(page, client.url, take_picture)
    _add_charger(page, take_picture)
    _look_at_the_devices(page, client.url, take_picture)
    _overload_the_supply(page, client, take_picture)
    _change_and_switch_off(page, client, take_picture)


def _add_site(page: Page, url: str, take_picture: TakePicture) -> None:
    dialog = Dialog(page)
    add_integration(page, url, "Load Sharing")
    dialog.choose("Car chargers share the supply")
    dialog.shows("How is the supply measured?")
    take_picture(dialog.box, "setup-mains")
    dialog.choose("One phase")
    dialog.shows("The supply")
    expect(page.get_by_text("Meter", exact=True).first).to_be_visible()
    dialog.pick(0, "Meter power")
    take_picture(dialog.box, "setup-supply")
    dialog.fill("Rating of the supply", "0")
    dialog.press("Next")
    dialog.shows("0 A is not possible. Enter a value from 1 A to 200 A.")
    dialog.shows(" W = ")
    take_picture(dialog.box, "setup-supply-error")
    dialog.fill("Rating of the supply", "32")
    dialog.press("Next")


def _add_charger(page: Page, take_picture: TakePicture) -> None:
    dialog = Dialog(page)
    dialog.shows("Which device?")
    dialog.pick_device("Simulated charger")
    take_picture(dialog.box, "setup-device")
    dialog.press("Next")
    dialog.shows("The charger")
    dialog.name("Garage")
    take_picture(dialog.box, "setup-charger")
    dialog.fill("Rating of the charger", "8")
    dialog.open("More")
    dialog.fill("Smallest charging current", "10")
    dialog.press("Next")
    dialog.shows("The smallest charging current is above the rating")
    dialog.fill("Rating of the charger", "32")
    take_picture(dialog.box, "setup-error")
    dialog.fill("Smallest charging current", "6")
    dialog.press("Next")
    dialog.shows("Set by a number")
    take_picture(dialog.box, "setup-number")
    dialog.pick(1, "Oven")
    dialog.press("Next")
    dialog.shows("This switch does not belong to the device of the charger")
    take_picture(dialog.box, "setup-doubt")
    dialog.pick(1, "Charger")
    dialog.press("Next")
    dialog.shows("What the charger reports")
    dialog.pick(0, "Charger status")
    take_picture(dialog.box, "setup-feedback")
    dialog.press("Submit")
    dialog.shows("Its switch pauses it.")
    take_picture(dialog.box, "setup-done")
    dialog.press("Finish")


def _look_at_the_devices(page: Page, url: str, take_picture: TakePicture) -> None:
    for name, entity, picture in (
        ("Home", "Balancer state", "device-site"),
        ("Garage", "Limited by", "device-charger"),
    ):
        visit(page, f"{url}/config/integrations/integration/load_sharing")
        page.locator("ha-config-entry-device-row").filter(has_text=name).click()
        expect(page.get_by_text(entity).first).to_be_visible()
        take_picture(page, picture)


def _overload_the_supply(page: Page, client: Client, take_picture: TakePicture) -> None:
    visit(page, f"{client.url}{view(client, 'Home', 'charging')}")
    card = page.locator("load-sharing-current-card")
    expect(card).to_contain_text("Garage")
    expect(card.locator(".too-much")).to_have_count(0)
    expect(tile(page, "Charging")).to_be_visible()
    wait_until(lambda: _current_set_a(client) >= 10)
    before_a = _current_set_a(client)
    witness = Witness(card)

    for appliance in ("Oven", "Hob"):
        if (
            client.wait_for(f"switch.simulated_house_{appliance.lower()}")["state"]
            != "on"
        ):
            tile(page, appliance).click()
    wait_until(witness.has_seen_an_overload)
    take_picture(page, "dashboard-overload")
    witness.wait_for("turned down from")
    expect(card.locator(".too-much")).to_have_count(0)

    after_a = _current_set_a(client)
    assert after_a < before_a
    wait_until(lambda: card.get_by_text(_allowed(client)).count() > 0)
    take_picture(page, "dashboard-corrected")
    told = told_until(client, "event.home_overload_event", "cleared")
    assert told[0] == "detected"
    assert {"corrected", "charging_stopped"} & set(told)
    assert told[-1] == "cleared"


def _change_and_switch_off(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    visit(page, f"{client.url}/config/integrations/integration/load_sharing")
    page.get_by_role("button", name="Configure").first.click()
    dialog = Dialog(page)
    dialog.shows("When the meter is lost")
    expect(page.get_by_role("radio", name="Pause the chargers")).to_be_checked()
    page.get_by_role("radio", name="Go down to a current").click()
    dialog.press("Submit")
    dialog.press("Finish")
    # It is set up anew with what was changed.
    wait_until(lambda: client.entries("load_sharing")[0]["state"] == "loaded")

    visit(page, f"{client.url}{view(client, 'Home', 'charging')}")
    client.call("switch", "turn_off", {"entity_id": "switch.home_balancing"})
    card = page.locator("load-sharing-current-card")
    expect(card).to_contain_text("Balancing is switched off")


def _allowed(client: Client) -> str:
    """What the card says of the current that the charger may give now."""
    current_a = _current_set_a(client)
    return f"of {current_a:.0f} A allowed" if current_a else "Paused"


def _current_set_a(client: Client) -> float:
    return float(client.wait_for("sensor.garage_current_set")["state"])
