"""Numbers: the values a user tunes from a dashboard, applied at once."""

from typing import override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger import ManagedCharger
from .coordinator import NOTHING, LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import ChargerEntity, SiteEntity
from .services import LimitFeature
from .tuning import (
    MAX_CHARGER_CURRENT,
    OVERLOAD_LOOP_INTERVAL,
    OVERLOAD_TRIGGER_DELAY,
    RAMP_UP_TIME,
    SETTLE_TIME,
    Tunable,
    charger_tunables,
    site_tunables,
)

PARALLEL_UPDATES = 0

TIMES = {RAMP_UP_TIME, OVERLOAD_TRIGGER_DELAY, OVERLOAD_LOOP_INTERVAL, SETTLE_TIME}


def _category(tunable: Tunable) -> EntityCategory | None:
    """An action aimed at a device passes over what is marked as configuration."""
    return None if tunable.key == MAX_CHARGER_CURRENT else EntityCategory.CONFIG


def _description(tunable: Tunable) -> NumberEntityDescription:
    is_time = tunable.key in TIMES
    return NumberEntityDescription(
        key=tunable.key,
        translation_key=tunable.key,
        device_class=NumberDeviceClass.DURATION
        if is_time
        else NumberDeviceClass.CURRENT,
        native_unit_of_measurement=(
            UnitOfTime.SECONDS if is_time else UnitOfElectricCurrent.AMPERE
        ),
        native_min_value=tunable.minimum,
        native_max_value=tunable.maximum,
        native_step=tunable.step,
        mode=NumberMode.SLIDER,
        entity_category=_category(tunable),
    )


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of the site, then those of each charger."""
    coordinator = entry.runtime_data
    async_add_entities(
        SiteNumber(coordinator, tunable)
        for tunable in site_tunables(coordinator.supply)
    )
    for charger in coordinator.chargers.values():
        async_add_entities(
            (
                ChargerNumber(coordinator, charger, tunable)
                for tunable in charger_tunables(charger.config)
            ),
            config_subentry_id=charger.config.charger_id,
        )


class SiteNumber(SiteEntity, NumberEntity):
    """A tuning value of the site."""

    def __init__(self, coordinator: LoadSharingCoordinator, tunable: Tunable) -> None:
        """Take the range from the tunable."""
        super().__init__(coordinator, _description(tunable), follows=NOTHING)
        self._tunable = tunable

    @property
    @override
    def native_value(self) -> float:
        """The value in use."""
        return self._tunable.value(self.coordinator.store.tuning(None))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Use and keep another value."""
        self.coordinator.async_tune(None, self._tunable.key, value)
        self.async_write_ha_state()


class ChargerNumber(ChargerEntity, NumberEntity):
    """A tuning value of one charger."""

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        charger: ManagedCharger,
        tunable: Tunable,
    ) -> None:
        """Take the range from the tunable; the maximum is what a limit is set on."""
        super().__init__(coordinator, charger, _description(tunable), follows=NOTHING)
        self._tunable = tunable
        if tunable.key == MAX_CHARGER_CURRENT:
            self._attr_supported_features = LimitFeature.SET_LIMIT

    @property
    @override
    def native_value(self) -> float:
        """The value in use."""
        return self._tunable.value(self.coordinator.store.tuning(self.charger_id))

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Use and keep another value."""
        self.coordinator.async_tune(self.charger_id, self._tunable.key, value)
        self.async_write_ha_state()
