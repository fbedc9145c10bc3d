"""A V2C Trydan, made by its own integration."""

from collections.abc import Iterator
from unittest.mock import patch

import httpx
import pytest
from pytrydan import Trydan as Client

from ....homes.trydan import Trydan
from .conftest import Installed


@pytest.fixture
def trydan() -> Iterator[Trydan]:
    """A Trydan that answers."""
    trydan = Trydan()

    async def request(_: Client, url: str) -> httpx.Response:
        text = trydan.answer(httpx.URL(url).path)
        return httpx.Response(404 if text is None else 200, text=text or "")

    with patch.object(Client, "_request", request):
        yield trydan


async def add(installed: Installed) -> None:
    """Set the charger up."""
    await installed.add("v2c", entry_id="trydan", data={"host": "127.0.0.1"})


@pytest.mark.usefixtures("trydan")
async def test_a_trydan_is_found(installed: Installed) -> None:
    """The number is its intensity, and not the least or the most of it."""
    await add(installed)
    assert installed.unique_ids == {
        "status_entity": "trydan_charging",
        "draw_entity": "trydan_charge_power",
    }
    (set_limit,) = installed.fields["set_current"]
    assert set_limit["target"] == {"entity_id": "number.evse_127_0_0_1_intensity"}
    assert installed.fields["max_current_a"] == 32
    await installed.check()


async def test_a_trydan_is_driven(trydan: Trydan, installed: Installed) -> None:
    """Its switch is on while it is paused."""
    await add(installed)
    await installed.live_through_an_evening(trydan)
    assert "Paused=1" in trydan.written
    assert "Paused=0" in trydan.written
