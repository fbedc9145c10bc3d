"""Forms of a supply: of a new one, only what its kind needs."""

from collections.abc import Mapping, Sequence

from homeassistant.const import UnitOfElectricCurrent, UnitOfElectricPotential
from homeassistant.helpers.selector import BooleanSelector, NumberSelector
import voluptuous as vol

from ...const import (
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_LIMIT,
    CONF_METER_LOST_ACTION,
    CONF_METERS,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONF_VOLTAGE_ENTITY,
    CONF_WIRING,
    DEFAULT_VOLTAGE_V,
    EXPORT_NEGATIVE,
    EXPORT_POSITIVE,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
    SPLIT_PHASE_V,
)
from ...site.ranges import SUPPLY_LIMIT_A, VOLTAGE_V, Range
from ...site.setup.forms import choice, measurement, number_box
from ..config import DEFAULT_METER_LOST_ACTION
from ..engine.mains import Wiring
from ..engine.model import FallbackAction
from ..io.units import MEASURED_UNITS, VOLTAGE_UNITS
from ..wiring import SupplyKind


def amperes(allowed: Range) -> NumberSelector:
    """Return a box to type a current into, in steps of half an ampere."""
    return number_box(allowed, UnitOfElectricCurrent.AMPERE, 0.5)


MEASURED_CLASSES = ("power", "current", "apparent_power")
MEASUREMENT = measurement(MEASURED_CLASSES, MEASURED_UNITS)

_VOLTAGE_BOX = number_box(VOLTAGE_V, UnitOfElectricPotential.VOLT)

SUPPLY = vol.Schema(
    {
        vol.Required(CONF_METERS[0]): MEASUREMENT,
        vol.Optional(CONF_METERS[1]): MEASUREMENT,
        vol.Optional(CONF_METERS[2]): MEASUREMENT,
        vol.Optional(CONF_TOTAL): BooleanSelector(),
        vol.Optional(
            CONF_WIRING, description={"suggested_value": Wiring.NEUTRAL.value}
        ): choice(CONF_WIRING, [wiring.value for wiring in Wiring]),
        vol.Optional(CONF_LIMIT): amperes(SUPPLY_LIMIT_A),
        vol.Required(CONF_VOLTAGE, default=DEFAULT_VOLTAGE_V): _VOLTAGE_BOX,
        vol.Optional(CONF_VOLTAGE_ENTITY): measurement(("voltage",), VOLTAGE_UNITS),
        vol.Required(CONF_EXPORT_SIGN, default=EXPORT_NEGATIVE): choice(
            CONF_EXPORT_SIGN,
            [EXPORT_NEGATIVE, EXPORT_POSITIVE, EXPORT_SEPARATE, EXPORT_UNSIGNED],
        ),
        vol.Optional(CONF_EXTERNAL): MEASUREMENT,
    }
)

SUPPLY_SECTIONS = {
    "solar": (CONF_EXPORT_SIGN,),
    "more": (
        CONF_TOTAL,
        CONF_WIRING,
        CONF_VOLTAGE,
        CONF_VOLTAGE_ENTITY,
        CONF_EXTERNAL,
        CONF_METER_LOST_ACTION,
    ),
}
"""Fields of a supply that few houses need."""

_NOT_ASKED = {
    SupplyKind.ONE_PHASE: (*CONF_METERS[1:], CONF_TOTAL, CONF_WIRING),
    SupplyKind.THREE_PHASES: (CONF_TOTAL,),
    SupplyKind.TOTAL: (*CONF_METERS[1:], CONF_TOTAL),
    SupplyKind.SPLIT_PHASE: (CONF_METERS[2], CONF_TOTAL, CONF_WIRING),
}

ANSWERED: Mapping[SupplyKind, Mapping[str, object]] = {
    SupplyKind.ONE_PHASE: {},
    SupplyKind.THREE_PHASES: {},
    SupplyKind.TOTAL: {CONF_TOTAL: True},
    SupplyKind.SPLIT_PHASE: {CONF_WIRING: Wiring.SPLIT_PHASE.value},
}
"""Fields that the first question has answered."""


def supply(kind: SupplyKind, without: Sequence[str] = ()) -> vol.Schema:
    """Return the form of a new supply: only what its kind needs.

    Entities ``without`` are not offered as its meter, nor are numbers, which can be set.
    """
    meter = measurement(
        MEASURED_CLASSES, MEASURED_UNITS, domains=("sensor",), without=without
    )
    fields = {
        key: meter if str(key) in CONF_METERS else value
        for key, value in SUPPLY.schema.items()
        if str(key) not in _NOT_ASKED[kind]
    }
    if kind is SupplyKind.SPLIT_PHASE:
        del fields[CONF_VOLTAGE]
        fields[vol.Required(CONF_VOLTAGE, default=SPLIT_PHASE_V)] = _VOLTAGE_BOX
    return vol.Schema({**fields, **METER_LOST.schema})


def exports(keys: Sequence[str], *, required: bool = True) -> vol.Schema:
    """Return the form of the export sensors: the first may show that of all phases."""
    marker = vol.Required if required else vol.Optional
    return vol.Schema(
        {
            marker(keys[0]): MEASUREMENT,
            **{vol.Optional(key): MEASUREMENT for key in keys[1:]},
        }
    )


METER_LOST = vol.Schema(
    {
        vol.Required(
            CONF_METER_LOST_ACTION, default=DEFAULT_METER_LOST_ACTION.value
        ): choice(CONF_METER_LOST_ACTION, [action.value for action in FallbackAction]),
    }
)

# Every field that can be stored: others are from a newer version.
SUPPLY_FORMS = (SUPPLY, exports(CONF_EXPORTS))
