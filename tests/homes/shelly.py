"""A Shelly device of the second generation or later, behind its API."""

from typing import Any
from unittest.mock import AsyncMock, MagicMock

MAC = "123456789ABC"
PACKAGE = "homeassistant.components.shelly"


def rpc_device(name: str, **given: Any) -> MagicMock:
    """Return a device as ``aioshelly`` gives it: its model, generation, and what it shows."""
    device = MagicMock(
        initialize=AsyncMock(),
        shutdown=AsyncMock(),
        supports_scripts=AsyncMock(return_value=False),
        script_list=AsyncMock(return_value=[]),
        initialized=True,
        connected=True,
        firmware_supported=True,
        zigbee_firmware=False,
        mac=MAC,
        version="1.7.0",
        firmware_version="20250902-115800/1.7.0-gbe4a5f5",
        requires_auth=False,
        shelly={"mac": MAC, "model": given["model"], "gen": given["gen"]},
        dynamic_components=None,
        **given,
    )
    device.name = name
    return device
