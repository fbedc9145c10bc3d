"""Binary sensors: what is wrong, and whether a car charges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger import ManagedCharger
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import ChargerEntity, SiteEntity, WritesOnChange
from .snapshot import ChargerSnapshot, SiteSnapshot

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class SiteBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of the site."""

    is_on_fn: Callable[[SiteSnapshot], bool | None]


@dataclass(frozen=True, kw_only=True)
class ChargerBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor of a charger."""

    is_on_fn: Callable[[ChargerSnapshot], bool | None]


SITE_BINARY_SENSORS = (
    SiteBinarySensorDescription(
        key="overload",
        translation_key="overload",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda snapshot: (
            None if snapshot.service_a is None else snapshot.decision.overloaded
        ),
    ),
    SiteBinarySensorDescription(
        key="meter_problem",
        translation_key="meter_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda snapshot: snapshot.meter_problem is not None,
    ),
    SiteBinarySensorDescription(
        key="fallback_active",
        translation_key="fallback_active",
        is_on_fn=lambda snapshot: snapshot.decision.fallback_active,
    ),
)

CHARGER_BINARY_SENSORS = (
    ChargerBinarySensorDescription(
        key="charging",
        translation_key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        is_on_fn=lambda charger: charger.charging,
    ),
    ChargerBinarySensorDescription(
        key="charger_problem",
        translation_key="charger_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda charger: charger.problem,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of the site, then those of each charger."""
    coordinator = entry.runtime_data
    async_add_entities(
        SiteBinarySensor(coordinator, item) for item in SITE_BINARY_SENSORS
    )
    for charger in coordinator.chargers.values():
        async_add_entities(
            (
                ChargerBinarySensor(coordinator, charger, item)
                for item in CHARGER_BINARY_SENSORS
            ),
            config_subentry_id=charger.config.charger_id,
        )


class SiteBinarySensor(SiteEntity, WritesOnChange[bool | None], BinarySensorEntity):
    """A condition of the site."""

    entity_description: SiteBinarySensorDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        description: SiteBinarySensorDescription,
    ) -> None:
        """Follow the condition."""
        super().__init__(coordinator, description)
        self._follow(description.is_on_fn)

    @override
    def _take(self, value: bool | None) -> None:
        self._attr_is_on = value


class ChargerBinarySensor(
    ChargerEntity, WritesOnChange[bool | None], BinarySensorEntity
):
    """A condition of one charger."""

    entity_description: ChargerBinarySensorDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        charger: ManagedCharger,
        description: ChargerBinarySensorDescription,
    ) -> None:
        """Follow the charger's condition."""
        super().__init__(coordinator, charger, description)
        is_on_fn = description.is_on_fn
        charger_id = self.charger_id
        self._follow(lambda snapshot: is_on_fn(snapshot.chargers[charger_id]))

    @override
    def _take(self, value: bool | None) -> None:
        self._attr_is_on = value
