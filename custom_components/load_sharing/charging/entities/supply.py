"""Describes the entities of the supply, which are on the site's device."""

from collections.abc import Sequence
from functools import partial

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription

from ...const import DOMAIN, OWNER_SUPPLY, PHASES
from ...site.descriptions import (
    Owner,
    PartBinarySensorDescription,
    PartEventDescription,
    PartMomentDescription,
    PartSensorDescription,
    PartSwitchDescription,
    describe_tunables,
    rounded,
)
from ...site.host import Host
from ...site.notices import Listen
from ..control import ChargingControl
from ..engine.decision import BalancerState
from ..engine.model import PhaseVector
from ..engine.overload import OverloadEventType
from ..snapshot import ChargingSnapshot, of_site
from ..tuning import MAX_SERVICE_CURRENT, supply_tunables


def owner(host: Host) -> Owner[ChargingSnapshot]:
    """Return the owner of the entities of the supply."""
    entry_id = host.entry.entry_id
    return Owner(
        key=OWNER_SUPPLY,
        unique_id=entry_id,
        device=DeviceInfo(identifiers={(DOMAIN, entry_id)}),
        part=of_site,
    )


def describe(
    control: ChargingControl, name: str, platform: Platform
) -> Sequence[EntityDescription]:
    """Describe the entities of the supply on one platform."""
    match platform:
        case Platform.SENSOR:
            phases = control.supply.mains.phases
            by_phase = [item for phase in phases for item in phase_sensors(phase)]
            measured = VOLTAGE_SENSORS if control.supply.voltage_entity else ()
            return [
                MOMENT,
                *SENSORS,
                *COUNTS,
                *measured,
                *(by_phase if len(phases) > 1 else ()),
            ]
        case Platform.BINARY_SENSOR:
            return BINARY_SENSORS
        case Platform.NUMBER:
            return describe_tunables(
                supply_tunables(control.supply),
                maximum=MAX_SERVICE_CURRENT,
                limited=name,
                set_limit=partial(control.async_set_limit, OWNER_SUPPLY),
            )
        case Platform.SWITCH:
            return switches(control)
        case Platform.EVENT:
            return [overload_event(control.notices.async_listen)]
        case _:
            return ()


def _utilisation(snapshot: ChargingSnapshot) -> float | None:
    """Return the current of the fullest phase in % of the limit."""
    if snapshot.service_a is None:
        return None
    return round(100 * max(snapshot.service_a) / snapshot.limit_a)


MOMENT: PartMomentDescription[ChargingSnapshot] = PartMomentDescription(
    key="moment",
    translation_key="charging_moment",
    moment_fn=lambda snapshot: snapshot.moment,
)

SENSORS: tuple[PartSensorDescription[ChargingSnapshot], ...] = (
    PartSensorDescription(
        key="service_current",
        translation_key="service_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: (
            rounded(max(snapshot.service_a), 1) if snapshot.service_a else None
        ),
    ),
    PartSensorDescription(
        key="headroom",
        translation_key="headroom",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: (
            rounded(min(headroom_a), 1)
            if (headroom_a := snapshot.decision.headroom_a)
            else None
        ),
    ),
    PartSensorDescription(
        key="available_current",
        translation_key="available_current",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: rounded(snapshot.decision.available_a, 1),
    ),
    PartSensorDescription(
        key="base_load",
        translation_key="base_load",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: (
            rounded(max(base_a), 1) if (base_a := snapshot.decision.base_a) else None
        ),
    ),
    PartSensorDescription(
        key="utilisation",
        translation_key="utilisation",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_registry_enabled_default=False,
        value_fn=_utilisation,
    ),
    PartSensorDescription(
        key="usable_current",
        translation_key="usable_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: rounded(snapshot.usable_a, 1),
    ),
    PartSensorDescription(
        key="temporary_limit",
        translation_key="temporary_limit",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda snapshot: (
            snapshot.temporary_limit.current_a if snapshot.temporary_limit else None
        ),
    ),
    PartSensorDescription(
        key="learned_silence",
        translation_key="learned_silence",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        value_fn=lambda snapshot: rounded(snapshot.learned_silence_s, 0),
    ),
    PartSensorDescription(
        key="balancer_state",
        translation_key="balancer_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in BalancerState],
        value_fn=lambda snapshot: snapshot.decision.state.value,
    ),
)

