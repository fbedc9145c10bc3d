"""Waits for what a Home Assistant comes to by itself."""

from collections.abc import Callable
from datetime import UTC, datetime
import time

from demo.client import Client

WITHIN_S = 180.0
EVER = datetime.min.replace(tzinfo=UTC)


def wait_until(is_so: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    """Ask again and again."""
    deadline_s = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline_s
        time.sleep(0.3)


def told_until(
    client: Client, entity_id: str, last: str, since: datetime = EVER
) -> list[str]:
    """Kinds of an entity's events in order, once the recorder has the last of them."""
    deadline_s = time.monotonic() + WITHIN_S
    told: list[str] = []
    while time.monotonic() < deadline_s and told[-1:] != [last]:
        told = [
            kind
            for state in client.history(entity_id)
            if (kind := state["attributes"].get("event_type"))
            and datetime.fromisoformat(state["state"]) > since
        ]
        time.sleep(0.5)
    return told
