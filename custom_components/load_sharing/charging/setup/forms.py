"""The forms that the configuration flows show."""

from collections.abc import Mapping
from typing import Any

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import (
    CONF_NAME,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfTime,
)
from homeassistant.helpers.selector import (
    ActionSelector,
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ...const import (
    CONF_CHARGER_ID,
    CONF_CHARGING_STATES,
    CONF_CIRCUIT,
    CONF_CONTROL,
    CONF_DRAWS,
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_FALLBACK_CURRENT,
    CONF_FIRST_PHASE,
    CONF_GRACE,
    CONF_LIMIT,
    CONF_MAX_AGE,
    CONF_MAX_CURRENT,
    CONF_METER_LOST_ACTION,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_PARENT,
    CONF_PAUSE_OPTION,
    CONF_PHASES,
    CONF_PRESET,
    CONF_SELECT,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONF_SWITCH,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    DEFAULT_CHARGING_STATES,
    DEFAULT_CIRCUIT_LIMIT_A,
    DEFAULT_FALLBACK_CURRENT_A,
    DEFAULT_GRACE_S,
    DEFAULT_LIMIT_A,
    DEFAULT_MAX_AGE_S,
    DEFAULT_MAX_CURRENT_A,
    DEFAULT_METER_LOST_ACTION,
    DEFAULT_MIN_CURRENT_A,
    DEFAULT_VOLTAGE_V,
    EXPORT_NEGATIVE,
    EXPORT_POSITIVE,
    EXPORT_SEPARATE,
    PHASES,
    PRESET_NONE,
)
from ...site.ranges import (
    CIRCUIT_LIMIT_A,
    FALLBACK_CURRENT_A,
    GRACE_S,
    MAX_AGE_S,
    MAX_CURRENT_A,
    MIN_CURRENT_A,
    SUPPLY_LIMIT_A,
    VOLTAGE_V,
    Range,
)
from ..engine.model import FallbackAction
from .checks import MEASURING_DOMAINS, STATUS_DOMAINS
from .control_checks import SELECT_DOMAINS


def number_box(within: Range, unit: str | None, step: float = 1) -> NumberSelector:
    """A number to type in."""
    config = NumberSelectorConfig(
        min=within.minimum,
        max=within.maximum,
        step=step,
        mode=NumberSelectorMode.BOX,
    )
    if unit is not None:
        config["unit_of_measurement"] = unit
    return NumberSelector(config)


def _amperes(within: Range) -> NumberSelector:
    return number_box(within, UnitOfElectricCurrent.AMPERE, 0.5)


def _seconds(within: Range) -> NumberSelector:
    return number_box(within, UnitOfTime.SECONDS)


def choice(key: str, options: list[str]) -> SelectSelector:
    """A list to choose one from."""
    return SelectSelector(
        SelectSelectorConfig(
            options=options, translation_key=key, mode=SelectSelectorMode.LIST
        )
    )


MEASUREMENT = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": list(MEASURING_DOMAINS), "device_class": ["power", "current"]},
            {"domain": ["input_number"]},
        ]
    )
)

SUPPLY = vol.Schema(
    {
        vol.Required(CONF_METERS[0]): MEASUREMENT,
        vol.Optional(CONF_METERS[1]): MEASUREMENT,
        vol.Optional(CONF_METERS[2]): MEASUREMENT,
        vol.Optional(CONF_TOTAL): BooleanSelector(),
        vol.Required(CONF_LIMIT, default=DEFAULT_LIMIT_A): _amperes(SUPPLY_LIMIT_A),
        vol.Required(CONF_VOLTAGE, default=DEFAULT_VOLTAGE_V): number_box(
            VOLTAGE_V, UnitOfElectricPotential.VOLT
        ),
        vol.Required(CONF_EXPORT_SIGN, default=EXPORT_NEGATIVE): choice(
            CONF_EXPORT_SIGN, [EXPORT_NEGATIVE, EXPORT_POSITIVE, EXPORT_SEPARATE]
        ),
        vol.Optional(CONF_EXTERNAL): MEASUREMENT,
    }
)

NAMED_SUPPLY = vol.Schema({vol.Required(CONF_NAME): TextSelector(), **SUPPLY.schema})


def exports(meters: int) -> vol.Schema:
    """Form of the sensors of what is exported, one for each meter."""
    return vol.Schema({vol.Required(key): MEASUREMENT for key in CONF_EXPORTS[:meters]})


METER_LOST = vol.Schema(
    {
        vol.Required(
            CONF_METER_LOST_ACTION, default=DEFAULT_METER_LOST_ACTION.value
        ): choice(CONF_METER_LOST_ACTION, [action.value for action in FallbackAction]),
        vol.Required(
            CONF_FALLBACK_CURRENT, default=DEFAULT_FALLBACK_CURRENT_A
        ): _amperes(FALLBACK_CURRENT_A),
        vol.Required(CONF_GRACE, default=DEFAULT_GRACE_S): _seconds(GRACE_S),
        vol.Required(CONF_MAX_AGE, default=DEFAULT_MAX_AGE_S): _seconds(MAX_AGE_S),
    }
)

_PHASES_OF_CHARGER = SelectSelector(
    SelectSelectorConfig(
        options=list(PHASES),
        multiple=True,
        translation_key=CONF_PHASES,
        mode=SelectSelectorMode.LIST,
    )
)