COUNTS: tuple[PartSensorDescription[ChargingSnapshot], ...] = (
    PartSensorDescription(
        key="overloads_corrected",
        translation_key="overloads_corrected",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda snapshot: snapshot.overloads_corrected,
    ),
    PartSensorDescription(
        key="overloads_today",
        translation_key="overloads_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.overloads_today,
    ),
    PartSensorDescription(
        key="peak_today",
        translation_key="peak_today",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda snapshot: rounded(snapshot.peak_today_a, 0),
    ),
)
"""What balancing was good for."""

VOLTAGE_SENSORS: tuple[PartSensorDescription[ChargingSnapshot], ...] = (
    PartSensorDescription(
        key="voltage_used",
        translation_key="voltage_used",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        device_class=SensorDeviceClass.VOLTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        suggested_display_precision=1,
        value_fn=lambda snapshot: rounded(snapshot.voltage_v, 1),
    ),
)
"""Only where the voltage is measured."""


def phase_sensors(phase: int) -> tuple[PartSensorDescription[ChargingSnapshot], ...]:
    """Describe the sensors of one phase, where there are several."""

    def of_phase(vector: PhaseVector | None) -> float | None:
        return rounded(vector[phase], 1) if vector else None

    return (
        PartSensorDescription(
            key=f"service_current_{PHASES[phase]}",
            translation_key="service_current_phase",
            entity_registry_enabled_default=False,
            translation_placeholders={"phase": PHASES[phase].upper()},
            device_class=SensorDeviceClass.CURRENT,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
            suggested_display_precision=1,
            value_fn=lambda snapshot: of_phase(snapshot.service_a),
        ),
        PartSensorDescription(
            key=f"headroom_{PHASES[phase]}",
            translation_key="headroom_phase",
            entity_registry_enabled_default=False,
            translation_placeholders={"phase": PHASES[phase].upper()},
            device_class=SensorDeviceClass.CURRENT,
            state_class=SensorStateClass.MEASUREMENT,
            native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
            suggested_display_precision=1,
            value_fn=lambda snapshot: of_phase(snapshot.decision.headroom_a),
        ),
    )


BINARY_SENSORS: tuple[PartBinarySensorDescription[ChargingSnapshot], ...] = (
    PartBinarySensorDescription(
        key="overload",
        translation_key="overload",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda snapshot: (
            None if snapshot.service_a is None else snapshot.decision.overloaded
        ),
    ),
    PartBinarySensorDescription(
        key="meter_problem",
        translation_key="meter_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda snapshot: snapshot.meter_problem is not None,
    ),
    PartBinarySensorDescription(
        key="fallback_active",
        translation_key="fallback_active",
        is_on_fn=lambda snapshot: snapshot.decision.fallback_active,
    ),
)


def switches(
    control: ChargingControl,
) -> tuple[PartSwitchDescription[ChargingSnapshot], ...]:
    """Describe the switches of balancing and of shadow mode."""
    return (
        PartSwitchDescription(
            key="balancing",
            translation_key="balancing",
            entity_category=EntityCategory.CONFIG,
            is_on_fn=lambda snapshot: snapshot.enabled,
            turn_fn=lambda on: control.async_set_enabled(enabled=on),
        ),
        PartSwitchDescription(
            key="shadow",
            translation_key="shadow",
            entity_category=EntityCategory.CONFIG,
            is_on_fn=lambda snapshot: snapshot.shadow,
            turn_fn=lambda on: control.async_set_shadow(shadow=on),
        ),
    )


def overload_event(listen: Listen) -> PartEventDescription:
    """Describe the event entity of overloads."""
    return PartEventDescription(
        key="overload_event",
        translation_key="overload_event",
        event_types=[event_type.value for event_type in OverloadEventType],
        listen=listen,
    )
