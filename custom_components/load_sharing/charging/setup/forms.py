"""Forms of a supply, a circuit and a charger."""

from collections.abc import Mapping, Sequence

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
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ...const import (
    COMMANDS_CLOUD,
    COMMANDS_MEMORY,
    CONF_CHARGER_ID,
    CONF_CHARGING_STATES,
    CONF_CIRCUIT,
    CONF_COMMANDS,
    CONF_CONTROL,
    CONF_DRAWS,
    CONF_EXPORT_SIGN,
    CONF_EXPORTS,
    CONF_EXTERNAL,
    CONF_FIRST_PHASE,
    CONF_LIMIT,
    CONF_MAX_CURRENT,
    CONF_METER_LOST_ACTION,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_PARENT,
    CONF_PAUSE_OPTION,
    CONF_PHASES,
    CONF_PRESENCE,
    CONF_PRESET,
    CONF_SELECT,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONF_SWITCH,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONF_VOLTAGE_ENTITY,
    CONF_WIRING,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    DEFAULT_CHARGING_STATES,
    DEFAULT_CIRCUIT_LIMIT_A,
    DEFAULT_LIMIT_A,
    DEFAULT_MAX_CURRENT_A,
    DEFAULT_MIN_CURRENT_A,
    DEFAULT_VOLTAGE_V,
    EXPORT_NEGATIVE,
    EXPORT_POSITIVE,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
    PHASES,
    PRESET_NONE,
)
from ...site.ranges import (
    CIRCUIT_LIMIT_A,
    MAX_CURRENT_A,
    MIN_CURRENT_A,
    SUPPLY_LIMIT_A,
    VOLTAGE_V,
    Range,
)
from ...site.setup.forms import choice, measurement, number_box
from ..config import DEFAULT_METER_LOST_ACTION
from ..engine.mains import Wiring
from ..engine.model import FallbackAction
from ..io.presence import PRESENCE_DOMAINS
from ..io.units import MEASURED_UNITS, VOLTAGE_UNITS
from .checks import STATUS_DOMAINS
from .control_checks import SELECT_DOMAINS


def _amperes(allowed: Range) -> NumberSelector:
    """Return a box to type a current into, in steps of half an ampere."""
    return number_box(allowed, UnitOfElectricCurrent.AMPERE, 0.5)


def _seconds(allowed: Range) -> NumberSelector:
    """Return a box to type a duration into."""
    return number_box(allowed, UnitOfTime.SECONDS)


MEASUREMENT = measurement(("power", "current", "apparent_power"), MEASURED_UNITS)
_SWITCH = EntitySelector(EntitySelectorConfig(domain=SWITCH_DOMAIN))

SUPPLY = vol.Schema(
    {
        vol.Required(CONF_METERS[0]): MEASUREMENT,
        vol.Optional(CONF_METERS[1]): MEASUREMENT,
        vol.Optional(CONF_METERS[2]): MEASUREMENT,
        vol.Optional(CONF_TOTAL): BooleanSelector(),
        vol.Optional(
            CONF_WIRING, description={"suggested_value": Wiring.NEUTRAL.value}
        ): choice(CONF_WIRING, [wiring.value for wiring in Wiring]),
        vol.Required(CONF_LIMIT, default=DEFAULT_LIMIT_A): _amperes(SUPPLY_LIMIT_A),
        vol.Required(CONF_VOLTAGE, default=DEFAULT_VOLTAGE_V): number_box(
            VOLTAGE_V, UnitOfElectricPotential.VOLT
        ),
        vol.Optional(CONF_VOLTAGE_ENTITY): measurement(("voltage",), VOLTAGE_UNITS),
        vol.Required(CONF_EXPORT_SIGN, default=EXPORT_NEGATIVE): choice(
            CONF_EXPORT_SIGN,
            [EXPORT_NEGATIVE, EXPORT_POSITIVE, EXPORT_SEPARATE, EXPORT_UNSIGNED],
        ),
        vol.Optional(CONF_EXTERNAL): MEASUREMENT,
    }
)


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


def _pick_phases(phases: Sequence[str]) -> SelectSelector:
    """Return a picker of some of the supply's phases."""
    return SelectSelector(
        SelectSelectorConfig(
            options=list(phases),
            multiple=True,
            translation_key=CONF_PHASES,
            mode=SelectSelectorMode.LIST,
        )
    )


