"""Names of the actions that the site calls.

They are written out because other integrations rename and move their constants at
will, while the name of an action is a promise to every automation.
"""

from typing import Final

GET_SCHEDULE: Final = "get_schedule"
SELECT_OPTION: Final = "select_option"
SET_TEMPERATURE: Final = "set_temperature"
SET_VALUE: Final = "set_value"
SET_VALVE_POSITION: Final = "set_valve_position"
TURN_OFF: Final = "turn_off"
TURN_ON: Final = "turn_on"
