"""What event entities told."""

import time

from demo.client import Client

WITHIN_S = 30.0


def told_until(client: Client, entity_id: str, last: str) -> list[str]:
    """Kinds of an entity's events in order, once the recorder has the last of them."""
    deadline_s = time.monotonic() + WITHIN_S
    told: list[str] = []
    while time.monotonic() < deadline_s and told[-1:] != [last]:
        kinds = (
            state["attributes"].get("event_type") for state in client.history(entity_id)
        )
        told = [kind for kind in kinds if kind]
        time.sleep(0.5)
    return told
