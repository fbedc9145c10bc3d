"""The step that sets up a boiler, or changes it."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from ...const import CONF_BOILER, CONF_BOILER_ENTITIES, CONF_FOUND_BOILER
from ...site.setup.checks import Errors, entities_in_use
from ...site.setup.flows import HalfSteps
from ...site.setup.live import live_values
from . import forms
from .checks import check_boiler
from .discovery import Found, find_boilers
from .doubts import doubt_boiler


class BoilerSteps(HalfSteps):
    """Asks for the entities of a boiler, and for its cycling protection."""

    def __init__(self) -> None:
        """Start without a boiler that was found."""
        super().__init__()
        self._kettle: dict[str, Any] = {}

    async def async_step_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the boiler; fill a new one in from what was found."""
        if user_input is not None or self._stored(CONF_BOILER):
            return await self._async_step_boiler(user_input)
        found = self._found_boilers
        if len(found) > 1:
            return await self.async_step_found_boiler()
        for boiler in found.values():
            self._kettle = boiler.fields
        return await self._async_step_boiler()

    async def async_step_found_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the discovered boilers to fill the form in from."""
        found = self._found_boilers
        if user_input is None:
            names = {key: boiler.name for key, boiler in found.items()}
            return self.async_show_form(
                step_id="found_boiler",
                data_schema=forms.found_boiler(names),
                last_step=False,
            )
        if (key := user_input[CONF_FOUND_BOILER]) in found:
            self._kettle = found[key].fields
        return await self._async_step_boiler()

    async def _async_step_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the entities of the boiler."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.BOILER_SECTIONS)
            errors = (
                self._asking.out_of_range(forms.BOILER, entered)
                or check_boiler(self.hass, entered, self._own_entry)
                or self._asking.unconfirmed(
                    entered,
                    partial(doubt_boiler, self.hass),
                    self._stored(CONF_BOILER),
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
            found=self._kettle,
        )

    @property
    def _found_boilers(self) -> dict[str, Found]:
        """The boilers that were found, without those of other sites."""
        in_use = entities_in_use(
            self.hass, CONF_BOILER, CONF_BOILER_ENTITIES, self._own_entry
        )
        return find_boilers(self.hass, in_use)
