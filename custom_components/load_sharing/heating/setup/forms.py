"""The forms that the configuration flows show for the boiler and the rooms."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_NAME, UnitOfPower, UnitOfTemperature, UnitOfTime
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    TextSelector,
)
import voluptuous as vol

from ...charging.setup.forms import choice, number_box, unknown
from ...const import (
    CONF_ACTUATOR,
    CONF_BOILER_COOLDOWN,
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
    CONF_LOOKAHEAD,
    CONF_PROTECTION,
    CONF_Q50,
    CONF_RETURN,
    CONF_SCHEDULE,
    CONF_SETPOINT,
    CONF_TARGET,
    CONF_TEMPERATURE,
    CONF_VALVE,
    DEFAULT_COMFORT_C,
    DEFAULT_EXPONENT,
    DEFAULT_FLOOR_C,
)
from ...site.ranges import (
    COMFORT_C,
    EXPONENT,
    FALLBACK_PRIORITY,
    FLOOR_C,
    LOOKAHEAD_MIN,
    Q50_W,
)
from ..config import DemandSource
from ..engine.model import Actuator
from .checks import (
    CLIMATE_DOMAINS,
    CONDITION_DOMAINS,
    COOLDOWN_DOMAINS,
    MODULATION_DOMAINS,
    SCHEDULE_DOMAINS,
    SETPOINT_DOMAINS,
    SWITCH_DOMAINS,
    TARGET_DOMAINS,
    TEMPERATURE_DOMAINS,
    VALVE_DOMAINS,
)


def _entity(*domains: str) -> EntitySelector:
    """Offer entities of some domains; the checks refuse others, and say why."""
    return EntitySelector(EntitySelectorConfig(filter=[{"domain": list(domains)}]))


_WATER = EntitySelector(
    EntitySelectorConfig(
        filter=[
            {"domain": list(TEMPERATURE_DOMAINS), "device_class": ["temperature"]},
            {"domain": ["input_number"]},
        ]
    )
)

BOILER = vol.Schema(
    {
        vol.Optional(CONF_BURNER): _entity(*CONDITION_DOMAINS, *MODULATION_DOMAINS),
        vol.Optional(CONF_FLOW): _WATER,
        vol.Optional(CONF_RETURN): _WATER,
        vol.Optional(CONF_SETPOINT): _entity(*SETPOINT_DOMAINS),
        vol.Optional(CONF_DHW): _entity(*CONDITION_DOMAINS, *MODULATION_DOMAINS),
        vol.Optional(CONF_BOILER_ON): _entity(*SWITCH_DOMAINS),
        vol.Optional(CONF_BOILER_COOLDOWN): _entity(*COOLDOWN_DOMAINS),
        vol.Required(CONF_PROTECTION, default=False): BooleanSelector(),
        vol.Required(CONF_FLOOR, default=DEFAULT_FLOOR_C): number_box(
            FLOOR_C, UnitOfTemperature.CELSIUS
        ),
    }
)

NAMED_BOILER = vol.Schema({vol.Required(CONF_NAME): TextSelector(), **BOILER.schema})

ROOM = vol.Schema(
    {
        vol.Required(CONF_NAME): TextSelector(),
        vol.Optional(CONF_CLIMATE): _entity(*CLIMATE_DOMAINS),
        vol.Optional(CONF_TEMPERATURE): _WATER,
        vol.Optional(CONF_TARGET): _entity(*TARGET_DOMAINS),
        vol.Required(CONF_ACTUATOR, default=Actuator.VALVE.value): choice(
            CONF_ACTUATOR, [actuator.value for actuator in Actuator]
        ),
        vol.Required(CONF_DEMAND, default=DemandSource.TEMPERATURE.value): choice(
            CONF_DEMAND, [source.value for source in DemandSource]
        ),
    }
)


def control(*, valve: bool, demand: bool) -> vol.Schema:
    """Form of what the first answers make necessary."""
    fields: dict[vol.Marker, object] = {}
    if valve:
        fields[vol.Required(CONF_VALVE)] = _entity(*VALVE_DOMAINS)
    if demand:
        fields[vol.Required(CONF_DEMAND_ENTITY)] = _entity(*CONDITION_DOMAINS)
    return vol.Schema(fields)


SHARING = vol.Schema(
    {
        vol.Optional(CONF_Q50): number_box(Q50_W, UnitOfPower.WATT),
        vol.Required(CONF_EXPONENT, default=DEFAULT_EXPONENT): number_box(
            EXPONENT, None, 0.01
        ),
        vol.Optional(CONF_SCHEDULE): _entity(*SCHEDULE_DOMAINS),
        vol.Required(CONF_COMFORT, default=DEFAULT_COMFORT_C): number_box(
            COMFORT_C, UnitOfTemperature.CELSIUS, 0.5
        ),
        vol.Optional(CONF_LOOKAHEAD): number_box(LOOKAHEAD_MIN, UnitOfTime.MINUTES, 5),
        vol.Optional(CONF_FALLBACK_PRIORITY): number_box(FALLBACK_PRIORITY, None),
    }
)


def unknown_of_room(present: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a room that no form asks for: a newer version has added them."""
    return unknown(present, ROOM, control(valve=True, demand=True), SHARING)
