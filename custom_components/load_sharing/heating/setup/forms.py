"""Forms of a boiler and a room."""

from collections.abc import Mapping

from homeassistant.const import (
    CONF_NAME,
    UnitOfLength,
    UnitOfPower,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.helpers.selector import (
    ActionSelector,
    BooleanSelector,
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
    ACTUATOR_ACTIONS,
    CONF_ACTUATOR,
    CONF_BOILER_COOLDOWN,
    CONF_BOILER_ENTITIES,
    CONF_BOILER_ON,
    CONF_BURNER,
    CONF_CLIMATE,
    CONF_COMFORT,
    CONF_DEMAND,
    CONF_DEMAND_ENTITY,
    CONF_DHW,
    CONF_EXPONENT,
    CONF_FALLBACK_PRIORITY,
    CONF_FLOOR,
    CONF_FLOW,
    CONF_FOUND_BOILER,
    CONF_FOUND_HEAD,
    CONF_HOLD,
    CONF_LEAST_OUTPUT,
    CONF_LOOKAHEAD,
    CONF_MIXED_FLOW,
    CONF_PIPE,
    CONF_PROTECTION,
    CONF_Q50,
    CONF_RADIATOR_SIZE,
    CONF_RADIATOR_TYPE,
    CONF_RETURN,
    CONF_SCHEDULE,
    CONF_SEND_SETPOINT,
    CONF_SET_VALVE,
    CONF_SETPOINT,
    CONF_TARGET,
    CONF_TEMPERATURE,
    CONF_VALVE,
    CONF_WINDOW,
    CONF_ZERO_MODULATION,
    DEFAULT_COMFORT_C,
    DEFAULT_EXPONENT,
    DEFAULT_FLOOR_C,
    PRESET_NONE,
)
from ...site.ranges import (
    COMFORT_C,
    EXPONENT,
    FALLBACK_PRIORITY,
    FLOOR_C,
    LEAST_OUTPUT_W,
    LOOKAHEAD_MIN,
    MIXED_FLOW_C,
    Q50_W,
    RADIATOR_MM,
)
from ...site.setup.checks import NUMERIC_DOMAINS
from ...site.setup.forms import choice, measurement, number_box
from ..config import DemandSource, ZeroModulation
from ..engine.model import Actuator
from .checks import ENTITY_DOMAINS
from .radiators import W_PER_M

LONGEST_LIST = 12
"""Most choices that are all seen at once; more of them fold into a box."""


def _entity(key: str) -> EntitySelector:
    """Return a picker of the entities that a field accepts.

    A filter only hides other domains: the checks reject them, with a reason.
    """
    return EntitySelector(
        EntitySelectorConfig(filter=[{"domain": list(ENTITY_DOMAINS[key])}])
    )


_TEMPERATURE = measurement(("temperature",))


def _found(key: str, names: Mapping[str, str]) -> vol.Schema:
    """Return the form to choose one of what was found, or none of them."""
    options = [SelectOptionDict(value=found, label=names[found]) for found in names]
    options.append(SelectOptionDict(value=PRESET_NONE, label=PRESET_NONE))
    is_short = len(options) <= LONGEST_LIST
    config = SelectSelectorConfig(
        options=options,
        translation_key=key,
        mode=SelectSelectorMode.LIST if is_short else SelectSelectorMode.DROPDOWN,
    )
    default = next(iter(names), PRESET_NONE)
    return vol.Schema({vol.Required(key, default=default): SelectSelector(config)})


def found_head(names: Mapping[str, str]) -> vol.Schema:
    """Return the form to choose a discovered head, whose names are given by entity."""
    return _found(CONF_FOUND_HEAD, names)


def found_boiler(names: Mapping[str, str]) -> vol.Schema:
    """Return the form to choose a discovered boiler, whose names are given by device."""
    return _found(CONF_FOUND_BOILER, names)


BOILER = vol.Schema(
    {
        vol.Optional(CONF_BURNER): _entity(CONF_BURNER),
        vol.Optional(CONF_ZERO_MODULATION): choice(
            CONF_ZERO_MODULATION, [meaning.value for meaning in ZeroModulation]
        ),
        vol.Optional(CONF_FLOW): _TEMPERATURE,
        vol.Optional(CONF_RETURN): _TEMPERATURE,
        vol.Optional(CONF_SETPOINT): _entity(CONF_SETPOINT),
        vol.Optional(CONF_DHW): _entity(CONF_DHW),
        vol.Optional(CONF_BOILER_ON): _entity(CONF_BOILER_ON),
        vol.Optional(CONF_PIPE): _TEMPERATURE,
        vol.Optional(CONF_BOILER_COOLDOWN): _entity(CONF_BOILER_COOLDOWN),
        vol.Optional(CONF_LEAST_OUTPUT): number_box(LEAST_OUTPUT_W, UnitOfPower.WATT),
        vol.Required(CONF_PROTECTION, default=False): BooleanSelector(),
        vol.Required(CONF_FLOOR, default=DEFAULT_FLOOR_C): number_box(
            FLOOR_C, UnitOfTemperature.CELSIUS
        ),
        vol.Optional(CONF_HOLD): _entity(CONF_HOLD),
    }
)

BOILER_SECTIONS = {
    "protection": (CONF_PROTECTION, CONF_FLOOR, CONF_HOLD),
    "more": (
        CONF_ZERO_MODULATION,
        CONF_DHW,
        CONF_BOILER_ON,
        CONF_PIPE,
        CONF_BOILER_COOLDOWN,
        CONF_LEAST_OUTPUT,
    ),
}
"""Fields of a boiler that it can be without."""

ROOM_SECTIONS = {
    "more": (
        CONF_TEMPERATURE,
        CONF_TARGET,
        CONF_WINDOW,
        CONF_SEND_SETPOINT,
        CONF_DEMAND,
    )
}
"""Fields of a room that its thermostat makes unnecessary for most."""

SHARING_SECTIONS = {
    "radiator": (CONF_RADIATOR_TYPE, *CONF_RADIATOR_SIZE),
    "more": (CONF_EXPONENT, CONF_MIXED_FLOW, CONF_COMFORT, CONF_LOOKAHEAD),
}
"""Fields that estimate the rating, and those whose defaults suit most rooms."""

ROOM = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Optional(CONF_CLIMATE): _entity(CONF_CLIMATE),
        vol.Optional(CONF_TEMPERATURE): _TEMPERATURE,
        vol.Optional(CONF_TARGET): _entity(CONF_TARGET),
        vol.Optional(CONF_WINDOW): _entity(CONF_WINDOW),
        vol.Required(CONF_ACTUATOR, default=Actuator.VALVE.value): choice(
            CONF_ACTUATOR,
            [*(actuator.value for actuator in Actuator), ACTUATOR_ACTIONS],
        ),
        vol.Optional(CONF_SEND_SETPOINT): BooleanSelector(),
        vol.Required(CONF_DEMAND, default=DemandSource.TEMPERATURE.value): choice(
            CONF_DEMAND, [source.value for source in DemandSource]
        ),
    }
)


