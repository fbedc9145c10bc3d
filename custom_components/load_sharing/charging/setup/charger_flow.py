"""Steps that add a charger of a supply, or change one."""

from collections.abc import Mapping
from functools import partial
from typing import Any, override

from homeassistant.config_entries import SubentryFlowResult

from ...const import (
    CONF_CONTROL,
    CONF_DEVICE,
    CONF_DRAWS,
    CONF_MAX_CURRENT,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_PHASES,
    CONF_PRESENCE,
    CONF_PRESET,
    CONF_REVIEW,
    CONF_SELECT,
    CONF_STARTING_VALUES,
    CONF_STATUS,
    CONF_SUPPLY,
    CONF_SWITCH,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    PHASES,
    PRESET_NONE,
    SUBENTRY_CHARGER,
    SUBENTRY_CIRCUIT,
)
from ...site.setup.checks import Errors, check_given, other_subentries
from ...site.setup.flows import SubentrySteps
from ...site.setup.live import ToAmperes, list_disabled, list_found, live_values
from ..wiring import mains_of, names
from . import forms
from .checks import check_charger, check_feedback
from .closing import close
from .control_checks import (
    async_check_actions,
    check_number_control,
    check_select_control,
)
from .device import guess_fields, is_own_device
from .discovery import FoundCharger, find_chargers
from .doubts import doubt_control
from .live import amperes_of_charger

LIVE = (CONF_NUMBER, CONF_SELECT, CONF_SWITCH)
LIVE_SENSORS = (CONF_STATUS, *CONF_DRAWS, CONF_OFFERED, CONF_PRESENCE)
"""Fields whose texts say what the chosen entity shows."""


