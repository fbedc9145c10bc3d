"""Home Assistant's frontend, as far as a user of ours touches it."""

import time

from playwright.sync_api import Error, Locator, Page, TimeoutError as TooLate, expect

LOG_IN_WITHIN_S = 120.0
AGAIN_AFTER_MS = 10_000
TYPED_WITHIN_MS = 1_000
TRIES = 5


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
        enter(field.first.locator("input"), value)

    def name(self, value: str) -> None:
        """Type into the first field of the form, which is the name."""
        enter(self._page.locator("ha-selector-text input").first, value)

    def pick(self, index: int, name: str) -> None:
        """Choose an entity in the form's entity picker of that place."""
        picker = self._page.locator("ha-entity-picker").nth(index)
        field = picker.locator("ha-picker-field")
        field.click()
        search = picker.get_by_placeholder("Search")
        search.click()  # Which waits until the list has come to rest.
        enter(search, name)
        items = picker.locator("ha-picker-combo-box ha-combo-box-item")
        expect(items.first).to_contain_text(name)
        items.first.click()
        expect(field).to_contain_text(name)
        expect(search).to_be_hidden()

    def pick_device(self, name: str) -> None:
        """Choose a device in the form's device picker."""
        picker = self._page.locator("ha-device-picker").first
        picker.locator("ha-picker-field").click()
        search = picker.get_by_placeholder("Search")
        search.click()
        enter(search, name)
        items = picker.locator("ha-picker-combo-box ha-combo-box-item")
        items.filter(has_text=name).first.click()
        expect(picker.locator("ha-picker-field")).to_contain_text(name)
        expect(search).to_be_hidden()

    def open(self, section: str) -> None:
        """Open a section of the form."""
        self._page.locator("ha-expansion-panel").filter(has_text=section).first.click()

    def tick(self, label: str) -> None:
        """Tick the box with a label."""
        field = self._page.locator("ha-selector-boolean").filter(has_text=label)
        field.locator("ha-switch, ha-checkbox").first.click()

    def choose(self, option: str) -> None:
        """Choose from a menu."""
        self._page.get_by_text(option, exact=True).click()

    def press(self, button: str) -> None:
        """Press one of its buttons."""
        self._page.get_by_role("button", name=button, exact=True).click()


def enter(field: Locator, text: str) -> None:
    """Fill a field in, and make sure that it has the text.

    Playwright gives a field the focus, and types in a second step. On a slow machine,
    the page may have moved the focus meanwhile, and the text is lost.
    """
    for _ in range(TRIES):
        field.fill(text)
        try:
            expect(field).to_have_value(text, timeout=TYPED_WITHIN_MS)
        except AssertionError:
            continue
        return
    expect(field).to_have_value(text, timeout=TYPED_WITHIN_MS)


def visit(page: Page, url: str) -> None:
    """Open a page, also while a dialog that closes takes the browser one page back."""
    for _ in range(TRIES):
        try:
            page.goto(url)
        except Error as error:
            if "net::ERR_ABORTED" not in error.message:
                raise
            continue
        return
    page.goto(url)


def log_in(page: Page, user: str, password: str) -> None:
    """Log in, with further attempts until Home Assistant leaves its login page."""
    deadline_s = time.monotonic() + LOG_IN_WITHIN_S
    username = page.locator("input[name=username]")
    username.wait_for()
    while "/auth/authorize" in page.url:
        assert time.monotonic() < deadline_s, "the login page stays"
        try:
            enter(username, user)
            enter(page.locator("input[name=password]"), password)
            # A text that was lost above may have been typed here.
            expect(username).to_have_value(user, timeout=TYPED_WITHIN_MS)
            page.get_by_role("button", name="Log in").click(timeout=AGAIN_AFTER_MS)
            page.wait_for_url(
                lambda url: "/auth/authorize" not in url,
                timeout=AGAIN_AFTER_MS,
                wait_until="commit",
            )
        except AssertionError, TooLate:
            continue


def count_clicks(page: Page) -> None:
    """Count what is clicked from now on, on every page that is opened."""
    page.add_init_script(
        "addEventListener('click', () => sessionStorage.setItem('clicks',"
        " 1 + Number(sessionStorage.getItem('clicks'))), true)"
    )


def counted(page: Page) -> int:
    """How often was clicked so far."""
    return int(page.evaluate("Number(sessionStorage.getItem('clicks'))"))


def add_integration(page: Page, url: str, name: str) -> None:
    """Search for an integration and begin to add it."""
    visit(page, f"{url}/config/integrations/dashboard")
    page.get_by_role("button", name="Add integration").click()
    enter(page.get_by_placeholder("Search for a brand name"), name)
    page.locator("ha-integration-list-item", has_text=name).click()


def tile(page: Page, name: str) -> Locator:
    """A tile of a dashboard."""
    named = page.get_by_text(name, exact=True)
    return page.locator("hui-tile-card").filter(has=named)
