"""Base entities: of the supply, a charger, the heating or a room.

They only read the snapshot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, override

from homeassistant.components.binary_sensor import BinarySensorEntityDescription
from homeassistant.components.sensor import SensorEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import (
    DeviceEntry,
    DeviceEntryType,
    DeviceInfo,
)
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .circuits import CircuitConfig
from .config import ChargerConfig
from .const import DOMAIN
from .coordinator import LoadSharingCoordinator
from .heating_config import RoomConfig
from .snapshot import (
    HEATING,
    SUPPLY,
    ChargerSnapshot,
    ChargingSnapshot,
    CircuitSnapshot,
    HeatingSnapshot,
    RoomSnapshot,
    SiteSnapshot,
)

MANUFACTURER: Final = "Load Sharing"

type SensorValue = float | str | datetime | None


@dataclass(frozen=True, kw_only=True)
class PartSensorDescription[PartT](SensorEntityDescription):
    """A sensor of one part of the snapshot."""

    value_fn: Callable[[PartT], SensorValue]
    translation_placeholders: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PartBinarySensorDescription[PartT](BinarySensorEntityDescription):
    """A binary sensor of one part of the snapshot."""

    is_on_fn: Callable[[PartT], bool | None]


@dataclass(frozen=True, kw_only=True)
class Owner[PartT]:
    """What an entity belongs to: its device, and its part of the snapshot.

    ``key`` names it in the store and tells its entities when something changed.
    """

    key: str
    unique_id: str
    device: DeviceInfo
    part: Callable[[SiteSnapshot], PartT]
    subentry_id: str | None = None


def register_site(hass: HomeAssistant, entry: ConfigEntry[Any]) -> DeviceEntry:
    """Register the device of a site, which those of its parts hang on."""
    return dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, entry.entry_id)},
        name=entry.title,
        manufacturer=MANUFACTURER,
        entry_type=DeviceEntryType.SERVICE,
    )


def supply_owner(coordinator: LoadSharingCoordinator) -> Owner[ChargingSnapshot]:
    """Own the entities of the supply: they are on the site's device."""
    entry = coordinator.config_entry
    return Owner(
        key=SUPPLY,
        unique_id=entry.entry_id,
        device=DeviceInfo(identifiers={(DOMAIN, entry.entry_id)}),
        part=lambda snapshot: snapshot.charging,
    )


def charger_owner(
    coordinator: LoadSharingCoordinator, charger: ChargerConfig
) -> Owner[ChargerSnapshot]:
    """Own the entities of a charger."""
    charger_id = charger.charger_id
    return Owner(
        key=charger_id,
        unique_id=charger_id,
        device=_child_device(coordinator, charger_id, charger.name),
        part=lambda snapshot: snapshot.charging.chargers[charger_id],
        subentry_id=charger_id,
    )


def circuit_owner(
    coordinator: LoadSharingCoordinator, circuit: CircuitConfig
) -> Owner[CircuitSnapshot]:
    """Own the entities of a circuit."""
    circuit_id = circuit.circuit_id
    return Owner(
        key=circuit_id,
        unique_id=circuit_id,
        device=_child_device(coordinator, circuit_id, circuit.name),
        part=lambda snapshot: snapshot.charging.circuits[circuit_id],
        subentry_id=circuit_id,
    )


def heating_owner(coordinator: LoadSharingCoordinator) -> Owner[HeatingSnapshot]:
    """Own the entities of the heating as a whole."""
    entry = coordinator.config_entry
    unique_id = f"{entry.entry_id}_{HEATING}"
    return Owner(
        key=HEATING,
        unique_id=unique_id,
        device=DeviceInfo(
            identifiers={(DOMAIN, unique_id)},
            translation_key=HEATING,
            translation_placeholders={"site": entry.title},
            manufacturer=MANUFACTURER,
            via_device_id=register_site(coordinator.hass, entry).id,
        ),
        part=lambda snapshot: snapshot.heating,
    )


def room_owner(
    coordinator: LoadSharingCoordinator, room: RoomConfig
) -> Owner[RoomSnapshot]:
    """Own the entities of a room."""
    room_id = room.room_id
    return Owner(
        key=room_id,
        unique_id=room_id,
        device=_child_device(coordinator, room_id, room.name),
        part=lambda snapshot: snapshot.heating.rooms[room_id],
        subentry_id=room_id,
    )


def _child_device(
    coordinator: LoadSharingCoordinator, identifier: str, name: str
) -> DeviceInfo:
    site = register_site(coordinator.hass, coordinator.config_entry)
    return DeviceInfo(
        identifiers={(DOMAIN, identifier)},
        name=name,
        manufacturer=MANUFACTURER,
        via_device_id=site.id,
    )


class LoadSharingEntity[PartT](CoordinatorEntity[LoadSharingCoordinator]):
    """An entity of one part of a site."""

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[PartT],
        description: EntityDescription,
        *,
        follows: str | None = None,
    ) -> None:
        """Belong to the owner's device."""
        super().__init__(coordinator, context=follows or owner.key)
        self.owner = owner
        self.entity_description = description
        self._attr_unique_id = f"{owner.unique_id}_{description.key}"
        self._attr_device_info = owner.device


class WritesOnChange[PartT, ValueT](LoadSharingEntity[PartT]):
    """Writes a state only when its value changed; most evaluations change few."""

    _read: Callable[[PartT], ValueT]
    _value: ValueT

    @override
    async def async_added_to_hass(self) -> None:
        """Start to follow; the value may have changed since it was first taken."""
        await super().async_added_to_hass()
        self._follow(self._read)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        value = self._read(self.owner.part(self.coordinator.data))
        if value != self._value:
            self._value = value
            self._take(value)
            if (cause := self.coordinator.cause) is not None:
                self.async_set_context(cause)
            self.async_write_ha_state()

    def _follow(self, read: Callable[[PartT], ValueT]) -> None:
        """Name the value to follow and take its first."""
        self._read = read
        self._value = read(self.owner.part(self.coordinator.data))
        self._take(self._value)

    def _take(self, value: ValueT) -> None:
        """Hold a new value as the entity's own."""
        raise NotImplementedError
