"""Typed views of the configured boiler and rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from homeassistant.core import split_entity_id
import voluptuous as vol

from ..const import (
    ACTUATOR_ACTIONS,
    CONF_ACTUATOR,
    CONF_BOILER_COOLDOWN,
    CONF_BOILER_ENTITIES,
    CONF_CLIMATE,
    CONF_COMFORT,
    CONF_DEMAND,
    CONF_DEMAND_ENTITY,
    CONF_EXPONENT,
    CONF_FALLBACK_PRIORITY,
    CONF_FLOOR,
    CONF_HOLD,
    CONF_LEAST_OUTPUT,
    CONF_LOOKAHEAD,
    CONF_MIXED_FLOW,
    CONF_PIPE,
    CONF_PROTECTION,
    CONF_Q50,
    CONF_SCHEDULE,
    CONF_SEND_SETPOINT,
    CONF_SET_VALVE,
    CONF_TARGET,
    CONF_TEMPERATURE,
    CONF_VALVE,
    CONF_WINDOW,
    CONF_ZERO_MODULATION,
    DEFAULT_COMFORT_C,
    DEFAULT_EXPONENT,
    DEFAULT_FLOOR_C,
)
from ..site.ranges import (
    COMFORT_C,
    EXPONENT,
    FALLBACK_PRIORITY,
    FLOOR_C,
    LEAST_OUTPUT_W,
    LOOKAHEAD_MIN,
    MIXED_FLOW_C,
    Q50_W,
)
from ..site.validation import (
    Validator,
    actions,
    boolean,
    check,
    choice,
    entity,
    number,
    optional,
)
from .engine.model import Actuator

SWITCHES = ("switch", "input_boolean")
"""Domains of what holds the burner off by being off; others do by a low setpoint."""
BOILER_PART = "The boiler"
"""Name of the boiler in errors, as the user gives it none."""


class DemandSource(StrEnum):
    """What shows that a room calls for heat."""

    TEMPERATURE = "temperature"
    HVAC_ACTION = "hvac_action"
    ENTITY = "entity"


class ZeroModulation(StrEnum):
    """What a modulation of 0 % means: no flame, or the boiler's least output."""

    OFF = "off"
    LEAST = "least"


_BOILER: dict[vol.Marker, Validator] = {
    **{vol.Optional(key): optional(entity) for key in CONF_BOILER_ENTITIES},
    vol.Optional(CONF_PIPE): optional(entity),
    vol.Optional(CONF_BOILER_COOLDOWN): optional(entity),
    vol.Optional(CONF_PROTECTION): boolean,
    vol.Optional(CONF_FLOOR): number(FLOOR_C),
    vol.Optional(CONF_HOLD): optional(entity),
    vol.Optional(CONF_LEAST_OUTPUT): optional(number(LEAST_OUTPUT_W)),
    vol.Optional(CONF_ZERO_MODULATION): optional(choice(*ZeroModulation)),
}

_ROOM: dict[vol.Marker, Validator] = {
    vol.Optional(CONF_CLIMATE): optional(entity),
    vol.Optional(CONF_TEMPERATURE): optional(entity),
    vol.Optional(CONF_TARGET): optional(entity),
    vol.Optional(CONF_WINDOW): optional(entity),
    vol.Required(CONF_ACTUATOR): choice(*Actuator, ACTUATOR_ACTIONS),
    vol.Optional(CONF_VALVE): optional(entity),
    vol.Optional(CONF_SET_VALVE): optional(actions),
    vol.Optional(CONF_SEND_SETPOINT): boolean,
    vol.Required(CONF_DEMAND): choice(*DemandSource),
    vol.Optional(CONF_DEMAND_ENTITY): optional(entity),
    vol.Optional(CONF_SCHEDULE): optional(entity),
    vol.Optional(CONF_Q50): optional(number(Q50_W)),
    vol.Optional(CONF_EXPONENT): number(EXPONENT),
    vol.Optional(CONF_MIXED_FLOW): optional(number(MIXED_FLOW_C)),
    vol.Optional(CONF_COMFORT): number(COMFORT_C),
    vol.Optional(CONF_LOOKAHEAD): optional(number(LOOKAHEAD_MIN)),
    vol.Optional(CONF_FALLBACK_PRIORITY): optional(number(FALLBACK_PRIORITY)),
}

