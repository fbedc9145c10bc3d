"""What can be switched: the charger, the car's plug, and every appliance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.appliances import Kind

from .entity import HouseEntity
from .live_house import LiveHouse, SimulatedHouseConfigEntry

ICONS = {
    Kind.KETTLE: "mdi:kettle-steam",
    Kind.OVEN: "mdi:stove",
    Kind.HOB: "mdi:pot-steam",
    Kind.WASHING_MACHINE: "mdi:washing-machine",
    Kind.DISHWASHER: "mdi:dishwasher",
    Kind.SHOWER: "mdi:shower-head",
    Kind.HEAT_PUMP: "mdi:heat-pump",
}


@dataclass(frozen=True, kw_only=True)
class HouseSwitchDescription(SwitchEntityDescription):
    """A switch of the house."""

    is_on_fn: Callable[[LiveHouse], bool]
    turn_fn: Callable[[LiveHouse, bool], None]


def _appliance(kind: Kind) -> HouseSwitchDescription:
    def turn(live_house: LiveHouse, on: bool) -> None:
        appliance = live_house.house.appliances[kind]
        if on:
            appliance.turn_on(live_house.now_s)
        else:
            appliance.turn_off()

    return HouseSwitchDescription(
        key=kind.value,
        name=kind.value.replace("_", " ").capitalize(),
        icon=ICONS[kind],
        is_on_fn=lambda live_house: live_house.house.appliances[kind].is_on,
        turn_fn=turn,
    )


SWITCHES = (
    HouseSwitchDescription(
        key="charger",
        name="Charger",
        icon="mdi:ev-station",
        is_on_fn=lambda live_house: live_house.charge_point.enabled,
        turn_fn=lambda live_house, on: live_house.charge_point.set_enabled(
            on, live_house.now_s
        ),
    ),
    HouseSwitchDescription(
        key="car_plugged_in",
        name="Car plugged in",
        icon="mdi:power-plug",
        is_on_fn=lambda live_house: live_house.charge_point.car is not None,
        turn_fn=lambda live_house, on: live_house.plug_in(on),
    ),
    *(_appliance(kind) for kind in Kind),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches."""
    async_add_entities(HouseSwitch(entry.runtime_data, item) for item in SWITCHES)


class HouseSwitch(HouseEntity, SwitchEntity):
    """Something that can be switched."""

    entity_description: HouseSwitchDescription

    @property
    @override
    def shown(self) -> bool:
        return self.entity_description.is_on_fn(self.live_house)

    @property
    @override
    def is_on(self) -> bool:
        return self.shown

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        self.entity_description.turn_fn(self.live_house, True)
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        self.entity_description.turn_fn(self.live_house, False)
        self.async_write_ha_state()
