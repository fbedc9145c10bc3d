"""A KEBA, made by its own integration, which is set up in YAML."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from keba_kecontact.connection import KebaKeContact  # type: ignore[import-untyped]
import pytest

from .conftest import Installed


class Keba:
    """The charger behind its UDP interface."""

    def __init__(self) -> None:
        """Charge with 16 A."""
        self.limit_a = 16.0
        self.enabled = True
        self.disabled_times = 0

    @property
    def draw_a(self) -> float:
        """A car that takes what it is allowed."""
        return self.limit_a if self.enabled else 0.0

    def value(self, key: str) -> Any:
        """A value of its reports, as the library names them."""
        return {
            "Serial": "1",
            "Product": "KEBA",
            "State_on": self.draw_a > 0,
            "Curr user": self.limit_a,
            "Curr HW": 32,
            "P": 0.23 * self.draw_a,
            "Plug_plugged": True,
            "Online": True,
            "FS_on": False,
            "Authreq": 0,
        }.get(key)

    async def set_current(self, current_a: float) -> None:
        """Take a current."""
        self.limit_a = current_a

    async def enable(self, enabled: bool) -> None:
        """Pause, or go on."""
        self.enabled = enabled
        self.disabled_times += not enabled


@pytest.fixture
def keba() -> Iterator[Keba]:
    """A KEBA that answers each poll."""
    keba = Keba()

    async def nothing(*_: Any) -> None:
        """Send nothing."""

    async def request_data(client: KebaKeContact) -> None:
        client.callback(None)

    with patch.multiple(
        KebaKeContact,
        setup=nothing,
        set_failsafe=nothing,
        request_data=request_data,
        get_value=lambda _, key: keba.value(key),
        set_current=lambda _, current_a: keba.set_current(current_a),
        enable=lambda _, enabled: keba.enable(enabled),
    ):
        yield keba


@pytest.fixture
async def _added(hass: HomeAssistant, keba: Keba) -> Any:
    """Set the charger up, and stop its polls at the end."""
    config = {"keba": {"host": "127.0.0.1"}}
    assert await async_setup_component(hass, "keba", config)
    await hass.async_block_till_done()
    yield
    hass.data["keba"]._polling_task.cancel()


@pytest.mark.usefixtures("_added")
async def test_a_keba_is_found(installed: Installed) -> None:
    """It has no device, but its unique IDs belong together."""
    assert installed.unique_ids == {
        "status_entity": "keba_wallbox_1_charging_state",
        "draw_entity": "keba_wallbox_1_charging_power",
        "offered_entity": "keba_wallbox_1_max_current",
    }
    await installed.check()


@pytest.mark.usefixtures("_added")
async def test_a_keba_is_driven(keba: Keba, installed: Installed) -> None:
    """Its actions set the current, pause and resume."""
    await installed.live_through_an_evening(keba)
    assert keba.disabled_times
