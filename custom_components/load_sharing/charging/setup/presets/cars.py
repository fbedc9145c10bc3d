"""Presets of cars that limit their own current, whatever they are plugged into."""

from ....const import (
    COMMANDS_CLOUD,
    CONF_CHARGING_STATES,
    CONF_COMMANDS,
    CONF_NUMBER,
    CONF_STATUS,
    CONF_SWITCH,
    CONTROL_NUMBER,
)
from ...tuning import SETTLE_TIME
from .preset import EntityPattern, Preset

_SETTLE_S = 20.0
"""A Tesla that follows a command may still ramp for several seconds."""


def _tesla(platform: str, name: str, switch: str) -> Preset:
    """Return the preset of a Tesla, which is driven by its car."""
    return Preset(
        platform=platform,
        name=name,
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern(
                "number", r"(?P<vin>.+)-charge_state_charge_current_request"
            ),
            CONF_SWITCH: EntityPattern("switch", rf"(?P<vin>.+)-{switch}"),
        },
        optional={
            CONF_STATUS: EntityPattern(
                "sensor", r"(?P<vin>.+)-charge_state_charging_state"
            ),
        },
        fields={
            CONF_CHARGING_STATES: ["charging", "starting"],
            CONF_COMMANDS: COMMANDS_CLOUD,
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
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>[^_]+)_charging_amps"),
            CONF_SWITCH: EntityPattern("switch", r"(?P<id>[^_]+)_charger"),
        },
        optional={
            CONF_STATUS: EntityPattern("binary_sensor", r"(?P<id>[^_]+)_charging"),
        },
        fields={CONF_CHARGING_STATES: ["on"], CONF_COMMANDS: COMMANDS_CLOUD},
        starting_values={SETTLE_TIME: _SETTLE_S},
    ),
)
