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

from ..charging.model import ServiceReading
from ..const import DOMAIN
from .readings import Clock, CurrentGate, Reading, ReadingProblem


@dataclass(frozen=True, slots=True)
class MeterFault:
    """The sensor that cannot be used, and why."""

    entity_id: str
    problem: ReadingProblem


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
        readings: list[Reading] = []
        for entity_id in self._entities:
            reading = self._gate.read(self._hass.states.get(entity_id), clock)
            if not isinstance(reading, Reading):
                return MeterFault(entity_id, reading)
            readings.append(reading)
        if self._exports:
            return self._net(readings, clock)
        if self._spread > 1:
            (total,) = readings
            return _evenly(total.current_a, total.taken_at_s, self._spread)
        return ServiceReading(
            tuple([reading.current_a for reading in readings]),
            tuple([reading.taken_at_s for reading in readings]),
        )

    def _net(self, imports: list[Reading], clock: Clock) -> ServiceReading | MeterFault:
        """Subtract what is exported, by a meter of its own."""
        current_a, taken_at_s = [], []
        for imported, entity_id in zip(imports, self._exports, strict=True):
            exported = self._gate.read(self._hass.states.get(entity_id), clock)
            if not isinstance(exported, Reading):
                return MeterFault(entity_id, exported)
            net_a, at_s = _difference(imported, exported)
            current_a.append(net_a)
            taken_at_s.append(at_s)
        if self._spread > 1:
            return _evenly(current_a[0], taken_at_s[0], self._spread)
        return ServiceReading(tuple(current_a), tuple(taken_at_s))

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


def _difference(imported: Reading, exported: Reading) -> tuple[float, float]:
    """Net current, and when it was read.

    A phase cannot import and export at once. Where both say so, an export from
    before the import is a leftover. An import is only as young as its own report.
    """
    if imported.current_a <= 0:
        newest_s = max(imported.taken_at_s, exported.taken_at_s)
        return imported.current_a - exported.current_a, newest_s
    if exported.taken_at_s < imported.taken_at_s:
        return imported.current_a, imported.taken_at_s
    return imported.current_a - exported.current_a, imported.taken_at_s


def _evenly(current_a: float, taken_at_s: float, phases: int) -> ServiceReading:
    """Spread what all phases take together over each of them."""
    return ServiceReading((current_a / phases,) * phases, (taken_at_s,) * phases)
