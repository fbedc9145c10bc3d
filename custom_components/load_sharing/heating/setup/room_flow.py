"""Steps that add a room of a boiler, or change one."""

from collections.abc import Mapping
from functools import partial
from typing import Any, override

from homeassistant.config_entries import SubentryFlowResult
import voluptuous as vol

from ...const import (
    ACTUATOR_ACTIONS,
    CONF_ACTUATOR,
    CONF_CLIMATE,
    CONF_DEMAND,
    CONF_FOUND_HEAD,
    INTEGRATION_PAGE,
    SUBENTRY_ROOM,
)
from ...site.dashboard import view_of
from ...site.setup.checks import Errors, other_subentries
from ...site.setup.flows import Closing, SubentrySteps
from ...site.setup.live import list_found, live_values
from ..config import DemandSource
from ..engine.model import Actuator
from . import forms
from .checks import async_check_control, check_entities, check_room
from .discovery import Found, find_heads
from .doubts import doubt_control, doubt_room, doubt_sharing
from .radiators import fill_in_rating

_DECIDING = (CONF_CLIMATE, CONF_ACTUATOR, CONF_DEMAND)
"""Fields that decide whether what was found of a head still holds."""


class RoomFlow(SubentrySteps):
    """Asks for the temperatures of a room, its valve and its share of the load.

    A new room starts from its thermostat, if one was found. Where a preset knows its
    valve and its call for heat, these are not asked for.
    """

    def __init__(self) -> None:
        """Start without a head."""
        super().__init__()
        self._head: dict[str, Any] = {}
        self._is_known = False

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new room: first which head, then its temperatures."""
        if user_input is None and self._found:
            return await self.async_step_found_head()
        return await self._async_step_room(user_input)

    async def async_step_found_head(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask which of the discovered heads to fill the forms in from."""
        found = self._found
        if user_input is None:
            names = {key: head.name for key, head in found.items()}
            return self.async_show_form(
                step_id="found_head",
                data_schema=forms.found_head(names),
                last_step=False,
            )
        if (key := user_input[CONF_FOUND_HEAD]) in found:
            self._head = found[key].fields
            self._is_known = found[key].is_known
        return await self._async_step_room()

    async def _async_step_room(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the temperatures, the actuator and the source of the demand."""
        errors: Errors = {}
        entered: dict[str, Any] | None = None
        if user_input is not None:
            entered = self._asking.read(user_input, forms.ROOM_SECTIONS)
            errors = check_room(
                self.hass, entered, self._own_id
            ) or self._asking.unconfirmed(
                entered, partial(doubt_room, self.hass), self._stored
            )
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
            placeholders={"found": self._describe_found()},
            last_step=False,
        )

    async_step_reconfigure = _async_step_room

    async def async_step_control(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the valve and the demand entity, if the room has them."""
        valve = self._entered[CONF_ACTUATOR] == Actuator.VALVE
        actions = self._entered[CONF_ACTUATOR] == ACTUATOR_ACTIONS
        demand = self._entered[CONF_DEMAND] == DemandSource.ENTITY
        if not (valve or actions or demand):
            return await self.async_step_sharing()
        form = forms.control(valve=valve, actions=actions, demand=demand)
        errors: Errors = {}
        detail = ""
        entered = self._as_found(form)
        if user_input is not None:
            entered = self._asking.read(user_input)
        if entered is not None:
            errors, detail = await async_check_control(self.hass, entered, self._own_id)
            errors = errors or self._asking.unconfirmed(
                entered, partial(doubt_control, self.hass), self._stored
            )
            if not errors:
                self._entered |= entered
                return await self.async_step_sharing()
        return self._show(
            "control",
            form,
            entered,
            errors,
            live=partial(live_values, self.hass, forms.CONTROL_LIVE),
            placeholders={"detail": detail},
            last_step=False,
        )

    def _as_found(self, form: vol.Schema) -> dict[str, Any] | None:
        """Return the fields of a form, if a preset knows all of them."""
        head = self._head
        if not self._is_known or any(
            self._entered.get(key) != head[key] for key in _DECIDING
        ):
            return None
        return {str(key): head[str(key)] for key in form.schema}

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
                or self._asking.unconfirmed(entered, doubt_sharing, self._stored)
            )
            if not errors:
                self._entered |= entered
                view = view_of("heating", self._get_entry().entry_id)
                links = {"dashboard": view, "page": INTEGRATION_PAGE}
                return self._finish(forms.ROOM_FORMS, Closing("default", links))
        return self._show(
            "sharing",
            forms.SHARING,
            entered,
            errors,
            sections=forms.SHARING_SECTIONS,
            live=partial(live_values, self.hass, forms.SHARING_LIVE),
        )

    def _describe_found(self) -> str:
        """Return what the entities show that are not asked for."""
        known = forms.CONTROL_LIVE if self._is_known else ()
        return list_found(self.hass, [self._head.get(key, "") for key in known])

    @property
    def _found(self) -> dict[str, Found]:
        """The heads that were found, without those of other rooms."""
        rooms = other_subentries(self.hass, SUBENTRY_ROOM, self._own_id)
        return find_heads(self.hass, {room.get(CONF_CLIMATE, "") for room in rooms})

    @property
    def _stored(self) -> Mapping[str, Any]:
        """The stored room; empty for a new one."""
        return super()._present

    @property
    @override
    def _present(self) -> Mapping[str, Any]:
        """The stored room, or what was found of a new one."""
        return self._stored or self._head
