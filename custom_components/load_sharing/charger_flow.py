"""Add and change a charger of a site."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from . import forms
from .checks import (
    Errors,
    async_check_actions,
    check_charger_on_circuit,
    check_draws,
    check_number_control,
    check_range,
    check_status,
    check_wiring,
)
from .config import phases_of
from .const import (
    CONF_CONTROL,
    CONF_MAX_CURRENT,
    CONF_MIN_CURRENT,
    CONF_PHASES,
    CONF_STATUS,
    CONF_SUPPLY,
    CONTROL_NUMBER,
    PHASES,
    SUBENTRY_CIRCUIT,
)


class ChargerFlow(ConfigSubentryFlow):
    """Asks for the charger, how it is driven, and what it tells of itself."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new charger."""
        return await self._async_step_charger("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the changes to a charger."""
        return await self._async_step_charger("reconfigure", user_input)

    async def _async_step_charger(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        site = self._get_entry().data[CONF_SUPPLY]
        phases = phases_of(site)
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
                return await self.async_step_actions()
        suggested = user_input or {**self._present, CONF_NAME: self._present_name}
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
                self.hass, user_input, self._entered, self._own_id
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
            supply = self._get_entry().data[CONF_SUPPLY]
            errors |= check_draws(
                self.hass, user_input, self._entered, supply, self._own_id
            )
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
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=name,
                data=data,
            )
        return self.async_create_entry(title=name, data=data)

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
        """What the charger is configured with; nothing for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return {}
        return self._get_reconfigure_subentry().data

    @property
    def _present_name(self) -> str | None:
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().title
