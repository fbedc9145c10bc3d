"""A house, a charger and a site in a Home Assistant under test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import async_get_platforms
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from .house import House
from .radiators import RadiatorHouse


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find the integration; a recorder has to be there before."""
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture
def all_enabled() -> Iterator[None]:
    """Enable also what is disabled until somebody wants it."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    ):
        yield


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    """A house of 32 A, with its meter and one charger."""
    house = House(hass, freezer)
    await house.put_up()
    return house


@pytest.fixture
async def radiators(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> AsyncIterator[RadiatorHouse]:
    """Four rooms on a boiler, at six on a Monday morning."""
    radiators = RadiatorHouse(hass, freezer)
    await radiators.put_up()
    yield radiators
    # The schedule helpers wait for their next edges.
    for platform in async_get_platforms(hass, "schedule"):
        await platform.async_reset()


@pytest.fixture
def wait(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> Callable[[float], Awaitable[None]]:
    """Let time pass, in steps no longer than half a second."""

    async def wait_(seconds: float) -> None:
        left_s = seconds
        while left_s > 1e-9:
            step_s = min(0.5, left_s)
            left_s -= step_s
            freezer.tick(timedelta(seconds=step_s))
            async_fire_time_changed(hass)
            await hass.async_block_till_done()

    return wait_
