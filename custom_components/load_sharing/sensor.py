"""Sensors: what is measured, what is given, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .charger import ManagedCharger
from .charging.model import ActionReason, BalancerState, Limit
from .const import PHASES
from .coordinator import LoadSharingConfigEntry, LoadSharingCoordinator
from .entity import ChargerEntity, SiteEntity, WritesOnChange
from .snapshot import ChargerSnapshot, SiteSnapshot

PARALLEL_UPDATES = 0

type SensorValue = float | str | datetime | None


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription):
    """A sensor of the site, and of each phase where ``phase_fn`` is given."""

    value_fn: Callable[[SiteSnapshot], SensorValue]
    phase_fn: Callable[[SiteSnapshot, int], SensorValue] | None = None


@dataclass(frozen=True, kw_only=True)
class ChargerSensorDescription(SensorEntityDescription):
    """A sensor of a charger."""

    value_fn: Callable[[ChargerSnapshot], SensorValue]


def _rounded(value: float | None) -> float | None:
    """A tenth of an ampere is more than a meter knows."""
    return None if value is None else round(value, 1)


def _utilisation(snapshot: SiteSnapshot) -> float | None:
    if snapshot.service_a is None:
        return None
    return round(100 * max(snapshot.service_a) / snapshot.limit_a)


SITE_SENSORS = (
    SiteSensorDescription(
        key="service_current",
        translation_key="service_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: (
            _rounded(max(snapshot.service_a)) if snapshot.service_a else None
        ),
        phase_fn=lambda snapshot, phase: (
            _rounded(snapshot.service_a[phase]) if snapshot.service_a else None
        ),
    ),
    SiteSensorDescription(
        key="headroom",
        translation_key="headroom",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: (
            _rounded(min(headroom_a))
            if (headroom_a := snapshot.decision.headroom_a)
            else None
        ),
        phase_fn=lambda snapshot, phase: (
            _rounded(headroom_a[phase])
            if (headroom_a := snapshot.decision.headroom_a)
            else None
        ),
    ),
    SiteSensorDescription(
        key="available_current",
        translation_key="available_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: _rounded(snapshot.decision.available_a),
    ),
    SiteSensorDescription(
        key="base_load",
        translation_key="base_load",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: (
            _rounded(max(base_a)) if (base_a := snapshot.decision.base_a) else None
        ),
    ),
    SiteSensorDescription(
        key="utilisation",
        translation_key="utilisation",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_registry_enabled_default=False,
        value_fn=_utilisation,
    ),
    SiteSensorDescription(
        key="balancer_state",
        translation_key="balancer_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in BalancerState],
        value_fn=lambda snapshot: snapshot.decision.state.value,
    ),
)

CHARGER_SENSORS = (
    ChargerSensorDescription(
        key="current_set",
        translation_key="current_set",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.current_a,
    ),
    ChargerSensorDescription(
        key="power_set",
        translation_key="power_set",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.power_w,
    ),
    ChargerSensorDescription(
        key="draw",
        translation_key="draw",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda charger: _rounded(charger.draw_a),
    ),
    ChargerSensorDescription(
        key="limiting_reason",
        translation_key="limiting_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[limit.value for limit in Limit],
        value_fn=lambda charger: charger.limit.value,
    ),
    ChargerSensorDescription(
        key="last_action_reason",
        translation_key="last_action_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in ActionReason],
        value_fn=lambda charger: (
            charger.last_action.value if charger.last_action else None
        ),
    ),
    ChargerSensorDescription(
        key="temporary_limit",
        translation_key="temporary_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.temporary_limit_a,
    ),
    ChargerSensorDescription(
        key="temporary_limit_until",
        translation_key="temporary_limit_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda charger: charger.temporary_limit_until,
    ),
    ChargerSensorDescription(
        key="last_action_error",
        translation_key="last_action_error",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error,
    ),
    ChargerSensorDescription(
        key="last_action_error_time",
        translation_key="last_action_error_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error_at,
    ),
    ChargerSensorDescription(
        key="command_latency",
        translation_key="command_latency",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.latency_s,
    ),
    ChargerSensorDescription(
        key="retries",
        translation_key="retries",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.retries,
    ),
)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: LoadSharingConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the site, then those of each charger."""
    coordinator = entry.runtime_data
    phases = range(len(coordinator.supply.meters))
    async_add_entities(SiteSensor(coordinator, item) for item in SITE_SENSORS)
    if len(phases) > 1:
        async_add_entities(
            SiteSensor(coordinator, item, phase)
            for item in SITE_SENSORS
            if item.phase_fn is not None
            for phase in phases
        )
    for charger in coordinator.chargers.values():
        async_add_entities(
            (ChargerSensor(coordinator, charger, item) for item in CHARGER_SENSORS),
            config_subentry_id=charger.config.charger_id,
        )


class SiteSensor(SiteEntity, WritesOnChange[SensorValue], SensorEntity):
    """A value of the site, or of one of its phases."""

    entity_description: SiteSensorDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        description: SiteSensorDescription,
        phase: int | None = None,
    ) -> None:
        """Follow the site's value, or the phase's."""
        super().__init__(coordinator, description)
        phase_fn = description.phase_fn
        if phase is None or phase_fn is None:
            self._follow(description.value_fn)
            return
        self._attr_translation_key = f"{description.key}_phase"
        self._attr_translation_placeholders = {"phase": PHASES[phase].upper()}
        self._attr_unique_id = f"{self._attr_unique_id}_{PHASES[phase]}"
        self._follow(lambda snapshot: phase_fn(snapshot, phase))

    @override
    def _take(self, value: SensorValue) -> None:
        self._attr_native_value = value


class ChargerSensor(ChargerEntity, WritesOnChange[SensorValue], SensorEntity):
    """A value of one charger."""

    entity_description: ChargerSensorDescription

    def __init__(
        self,
        coordinator: LoadSharingCoordinator,
        charger: ManagedCharger,
        description: ChargerSensorDescription,
    ) -> None:
        """Follow the charger's value."""
        super().__init__(coordinator, charger, description)
        value_fn = description.value_fn
        charger_id = self.charger_id
        self._follow(lambda snapshot: value_fn(snapshot.chargers[charger_id]))

    @override
    def _take(self, value: SensorValue) -> None:
        self._attr_native_value = value
