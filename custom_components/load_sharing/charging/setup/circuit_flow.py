"""Steps that add a circuit of a supply, or change one."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry, SubentryFlowResult

from ...const import (
    CONF_LIMIT,
    CONF_METERS,
    CONF_PHASES,
    CONF_SUPPLY,
    PHASES,
    SUBENTRY_CIRCUIT,
)
from ...site.setup.checks import Errors, check_given
from ...site.setup.flows import SubentrySteps
from ...site.setup.live import live_values
from ..circuit_config import CircuitConfig
from ..wiring import mains_of, names
from . import forms
from .checks import check_circuit
from .live import first_phase


class CircuitFlow(SubentrySteps):
    """Asks for the limit of a circuit, its parent circuit and its own meter."""

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the circuit."""
        entry = self._get_entry()
        errors: Errors = {}
        phases = names(mains_of(entry.data[CONF_SUPPLY]))
        form = forms.circuit(phases, _possible_parents(entry, self._own_id))
        if user_input is not None:
            user_input.setdefault(CONF_PHASES, list(PHASES[:1]))
            errors = (
                check_given(user_input, CONF_LIMIT)
                or self._asking.out_of_range(form, user_input)
                or check_circuit(self.hass, user_input, entry, self._own_id)
            )
            if not errors:
                self._entered = user_input
                return self._finish(forms.CIRCUIT_FORMS)
        live = partial(live_values, self.hass, CONF_METERS)
        return self._show(
            self._first_step,
            form,
            user_input,
            errors,
            live=live,
            placeholders=first_phase(several=len(phases) > 1),
        )

    async_step_reconfigure = async_step_user


def _possible_parents(entry: ConfigEntry, own_id: str | None) -> dict[str, str]:
    """Return the names of the circuits that are neither this one nor below it.

    Circuits that are above each other can only come from a file that was edited by
    hand. They are offered: the one that is chosen here is not below this one.
    """
    circuits = {
        subentry.subentry_id: CircuitConfig.from_subentry(
            subentry.subentry_id, subentry.title, subentry.data
        )
        for subentry in entry.get_subentries_of_type(SUBENTRY_CIRCUIT)
    }
    possible = {}
    for circuit_id, circuit in circuits.items():
        above: CircuitConfig | None = circuit
        seen: set[str] = set()
        while above is not None and above.circuit_id not in (own_id, *seen):
            seen.add(above.circuit_id)
            above = circuits.get(above.parent_id)
        if above is None or above.circuit_id != own_id:
            possible[circuit_id] = circuit.name
    return possible