def control(*, valve: bool, demand: bool, actions: bool = False) -> vol.Schema:
    """Return the form of the valve, its actions and the demand, or of some of them."""
    fields: dict[vol.Marker, object] = {}
    if valve:
        fields[vol.Required(CONF_VALVE)] = _entity(CONF_VALVE)
    if actions:
        fields[vol.Required(CONF_VALVE)] = EntitySelector(
            EntitySelectorConfig(filter=[{"domain": list(NUMERIC_DOMAINS)}])
        )
        fields[vol.Required(CONF_SET_VALVE)] = ActionSelector()
    if demand:
        fields[vol.Required(CONF_DEMAND_ENTITY)] = _entity(CONF_DEMAND_ENTITY)
    return vol.Schema(fields)


SHARING = vol.Schema(
    {
        vol.Optional(CONF_Q50): number_box(Q50_W, UnitOfPower.WATT),
        vol.Optional(CONF_RADIATOR_TYPE): choice(CONF_RADIATOR_TYPE, [*W_PER_M]),
        **{
            vol.Optional(key): number_box(RADIATOR_MM, UnitOfLength.MILLIMETERS)
            for key in CONF_RADIATOR_SIZE
        },
        vol.Required(CONF_EXPONENT, default=DEFAULT_EXPONENT): number_box(
            EXPONENT, None, 0.01
        ),
        vol.Optional(CONF_MIXED_FLOW): number_box(
            MIXED_FLOW_C, UnitOfTemperature.CELSIUS
        ),
        vol.Optional(CONF_SCHEDULE): _entity(CONF_SCHEDULE),
        vol.Required(CONF_COMFORT, default=DEFAULT_COMFORT_C): number_box(
            COMFORT_C, UnitOfTemperature.CELSIUS, 0.5
        ),
        vol.Optional(CONF_LOOKAHEAD): number_box(LOOKAHEAD_MIN, UnitOfTime.MINUTES, 5),
        vol.Optional(CONF_FALLBACK_PRIORITY): number_box(FALLBACK_PRIORITY, None),
    }
)


BOILER_LIVE = (*CONF_BOILER_ENTITIES, CONF_PIPE, CONF_BOILER_COOLDOWN, CONF_HOLD)
ROOM_LIVE = (CONF_CLIMATE, CONF_TEMPERATURE, CONF_TARGET, CONF_WINDOW)
CONTROL_LIVE = (CONF_VALVE, CONF_DEMAND_ENTITY)
SHARING_LIVE = (CONF_SCHEDULE,)
"""Fields whose texts say what the chosen entity shows."""

# Each tuple has every field that can be stored: others are from a newer version.
BOILER_FORMS = (BOILER,)
ROOM_FORMS = (ROOM, control(valve=True, actions=True, demand=True), SHARING)
