"""The demo, as somebody who has just cloned the repository sees it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
import signal
import socket
import subprocess
import sys
import time

from playwright.sync_api import BrowserContext, Page, expect
import pytest

from demo.client import Client
from demo.folder import PASSWORD, ROOT, USER
from demo.site import DASHBOARD

from .conftest import ARTIFACTS, TakePicture
from .film import Film
from .frontend import log_in, visit
from .waiting import wait_until
from .witness import Witness

pytestmark = pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="scripts/demo has a .venv of its own"
)

START_WITHIN_S = 300
STOP_WITHIN_S = 120
OVERLOAD_WITHIN_S = 150
HELD_WITHIN_MS = 600_000


@contextmanager
def demo(*arguments: str, log: Path) -> Iterator[subprocess.Popen[str]]:
    """Run scripts/demo; end it if the test did not."""
    with log.open("w") as output:
        process = subprocess.Popen(
            [ROOT / "scripts" / "demo", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(STOP_WITHIN_S)


def test_the_demo_is_alive_in_every_tab(
    context: BrowserContext, free_port: int, tmp_path: Path, take_picture: TakePicture
) -> None:
    """Start, log in, watch an overload and a held burner, Ctrl-C."""
    log = tmp_path / "demo.log"
    folder = tmp_path / "config"
    arguments = ("--port", str(free_port), "--fresh", "--folder", str(folder))
    with demo(*arguments, log=log) as process:
        page = _log_in(context, process, log, free_port)
        _watch_an_overload(page, take_picture)
        _watch_the_heat(page, take_picture)
        for tab in ("Apartments", "Tuning", "Log"):
            _open(page, tab)
            expect(page.locator("hui-view hui-section").first).to_be_visible()
            expect(page.locator("hui-warning")).to_have_count(0)
        client = Client(f"http://localhost:{free_port}")
        # The next overload of the story may be going on.
        wait_until(lambda: _service_a(client) < 40)

        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_WITHIN_S) == 0
    _ended_well(log)


def _watch_an_overload(page: Page, take_picture: TakePicture) -> None:
    """The oven and the hob take too much, and the car gives way."""
    card = page.locator("load-sharing-current-card")
    expect(card).to_contain_text("Garage")
    expect(page.locator("hui-warning")).to_have_count(0)
    too_much = card.locator(".too-much")
    expect(too_much).to_have_count(0)
    witness = Witness(card)
    film = Film(card)
    film.shoot_until(lambda: too_much.count() > 0, OVERLOAD_WITHIN_S)
    film.shoot_until(lambda: too_much.count() == 0, OVERLOAD_WITHIN_S)
    witness.wait_for("turned down from")
    film.shoot_for(8)
    film.save(ARTIFACTS / "overload.gif")
    take_picture(page, "dashboard")


def _watch_the_heat(page: Page, take_picture: TakePicture) -> None:
    """A burn ends too hot, and the burner waits until the water has cooled."""
    _open(page, "Home: Heating")
    card = page.locator("load-sharing-heat-card")
    expect(card).to_contain_text("Bathroom")
    expect(page.locator("hui-warning")).to_have_count(0)
    expect(card).to_contain_text("The burner is held off", timeout=HELD_WITHIN_MS)
    page.wait_for_timeout(5_000)
    take_picture(page, "dashboard-heating")


def _service_a(client: Client) -> float:
    return float(client.wait_for("sensor.home_service_current")["state"])


def _open(page: Page, tab: str) -> None:
    page.locator("ha-tab-group-tab").filter(has_text=tab).first.click()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    """A clear message instead of a start that hangs."""
    log = tmp_path / "demo.log"
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        port = somebody.getsockname()[1]
        arguments = ("--port", str(port), "--folder", str(tmp_path / "config"))
        with demo(*arguments, log=log) as process:
            assert process.wait(START_WITHIN_S) == 1
    assert f"Port {port} is in use" in log.read_text()
    assert not (tmp_path / "config").exists()


def _log_in(
    context: BrowserContext,
    process: subprocess.Popen[str],
    log: Path,
    port: int,
) -> Page:
    """Wait for the address, open it, and log in."""
    address = f"http://localhost:{port}{DASHBOARD}"
    deadline_s = time.monotonic() + START_WITHIN_S
    while address not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline_s, log.read_text()
        time.sleep(0.3)
    page = context.new_page()
    visit(page, address)
    log_in(page, USER, PASSWORD)
    return page


def _ended_well(log: Path) -> None:
    told = log.read_text()
    assert "Stopped." in told
    assert "ERROR" not in told
    assert "Traceback" not in told
