"""What is shown of the supply and its chargers."""

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTime,
)

from ..const import PHASES
from ..site.descriptions import PartBinarySensorDescription, PartSensorDescription
from ..site.snapshot import ChargerSnapshot, ChargingSnapshot, CircuitSnapshot
from .engine.model import ActionReason, BalancerState, Limit, PhaseVector


def _rounded(value: float | None) -> float | None:
    """A tenth of an ampere is more than a meter knows."""
    return None if value is None else round(value, 1)


def _utilisation(snapshot: ChargingSnapshot) -> float | None:
    if snapshot.service_a is None:
        return None
    return round(100 * max(snapshot.service_a) / snapshot.limit_a)


SUPPLY_SENSORS: tuple[PartSensorDescription[ChargingSnapshot], ...] = (
    PartSensorDescription(
        key="service_current",
        translation_key="service_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda snapshot: (
            _rounded(max(snapshot.service_a)) if snapshot.service_a else None
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
            _rounded(min(headroom_a))
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
        value_fn=lambda snapshot: _rounded(snapshot.decision.available_a),
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
            _rounded(max(base_a)) if (base_a := snapshot.decision.base_a) else None
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
        value_fn=lambda snapshot: _rounded(snapshot.usable_a),
    ),
    PartSensorDescription(
        key="temporary_limit",
        translation_key="temporary_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda snapshot: (
            snapshot.temporary_limit.current_a if snapshot.temporary_limit else None
        ),
    ),
    PartSensorDescription(
        key="balancer_state",
        translation_key="balancer_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in BalancerState],
        value_fn=lambda snapshot: snapshot.decision.state.value,
    ),
)

CHARGER_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="current_set",
        translation_key="current_set",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.current_a,
    ),
    PartSensorDescription(
        key="current_decided",
        translation_key="current_decided",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.decided_a,
    ),
    PartSensorDescription(
        key="power_set",
        translation_key="power_set",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.power_w,
    ),
    PartSensorDescription(
        key="draw",
        translation_key="draw",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda charger: _rounded(charger.draw_a),
    ),
    PartSensorDescription(
        key="limiting_reason",
        translation_key="limiting_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[limit.value for limit in Limit],
        value_fn=lambda charger: charger.limit.value,
    ),
    PartSensorDescription(
        key="last_action_reason",
        translation_key="last_action_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in ActionReason],
        value_fn=lambda charger: (
            charger.last_action.value if charger.last_action else None
        ),
    ),
    PartSensorDescription(
        key="temporary_limit",
        translation_key="temporary_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.temporary_limit_a,
    ),
    PartSensorDescription(
        key="temporary_limit_until",
        translation_key="temporary_limit_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda charger: charger.temporary_limit_until,
    ),
    PartSensorDescription(
        key="last_action_error",
        translation_key="last_action_error",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error,
    ),
    PartSensorDescription(
        key="last_action_error_time",
        translation_key="last_action_error_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error_at,
    ),
    PartSensorDescription(
        key="command_latency",
        translation_key="command_latency",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.latency_s,
    ),
    PartSensorDescription(
        key="retries",
        translation_key="retries",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.retries,
    ),
)

LIMITING_CIRCUIT: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="limiting_circuit",
        translation_key="limiting_circuit",
        value_fn=lambda charger: charger.limiting_circuit,
    ),
)

CIRCUIT_SENSORS: tuple[PartSensorDescription[CircuitSnapshot], ...] = (
    PartSensorDescription(
        key="circuit_current",
        translation_key="circuit_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda circuit: _rounded(circuit.current_a),
    ),
    PartSensorDescription(
        key="headroom",
        translation_key="headroom",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda circuit: _rounded(circuit.headroom_a),
    ),
)

CIRCUIT_BINARY_SENSORS: tuple[PartBinarySensorDescription[CircuitSnapshot], ...] = (
    PartBinarySensorDescription(
        key="overload",
        translation_key="overload",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda circuit: (
            None if circuit.headroom_a is None else circuit.headroom_a < 0
        ),
    ),
    PartBinarySensorDescription(
        key="meter_problem",
        translation_key="meter_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda circuit: circuit.meter_problem,
    ),
)


def phase_sensors(phase: int) -> tuple[PartSensorDescription[ChargingSnapshot], ...]:
    """What is shown of one phase, where there are several."""

    def of_phase(vector: PhaseVector | None) -> float | None:
        return _rounded(vector[phase]) if vector else None

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


SUPPLY_BINARY_SENSORS: tuple[PartBinarySensorDescription[ChargingSnapshot], ...] = (
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

CHARGER_BINARY_SENSORS: tuple[PartBinarySensorDescription[ChargerSnapshot], ...] = (
    PartBinarySensorDescription(
        key="charging",
        translation_key="charging",
        device_class=BinarySensorDeviceClass.BATTERY_CHARGING,
        is_on_fn=lambda charger: charger.charging,
    ),
    PartBinarySensorDescription(
        key="waiting",
        translation_key="waiting",
        is_on_fn=lambda charger: charger.waiting,
    ),
    PartBinarySensorDescription(
        key="charger_problem",
        translation_key="charger_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda charger: charger.problem,
    ),
)
