"""Presets of boilers and their gateways.

A setpoint that a controller sends again and again is only read: see ``REWRITTEN``.
``docs/boilers.md`` says which version of each source was read.
"""

from ....const import (
    CONF_BURNER,
    CONF_DHW,
    CONF_FLOW,
    CONF_RETURN,
    CONF_SETPOINT,
    CONF_ZERO_MODULATION,
)
from ...config import ZeroModulation
from .preset import Boiler, Pattern, Patterns


def _flag(unique_id: str) -> Patterns:
    return (Pattern("binary_sensor", unique_id),)


def _sensor(unique_id: str) -> Patterns:
    return (Pattern("sensor", unique_id),)


_EMS = r"(?:.+_)?boiler_{}"
"""Unique IDs of EMS-ESP: the base, if there may be several, the device, the value."""
_EMS_VALUES = {
    CONF_FLOW: _sensor(_EMS.format("curflowtemp")),
    CONF_RETURN: _sensor(_EMS.format("rettemp")),
    CONF_SETPOINT: (
        Pattern("number", _EMS.format("selflowtemp")),
        Pattern("sensor", _EMS.format("selflowtemp")),
    ),
    CONF_DHW: _flag(_EMS.format("tapwateractive")),
}
_EBUS = r".+_bai_{}_.*"
"""Unique IDs of ebusd: the prefix, the circuit, the message, and the field."""

BOILERS: tuple[Boiler, ...] = (
    Boiler(
        platform="opentherm_gw",
        name="OpenTherm Gateway",
        required={CONF_BURNER: _flag(r".+-boiler-slave_flame_on")},
        optional={
            CONF_FLOW: _sensor(r".+-boiler-ch_water_temp"),
            CONF_RETURN: _sensor(r".+-boiler-return_water_temp"),
            CONF_SETPOINT: _sensor(r".+-boiler-control_setpoint"),
            CONF_DHW: _flag(r".+-boiler-slave_dhw_active"),
        },
    ),
    Boiler(
        platform="mqtt",
        name="EMS-ESP",
        required={CONF_BURNER: _flag(_EMS.format("burngas"))},
        optional=_EMS_VALUES,
    ),
    Boiler(
        platform="mqtt",
        name="EMS-ESP",
        required={CONF_BURNER: _sensor(_EMS.format("curburnpow"))},
        optional=_EMS_VALUES,
        fields={CONF_ZERO_MODULATION: ZeroModulation.OFF.value},
    ),
    Boiler(
        platform="mqtt",
        name="ebusd",
        device=r"ebusd",
        required={CONF_FLOW: _sensor(r".+_bai_FlowTemp_temp")},
        optional={
            CONF_BURNER: (
                *_flag(_EBUS.format("Flame")),
                *_sensor(_EBUS.format("ModulationTempDesired")),
            ),
            CONF_RETURN: _sensor(r".+_bai_ReturnTemp_temp"),
            CONF_SETPOINT: _sensor(_EBUS.format("FlowTempDesired")),
            CONF_DHW: _flag(_EBUS.format("HwcDemand")),
        },
    ),
    Boiler(
        platform="mqtt",
        name="OTGateway",
        device=r"OpenTherm Gateway",
        required={
            CONF_BURNER: _flag(r".+_flame"),
            CONF_FLOW: _sensor(r".+_heating_temp"),
        },
        optional={
            CONF_RETURN: _sensor(r".+_heating_return_temp"),
            CONF_SETPOINT: _sensor(r".+_heating_setpoint_temp"),
            CONF_DHW: _flag(r".+_dhw"),
        },
    ),
    Boiler(
        platform="mqtt",
        name="OTGW-firmware",
        required={
            CONF_BURNER: _flag(r".+-(?:(?:pic|otd)_)?flame"),
            CONF_FLOW: _sensor(r".+-(?:(?:pic|otd)_)?Tboiler"),
        },
        optional={
            CONF_RETURN: _sensor(r".+-(?:(?:pic|otd)_)?Tret"),
            CONF_SETPOINT: _sensor(r".+-(?:(?:pic|otd)_)?TSet"),
            CONF_DHW: (
                *_flag(r".+-(?:(?:pic|otd)_)?hot_water"),
                *_flag(r".+-(?:(?:pic|otd)_)?domestichotwater"),
            ),
        },
    ),
    Boiler(
        platform="vicare",
        name="Viessmann ViCare",
        required={CONF_BURNER: _flag(r".+-burner_active-0")},
        optional={
            CONF_FLOW: (
                Pattern("sensor", r".+-boiler_supply_temperature"),
                Pattern("sensor", r".+-boiler_temperature"),
                Pattern("sensor", r".+-supply_temperature-\d+"),
            ),
            CONF_RETURN: _sensor(r".+-return_temperature"),
            CONF_DHW: _flag(r".+-charging_active"),
        },
    ),
    Boiler(
        platform="mypyllant",
        name="myVAILLANT",
        required={
            CONF_FLOW: _sensor(r"mypyllant_.+_circuit_\d+_flow_temperature"),
            CONF_SETPOINT: _sensor(
                r"mypyllant_.+_circuit_\d+_flow_temperature_setpoint"
            ),
        },
    ),
    Boiler(
        platform="plugwise",
        name="Plugwise",
        required={CONF_BURNER: _flag(r".+-flame_state")},
        optional={
            CONF_FLOW: _sensor(r".+-water_temperature"),
            CONF_RETURN: _sensor(r".+-return_temperature"),
            CONF_SETPOINT: _sensor(r".+-intended_boiler_temperature"),
            CONF_DHW: _flag(r".+-dhw_state"),
        },
    ),
    Boiler(
        platform="incomfort",
        name="Intergas InComfort",
        required={CONF_BURNER: _flag(r".+_is_burning")},
        optional={
            CONF_FLOW: _sensor(r".+_cv_temp"),
            CONF_DHW: _flag(r".+_is_tapping"),
        },
    ),
    Boiler(
        platform="ramses_cc",
        name="RAMSES RF",
        required={CONF_BURNER: _flag(r"10:\d{6}-flame_active")},
        optional={
            CONF_FLOW: _sensor(r"10:\d{6}-boiler_output_temp"),
            CONF_RETURN: _sensor(r"10:\d{6}-boiler_return_temp"),
            CONF_SETPOINT: _sensor(r"10:\d{6}-boiler_setpoint"),
            CONF_DHW: _flag(r"10:\d{6}-dhw_active"),
        },
    ),
)

REWRITTEN: tuple[tuple[str, Pattern], ...] = (
    ("mqtt", Pattern("number", _EMS.format("selflowtemp"))),
    # The most that the setpoint may become, which the boiler keeps in its memory.
    ("plugwise", Pattern("number", r".+-maximum_boiler_temperature")),
)
"""Setpoints that must not be lowered to hold a burner off, by platform.

Their controller sends them again and again, or they are kept in memory that wears out.
"""
