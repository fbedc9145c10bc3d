"""A typed view of a configured circuit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import voluptuous as vol

from ..const import CONF_LIMIT, CONF_METERS, CONF_PARENT, CONF_PHASES, PHASES
from ..site.ranges import CIRCUIT_LIMIT_A
from ..site.validation import Validator, check, choices, entity, number, optional, text
from .config import ANY_MAINS
from .engine.mains import Mains
from .wiring import names

_CIRCUIT: dict[vol.Marker, Validator] = {
    vol.Required(CONF_LIMIT): number(CIRCUIT_LIMIT_A),
    vol.Optional(CONF_PARENT): optional(text),
    **{vol.Optional(key): optional(entity) for key in CONF_METERS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitConfig:
    """A circuit: its rating in A, its phases, its meter sensors and its parent circuit.

    ``meters`` are in the order of ``phases``. ``parent_id`` is "" if the circuit
    branches off the supply.
    """

    circuit_id: str
    name: str
    rating_a: float
    phases: tuple[int, ...]
    parent_id: str
    meters: tuple[str, ...]

    @classmethod
    def from_subentry(
        cls,
        subentry_id: str,
        name: str,
        data: Mapping[str, Any],
        mains: Mains = ANY_MAINS,
    ) -> CircuitConfig:
        """Read the subentry of a circuit; may raise ConfigDamagedError."""
        check(
            name, _CIRCUIT | {vol.Required(CONF_PHASES): choices(*names(mains))}, data
        )
        phases = tuple(sorted(PHASES.index(phase) for phase in data[CONF_PHASES]))
        meters = [data.get(CONF_METERS[phase]) for phase in phases]
        return cls(
            circuit_id=subentry_id,
            name=name,
            rating_a=data[CONF_LIMIT],
            phases=phases,
            parent_id=data.get(CONF_PARENT) or "",
            meters=tuple(meter for meter in meters if meter),
        )
