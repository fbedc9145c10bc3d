"""Steps that add a room of a boiler, or change one."""

from functools import partial
from typing import Any

from homeassistant.config_entries import SubentryFlowResult

from ...const import ACTUATOR_ACTIONS, CONF_ACTUATOR, CONF_DEMAND, DASHBOARD_PAGE
from ...site.setup.checks import Errors
from ...site.setup.flows import Closing, SubentrySteps
from ...site.setup.live import live_values
from ..config import DemandSource
from ..engine.model import Actuator
from . import forms
from .checks import async_check_control, check_entities, check_room, doubt_sharing
from .radiators import fill_in_rating

_CLOSING = Closing("default", {"dashboard": DASHBOARD_PAGE})


class RoomFlow(SubentrySteps):
    """Asks for the temperatures of a room, its valve and its share of the load."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the temperatures, the actuator and the source of the demand."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.ROOM_SECTIONS)
            errors = check_room(self.hass, entered, self._own_id)
            if not errors:
                self._entered = entered
                return await self.async_step_control()
        return self._show(
            self._first_step,
            forms.ROOM,
            entered,
            errors,
            sections=forms.ROOM_SECTIONS,
            live=partial(live_values, self.hass, forms.ROOM_LIVE),
            last_step=False,
        )

    async_step_reconfigure = async_step_user

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the valve and the demand entity, if the room has them."""
        valve = self._entered[CONF_ACTUATOR] == Actuator.VALVE
        actions = self._entered[CONF_ACTUATOR] == ACTUATOR_ACTIONS
        demand = self._entered[CONF_DEMAND] == DemandSource.ENTITY
        if not (valve or actions or demand):
            return await self.async_step_sharing()
        errors: Errors = {}
        detail = ""
        if user_input is not None:
            errors, detail = await async_check_control(
                self.hass, user_input, self._own_id
            )
            if not errors:
                self._entered |= user_input
                return await self.async_step_sharing()
        return self._show(
            "control",
            forms.control(valve=valve, actions=actions, demand=demand),
            user_input,
            errors,
            live=partial(live_values, self.hass, forms.CONTROL_LIVE),
            placeholders={"detail": detail},
            last_step=False,
        )

    async def async_step_sharing(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the radiator, the schedule and the priority."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.SHARING_SECTIONS)
            errors = (
                self._asking.out_of_range(forms.SHARING, entered)
                or fill_in_rating(entered) | check_entities(self.hass, entered)
                or self._asking.unconfirmed(entered, doubt_sharing, self._present)
            )
            if not errors:
                self._entered |= entered
                return self._finish(forms.ROOM_FORMS, _CLOSING)
        return self._show(
            "sharing",
            forms.SHARING,
            entered,
            errors,
            sections=forms.SHARING_SECTIONS,
            live=partial(live_values, self.hass, forms.SHARING_LIVE),
        )
