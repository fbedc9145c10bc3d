"""The cards with a dozen chargers, from right to left, in the picker and its editor."""

from collections.abc import Iterator
from importlib.resources import files
import json
import re

from playwright.sync_api import BrowserContext, Locator, Page, expect
import pytest

from demo import site
from demo.client import Client
from demo.folder import ROOT, prepare
from demo.home_assistant import running

from . import garage
from .conftest import TakePicture
from .frontend import enter, visit
from .test_dashboard import CURRENT, HEAT, WIDTHS, is_accessible, pictures
from .waiting import wait_until

CURRENT_NAME = "Where the current goes"
HEAT_NAME = "Where the heat goes"
BOARD = "by-hand"


@pytest.fixture(scope="module")
def client(
    free_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """A user of a Home Assistant with a garage of twelve chargers, and a boiler."""
    folder = tmp_path_factory.mktemp("config")
    prepare(folder, free_port)
    garage.add_to(folder)
    with running(folder, free_port) as url:
        client = Client(url)
        garage.set_up(client)
        site.set_up_home(client, charging=True, heating=True)
        yield client


def test_a_dozen_chargers_fit(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Each car is on its phases; nothing runs over an edge, on a phone or a wall."""
    _open(page, client, "Garage")
    card = page.locator(CURRENT)
    expect(card.get_by_role("img")).to_have_count(3)
    expect(card.locator(".chargers .row")).to_have_count(garage.BAYS)
    expect(card.locator(".circuits .row")).to_have_count(len(garage.CIRCUITS))
    said = [
        bar.get_attribute("aria-label") or "" for bar in card.get_by_role("img").all()
    ]
    for bay in (1, 3, 6, 9):
        named = {
            phase
            for phase, words in zip(garage.L123, said, strict=True)
            if f"Bay {bay} " in words
        }
        assert named == set(garage.phases_of(bay))
    # What the house takes is what the template of each phase begins with.
    assert [float(re.findall(r"House ([\d.]+) A", words)[0]) for words in said] == [
        20.0,
        24.0,
        28.0,
    ]
    headings = page.locator("hui-heading-card").get_by_role("heading")
    expect(headings.filter(has_text="Bay 11")).to_be_attached(timeout=20_000)
    titles = [title.strip() for title in headings.all_inner_texts()]
    places = [titles.index(f"Bay {bay}") for bay in (1, 2, 10)]
    assert places == sorted(places)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1400})
            page.wait_for_timeout(1_000)
            _stays_within(card)
    is_accessible(page, CURRENT)
    pictures(page, "dozen", take_picture)


def test_from_right_to_left(
    context: BrowserContext, page: Page, client: Client, take_picture: TakePicture
) -> None:
    """In Hebrew, the bars grow to the left, and our words are English, and read so."""
    context.add_init_script("localStorage.setItem('selectedLanguage', '\"he\"')")
    _open(page, client, "Garage")
    card = page.locator(CURRENT)
    expect(card.get_by_text(CURRENT_NAME)).to_be_visible()
    assert page.evaluate("document.dir") == "rtl"
    row = card.locator(".phase").first
    name, bar, used = (_box(row.locator(part)) for part in (".name", ".bar", ".sum"))
    assert name["x"] > bar["x"] > used["x"]
    house, car = (_box(row.locator(".part").nth(place)) for place in (0, 1))
    limit = _box(row.locator(".limit"))
    assert _right(house) == pytest.approx(_right(bar), abs=1)
    assert _right(car) == pytest.approx(house["x"], abs=1)
    assert bar["x"] < limit["x"] < car["x"]
    # As "84 of 160 A": the unit is to the right of the number.
    assert _reads_from_left_to_right(row.locator(".sum"))
    take_picture(page, "board-rtl-current")
    page.set_viewport_size({"width": WIDTHS[0], "height": 1800})
    page.wait_for_timeout(1_000)
    _stays_within(card)
    take_picture(page, "board-rtl-phone")

    page.set_viewport_size({"width": 1440, "height": 1100})
    _open(page, client, "Home: Heating")
    heat = page.locator(HEAT)
    expect(heat.get_by_text(HEAT_NAME)).to_be_visible()
    icon, words = (
        _box(heat.locator(f".rooms .row {part}").first) for part in ("ha-icon", ".what")
    )
    assert icon["x"] > words["x"]
    assert _box(heat.locator(".burner"))["x"] > _box(heat.locator(".water"))["x"]
    take_picture(page, "board-rtl-heat")


def test_the_editor_changes_the_card(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """Pick the card, choose a site, a title and no list, save, and look again."""
    _add_board(page, client)
    _pick_card(page, CURRENT_NAME, take_picture, "card-picker")
    dialog = page.locator("hui-dialog-edit-card")
    preview = dialog.locator(CURRENT)
    expect(preview.get_by_role("img").first).to_be_visible()
    editor = dialog.locator("hui-card-element-editor")
    enter(editor.locator("ha-selector-text input").first, "My home")
    expect(preview.get_by_role("heading", name="My home")).to_be_visible()
    expect(preview.get_by_role("img")).to_have_count(3)
    site_picker = editor.locator("ha-config-entry-picker")
    site_picker.click()
    expect(site_picker.get_by_text("Garage", exact=True).first).to_be_visible()
    take_picture(page, "card-editor-site")
    site_picker.get_by_text("Home", exact=True).first.click()
    expect(preview.get_by_role("img")).to_have_count(1)
    expect(preview.locator(".chargers .row")).to_have_count(1)
    editor.locator("ha-selector-boolean ha-switch").click()
    expect(preview.locator(".chargers")).to_be_hidden()
    take_picture(page, "card-editor")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.locator("ha-dialog")).to_be_hidden()

    visit(page, f"{client.url}/{BOARD}/0")
    card = page.locator(CURRENT)
    expect(card.get_by_role("heading", name="My home")).to_be_visible()
    expect(card.get_by_role("img")).to_have_count(1)
    expect(card.locator(".chargers")).to_be_hidden()


def test_the_picker_without_a_site(
    page: Page, client: Client, take_picture: TakePicture
) -> None:
    """The previews say what to add. This comes last: it removes the sites."""
    for entry in client.entries("load_sharing"):
        client.remove(entry["entry_id"])
    wait_until(lambda: not client.entries("load_sharing"))
    _add_board(page, client)
    _search_cards(page)
    picker = page.locator("hui-card-picker")
    expect(picker.locator(CURRENT)).to_contain_text("add a supply and its chargers")
    expect(picker.locator(HEAT)).to_contain_text("add a boiler and its rooms")
    take_picture(page, "card-picker-empty")


def test_every_icon_exists() -> None:
    """Home Assistant shows nothing where it has no icon of a name."""
    folder = files("hass_frontend") / "static" / "mdi"
    known: set[str] = set()
    for path in folder.iterdir():
        content = json.loads(path.read_text()) if path.name.endswith(".json") else []
        known |= content.keys() if isinstance(content, dict) else set()
    component = ROOT / "custom_components" / "load_sharing"
    sources = [component / "icons.json", *(component / "frontend" / "js").iterdir()]
    sources.append(ROOT / "demo" / "dashboard.yaml")
    used = {
        icon
        for source in sources
        for icon in re.findall(r"\bmdi:([a-z0-9-]+)", source.read_text())
    }
    assert used
    assert used <= known


def _open(page: Page, client: Client, tab: str) -> None:
    visit(page, f"{client.url}/load-sharing")
    page.get_by_role("tab", name=tab, exact=True).click()


def _stays_within(card: Locator) -> None:
    """No part of a card is wider than the card, or beyond its edges."""
    beyond = card.evaluate(
        """(card) => {
            const frame = card.shadowRoot.querySelector("ha-card").getBoundingClientRect();
            return [...card.shadowRoot.querySelectorAll("ha-card *")]
                .filter((part) => !part.closest(".heard, .over, ha-icon"))
                .filter((part) => {
                    const box = part.getBoundingClientRect();
                    return box.width && (box.left < frame.left - 1
                        || box.right > frame.right + 1);
                })
                .map((part) => part.outerHTML);
        }"""
    )
    assert beyond == []


def _box(part: Locator) -> dict[str, float]:
    box = part.bounding_box()
    assert box is not None
    return {"x": box["x"], "width": box["width"]}


def _right(box: dict[str, float]) -> float:
    return box["x"] + box["width"]


def _reads_from_left_to_right(words: Locator) -> bool:
    """Whether the last letter of a text is to the right of its first."""
    seen: bool = words.evaluate(
        """(element) => {
            const text = element.firstChild;
            const at = (pattern) => {
                const range = document.createRange();
                const place = text.data.search(pattern);
                range.setStart(text, place);
                range.setEnd(text, place + 1);
                return range.getBoundingClientRect().left;
            };
            return at(/\\d/) < at(/A/);
        }"""
    )
    return seen


def _add_board(page: Page, client: Client) -> None:
    """Make an empty dashboard, and begin to add a card to it."""
    visit(page, f"{client.url}/load-sharing")
    expect(page.locator("hui-view").first).to_be_visible()
    page.evaluate(
        """async (board) => {
            const { hass } = document.querySelector("home-assistant");
            const create = { type: "lovelace/dashboards/create", url_path: board };
            const listed = await hass.callWS({ type: "lovelace/dashboards/list" });
            if (!listed.some((one) => one.url_path === board)) {
                await hass.callWS({ ...create, title: "By hand", mode: "storage" });
            }
            const views = [{ type: "sections", sections: [{ type: "grid", cards: [] }] }];
            const save = { type: "lovelace/config/save", url_path: board };
            await hass.callWS({ ...save, config: { views } });
        }""",
        BOARD,
    )
    visit(page, f"{client.url}/{BOARD}/0?edit=1")
    page.get_by_role("button", name="Add card").click()
    page.get_by_role("tab", name="By card").click()


def _search_cards(page: Page) -> None:
    enter(page.locator("hui-card-picker input").last, "Where the")


def _pick_card(page: Page, name: str, take_picture: TakePicture, picture: str) -> None:
    _search_cards(page)
    card = page.locator("hui-card-picker .card").filter(has_text=name).last
    expect(card.locator(CURRENT).get_by_role("img").first).to_be_visible()
    take_picture(page, picture)
    card.click()
