"""Charger presets: what fills in the forms for a charger of a known integration.

To add a preset:

1. Take the facts from the integration's source code: the unique IDs of its entities
   (users rename everything else), the states that mean charging, and its actions.
   Choose a control that does not write to flash memory.
2. Add a ``Preset`` to ``PRESETS``: the integration, how its chargers are controlled
   (``control``), the entities that identify one (``required``, ``optional``), and the
   form fields that are the same for all of them (``fields``).
3. Leave out what is not certain: the user fills it in. Also leave out a measured
   current or power that may be older than its report, as those of a cloud are. So are
   those of OCPP: whenever one sensor of a charger changes, it reports all of them.
4. Add the unique IDs of a real charger to ``CHARGERS`` in
   ``tests/charging/setup/test_presets.py``. Its tests find the charger, compare the
   filled-in fields with a snapshot, and validate the actions.
5. Describe the charger in ``docs/chargers.md``, and name it in the README.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from homeassistant.helpers import entity_registry as er

from ...const import (
    CONF_CHARGING_STATES,
    CONF_DRAWS,
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

FORM_FIELDS = (CONF_NUMBER, CONF_SWITCH, CONF_STATUS, CONF_DRAWS[0], CONF_OFFERED)

# Entities that only action sequences refer to: the forms have no field for them.
LIMIT = "limit"
PAUSE = "pause"
TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class EntityPattern:
    """Matches an entity by its domain and its unique ID, in which * is a wildcard."""

    domain: str
    unique_id: str

    def matches(self, entry: er.RegistryEntry) -> bool:
        """Return whether a registered entity matches."""
        return entry.domain == self.domain and fnmatchcase(
            entry.unique_id, self.unique_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What is known of the chargers of one integration.

    platform: domain of the integration.
    name: name of the integration, as shown to the user.
    control: how the charger is controlled, one of the ``CONTROL_*`` constants.
    required: entities by form field, or by a name of their own. A device that lacks
        one is not a charger. A preset without any is offered if its integration is
        set up.
    optional: further entities that a charger may have.
    fields: other form fields. In them, ``<key>`` stands for the entity ID of that key
        in ``required`` or ``optional``, and ``<device>`` for the device ID.
    id_pattern: regular expression for the unique ID of the first required entity. Its
        groups can be used in ``fields``; one without a match is "1".
    """

    platform: str
    name: str
    control: str
    required: Mapping[str, EntityPattern] = field(default_factory=dict)
    optional: Mapping[str, EntityPattern] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    id_pattern: str = ""


def _set_limit() -> dict[str, Any]:
    """Return the action that sets the number of the current limit."""
    return {
        "action": "number.set_value",
        "target": {"entity_id": f"<{LIMIT}>"},
        "data": {"value": "{{ current_a }}"},
    }


def _select_pause(option: str) -> dict[str, Any]:
    """Return the action that selects an option of the select that pauses charging."""
    return {
        "action": "select.select_option",
        "target": {"entity_id": f"<{PAUSE}>"},
        "data": {"option": option},
    }


def _ocpp_profile(purpose: str, **more: str) -> dict[str, Any]:
    """Return the action that sets a charging profile of one connector.

    The purpose is never ChargePointMaxProfile: that one is written to flash memory.
    """
    return {
        "action": "ocpp.set_charge_rate",
        "data": {
            "devid": "<charger>",
            "conn_id": "<connector>",
            "custom_profile": {
                **more,
                "chargingProfileId": 1,
                "stackLevel": 0,
                "chargingProfilePurpose": purpose,
                "chargingProfileKind": "Relative",
                "chargingSchedule": {
                    "chargingRateUnit": "A",
                    "chargingSchedulePeriod": [
                        {"startPeriod": 0, "limit": "{{ current_a }}"}
                    ],
                },
            },
        },
    }


