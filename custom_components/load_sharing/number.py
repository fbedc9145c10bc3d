"""Numbers: the values a user tunes from a dashboard, applied at once."""

from typing import Any, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    Platform,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, async_add_entities_of_halves
from .services import LimitFeature
from .site.descriptions import Owner, TunableDescription

PARALLEL_UPDATES = 0

DEVICE_CLASSES: dict[str | None, NumberDeviceClass] = {
    UnitOfElectricCurrent.AMPERE: NumberDeviceClass.CURRENT,
    UnitOfTime.SECONDS: NumberDeviceClass.DURATION,
    UnitOfTime.MINUTES: NumberDeviceClass.DURATION,
    UnitOfPower.WATT: NumberDeviceClass.POWER,
    UnitOfTemperature.KELVIN: NumberDeviceClass.TEMPERATURE_DELTA,
    UnitOfTemperature.CELSIUS: NumberDeviceClass.TEMPERATURE,
}


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers."""
    await async_add_entities_of_halves(
        entry.runtime_data, Platform.NUMBER, async_add_entities, _make
    )


def _make(
    coordinator: LoadSharingCoordinator,
    owner: Owner[Any],
    description: TunableDescription,
) -> TuningNumber:
    make = TuningNumber if description.limited is None else MaximumNumber
    return make(coordinator, owner, description)


def _describe(described: TunableDescription) -> NumberEntityDescription:
    tunable = described.tunable
    return NumberEntityDescription(
        key=tunable.key,
        translation_key=tunable.key,
        device_class=DEVICE_CLASSES.get(tunable.unit),
        native_unit_of_measurement=tunable.unit,
        native_min_value=tunable.minimum,
        native_max_value=tunable.maximum,
        native_step=tunable.step,
        mode=NumberMode.SLIDER,
        entity_category=described.entity_category,
    )


class TuningNumber(LoadSharingEntity[Any], NumberEntity):
    """A tuning value."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: TunableDescription,
    ) -> None:
        """Take the range from the tunable."""
        follows = description.follows
        super().__init__(coordinator, owner, _describe(description), follows=follows)
        self._tunable = description.tunable
        self._default_fn = description.default_fn

    @property
    @override
    def native_value(self) -> float:
        """The value in use."""
        tunable = self._default_fn() if self._default_fn else self._tunable
        return tunable.value(self.coordinator.store.tuning(self.owner.key))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Use and keep another value."""
        self.coordinator.async_tune(self.owner.key, self._tunable.key, value)
        self.async_write_ha_state()


class MaximumNumber(TuningNumber):
    """The maximum of the supply or a charger: a limit can be set on it for a time."""

    _attr_supported_features = LimitFeature.SET_LIMIT

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: TunableDescription,
    ) -> None:
        """Name what is limited, and the most it can be limited to."""
        super().__init__(coordinator, owner, description)
        self.limited = description.limited or ""
        self.rating_a = description.tunable.maximum
