"""Presets of chargers that announce themselves by MQTT, and of those that do not."""

from ....const import (
    CONF_CHARGING_STATES,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_SET_CURRENT,
    CONF_STATUS,
    CONF_STOP,
    CONF_SWITCH,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
)
from .preset import (
    LIMIT,
    PAUSE,
    EntityPattern,
    Preset,
    fail_without,
    if_paused,
    per_phase,
    select_pause,
    set_limit,
)

MQTT = "mqtt"

_AMINA = r"(?P<id>0x[0-9a-f]+)_{}_(?P<base>.+)"
"""Unique IDs of Zigbee2MQTT: the device, the property, and the base topic."""

OVER_MQTT = (
    Preset(
        platform=MQTT,
        name="SmartEVSE",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>.+)-ChargeCurrentOverride"),
            PAUSE: EntityPattern("select", r"(?P<id>.+)-Mode"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)-State"),
            CONF_OFFERED: EntityPattern("sensor", r"(?P<id>.+)-ChargeCurrent"),
        },
        draws=(
            per_phase("sensor", *(rf"(?P<id>.+)-EVCurrentL{i}" for i in (1, 2, 3))),
        ),
        fields={
            # An override of 0 is none, and allows the maximum: the mode has to pause.
            CONF_SET_CURRENT: [
                fail_without(LIMIT),
                set_limit(),
                if_paused("Pause", select_pause("Normal")),
            ],
            CONF_STOP: [select_pause("Pause")],
        },
    ),
    Preset(
        platform=MQTT,
        name="Amina S (Zigbee2MQTT)",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", _AMINA.format("charge_limit")),
            CONF_SWITCH: EntityPattern("switch", _AMINA.format("switch")),
            CONF_STATUS: EntityPattern("sensor", _AMINA.format("ev_status")),
        },
        fields={CONF_CHARGING_STATES: ["Charging", "Charging, Derated"]},
    ),
)

BY_HAND = Preset(
    platform=MQTT,
    name="MQTT",
    control=CONTROL_ACTIONS,
    fields={
        CONF_SET_CURRENT: [
            {
                "action": "mqtt.publish",
                "data": {
                    "topic": "{{ charger_id }}/max_current",
                    "payload": "{{ current_a | int }}",
                },
            }
        ],
    },
)
