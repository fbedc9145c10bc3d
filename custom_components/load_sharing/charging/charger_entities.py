"""What is shown of the test of a charger, and of what somebody else set it to."""

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import EntityCategory, UnitOfElectricCurrent, UnitOfTime

from ..site.descriptions import PartSensorDescription
from ..site.snapshot import ChargerSnapshot
from .engine.commissioning import Outcome


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


TEST: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
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
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: _rounded(charger.findings.latency_s),
    ),
)

TEST_WITH_DRAW: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="test_car_latency",
        translation_key="test_car_latency",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: _rounded(charger.findings.follow_s),
    ),
    PartSensorDescription(
        key="test_accuracy",
        translation_key="test_accuracy",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: _rounded(charger.findings.error_a),
    ),
    PartSensorDescription(
        key="suggested_settle_time",
        translation_key="suggested_settle_time",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda charger: charger.findings.suggested_settle_s,
    ),
)

HAND_LIMIT: tuple[PartSensorDescription[ChargerSnapshot], ...] = (
    PartSensorDescription(
        key="hand_limit",
        translation_key="hand_limit",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=0,
        value_fn=lambda charger: charger.hand_limit_a,
    ),
    PartSensorDescription(
        key="hand_limit_until",
        translation_key="hand_limit_until",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda charger: charger.hand_limit_until,
    ),
)
