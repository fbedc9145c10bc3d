"""Steps that set up a supply, or change it, and its options."""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from ...const import (
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_LIMIT,
    CONF_METER_LOST_ACTION,
    CONF_METERS,
    CONF_PRESET,
    CONF_SUPPLY,
    CONF_VOLTAGE,
    CONF_VOLTAGE_ENTITY,
    DEFAULT_VOLTAGE_V,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
)
from ...site.setup.checks import Errors, check_given, entities_in_use
from ...site.setup.flows import HalfSteps
from ...site.setup.forms import newer_fields
from ...site.setup.live import list_disabled, live_values
from ..wiring import SupplyKind, export_keys
from . import forms, supply_forms
from .checks import check_exports, check_phases, check_supply
from .discovery import own_measurements
from .doubts import doubt_supply
from .energy import async_find_grid
from .live import amperes_of, amperes_taken, first_phase
from .meters import FoundMeter, find_disabled_meters, find_meters
from .supply_forms import SUPPLY_SECTIONS

_SENSORS: Mapping[SupplyKind | None, Collection[int]] = {
    SupplyKind.THREE_PHASES: (2, 3),
    SupplyKind.SPLIT_PHASE: (2,),
}
"""How many sensors the meter of a supply has, if there is not just one."""

LIVE = (CONF_VOLTAGE_ENTITY, CONF_EXTERNAL)
"""Fields whose texts say what the chosen entity shows."""


class SupplySteps(HalfSteps):
    """Asks for the meter and the limit of a supply, and for what to do without it."""

    def __init__(self) -> None:
        """Start without a meter that was found."""
        super().__init__()
        self._kind: SupplyKind | None = None
        self._meter: dict[str, Any] = {}

    async def async_step_supply(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask how a new supply is measured; show all of a stored one."""
        if user_input is None and not self._stored(CONF_SUPPLY):
            return await self.async_step_mains()
        return await self._async_step_supply(user_input)

    async def async_step_mains(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what the meter measures."""
        return self.async_show_menu(step_id="mains", menu_options=[*SupplyKind])

    async def async_step_one_phase(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the meter of a single phase."""
        return await self._async_begin_kind(SupplyKind.ONE_PHASE)

    async def async_step_three_phases(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a meter of each phase."""
        return await self._async_begin_kind(SupplyKind.THREE_PHASES)

    async def async_step_total(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one meter of all phases."""
        return await self._async_begin_kind(SupplyKind.TOTAL)

    async def async_step_split_phase(
        self, _user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a meter of each leg."""
        return await self._async_begin_kind(SupplyKind.SPLIT_PHASE)

    async def _async_begin_kind(self, kind: SupplyKind) -> ConfigFlowResult:
        """Fill the form in from a meter that was found; ask which if there are several."""
        self._kind = kind
        found = await self._async_found_meters()
        if len(found) > 1:
            return await self.async_step_meter()
        for meter in found.values():
            self._meter = meter.fields
        return await self._async_step_supply()

    async def async_step_meter(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which of the discovered meters to fill the form in from."""
        found = await self._async_found_meters()
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
        form = supply_forms.SUPPLY
        if self._kind is not None:
            own = set(own_measurements(self.hass)) - set(self._meter.values())
            form = supply_forms.supply(self._kind, sorted(own))
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, SUPPLY_SECTIONS)
            supply = {**entered, **self._answered}
            supply.pop(CONF_METER_LOST_ACTION, None)
            errors = (
                check_given(supply, CONF_LIMIT)
                or self._asking.out_of_range(form, entered)
                or check_phases(self._kind, supply)
                or check_supply(self.hass, supply, self._own_entry)
                or self._asking.unconfirmed(
                    supply, partial(doubt_supply, self.hass), self._stored(CONF_SUPPLY)
                )
            )
            if not errors:
                self._keep_options(entered)
                self._keep_half(CONF_SUPPLY, supply, supply_forms.SUPPLY_FORMS)
                if supply[CONF_EXPORT_SIGN] in (EXPORT_SEPARATE, EXPORT_UNSIGNED):
                    return await self.async_step_export()
                return await self._async_half_done()
        return self._show_half(
            CONF_SUPPLY,
            form,
            entered,
            errors,
            sections=SUPPLY_SECTIONS,
            live=self._live,
            found=self._meter,
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
                return await self._async_half_done()
        separate = supply[CONF_EXPORT_SIGN] == EXPORT_SEPARATE
        form = supply_forms.exports(export_keys(supply), required=separate)
        filled = user_input or self._stored(CONF_SUPPLY) or self._meter
        return self.async_show_form(
            step_id="export",
            data_schema=self.add_suggested_values_to_schema(form, filled),
            errors=errors,
            description_placeholders={
                **live_values(self.hass, CONF_EXPORTS, filled, amperes_of(supply)),
                **first_phase(several=len(export_keys(supply)) > 1),
                "where": "",
            },
            last_step=False,
        )

    @property
    def _answered(self) -> Mapping[str, Any]:
        """The fields that the first question has answered."""
        return supply_forms.ANSWERED[self._kind] if self._kind else {}

    def _keep_options(self, entered: Mapping[str, Any]) -> None:
        """Keep what a new supply does without its meter."""
        if CONF_METER_LOST_ACTION in entered:
            action = entered[CONF_METER_LOST_ACTION]
            self._options = {CONF_METER_LOST_ACTION: action}

    def _live(self, filled: Mapping[str, Any]) -> dict[str, str]:
        """Return the placeholders of what the sensors of the supply show."""
        supply = {CONF_VOLTAGE: DEFAULT_VOLTAGE_V, **filled, **self._answered}
        single = self._kind in (SupplyKind.ONE_PHASE, SupplyKind.TOTAL)
        return {
            **live_values(self.hass, CONF_METERS, filled, amperes_taken(supply)),
            **live_values(self.hass, LIVE, filled, amperes_of(supply)),
            **first_phase(several=not single),
            "disabled": self._describe_disabled(),
        }

    def _describe_disabled(self) -> str:
        """Return which meters would be found if their sensors were enabled."""
        if self._kind in (None, SupplyKind.TOTAL) or self._meter:
            return ""
        names = [
            f"{meter.name}: {', '.join(meter.disabled)}"
            for meter in find_disabled_meters(self.hass)
            if self._fits(meter)
        ]
        return list_disabled(self.hass, names)

    def _fits(self, meter: FoundMeter) -> bool:
        """Return whether a meter has the phases of this kind of supply."""
        return len(meter.sensors) in _SENSORS.get(self._kind, (1,))

    async def _async_found_meters(self) -> dict[str, FoundMeter]:
        """Return the meters for this kind of supply, without those of other sites.

        The presets come first: they know the phases. One that the Energy dashboard has
        too is offered once.
        """
        found = {} if self._kind is SupplyKind.TOTAL else find_meters(self.hass)
        for key, meter in (await async_find_grid(self.hass)).items():
            found.setdefault(key, meter)
        in_use = entities_in_use(self.hass, CONF_SUPPLY, CONF_METERS, self._own_entry)
        return {
            key: meter
            for key, meter in found.items()
            if self._fits(meter) and in_use.isdisjoint(meter.sensors)
        }


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
            newer = newer_fields(entry.options, [supply_forms.METER_LOST])
            return self.async_create_entry(data=newer | user_input)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                supply_forms.METER_LOST, entry.options
            ),
        )
