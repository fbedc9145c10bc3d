"""Which meter the house has, and how it fails."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.meter import Meter, MeterFault, MeterKind

from .entity import HouseEntity
from .live_house import SimulatedHouseConfigEntry


@dataclass(frozen=True, kw_only=True)
class HouseSelectDescription(SelectEntityDescription):
    """A choice about the meter."""

    value_fn: Callable[[Meter], str]
    set_fn: Callable[[Meter, str], None]


def _set_kind(meter: Meter, value: str) -> None:
    meter.kind = MeterKind(value)


def _set_fault(meter: Meter, value: str) -> None:
    meter.fault = MeterFault(value)


SELECTS = (
    HouseSelectDescription(
        key="meter_kind",
        translation_key="meter_kind",
        icon="mdi:meter-electric",
        options=[kind.value for kind in MeterKind],
        value_fn=lambda meter: meter.kind.value,
        set_fn=_set_kind,
    ),
    HouseSelectDescription(
        key="meter_fault",
        translation_key="meter_fault",
        icon="mdi:meter-electric-outline",
        options=[fault.value for fault in MeterFault],
        value_fn=lambda meter: meter.fault.value,
        set_fn=_set_fault,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects."""
    async_add_entities(HouseSelect(entry.runtime_data, item) for item in SELECTS)


class HouseSelect(HouseEntity, SelectEntity):
    """A choice about the meter."""

    entity_description: HouseSelectDescription

    @property
    @override
    def shown(self) -> str:
        return self.entity_description.value_fn(self.live_house.house.meter)

    @property
    @override
    def current_option(self) -> str:
        return self.shown

    @override
    async def async_select_option(self, option: str) -> None:
        self.entity_description.set_fn(self.live_house.house.meter, option)
        self.async_write_ha_state()
