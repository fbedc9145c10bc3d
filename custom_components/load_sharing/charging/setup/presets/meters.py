"""Presets of meters: which sensors of a known integration belong together.

To add one, read in the integration's source code the unique IDs of its sensors, and in
which direction they count. Prefer a power of each phase to a current: the currents of
most meters have no sign. Leave out sets that may lack a phase.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ....const import (
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_METERS,
    EXPORT_NEGATIVE,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
)
from .preset import EntityPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorSet:
    """Sensors of one meter that belong together.

    sensors: the sensors by form field. Those of one meter agree in the named groups of
        their patterns. Each that matches the first pattern is a meter.
    without: sensors that only a meter with more phases has, even if they are disabled.
    fields: other form fields.
    """

    sensors: Mapping[str, EntityPattern]
    without: tuple[EntityPattern, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterPreset:
    """What is known of the meters of one integration.

    platform: domain of the integration.
    name: name of the integration, as shown to the user.
    sets: alternatives, the best first.
    """

    platform: str
    name: str
    sets: tuple[SensorSet, ...]


def _sensor(unique_id: str) -> EntityPattern:
    return EntityPattern("sensor", unique_id)


def _phases(
    keys: tuple[str, ...], unique_id: str, phases: str
) -> dict[str, EntityPattern]:
    """Return the patterns of some phases by form field; ``{}`` is for the phase."""
    return {
        key: _sensor(unique_id.replace("{}", phase))
        for key, phase in zip(keys, phases, strict=False)
    }


def _signed(unique_id: str, phases: str) -> SensorSet:
    """Return a set whose sensors are negative while the house exports."""
    return SensorSet(
        sensors=_phases(CONF_METERS, unique_id, phases),
        fields={CONF_EXPORT_SIGN: EXPORT_NEGATIVE},
    )


def _two_way(imported: str, exported: str, phases: str) -> SensorSet:
    """Return a set with a sensor of each direction for each phase."""
    return SensorSet(
        sensors={
            **_phases(CONF_METERS, imported, phases),
            **_phases(CONF_EXPORTS, exported, phases),
        },
        fields={CONF_EXPORT_SIGN: EXPORT_SEPARATE},
    )


def _unsigned(current: str, exported: str, phases: str) -> SensorSet:
    """Return a set of currents without a sign, with the power that is exported."""
    return SensorSet(
        sensors={
            **_phases(CONF_METERS, current, phases),
            CONF_EXPORTS[0]: _sensor(exported),
        },
        fields={CONF_EXPORT_SIGN: EXPORT_UNSIGNED},
    )


def _of_one_phase(sensors: SensorSet, *without: str) -> SensorSet:
    """Return a set that is a whole one only for a meter without these sensors."""
    return SensorSet(
        sensors=sensors.sensors,
        without=tuple(_sensor(unique_id) for unique_id in without),
        fields=sensors.fields,
    )


_P1 = r"(?P<id>(?:HWE-P1|HWE-KWH[13]|SDM[26]30-wifi)_[^_]+)_active_power"
"""HomeWizard's meters, without its sockets and batteries."""

_DSMR = r"(?P<id>.+)_"
_READER = r"(?P<id>.+)-dsmr_reading_phase_currently_"
_P1_MONITOR = r"(?P<id>.+)_phases_power_"
_TIBBER = r"(?P<id>.+)_rt_"
_SMA = r"(?P<id>.+)-6100_0046"
_FRONIUS = r"(?P<id>.+)-power_real_phase_"
_SHELLY = r"(?P<id>[0-9A-F]{12})-"

METERS: tuple[MeterPreset, ...] = (
    MeterPreset(
        platform="homewizard",
        name="HomeWizard",
        sets=(
            _signed(_P1 + "_l{}_w", "123"),
            _of_one_phase(_signed(_P1 + "_l{}_w", "1"), _P1 + "_l[23]_w"),
            _signed(r"(?P<id>(?:HWE-KWH1|SDM230-wifi)_[^_]+)_active_power_w", "1"),
        ),
    ),
    MeterPreset(
        platform="dsmr",
        name="DSMR Smart Meter",
        sets=(
            _two_way(
                _DSMR + "instantaneous_active_power_l{}_positive",
                _DSMR + "instantaneous_active_power_l{}_negative",
                "123",
            ),
            # A supply of three phases without a neutral has no powers of its phases.
            _unsigned(
                _DSMR + "instantaneous_current_l{}",
                _DSMR + "current_electricity_delivery",
                "123",
            ),
            _of_one_phase(
                _two_way(
                    _DSMR + "current_electricity_usage",
                    _DSMR + "current_electricity_delivery",
                    "1",
                ),
                _DSMR + "instantaneous_(?:current|voltage)_l[23]",
                _DSMR + "instantaneous_active_power_l[23]_positive",
            ),
        ),
    ),
    MeterPreset(
        platform="dsmr_reader",
        name="DSMR Reader",
        sets=(_two_way(_READER + "delivered_l{}", _READER + "returned_l{}", "123"),),
    ),
    MeterPreset(
        platform="p1_monitor",
        name="P1 Monitor",
        sets=(
            _two_way(
                _P1_MONITOR + "consumed_phase_l{}",
                _P1_MONITOR + "produced_phase_l{}",
                "123",
            ),
        ),
    ),
    MeterPreset(
        platform="shelly",
        name="Shelly",
        sets=(
            _signed(r"(?P<id>[0-9A-F]{12}-em:\d+)-{}_act_power", "abc"),
            _signed(_SHELLY + "emeter_{}-power", "012"),
            # Each clamp may be the one around the supply.
            _of_one_phase(
                _signed(_SHELLY + r"emeter_(?P<clamp>\d)-power", "1"),
                _SHELLY + "emeter_2-power",
            ),
            _signed(_SHELLY + r"em1:(?P<clamp>\d)-power_em1", "1"),
        ),
    ),
    MeterPreset(
        platform="sma",
        name="SMA",
        sets=(
            SensorSet(
                sensors={
                    CONF_METERS[0]: _sensor(_SMA + "EB00_0"),
                    CONF_METERS[1]: _sensor(_SMA + "EC00_0"),
                    CONF_METERS[2]: _sensor(_SMA + "ED00_0"),
                    CONF_EXPORTS[0]: _sensor(_SMA + "E800_0"),
                    CONF_EXPORTS[1]: _sensor(_SMA + "E900_0"),
                    CONF_EXPORTS[2]: _sensor(_SMA + "EA00_0"),
                },
                fields={CONF_EXPORT_SIGN: EXPORT_SEPARATE},
            ),
        ),
    ),
    MeterPreset(
        platform="fronius",
        name="Fronius Smart Meter",
        sets=(
            _signed(_FRONIUS + "{}", "123"),
            _of_one_phase(_signed(_FRONIUS + "{}", "1"), _FRONIUS + "[23]"),
        ),
    ),
    MeterPreset(
        platform="tibber",
        name="Tibber Pulse",
        sets=(
            _unsigned(_TIBBER + "currentL{}", _TIBBER + "powerProduction", "123"),
            _signed(_TIBBER + "currentL{}", "123"),
            _of_one_phase(
                _two_way(_TIBBER + "power", _TIBBER + "powerProduction", "1"),
                _TIBBER + "currentL[23]",
            ),
            _of_one_phase(_signed(_TIBBER + "power", "1"), _TIBBER + "currentL[23]"),
        ),
    ),
)
