"""Set up and change a site."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
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
import voluptuous as vol

from .charging.setup import forms
from .charging.setup.charger_flow import ChargerFlow
from .charging.setup.checks import (
    Errors,
    check_exports,
    check_meters,
    check_phases_in_use,
)
from .charging.setup.circuit_flow import CircuitFlow
from .const import (
    CONF_BOILER,
    CONF_EXPORT_SIGN,
    CONF_METERS,
    CONF_SUPPLY,
    DOMAIN,
    EXPORT_SEPARATE,
    PHASES,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
    SUBENTRY_ROOM,
)
from .heating.setup import forms as heating_forms
from .heating.setup.checks import check_boiler
from .heating.setup.room_flow import RoomFlow
from .site.versions import MINOR_VERSION, VERSION


class LoadSharingConfigFlow(ConfigFlow, domain=DOMAIN):
    """Asks for the supply of chargers, the boiler of rooms, or both."""

    VERSION = VERSION
    MINOR_VERSION = MINOR_VERSION

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._name: str | None = None
        self._data: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._boiler_next = False

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
        """Offer to add chargers to a supply, and rooms to a boiler."""
        types: dict[str, type[ConfigSubentryFlow]] = {}
        if CONF_SUPPLY in config_entry.data:
            types[SUBENTRY_CHARGER] = ChargerFlow
            types[SUBENTRY_CIRCUIT] = CircuitFlow
        if CONF_BOILER in config_entry.data:
            types[SUBENTRY_ROOM] = RoomFlow
        return types

    @override
    async def async_step_user(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what shares a limited source."""
        return self.async_show_menu(
            step_id="user", menu_options=["charging", "heating", "both"]
        )

    async def async_step_charging(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the supply."""
        return await self.async_step_supply()

    async def async_step_heating(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the boiler."""
        return await self.async_step_boiler()

    async def async_step_both(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the supply, and then with the boiler."""
        self._boiler_next = True
        return await self.async_step_supply()

    async def async_step_reconfigure(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which half to change, or to add."""
        data = self._get_reconfigure_entry().data
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=[
                "change_supply" if CONF_SUPPLY in data else "add_supply",
                "change_boiler" if CONF_BOILER in data else "add_boiler",
            ],
        )

    async def async_step_change_supply(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the supply as it is."""
        return await self.async_step_supply()

    async def async_step_add_supply(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with a new supply."""
        return await self.async_step_supply()

    async def async_step_change_boiler(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the boiler as it is."""
        return await self.async_step_boiler()

    async def async_step_add_boiler(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with a new boiler."""
        return await self.async_step_boiler()

    async def async_step_supply(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the supply."""
        errors: Errors = {}
        entry = self._entry
        if user_input is not None:
            errors = check_meters(self.hass, user_input, entry)
            if entry is not None:
                errors |= check_phases_in_use(entry, user_input)
            if not errors:
                self._keep(CONF_SUPPLY, user_input)
                if user_input[CONF_EXPORT_SIGN] == EXPORT_SEPARATE:
                    return await self.async_step_export()
                return await self._async_after_supply()
        return self._show_half(
            "supply", CONF_SUPPLY, forms.SUPPLY, forms.NAMED_SUPPLY, user_input, errors
        )

    async def async_step_export(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the sensors of what is exported."""
        supply = self._data[CONF_SUPPLY]
        errors: Errors = {}
        if user_input is not None:
            errors = check_exports(self.hass, user_input, supply)
            if not errors:
                supply |= user_input
                return await self._async_after_supply()
        present = self._entry.data.get(CONF_SUPPLY, {}) if self._entry else {}
        meters = sum(bool(supply.get(key)) for key in CONF_METERS)
        return self.async_show_form(
            step_id="export",
            data_schema=self.add_suggested_values_to_schema(
                forms.exports(meters), user_input or present
            ),
            errors=errors,
            last_step=False,
        )

    async def _async_after_supply(self) -> ConfigFlowResult:
        """Ask what else a new supply needs; a changed one is done."""
        entry = self._entry
        if entry is not None and CONF_SUPPLY in entry.data:
            return self._finish()
        return await self.async_step_meter_lost()

    async def async_step_meter_lost(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        if user_input is not None:
            self._options = user_input
            if self._boiler_next:
                return await self.async_step_boiler()
            return self._finish()
        return self.async_show_form(
            step_id="meter_lost", data_schema=forms.METER_LOST, last_step=False
        )

    async def async_step_boiler(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the boiler."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_boiler(self.hass, user_input, self._entry)
            if not errors:
                self._keep(CONF_BOILER, user_input)
                return self._finish()
        return self._show_half(
            "boiler",
            CONF_BOILER,
            heating_forms.BOILER,
            heating_forms.NAMED_BOILER,
            user_input,
            errors,
        )

    @property
    def _entry(self) -> ConfigEntry | None:
        """The site that is changed; None for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_entry()

    def _keep(self, half: str, entered: dict[str, Any]) -> None:
        self._name = entered.pop(CONF_NAME, self._name)
        present = self._entry.data.get(half, {}) if self._entry is not None else {}
        asked = (forms.SUPPLY, forms.exports(len(PHASES)), heating_forms.BOILER)
        self._data[half] = forms.unknown(present, *asked) | entered

    def _show_half(
        self,
        step_id: str,
        half: str,
        schema: vol.Schema,
        named: vol.Schema,
        user_input: dict[str, Any] | None,
        errors: Errors,
    ) -> ConfigFlowResult:
        """Show the form of a half; the first one of a new site asks for its name."""
        entry = self._entry
        needs_name = entry is None and self._name is None
        suggested = user_input
        if suggested is None and entry is not None:
            suggested = entry.data.get(half, {})
        elif suggested is None:
            suggested = {CONF_NAME: self.hass.config.location_name}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                named if needs_name else schema, suggested
            ),
            errors=errors,
            last_step=False,
        )

    def _finish(self) -> ConfigFlowResult:
        """Create the site, or change the halves that were entered."""
        if (entry := self._entry) is not None:
            return self.async_update_and_abort(
                entry,
                data={**entry.data, **self._data},
                options={**entry.options, **self._options},
            )
        return self.async_create_entry(
            title=self._name or self.hass.config.location_name,
            data=self._data,
            options=self._options,
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go straight on to the first charger, or to the first room."""
        entry = result["result"]
        kind = SUBENTRY_CHARGER if CONF_SUPPLY in entry.data else SUBENTRY_ROOM
        flow = await self.hass.config_entries.subentries.async_init(
            (entry.entry_id, kind), context=SubentryFlowContext(source=SOURCE_USER)
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result


class LoadSharingOptionsFlow(OptionsFlow):
    """Changes what is done without the meter."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what to do when the meter is lost."""
        if CONF_SUPPLY not in self.config_entry.data:
            return self.async_abort(reason="no_supply")
        if user_input is not None:
            newer = forms.unknown(self.config_entry.options, forms.METER_LOST)
            return self.async_create_entry(data=newer | user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                forms.METER_LOST, self.config_entry.options
            ),
        )
