"""The flow that sets up or changes a site: charging, heating, or both."""

from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.core import callback

from .charging.setup.charger_flow import ChargerFlow
from .charging.setup.circuit_flow import CircuitFlow
from .charging.setup.supply_flow import SupplyOptionsFlow, SupplySteps
from .const import (
    CONF_BOILER,
    CONF_SUPPLY,
    DOMAIN,
    INTEGRATION_PAGE,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
    SUBENTRY_ROOM,
)
from .heating.setup.boiler_flow import BoilerSteps
from .heating.setup.room_flow import RoomFlow
from .site.dashboard import view_of
from .site.repairs.first_steps import async_begin
from .site.setup.forms import CONF_SITE, pick_site
from .site.versions import MINOR_VERSION, VERSION


class LoadSharingConfigFlow(SupplySteps, BoilerSteps, domain=DOMAIN):
    """Asks which halves a site has, then runs the steps of each."""

    VERSION = VERSION
    MINOR_VERSION = MINOR_VERSION

    def __init__(self) -> None:
        """Start without a pending half."""
        super().__init__()
        self._boiler_next = False
        self._half = CONF_SUPPLY

    @staticmethod
    @callback
    @override
    def async_get_options_flow(_config_entry: ConfigEntry) -> SupplyOptionsFlow:
        """Return the options flow; only a supply has options."""
        return SupplyOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flows of the subentries that the halves of a site have."""
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
        """Ask which halves a new site has."""
        return self.async_show_menu(
            step_id="user", menu_options=["charging", "heating", "both"]
        )

    async def async_step_charging(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a supply, after the site if one has none yet."""
        return await self._async_begin_half(CONF_SUPPLY)

    async def async_step_heating(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a boiler, after the site if one has none yet."""
        return await self._async_begin_half(CONF_BOILER)

    async def _async_begin_half(self, half: str) -> ConfigFlowResult:
        self._half = half
        return await (self.async_step_site() if self._lacking else self._async_ask())

    async def async_step_site(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether a half belongs to a site that is there, or to a new one."""
        sites = {entry.entry_id: entry for entry in self._lacking}
        if user_input is not None:
            self._extended = sites.get(user_input[CONF_SITE])
            return await self._async_ask()
        names = {entry_id: entry.title for entry_id, entry in sites.items()}
        return self.async_show_form(
            step_id="site", data_schema=pick_site(names), last_step=False
        )

    @property
    def _lacking(self) -> list[ConfigEntry]:
        """The sites that lack the half that is being added."""
        entries = self._async_current_entries(include_ignore=False)
        return [entry for entry in entries if self._half not in entry.data]

    async def _async_ask(self) -> ConfigFlowResult:
        """Ask for the half that is being added."""
        if self._half == CONF_SUPPLY:
            return await self.async_step_supply()
        return await self.async_step_boiler()

    async def async_step_both(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the supply, and then for the boiler."""
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

    async_step_change_supply = SupplySteps.async_step_supply
    async_step_add_supply = SupplySteps.async_step_supply
    async_step_change_boiler = BoilerSteps.async_step_boiler
    async_step_add_boiler = BoilerSteps.async_step_boiler

    @override
    async def _async_half_done(self) -> ConfigFlowResult:
        """Continue with the other half if it is still to come, else finish."""
        if self._boiler_next:
            self._boiler_next = False
            return await self.async_step_boiler()
        if (entry := self._own_entry) is not None:
            added = self._data.keys() - entry.data.keys()
            data = {**entry.data, **self._data}
            options = {**entry.options, **self._options}
            if not added:
                return self.async_update_and_abort(entry, data=data, options=options)
            self.hass.config_entries.async_update_entry(
                entry, data=data, options=options
            )
            half = "charging" if CONF_SUPPLY in added else "heating"
            return self.async_abort(
                reason="half_added",
                description_placeholders={
                    "page": INTEGRATION_PAGE,
                    "dashboard": view_of(half, entry.entry_id),
                },
            )
        return self.async_create_entry(
            title=self._name or self.hass.config.location_name,
            data=self._data,
            options=self._options,
        )

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Continue with the first charger, or with the first room."""
        entry = result["result"]
        if CONF_SUPPLY in entry.data:
            async_begin(self.hass, entry)
        subentry_type = SUBENTRY_CHARGER if CONF_SUPPLY in entry.data else SUBENTRY_ROOM
        flow = await self.hass.config_entries.subentries.async_init(
            (entry.entry_id, subentry_type),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result