def _pick_circuit(names: Mapping[str, str]) -> SelectSelector:
    """Return a picker of a circuit, whose names are given by ID."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=circuit_id, label=name)
                for circuit_id, name in names.items()
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def circuit(phases: Sequence[str], parents: Mapping[str, str]) -> vol.Schema:
    """Return the form of a circuit; ``parents`` are names of circuits by ID."""
    fields: dict[vol.Marker, object] = {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Required(CONF_LIMIT, default=DEFAULT_CIRCUIT_LIMIT_A): _amperes(
            CIRCUIT_LIMIT_A
        ),
    }
    if parents:
        fields[vol.Optional(CONF_PARENT)] = _pick_circuit(parents)
    if len(phases) > 1:
        default = list(phases)
        fields[vol.Required(CONF_PHASES, default=default)] = _pick_phases(phases)
    for phase in phases:
        key = CONF_METERS[PHASES.index(phase)]
        fields[vol.Optional(key)] = MEASUREMENT
    return vol.Schema(fields)


def preset(names: Mapping[str, str], default: str = PRESET_NONE) -> vol.Schema:
    """Return the form to choose a discovered charger, or none of them."""
    options = [SelectOptionDict(value=key, label=name) for key, name in names.items()]
    options.append(SelectOptionDict(value=PRESET_NONE, label=PRESET_NONE))
    config = SelectSelectorConfig(
        options=options, translation_key=CONF_PRESET, mode=SelectSelectorMode.LIST
    )
    return vol.Schema(
        {vol.Required(CONF_PRESET, default=default): SelectSelector(config)}
    )


def charger(
    phases: Sequence[str], circuits: Mapping[str, str] | None = None
) -> vol.Schema:
    """Return the form of a charger; ``circuits`` are names of circuits by ID.

    It asks for phases only if there are several.
    """
    fields: dict[vol.Marker, object] = {vol.Required(CONF_NAME): TextSelector()}
    if len(phases) > 1:
        default = list(phases)
        fields[vol.Required(CONF_PHASES, default=default)] = _pick_phases(phases)
        fields[vol.Optional(CONF_FIRST_PHASE)] = SelectSelector(
            SelectSelectorConfig(
                options=default,
                translation_key=CONF_PHASES,
                mode=SelectSelectorMode.DROPDOWN,
            )
        )
    if circuits:
        fields[vol.Optional(CONF_CIRCUIT)] = _pick_circuit(circuits)
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
        vol.Optional(CONF_COMMANDS): SelectSelector(
            SelectSelectorConfig(
                options=[COMMANDS_CLOUD, COMMANDS_MEMORY],
                translation_key=CONF_COMMANDS,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
    }
    return vol.Schema(fields)


NUMBER_CONTROL = vol.Schema(
    {
        vol.Required(CONF_NUMBER): EntitySelector(
            EntitySelectorConfig(domain=NUMBER_DOMAIN)
        ),
        vol.Optional(CONF_SWITCH): _SWITCH,
    }
)

SELECT_CONTROL = vol.Schema(
    {
        vol.Required(CONF_SELECT): EntitySelector(
            EntitySelectorConfig(domain=list(SELECT_DOMAINS))
        ),
        vol.Optional(CONF_PAUSE_OPTION): TextSelector(),
        vol.Optional(CONF_SWITCH): _SWITCH,
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
    """Return the form of a charger's sensors; each phase may have its own draw."""
    draws = {vol.Optional(key): MEASUREMENT for key in CONF_DRAWS[:phases]}
    others = {
        vol.Optional(CONF_OFFERED): MEASUREMENT,
        vol.Optional(CONF_PRESENCE): EntitySelector(
            EntitySelectorConfig(domain=list(PRESENCE_DOMAINS))
        ),
    }
    return vol.Schema({**_FEEDBACK.schema, **draws, **others})


_ANY_CIRCUIT = {"": ""}

# Each tuple has every field that can be stored: others are from a newer version.
SUPPLY_FORMS = (SUPPLY, exports(CONF_EXPORTS))
CIRCUIT_FORMS = (circuit(PHASES, _ANY_CIRCUIT),)
CHARGER_FORMS = (
    preset({}),
    charger(PHASES, _ANY_CIRCUIT),
    NUMBER_CONTROL,
    SELECT_CONTROL,
    ACTION_CONTROL,
    feedback(len(PHASES)),
)
