"""Presets of cars that limit their own current, whatever they are plugged into.

The switch of a car shows whether it charges, so it turns off by itself when the car is
full or unplugged. It is not filled in as the charger's switch, which would be turned on
again and again, each time waking the car, but pressed by actions.
"""

from typing import Any

from ....const import (
    COMMANDS_CLOUD,
    CONF_CHARGING_STATES,
    CONF_COMMANDS,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONTROL_ACTIONS,
)
from ...tuning import SETTLE_TIME
from .preset import (
    LIMIT,
    PAUSE,
    EntityPattern,
    Preset,
    set_limit_up_to_maximum,
    switch_pause,
)

_SETTLE_S = 20.0
"""A Tesla that follows a command may still ramp for several seconds."""

_FIELDS = {
    CONF_COMMANDS: COMMANDS_CLOUD,
    CONF_SET_CURRENT: [set_limit_up_to_maximum()],
    CONF_STOP: [switch_pause(is_on=False)],
}


def _start_unless(*states: str) -> list[dict[str, Any]]:
    """Return the actions that start charging, unless the car cannot charge.

    A car that is full, or has no power, reports the command as failed.
    """
    shown = {
        "condition": "state",
        "entity_id": f"<{CONF_STATUS}>",
        "state": list(states),
    }
    return [
        {
            "if": [{"condition": "not", "conditions": [shown]}],
            "then": [switch_pause(is_on=True)],
        }
    ]


def _tesla(platform: str, name: str, switch: str) -> Preset:
    """Return the preset of a Tesla, which is driven by its car."""
    return Preset(
        platform=platform,
        name=name,
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern(
                "number", r"(?P<vin>.+)-charge_state_charge_current_request"
            ),
            PAUSE: EntityPattern("switch", rf"(?P<vin>.+)-{switch}"),
            CONF_STATUS: EntityPattern(
                "sensor", r"(?P<vin>.+)-charge_state_charging_state"
            ),
        },
        fields={
            **_FIELDS,
            CONF_CHARGING_STATES: ["charging", "starting"],
            CONF_START: _start_unless("complete", "disconnected", "no_power"),
        },
        starting_values={SETTLE_TIME: _SETTLE_S},
    )


CARS = (
    _tesla("teslemetry", "Teslemetry", "charge_state_user_charge_enable_request"),
    _tesla("tessie", "Tessie", "charge_state_charge_enable_request"),
    _tesla("tesla_fleet", "Tesla Fleet", "charge_state_user_charge_enable_request"),
    Preset(
        platform="tesla_custom",
        name="Tesla Custom",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>[^_]+)_charging_amps"),
            PAUSE: EntityPattern("switch", r"(?P<id>[^_]+)_charger"),
        },
        optional={
            CONF_STATUS: EntityPattern("binary_sensor", r"(?P<id>[^_]+)_charging"),
        },
        fields={
            **_FIELDS,
            CONF_CHARGING_STATES: ["on"],
            CONF_START: [switch_pause(is_on=True)],
        },
        starting_values={SETTLE_TIME: _SETTLE_S},
    ),
)
