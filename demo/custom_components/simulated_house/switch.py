"""What can be switched: chargers, the plugs of cars, and every appliance."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from simulation.appliances import MODELS, Appliance, Kind
from simulation.car import ChargePoint

from .entity import APARTMENTS, HouseEntity, bay, slug
from .live_house import LiveHouse, SimulatedHouseConfigEntry

ICONS = {
    Kind.KETTLE: "mdi:kettle-steam",
    Kind.OVEN: "mdi:stove",
    Kind.HOB: "mdi:pot-steam",
    Kind.WASHING_MACHINE: "mdi:washing-machine",
    Kind.DISHWASHER: "mdi:dishwasher",
    Kind.SHOWER: "mdi:shower-head",
    Kind.HEAT_PUMP: "mdi:heat-pump",
    Kind.COMPRESSOR: "mdi:air-filter",
}


@dataclass(frozen=True, kw_only=True)
class HouseSwitchDescription(SwitchEntityDescription):
    """A switch of the house."""

    is_on_fn: Callable[[LiveHouse], bool]
    turn_fn: Callable[[LiveHouse, bool], None]


def _appliance(
    name: str, kind: Kind, appliance_fn: Callable[[LiveHouse], Appliance]
) -> HouseSwitchDescription:
    def turn(live_house: LiveHouse, on: bool) -> None:
        if on:
            appliance_fn(live_house).turn_on(live_house.now_s)
        else:
            appliance_fn(live_house).turn_off()

    return HouseSwitchDescription(
        key=slug(name),
        name=name,
        icon=ICONS[kind],
        is_on_fn=lambda live_house: appliance_fn(live_house).is_on,
        turn_fn=turn,
    )


def _of_house(kind: Kind) -> HouseSwitchDescription:
    name = kind.value.replace("_", " ").capitalize()
    return _appliance(name, kind, lambda live_house: live_house.house.appliances[kind])


def _of_part(part: str, kind: Kind) -> HouseSwitchDescription:
    """An appliance of a flat or of the garage."""
    return _appliance(
        f"{part} {kind.value}",
        kind,
        lambda live_house: live_house.apartments.appliance(part, kind),
    )


def _bay(name: str) -> tuple[HouseSwitchDescription, ...]:
    """One charger of the apartments, and the plug of its car."""

    def charge_point(live_house: LiveHouse) -> ChargePoint:
        return live_house.apartments.charge_points[name]

    return (
        HouseSwitchDescription(
            key=f"{slug(name)}_enabled",
            name=f"{name} enabled",
            icon="mdi:ev-station",
            is_on_fn=lambda live_house: charge_point(live_house).enabled,
            turn_fn=lambda live_house, on: charge_point(live_house).set_enabled(
                on, live_house.now_s
            ),
        ),
        HouseSwitchDescription(
            key=f"{slug(name)}_plugged_in",
            name=f"{name} plugged in",
            icon="mdi:power-plug",
            is_on_fn=lambda live_house: charge_point(live_house).car is not None,
            turn_fn=lambda live_house, on: charge_point(live_house).plug_in(
                plugged_in=on
            ),
        ),
    )


SWITCHES = (
    HouseSwitchDescription(
        key="story",
        name="Things happen by themselves",
        icon="mdi:book-play-outline",
        is_on_fn=lambda live_house: live_house.tells_stories,
        turn_fn=lambda live_house, on: live_house.tell_stories(on=on),
    ),
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
        turn_fn=lambda live_house, on: live_house.charge_point.plug_in(plugged_in=on),
    ),
    *(_of_house(kind) for kind in MODELS),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: SimulatedHouseConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches."""
    live_house = entry.runtime_data
    async_add_entities(HouseSwitch(live_house, item) for item in SWITCHES)
    parts = live_house.apartments.parts.items()
    appliances = (
        _of_part(part, kind) for part, (house, _) in parts for kind in house.appliances
    )
    async_add_entities(HouseSwitch(live_house, item, APARTMENTS) for item in appliances)
    async_add_entities(
        HouseSwitch(live_house, item, bay(name))
        for name in live_house.apartments.charge_points
        for item in _bay(name)
    )


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
