"""Set up and change a site."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_NAME
from homeassistant.core import callback

from . import forms
from .charger_flow import ChargerFlow
from .checks import check_meters, check_phases_in_use
from .const import DOMAIN, SUBENTRY_CHARGER


class LoadSharingConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks for the supply, then for what to do without its meter."""

    VERSION = 1

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._supply: dict[str, Any] = {}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(_config_entry: ConfigEntry) -> LoadSharingOptionsFlow:
        """Offer to change what is done without the meter."""
        return LoadSharingOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Offer to add chargers."""
        return {SUBENTRY_CHARGER: ChargerFlow}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the supply."""
        errors = {}
        if user_input is not None:
            errors = check_meters(self.hass, user_input, None)
            if not errors:
                self._supply = user_input
                return await self.async_step_meter_lost()
        suggested = {CONF_NAME: self.hass.config.location_name}
        return self.async_show_form(
            step_id="user",
            data_schema=self.add_suggested_values_to_schema(
                forms.NAMED_SUPPLY, user_input or suggested
            ),
            errors=errors,
            last_step=False,
        )

    async def async_step_meter_lost(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        if user_input is not None:
            name = self._supply.pop(CONF_NAME)
            return self.async_create_entry(
                title=name, data=self._supply, options=user_input
            )
        return self.async_show_form(
            step_id="meter_lost", data_schema=forms.METER_LOST, last_step=False
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go straight on to the first charger."""
        charger = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_CHARGER),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, charger["flow_id"])
        return result

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the supply."""
        entry = self._get_reconfigure_entry()
        errors = {}
        if user_input is not None:
            errors = check_meters(self.hass, user_input, entry)
            errors |= check_phases_in_use(entry, user_input)
            if not errors:
                return self.async_update_and_abort(entry, data=user_input)
        return self.async_show_form(
            step_id="reconfigure",
            data_schema=self.add_suggested_values_to_schema(
                forms.SUPPLY, user_input or entry.data
            ),
            errors=errors,
        )


class LoadSharingOptionsFlow(OptionsFlow):
    """Changes what is done without the meter."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                forms.METER_LOST, self.config_entry.options
            ),
        )
