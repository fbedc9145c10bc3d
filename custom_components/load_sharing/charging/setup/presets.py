"""Chargers of well-known integrations: what drives them, and how to find it.

A table. What is not known for sure of an integration is left for the user to fill in.
So is a measured current that may be older than its report: that of a cloud, or of
OCPP, whose sensors are all reported again whenever one of them is.
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

# What sequences refer to, beside the fields of the form.
LIMIT = "limit"
PAUSE = "pause"
TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Find:
    """An entity by its domain and its unique ID; a * stands for what differs."""

    domain: str
    unique_id: str

    def matches(self, entry: er.RegistryEntry) -> bool:
        """Whether it is this entity."""
        return entry.domain == self.domain and fnmatchcase(
            entry.unique_id, self.unique_id
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What a charger of one integration is filled in with.

    ``needs`` and ``has`` are entities by the field they go into, or by the name that
    ``fields`` refer to as <name>. A device without one that it needs is no charger.
    Without needs, it is offered wherever the integration is set up. ``ids`` is a regular
    expression: what it finds in the unique ID of the first need is <name>, too, or "1".
    """

    platform: str
    name: str
    control: str
    needs: Mapping[str, Find] = field(default_factory=dict)
    has: Mapping[str, Find] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    ids: str = ""


def _set(service: str, key: str, name: str, value: str) -> dict[str, Any]:
    """An action that sets an entity to a value."""
    target = {"entity_id": f"<{name}>"}
    return {"action": service, "target": target, "data": {key: value}}


def _set_number() -> dict[str, Any]:
    return _set("number.set_value", "value", LIMIT, "{{ current_a }}")


def _select(option: str) -> dict[str, Any]:
    return _set("select.select_option", "option", PAUSE, option)


def _ocpp_profile(purpose: str, **more: str) -> dict[str, Any]:
    """Set a profile of one connector. ChargePointMaxProfile is written to flash."""
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
        needs={
            CONF_STATUS: Find("sensor", "ocpp.*.status.connector.sensor"),
            TRANSACTION: Find("sensor", "ocpp.*.transaction.id.sensor"),
        },
        has={CONF_OFFERED: Find("sensor", "ocpp.*.current.offered.sensor")},
        ids=r"ocpp\.(?P<charger>.+?)(?:\.conn(?P<connector>\d+))?\.status\.",
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
        needs={CONF_STATUS: Find("sensor", "*_status")},
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
        needs={
            CONF_NUMBER: Find("number", "*_charger_max_current"),
            CONF_STATUS: Find("sensor", "*_operating_mode"),
        },
        fields={CONF_CHARGING_STATES: ["charging", "connected_charging"]},
    ),
    Preset(
        platform="goecharger_mqtt",
        name="go-eCharger (MQTT)",
        control=CONTROL_ACTIONS,
        needs={
            LIMIT: Find("number", "*-number-amp-"),
            PAUSE: Find("select", "*-select-frc-frc"),
        },
        has={
            CONF_STATUS: Find("sensor", "*-sensor-car-car"),
            CONF_DRAWS[0]: Find("sensor", "*-sensor-nrg-11"),
        },
        fields={
            CONF_SET_CURRENT: [_set_number()],
            CONF_START: [_select("Neutral")],
            CONF_STOP: [_select("Don't charge")],
        },
    ),
    Preset(
        platform="goecharger_api2",
        name="go-eCharger (APIv2)",
        control=CONTROL_ACTIONS,
        needs={
            LIMIT: Find("number", "*_amp"),
            PAUSE: Find("select", "*_frc"),
        },
        has={
            CONF_STATUS: Find("sensor", "*_car_value"),
            CONF_DRAWS[0]: Find("sensor", "*_nrg_11"),
        },
        fields={
            CONF_CHARGING_STATES: ["charging", "laden"],
            CONF_SET_CURRENT: [_set_number()],
            CONF_START: [_select("0")],
            CONF_STOP: [_select("1")],
        },
    ),
    Preset(
        platform="wallbox",
        name="Wallbox",
        control=CONTROL_NUMBER,
        needs={
            CONF_NUMBER: Find("number", "max_charging_current-*"),
            CONF_SWITCH: Find("switch", "paused-*"),
        },
        has={CONF_STATUS: Find("sensor", "status_description-*")},
    ),
    Preset(
        platform="keba",
        name="KEBA",
        control=CONTROL_ACTIONS,
        needs={CONF_STATUS: Find("binary_sensor", "*_charging_state")},
        has={
            CONF_DRAWS[0]: Find("sensor", "*_charging_power"),
            CONF_OFFERED: Find("sensor", "*_max_current"),
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
        needs={
            LIMIT: Find("number", "*-charge_rate"),
            PAUSE: Find("select", "*-override_state"),
        },
        has={
            CONF_STATUS: Find("sensor", "*-status"),
            CONF_DRAWS[0]: Find("sensor", "*-charging_current"),
            CONF_OFFERED: Find("sensor", "*-current_capacity"),
        },
        fields={
            CONF_SET_CURRENT: [
                # The pause and the current are one and the same override.
                {
                    "if": [
                        {
                            "condition": "state",
                            "entity_id": f"<{PAUSE}>",
                            "state": "disabled",
                        }
                    ],
                    "then": [_select("auto")],
                },
                _set_number(),
            ],
            CONF_STOP: [_select("disabled")],
        },
    ),
    Preset(
        platform="peblar",
        name="Peblar",
        control=CONTROL_NUMBER,
        needs={
            CONF_NUMBER: Find("number", "*_charge_current_limit"),
            CONF_SWITCH: Find("switch", "*_charge"),
        },
        has={
            CONF_STATUS: Find("sensor", "*_cp_state"),
            CONF_DRAWS[0]: Find("sensor", "*_power_total"),
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
