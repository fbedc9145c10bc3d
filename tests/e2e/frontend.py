"""Home Assistant's frontend, as far as a user of ours touches it."""

from playwright.sync_api import Locator, Page, expect


class Dialog:
    """The dialog of a configuration flow."""

    def __init__(self, page: Page) -> None:
        """Look for it on a page."""
        self._page = page

    @property
    def box(self) -> Locator:
        """The dialog as it is seen."""
        return self._page.locator("dialog-data-entry-flow dialog").first

    def shows(self, text: str) -> None:
        """Wait until the dialog shows a text."""
        expect(self._page.get_by_text(text).first).to_be_visible()

    def fill(self, label: str, value: str) -> None:
        """Type into the field with a label."""
        field = self._page.locator("ha-input").filter(has_text=label)
        field.first.locator("input").fill(value)

    def name(self, value: str) -> None:
        """Type into the first field of the form, which is the name."""
        self._page.locator("ha-selector-text input").first.fill(value)

    def pick(self, index: int, name: str) -> None:
        """Choose an entity in the form's entity picker of that place."""
        picker = self._page.locator("ha-entity-picker").nth(index)
        field = picker.locator("ha-picker-field")
        field.click()
        search = picker.get_by_placeholder("Search")
        search.click()  # Which waits until the list has come to rest.
        search.fill(name)
        items = picker.locator("ha-picker-combo-box ha-combo-box-item")
        expect(items.first).to_contain_text(name)
        items.first.click()
        expect(field).to_contain_text(name)
        expect(search).to_be_hidden()

    def choose(self, option: str) -> None:
        """Choose from a menu."""
        self._page.get_by_text(option, exact=True).click()

    def press(self, button: str) -> None:
        """Press one of its buttons."""
        self._page.get_by_role("button", name=button, exact=True).click()


def add_integration(page: Page, url: str, name: str) -> None:
    """Search for an integration and begin to add it."""
    page.goto(f"{url}/config/integrations/dashboard")
    page.get_by_role("button", name="Add integration").click()
    page.get_by_placeholder("Search for a brand name").fill(name)
    page.locator("ha-integration-list-item", has_text=name).click()


def tile(page: Page, name: str) -> Locator:
    """A tile of a dashboard."""
    named = page.get_by_text(name, exact=True)
    return page.locator("hui-tile-card").filter(has=named)
