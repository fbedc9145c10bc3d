"""Heating is added in the browser to a site that has a charger already."""

import re

from playwright.sync_api import Page, expect

from demo import site
from demo.client import Client

from .conftest import TakePicture
from .frontend import Dialog, add_integration
from .test_set_up_heating import add_room, fill_in_boiler


def test_a_room_is_added_right_after_the_boiler(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Each dialog leads on: to the page that adds a room, and to the view of the heat."""
    site.set_up_home(client, charging=True, heating=False)
    dialog = Dialog(page)
    add_integration(page, client.url, "Load Sharing")
    dialog.choose("Rooms share the boiler")
    dialog.shows("Which site?")
    expect(page.get_by_role("radio", name="Home")).to_be_checked()
    take_picture(dialog.box, "setup-which-site")
    dialog.press("Next")
    fill_in_boiler(dialog)
    dialog.press("Next")
    dialog.shows("The site now has both.")
    take_picture(dialog.box, "setup-half-added")
    page.get_by_role("link", name="Open its page").click()
    expect(page).to_have_url(re.compile(r"/config/integrations/integration/load_shari"))
    if dialog.box.is_visible():
        page.keyboard.press("Escape")

    page.get_by_role("button", name="Add room").first.click()
    add_room(page, "Bathroom", "415", finish=False)
    take_picture(dialog.box, "setup-room-done")
    page.get_by_role("link", name="Open the dashboard").click()
    expect(page).to_have_url(re.compile(r"/load-sharing/heating-"))
    card = page.locator("load-sharing-heat-card")
    expect(card.get_by_text("Bathroom", exact=True)).to_be_visible()
    entries = client.entries("load_sharing")
    assert [entry["title"] for entry in entries] == ["Home"]
