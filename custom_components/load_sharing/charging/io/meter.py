"""Reads the meter of the supply or of a circuit: one sensor per phase."""

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
from ...site.isolation import Isolation
from ..config import SupplyConfig
from ..engine.model import Reading, ServiceReading
from ..snapshot import ReadingProblem
from .clock import Clock
from .currents import Believed, CurrentGate
from .netting import Netting
from .voltage import SupplyVoltage


@dataclass(frozen=True, slots=True)
class MeterFault:
    """A sensor that cannot be used, and why.

    ``remains`` has the readings of the other phases, and 0 A for those without one.
    """

    entity_id: str
    problem: ReadingProblem
    remains: ServiceReading | None = None


class Meter:
    """Reads all phases, or reports the first sensor that cannot be used."""

    def __init__(
        self,
        hass: HomeAssistant,
        entities: tuple[str, ...],
        gate: CurrentGate,
        exports: tuple[str, ...] = (),
        spread: int = 1,
        phases: tuple[int, ...] = (),
        *,
        unsigned: bool = False,
    ) -> None:
        """Read one entity per phase, all through the same gate.

        ``exports`` are sensors of the exported current, one for each entity or one for
        all. ``spread`` is the number of phases that a single entity covers in equal
        shares. The entities are those of ``phases``, if these are not the first ones.
        ``unsigned`` entities are positive also while a phase exports.
        """
        self._hass = hass
        self._entities = entities
        self._exports = exports
        self._gate = gate
        self._isolation = Isolation("reading the meter")
        self._spread = spread
        self._phases = phases or tuple(range(len(entities)))
        self._width = self._phases[-1] + 1
        self._netting: Netting | None = None
        if exports:
            one_for_all = len(exports) < len(entities)
            self._netting = Netting(unsigned=unsigned, one_for_all=one_for_all)

    def read(self, clock: Clock) -> ServiceReading | MeterFault:
        """Return the net current of each phase, imports positive, or the fault."""
        imports = [self._read_sensor(key, clock) for key in self._entities]
        exports = [self._read_sensor(key, clock) for key in self._exports]
        known = [reading for reading in imports if isinstance(reading, Reading)]
        exported = [reading for reading in exports if isinstance(reading, Reading)]
        if len(known) + len(exported) == len(imports) + len(exports):
            if self._netting is not None:
                known = self._netting.of_all(known, exported, clock.monotonic_s)
            return self._spread_out(known)
        phases = [
            reading if isinstance(reading, Reading) else None for reading in imports
        ]
        if self._netting is not None:
            phases = self._netting.of_some(imports, exports)
        return next(
            MeterFault(entity_id, problem, self._remains(phases))
            for entity_id, problem in zip(
                (*self._entities, *self._exports), (*imports, *exports), strict=True
            )
            if not isinstance(problem, Reading)
        )

    @property
    def due_s(self) -> float | None:
        """When to read again even if nothing is reported; None for never."""
        return self._netting.due_s if self._netting else None

    @property
    def found_unsigned(self) -> bool:
        """Whether the currents turned out to have no sign, unlike what was entered."""
        return self._netting is not None and self._netting.found_unsigned

    def _read_sensor(self, entity_id: str, clock: Clock) -> Reading | ReadingProblem:
        """Return the checked reading of one sensor, or why there is none."""
        with self._isolation.of(entity_id):
            return self._gate.read(self._hass.states.get(entity_id), clock)
        return ReadingProblem.NOT_A_NUMBER

    def _spread_out(self, phases: list[Reading]) -> ServiceReading:
        """Return one reading of all phases; a single sensor may show their total.

        A phase between measured ones that has no sensor itself counts as idle.
        """
        if self._spread > 1:
            (total,) = phases
            share_a = total.current_a / self._spread
            phases = [Reading(share_a, total.taken_at_s)] * self._spread
        elif len(phases) < self._width:
            oldest_s = min([phase.taken_at_s for phase in phases])
            by_phase = dict(zip(self._phases, phases, strict=True))
            idle = Reading(0.0, oldest_s)
            phases = [by_phase.get(phase, idle) for phase in range(self._width)]
        return ServiceReading(
            tuple([phase.current_a for phase in phases]),
            tuple([phase.taken_at_s for phase in phases]),
        )

    def _remains(self, phases: list[Reading | None]) -> ServiceReading | None:
        """Return the readings that are left; None if there are none.

        A phase without a reading has 0 A, with the age of the oldest.
        """
        known = [phase for phase in phases if phase is not None]
        if not known:
            return None
        idle = Reading(0.0, min([phase.taken_at_s for phase in known]))
        return self._spread_out([phase or idle for phase in phases])

    def poll(
        self,
        start_task: Callable[[Coroutine[Any, Any, None], str], object],
    ) -> None:
        """Request a fresh value from each sensor that Home Assistant polls.

        A sensor that pushes its values is not polled. It would only write its old value
        again, which would then pass for a fresh one.
        """
        for entity_id in (*self._entities, *self._exports):
            if (entity := self._entity(entity_id)) is None:
                continue
            if entity.should_poll:
                task = async_update_entity(self._hass, entity_id)
            elif isinstance(entity, CoordinatorEntity) and (
                entity.coordinator.update_interval is not None
            ):
                # Updating the entity itself would write its old value again.
                task = entity.coordinator.async_request_refresh()
            else:
                continue
            start_task(task, f"{DOMAIN} poll {entity_id}")

    def _entity(self, entity_id: str) -> Entity | None:
        """Return the entity object behind an entity ID; None if there is none."""
        entry = er.async_get(self._hass).async_get(entity_id)
        if entry is None:
            return None
        for platform in async_get_platforms(self._hass, entry.platform):
            if (entity := platform.entities.get(entity_id)) is not None:
                return entity
        return None


def make_supply_meter(
    hass: HomeAssistant,
    supply: SupplyConfig,
    voltage: SupplyVoltage,
    believed_until_s: Believed,
) -> Meter:
    """Return the meter of the supply."""
    gate = CurrentGate(
        lambda: voltage.mains.phase_v,
        supply.rating_a,
        supply.export_positive,
        believed_until_s,
    )
    phases = supply.mains.phases
    spread = len(phases) // len(supply.meters)
    return Meter(
        hass,
        supply.meters,
        gate,
        supply.exports,
        spread,
        phases,
        unsigned=supply.unsigned,
    )
