"""A meter that Home Assistant has."""

from homeassistant.core import HomeAssistant
import pytest

from ....homes.house import House
from ..built_in.conftest import Installed


@pytest.fixture
def installed(hass: HomeAssistant, house: House) -> Installed:
    """The meter under test; its integration is added in the test."""
    return Installed(hass, house)
