"""Describes the entities of the heating as a whole: the boiler and load sharing."""

from collections.abc import Callable, Sequence
from functools import partial

from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTime,
)
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription

from ...const import DOMAIN, OWNER_HEATING
from ...site.descriptions import (
    Owner,
    PartBinarySensorDescription,
    PartEventDescription,
    PartMomentDescription,
    PartSelectDescription,
    PartSensorDescription,
    PartSwitchDescription,
    describe_tunable,
    rounded,
)
from ...site.devices import MANUFACTURER, register_site
from ...site.host import Host
from ...site.notices import Listen
from ..control import HeatingControl
from ..engine.hold import HoldReason
from ..engine.model import Control, LoadSharingState, Mode, Tier
from ..engine.reasons import Reason
from ..notices import SharingEventType
from ..snapshot import HeatingSnapshot, of_site
from ..store import ENABLED, SHADOW
from ..tuning import HEATING_TUNABLES, OVERHEAT_CAP


def owner(host: Host) -> Owner[HeatingSnapshot]:
    """Return the owner of the entities of the heating as a whole."""
    entry = host.entry
    unique_id = f"{entry.entry_id}_{OWNER_HEATING}"
    return Owner(
        key=OWNER_HEATING,
        unique_id=unique_id,
        device=DeviceInfo(
            identifiers={(DOMAIN, unique_id)},
            translation_key="heating",
            translation_placeholders={"site": entry.title},
            manufacturer=MANUFACTURER,
            via_device_id=register_site(host.hass, entry).id,
        ),
        part=of_site,
    )


def describe(
    control: HeatingControl, platform: Platform
) -> Sequence[EntityDescription]:
    """Describe the entities of the heating as a whole on one platform."""
    match platform:
        case Platform.SENSOR:
            return [MOMENT, *SENSORS]
        case Platform.BINARY_SENSOR:
            return BINARY_SENSORS
        case Platform.NUMBER:
            return [*map(describe_tunable, HEATING_TUNABLES)]
        case Platform.SWITCH:
            return switches(control)
        case Platform.SELECT:
            return [
                mode_select(control.async_set_mode),
                control_select(control.async_set_control),
            ]
        case Platform.EVENT:
            return [sharing_event(control.notices.async_listen)]
        case _:
            return ()


def _if_known(heating: HeatingSnapshot, capacity_w: float) -> float | None:
    """Return a capacity in W; None while that of a calling room is unknown."""
    return rounded(capacity_w, -1) if heating.decision.capacity_known else None


def _tier_sensor(tier: Tier) -> PartSensorDescription[HeatingSnapshot]:
    return PartSensorDescription(
        key=f"tier_{tier.value}_rooms",
        translation_key=f"tier_{tier.value}_rooms",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: sum(
            room.tier is tier for room in heating.decision.rooms.values()
        ),
    )


def _percent(part: float | None) -> int | None:
    """Return a part in whole per cent."""
    return None if part is None else round(100 * part)


def _rate_sensor(key: str, *, shares: bool) -> PartSensorDescription[HeatingSnapshot]:
    """Describe the cooldowns in a burner hour, on one of both kinds of days."""
    return PartSensorDescription(
        key=key,
        translation_key=key,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: rounded(
            heating.days.cooldowns_per_h(shares=shares), 2
        ),
    )


MOMENT: PartMomentDescription[HeatingSnapshot] = PartMomentDescription(
    key="moment",
    translation_key="heating_moment",
    moment_fn=lambda heating: heating.moment,
)

