"""Steps that add a charger of a supply, or change one."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import SubentryFlowResult

from ...const import (
    CONF_CONTROL,
    CONF_PHASES,
    CONF_PRESET,
    CONF_STARTING_VALUES,
    CONF_SUPPLY,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    PHASES,
    PRESET_NONE,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)
from ...site.setup.checks import Errors, other_subentries
from ...site.setup.flows import SubentrySteps
from ..wiring import mains_of, names
from . import forms
from .checks import check_charger, check_feedback
from .control_checks import (
    async_check_actions,
    check_number_control,
    check_select_control,
)
from .discovery import FoundCharger, find_chargers


class ChargerFlow(SubentrySteps):
    """Asks for the wiring of a charger, its control and its sensors."""

    def __init__(self) -> None:
        """Start without a preset."""
        super().__init__()
        self._preset: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new charger, after a preset if chargers were discovered."""
        if user_input is None and self._found:
            return await self.async_step_preset()
        return await self._async_step_charger(user_input)

    async def async_step_preset(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the discovered chargers to fill the forms in from."""
        found = self._found
        if user_input is None:
            names = {key: charger.name for key, charger in found.items()}
            certain = [key for key, charger in found.items() if not charger.guessed]
            return self.async_show_form(
                step_id="preset",
                data_schema=forms.preset(names, next(iter(certain), PRESET_NONE)),
                last_step=False,
            )
        if (key := user_input[CONF_PRESET]) != PRESET_NONE and key in found:
            self._preset = found[key].fields
        return await self._async_step_charger()

    async def _async_step_charger(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the wiring, the range and the kind of control."""
        entry = self._get_entry()
        errors: Errors = {}
        if user_input is not None:
            user_input.setdefault(CONF_PHASES, list(PHASES[:1]))
            errors = check_charger(entry, user_input)
            if not errors:
                self._entered = user_input
                if starting := self._preset.get(CONF_STARTING_VALUES):
                    self._entered[CONF_STARTING_VALUES] = starting
                if user_input[CONF_CONTROL] == CONTROL_NUMBER:
                    return await self.async_step_number()
                if user_input[CONF_CONTROL] == CONTROL_SELECT:
                    return await self.async_step_select()
                return await self.async_step_actions()
        circuits = {
            subentry.subentry_id: subentry.title
            for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
        }
        form = forms.charger(names(mains_of(self._supply)), circuits)
        return self._show(self._first_step, form, user_input, errors, last_step=False)

    async_step_reconfigure = _async_step_charger

    async def async_step_number(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the number and the switch that control the charger."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_number_control(
                self.hass, user_input, self._entered, self._supply, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self._show(
            "number", forms.NUMBER_CONTROL, user_input, errors, last_step=False
        )

    async def async_step_select(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the select and the switch that control the charger."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_select_control(
                self.hass, user_input, self._entered, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self._show(
            "select", forms.SELECT_CONTROL, user_input, errors, last_step=False
        )

    async def async_step_actions(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the action sequences that control the charger."""
        errors: Errors = {}
        detail = ""
        if user_input is not None:
            errors, detail = await async_check_actions(
                self.hass, user_input, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_feedback()
        return self._show(
            "actions",
            forms.ACTION_CONTROL,
            user_input,
            errors,
            placeholders={"detail": detail},
            last_step=False,
        )

    async def async_step_feedback(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the sensors of the charger."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_feedback(
                self.hass, user_input, self._entered, self._supply, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return self._finish(forms.CHARGER_FORMS)
        form = forms.feedback(len(self._entered[CONF_PHASES]))
        return self._show("feedback", form, user_input, errors)

    @property
    def _found(self) -> dict[str, FoundCharger]:
        """The chargers that were found, without those that are configured already."""
        configured = list(other_subentries(self.hass, SUBENTRY_CHARGER, self._own_id))
        return {
            key: charger
            for key, charger in find_chargers(self.hass).items()
            if charger.guessed or not charger.is_used_by(configured)
        }

    @property
    def _supply(self) -> Mapping[str, Any]:
        """The supply that the charger is on."""
        supply: Mapping[str, Any] = self._get_entry().data[CONF_SUPPLY]
        return supply

    @property
    @override
    def _present(self) -> Mapping[str, Any]:
        """The stored charger, or the preset of a new one."""
        return super()._present or self._preset
