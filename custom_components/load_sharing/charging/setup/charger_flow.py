"""Add and change a charger of a site."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from ...const import (
    CONF_CONTROL,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_OFFERED,
    CONF_PHASES,
    CONF_PRESET,
    CONF_STATUS,
    CONF_SUPPLY,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    PHASES,
    PRESET_NONE,
    SUBENTRY_CIRCUIT,
)
from ..config import phases_of
from . import forms
from .checks import (
    Errors,
    check_charger_on_circuit,
    check_draws,
    check_measurement,
    check_range,
    check_status,
    check_wiring,
)
from .control_checks import (
    async_check_actions,
    check_number_control,
    check_select_control,
)
from .discovery import find_chargers


class ChargerFlow(ConfigSubentryFlow):
    """Asks for the charger, how it is driven, and what it tells of itself."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}
        self._preset: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new charger, and first which one, if some are there already."""
        if user_input is None and find_chargers(self.hass):
            return await self.async_step_preset()
        return await self._async_step_charger("user", user_input)

    async def async_step_preset(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the chargers that were found it is, to fill in the forms."""
        found = find_chargers(self.hass)
        if user_input is None:
            names = {key: charger.name for key, charger in found.items()}
            sure = [key for key, charger in found.items() if not charger.guessed]
            return self.async_show_form(
                step_id="preset",
                data_schema=forms.preset(names, next(iter(sure), PRESET_NONE)),
                last_step=False,
            )
        if (key := user_input[CONF_PRESET]) != PRESET_NONE and key in found:
            self._preset = found[key].fields
        return await self._async_step_charger("user", None)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the changes to a charger."""
        return await self._async_step_charger("reconfigure", user_input)

    async def _async_step_charger(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        phases = phases_of(self._supply)
        errors: Errors = {}
        if user_input is not None:
            errors = check_range(user_input)
            user_input.setdefault(CONF_PHASES, list(PHASES[:1]))
            errors |= check_wiring(user_input)
            errors |= check_charger_on_circuit(self._get_entry(), user_input)
            if not errors:
                self._entered = user_input
                if user_input[CONF_CONTROL] == CONTROL_NUMBER:
                    return await self.async_step_number()
                if user_input[CONF_CONTROL] == CONTROL_SELECT:
                    return await self.async_step_select()
                return await self.async_step_actions()
        suggested = user_input or {CONF_NAME: self._present_name, **self._present}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                forms.charger(phases, self._circuits), suggested
            ),
            errors=errors,
            last_step=False,
        )

    async def async_step_number(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the number and the switch that drive the charger.

        And for the charger's range again, if the number does not cover it.
        """
        errors: Errors = {}
        schema = forms.NUMBER_CONTROL
        if user_input is not None:
            for key in (CONF_MIN_CURRENT, CONF_MAX_CURRENT):
                self._entered[key] = user_input.pop(key, self._entered[key])
            errors = check_range(self._entered) | check_number_control(
                self.hass, user_input, self._entered, self._supply, self._own_id
            )
            if {"number_range", "min_above_max"} & set(errors.values()):
                schema = forms.NUMBER_CONTROL_AND_RANGE
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self.async_show_form(
            step_id="number",
            data_schema=self.add_suggested_values_to_schema(
                schema, {**(user_input or self._present), **self._entered}
            ),
            errors=errors,
            description_placeholders={
                "min_a": f"{self._entered[CONF_MIN_CURRENT]:g}",
                "max_a": f"{self._entered[CONF_MAX_CURRENT]:g}",
            },
            last_step=False,
        )

    async def async_step_select(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the select and the switch that drive the charger."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_select_control(
                self.hass, user_input, self._entered, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self.async_show_form(
            step_id="select",
            data_schema=self.add_suggested_values_to_schema(
                forms.SELECT_CONTROL, user_input or self._present
            ),
            errors=errors,
            last_step=False,
        )

    async def async_step_actions(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the action sequences that drive the charger."""
        errors: Errors = {}
        detail = ""
        if user_input is not None:
            errors, detail = await async_check_actions(
                self.hass, user_input, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self.async_show_form(
            step_id="actions",
            data_schema=self.add_suggested_values_to_schema(
                forms.ACTION_CONTROL, user_input or self._present
            ),
            errors=errors,
            description_placeholders={"detail": detail},
            last_step=False,
        )

    async def async_step_feedback(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the sensors that tell what the charger does."""
        errors: Errors = {}
        if user_input is not None:
            status = user_input.get(CONF_STATUS)
            if status and (error := check_status(self.hass, status)):
                errors[CONF_STATUS] = error
            errors |= check_draws(
                self.hass, user_input, self._entered, self._supply, self._own_id
            )
            offered = user_input.get(CONF_OFFERED)
            if offered and (error := check_measurement(self.hass, offered)):
                errors[CONF_OFFERED] = error
            if not errors:
                return self._finish(self._entered | user_input)
        return self.async_show_form(
            step_id="feedback",
            data_schema=self.add_suggested_values_to_schema(
                forms.feedback(len(self._entered[CONF_PHASES])),
                user_input or self._present,
            ),
            errors=errors,
        )

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        name = data.pop(CONF_NAME)
        if self.source == SOURCE_RECONFIGURE:
            data = forms.unknown_of_charger(self._present) | data
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=name,
                data=data,
            )
        return self.async_create_entry(title=name, data=data)

    @property
    def _supply(self) -> Mapping[str, Any]:
        """The site's supply."""
        supply: Mapping[str, Any] = self._get_entry().data[CONF_SUPPLY]
        return supply

    @property
    def _circuits(self) -> dict[str, str]:
        """Names of the site's circuits."""
        subentries = self._get_entry().get_subentries_of_type(SUBENTRY_CIRCUIT)
        return {subentry.subentry_id: subentry.title for subentry in subentries}

    @property
    def _own_id(self) -> str | None:
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().subentry_id

    @property
    def _present(self) -> Mapping[str, Any]:
        """What the charger is configured with, or what is known of a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return self._preset
        return self._get_reconfigure_subentry().data

    @property
    def _present_name(self) -> str | None:
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().title
