"""The meter of the supply or a circuit: one sensor for each phase."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import async_update_entity
from homeassistant.helpers.entity_platform import async_get_platforms
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ...const import DOMAIN
from ...site.readings import Clock, CurrentGate, Reading, ReadingProblem
from ..engine.model import ServiceReading


@dataclass(frozen=True, slots=True)
class MeterFault:
    """The sensor that cannot be used, and why.

    ``remains`` is what the other phases show, with 0 A where nothing can be read.
    """

    entity_id: str
    problem: ReadingProblem
    remains: ServiceReading | None = None


class Meter:
    """Reads all phases, or names the first that cannot be read."""

    def __init__(
        self,
        hass: HomeAssistant,
        entities: tuple[str, ...],
        gate: CurrentGate,
        exports: tuple[str, ...] = (),
        spread: int = 1,
    ) -> None:
        """Read one entity per phase, all through one gate, less what ``exports`` show.

        ``spread``: a single entity is that of so many phases together.
        """
        self._hass = hass
        self._entities = entities
        self._exports = exports
        self._gate = gate
        self._spread = spread

    def read(self, clock: Clock) -> ServiceReading | MeterFault:
        """Net current of each phase."""
        imports = [self._look_at(entity_id, clock) for entity_id in self._entities]
        exports = [self._look_at(entity_id, clock) for entity_id in self._exports]
        phases = [seen if isinstance(seen, Reading) else None for seen in imports]
        if exports:
            phases = [
                _net(imported, exported)
                for imported, exported in zip(imports, exports, strict=True)
            ]
        good = [phase for phase in phases if phase is not None]
        if len(good) == len(phases):
            return self._spread_out(good)
        return next(
            MeterFault(entity_id, seen, _remains(phases))
            for entity_id, seen in zip(
                (*self._entities, *self._exports), (*imports, *exports), strict=True
            )
            if not isinstance(seen, Reading)
        )

    def _look_at(self, entity_id: str, clock: Clock) -> Reading | ReadingProblem:
        return self._gate.read(self._hass.states.get(entity_id), clock)

    def _spread_out(self, phases: list[Reading]) -> ServiceReading:
        if self._spread > 1:
            (total,) = phases
            share_a = total.current_a / self._spread
            phases = [Reading(share_a, total.taken_at_s)] * self._spread
        return ServiceReading(
            tuple([phase.current_a for phase in phases]),
            tuple([phase.taken_at_s for phase in phases]),
        )

    def poll(
        self,
        start_task: Callable[[Coroutine[Any, Any, None], str], object],
    ) -> None:
        """Ask for a fresh value where the sensor can be asked.

        A sensor that is pushed would only repeat its old value, which would
        then pass for a fresh one: it is left alone.
        """
        for entity_id in (*self._entities, *self._exports):
            if (entity := self._entity(entity_id)) is None:
                continue
            if entity.should_poll:
                task = async_update_entity(self._hass, entity_id)
            elif isinstance(entity, CoordinatorEntity) and (
                entity.coordinator.update_interval is not None
            ):
                # Not by the entity: that would write its old value anew.
                task = entity.coordinator.async_request_refresh()
            else:
                continue
            start_task(task, f"{DOMAIN} poll {entity_id}")

    def _entity(self, entity_id: str) -> Entity | None:
        entry = er.async_get(self._hass).async_get(entity_id)
        if entry is None:
            return None
        for platform in async_get_platforms(self._hass, entry.platform):
            if (entity := platform.entities.get(entity_id)) is not None:
                return entity
        return None


def _net(
    imported: Reading | ReadingProblem, exported: Reading | ReadingProblem
) -> Reading | None:
    """Net current of a phase, and when it was read; None without both.

    A phase cannot import and export at once. Where both say so, an export from
    before the import is a leftover. An import is only as young as its own report.
    """
    if not isinstance(imported, Reading) or not isinstance(exported, Reading):
        return None
    net_a = imported.current_a - exported.current_a
    if imported.current_a <= 0:
        return Reading(net_a, max(imported.taken_at_s, exported.taken_at_s))
    if exported.taken_at_s < imported.taken_at_s:
        return imported
    return Reading(net_a, imported.taken_at_s)


def _remains(phases: list[Reading | None]) -> ServiceReading | None:
    """What can still be read; 0 A, as old as the oldest of it, where nothing can."""
    good = [phase for phase in phases if phase is not None]
    if not good:
        return None
    oldest_s = min([phase.taken_at_s for phase in good])
    return ServiceReading(
        tuple([phase.current_a if phase else 0.0 for phase in phases]),
        tuple([phase.taken_at_s if phase else oldest_s for phase in phases]),
    )
