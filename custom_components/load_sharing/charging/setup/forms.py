"""Forms of a circuit and a charger."""

from collections.abc import Mapping, Sequence

from homeassistant.components.number import DOMAIN as NUMBER_DOMAIN
from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    ActionSelector,
    BooleanSelector,
    DeviceSelector,
    DeviceSelectorConfig,
    EntitySelector,
    EntitySelectorConfig,
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
    CONF_DEVICE,
    CONF_DRAWS,
    CONF_FIRST_PHASE,
    CONF_LIMIT,
    CONF_MAX_CURRENT,
    CONF_METERS,
    CONF_MIN_CURRENT,
    CONF_NUMBER,
    CONF_OFFERED,
    CONF_PARENT,
    CONF_PAUSE_OPTION,
    CONF_PHASES,
    CONF_PRESENCE,
    CONF_PRESET,
    CONF_REVIEW,
    CONF_SELECT,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONF_SWITCH,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    DEFAULT_CHARGING_STATES,
    DEFAULT_MIN_CURRENT_A,
    PHASES,
    PRESET_NONE,
)
from ...site.ranges import CIRCUIT_LIMIT_A, MAX_CURRENT_A, MIN_CURRENT_A
from ...site.setup.forms import choice
from ..io.presence import PRESENCE_DOMAINS
from .checks import STATUS_DOMAINS
from .control_checks import SELECT_DOMAINS
from .supply_forms import MEASUREMENT, amperes

_SWITCH = EntitySelector(EntitySelectorConfig(domain=SWITCH_DOMAIN))


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
        vol.Optional(CONF_LIMIT): amperes(CIRCUIT_LIMIT_A),
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


DEVICE = vol.Schema(
    {
        vol.Optional(CONF_DEVICE): DeviceSelector(
            DeviceSelectorConfig(entity=[{"domain": [NUMBER_DOMAIN, *SELECT_DOMAINS]}])
        ),
        vol.Required(CONF_CONTROL, default=CONTROL_NUMBER): choice(
            CONF_CONTROL, [CONTROL_NUMBER, CONTROL_SELECT, CONTROL_ACTIONS]
        ),
    }
)

CHARGER_SECTIONS = {
    "more": (
        CONF_MIN_CURRENT,
        CONF_FIRST_PHASE,
        CONF_CONTROL,
        CONF_COMMANDS,
        CONF_REVIEW,
    )
}
"""Fields of a charger that few need."""

FEEDBACK_SECTIONS = {"more": (CONF_OFFERED, CONF_PRESENCE)}
"""Sensors that few chargers have."""


def charger(
    phases: Sequence[str],
    circuits: Mapping[str, str] | None = None,
    *,
    is_new: bool = False,
    is_known: bool = False,
) -> vol.Schema:
    """Return the form of a charger; ``circuits`` are names of circuits by ID.

    It asks for phases only if there are several. How a new charger is controlled is
    asked before, or known: then the user may ask to look at that.
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
        vol.Optional(CONF_MAX_CURRENT): amperes(MAX_CURRENT_A),
        vol.Required(CONF_MIN_CURRENT, default=DEFAULT_MIN_CURRENT_A): amperes(
            MIN_CURRENT_A
        ),
        vol.Optional(CONF_COMMANDS): SelectSelector(
            SelectSelectorConfig(
                options=[COMMANDS_CLOUD, COMMANDS_MEMORY],
                translation_key=CONF_COMMANDS,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
    }
    if not is_new:
        fields |= {
            key: value
            for key, value in DEVICE.schema.items()
            if str(key) == CONF_CONTROL
        }
    if is_known:
        fields[vol.Optional(CONF_REVIEW)] = BooleanSelector()
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
CIRCUIT_FORMS = (circuit(PHASES, _ANY_CIRCUIT),)
CHARGER_FORMS = (
    preset({}),
    charger(PHASES, _ANY_CIRCUIT),
    NUMBER_CONTROL,
    SELECT_CONTROL,
    ACTION_CONTROL,
    feedback(len(PHASES)),
)

CHARGER_PRESET_FIELDS = {
    str(key)
    for form in (NUMBER_CONTROL, SELECT_CONTROL, ACTION_CONTROL, feedback(len(PHASES)))
    for key in form.schema
}
"""Fields of the control and the sensors, which a preset may fill in."""