SENSORS: tuple[PartSensorDescription[HeatingSnapshot], ...] = (
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
        entity_category=EntityCategory.DIAGNOSTIC,
        device_class=SensorDeviceClass.ENUM,
        options=[reason.value for reason in Reason],
        value_fn=lambda heating: heating.decision.reason.value,
    ),
    PartSensorDescription(
        key="hold_reason",
        translation_key="hold_reason",
        device_class=SensorDeviceClass.ENUM,
        entity_category=EntityCategory.DIAGNOSTIC,
        options=[reason.value for reason in HoldReason],
        value_fn=lambda heating: heating.decision.hold.value,
    ),
    PartSensorDescription(
        key="calling_capacity",
        translation_key="calling_capacity",
        entity_registry_enabled_default=False,
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
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        value_fn=lambda heating: _if_known(heating, heating.decision.total_capacity_w),
    ),
    PartSensorDescription(
        key="least_output",
        translation_key="least_output",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.WATT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: rounded(heating.least_output_w, -2),
    ),
    PartSensorDescription(
        key="trigger_rooms",
        translation_key="trigger_rooms",
        entity_registry_enabled_default=False,
        value_fn=lambda heating: heating.trigger_names,
    ),
    PartSensorDescription(
        key="active_since",
        translation_key="active_since",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda heating: heating.decision.active_since,
    ),
    *(_tier_sensor(tier) for tier in Tier),
    PartSensorDescription(
        key="cooldowns_today",
        translation_key="cooldowns_today",
        # One that is withdrawn makes it less, which is no new beginning.
        state_class=SensorStateClass.TOTAL,
        value_fn=lambda heating: heating.cooldowns_today,
        last_reset_fn=lambda heating: heating.midnight,
    ),
    PartSensorDescription(
        key="cooldowns_last_hour",
        translation_key="cooldowns_last_hour",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: heating.cooldowns_last_hour,
    ),
    PartSensorDescription(
        key="starts_last_hour",
        translation_key="starts_last_hour",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda heating: heating.starts_last_hour,
    ),
    PartSensorDescription(
        key="sharing_time",
        translation_key="sharing_time",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        suggested_display_precision=1,
        value_fn=lambda heating: rounded(heating.sharing_s, -1),
    ),
    PartSensorDescription(
        key="burner_time_today",
        translation_key="burner_time_today",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        suggested_display_precision=1,
        value_fn=lambda heating: (
            None
            if heating.days.today is None
            else rounded(heating.days.today.burner_s, -1)
        ),
    ),
    PartSensorDescription(
        key="held_today",
        translation_key="held_today",
        device_class=SensorDeviceClass.DURATION,
        state_class=SensorStateClass.TOTAL_INCREASING,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        suggested_unit_of_measurement=UnitOfTime.HOURS,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda heating: (
            None
            if heating.days.today is None
            else rounded(heating.days.today.held_s, -1)
        ),
    ),
    PartSensorDescription(
        key="starts_today",
        translation_key="starts_today",
        state_class=SensorStateClass.TOTAL_INCREASING,
        value_fn=lambda heating: heating.starts_today,
    ),
    _rate_sensor("cooldowns_with_sharing", shares=True),
    _rate_sensor("cooldowns_without_sharing", shares=False),
    PartSensorDescription(
        key="cooldowns_change",
        translation_key="cooldowns_change",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: _percent(heating.days.change),
    ),
    PartSensorDescription(
        key="burner_time_change",
        translation_key="burner_time_change",
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda heating: _percent(heating.days.burner_time_change),
    ),
    PartSensorDescription(
        key="false_activation_rate",
        translation_key="false_activation_rate",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda heating: _percent(heating.false_activation_rate),
    ),
)

BINARY_SENSORS: tuple[PartBinarySensorDescription[HeatingSnapshot], ...] = (
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
        entity_registry_enabled_default=False,
        device_class=BinarySensorDeviceClass.RUNNING,
        is_on_fn=lambda heating: heating.decision.boiler_setpoint_c is not None,
    ),
    PartBinarySensorDescription(
        key="burner_hold",
        translation_key="burner_hold",
        is_on_fn=lambda heating: heating.decision.hold.is_hold,
    ),
)


def switches(
    control: HeatingControl,
) -> tuple[PartSwitchDescription[HeatingSnapshot], ...]:
    """Describe the switches of the heating."""

    def turn(key: str) -> Callable[[bool], None]:
        return partial(control.async_set_flag, OWNER_HEATING, key)

    return (
        PartSwitchDescription(
            key=ENABLED,
            translation_key="load_sharing",
            is_on_fn=lambda heating: heating.enabled,
            turn_fn=turn(ENABLED),
        ),
        PartSwitchDescription(
            key=SHADOW,
            translation_key="shadow",
            entity_category=EntityCategory.CONFIG,
            is_on_fn=lambda heating: heating.shadow,
            turn_fn=turn(SHADOW),
        ),
        PartSwitchDescription(
            key=OVERHEAT_CAP,
            translation_key="overheat_cap",
            entity_category=EntityCategory.CONFIG,
            is_on_fn=lambda heating: heating.overheat_cap,
            turn_fn=turn(OVERHEAT_CAP),
        ),
    )


def mode_select(
    set_mode: Callable[[Mode], None],
) -> PartSelectDescription[HeatingSnapshot]:
    """Describe the select of the tiers that load sharing may use."""
    return PartSelectDescription(
        key="mode",
        translation_key="load_sharing_mode",
        options=[mode.value for mode in Mode],
        option_fn=lambda heating: heating.mode.value,
        select_fn=lambda option: set_mode(Mode(option)),
    )


def control_select(
    set_control: Callable[[Control], None],
) -> PartSelectDescription[HeatingSnapshot]:
    """Describe the select of how rooms are shared."""
    return PartSelectDescription(
        key="control",
        translation_key="load_sharing_control",
        options=[control.value for control in Control],
        option_fn=lambda heating: heating.control.value,
        select_fn=lambda option: set_control(Control(option)),
    )


def sharing_event(listen: Listen) -> PartEventDescription:
    """Describe the event entity of load sharing."""
    return PartEventDescription(
        key="sharing_event",
        translation_key="sharing_event",
        event_types=[event_type.value for event_type in SharingEventType],
        listen=listen,
    )
