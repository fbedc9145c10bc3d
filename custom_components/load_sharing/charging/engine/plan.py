"""The plan: what every charger is to have, after the rules applied so far."""

from collections.abc import Mapping
from typing import NamedTuple

from .decision import ChargerDecision
from .memory import Ramp


class Plan(NamedTuple):
    """Decisions and running ramps by charger. A rule returns a new one.

    ``held_back`` are the chargers whose increase waits for others to let go.
    """

    decisions: Mapping[str, ChargerDecision]
    ramps: Mapping[str, Ramp]
    held_back: tuple[str, ...] = ()

    def with_decisions(self, changed: Mapping[str, ChargerDecision]) -> Plan:
        """Return the plan with some decisions replaced."""
        if not changed:
            return self
        return self._replace(decisions={**self.decisions, **changed})


NOTHING_PLANNED = Plan({}, {})
