"""Fixtures and settings of all tests: homes in a Home Assistant under test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta
import logging
import os
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import async_get_platforms
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

import custom_components.load_sharing  # noqa: F401

from .homes.enabled import is_enabled
from .homes.house import House
from .homes.radiators import RadiatorHouse

# Every run of a property test tries the same examples, unless it is to explore.
settings.register_profile(
    "engines",
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    derandomize="EXPLORE" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("engines")
if "EXPLORE" not in os.environ:
    # Hypothesis also tries the constants of all modules that are loaded, and so tries
    # others with each selection of tests.
    providers._get_local_constants = lambda: providers._local_constants


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Write snapshots the way Home Assistant does."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture(autouse=True)
def _quiet_asyncio() -> None:
    """Silence warnings of asyncio: with frozen time that jumps, every step looks slow."""
    logging.getLogger("asyncio").setLevel(logging.ERROR)


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find the integration. A recorder has to be set up first."""
    if "hass" not in request.fixturenames:
        return
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
    request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def _most_enabled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Enable what the tests look at, unless a test is about what is disabled."""
    if {"as_installed", "e2e"} & set(request.keywords):
        yield
        return
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        property(is_enabled),
    ):
        yield


@pytest.fixture
def all_enabled() -> Iterator[None]:
    """Enable all entities, also those that are disabled by default."""
    with patch(
        "homeassistant.helpers.entity.Entity.entity_registry_enabled_default",
        new_callable=PropertyMock,
        return_value=True,
    ):
        yield


@pytest.fixture
async def house(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> House:
    """Return a house with a supply of 32 A, a meter and one charger."""
    house = House(hass, freezer)
    await house.put_up()
    return house


@pytest.fixture
async def radiators(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> AsyncIterator[RadiatorHouse]:
    """Return a house with four rooms on a boiler, at 6:00 on a Monday."""
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
