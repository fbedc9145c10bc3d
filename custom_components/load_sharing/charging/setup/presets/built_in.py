"""Presets of integrations that Home Assistant ships."""

from ....const import (
    COMMANDS_CLOUD,
    CONF_CHARGING_STATES,
    CONF_COMMANDS,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONF_SWITCH,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
)
from ...tuning import SETTLE_TIME
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
    switch_pause,
)

BUILT_IN = (
    Preset(
        platform="wallbox",
        name="Wallbox",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"max_charging_current-(?P<id>.+)"),
            CONF_SWITCH: EntityPattern("switch", r"paused-(?P<id>.+)"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"status_description-(?P<id>.+)"),
        },
        fields={CONF_COMMANDS: COMMANDS_CLOUD},
        starting_values={SETTLE_TIME: 15.0},
    ),
    Preset(
        platform="keba",
        name="KEBA",
        control=CONTROL_ACTIONS,
        required={
            CONF_STATUS: EntityPattern("binary_sensor", r"(?P<id>.+)_charging_state"),
        },
        optional={
            CONF_OFFERED: EntityPattern("sensor", r"(?P<id>.+)_max_current"),
        },
        draws=((EntityPattern("sensor", r"(?P<id>.+)_charging_power"),),),
        fields={
            CONF_CHARGING_STATES: ["on"],
            CONF_SET_CURRENT: [
                {"action": "keba.set_current", "data": {"current": "{{ current_a }}"}}
            ],
            CONF_START: [{"action": "keba.enable"}],
            CONF_STOP: [{"action": "keba.disable"}],
        },
    ),
    Preset(
        platform="openevse",
        name="OpenEVSE",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>.+)-charge_rate"),
            PAUSE: EntityPattern("select", r"(?P<id>.+)-override_state"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)-status"),
            CONF_OFFERED: EntityPattern("sensor", r"(?P<id>.+)-current_capacity"),
        },
        draws=((EntityPattern("sensor", r"(?P<id>.+)-charging_current"),),),
        fields={
            # The pause and the current are the same override: end the pause first.
            CONF_SET_CURRENT: [
                fail_without(LIMIT),
                if_paused("disabled", select_pause("auto")),
                set_limit(),
            ],
            CONF_STOP: [select_pause("disabled")],
        },
    ),
    Preset(
        platform="peblar",
        name="Peblar",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>.+)_charge_current_limit"),
            CONF_SWITCH: EntityPattern("switch", r"(?P<id>.+)_charge"),
        },
        optional={CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)_cp_state")},
        draws=(
            per_phase(
                "sensor", *(rf"(?P<id>.+)_current_phase_{phase}" for phase in (1, 2, 3))
            ),
            (EntityPattern("sensor", r"(?P<id>.+)_power_total"),),
        ),
    ),
    Preset(
        platform="v2c",
        name="V2C Trydan",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>[^_]+)_intensity"),
            PAUSE: EntityPattern("switch", r"(?P<id>[^_]+)_paused"),
        },
        optional={
            CONF_STATUS: EntityPattern("binary_sensor", r"(?P<id>[^_]+)_charging"),
        },
        draws=((EntityPattern("sensor", r"(?P<id>[^_]+)_charge_power"),),),
        fields={
            CONF_CHARGING_STATES: ["on"],
            CONF_SET_CURRENT: [set_limit()],
            CONF_START: [switch_pause(is_on=False)],
            CONF_STOP: [switch_pause(is_on=True)],
        },
    ),
    Preset(
        platform="lektrico",
        name="Lektri.co",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>.+)_dynamic_limit"),
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)_state"),
        },
        draws=(
            per_phase("sensor", *(rf"(?P<id>.+)_current_l{i}" for i in (1, 2, 3))),
            (EntityPattern("sensor", r"(?P<id>.+)_current"),),
        ),
    ),
    Preset(
        platform="nrgkick",
        name="NRGkick",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>.+)_current_set"),
            CONF_SWITCH: EntityPattern("switch", r"(?P<id>.+)_charging_enabled"),
        },
        optional={CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)_status")},
        draws=(
            per_phase("sensor", *(rf"(?P<id>.+)_l{i}_current" for i in (1, 2, 3))),
            (EntityPattern("sensor", r"(?P<id>.+)_total_active_power"),),
        ),
    ),
    Preset(
        platform="silla_prism",
        name="Silla Prism",
        control=CONTROL_ACTIONS,
        required={
            # Not set: it is what its buttons set. The topic is for load sharing.
            LIMIT: EntityPattern("number", r"(?P<base>.+)_user_current"),
            PAUSE: EntityPattern("select", r"(?P<base>.+)_charging_mode"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<base>.+)_status"),
            CONF_OFFERED: EntityPattern("sensor", r"(?P<base>.+)_pilot"),
        },
        draws=((EntityPattern("sensor", r"(?P<base>.+)_power"),),),
        fields={
            CONF_SET_CURRENT: [
                {
                    "action": "mqtt.publish",
                    "data": {
                        "topic": "<base>/1/command/set_current_limit",
                        # It has one decimal.
                        "payload": "{{ (current_a * 10) | int / 10 }}",
                    },
                },
                if_paused("pause", select_pause("normal")),
            ],
            CONF_STOP: [select_pause("pause")],
        },
    ),
)
