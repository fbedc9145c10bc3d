"""Chargers that Home Assistant has already are found and set up in the browser."""

from collections.abc import Iterator
import json
from pathlib import Path
import time

from playwright.sync_api import Page, expect
import pytest

from demo.client import Client
from demo.folder import prepare
from demo.home_assistant import running
from demo.site import METER

from ..homes.trydan import Trydan
from .conftest import ARTIFACTS, TakePicture
from .devices import trydan_on_the_network
from .frontend import Dialog, add_integration, count_clicks, counted, visit
from .waiting import wait_until

OCPP = Path(__file__).parent / "custom_components" / "ocpp"
MOST_CLICKS = 9
OFFERED = "sensor.charger_current_offered"


@pytest.fixture(scope="module")
def trydan() -> Trydan:
    """A charger with a car that takes 16 A."""
    return Trydan()


@pytest.fixture(scope="module")
def client(
    free_port: int, tmp_path_factory: pytest.TempPathFactory, trydan: Trydan
) -> Iterator[Client]:
    """A Home Assistant with a charge point of OCPP, and a V2C Trydan.

    The integration of OCPP is a stand-in that registers what the real one does; that of
    the Trydan is the one that Home Assistant ships.
    """
    folder = tmp_path_factory.mktemp("config")
    prepare(folder, free_port)
    (folder / "custom_components" / "ocpp").symlink_to(OCPP)
    measure_with(folder, METER)
    with (
        trydan_on_the_network(trydan) as address,
        running(folder, free_port) as url,
    ):
        client = Client(url)
        client.wait_for("sensor.simulated_house_meter_power")
        client.start_flow("ocpp")
        client.go_on(client.start_flow("v2c"), {"host": address})
        client.wait_for(OFFERED)
        yield client


def measure_with(folder: Path, sensor: str) -> None:
    """Make a sensor of the power the grid connection of the Energy dashboard."""
    source = {
        "type": "grid",
        "stat_energy_from": None,
        "stat_energy_to": None,
        "stat_rate": sensor,
        "cost_adjustment_day": 0,
    }
    data = {"energy_sources": [source], "device_consumption": []}
    stored = {"version": 1, "minor_version": 3, "key": "energy", "data": data}
    (folder / ".storage" / "energy").write_text(json.dumps(stored), "utf-8")


def test_known_chargers_are_set_up_from_what_was_found(
    page: Page, client: Client, trydan: Trydan, take_picture: TakePicture
) -> None:
    """Each form is submitted as it is filled in; only the fuse has to be entered."""
    dialog = Dialog(page)
    count_clicks(page)
    begun_s = time.monotonic()
    add_integration(page, client.url, "Load Sharing")
    dialog.choose("Car chargers share the supply")
    dialog.choose("One phase")
    dialog.shows("The supply")
    dialog.shows(" W = ")
    take_picture(dialog.box, "setup-supply-found")
    # Typing needs a click, too.
    page.locator("ha-input").filter(has_text="Rating of the supply").click()
    dialog.fill("Rating of the supply", "32")
    dialog.press("Next")

    dialog.shows("Which charger?")
    expect(page.get_by_role("radio", name="charger (OCPP)")).to_be_checked()
    take_picture(dialog.box, "setup-found")
    dialog.press("Next")
    dialog.shows("The charger")
    take_picture(dialog.box, "setup-found-charger")
    dialog.press("Submit")
    dialog.shows("charger is set up.")
    take_picture(dialog.box, "setup-found-done")
    dialog.press("Finish")
    took_s = time.monotonic() - begun_s
    assert counted(page) <= MOST_CLICKS
    # How long it takes depends on what else the machine does: kept, not judged.
    figures = f"{counted(page)} clicks, {took_s:.0f} s with three pictures\n"
    (ARTIFACTS / "setup-found.txt").write_text(figures, "utf-8")
    # The stand-in refuses a profile that is not for this session.
    wait_until(lambda: 0 < float(client.wait_for(OFFERED)["state"]) < 32)
    assert client.wait_for("number.charger_maximum_current")["state"] == "32.0"

    visit(page, f"{client.url}/config/integrations/integration/load_sharing")
    page.get_by_role("button", name="Add charger").first.click()
    dialog.shows("Which charger?")
    expect(page.get_by_role("radio", name="charger (OCPP)")).to_be_hidden()
    expect(page.get_by_role("radio", name="(V2C Trydan)")).to_be_checked()
    dialog.press("Next")
    dialog.shows("The charger")
    dialog.name("Trydan")
    dialog.open("More")
    dialog.tick("Show how it is controlled first")
    dialog.press("Submit")
    dialog.shows("Set by actions")
    dialog.press("Next")
    dialog.shows("What the charger reports")
    take_picture(dialog.box, "setup-found-feedback")
    dialog.press("Submit")
    dialog.shows("Trydan is set up.")
    dialog.press("Finish")
    current_set = "sensor.trydan_current_set"
    wait_until(lambda: float(client.wait_for(current_set)["state"]) >= 6)
    client.call(
        "number",
        "set_value",
        {"entity_id": "number.trydan_max_current", "value": 7},
    )
    wait_until(lambda: trydan.values["Intensity"] == 7)
    client.call(
        "number",
        "set_value",
        {"entity_id": "number.trydan_max_current", "value": 0},
    )
    wait_until(lambda: trydan.values["Paused"] == 1)
