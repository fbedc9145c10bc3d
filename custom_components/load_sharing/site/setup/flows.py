"""Bases of the flows that set up a site, a half of it, or one of its subentries."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, count
from typing import Any, NamedTuple

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
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_cached_translations
import voluptuous as vol

from ...const import DOMAIN
from .asking import Asking
from .checks import Errors
from .forms import named, newer_fields
from .sections import Sections, folded_error, lift, nest

type Live = Callable[[Mapping[str, Any]], dict[str, str]]
"""Makes the placeholders of what the entities in some fields show now."""


def where_it_is(
    hass: HomeAssistant, flow: str, step_id: str, errors: Errors, sections: Sections
) -> dict[str, str]:
    """Return the placeholder that names the field of an error inside of a section.

    The error stands above the section, which may have several fields. Elsewhere, the
    placeholder is empty: the error stands at its field. ``flow`` is where the texts of
    the flow are. They are in the language of Home Assistant, not of the user.
    """
    if (found := folded_error(errors, sections)) is None:
        return {"where": ""}
    section, field = found
    category, _, kind = flow.partition(".")
    texts = async_get_cached_translations(hass, hass.config.language, category, DOMAIN)
    step = ".".join(
        filter(None, ("component", DOMAIN, category, kind, "step", step_id))
    )
    label = texts.get(f"{step}.sections.{section}.data.{field}")
    return {"where": f"{label}: " if label else ""}


class Closing(NamedTuple):
    """What the last dialog says: the key of its text, and the placeholders."""

    key: str
    placeholders: Mapping[str, str]


class HalfSteps(ConfigFlow, ABC):
    """Base of the steps that set up one half of a site, or change it."""

    def __init__(self) -> None:
        """Start with nothing entered."""
        self._name: str | None = None
        self._data: dict[str, Any] = {}
        self._options: dict[str, Any] = {}
        self._extended: ConfigEntry | None = None
        self._asking = Asking()

    @abstractmethod
    async def _async_half_done(self) -> ConfigFlowResult:
        """Continue after the last step of a half."""

    @property
    def _own_entry(self) -> ConfigEntry | None:
        """The site that is being changed or extended; None for a new one."""
        if self.source != SOURCE_RECONFIGURE:
            return self._extended
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
        *,
        sections: Sections,
        live: Live,
        found: Mapping[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show the form of a half; the first one of a new site asks for its name.

        A new half is filled in with what was ``found`` for it. ``live`` makes the
        placeholders of what the chosen entities show.
        """
        is_first = self._own_entry is None and self._name is None
        filled: Mapping[str, Any]
        if user_input is not None:
            filled = user_input
        elif self._own_entry is not None:
            filled = self._stored(half) or found or {}
        else:
            filled = {CONF_NAME: self._free_name(), **(found or {})}
        shown = self._asking.form(named(form) if is_first else form, errors, sections)
        return self.async_show_form(
            step_id=half,
            data_schema=self.add_suggested_values_to_schema(
                shown, nest(filled, sections)
            ),
            errors=lift(errors, sections),
            description_placeholders={
                **self._asking.bounds,
                **live(filled),
                **where_it_is(self.hass, "config", half, errors, sections),
            },
            last_step=False,
        )

    def _free_name(self) -> str:
        """Return the name of the home, numbered if a site has it already."""
        taken = {entry.title for entry in self._async_current_entries()}
        name = self.hass.config.location_name
        numbered = (f"{name} {number}" for number in count(2))
        return next(one for one in chain([name], numbered) if one not in taken)

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
        self._asking = Asking()

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
        sections: Sections | None = None,
        live: Live | None = None,
        last_step: bool | None = None,
        placeholders: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        """Show a form with what was entered, or else with what is stored.

        ``live`` makes the placeholders of what the chosen entities show.
        """
        filled = self._present if user_input is None else user_input
        folded = sections or {}
        shown = self._asking.form(form, errors, folded)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                shown, nest(filled, folded)
            ),
            errors=lift(errors, folded),
            description_placeholders={
                **self._asking.bounds,
                **(live(filled) if live else {}),
                **(placeholders or {}),
                **where_it_is(
                    self.hass,
                    f"config_subentries.{self._subentry_type}",
                    step_id,
                    errors,
                    folded,
                ),
            },
            last_step=last_step,
        )

    def _finish(
        self, forms: Iterable[vol.Schema], closing: Closing | None = None
    ) -> SubentryFlowResult:
        """Store what was entered; ``forms`` are all that the flow can show.

        ``closing`` is what the last dialog says of a new subentry.
        """
        data = dict(self._entered)
        name = data.pop(CONF_NAME)
        if self._is_new:
            if closing is None:
                return self.async_create_entry(title=name, data=data)
            return self.async_create_entry(
                title=name,
                data=data,
                description=closing.key,
                description_placeholders={**closing.placeholders, "name": name},
            )
        subentry = self._get_reconfigure_subentry()
        return self.async_update_and_abort(
            self._get_entry(),
            subentry,
            title=name,
            data=newer_fields(subentry.data, forms) | data,
        )
