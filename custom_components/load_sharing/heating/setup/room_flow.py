"""Add and change a room of a site."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from ...charging.setup.checks import Errors
from ...const import CONF_ACTUATOR, CONF_DEMAND
from ..config import DemandSource
from ..engine.model import Actuator
from . import forms as heating_forms
from .checks import check_control, check_room, check_sharing


class RoomFlow(ConfigSubentryFlow):
    """Asks for the room, its valve, and how it shares."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new room."""
        return await self._async_step_room("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the changes to a room."""
        return await self._async_step_room("reconfigure", user_input)

    async def _async_step_room(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        errors: Errors = {}
        if user_input is not None:
            errors = check_room(self.hass, user_input, self._own_id)
            if not errors:
                self._entered = user_input
                return await self.async_step_control()
        present = dict(self._present)
        if self.source == SOURCE_RECONFIGURE:
            present[CONF_NAME] = self._get_reconfigure_subentry().title
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                heating_forms.ROOM, user_input or present
            ),
            errors=errors,
            last_step=False,
        )

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the valve, and for what tells that the room calls."""
        valve = self._entered[CONF_ACTUATOR] == Actuator.VALVE
        demand = self._entered[CONF_DEMAND] == DemandSource.ENTITY
        if not valve and not demand:
            return await self.async_step_sharing()
        errors: Errors = {}
        if user_input is not None:
            errors = check_control(self.hass, user_input, self._own_id)
            if not errors:
                self._entered |= user_input
                return await self.async_step_sharing()
        return self.async_show_form(
            step_id="control",
            data_schema=self.add_suggested_values_to_schema(
                heating_forms.control(valve=valve, demand=demand),
                user_input or self._present,
            ),
            errors=errors,
            last_step=False,
        )

    async def async_step_sharing(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the radiator, the schedule and the priority."""
        errors: Errors = {}
        if user_input is not None:
            errors = check_sharing(self.hass, user_input)
            if not errors:
                return self._finish(self._entered | user_input)
        return self.async_show_form(
            step_id="sharing",
            data_schema=self.add_suggested_values_to_schema(
                heating_forms.SHARING, user_input or self._present
            ),
            errors=errors,
        )

    def _finish(self, data: dict[str, Any]) -> SubentryFlowResult:
        name = data.pop(CONF_NAME)
        data = heating_forms.unknown_of_room(self._present) | data
        if self.source == SOURCE_RECONFIGURE:
            return self.async_update_and_abort(
                self._get_entry(),
                self._get_reconfigure_subentry(),
                title=name,
                data=data,
            )
        return self.async_create_entry(title=name, data=data)

    @property
    def _own_id(self) -> str | None:
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_subentry().subentry_id

    @property
    def _present(self) -> Mapping[str, Any]:
        """What the room is configured with; nothing for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return {}
        return self._get_reconfigure_subentry().data
