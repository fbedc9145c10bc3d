"""The dashboard and its cards, as someone sees them who has just set up a site."""

from collections.abc import Iterator
from importlib.resources import files
import re

from playwright.sync_api import BrowserContext, Locator, Page, expect
import pytest

from demo import site
from demo.client import Client
from demo.folder import prepare
from demo.home_assistant import running

from .conftest import ARTIFACTS, TakePicture
from .frontend import enter, visit

WIDTHS = (412, 1000, 1600)
AXE = (files("axe_playwright_python") / "axe.min.js").read_text()
FIRST_PAINT_WITHIN_MS = 30_000
MOVES_WITHIN_MS = 60_000

MEASURED = ARTIFACTS / "first-paint.txt"

CURRENT = "load-sharing-current-card"
HEAT = "load-sharing-heat-card"


@pytest.fixture(scope="module")
def client(
    free_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """A user of a Home Assistant that has no dashboard of ours, other than the demo."""
    folder = tmp_path_factory.mktemp("config")
    prepare(folder, free_port)
    configuration = folder / "configuration.yaml"
    text = re.sub(
        r"^lovelace:\n( .*\n)+", "", configuration.read_text(), flags=re.MULTILINE
    )
    configuration.write_text(text)
    with running(folder, free_port) as url:
        client = Client(url)
        client.wait_for("sensor.simulated_house_meter_power")
        yield client


def test_the_dashboard_grows_with_the_home(
    page: Page, context: BrowserContext, client: Client, take_picture: TakePicture
) -> None:
    """Without a site, with one charger, a boiler, both, and a garage of chargers."""
    # A first site makes Home Assistant load the integration; then it is taken away.
    site.set_up_home(client, charging=True, heating=False)
    for entry in client.entries("load_sharing"):
        client.remove(entry["entry_id"])
    url = client.url

    visit(page, f"{url}/load-sharing-dashboard")
    page.get_by_role("button", name="Add the dashboard").click()
    expect(page.get_by_text("No site yet")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/load-sharing/"))
    pictures(page, "empty", take_picture)
    visit(page, f"{url}/load-sharing-dashboard")
    expect(page.get_by_text("No site yet")).to_be_visible()

    site.set_up_home(client, charging=True, heating=False)
    visit(page, f"{url}/load-sharing")
    card = page.locator(CURRENT)
    expect(card.get_by_text("Garage", exact=True)).to_be_visible()
    _moves(card.get_by_role("img").first)
    is_accessible(page, CURRENT)
    pictures(page, "charger", take_picture)
    _opens_with_a_key(page, card)

    site.set_up_home(client, charging=False, heating=True)
    visit(page, f"{url}/load-sharing")
    heat = page.locator(HEAT)
    expect(heat.get_by_text("Bathroom", exact=True).first).to_be_visible()
    _moves(heat.get_by_text("Flow").first)
    is_accessible(page, HEAT)
    pictures(page, "heating", take_picture)

    site.set_up_home(client, charging=True, heating=True)
    visit(page, f"{url}/load-sharing")
    page.get_by_role("tab", name="Heating").click()
    expect(heat.get_by_text("Bathroom", exact=True).first).to_be_visible()
    pictures(page, "both", take_picture)

    site.set_up_apartments(client)
    visit(page, f"{url}/load-sharing")
    page.get_by_role("tab", name="Apartments").click()
    expect(card.get_by_role("img")).to_have_count(3)
    expect(card.get_by_text("Visitor", exact=True)).to_be_visible()
    _moves(card.get_by_role("img").first)
    is_accessible(page, CURRENT)
    pictures(page, "circuits", take_picture)
    for tab in ("Tuning", "Log"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_text("Apartments").first).to_be_visible()
        take_picture(page, f"board-{tab.lower()}")
    expect(page.get_by_text("Configuration error")).to_have_count(0)


def test_it_is_among_the_dashboards_to_add(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Home Assistant's own dialog lists it, and what it makes shows the site."""
    _has_a_site(client)
    visit(page, f"{client.url}/config/lovelace/dashboards")
    # The dialog lists what is there when it opens.
    page.wait_for_function("window.customStrategies?.length")
    page.get_by_role("button", name="Add dashboard").click()
    listed = page.locator("dashboard-card").filter(has_text="Your chargers")
    take_picture(page, "board-add")
    listed.click()
    enter(page.locator("ha-input input").first, "Second board")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Second board").first).to_be_visible()
    visit(page, f"{client.url}/second-board")
    expect(page.get_by_text("Where the current goes").first).to_be_visible()


def test_the_first_paint_is_soon(page: Page, client: Client) -> None:
    """How long it takes from nothing to a card with live values."""
    _has_a_site(client)
    _has_the_dashboard(page, client)
    visit(page, f"{client.url}/load-sharing")
    expect(page.locator(CURRENT).get_by_role("img").first).to_be_visible()
    painted_ms = page.evaluate("performance.now()")
    MEASURED.write_text(f"{painted_ms:.0f} ms until the card has live values\n")
    assert painted_ms < FIRST_PAINT_WITHIN_MS


def _has_a_site(client: Client) -> None:
    """Set up a site if there is none: without one, nothing of ours is loaded."""
    if not client.entries("load_sharing"):
        site.set_up_home(client, charging=True, heating=False)


def _has_the_dashboard(page: Page, client: Client) -> None:
    """Open the dashboard, and add it first if it is not there."""
    visit(page, f"{client.url}/load-sharing-dashboard")
    add = page.get_by_role("button", name="Add the dashboard")
    card = page.locator(CURRENT).first
    expect(add.or_(card)).to_be_visible()
    if add.is_visible():
        add.click()
    expect(card).to_be_visible()


def pictures(page: Page, kind: str, take_picture: TakePicture) -> None:
    """Keep pictures of a phone, a tablet and a wall, by day and by night."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            height = 1800 if width == WIDTHS[0] else 1100
            page.set_viewport_size({"width": width, "height": height})
            take_picture(page, f"board-{kind}-{width}-{scheme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 1100})


def _moves(shown: Locator) -> None:
    """Wait until what is shown changes by itself."""
    read = "(element) => element.getAttribute('aria-label') ?? element.textContent"
    before = shown.evaluate(read)
    assert re.search(r"\d", before), before
    element = shown.element_handle()
    shown.page.wait_for_function(
        f"([element, before]) => ({read})(element) !== before",
        arg=[element, before],
        timeout=MOVES_WITHIN_MS,
    )


def is_accessible(page: Page, card: str) -> None:
    """Check a card with axe, by day and by night."""
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1_000)
        for shown in page.locator(card).all():
            found = shown.evaluate("(card) => axe.run(card)")
            assert found["violations"] == []
            assert "color-contrast" in {rule["id"] for rule in found["passes"]}
    page.emulate_media(color_scheme="light")


def _opens_with_a_key(page: Page, card: Locator) -> None:
    """A row of the card opens all about it on Enter."""
    card.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    expect(
        page.locator("ha-more-info-dialog").get_by_text("Garage").first
    ).to_be_visible()
    page.keyboard.press("Escape")
