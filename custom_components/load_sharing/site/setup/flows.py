"""Bases of the flows that set up a site, a half of it, or one of its subentries."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME
import voluptuous as vol

from .checks import Errors
from .forms import named, newer_fields


class HalfSteps(ConfigFlow, ABC):
    """Base of the steps that set up one half of a site, or change it."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._name: str | None = None
        self._data: dict[str, Any] = {}
        self._options: dict[str, Any] = {}

    @abstractmethod
    async def _async_half_done(self) -> ConfigFlowResult:
        """Continue after the last step of a half."""

    @property
    def _own_entry(self) -> ConfigEntry | None:
        """The site that is being changed; None for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return None
        return self._get_reconfigure_entry()

    def _stored(self, half: str) -> Mapping[str, Any]:
        """Return the stored data of a half; empty for a new one."""
        entry = self._own_entry
        stored: Mapping[str, Any] = entry.data.get(half, {}) if entry else {}
        return stored

    def _show_half(
        self,
        half: str,
        form: vol.Schema,
        user_input: dict[str, Any] | None,
        errors: Errors,
        found: Mapping[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show the form of a half; the first one of a new site asks for its name.

        A new half is filled in with what was ``found`` for it.
        """
        is_first = self._own_entry is None and self._name is None
        suggested: Mapping[str, Any]
        if user_input is not None:
            suggested = user_input
        elif self._own_entry is not None:
            suggested = self._stored(half) or found or {}
        else:
            suggested = {CONF_NAME: self.hass.config.location_name, **(found or {})}
        return self.async_show_form(
            step_id=half,
            data_schema=self.add_suggested_values_to_schema(
                named(form) if is_first else form, suggested
            ),
            errors=errors,
            last_step=False,
        )

    def _keep_half(
        self, half: str, user_input: dict[str, Any], forms: Iterable[vol.Schema]
    ) -> None:
        """Keep the name and the data of a half until the flow finishes."""
        self._name = user_input.pop(CONF_NAME, self._name)
        self._data[half] = newer_fields(self._stored(half), forms) | user_input


class SubentrySteps(ConfigSubentryFlow):
    """Base of the flows that add a subentry, or change one.

    Both start with the same form. It has two step IDs, since its texts differ.
    """

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._entered: dict[str, Any] = {}

    @property
    def _is_new(self) -> bool:
        """Whether the flow adds a subentry."""
        return self.source != SOURCE_RECONFIGURE

    @property
    def _first_step(self) -> str:
        """ID of the step that the flow starts with."""
        return SOURCE_USER if self._is_new else SOURCE_RECONFIGURE

    @property
    def _own_id(self) -> str | None:
        """ID of the subentry that is being changed; None for a new one."""
        return None if self._is_new else self._get_reconfigure_subentry().subentry_id

    @property
    def _present(self) -> Mapping[str, Any]:
        """The name and the data of the subentry; empty for a new one."""
        if self._is_new:
            return {}
        subentry = self._get_reconfigure_subentry()
        return {CONF_NAME: subentry.title, **subentry.data}

    def _show(
        self,
        step_id: str,
        form: vol.Schema,
        user_input: Mapping[str, Any] | None,
        errors: Errors,
        *,
        last_step: bool | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show a form with what was entered, or else with what is stored."""
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                form, user_input or self._present
            ),
            errors=errors,
            description_placeholders=placeholders,
            last_step=last_step,
        )

    def _finish(self, forms: Iterable[vol.Schema]) -> SubentryFlowResult:
        """Store what was entered; ``forms`` are all that the flow can show."""
        data = dict(self._entered)
        name = data.pop(CONF_NAME)
        if self._is_new:
            return self.async_create_entry(title=name, data=data)
        subentry = self._get_reconfigure_subentry()
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            title=name,
            data=newer_fields(subentry.data, forms) | data,
        )
