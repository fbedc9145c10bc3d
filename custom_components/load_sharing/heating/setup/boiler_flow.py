"""The step that sets up a boiler, or changes it."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from ...const import CONF_BOILER
from ...site.setup.checks import Errors
from ...site.setup.flows import HalfSteps
from ...site.setup.live import live_values
from . import forms
from .checks import check_boiler, doubt_boiler


class BoilerSteps(HalfSteps):
    """Asks for the entities of a boiler, and for its cycling protection."""

    async def async_step_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the boiler."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.BOILER_SECTIONS)
            errors = (
                self._asking.out_of_range(forms.BOILER, entered)
                or check_boiler(self.hass, entered, self._own_entry)
                or self._asking.unconfirmed(
                    entered, doubt_boiler, self._stored(CONF_BOILER)
                )
            )
            if not errors:
                self._keep_half(CONF_BOILER, entered, forms.BOILER_FORMS)
                return await self._async_half_done()
        return self._show_half(
            CONF_BOILER,
            forms.BOILER,
            entered,
            errors,
            sections=forms.BOILER_SECTIONS,
            live=partial(live_values, self.hass, forms.BOILER_LIVE),
        )
