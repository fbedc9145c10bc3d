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
from demo.site import SCENES

from .conftest import TakePicture
from .frontend import log_in, tile, visit

pytestmark = pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="scripts/demo has a .venv of its own"
)

START_WITHIN_S = 300
STOP_WITHIN_S = 120
OVERLOAD_WITHIN_MS = 120_000
SHARING_WITHIN_MS = 120_000
HELD_FOR_MS = 300_000


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


def test_the_demo_shows_an_overload_within_two_minutes(
    context: BrowserContext, free_port: int, tmp_path: Path, take_picture: TakePicture
) -> None:
    """Start, log in, watch, Ctrl-C."""
    log = tmp_path / "demo.log"
    folder = tmp_path / "config"
    arguments = ("--port", str(free_port), "--fresh", "--folder", str(folder))
    with demo(*arguments, log=log) as process:
        page = _log_in(context, process, log, free_port, "charging")
        overload = tile(page, "Supply overload")
        expect(overload).to_contain_text("Problem", timeout=OVERLOAD_WITHIN_MS)
        expect(overload).to_contain_text("OK", timeout=OVERLOAD_WITHIN_MS)
        client = Client(f"http://localhost:{free_port}")
        service = client.wait_for("sensor.home_service_current")
        assert float(service["state"]) <= 32
        take_picture(page, "dashboard")

        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_WITHIN_S) == 0
    _ended_well(log)


def test_the_heating_scene_shares_within_two_minutes(
    context: BrowserContext, free_port: int, tmp_path: Path, take_picture: TakePicture
) -> None:
    """Start, log in, watch valves open, Ctrl-C."""
    log = tmp_path / "demo.log"
    folder = tmp_path / "config"
    arguments = ("--scene", "heating", "--port", str(free_port), "--fresh")
    with demo(*arguments, "--folder", str(folder), log=log) as process:
        page = _log_in(context, process, log, free_port, "heating")
        state = tile(page, "State")
        expect(state).to_contain_text("Tier", timeout=SHARING_WITHIN_MS)
        expect(tile(page, "Shares for")).to_contain_text("Bathroom")
        client = Client(f"http://localhost:{free_port}")
        tier = client.wait_for("sensor.living_room_tier")
        assert tier["state"] == "tier_1"
        hold = tile(page, "Burner hold")
        expect(hold).to_contain_text("On", timeout=SHARING_WITHIN_MS)
        expect(tile(page, "Setpoint")).to_contain_text("30")
        expect(tile(page, "Burner")).to_contain_text("Not running")
        page.wait_for_timeout(5_000)
        take_picture(page, "dashboard-heating")
        expect(hold).to_contain_text("Off", timeout=HELD_FOR_MS)
        expect(tile(page, "Setpoint")).to_contain_text("60")

        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_WITHIN_S) == 0
    _ended_well(log)


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
    scene: str,
) -> Page:
    """Wait for the address, open it, and log in."""
    address = f"http://localhost:{port}{SCENES[scene].dashboard}"
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
