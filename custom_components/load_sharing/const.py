"""Names in the configuration, the actions and the events; defaults of the forms."""

from typing import Final

DOMAIN: Final = "load_sharing"
DASHBOARD_PAGE: Final = "/load-sharing-dashboard"
INTEGRATION_PAGE: Final = "/config/integrations/integration/load_sharing"
"""Opens the dashboard, or offers to add it."""

SUBENTRY_CHARGER: Final = "charger"
SUBENTRY_CIRCUIT: Final = "circuit"
SUBENTRY_ROOM: Final = "room"

# Owners of stored values and entities, in addition to the subentries by their IDs.
OWNER_SUPPLY: Final = "supply"
OWNER_HEATING: Final = "heating"

# The halves of a site: entry data.
CONF_SUPPLY: Final = "supply"
CONF_BOILER: Final = "boiler"

# The site's supply: entry data.
CONF_METERS: Final = ("meter_l1", "meter_l2", "meter_l3")
CONF_VOLTAGE: Final = "voltage_v"
CONF_VOLTAGE_ENTITY: Final = "voltage_entity"
CONF_WIRING: Final = "wiring"
CONF_LIMIT: Final = "limit_a"
CONF_EXPORT_SIGN: Final = "export_sign"
EXPORT_NEGATIVE: Final = "negative"
EXPORT_POSITIVE: Final = "positive"
EXPORT_SEPARATE: Final = "separate"
EXPORT_UNSIGNED: Final = "unsigned"
CONF_EXPORTS: Final = ("export_l1", "export_l2", "export_l3")
CONF_TOTAL: Final = "total"
CONF_EXTERNAL: Final = "external_limit_entity"

# What to do if the meter is lost: entry options.
CONF_METER_LOST_ACTION: Final = "meter_lost_action"
CONF_FALLBACK_CURRENT: Final = "fallback_current_a"
CONF_GRACE: Final = "grace_s"
CONF_MAX_AGE: Final = "max_age_s"

# A charger: subentry data.
CONF_PHASES: Final = "phases"
CONF_CIRCUIT: Final = "circuit"
CONF_MIN_CURRENT: Final = "min_current_a"
CONF_MAX_CURRENT: Final = "max_current_a"
CONF_PRESET: Final = "preset"
CONF_DEVICE: Final = "device"
CONF_REVIEW: Final = "review"
PRESET_NONE: Final = "none"
CONF_CONTROL: Final = "control"
CONTROL_NUMBER: Final = "number"
CONTROL_SELECT: Final = "select"
CONTROL_ACTIONS: Final = "actions"
CONF_NUMBER: Final = "number_entity"
CONF_SELECT: Final = "select_entity"
CONF_PAUSE_OPTION: Final = "pause_option"
CONF_SWITCH: Final = "switch_entity"
CONF_SET_CURRENT: Final = "set_current"
CONF_START: Final = "start"
CONF_STOP: Final = "stop"
CONF_CHARGER_ID: Final = "charger_id"
CONF_STATUS: Final = "status_entity"
CONF_CHARGING_STATES: Final = "charging_states"
CONF_DRAWS: Final = ("draw_entity", "draw_l2_entity", "draw_l3_entity")
CONF_OFFERED: Final = "offered_entity"
CONF_PRESENCE: Final = "presence_entity"
CONF_FIRST_PHASE: Final = "first_phase"
CONF_STARTING_VALUES: Final = "starting_values"
CONF_COMMANDS: Final = "commands"
COMMANDS_CLOUD: Final = "cloud"
COMMANDS_MEMORY: Final = "memory"

# A circuit: subentry data, in addition to its meters, its limit and its phases.
CONF_PARENT: Final = "parent"

# What was found of the heating: never stored.
CONF_FOUND_HEAD: Final = "found_head"
CONF_FOUND_BOILER: Final = "found_boiler"

# The boiler: entry data.
CONF_BURNER: Final = "burner_entity"
CONF_FLOW: Final = "flow_entity"
CONF_RETURN: Final = "return_entity"
CONF_SETPOINT: Final = "setpoint_entity"
CONF_DHW: Final = "dhw_entity"
CONF_BOILER_ON: Final = "on_entity"
CONF_BOILER_ENTITIES: Final = (
    CONF_BURNER,
    CONF_FLOW,
    CONF_RETURN,
    CONF_SETPOINT,
    CONF_DHW,
    CONF_BOILER_ON,
)
CONF_PIPE: Final = "pipe_entity"
CONF_BOILER_COOLDOWN: Final = "cooldown_entity"
CONF_PROTECTION: Final = "cycling_protection"
CONF_FLOOR: Final = "floor_c"
CONF_HOLD: Final = "hold_entity"
CONF_LEAST_OUTPUT: Final = "least_output_w"
CONF_ZERO_MODULATION: Final = "zero_modulation"

# A room: subentry data.
CONF_CLIMATE: Final = "climate_entity"
CONF_TEMPERATURE: Final = "temperature_entity"
CONF_TARGET: Final = "target_entity"
CONF_WINDOW: Final = "window_entity"
CONF_ACTUATOR: Final = "actuator"
ACTUATOR_ACTIONS: Final = "actions"
CONF_VALVE: Final = "valve_entity"
CONF_SET_VALVE: Final = "set_valve"
CONF_SEND_SETPOINT: Final = "send_setpoint"
CONF_DEMAND: Final = "demand"
CONF_DEMAND_ENTITY: Final = "demand_entity"
CONF_SCHEDULE: Final = "schedule_entity"
CONF_Q50: Final = "q50_w"
CONF_RADIATOR_TYPE: Final = "radiator_type"
CONF_RADIATOR_SIZE: Final = ("radiator_height_mm", "radiator_length_mm")
CONF_MIXED_FLOW: Final = "mixed_flow_c"
CONF_EXPONENT: Final = "exponent"
CONF_COMFORT: Final = "comfort_c"
CONF_LOOKAHEAD: Final = "lookahead_min"
CONF_FALLBACK_PRIORITY: Final = "fallback_priority"

DEFAULT_FLOOR_C: Final = 30.0
DEFAULT_EXPONENT: Final = 1.3
DEFAULT_COMFORT_C: Final = 20.0

PHASES: Final = ("l1", "l2", "l3")

DEFAULT_VOLTAGE_V: Final = 230.0
SPLIT_PHASE_V: Final = 120.0
DEFAULT_MIN_CURRENT_A: Final = 6.0
DEFAULT_CHARGING_STATES: Final = ("charging",)

SERVICE_SET_LIMIT: Final = "set_limit"
ATTR_CURRENT: Final = "current"
ATTR_DURATION: Final = "duration"

EVENT_METER_LOST: Final = f"{DOMAIN}_meter_lost"
EVENT_FALLBACK_ACTIVATED: Final = f"{DOMAIN}_fallback_activated"
EVENT_CHARGING_RESUMED: Final = f"{DOMAIN}_charging_resumed"
EVENT_OVERLOAD_ALARM: Final = f"{DOMAIN}_overload_alarm"
EVENT_WEEK: Final = f"{DOMAIN}_week"
EVENT_HEATING_WEEK: Final = f"{DOMAIN}_heating_week"
EVENT_CHARGER_TESTED: Final = f"{DOMAIN}_charger_tested"
EVENT_ACTION_FAILED: Final = f"{DOMAIN}_action_failed"