PRESETS = (
    Preset(
        platform="ocpp",
        name="OCPP",
        control=CONTROL_ACTIONS,
        required={
            CONF_STATUS: EntityPattern("sensor", "ocpp.*.status.connector.sensor"),
            TRANSACTION: EntityPattern("sensor", "ocpp.*.transaction.id.sensor"),
        },
        optional={
            CONF_OFFERED: EntityPattern("sensor", "ocpp.*.current.offered.sensor")
        },
        id_pattern=r"ocpp\.(?P<charger>.+?)(?:\.conn(?P<connector>\d+))?\.status\.",
        fields={
            CONF_SET_CURRENT: [
                {
                    "if": [
                        {
                            "condition": "template",
                            "value_template": (
                                "{{ states('<transaction>') | int(0) > 0 and "
                                "states('<status_entity>') in "
                                "['Charging', 'SuspendedEV', 'SuspendedEVSE'] }}"
                            ),
                        }
                    ],
                    "then": [
                        _ocpp_profile(
                            "TxProfile",
                            transactionId="{{ states('<transaction>') | int }}",
                        )
                    ],
                    "else": [_ocpp_profile("TxDefaultProfile")],
                }
            ],
        },
    ),
    Preset(
        platform="easee",
        name="Easee",
        control=CONTROL_ACTIONS,
        required={CONF_STATUS: EntityPattern("sensor", "*_status")},
        fields={
            CONF_SET_CURRENT: [
                {
                    "action": "easee.set_circuit_dynamic_limit",
                    "data": {
                        "device_id": "<device>",
                        "currentP1": "{{ current_a | int }}",
                        "currentP2": "{{ current_a | int }}",
                        "currentP3": "{{ current_a | int }}",
                    },
                }
            ],
        },
    ),
    Preset(
        platform="zaptec",
        name="Zaptec",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", "*_charger_max_current"),
            CONF_STATUS: EntityPattern("sensor", "*_operating_mode"),
        },
        fields={CONF_CHARGING_STATES: ["charging", "connected_charging"]},
    ),
    Preset(
        platform="goecharger_mqtt",
        name="go-eCharger (MQTT)",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", "*-number-amp-"),
            PAUSE: EntityPattern("select", "*-select-frc-frc"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", "*-sensor-car-car"),
            CONF_DRAWS[0]: EntityPattern("sensor", "*-sensor-nrg-11"),
        },
        fields={
            CONF_SET_CURRENT: [_set_limit()],
            CONF_START: [_select_pause("Neutral")],
            CONF_STOP: [_select_pause("Don't charge")],
        },
    ),
    Preset(
        platform="goecharger_api2",
        name="go-eCharger (APIv2)",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", "*_amp"),
            PAUSE: EntityPattern("select", "*_frc"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", "*_car_value"),
            CONF_DRAWS[0]: EntityPattern("sensor", "*_nrg_11"),
        },
        fields={
            CONF_CHARGING_STATES: ["charging", "laden"],
            CONF_SET_CURRENT: [_set_limit()],
            CONF_START: [_select_pause("0")],
            CONF_STOP: [_select_pause("1")],
        },
    ),
    Preset(
        platform="wallbox",
        name="Wallbox",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", "max_charging_current-*"),
            CONF_SWITCH: EntityPattern("switch", "paused-*"),
        },
        optional={CONF_STATUS: EntityPattern("sensor", "status_description-*")},
    ),
    Preset(
        platform="keba",
        name="KEBA",
        control=CONTROL_ACTIONS,
        required={CONF_STATUS: EntityPattern("binary_sensor", "*_charging_state")},
        optional={
            CONF_DRAWS[0]: EntityPattern("sensor", "*_charging_power"),
            CONF_OFFERED: EntityPattern("sensor", "*_max_current"),
        },
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
            LIMIT: EntityPattern("number", "*-charge_rate"),
            PAUSE: EntityPattern("select", "*-override_state"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", "*-status"),
            CONF_DRAWS[0]: EntityPattern("sensor", "*-charging_current"),
            CONF_OFFERED: EntityPattern("sensor", "*-current_capacity"),
        },
        fields={
            CONF_SET_CURRENT: [
                # The pause and the current are the same override: end the pause first.
                {
                    "if": [
                        {
                            "condition": "state",
                            "entity_id": f"<{PAUSE}>",
                            "state": "disabled",
                        }
                    ],
                    "then": [_select_pause("auto")],
                },
                _set_limit(),
            ],
            CONF_STOP: [_select_pause("disabled")],
        },
    ),
    Preset(
        platform="peblar",
        name="Peblar",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", "*_charge_current_limit"),
            CONF_SWITCH: EntityPattern("switch", "*_charge"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", "*_cp_state"),
            CONF_DRAWS[0]: EntityPattern("sensor", "*_power_total"),
        },
    ),
    Preset(
        platform="mqtt",
        name="MQTT",
        control=CONTROL_ACTIONS,
        fields={
            CONF_SET_CURRENT: [
                {
                    "action": "mqtt.publish",
                    "data": {
                        "topic": "{{ charger_id }}/max_current",
                        "payload": "{{ current_a }}",
                    },
                }
            ],
        },
    ),
)
