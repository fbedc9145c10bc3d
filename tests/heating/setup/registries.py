"""Registries as integrations fill them, by the source code that is named.

Those of integrations that run here are in ``built_in``.
"""

from .installing import CELSIUS, HEATS, PERCENT, Case

_TRVZB = "0x94deb8fffe5a7b21"
_ALLY = "0x842e14fffe3c1d44"

HEADS: dict[str, Case] = {
    # Core 2026.11, homeassistant/components/zha, and zha 0.0.35: the unique ID is the
    # device, the endpoint, the cluster and a suffix.
    "Sonoff TRVZB by ZHA": Case(
        platform="zha",
        source="Core 2026.11, strings of zha",
        maker="SONOFF",
        model="TRVZB",
        entities=(
            ("climate", "94:de:b8:ff:fe:5a:7b:21-1", HEATS),
            (
                "number",
                "94:de:b8:ff:fe:5a:7b:21-1-64529-valve_opening_degree",
                PERCENT,
            ),
            (
                "number",
                "94:de:b8:ff:fe:5a:7b:21-1-64529-valve_closing_degree",
                PERCENT,
            ),
            ("switch", "94:de:b8:ff:fe:5a:7b:21-1-64529-open_window"),
        ),
        filled={
            "climate_entity": "94:de:b8:ff:fe:5a:7b:21-1",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
    "Danfoss Ally by ZHA, whose demand the user has enabled": Case(
        platform="zha",
        source="zha 0.0.35, platforms/sensor",
        maker="Danfoss",
        model="eTRV0103",
        entities=(
            ("climate", "84:2e:14:ff:fe:3c:1d:44-1", HEATS),
            ("sensor", "84:2e:14:ff:fe:3c:1d:44-1-513-pi_heating_demand", PERCENT),
        ),
        filled={
            "climate_entity": "84:2e:14:ff:fe:3c:1d:44-1",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "84:2e:14:ff:fe:3c:1d:44-1-513-pi_heating_demand",
        },
    ),
    "Aqara E1 by ZHA": Case(
        platform="zha",
        source="zha 0.0.35, platforms/binary_sensor",
        maker="LUMI",
        model="lumi.airrtc.agl001",
        entities=(
            ("climate", "54:ef:44:10:00:5a:5b:5c-1", HEATS),
            ("binary_sensor", "54:ef:44:10:00:5a:5b:5c-1-64704-window_open"),
            ("switch", "54:ef:44:10:00:5a:5b:5c-1-64704-window_detection"),
        ),
        filled={
            "climate_entity": "54:ef:44:10:00:5a:5b:5c-1",
            "actuator": "setpoint",
            "demand": "temperature",
            "window_entity": "54:ef:44:10:00:5a:5b:5c-1-64704-window_open",
        },
    ),
    "Eurotronic by deCONZ": Case(
        platform="deconz",
        source="Core 2026.11, deconz/climate.py",
        maker="Eurotronic",
        model="SPZB0001",
        entities=(
            ("climate", "00:15:8d:00:01:92:5a:2b-01-0201", HEATS),
            ("number", "00:15:8d:00:01:92:5a:2b-01-0201-offset", CELSIUS),
        ),
        filled={
            "climate_entity": "00:15:8d:00:01:92:5a:2b-01-0201",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
    "Tado": Case(
        platform="tado",
        source="Core 2026.11, tado/sensor.py and binary_sensor.py",
        maker="Tado",
        model="Zone",
        entities=(
            ("climate", "HEATING 2 471234", HEATS),
            ("sensor", "temperature 2 471234", CELSIUS),
            ("sensor", "heating 2 471234", PERCENT),
            ("binary_sensor", "open window 2 471234"),
            ("binary_sensor", "power 2 471234"),
            ("binary_sensor", "overlay 2 471234"),
        ),
        filled={
            "climate_entity": "HEATING 2 471234",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "heating 2 471234",
            "window_entity": "open window 2 471234",
        },
    ),
    "Tado X": Case(
        platform="tado_x",
        source="ha-tado-x 1.8.7, sensor.py, binary_sensor.py and climate.py",
        maker="Tado",
        model="Tado X Room",
        entities=(
            ("climate", "1234567_3_climate", HEATS),
            ("sensor", "1234567_3_heating_power", PERCENT),
            ("binary_sensor", "1234567_3_window_open"),
            ("binary_sensor", "1234567_3_heating"),
            ("switch", "1234567_3_open_window"),
        ),
        shown={
            "next_schedule_change": "2026-01-05T07:00:00+01:00",
            "next_schedule_temperature": 21.0,
        },
        filled={
            "climate_entity": "1234567_3_climate",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "1234567_3_heating_power",
            "window_entity": "1234567_3_window_open",
            "schedule_entity": "1234567_3_climate",
        },
    ),
    "evohome": Case(
        platform="evohome",
        source="Core 2026.11, evohome/climate.py",
        entities=(("climate", "3432521", HEATS),),
        shown={
            "status": {
                "setpoints": {
                    "next_sp_from": "2026-01-05T07:00:00+01:00",
                    "next_sp_temp": 21.0,
                }
            }
        },
        filled={
            "climate_entity": "3432521",
            "actuator": "setpoint",
            "demand": "temperature",
            "schedule_entity": "3432521",
        },
    ),
    "RAMSES RF zone": Case(
        platform="ramses_cc",
        source="ramses_cc 0.59.9, tests/tests_old/test_init_data.py",
        entities=(
            ("climate", "01:145038_02", HEATS),
            ("sensor", "01:145038_02-heat_demand", PERCENT),
            ("binary_sensor", "01:145038_02-window_open"),
        ),
        filled={
            "climate_entity": "01:145038_02",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "01:145038_02-heat_demand",
            "window_entity": "01:145038_02-window_open",
        },
    ),
    "Drayton Wiser room": Case(
        platform="wiser",
        source="wiserHomeAssistantPlatform 3.4.17, climate.py and sensor.py",
        maker="Drayton Wiser",
        model="Room",
        entities=(
            ("climate", "WiserHeat0A1B2C-WiserRoom-3-Wiser Lounge", HEATS),
            ("sensor", "WiserHeat0A1B2C-sensor-LTS Heating Demand Lounge-3", PERCENT),
            ("sensor", "WiserHeat0A1B2C-sensor-LTS Temperature Lounge-3", CELSIUS),
        ),
        shown={
            "next_schedule_change": "07:00:00",
            "next_schedule_temp": 21.0,
        },
        filled={
            "climate_entity": "WiserHeat0A1B2C-WiserRoom-3-Wiser Lounge",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "WiserHeat0A1B2C-sensor-LTS Heating Demand Lounge-3",
            "schedule_entity": "WiserHeat0A1B2C-WiserRoom-3-Wiser Lounge",
        },
    ),
    "Homematic IP head, whose level the user has enabled": Case(
        platform="homematicip_local",
        source="homematicip_local 2.0.0, entity_helpers/descriptions/numbers.py",
        maker="eQ-3",
        model="HmIP-eTRV-2",
        entities=(
            ("climate", "homematicip_local_000a1be98f1234_1", HEATS),
            ("number", "homematicip_local_000a1be98f1234_1_level", PERCENT),
        ),
        filled={
            "climate_entity": "homematicip_local_000a1be98f1234_1",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
    "FRITZ!DECT 301": Case(
        platform="fritzbox",
        source="Core 2026.11, fritzbox/binary_sensor.py",
        maker="AVM",
        model="FRITZ!DECT 301",
        entities=(
            ("climate", "09995 0123456", HEATS),
            ("binary_sensor", "09995 0123456_window_open"),
            ("sensor", "09995 0123456_nextchange_time"),
        ),
        filled={
            "climate_entity": "09995 0123456",
            "actuator": "setpoint",
            "demand": "temperature",
            "window_entity": "09995 0123456_window_open",
        },
    ),
    "Versatile Thermostat over a valve": Case(
        platform="versatile_thermostat",
        source="versatile_thermostat 10.2.0, sensor.py and binary_sensor.py",
        maker="JMCOLLIN",
        model="versatile_thermostat",
        entities=(
            ("climate", "01JD2M0C5V7W8X9Y0Z1A2B3C4D", HEATS),
            ("sensor", "Lounge_valve_open_percent", PERCENT),
            ("sensor", "Lounge_power_percent", PERCENT),
            ("binary_sensor", "Lounge_window_state"),
            ("binary_sensor", "Lounge_window_bypass_state"),
            ("number", "Lounge_preset_comfort_temp", CELSIUS),
        ),
        filled={
            "climate_entity": "01JD2M0C5V7W8X9Y0Z1A2B3C4D",
            "actuator": "setpoint",
            "demand": "entity",
            "demand_entity": "Lounge_valve_open_percent",
            "window_entity": "Lounge_window_state",
        },
    ),
    "Versatile Thermostat over a switch": Case(
        platform="versatile_thermostat",
        source="versatile_thermostat 10.2.0, sensor.py",
        maker="JMCOLLIN",
        model="versatile_thermostat",
        entities=(
            ("climate", "01JD2M0C5V7W8X9Y0Z1A2B3C4F", HEATS),
            ("sensor", "Hall_power_percent", PERCENT),
        ),
        filled={
            "climate_entity": "01JD2M0C5V7W8X9Y0Z1A2B3C4F",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
    "Better Thermostat": Case(
        platform="better_thermostat",
        source="better_thermostat 1.8.0-dev, climate.py and sensor.py",
        entities=(
            ("climate", "01JD2M0C5V7W8X9Y0Z1A2B3C4E", HEATS),
            ("sensor", "01JD2M0C5V7W8X9Y0Z1A2B3C4E_heating_power"),
        ),
        filled={
            "climate_entity": "01JD2M0C5V7W8X9Y0Z1A2B3C4E",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
    "An unknown head with one valve": Case(
        platform="unheard_of",
        source="none",
        entities=(
            ("climate", "head", HEATS),
            ("number", "opening", {**PERCENT, "original_name": "Valve opening"}),
            ("number", "limit", {**PERCENT, "original_name": "Valve opening limit"}),
            ("number", "child", {**PERCENT, "original_name": "Brightness"}),
        ),
        filled={
            "climate_entity": "head",
            "actuator": "setpoint",
            "demand": "temperature",
            "valve_entity": "opening",
        },
    ),
    "An unknown head with a valve that has a position": Case(
        platform="unheard_of",
        source="none",
        entities=(
            ("climate", "head", HEATS),
            ("valve", "motor", {"supported_features": 7}),
            ("valve", "shut_off", {"supported_features": 3}),
        ),
        filled={
            "climate_entity": "head",
            "actuator": "setpoint",
            "demand": "temperature",
            "valve_entity": "motor",
        },
    ),
    "An unknown head whose valve is not clear": Case(
        platform="unheard_of",
        source="none",
        entities=(
            ("climate", "head", HEATS),
            ("number", "opening", {**PERCENT, "original_name": "Valve opening"}),
            ("number", "position", {**PERCENT, "original_name": "Position"}),
        ),
        filled={
            "climate_entity": "head",
            "actuator": "setpoint",
            "demand": "temperature",
        },
    ),
}
