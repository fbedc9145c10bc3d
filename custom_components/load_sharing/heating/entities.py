"""What is shown of the heating and its rooms."""

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)

from ..site.descriptions import PartBinarySensorDescription, PartSensorDescription
from ..site.snapshot import HeatingSnapshot, RoomSnapshot
from .engine.model import LoadSharingState, Reason, RoomReason, Tier

NO_TIER = "none"


def _rounded(value: float | None, digits: int = 0) -> float | None:
    return None if value is None else round(value, digits)


def _if_known(heating: HeatingSnapshot, capacity_w: float) -> float | None:
    """Capacity in W; None while that of some calling room is not known."""
    return _rounded(capacity_w, -1) if heating.decision.capacity_known else None


def _tier_sensor(tier: Tier) -> PartSensorDescription[HeatingSnapshot]:
    return PartSensorDescription(
        key=f"tier_{tier.value}_rooms",
        translation_key=f"tier_{tier.value}_rooms",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: sum(
            room.tier is tier for room in heating.decision.rooms.values()
        ),
    )


HEATING_SENSORS: tuple[PartSensorDescription[HeatingSnapshot], ...] = (
    PartSensorDescription(
        key="state",
        translation_key="load_sharing_state",
        device_class=SensorDeviceClass.ENUM,
        options=[state.value for state in LoadSharingState],
        value_fn=lambda heating: heating.decision.state.value,
    ),
    PartSensorDescription(
        key="reason",
        translation_key="load_sharing_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in Reason],
        value_fn=lambda heating: heating.decision.reason.value,
    ),
    PartSensorDescription(
        key="calling_capacity",
        translation_key="calling_capacity",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda heating: _if_known(
            heating, heating.decision.calling_capacity_w
        ),
    ),
    PartSensorDescription(
        key="total_capacity",
        translation_key="total_capacity",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda heating: _if_known(heating, heating.decision.total_capacity_w),
    ),
    PartSensorDescription(
        key="trigger_rooms",
        translation_key="trigger_rooms",
        value_fn=lambda heating: heating.trigger_names,
    ),
    PartSensorDescription(
        key="active_since",
        translation_key="active_since",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda heating: heating.decision.active_since,
    ),
    *(_tier_sensor(tier) for tier in Tier),
    PartSensorDescription(
        key="cooldowns_today",
        translation_key="cooldowns_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda heating: heating.cooldowns_today,
    ),
    PartSensorDescription(
        key="cooldowns_last_hour",
        translation_key="cooldowns_last_hour",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: heating.cooldowns_last_hour,
    ),
    PartSensorDescription(
        key="starts_last_hour",
        translation_key="starts_last_hour",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: heating.starts_last_hour,
    ),
    PartSensorDescription(
        key="sharing_time",
        translation_key="sharing_time",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        suggested_display_precision=1,
        value_fn=lambda heating: _rounded(heating.sharing_s, -1),
    ),
    PartSensorDescription(
        key="prevented_cooldowns",
        translation_key="prevented_cooldowns",
        state_class=SensorStateClass.TOTAL,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: _rounded(heating.prevented_cooldowns, 1),
    ),
    PartSensorDescription(
        key="false_activation_rate",
        translation_key="false_activation_rate",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: (
            None
            if heating.false_activation_rate is None
            else round(100 * heating.false_activation_rate)
        ),
    ),
)

ROOM_SENSORS: tuple[PartSensorDescription[RoomSnapshot], ...] = (
    PartSensorDescription(
        key="tier",
        translation_key="tier",
        device_class=SensorDeviceClass.ENUM,
        options=[NO_TIER, *(f"tier_{tier.value}" for tier in Tier)],
        value_fn=lambda room: (
            f"tier_{room.decision.tier.value}" if room.decision.tier else NO_TIER
        ),
    ),
    PartSensorDescription(
        key="valve_command",
        translation_key="valve_command",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=0,
        value_fn=lambda room: room.decision.valve_pct,
    ),
    PartSensorDescription(
        key="setpoint_command",
        translation_key="setpoint_command",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        suggested_display_precision=1,
        value_fn=lambda room: room.decision.setpoint_c,
    ),
    PartSensorDescription(
        key="reason",
        translation_key="room_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in RoomReason],
        value_fn=lambda room: room.decision.reason.value,
    ),
    PartSensorDescription(
        key="since",
        translation_key="room_since",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda room: room.decision.since,
    ),
    PartSensorDescription(
        key="next_block",
        translation_key="next_block",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda room: (
            room.decision.next_block.start if room.decision.next_block else None
        ),
    ),
    PartSensorDescription(
        key="capacity",
        translation_key="capacity",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda room: _rounded(room.decision.capacity_w, -1),
    ),
    PartSensorDescription(
        key="to_target",
        translation_key="to_target",
        device_class=SensorDeviceClass.TEMPERATURE_DELTA,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.KELVIN,
        suggested_display_precision=1,
        value_fn=lambda room: _rounded(room.to_target_k, 1),
    ),
)

HEATING_BINARY_SENSORS: tuple[PartBinarySensorDescription[HeatingSnapshot], ...] = (
    PartBinarySensorDescription(
        key="sharing",
        translation_key="sharing",
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda heating: heating.decision.state.is_active,
    ),
    PartBinarySensorDescription(
        key="cycling_risk",
        translation_key="cycling_risk",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda heating: heating.decision.evidence is not None,
    ),
    PartBinarySensorDescription(
        key="boiler_problem",
        translation_key="boiler_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda heating: heating.boiler_problem,
    ),
    PartBinarySensorDescription(
        key="cooling_down",
        translation_key="cooling_down",
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda heating: heating.decision.boiler_setpoint_c is not None,
    ),
)

ROOM_BINARY_SENSORS: tuple[PartBinarySensorDescription[RoomSnapshot], ...] = (
    PartBinarySensorDescription(
        key="calling",
        translation_key="calling",
        device_class=BinarySensorDeviceClass.HEAT,
        is_on_fn=lambda room: room.decision.calling,
    ),
    PartBinarySensorDescription(
        key="valve_problem",
        translation_key="valve_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda room: room.problem,
    ),
)
