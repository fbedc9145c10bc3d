"""A Wallbox, made by its own integration."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import MagicMock, patch

import pytest

from .conftest import Installed

CHARGING, PAUSED, DISCONNECTED = 194, 182, 0


class Wallbox:
    """The charger behind its cloud."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.limit_a = 16.0
        self.status = CHARGING
        self.client = MagicMock()
        self.client.getChargerStatus = self._status
        self.client.setMaxChargingCurrent = self._set
        self.client.pauseChargingSession = lambda _: self._show(PAUSED)
        self.client.resumeChargingSession = lambda _: self._show(CHARGING)
        self.client.jwtToken = self.client.jwtRefreshToken = "token"
        self.client.jwtTokenTtl = self.client.jwtRefreshTokenTtl = 10**15
        self.pauses = 0

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return self.limit_a if self.status == CHARGING else 0.0

    def _show(self, status: int) -> None:
        self.status = status
        self.pauses += status == PAUSED

    def _status(self, _: str) -> dict[str, Any]:
        return {
            "name": "Garage SN12345",
            "charging_power": 0.23 * self.draw_a,
            "max_available_power": 16.0,
            "status_id": self.status,
            "config_data": {
                "max_charging_current": self.limit_a,
                "locked": False,
                "energy_price": 0.3,
                "serial_number": "12345",
                "part_number": "PLP1-0-2-4-9-002-E",
                "software": {"currentVersion": "5.5.10"},
                "currency": {"code": "EUR"},
                "icp_max_current": 20,
                "plan": {"features": ["POWER_BOOST"]},
                "ecosmart": {"enabled": False, "mode": 0},
            },
        }

    def _set(self, _: str, current_a: float) -> dict[str, Any]:
        self.limit_a = current_a
        return {"data": {"chargerData": {"maxChargingCurrent": current_a}}}


@pytest.fixture
def wallbox() -> Iterator[Wallbox]:
    """A Wallbox that answers."""
    wallbox = Wallbox()
    with patch("homeassistant.components.wallbox.Wallbox", return_value=wallbox.client):
        yield wallbox


async def add(installed: Installed) -> None:
    """Set the charger up."""
    data = {"username": "me", "password": "secret", "station": "12345"}
    await installed.add("wallbox", data=data)


@pytest.mark.usefixtures("wallbox")
async def test_a_wallbox_is_found(installed: Installed) -> None:
    """The current is that of the charger, and not that of the whole house."""
    await add(installed)
    assert installed.unique_ids == {
        "number_entity": "max_charging_current-12345",
        "switch_entity": "paused-12345",
        "status_entity": "status_description-12345",
    }
    assert installed.fields["max_current_a"] == 16
    assert installed.fields["starting_values"] == {"settle_time": 15}
    await installed.check()


async def test_a_wallbox_is_driven(wallbox: Wallbox, installed: Installed) -> None:
    """Its number sets the current, its switch pauses and resumes."""
    await add(installed)
    await installed.live_through_an_evening(wallbox)
    assert wallbox.pauses


async def test_the_switch_is_away_without_a_car(
    wallbox: Wallbox, installed: Installed
) -> None:
    """The charger is found all the same."""
    wallbox.status = DISCONNECTED
    await add(installed)
    assert "switch_entity" in installed.unique_ids
