"""An NRGkick, made by its own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from nrgkick_api import NRGkickAPI
import pytest

from .conftest import Installed

SERIAL = "TEST123456"


class NRGkick:
    """The charger behind its JSON API."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.limit_a = 16.0
        self.paused = False
        self.pauses = 0

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return 0.0 if self.paused else self.limit_a

    async def get_info(self, *_: Any, **__: Any) -> dict[str, Any]:
        """What it is: a mobile charger of 32 A with a plug for 16 A."""
        return {
            "general": {
                "serial_number": SERIAL,
                "model_type": "NRGkick Gen2",
                "rated_current": 32.0,
            },
            "connector": {"phase_count": 3, "max_current": 16.0, "type": 1},
            "grid": {"phases": 7},
            "network": {},
            "versions": {},
        }

    async def get_control(self, *_: Any, **__: Any) -> dict[str, Any]:
        """What it is set to."""
        return {
            "current_set": self.limit_a,
            "charge_pause": int(self.paused),
            "energy_limit": 0,
            "phase_count": 1,
        }

    async def get_values(self, *_: Any, **__: Any) -> dict[str, Any]:
        """What it measures; status 2 is connected, 3 is charging."""
        phases = {
            f"l{phase}": {
                "voltage": 230.0,
                "current": self.draw_a if phase == 1 else 0.0,
                "active_power": 230 * self.draw_a if phase == 1 else 0.0,
            }
            for phase in (1, 2, 3)
        }
        return {
            "powerflow": {"total_active_power": 230 * self.draw_a, **phases},
            "general": {
                "status": 2 if self.paused else 3,
                "charge_permitted": 1,
                "vehicle_connect_time": 60,
            },
            "energy": {},
            "temperatures": {},
        }

    async def set_current(self, current: float) -> dict[str, Any]:
        """Take a current."""
        self.limit_a = current
        return {"current_set": current}

    async def set_charge_pause(self, pause: bool) -> dict[str, Any]:
        """Pause, or go on."""
        self.paused = pause
        self.pauses += pause
        return {"charge_pause": int(pause)}


@pytest.fixture
def nrgkick() -> Iterator[NRGkick]:
    """An NRGkick that answers."""
    nrgkick = NRGkick()
    with patch.multiple(
        NRGkickAPI,
        get_info=nrgkick.get_info,
        get_control=nrgkick.get_control,
        get_values=nrgkick.get_values,
        set_current=nrgkick.set_current,
        set_charge_pause=nrgkick.set_charge_pause,
    ):
        yield nrgkick


async def add(installed: Installed) -> None:
    """Set the charger up."""
    await installed.add("nrgkick", unique_id=SERIAL, data={"host": "127.0.0.1"})


@pytest.mark.usefixtures("nrgkick")
async def test_an_nrgkick_is_found(installed: Installed) -> None:
    """Its rating is that of its plug."""
    await add(installed)
    assert installed.unique_ids == {
        "number_entity": f"{SERIAL}_current_set",
        "switch_entity": f"{SERIAL}_charging_enabled",
        "status_entity": f"{SERIAL}_status",
        "draw_entity": f"{SERIAL}_l1_current",
        "draw_l2_entity": f"{SERIAL}_l2_current",
        "draw_l3_entity": f"{SERIAL}_l3_current",
    }
    assert installed.fields["max_current_a"] == 16
    await installed.check()


async def test_an_nrgkick_is_driven(nrgkick: NRGkick, installed: Installed) -> None:
    """Its number sets the current, its switch pauses and resumes."""
    await add(installed)
    await installed.live_through_an_evening(nrgkick)
    assert nrgkick.pauses
