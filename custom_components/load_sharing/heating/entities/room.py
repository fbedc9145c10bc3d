"""Describes the entities of a room."""

from collections.abc import Callable, Sequence
from functools import partial

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.helpers.entity import EntityDescription

from ...site.descriptions import (
    Owner,
    PartBinarySensorDescription,
    PartSensorDescription,
    PartSwitchDescription,
    TunableDescription,
    rounded,
)
from ...site.devices import subentry_owner
from ...site.host import Host
from ...site.tunables import Tunable
from ..config import RoomConfig
from ..control import HeatingControl
from ..engine.model import Tier
from ..engine.reasons import RoomReason
from ..snapshot import RoomSnapshot, of_site
from ..tuning import PARTICIPATES, TUNING

NO_TIER = "none"


def owner(host: Host, room: RoomConfig) -> Owner[RoomSnapshot]:
    """Return the owner of the entities of a room."""
    room_id = room.room_id
    return subentry_owner(
        host, room_id, room.name, lambda site: of_site(site).rooms[room_id]
    )


def describe(
    control: HeatingControl, room: RoomConfig, platform: Platform
) -> Sequence[EntityDescription]:
    """Describe the entities of a room on one platform."""
    match platform:
        case Platform.SENSOR:
            return SENSORS
        case Platform.BINARY_SENSOR:
            return BINARY_SENSORS
        case Platform.NUMBER:
            return numbers(partial(control.tunables_of, room))
        case Platform.SWITCH:
            turn = partial(control.async_set_flag, room.room_id, PARTICIPATES)
            return [participates_switch(turn)]
        case _:
            return ()


SENSORS: tuple[PartSensorDescription[RoomSnapshot], ...] = (
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
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda room: room.decision.since,
    ),
    PartSensorDescription(
        key="next_block",
        translation_key="next_block",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda room: (
            room.decision.next_block.start if room.decision.next_block else None
        ),
    ),
    PartSensorDescription(
        key="capacity",
        translation_key="capacity",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda room: rounded(room.decision.capacity_w, -1),
    ),
    PartSensorDescription(
        key="learned_rating",
        translation_key="learned_rating",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda room: room.learned_q50_w,
    ),
    PartSensorDescription(
        key="to_target",
        translation_key="to_target",
        device_class=SensorDeviceClass.TEMPERATURE_DELTA,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfTemperature.KELVIN,
        suggested_display_precision=1,
        value_fn=lambda room: rounded(room.to_target_k, 1),
    ),
    PartSensorDescription(
        key="writes_today",
        translation_key="writes_today",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda room: room.writes_today,
    ),
)


BINARY_SENSORS: tuple[PartBinarySensorDescription[RoomSnapshot], ...] = (
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


def numbers(tunables_now: Callable[[], Sequence[Tunable]]) -> list[TunableDescription]:
    """Describe the numbers of a room; their defaults may be the site's values."""

    def tunable_now(key: str) -> Tunable:
        return next(tunable for tunable in tunables_now() if tunable.key == key)

    return [
        TunableDescription(
            key=tunable.key,
            tunable=tunable,
            entity_category=EntityCategory.CONFIG,
            default_fn=partial(tunable_now, tunable.key),
            follows=TUNING,
        )
        for tunable in tunables_now()
    ]


def participates_switch(
    turn: Callable[[bool], None],
) -> PartSwitchDescription[RoomSnapshot]:
    """Describe the switch that lets the room take part in load sharing."""
    return PartSwitchDescription(
        key=PARTICIPATES,
        translation_key="participates",
        entity_category=EntityCategory.CONFIG,
        is_on_fn=lambda room: room.participates,
        turn_fn=turn,
    )
