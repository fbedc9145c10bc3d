"""Entities of chargers as their integrations register them, from their source code.

Each has its integration, the entities that matter (and those that resemble them), and
the form fields that they end up in. ``docs/chargers.md`` has the versions. Chargers that
Home Assistant ships are not here, where its own code makes them in ``built_in``; for the
Teslas, whose libraries are not at hand, it was read instead.
"""

from typing import NamedTuple


class Registry(NamedTuple):
    """Entities of one charger: domain and unique ID; and expected form fields."""

    platform: str
    entities: tuple[tuple[str, str], ...]
    fields: dict[str, str]
    has_device: bool = True


OCPP = (
    ("sensor", "ocpp.garage.status_connector.sensor"),
    ("sensor", "ocpp.garage.transaction_id.sensor"),
    ("sensor", "ocpp.garage.current_offered.sensor"),
    ("sensor", "ocpp.garage.current_import.sensor"),
    ("sensor", "ocpp.garage.status.sensor"),
    ("sensor", "ocpp.garage.status_firmware.sensor"),
    ("sensor", "ocpp.garage.error_code_connector.sensor"),
    ("sensor", "ocpp.garage.power_active_import.sensor"),
    ("number", "number.ocpp.garage.maximum_current"),
    ("switch", "switch.ocpp.garage.charge_control"),
)
OCPP_BEFORE_2026 = tuple(
    (domain, unique_id.replace("_", ".") if domain == "sensor" else unique_id)
    for domain, unique_id in OCPP
)


def _ocpp(entities: tuple[tuple[str, str], ...]) -> Registry:
    return Registry(
        "ocpp",
        entities,
        {"status_entity": entities[0][1], "offered_entity": entities[2][1]},
    )


def _tesla(platform: str, switch: str) -> Registry:
    key = "LRW3F7FS4RC000001-charge_state"
    return Registry(
        platform,
        (
            ("number", f"{key}_charge_limit_soc"),
            ("number", f"{key}_charge_current_request"),
            ("switch", f"{key}_{switch}"),
            ("sensor", f"{key}_charging_state"),
            ("sensor", f"{key}_charger_actual_current"),
            ("sensor", f"{key}_charger_power"),
        ),
        {"status_entity": f"{key}_charging_state"},
    )


