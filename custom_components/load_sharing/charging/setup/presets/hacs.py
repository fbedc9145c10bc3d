"""Presets of custom integrations, most of which come from HACS."""

import re
from typing import Any

from ....const import (
    COMMANDS_CLOUD,
    COMMANDS_MEMORY,
    CONF_CHARGING_STATES,
    CONF_COMMANDS,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
)
from ...tuning import SETTLE_TIME
from .preset import (
    LIMIT,
    PAUSE,
    RESUME,
    TRANSACTION,
    EntityPattern,
    Preset,
    per_phase,
    press,
    select_pause,
    set_limit,
    switch_pause,
)

_OCPP = r"ocpp\.(?P<charger>.+?)(?:\.conn(?P<connector>\d+))?"
_GO_E = r"\w+\.goe_(?P<id>(?:wan_)?[^_]+)"

CLOUD_SETTLE_S = 15.0
"""A command through a cloud takes 5 to 20 s."""


def _ocpp_sensor(key: str, older: str) -> EntityPattern:
    """Return the pattern of a sensor of OCPP.

    Since February 2026 (version 0.10.10) its key has underscores instead of dots.
    """
    return EntityPattern(
        "sensor",
        rf"{_OCPP}\.{key}\.sensor",
        (rf"{_OCPP}\.{re.escape(older)}\.sensor",),
    )


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


HACS = (
    Preset(
        platform="ocpp",
        name="OCPP",
        control=CONTROL_ACTIONS,
        required={
            CONF_STATUS: _ocpp_sensor("status_connector", "status.connector"),
            TRANSACTION: _ocpp_sensor("transaction_id", "transaction.id"),
        },
        optional={
            CONF_OFFERED: _ocpp_sensor("current_offered", "current.offered"),
            # Only its maximum is read: what is set there goes to flash memory.
            LIMIT: EntityPattern(
                "number",
                r"number\.ocpp\.(?P<charger>.+?)\.(?:conn\d+\.)?maximum_current",
            ),
        },
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
        required={CONF_STATUS: EntityPattern("sensor", r"(?P<id>[^_]+)_status")},
        optional={
            CONF_OFFERED: EntityPattern("sensor", r"(?P<id>[^_]+)_output_limit"),
        },
        fields={
            CONF_COMMANDS: COMMANDS_CLOUD,
            CONF_SET_CURRENT: [
                {
                    "action": "easee.set_circuit_dynamic_limit",
                    "data": {
                        "device_id": "<device>",
                        "current_p1": "{{ current_a | int }}",
                        "current_p2": "{{ current_a | int }}",
                        "current_p3": "{{ current_a | int }}",
                    },
                }
            ],
        },
        starting_values={SETTLE_TIME: CLOUD_SETTLE_S},
    ),
    Preset(
        platform="zaptec",
        name="Zaptec",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>.+)_charger_max_current"),
            CONF_STATUS: EntityPattern(
                "sensor",
                r"(?P<id>.+)_charger_operation_mode",
                (r"(?P<id>.+)_operating_mode",),
            ),
        },
        fields={
            CONF_CHARGING_STATES: ["charging", "connected_charging"],
            CONF_COMMANDS: COMMANDS_CLOUD,
        },
        starting_values={SETTLE_TIME: CLOUD_SETTLE_S},
    ),
    Preset(
        platform="goecharger_mqtt",
        name="go-eCharger (MQTT)",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>.+)-number-amp-0"),
            PAUSE: EntityPattern("select", r"(?P<id>.+)-select-frc-frc"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)-sensor-car-car"),
            CONF_OFFERED: EntityPattern("sensor", r"(?P<id>.+)-sensor-acu-0"),
        },
        draws=(
            per_phase("sensor", *(rf"(?P<id>.+)-sensor-nrg-{i}" for i in (4, 5, 6))),
            (EntityPattern("sensor", r"(?P<id>.+)-sensor-nrg-11"),),
        ),
        fields={
            CONF_SET_CURRENT: [set_limit()],
            CONF_START: [select_pause("Neutral")],
            CONF_STOP: [select_pause("Don't charge")],
        },
    ),
    Preset(
        platform="goecharger_api2",
        name="go-eCharger (APIv2)",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", rf"{_GO_E}_amp"),
            PAUSE: EntityPattern("select", rf"{_GO_E}_frc"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", rf"{_GO_E}_car_value"),
            CONF_OFFERED: EntityPattern("sensor", rf"{_GO_E}_acu"),
        },
        draws=(
            per_phase("sensor", *(rf"{_GO_E}_nrg_{i}" for i in (4, 5, 6))),
            (EntityPattern("sensor", rf"{_GO_E}_nrg_11"),),
        ),
        fields={
            CONF_CHARGING_STATES: ["charging", "laden"],
            CONF_SET_CURRENT: [set_limit()],
            CONF_START: [select_pause("0")],
            CONF_STOP: [select_pause("1")],
        },
    ),
    Preset(
        platform="wattpilot",
        name="Fronius Wattpilot",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>.+)-amp(?:_22kw)?"),
            RESUME: EntityPattern("button", r"(?P<id>.+)-frc0"),
            PAUSE: EntityPattern("button", r"(?P<id>.+)-frc1"),
        },
        optional={CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)-car")},
        draws=((EntityPattern("sensor", r"(?P<id>.+)-nrg"),),),
        fields={
            CONF_SET_CURRENT: [set_limit()],
            CONF_START: [press(RESUME)],
            CONF_STOP: [press(PAUSE)],
        },
    ),
    Preset(
        platform="alfen_wallbox",
        name="Alfen",
        control=CONTROL_NUMBER,
        required={
            CONF_NUMBER: EntityPattern("number", r"(?P<id>.+)_max_station_current"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)-mode_3_state_socket_1"),
        },
        # The station current limits both sockets of a double charger.
        second_outlet=EntityPattern("sensor", r"(?P<id>.+)-\w+_socket_2"),
        fields={
            CONF_CHARGING_STATES: ["STATE_C2", "STATE_D2"],
            CONF_COMMANDS: COMMANDS_MEMORY,
        },
    ),
    Preset(
        platform="webasto_unite",
        name="Webasto / Ampure Unite",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<entry>[^_]+)_requested_current"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<entry>[^_]+)_iec61851_state"),
        },
        draws=(
            per_phase(
                "sensor",
                *(rf"(?P<entry>[^_]+)_current_l{phase}" for phase in (1, 2, 3)),
            ),
        ),
        fields={
            CONF_CHARGING_STATES: ["C"],
            CONF_SET_CURRENT: [
                {
                    "action": "webasto_unite.set_current",
                    # It rounds to the nearest ampere, which may be the next higher one.
                    "data": {
                        "entry_id": "<entry>",
                        "current_a": "{{ current_a | int }}",
                    },
                }
            ],
        },
    ),
    Preset(
        platform="hypervolt_charger",
        name="Hypervolt",
        control=CONTROL_ACTIONS,
        required={
            LIMIT: EntityPattern("number", r"(?P<id>.+)_max_current"),
            # It shows whether a car charges, and so is off without one.
            PAUSE: EntityPattern("switch", r"(?P<id>.+)_charging"),
        },
        optional={
            CONF_STATUS: EntityPattern("sensor", r"(?P<id>.+)_charging_readiness"),
        },
        fields={
            CONF_COMMANDS: COMMANDS_CLOUD,
            CONF_SET_CURRENT: [set_limit()],
            CONF_START: [switch_pause(is_on=True)],
            CONF_STOP: [switch_pause(is_on=False)],
        },
        starting_values={SETTLE_TIME: CLOUD_SETTLE_S},
    ),
)
