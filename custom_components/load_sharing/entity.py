"""Base classes of the entities. They read the snapshot and compute nothing."""

from collections.abc import Callable, Sequence
from typing import Any, override

from homeassistant.const import Platform
from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import LoadSharingCoordinator
from .site.descriptions import Owner

type MakeEntity[DescriptionT: EntityDescription] = Callable[
    [LoadSharingCoordinator, Owner[Any], DescriptionT], Entity
]


async def async_add_entities_of_halves[DescriptionT: EntityDescription](
    coordinator: LoadSharingCoordinator,
    platform: Platform,
    add: AddConfigEntryEntitiesCallback,
    make: MakeEntity[DescriptionT],
) -> None:
    """Create the entities of a platform, each half independently of the other."""

    def add_entities_of(owner: Owner[Any], descriptions: Sequence[Any]) -> None:
        entities = [make(coordinator, owner, item) for item in descriptions]
        coordinator.known_entities.add(platform, entities)
        add(entities, config_subentry_id=owner.subentry_id)

    await coordinator.async_describe(platform, add_entities_of)


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
        """Belong to the owner's device; by default follow its part of the snapshot."""
        super().__init__(coordinator, context=follows or owner.key)
        self.owner = owner
        self.entity_description = description
        self._attr_unique_id = f"{owner.unique_id}_{description.key}"
        self._attr_device_info = owner.device


class WritesOnChange[PartT, ValueT](LoadSharingEntity[PartT]):
    """Writes its state only if its value changed, as most evaluations change few."""

    _read: Callable[[PartT], ValueT]
    _value: ValueT

    @override
    async def async_added_to_hass(self) -> None:
        """Read the value again: it may have changed since the entity was created."""
        await super().async_added_to_hass()
        self._follow(self._read)

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        value = self._read(self.owner.part(self.coordinator.data))
        if value != self._value:
            self._value = value
            self._apply(value)
            if (context := self.coordinator.cause) is not None:
                self.async_set_context(context)
            self.async_write_ha_state()

    def _follow(self, read: Callable[[PartT], ValueT]) -> None:
        """Set how to read the value, and read it."""
        self._read = read
        self._value = read(self.owner.part(self.coordinator.data))
        self._apply(self._value)

    def _apply(self, value: ValueT) -> None:
        """Set the entity's attributes from a new value."""
        raise NotImplementedError
