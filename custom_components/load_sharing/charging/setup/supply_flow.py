"""Steps that set up a supply, or change it, and its options."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from ...const import (
    CONF_EXPORT_SIGN,
    CONF_METERS,
    CONF_PRESET,
    CONF_SUPPLY,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
)
from ...site.setup.checks import Errors, entities_in_use
from ...site.setup.flows import HalfSteps
from ...site.setup.forms import newer_fields
from ..wiring import export_keys
from . import forms
from .checks import check_exports, check_supply
from .meters import FoundMeter, find_meters


class SupplySteps(HalfSteps):
    """Asks for the meter and the limit of a supply, and for what to do without it."""

    def __init__(self) -> None:
        """Start without a meter that was found."""
        super().__init__()
        self._meter: dict[str, Any] = {}

    async def async_step_supply(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the supply, after a meter if any were discovered."""
        if user_input is None and self._found_meters:
            return await self.async_step_meter()
        return await self._async_step_supply(user_input)

    async def async_step_meter(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the discovered meters to fill the form in from."""
        found = self._found_meters
        if user_input is None:
            names = {key: meter.name for key, meter in found.items()}
            return self.async_show_form(
                step_id="meter",
                data_schema=forms.preset(names, next(iter(names))),
                last_step=False,
            )
        if (key := user_input[CONF_PRESET]) in found:
            self._meter = found[key].fields
        return await self._async_step_supply()

    async def _async_step_supply(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the sensors and the limit of the supply."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_supply(self.hass, user_input, self._own_entry)
            if not errors:
                self._keep_half(CONF_SUPPLY, user_input, forms.SUPPLY_FORMS)
                if user_input[CONF_EXPORT_SIGN] in (EXPORT_SEPARATE, EXPORT_UNSIGNED):
                    return await self.async_step_export()
                return await self._async_supply_measured()
        return self._show_half(
            CONF_SUPPLY, forms.SUPPLY, user_input, errors, found=self._meter
        )

    async def async_step_export(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the sensors of the exported power or current."""
        supply = self._data[CONF_SUPPLY]
        errors: Errors = {}
        if user_input is not None:
            errors = check_exports(self.hass, user_input, supply)
            if not errors:
                supply |= user_input
                return await self._async_supply_measured()
        separate = supply[CONF_EXPORT_SIGN] == EXPORT_SEPARATE
        form = forms.exports(export_keys(supply), required=separate)
        return self.async_show_form(
            step_id="export",
            data_schema=self.add_suggested_values_to_schema(
                form, user_input or self._stored(CONF_SUPPLY) or self._meter
            ),
            errors=errors,
            last_step=False,
        )

    @property
    def _found_meters(self) -> dict[str, FoundMeter]:
        """The meters that were found for a new supply, without those of other sites."""
        if self._stored(CONF_SUPPLY):
            return {}
        in_use = entities_in_use(self.hass, CONF_SUPPLY, CONF_METERS, self._own_entry)
        return {
            key: meter
            for key, meter in find_meters(self.hass).items()
            if in_use.isdisjoint(meter.sensors)
        }

    async def _async_supply_measured(self) -> ConfigFlowResult:
        """Ask a new supply for its options; a changed one has them already."""
        entry = self._own_entry
        if entry is not None and CONF_SUPPLY in entry.data:
            return await self._async_half_done()
        return await self.async_step_meter_lost()

    async def async_step_meter_lost(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        if user_input is not None:
            self._options = user_input
            return await self._async_half_done()
        return self.async_show_form(
            step_id="meter_lost", data_schema=forms.METER_LOST, last_step=False
        )


class SupplyOptionsFlow(OptionsFlow):
    """Changes what to do when the meter is lost."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        entry = self.config_entry
        if CONF_SUPPLY not in entry.data:
            return self.async_abort(reason="no_supply")
        if user_input is not None:
            newer = newer_fields(entry.options, [forms.METER_LOST])
            return self.async_create_entry(data=newer | user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                forms.METER_LOST, entry.options
            ),
        )
