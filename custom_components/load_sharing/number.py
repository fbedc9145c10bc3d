"""Numbers: values that the user tunes and that apply at once."""

from datetime import timedelta
from enum import IntFlag
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
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import LoadSharingEntity, async_add_entities_of_halves
from .site.descriptions import MaximumDescription, Owner, TunableDescription

PARALLEL_UPDATES = 0


class LimitFeature(IntFlag):
    """Marks the numbers that the action *Set limit* works on."""

    SET_LIMIT = 1


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
    if isinstance(description, MaximumDescription):
        return MaximumNumber(coordinator, owner, description)
    return TuningNumber(coordinator, owner, description)


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
        mode=NumberMode.BOX,
        entity_category=described.entity_category,
        entity_registry_enabled_default=described.entity_registry_enabled_default,
    )


class TuningNumber(LoadSharingEntity[Any], NumberEntity):
    """A tuning value."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: TunableDescription,
    ) -> None:
        """Take the range and the unit from the tunable."""
        follows = description.follows
        super().__init__(coordinator, owner, _describe(description), follows=follows)
        self._tunable = description.tunable
        self._default_fn = description.default_fn

    @property
    @override
    def native_value(self) -> float:
        """Return the value in use."""
        tunable = self._default_fn() if self._default_fn else self._tunable
        return tunable.value(self.coordinator.store.tuning(self.owner.key))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Apply and store another value."""
        self.coordinator.async_tune(self.owner.key, self._tunable.key, value)
        self.async_write_ha_state()


class MaximumNumber(TuningNumber):
    """The maximum of the supply or a charger, which *Set limit* lowers for a time."""

    _attr_supported_features = LimitFeature.SET_LIMIT

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        owner: Owner[Any],
        description: MaximumDescription,
    ) -> None:
        """Take the name of what is limited, and the function that sets the limit."""
        super().__init__(coordinator, owner, description)
        self._limited = description.limited
        self._set_limit_fn = description.set_limit_fn

    async def async_set_limit(
        self, current: float | None = None, duration: timedelta | None = None
    ) -> None:
        """Limit the supply or a charger to a current in A; None removes the limit."""
        rating_a = self._tunable.maximum
        if current is not None and current > rating_a:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="limit_above_rating",
                translation_placeholders={
                    "current_a": f"{current:g}",
                    "rating_a": f"{rating_a:g}",
                    "limited": self._limited,
                },
            )
        self._set_limit_fn(current, duration)
