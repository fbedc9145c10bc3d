"""The house moves in with the first start."""

from typing import Any

from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from .const import DOMAIN


class SimulatedHouseConfigFlow(ConfigFlow, domain=DOMAIN):
    """There is nothing to ask."""

    async def async_step_import(self, _data: dict[str, Any]) -> ConfigFlowResult:
        """Add the house that configuration.yaml asks for."""
        return self.async_create_entry(title="Simulated house", data={})
