"""An OpenEVSE, made by its own integration."""

from collections.abc import Iterator, Mapping
from typing import Any
from unittest.mock import patch

from openevsehttp.__main__ import OpenEVSE as Client
import pytest

from .conftest import Installed

CHARGING, SLEEPING = 3, 254


class OpenEVSE:
    """The charger behind its HTTP interface. Current and pause are one override."""

    def __init__(self) -> None:
        """Charge with 16 A, without an override."""
        self.override: dict[str, Any] = {}
        self.overrides: list[dict[str, Any]] = []

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        if self.override.get("state") == "disabled":
            return 0.0
        return float(self.override.get("charge_current", 16))

    async def process_request(
        self,
        url: str,
        method: str,
        data: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Answer a request."""
        match url.rpartition("/")[2], method:
            case "config", _:
                return {
                    "firmware": "8.2.1",
                    "version": "5.1.5",
                    "wifi_serial": "deadbeef",
                    "min_current_hard": 6,
                    "max_current_hard": 16,
                    "max_current_soft": 16,
                }
            case "status", _:
                return self.status
            case "override", "get":
                # Without an override, the firmware answers with an empty one.
                return self.override or {"state": None}
            case "override", "delete":
                self.override = {}
            case "override", "post":
                self.override = {
                    key: value for key, value in dict(data or {}).items() if value
                }
                self.overrides.append(self.override)
        return {"msg": "OK"}

    @property
    def status(self) -> dict[str, Any]:
        """What it shows: the current in mA, and the pilot in A.

        Newer firmware has a *status* beside its state, too. With that, the status sensor
        of Home Assistant 2026.10 is unknown.
        """
        return {
            "state": CHARGING if self.draw_a else SLEEPING,
            "amp": 1000 * self.draw_a,
            "pilot": self.draw_a or 16,
            "voltage": 230,
            "manual_override": int(bool(self.override)),
        }


@pytest.fixture
def openevse() -> Iterator[OpenEVSE]:
    """An OpenEVSE that answers, and tells its listener what has changed."""
    openevse = OpenEVSE()

    async def process_request(
        client: Client, url: str, method: str = "", data: Any = None, **_: Any
    ) -> dict[str, Any]:
        answer = await openevse.process_request(url, method, data)
        if method in ("post", "delete") and client.callback is not None:
            client._status.update(openevse.status)
            await client.callback()
        return answer

    async def ws_start(_: Client) -> None:
        """Open no connection."""

    with (
        patch.object(Client, "process_request", process_request),
        patch.object(Client, "ws_start", ws_start),
    ):
        yield openevse


async def add(installed: Installed) -> None:
    """Set the charger up."""
    await installed.add("openevse", unique_id="deadbeef", data={"host": "127.0.0.1"})


@pytest.mark.usefixtures("openevse")
async def test_an_openevse_is_found(installed: Installed) -> None:
    """The sensor of its pilot shows what it offers."""
    await add(installed)
    assert installed.unique_ids == {
        "status_entity": "deadbeef-status",
        "draw_entity": "deadbeef-charging_current",
        "offered_entity": "deadbeef-current_capacity",
    }
    assert installed.fields["max_current_a"] == 16
    await installed.check()


async def test_an_openevse_is_driven(openevse: OpenEVSE, installed: Installed) -> None:
    """A current that is set while it is paused does not keep it paused."""
    await add(installed)
    await installed.live_through_an_evening(openevse)
    assert {"state": "disabled"} in [
        {key: value for key, value in override.items() if key == "state"}
        for override in openevse.overrides
    ]
