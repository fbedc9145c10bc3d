"""Starts Home Assistant and Chromium, without the fixtures of tests inside of it."""

from collections.abc import Callable, Iterator
import json
import logging
from pathlib import Path
import shutil
import socket
import sys

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    expect,
    sync_playwright,
)
import pytest
import pytest_socket

from demo.client import Client
from demo.folder import ROOT, prepare
from demo.home_assistant import running

# Pictures of .venv-oldest have a folder of their own.
ARTIFACTS = ROOT / "artifacts" / Path(sys.prefix).name.partition("-")[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

PATIENCE_MS = 180_000
expect.set_options(timeout=PATIENCE_MS)

type TakePicture = Callable[[Page | Locator, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what shares a browser in one process, and begin with what takes longest."""
    items.sort(key=lambda item: not _is_ours(item))
    for item in filter(_is_ours, items):
        item.add_marker(pytest.mark.e2e)
        item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _is_ours(item: pytest.Item) -> bool:
    return Path(__file__).parent in item.path.parents


@pytest.fixture(autouse=True)
def verify_cleanup() -> None:
    """There is no Home Assistant in this process to clean up."""


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """There is no event loop of ours either."""


@pytest.fixture(autouse=True)
def configure_event_loop() -> None:
    """Nor one to configure."""


def _allow_connections() -> None:
    """Allow what tests inside Home Assistant are forbidden, before each of them."""
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


@pytest.fixture(scope="module")
def sockets() -> None:
    """Connections for what lives longer than a test."""
    _allow_connections()
    # What a client asks again and again hides the rest.
    for name in ("httpx", "httpx2"):
        logging.getLogger(name).setLevel(logging.WARNING)


@pytest.fixture(autouse=True)
def socket_allowed() -> None:
    """Connections for every test."""
    _allow_connections()


@pytest.fixture(scope="module")
def free_port(sockets: None) -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def client(
    free_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    """A user of a Home Assistant that has the simulated house, and no site yet."""
    folder = tmp_path_factory.mktemp("config")
    prepare(folder, free_port)
    with running(folder, free_port) as url:
        client = Client(url)
        client.wait_for("sensor.simulated_house_meter_power")
        yield client


@pytest.fixture(scope="module")
def browser(sockets: None) -> Iterator[Browser]:
    """The system's Chromium."""
    executable = next(path for name in BROWSERS if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def context(
    browser: Browser, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A browser that knows nothing; what it last saw is kept."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 1100},
        # Once it is installed, Home Assistant's reloads the page, dialogs and all.
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context
    for number, page in enumerate(context.pages):
        page.screenshot(path=_artifact(f"last-{request.node.name}-{number}.png"))
    context.close()


@pytest.fixture
def page(context: BrowserContext, client: Client) -> Page:
    """A logged-in page."""
    tokens = json.dumps(json.dumps(client.tokens))
    context.add_init_script(f"localStorage.setItem('hassTokens', {tokens})")
    return context.new_page()


@pytest.fixture
def take_picture() -> TakePicture:
    """Keep a picture of a page or a part of it."""

    def take(what: Page | Locator, name: str) -> None:
        page = what if isinstance(what, Page) else what.page
        # Nothing is lit up below the mouse; ripples and opening dialogs are over.
        page.mouse.move(0, 0)
        page.wait_for_timeout(700)
        what.screenshot(path=_artifact(f"{name}.png"))

    return take


def _artifact(name: str) -> Path:
    ARTIFACTS.mkdir(parents=True, exist_ok=True)
    return ARTIFACTS / name