_ACTUATORS: dict[str, dict[vol.Marker, Validator]] = {
    Actuator.VALVE: {vol.Required(CONF_VALVE): entity},
    Actuator.SETPOINT: {vol.Required(CONF_CLIMATE): entity},
    ACTUATOR_ACTIONS: {
        vol.Required(CONF_VALVE): entity,
        vol.Required(CONF_SET_VALVE): actions,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerConfig:
    """The boiler's entities; None for those that are not configured.

    With ``protection``, its burner is held off until the water is cold: by ``hold``, a
    switch or another setpoint, or else by its own setpoint, lowered to ``floor_c``.
    ``pipe`` shows the temperature of the pipe that freezes first. ``cooldown`` signals
    cooldowns, in place of our own detection. ``zero_modulation`` is for a ``burner`` that
    shows its modulation.
    """

    burner: str | None = None
    flow: str | None = None
    return_: str | None = None
    setpoint: str | None = None
    dhw: str | None = None
    enabled: str | None = None
    pipe: str | None = None
    cooldown: str | None = None
    protection: bool = False
    floor_c: float = DEFAULT_FLOOR_C
    hold: str | None = None
    least_output_w: float | None = None
    zero_modulation: ZeroModulation = ZeroModulation.OFF

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> BoilerConfig:
        """Read the boiler's part of an entry's data; may raise ConfigDamagedError."""
        check(BOILER_PART, _BOILER, data)
        burner, flow, return_, setpoint, dhw, enabled = (
            data.get(key) for key in CONF_BOILER_ENTITIES
        )
        return cls(
            burner=burner,
            flow=flow,
            return_=return_,
            setpoint=setpoint,
            dhw=dhw,
            enabled=enabled,
            pipe=data.get(CONF_PIPE),
            cooldown=data.get(CONF_BOILER_COOLDOWN),
            protection=data.get(CONF_PROTECTION, False),
            floor_c=data.get(CONF_FLOOR, DEFAULT_FLOOR_C),
            hold=data.get(CONF_HOLD),
            least_output_w=data.get(CONF_LEAST_OUTPUT),
            zero_modulation=ZeroModulation(
                data.get(CONF_ZERO_MODULATION) or ZeroModulation.OFF
            ),
        )

    @property
    def shows_water(self) -> bool:
        """Whether something shows how hot the water of the radiators is."""
        return bool(self.setpoint or (self.flow and self.return_))

    @property
    def holds_by(self) -> str | None:
        """The entity that holds the burner off; None if it is not to be held."""
        return (self.hold or self.setpoint) if self.protection else None

    @property
    def is_held_by_switch(self) -> bool:
        """Whether the burner is held off by a switch, and not by a low setpoint."""
        holds_by = self.holds_by
        return holds_by is not None and split_entity_id(holds_by)[0] in SWITCHES

    @property
    def entities(self) -> list[str]:
        """Entities whose states describe the boiler."""
        known = (
            self.burner,
            self.flow,
            self.return_,
            self.setpoint,
            self.dhw,
            self.enabled,
            self.pipe,
            self.cooldown,
            self.hold if self.protection else None,
        )
        return [entity_id for entity_id in known if entity_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomConfig:
    """A room: the sources of its readings, its actuator and its radiator.

    ``valve`` is a number or valve entity; None if the actuator is the setpoint of the
    thermostat. ``set_valve`` are the actions that set the valve, of which the entity then
    only shows the opening; None calls the entity. ``send_setpoint``: setting the valve
    takes the thermostat out of its automatic control until its setpoint is sent.
    ``lookahead_min`` None stands for the site's value. ``mixed_flow_c`` is the flow that
    a mixer holds for the room's loops; None without a mixer.
    """

    room_id: str
    name: str
    climate: str | None = None
    temperature: str | None = None
    target: str | None = None
    window: str | None = None
    actuator: Actuator = Actuator.VALVE
    valve: str | None = None
    set_valve: list[dict[str, Any]] | None = None
    send_setpoint: bool = False
    demand: DemandSource = DemandSource.TEMPERATURE
    demand_entity: str | None = None
    schedule: str | None = None
    q50_w: float | None = None
    exponent: float = DEFAULT_EXPONENT
    mixed_flow_c: float | None = None
    comfort_c: float = DEFAULT_COMFORT_C
    lookahead_min: float | None = None
    fallback_priority: int | None = None

    @classmethod
    def from_subentry(
        cls, subentry_id: str, name: str, data: Mapping[str, Any]
    ) -> RoomConfig:
        """Read a room's subentry; may raise ConfigDamagedError."""
        check(name, _ROOM, data)
        check(name, _ACTUATORS[data[CONF_ACTUATOR]], data)
        priority = data.get(CONF_FALLBACK_PRIORITY)
        by_actions = data[CONF_ACTUATOR] == ACTUATOR_ACTIONS
        return cls(
            room_id=subentry_id,
            name=name,
            climate=data.get(CONF_CLIMATE),
            temperature=data.get(CONF_TEMPERATURE),
            target=data.get(CONF_TARGET),
            window=data.get(CONF_WINDOW),
            actuator=Actuator.VALVE if by_actions else Actuator(data[CONF_ACTUATOR]),
            valve=data.get(CONF_VALVE),
            set_valve=data[CONF_SET_VALVE] if by_actions else None,
            send_setpoint=data.get(CONF_SEND_SETPOINT, False),
            demand=DemandSource(data[CONF_DEMAND]),
            demand_entity=data.get(CONF_DEMAND_ENTITY),
            schedule=data.get(CONF_SCHEDULE),
            q50_w=data.get(CONF_Q50),
            exponent=data.get(CONF_EXPONENT, DEFAULT_EXPONENT),
            mixed_flow_c=data.get(CONF_MIXED_FLOW),
            comfort_c=data.get(CONF_COMFORT, DEFAULT_COMFORT_C),
            lookahead_min=data.get(CONF_LOOKAHEAD),
            fallback_priority=None if priority is None else int(priority),
        )

    @property
    def entities(self) -> list[str]:
        """Entities whose states describe the room."""
        known = (
            self.climate,
            self.temperature,
            self.target,
            self.window,
            self.valve,
            self.demand_entity,
            self.schedule,
        )
        return [entity_id for entity_id in known if entity_id]
