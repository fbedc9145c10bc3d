"""Adds the central system of the stand-in."""

from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult


class OcppConfigFlow(ConfigFlow, domain="ocpp"):
    """There is nothing to ask."""

    async def async_step_user(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the charge point."""
        return self.async_create_entry(title="OCPP central", data={})
