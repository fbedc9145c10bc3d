"""A Lektri.co, made by its own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from lektricowifi import Device
import pytest

from .conftest import Installed


class Lektrico:
    """The charger behind its RPC interface; a limit of 0 A pauses it."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.limits_a: list[float] = []
        self.limit_a = 16

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return float(self.limit_a)

    def answer(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Answer a call."""
        match method:
            case "charger_info.get":
                state = "C" if self.limit_a else "B_PAUSE"
                return {
                    "extended_charger_state": state,
                    "charging_time": 60,
                    "currents": [self.draw_a, 0.0, 0.0],
                    "voltages": [230.0, 0.0, 0.0],
                    "current_limit_reason": 0,
                    "has_active_errors": False,
                    "instant_power": 230 * self.draw_a,
                    "temperature": 31.0,
                    "total_charged_energy": 10.0,
                    "session_energy": 1200.0,
                    "fw_version": "1.49",
                }
            case "app_config.get":
                return {
                    "headless": True,
                    "install_current": 16,
                    "led_max_brightness": 20,
                    "user_current": 16,
                }
            case "dynamic_current.get":
                return {"dynamic_current": self.limit_a, "relay_mode": 3}
            case "dynamic_current.set":
                self.limit_a = params["dynamic_current"]
                self.limits_a.append(self.limit_a)
                return {}
        raise AssertionError(method)


@pytest.fixture
def lektrico() -> Iterator[Lektrico]:
    """A Lektri.co that answers."""
    lektrico = Lektrico()

    async def request(
        _: Device, url: str, __: str, json: dict[str, Any] | None
    ) -> dict[str, Any]:
        if json is None:
            return lektrico.answer(url.rpartition("/")[2], {})
        return lektrico.answer(json["method"], json.get("params", {}))

    with patch.object(Device, "_request", request):
        yield lektrico


async def add(installed: Installed, kind: str) -> None:
    """Set the charger up: the model for one phase, or the one for three."""
    data = {"host": "127.0.0.1", "type": kind}
    await installed.add(
        "lektrico", data=data | {"serial_number": "500006", "hw_version": "B"}
    )


@pytest.mark.usefixtures("lektrico")
@pytest.mark.parametrize(
    ("kind", "draws"),
    [
        ("1p7k", {"draw_entity": "500006_current"}),
        (
            "3p22k",
            {
                "draw_entity": "500006_current_l1",
                "draw_l2_entity": "500006_current_l2",
                "draw_l3_entity": "500006_current_l3",
            },
        ),
    ],
)
async def test_a_lektrico_is_found(
    installed: Installed, kind: str, draws: dict[str, str]
) -> None:
    """Each of its phases is measured."""
    await add(installed, kind)
    assert installed.unique_ids == {
        "number_entity": "500006_dynamic_limit",
        "status_entity": "500006_state",
        **draws,
    }
    await installed.check()


async def test_a_lektrico_is_driven(lektrico: Lektrico, installed: Installed) -> None:
    """Its dynamic limit goes down to 0, which is a pause."""
    await add(installed, "1p7k")
    await installed.live_through_an_evening(lektrico)
    assert 0 in lektrico.limits_a
