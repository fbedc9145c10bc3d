"""Add and change a circuit of a site's supply."""

from typing import Any

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.const import CONF_NAME

from ...const import CONF_PHASES, CONF_SUPPLY, PHASES, SUBENTRY_CIRCUIT
from ..circuits import CircuitConfig
from ..config import phases_of
from . import forms
from .checks import Errors, check_circuit


class CircuitFlow(ConfigSubentryFlow):
    """Asks what a circuit bears, what it is part of, and for its own meter."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for a new circuit."""
        return self._show("user", user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the changes to a circuit."""
        return self._show("reconfigure", user_input)

    def _show(
        self, step_id: str, user_input: dict[str, Any] | None
    ) -> SubentryFlowResult:
        entry = self._get_entry()
        site = entry.data[CONF_SUPPLY]
        phases = phases_of(site)
        changes = self.source == SOURCE_RECONFIGURE
        own = self._get_reconfigure_subentry() if changes else None
        own_id = own.subentry_id if own else None
        errors: Errors = {}
        if user_input is not None:
            user_input.setdefault(CONF_PHASES, list(PHASES[:1]))
            errors = check_circuit(self.hass, user_input, entry, own_id)
            if not errors:
                name = user_input.pop(CONF_NAME)
                if own is not None:
                    asked = forms.circuit(len(PHASES), {"": ""})
                    data = forms.unknown(own.data, asked) | user_input
                    return self.async_update_and_abort(
                        entry, own, title=name, data=data
                    )
                return self.async_create_entry(title=name, data=user_input)
        present = {**own.data, CONF_NAME: own.title} if own else {}
        schema = forms.circuit(phases, _possible_parents(entry, own_id))
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or present
            ),
            errors=errors,
        )


def _possible_parents(entry: ConfigEntry, own_id: str | None) -> dict[str, str]:
    """Names of the circuits that a circuit may be part of: none that is part of it."""
    circuits = {
        subentry.subentry_id: CircuitConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
    }
    possible = {}
    for circuit_id, circuit in circuits.items():
        above: CircuitConfig | None = circuit
        while above is not None and above.circuit_id != own_id:
            above = circuits.get(above.parent_id)
        if above is None:
            possible[circuit_id] = circuit.name
    return possible
