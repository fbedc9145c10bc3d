"""Switches: what the user lets load sharing do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import Owner, WritesOnChange, heating_owner, room_owner, supply_owner
from .heating_control import ENABLED, SHADOW
from .heating_tuning import OVERHEAT_CAP, PARTICIPATES
from .snapshot import ChargingSnapshot, HeatingSnapshot, RoomSnapshot

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class PartSwitchDescription[PartT](SwitchEntityDescription):
    """A switch of one part of the site."""

    is_on_fn: Callable[[PartT], bool]
    turn_fn: Callable[[LoadSharingCoordinator, str, bool], None]


def _balance(coordinator: LoadSharingCoordinator, _owner: str, on: bool) -> None:
    assert coordinator.charging is not None
    coordinator.charging.async_set_enabled(enabled=on)


def _shadow(coordinator: LoadSharingCoordinator, _owner: str, on: bool) -> None:
    assert coordinator.charging is not None
    coordinator.charging.async_set_shadow(shadow=on)


def _set_flag(key: str) -> Callable[[LoadSharingCoordinator, str, bool], None]:
    def turn(coordinator: LoadSharingCoordinator, owner: str, on: bool) -> None:
        coordinator.async_set_flag(owner, key, value=on)

    return turn


SUPPLY_SWITCHES: tuple[PartSwitchDescription[ChargingSnapshot], ...] = (
    PartSwitchDescription(
        key="balancing",
        translation_key="balancing",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda snapshot: snapshot.enabled,
        turn_fn=_balance,
    ),
    PartSwitchDescription(
        key=SHADOW,
        translation_key="shadow",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda snapshot: snapshot.shadow,
        turn_fn=_shadow,
    ),
)

HEATING_SWITCHES: tuple[PartSwitchDescription[HeatingSnapshot], ...] = (
    PartSwitchDescription(
        key=ENABLED,
        translation_key="load_sharing",
        is_on_fn=lambda heating: heating.enabled,
        turn_fn=_set_flag(ENABLED),
    ),
    PartSwitchDescription(
        key=SHADOW,
        translation_key="shadow",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda heating: heating.shadow,
        turn_fn=_set_flag(SHADOW),
    ),
    PartSwitchDescription(
        key=OVERHEAT_CAP,
        translation_key="overheat_cap",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda heating: heating.overheat_cap,
        turn_fn=_set_flag(OVERHEAT_CAP),
    ),
)

ROOM_SWITCHES: tuple[PartSwitchDescription[RoomSnapshot], ...] = (
    PartSwitchDescription(
        key=PARTICIPATES,
        translation_key="participates",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda room: room.participates,
        turn_fn=_set_flag(PARTICIPATES),
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches."""
    coordinator = entry.runtime_data

    def add[PartT](
        owner: Owner[PartT], descriptions: tuple[PartSwitchDescription[PartT], ...]
    ) -> None:
        async_add_entities(
            (PartSwitch(coordinator, owner, item) for item in descriptions),
            config_subentry_id=owner.subentry_id,
        )

    if coordinator.charging is not None:
        add(supply_owner(coordinator), SUPPLY_SWITCHES)
    if (heating := coordinator.heating) is not None:
        add(heating_owner(coordinator), HEATING_SWITCHES)
        for room in heating.rooms.values():
            add(room_owner(coordinator, room.config), ROOM_SWITCHES)


class PartSwitch[PartT](WritesOnChange[PartT, bool], SwitchEntity):
    """A permission that the user gives or takes."""

    entity_description: PartSwitchDescription[PartT]

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: PartSwitchDescription[PartT],
    ) -> None:
        """Follow what the user wants."""
        super().__init__(coordinator, owner, description)
        self._follow(description.is_on_fn)

    @override
    def _take(self, value: bool) -> None:
        self._attr_is_on = value

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Give the permission."""
        self._turn(on=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Take it back."""
        self._turn(on=False)

    def _turn(self, *, on: bool) -> None:
        self.entity_description.turn_fn(self.coordinator, self.owner.key, on)
