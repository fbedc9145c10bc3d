"""Describes the entities of a charger."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfElectricCurrent,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.helpers.entity import EntityDescription

from ...site.descriptions import (
    Attributes,
    Owner,
    PartBinarySensorDescription,
    PartButtonDescription,
    PartSensorDescription,
    describe_tunables,
    rounded,
)
from ...site.devices import subentry_owner
from ...site.host import Host
from ..config import ChargerConfig
from ..control import ChargingControl
from ..engine.commissioning import Outcome
from ..engine.decision import ActionReason
from ..engine.model import Limit
from ..snapshot import ChargerSnapshot, of_site
from ..tuning import MAX_CHARGER_CURRENT, charger_tunables


def owner(host: Host, charger: ChargerConfig) -> Owner[ChargerSnapshot]:
    """Return the owner of the entities of a charger."""
    charger_id = charger.charger_id
    return subentry_owner(
        host, charger_id, charger.name, lambda site: of_site(site).chargers[charger_id]
    )


def describe(
    control: ChargingControl, charger: ChargerConfig, platform: Platform
) -> Sequence[EntityDescription]:
    """Describe the entities of a charger on one platform."""
    match platform:
        case Platform.SENSOR:
            return sensors(charger, on_circuits=bool(control.circuits.configs))
        case Platform.BINARY_SENSOR:
            return BINARY_SENSORS
        case Platform.NUMBER:
            return describe_tunables(
                charger_tunables(charger),
                maximum=MAX_CHARGER_CURRENT,
                limited=charger.name,
                set_limit=partial(control.async_set_limit, charger.charger_id),
            )
        case Platform.BUTTON:
            return [test_button(partial(control.async_test, charger.charger_id))]
        case _:
            return ()


def sensors(
    charger: ChargerConfig, *, on_circuits: bool
) -> Sequence[PartSensorDescription[ChargerSnapshot]]:
    """Describe the sensors of a charger, depending on its configuration."""
    return [
        *SENSORS,
        *TEST_SENSORS,
        *((*ENERGY_SENSORS, *TEST_DRAW_SENSORS) if charger.draws else ()),
        *(HAND_LIMIT_SENSORS if charger.has_control_entities else ()),
        *(CIRCUIT_SENSORS if on_circuits else ()),
        *(PHASE_SENSORS if len(charger.phases) > 1 else ()),
    ]


def _limit_attributes(charger: ChargerSnapshot) -> Attributes:
    """Return what belongs to the limit: the circuit, and the limits that end."""
    attributes: dict[str, float | str | datetime | None] = {}
    if charger.limiting_circuit is not None:
        attributes["circuit"] = charger.limiting_circuit
    for name, limit in (
        ("temporary_limit", charger.temporary_limit),
        ("set_by_hand", charger.hand_limit),
    ):
        if limit is not None:
            attributes[f"{name}_a"] = limit.current_a
            attributes[f"{name}_until"] = limit.until
    return attributes


SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
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
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.decided_a,
    ),
    PartSensorDescription(
        key="power_set",
        translation_key="power_set",
        entity_registry_enabled_default=False,
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
        value_fn=lambda charger: rounded(charger.draw_a, 1),
    ),
    PartSensorDescription(
        key="limiting_reason",
        translation_key="limiting_reason",
        device_class=SensorDeviceClass.ENUM,
        options=[limit.value for limit in Limit],
        value_fn=lambda charger: charger.limit.value,
        attributes_fn=_limit_attributes,
    ),
    PartSensorDescription(
        key="last_action_reason",
        translation_key="last_action_reason",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in ActionReason],
        value_fn=lambda charger: (
            charger.last_action.value if charger.last_action else None
        ),
    ),
    PartSensorDescription(
        key="temporary_limit",
        translation_key="temporary_limit",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.temporary_limit_a,
    ),
    PartSensorDescription(
        key="temporary_limit_until",
        translation_key="temporary_limit_until",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda charger: charger.temporary_limit_until,
    ),
    PartSensorDescription(
        key="last_action_error",
        translation_key="last_action_error",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error,
    ),
    PartSensorDescription(
        key="last_action_error_time",
        translation_key="last_action_error_time",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.error_at,
    ),
    PartSensorDescription(
        key="command_latency",
        translation_key="command_latency",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.latency_s,
    ),
    PartSensorDescription(
        key="response_time",
        translation_key="response_time",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: rounded(charger.response_s, 1),
    ),
    PartSensorDescription(
        key="retries",
        translation_key="retries",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.record.retries,
    ),
)

ENERGY_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = tuple(
    PartSensorDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENERGY,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=1,
        value_fn=value_fn,
    )
    for key, value_fn in (
        ("energy", lambda charger: charger.energy_kwh),
        ("session_energy", lambda charger: charger.session_kwh),
    )
)
"""Only where the draw is measured."""

TEST_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="test_result",
        translation_key="test_result",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=[outcome.value for outcome in Outcome],
        value_fn=lambda charger: charger.findings.outcome.value,
    ),
    PartSensorDescription(
        key="test_latency",
        translation_key="test_latency",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: rounded(charger.findings.latency_s, 1),
    ),
)

TEST_DRAW_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="test_car_latency",
        translation_key="test_car_latency",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: rounded(charger.findings.follow_s, 1),
    ),
    PartSensorDescription(
        key="test_accuracy",
        translation_key="test_accuracy",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: rounded(charger.findings.error_a, 1),
    ),
    PartSensorDescription(
        key="suggested_settle_time",
        translation_key="suggested_settle_time",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.findings.suggested_settle_s,
    ),
)

HAND_LIMIT_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="hand_limit",
        translation_key="hand_limit",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.hand_limit_a,
    ),
    PartSensorDescription(
        key="hand_limit_until",
        translation_key="hand_limit_until",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda charger: charger.hand_limit_until,
    ),
)

CIRCUIT_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="limiting_circuit",
        translation_key="limiting_circuit",
        entity_registry_enabled_default=False,
        value_fn=lambda charger: charger.limiting_circuit,
    ),
)

PHASE_SENSORS: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="phases_used",
        translation_key="phases_used",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.phases_used,
    ),
)

BINARY_SENSORS: tuple[PartBinarySensorDescription[ChargerSnapshot], ...] = (
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
        key="asleep",
        translation_key="asleep",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda charger: charger.asleep,
    ),
    PartBinarySensorDescription(
        key="charger_problem",
        translation_key="charger_problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda charger: charger.problem,
    ),
)


def test_button(press: Callable[[], None]) -> PartButtonDescription:
    """Describe the button that starts a test of the charger."""
    return PartButtonDescription(
        key="test",
        translation_key="test_charger",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=press,
    )