class ChargerFlow(SubentrySteps):
    """Asks for the wiring of a charger, its control and its sensors.

    A new charger starts from a preset, or from its device. Where a preset knows all of
    it, one form is enough.
    """

    def __init__(self) -> None:
        """Start without a preset."""
        super().__init__()
        self._preset: dict[str, Any] = {}
        self._disabled: tuple[str, ...] = ()
        self._is_known = False

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new charger: first which, then what it may take."""
        if user_input is None:
            return await (
                self.async_step_preset() if self._found else self.async_step_device()
            )
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
        if (key := user_input[CONF_PRESET]) not in found:
            return await self.async_step_device()
        self._preset = found[key].fields
        self._disabled = found[key].disabled
        self._is_known = not found[key].guessed
        return await self._async_step_charger()

    async def async_step_device(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the device of a charger without a preset, and how it is controlled."""
        device_id = (user_input or {}).get(CONF_DEVICE, "")
        is_own = is_own_device(self.hass, device_id)
        if user_input is None or is_own:
            return self.async_show_form(
                step_id="device",
                data_schema=self.add_suggested_values_to_schema(
                    forms.DEVICE, user_input
                ),
                errors={CONF_DEVICE: "own_entity"} if is_own else {},
                description_placeholders={"where": ""},
                last_step=False,
            )
        control = user_input[CONF_CONTROL]
        self._preset = guess_fields(self.hass, device_id, control)
        return await self._async_step_charger()

    async def _async_step_charger(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the wiring, the range and the kind of control."""
        entry = self._get_entry()
        form = forms.charger(
            names(mains_of(self._supply)),
            {
                subentry.subentry_id: subentry.title
                for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
            },
            is_new=self._is_new,
            is_known=self._is_known,
        )
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.CHARGER_SECTIONS)
            entered.setdefault(CONF_PHASES, list(PHASES[:1]))
            errors = (
                check_given(entered, CONF_MAX_CURRENT)
                or self._asking.out_of_range(form, entered)
                or check_charger(entry, entered)
            )
            if not errors:
                return await self._async_keep(entered)
        return self._show(
            self._first_step,
            form,
            entered,
            errors,
            sections=forms.CHARGER_SECTIONS,
            placeholders={"found": self._describe_found()},
            last_step=self._is_known,
        )

    async_step_reconfigure = _async_step_charger

    async def _async_keep(self, entered: dict[str, Any]) -> SubentryFlowResult:
        """Keep the wiring; finish if a preset knows the rest, or ask for the control."""
        review = entered.pop(CONF_REVIEW, False)
        self._entered = entered
        if self._is_new:
            self._entered.setdefault(CONF_CONTROL, self._preset[CONF_CONTROL])
        if starting := self._preset.get(CONF_STARTING_VALUES):
            self._entered[CONF_STARTING_VALUES] = starting
        if self._is_known and not review and await self._async_is_complete():
            rest = forms.CHARGER_PRESET_FIELDS
            known = {key: val for key, val in self._preset.items() if key in rest}
            self._entered |= known
            return self._async_finish()
        if entered[CONF_CONTROL] == CONTROL_NUMBER:
            return await self.async_step_number()
        if entered[CONF_CONTROL] == CONTROL_SELECT:
            return await self.async_step_select()
        return await self.async_step_actions()

    async def _async_is_complete(self) -> bool:
        """Return whether the preset leaves nothing to ask, and nothing to doubt."""
        known, own_id = self._preset, self._own_id
        if self._entered[CONF_CONTROL] == CONTROL_NUMBER:
            errors = check_number_control(
                self.hass, known, self._entered, self._supply, own_id
            ) or doubt_control(self.hass, self._supply, known)
        else:
            errors, _ = await async_check_actions(self.hass, known, own_id)
        return not errors and not check_feedback(
            self.hass, known, self._entered, self._supply, own_id
        )

    async def async_step_number(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the number and the switch that control the charger."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input)
            errors = check_number_control(
                self.hass, entered, self._entered, self._supply, self._own_id
            ) or self._doubt(entered)
            if not errors:
                self._entered |= entered
                return await self.async_step_feedback()
        return self._show(
            "number",
            forms.NUMBER_CONTROL,
            entered,
            errors,
            live=self._live,
            last_step=False,
        )

    async def async_step_select(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the select and the switch that control the charger."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input)
            errors = check_select_control(
                self.hass, entered, self._entered, self._own_id
            ) or self._doubt(entered)
            if not errors:
                self._entered |= entered
                return await self.async_step_feedback()
        return self._show(
            "select",
            forms.SELECT_CONTROL,
            entered,
            errors,
            live=self._live,
            last_step=False,
        )

    def _doubt(self, entered: Mapping[str, Any]) -> Errors:
        """Return the doubts about the control that the user has not confirmed."""
        doubt = partial(doubt_control, self.hass, self._supply)
        stored = {} if self._is_new else self._get_reconfigure_subentry().data
        return self._asking.unconfirmed(entered, doubt, stored)

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
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.FEEDBACK_SECTIONS)
            errors = check_feedback(
                self.hass, entered, self._entered, self._supply, self._own_id
            )
            if not errors:
                self._entered |= entered
                return self._async_finish()
        form = forms.feedback(len(self._entered[CONF_PHASES]))
        return self._show(
            "feedback",
            form,
            entered,
            errors,
            sections=forms.FEEDBACK_SECTIONS,
            live=self._live_sensors,
        )

    def _async_finish(self) -> SubentryFlowResult:
        """Store the charger; the last dialog says what was understood."""
        entry_id = self._get_entry().entry_id
        closing = close(self.hass, entry_id, self._supply, self._entered)
        return self._finish(forms.CHARGER_FORMS, closing)

    def _describe_found(self) -> str:
        """Return what was found for a new charger, and what could be if it were enabled."""
        fields = (*LIVE, *LIVE_SENSORS)
        found = [self._preset[key] for key in fields if self._preset.get(key)]
        return list_found(self.hass, found) + list_disabled(self.hass, self._disabled)

    def _live(self, filled: Mapping[str, Any]) -> dict[str, str]:
        """Return the placeholders of what the control shows."""
        return live_values(self.hass, LIVE, filled, self._amperes)

    def _live_sensors(self, filled: Mapping[str, Any]) -> dict[str, str]:
        """Return the placeholders of what the charger's sensors show."""
        return live_values(self.hass, LIVE_SENSORS, filled, self._amperes)

    @property
    def _amperes(self) -> ToAmperes:
        """What converts a power of all phases of the charger to A."""
        return amperes_of_charger(self._supply, len(self._entered[CONF_PHASES]))

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
