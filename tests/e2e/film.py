"""Films a part of a page: for the moving picture of the README."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
import time

from PIL import Image
from playwright.sync_api import Locator

FRAME_S = 0.5
SHOWN_MS = 350
LAST_SHOWN_MS = 3000
COLORS = 64
FRAMES = 40
"""The last so many are kept: what came before is waiting."""


class Film:
    """Frames of what a locator shows, one every half a second."""

    def __init__(self, subject: Locator) -> None:
        """Begin with the first frame."""
        self._subject = subject
        self._frames: list[Image.Image] = []
        self.shoot()

    def shoot(self) -> None:
        """Add what is seen now."""
        picture = Image.open(BytesIO(self._subject.screenshot()))
        self._frames.append(picture.convert("RGB").quantize(COLORS))

    def shoot_until(self, is_so: Callable[[], bool], within_s: float) -> None:
        """Add frames until something is so."""
        deadline_s = time.monotonic() + within_s
        while not is_so():
            assert time.monotonic() < deadline_s
            self.shoot()
            time.sleep(FRAME_S)
        self.shoot()

    def shoot_for(self, seconds: float) -> None:
        """Add frames for a while."""
        end_s = time.monotonic() + seconds
        self.shoot_until(lambda: time.monotonic() >= end_s, seconds + 10)

    def save(self, path: Path) -> None:
        """Write it as a GIF that begins over; the last frame is shown for longer."""
        first, *others = self._frames[-FRAMES:]
        shown_ms = [SHOWN_MS] * len(others) + [LAST_SHOWN_MS]
        first.save(path, save_all=True, append_images=others, duration=shown_ms, loop=0)
