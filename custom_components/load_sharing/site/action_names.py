"""Names of the actions of other integrations that a site calls.

They are spelled out because other integrations may rename or move their constants, but
cannot rename an action without breaking automations.
"""

from typing import Final

CLOSE_COVER: Final = "close_cover"
CLOSE_VALVE: Final = "close_valve"
GET_EVENTS: Final = "get_events"
GET_SCHEDULE: Final = "get_schedule"
OPEN_COVER: Final = "open_cover"
OPEN_VALVE: Final = "open_valve"
SELECT_OPTION: Final = "select_option"
SET_COVER_POSITION: Final = "set_cover_position"
SET_HVAC_MODE: Final = "set_hvac_mode"
SET_PRESET_MODE: Final = "set_preset_mode"
SET_TEMPERATURE: Final = "set_temperature"
SET_VALUE: Final = "set_value"
SET_VALVE_POSITION: Final = "set_valve_position"
TOGGLE: Final = "toggle"
TURN_OFF: Final = "turn_off"
TURN_ON: Final = "turn_on"
