"""A real Home Assistant as a child process."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import signal
import subprocess
import sys
import time

import httpx

START_WITHIN_S = 300.0
STOP_WITHIN_S = 60.0


class StartError(Exception):
    """Home Assistant did not start."""


class StopError(Exception):
    """Home Assistant did not stop."""


@contextmanager
def running(folder: Path, port: int) -> Iterator[str]:
    """Run Home Assistant; gives its address once it answers, and stops it cleanly."""
    url = f"http://localhost:{port}"
    # Without its bytecode, Home Assistant takes several times as long to start.
    environment = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONDONTWRITEBYTECODE"
    }
    # The house's physics are linked into the folder.
    environment["PYTHONPATH"] = str(folder)
    hass = Path(sys.executable).parent / "hass"
    process = subprocess.Popen(  # noqa: S603 - our own command
        [hass, "--skip-pip", "-c", folder],
        env=environment,
        # Ctrl-C is for us; we pass it on in our own time.
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(process, url)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise StopError(
                f"Home Assistant did not stop within {STOP_WITHIN_S:.0f} s"
            ) from None


def _wait_until_it_answers(process: subprocess.Popen[bytes], url: str) -> None:
    deadline_s = time.monotonic() + START_WITHIN_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise StartError(
                f"Home Assistant ended with exit code {process.returncode}"
            )
        try:
            if httpx.get(f"{url}/manifest.json", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.3)
    raise StartError(f"Home Assistant did not answer within {START_WITHIN_S:.0f} s")