def _of_circuits(names: Mapping[str, str]) -> SelectSelector:
    """One of the circuits, or none."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=circuit_id, label=name)
                for circuit_id, name in names.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def circuit(phases: int, parents: Mapping[str, str]) -> vol.Schema:
    """Form of a circuit; ``parents`` are the names of those it may be part of."""
    fields: dict[vol.Marker, object] = {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_LIMIT, default=DEFAULT_CIRCUIT_LIMIT_A): _amperes(
            CIRCUIT_LIMIT_A
        ),
    }
    if parents:
        fields[vol.Optional(CONF_PARENT)] = _of_circuits(parents)
    if phases > 1:
        default = list(PHASES[:phases])
        fields[vol.Required(CONF_PHASES, default=default)] = _PHASES_OF_CHARGER
    for key in CONF_METERS[:phases]:
        fields[vol.Optional(key)] = MEASUREMENT
    return vol.Schema(fields)


def preset(names: Mapping[str, str], default: str = PRESET_NONE) -> vol.Schema:
    """Form to choose one of the chargers that were found, or another."""
    options = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    options.append(SelectOptionDict(value=PRESET_NONE, label=PRESET_NONE))
    config = SelectSelectorConfig(
        options=options, translation_key=CONF_PRESET, mode=SelectSelectorMode.LIST
    )
    return vol.Schema(
        {vol.Required(CONF_PRESET, default=default): SelectSelector(config)}
    )


def charger(phases: int, circuits: Mapping[str, str] | None = None) -> vol.Schema:
    """Form of a charger; where it is wired matters only if there is a choice."""
    fields: dict[vol.Marker, object] = {vol.Required(CONF_NAME): TextSelector()}
    if phases > 1:
        default = list(PHASES[:phases])
        fields[vol.Required(CONF_PHASES, default=default)] = _PHASES_OF_CHARGER
        fields[vol.Optional(CONF_FIRST_PHASE)] = SelectSelector(
            SelectSelectorConfig(
                options=default,
                translation_key=CONF_PHASES,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
    if circuits:
        fields[vol.Optional(CONF_CIRCUIT)] = _of_circuits(circuits)
    fields |= {
        vol.Required(CONF_MAX_CURRENT, default=DEFAULT_MAX_CURRENT_A): _amperes(
            MAX_CURRENT_A
        ),
        vol.Required(CONF_MIN_CURRENT, default=DEFAULT_MIN_CURRENT_A): _amperes(
            MIN_CURRENT_A
        ),
        vol.Required(CONF_CONTROL, default=CONTROL_NUMBER): choice(
            CONF_CONTROL, [CONTROL_NUMBER, CONTROL_SELECT, CONTROL_ACTIONS]
        ),
    }
    return vol.Schema(fields)


NUMBER_CONTROL = vol.Schema(
    {
        vol.Required(CONF_NUMBER): EntitySelector(
            EntitySelectorConfig(domain=NUMBER_DOMAIN)
        ),
        vol.Optional(CONF_SWITCH): EntitySelector(
            EntitySelectorConfig(domain=SWITCH_DOMAIN)
        ),
    }
)

NUMBER_CONTROL_AND_RANGE = vol.Schema(
    {
        **NUMBER_CONTROL.schema,
        vol.Optional(CONF_MAX_CURRENT): _amperes(MAX_CURRENT_A),
        vol.Optional(CONF_MIN_CURRENT): _amperes(MIN_CURRENT_A),
    }
)

SELECT_CONTROL = vol.Schema(
    {
        vol.Required(CONF_SELECT): EntitySelector(
            EntitySelectorConfig(domain=list(SELECT_DOMAINS))
        ),
        vol.Optional(CONF_PAUSE_OPTION): TextSelector(),
        vol.Optional(CONF_SWITCH): EntitySelector(
            EntitySelectorConfig(domain=SWITCH_DOMAIN)
        ),
    }
)

ACTION_CONTROL = vol.Schema(
    {
        vol.Required(CONF_SET_CURRENT): ActionSelector(),
        vol.Optional(CONF_START): ActionSelector(),
        vol.Optional(CONF_STOP): ActionSelector(),
        vol.Optional(CONF_CHARGER_ID): TextSelector(),
    }
)

_FEEDBACK = vol.Schema(
    {
        vol.Optional(CONF_STATUS): EntitySelector(
            EntitySelectorConfig(domain=list(STATUS_DOMAINS))
        ),
        vol.Optional(
            CONF_CHARGING_STATES, default=list(DEFAULT_CHARGING_STATES)
        ): SelectSelector(
            SelectSelectorConfig(
                options=list(DEFAULT_CHARGING_STATES),
                multiple=True,
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
    }
)


def feedback(phases: int) -> vol.Schema:
    """Form of what a charger tells, which may be measured on each of its phases."""
    draws = {vol.Optional(key): MEASUREMENT for key in CONF_DRAWS[:phases]}
    offered = {vol.Optional(CONF_OFFERED): MEASUREMENT}
    return vol.Schema({**_FEEDBACK.schema, **draws, **offered})


def unknown(present: Mapping[str, Any], *asked: vol.Schema) -> dict[str, Any]:
    """Fields that no form asks for: a newer version has added them, and needs them."""
    known = {str(key) for schema in asked for key in schema.schema}
    return {key: value for key, value in present.items() if key not in known}


def unknown_of_charger(present: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a charger, whose forms depend on how it is driven."""
    names = {"": ""}
    controls = (NUMBER_CONTROL, SELECT_CONTROL, ACTION_CONTROL)
    of_phases = len(PHASES)
    return unknown(
        present, charger(of_phases, names), feedback(of_phases), preset({}), *controls
    )
