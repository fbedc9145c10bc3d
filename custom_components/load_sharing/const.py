"""Names that the configuration, the actions and the events share."""

from typing import Final

from .charging.model import FallbackAction

DOMAIN: Final = "load_sharing"
SUBENTRY_CHARGER: Final = "charger"

# The site's supply: entry data.
CONF_METERS: Final = ("meter_l1", "meter_l2", "meter_l3")
CONF_VOLTAGE: Final = "voltage_v"
CONF_LIMIT: Final = "limit_a"
CONF_EXPORT_SIGN: Final = "export_sign"
EXPORT_NEGATIVE: Final = "negative"
EXPORT_POSITIVE: Final = "positive"

# What to do without the meter: entry options.
CONF_METER_LOST_ACTION: Final = "meter_lost_action"
CONF_FALLBACK_CURRENT: Final = "fallback_current_a"
CONF_GRACE: Final = "grace_s"
CONF_MAX_AGE: Final = "max_age_s"

# A charger: subentry data.
CONF_PHASES: Final = "phases"
CONF_MIN_CURRENT: Final = "min_current_a"
CONF_MAX_CURRENT: Final = "max_current_a"
CONF_CONTROL: Final = "control"
CONTROL_NUMBER: Final = "number"
CONTROL_ACTIONS: Final = "actions"
CONF_NUMBER: Final = "number_entity"
CONF_SWITCH: Final = "switch_entity"
CONF_SET_CURRENT: Final = "set_current"
CONF_START: Final = "start"
CONF_STOP: Final = "stop"
CONF_CHARGER_ID: Final = "charger_id"
CONF_STATUS: Final = "status_entity"
CONF_CHARGING_STATES: Final = "charging_states"
CONF_DRAW: Final = "draw_entity"

PHASES: Final = ("l1", "l2", "l3")

DEFAULT_VOLTAGE_V: Final = 230.0
DEFAULT_LIMIT_A: Final = 32.0
DEFAULT_METER_LOST_ACTION: Final = FallbackAction.STOP
DEFAULT_FALLBACK_CURRENT_A: Final = 6.0
DEFAULT_GRACE_S: Final = 10.0
DEFAULT_MAX_AGE_S: Final = 0.0
DEFAULT_MIN_CURRENT_A: Final = 6.0
DEFAULT_MAX_CURRENT_A: Final = 32.0
DEFAULT_CHARGING_STATES: Final = ("charging",)

SERVICE_SET_LIMIT: Final = "set_limit"
ATTR_CURRENT: Final = "current"
ATTR_DURATION: Final = "duration"

EVENT_METER_LOST: Final = f"{DOMAIN}_meter_lost"
EVENT_FALLBACK_ACTIVATED: Final = f"{DOMAIN}_fallback_activated"
EVENT_CHARGING_RESUMED: Final = f"{DOMAIN}_charging_resumed"
EVENT_ACTION_FAILED: Final = f"{DOMAIN}_action_failed"