REGISTRIES: dict[str, Registry] = {
    "ocpp": _ocpp(OCPP),
    "ocpp_before_2026": _ocpp(OCPP_BEFORE_2026),
    "easee": Registry(
        "easee",
        (
            ("sensor", "EH123456_status"),
            ("sensor", "EH123456_power"),
            ("sensor", "EH123456_current"),
            ("sensor", "EH123456_output_limit"),
            ("sensor", "EH123456_dynamic_circuit_limit"),
            ("switch", "EH123456_is_enabled"),
        ),
        {
            "status_entity": "EH123456_status",
            "offered_entity": "EH123456_output_limit",
        },
    ),
    "zaptec": Registry(
        "zaptec",
        (
            ("number", "abc_charger_min_current"),
            ("number", "abc_charger_max_current"),
            ("sensor", "abc_charger_operation_mode"),
            ("sensor", "abc_current_phase1"),
            ("sensor", "abc_charge_current_set"),
            ("switch", "abc_charger_operation_mode"),
        ),
        {
            "number_entity": "abc_charger_max_current",
            "status_entity": "abc_charger_operation_mode",
        },
    ),
    "zaptec_before_0_8": Registry(
        "zaptec",
        (
            ("number", "abc_charger_max_current"),
            ("sensor", "abc_operating_mode"),
            ("switch", "abc_operating_mode"),
        ),
        {
            "number_entity": "abc_charger_max_current",
            "status_entity": "abc_operating_mode",
        },
    ),
    "goecharger_mqtt": Registry(
        "goecharger_mqtt",
        (
            ("number", "072246-number-ama-0"),
            ("number", "072246-number-amp-0"),
            ("select", "072246-select-lmo-0"),
            ("select", "072246-select-frc-frc"),
            ("sensor", "072246-sensor-car-car"),
            ("sensor", "072246-sensor-acu-0"),
            *(("sensor", f"072246-sensor-nrg-{index}") for index in range(16)),
        ),
        {
            "status_entity": "072246-sensor-car-car",
            "offered_entity": "072246-sensor-acu-0",
            "draw_entity": "072246-sensor-nrg-4",
            "draw_l2_entity": "072246-sensor-nrg-5",
            "draw_l3_entity": "072246-sensor-nrg-6",
        },
    ),
    "goecharger_api2": Registry(
        "goecharger_api2",
        (
            ("number", "goecharger_api2.goe_072246_lot_amp"),
            ("number", "goecharger_api2.goe_072246_amp"),
            ("select", "goecharger_api2.goe_072246_frc"),
            ("sensor", "goecharger_api2.goe_072246_car_value"),
            ("sensor", "goecharger_api2.goe_072246_nrg_11"),
        ),
        {
            "status_entity": "goecharger_api2.goe_072246_car_value",
            "draw_entity": "goecharger_api2.goe_072246_nrg_11",
        },
    ),
    "wattpilot": Registry(
        "wattpilot",
        (
            ("number", "Garage-awp"),
            ("number", "Garage-amp"),
            ("button", "Garage-frc0"),
            ("button", "Garage-frc1"),
            ("button", "Garage-frc2"),
            ("sensor", "Garage-car"),
            ("sensor", "Garage-nrg"),
        ),
        {"status_entity": "Garage-car", "draw_entity": "Garage-nrg"},
    ),
    "alfen_wallbox": Registry(
        "alfen_wallbox",
        (
            ("number", "alfen_Eve_main_normal_max_current_socket_1"),
            ("number", "alfen_Eve_max_station_current"),
            ("number", "alfen_Eve_lb_max_smart_meter_current"),
            ("sensor", "alfen_Eve-mode_3_state_socket_1"),
            ("sensor", "alfen_Eve-smart_meter_current_l1"),
            *(("sensor", f"alfen_Eve-current_l{i}_socket_1") for i in (1, 2, 3)),
        ),
        {
            "number_entity": "alfen_Eve_max_station_current",
            "status_entity": "alfen_Eve-mode_3_state_socket_1",
        },
    ),
    "alfen_wallbox_double": Registry(
        "alfen_wallbox",
        (
            ("number", "alfen_Duo_max_station_current"),
            ("sensor", "alfen_Duo-mode_3_state_socket_1"),
            ("sensor", "alfen_Duo-current_l1_socket_1"),
            ("sensor", "alfen_Duo-mode_3_state_socket_2"),
            ("sensor", "alfen_Duo-current_l1_socket_2"),
        ),
        {"number_entity": "alfen_Duo_max_station_current"},
    ),
    "webasto_unite": Registry(
        "webasto_unite",
        (
            ("number", "01JUNITE_fixed_current"),
            ("number", "01JUNITE_requested_current"),
            ("sensor", "01JUNITE_iec61851_state"),
            *(("sensor", f"01JUNITE_current_l{phase}") for phase in (1, 2, 3)),
        ),
        {
            "status_entity": "01JUNITE_iec61851_state",
            "draw_entity": "01JUNITE_current_l1",
            "draw_l2_entity": "01JUNITE_current_l2",
            "draw_l3_entity": "01JUNITE_current_l3",
        },
    ),
    "hypervolt_charger": Registry(
        "hypervolt_charger",
        (
            ("number", "1234_led_brightness"),
            ("number", "1234_max_current"),
            ("switch", "1234_lock_state"),
            ("switch", "1234_charging"),
            ("sensor", "1234_charging_readiness"),
            ("sensor", "1234_Charger_Current"),
        ),
        {"status_entity": "1234_charging_readiness"},
    ),
    "tesla_custom": Registry(
        "tesla_custom",
        (
            ("number", "lrw3f7fs4rc000001_charge_limit"),
            ("number", "lrw3f7fs4rc000001_charging_amps"),
            ("switch", "lrw3f7fs4rc000001_charger"),
            ("binary_sensor", "lrw3f7fs4rc000001_charger"),
            ("binary_sensor", "lrw3f7fs4rc000001_charging"),
        ),
        {"status_entity": "lrw3f7fs4rc000001_charging"},
    ),
    "tesla_fleet": _tesla("tesla_fleet", "user_charge_enable_request"),
    "teslemetry": _tesla("teslemetry", "user_charge_enable_request"),
    "tessie": _tesla("tessie", "charge_enable_request"),
    "smartevse": Registry(
        "mqtt",
        (
            ("number", "SmartEVSE/1234-ChargeCurrentOverride"),
            ("select", "SmartEVSE/1234-Mode"),
            ("sensor", "SmartEVSE/1234-State"),
            ("sensor", "SmartEVSE/1234-StateID"),
            ("sensor", "SmartEVSE/1234-ChargeCurrent"),
            ("sensor", "SmartEVSE/1234-MainsCurrentL1"),
            *(("sensor", f"SmartEVSE/1234-EVCurrentL{phase}") for phase in (1, 2, 3)),
        ),
        {
            "status_entity": "SmartEVSE/1234-State",
            "offered_entity": "SmartEVSE/1234-ChargeCurrent",
            "draw_entity": "SmartEVSE/1234-EVCurrentL1",
            "draw_l2_entity": "SmartEVSE/1234-EVCurrentL2",
            "draw_l3_entity": "SmartEVSE/1234-EVCurrentL3",
        },
    ),
    "amina": Registry(
        "mqtt",
        (
            ("number", "0x0c2a6ffffe1234_charge_limit_with_on_off_zigbee2mqtt"),
            ("number", "0x0c2a6ffffe1234_charge_limit_zigbee2mqtt"),
            ("number", "0x0c2a6ffffe1234_offline_current_zigbee2mqtt"),
            ("switch", "0x0c2a6ffffe1234_switch_zigbee2mqtt"),
            ("sensor", "0x0c2a6ffffe1234_ev_status_zigbee2mqtt"),
            ("sensor", "0x0c2a6ffffe1234_current_zigbee2mqtt"),
            ("binary_sensor", "0x0c2a6ffffe1234_charging_zigbee2mqtt"),
        ),
        {
            "number_entity": "0x0c2a6ffffe1234_charge_limit_zigbee2mqtt",
            "switch_entity": "0x0c2a6ffffe1234_switch_zigbee2mqtt",
            "status_entity": "0x0c2a6ffffe1234_ev_status_zigbee2mqtt",
        },
    ),
}

PEBLAR = Registry(
    "peblar",
    (
        ("number", "23-45_charge_current_limit"),
        ("switch", "23-45_charge"),
        ("sensor", "23-45_cp_state"),
        ("sensor", "23-45_power_total"),
    ),
    {},
)
"""What the flow is tried with; its own integration makes it in ``built_in``."""

WALL_CONNECTOR = (
    ("sensor", "TWC1-status"),
    ("sensor", "TWC1-current_a_a"),
    ("sensor", "TWC1-total_power_w"),
    ("binary_sensor", "TWC1-contactor_closed"),
)
ZAPPI = (
    ("select", "entry-12345678-charge_mode"),
    ("number", "entry-12345678-minimum_green_level"),
    ("sensor", "entry-12345678-status"),
    ("sensor", "entry-12345678-internal_load_ct_power"),
)
NOT_STEERED = {"tesla_wall_connector": WALL_CONNECTOR, "myenergi": ZAPPI}
"""Chargers that have no entity or action that sets their current."""
