"""Fixtures for tests inside a Home Assistant instance."""

import logging

import pytest
from pytest_homeassistant_custom_component.syrupy import HomeAssistantSnapshotExtension
from syrupy.assertion import SnapshotAssertion

import custom_components.load_sharing  # noqa: F401


@pytest.fixture
def snapshot(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """Write snapshots the way Home Assistant does."""
    return snapshot.use_extension(HomeAssistantSnapshotExtension)


@pytest.fixture(autouse=True)
def _quiet_asyncio() -> None:
    """Frozen time that moves makes every step look slow to asyncio."""
    logging.getLogger("asyncio").setLevel(logging.ERROR)
