"""Describes the entities of a circuit."""

from collections.abc import Sequence

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import EntityCategory, Platform, UnitOfElectricCurrent
from homeassistant.helpers.entity import EntityDescription

from ...site.descriptions import (
    Owner,
    PartBinarySensorDescription,
    PartSensorDescription,
    describe_tunable,
    rounded,
)
from ...site.devices import subentry_owner
from ...site.host import Host
from ..circuit_config import CircuitConfig
from ..snapshot import CircuitSnapshot, of_site
from ..tuning import circuit_tunables


def owner(host: Host, circuit: CircuitConfig) -> Owner[CircuitSnapshot]:
    """Return the owner of the entities of a circuit."""
    circuit_id = circuit.circuit_id
    return subentry_owner(
        host, circuit_id, circuit.name, lambda site: of_site(site).circuits[circuit_id]
    )


def describe(circuit: CircuitConfig, platform: Platform) -> Sequence[EntityDescription]:
    """Describe the entities of a circuit on one platform."""
    match platform:
        case Platform.SENSOR if circuit.meters:
            return SENSORS
        case Platform.BINARY_SENSOR if circuit.meters:
            return BINARY_SENSORS
        case Platform.NUMBER:
            return [*map(describe_tunable, circuit_tunables(circuit.rating_a))]
        case _:
            return ()


SENSORS: tuple[PartSensorDescription[CircuitSnapshot], ...] = (
    PartSensorDescription(
        key="circuit_current",
        translation_key="circuit_current",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda circuit: rounded(circuit.current_a, 1),
    ),
    PartSensorDescription(
        key="headroom",
        translation_key="headroom",
        device_class=SensorDeviceClass.CURRENT,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        suggested_display_precision=1,
        value_fn=lambda circuit: rounded(circuit.headroom_a, 1),
    ),
)

BINARY_SENSORS: tuple[PartBinarySensorDescription[CircuitSnapshot], ...] = (
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
