"""The step that sets up a boiler, or changes it."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from ...const import CONF_BOILER
from ...site.setup.checks import Errors
from ...site.setup.flows import HalfSteps
from . import forms
from .checks import check_boiler


class BoilerSteps(HalfSteps):
    """Asks for the entities of a boiler, and for its cycling protection."""

    async def async_step_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the boiler."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_boiler(self.hass, user_input, self._own_entry)
            if not errors:
                self._keep_half(CONF_BOILER, user_input, forms.BOILER_FORMS)
                return await self._async_half_done()
        return self._show_half(CONF_BOILER, forms.BOILER, user_input, errors)
