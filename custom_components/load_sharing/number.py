"""Numbers: the values a user tunes from a dashboard, applied at once."""

from typing import Any, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import (
    LoadSharingEntity,
    Owner,
    charger_owner,
    circuit_owner,
    heating_owner,
    room_owner,
    supply_owner,
)
from .heating_config import RoomConfig
from .heating_tuning import HEATING_TUNABLES, TUNING, room_tunables
from .services import LimitFeature
from .snapshot import HEATING, NOTHING
from .tuning import (
    MAX_CHARGER_CURRENT,
    MAX_SERVICE_CURRENT,
    Tunable,
    charger_tunables,
    circuit_tunables,
    supply_tunables,
)

PARALLEL_UPDATES = 0

DEVICE_CLASSES: dict[str | None, NumberDeviceClass] = {
    UnitOfElectricCurrent.AMPERE: NumberDeviceClass.CURRENT,
    UnitOfTime.SECONDS: NumberDeviceClass.DURATION,
    UnitOfTime.MINUTES: NumberDeviceClass.DURATION,
    UnitOfPower.WATT: NumberDeviceClass.POWER,
    UnitOfTemperature.KELVIN: NumberDeviceClass.TEMPERATURE_DELTA,
    UnitOfTemperature.CELSIUS: NumberDeviceClass.TEMPERATURE,
}


def _describe(
    tunable: Tunable, category: EntityCategory | None = EntityCategory.CONFIG
) -> NumberEntityDescription:
    return NumberEntityDescription(
        key=tunable.key,
        translation_key=tunable.key,
        device_class=DEVICE_CLASSES.get(tunable.unit),
        native_unit_of_measurement=tunable.unit,
        native_min_value=tunable.minimum,
        native_max_value=tunable.maximum,
        native_step=tunable.step,
        mode=NumberMode.SLIDER,
        entity_category=category,
    )


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of the supply, then those of each charger."""
    coordinator = entry.runtime_data
    if (charging := coordinator.charging) is not None:
        supply = supply_owner(coordinator)
        async_add_entities(
            MaximumNumber(coordinator, supply, tunable, entry.title)
            if tunable.key == MAX_SERVICE_CURRENT
            else TuningNumber(coordinator, supply, tunable)
            for tunable in supply_tunables(charging.supply)
        )
        for circuit in charging.circuits.configs.values():
            part = circuit_owner(coordinator, circuit)
            async_add_entities(
                (
                    TuningNumber(coordinator, part, tunable)
                    for tunable in circuit_tunables(circuit.rating_a)
                ),
                config_subentry_id=part.subentry_id,
            )
        for charger in charging.chargers.values():
            owner = charger_owner(coordinator, charger.config)
            async_add_entities(
                (
                    MaximumNumber(coordinator, owner, tunable, charger.config.name)
                    if tunable.key == MAX_CHARGER_CURRENT
                    else TuningNumber(coordinator, owner, tunable)
                    for tunable in charger_tunables(charger.config)
                ),
                config_subentry_id=owner.subentry_id,
            )
    if (heating := coordinator.heating) is not None:
        async_add_entities(
            TuningNumber(coordinator, heating_owner(coordinator), tunable)
            for tunable in HEATING_TUNABLES
        )
        for room in heating.rooms.values():
            room_part = room_owner(coordinator, room.config)
            async_add_entities(
                (
                    RoomNumber(coordinator, room_part, tunable, room.config)
                    for tunable in room_tunables(
                        room.config, coordinator.store.tuning(HEATING)
                    )
                ),
                config_subentry_id=room_part.subentry_id,
            )


class TuningNumber(LoadSharingEntity[Any], NumberEntity):
    """A tuning value."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        tunable: Tunable,
        category: EntityCategory | None = EntityCategory.CONFIG,
        follows: str = NOTHING,
    ) -> None:
        """Take the range from the tunable."""
        description = _describe(tunable, category)
        super().__init__(coordinator, owner, description, follows=follows)
        self._tunable = tunable

    @property
    @override
    def native_value(self) -> float:
        """The value in use."""
        return self._tunable.value(self.coordinator.store.tuning(self.owner.key))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Use and keep another value."""
        self.coordinator.async_tune(self.owner.key, self._tunable.key, value)
        self.async_write_ha_state()


class RoomNumber(TuningNumber):
    """A tuning value of a room, which may be the site's until it has its own."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        tunable: Tunable,
        room: RoomConfig,
    ) -> None:
        """Follow the site's values, too."""
        super().__init__(coordinator, owner, tunable, follows=TUNING)
        self._room = room

    @property
    @override
    def native_value(self) -> float:
        """The value in use."""
        store = self.coordinator.store
        tunables = room_tunables(self._room, store.tuning(HEATING))
        tunable = next(item for item in tunables if item.key == self._tunable.key)
        return tunable.value(store.tuning(self.owner.key))


class MaximumNumber(TuningNumber):
    """The maximum of the supply or a charger: a limit can be set on it for a time."""

    _attr_supported_features = LimitFeature.SET_LIMIT

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        tunable: Tunable,
        limited: str,
    ) -> None:
        """Be no configuration: an action aimed at a device passes over that."""
        super().__init__(coordinator, owner, tunable, category=None)
        self.limited = limited
        self.rating_a = tunable.maximum
