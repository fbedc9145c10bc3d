"""Typed views of the configured supply and chargers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR_DOMAIN
from homeassistant.const import STATE_OFF, STATE_ON
import voluptuous as vol

from ..const import (
    COMMANDS_CLOUD,
    COMMANDS_MEMORY,
    CONF_CHARGING_STATES,
    CONF_CIRCUIT,
    CONF_COMMANDS,
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
    CONF_OFFERED,
    CONF_PHASES,
    CONF_PRESENCE,
    CONF_STARTING_VALUES,
    CONF_STATUS,
    CONF_SUPPLY,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONF_VOLTAGE_ENTITY,
    CONF_WIRING,
    CONTROL_ACTIONS,
    CONTROL_NUMBER,
    CONTROL_SELECT,
    DEFAULT_CHARGING_STATES,
    DEFAULT_VOLTAGE_V,
    EXPORT_NEGATIVE,
    EXPORT_POSITIVE,
    EXPORT_SEPARATE,
    EXPORT_UNSIGNED,
    PHASES,
)
from ..site.ranges import (
    FALLBACK_CURRENT_A,
    GRACE_S,
    MAX_AGE_S,
    MIN_CURRENT_A,
    RATING_A,
    SUPPLY_LIMIT_A,
    VOLTAGE_V,
)
from ..site.validation import (
    MISSING,
    ConfigDamagedError,
    Validator,
    boolean,
    check,
    choice,
    choices,
    entity,
    number,
    numbers,
    optional,
    text,
    texts,
)
from .controls import CONTROLS, ActionControl, Control, control_of
from .engine.mains import Mains, Wiring
from .engine.model import FallbackAction
from .wiring import export_keys, fits_meters, lacks_second_phase, mains_of, names

FORMER_OPTIONS = (CONF_FALLBACK_CURRENT, CONF_GRACE, CONF_MAX_AGE)
"""Options of entries of earlier versions. They are numbers now, which start there."""

DEFAULT_METER_LOST_ACTION = FallbackAction.STOP

SUPPLY_PART = "The supply"
"""Name of the supply in errors, as the user gives it none."""

_SUPPLY: dict[vol.Marker, Validator] = {
    vol.Required(CONF_METERS[0]): entity,
    **{vol.Optional(key): optional(entity) for key in CONF_METERS[1:]},
    **{vol.Optional(key): optional(entity) for key in CONF_EXPORTS},
    vol.Optional(CONF_TOTAL): optional(boolean),
    vol.Optional(CONF_WIRING): choice(*Wiring),
    vol.Required(CONF_VOLTAGE): number(VOLTAGE_V),
    vol.Optional(CONF_VOLTAGE_ENTITY): optional(entity),
    vol.Required(CONF_LIMIT): number(SUPPLY_LIMIT_A),
    vol.Required(CONF_EXPORT_SIGN): choice(
        EXPORT_NEGATIVE, EXPORT_POSITIVE, EXPORT_SEPARATE, EXPORT_UNSIGNED
    ),
    vol.Optional(CONF_EXTERNAL): optional(entity),
}

_OPTIONS: dict[vol.Marker, Validator] = {
    vol.Optional(CONF_METER_LOST_ACTION): choice(*FallbackAction),
    vol.Optional(CONF_FALLBACK_CURRENT): number(FALLBACK_CURRENT_A),
    vol.Optional(CONF_GRACE): number(GRACE_S),
    vol.Optional(CONF_MAX_AGE): number(MAX_AGE_S),
}

_CHARGER: dict[vol.Marker, Validator] = {
    vol.Optional(CONF_FIRST_PHASE): optional(choice(*PHASES)),
    vol.Optional(CONF_CIRCUIT): optional(text),
    vol.Required(CONF_MIN_CURRENT): number(MIN_CURRENT_A),
    vol.Required(CONF_MAX_CURRENT): number(RATING_A),
    vol.Required(CONF_CONTROL): choice(CONTROL_NUMBER, CONTROL_SELECT, CONTROL_ACTIONS),
    vol.Optional(CONF_STATUS): optional(entity),
    vol.Optional(CONF_CHARGING_STATES): optional(texts),
    **{vol.Optional(key): optional(entity) for key in CONF_DRAWS},
    vol.Optional(CONF_OFFERED): optional(entity),
    vol.Optional(CONF_PRESENCE): optional(entity),
    vol.Optional(CONF_STARTING_VALUES): numbers,
    vol.Optional(CONF_COMMANDS): optional(choice(COMMANDS_CLOUD, COMMANDS_MEMORY)),
}

ANY_MAINS = Mains(Wiring.NEUTRAL, DEFAULT_VOLTAGE_V, (0, 1, 2))
"""Where it does not matter what the supply is like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyConfig:
    """The supply: its meter sensors, its rating in A, and what to do without them.

    There is one meter sensor per phase. With ``total``, a single one measures all
    phases, which are taken to be loaded evenly. ``exports`` are the sensors of exported
    current, if the meters do not show it: one for each meter, or one for all. Meters
    that are ``unsigned`` are positive also while they export. ``external`` is an entity
    that limits the supply further, and ``voltage_entity`` measures its voltage.
    ``starting_values`` replace the defaults of tunables, by their keys.
    """

    meters: tuple[str, ...]
    exports: tuple[str, ...]
    total: bool
    mains: Mains
    rating_a: float
    export_positive: bool
    unsigned: bool
    external: str | None
    voltage_entity: str | None
    fallback_action: FallbackAction
    starting_values: Mapping[str, float]

    @classmethod
    def from_entry(
        cls, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> SupplyConfig:
        """Read a config entry's data and options; may raise ConfigDamagedError."""
        supply = check(SUPPLY_PART, _SUPPLY, data.get(CONF_SUPPLY))
        check(SUPPLY_PART, _OPTIONS, options)
        _check_meters(supply)
        action = options.get(CONF_METER_LOST_ACTION, DEFAULT_METER_LOST_ACTION)
        return cls(
            meters=tuple(supply[key] for key in CONF_METERS if supply.get(key)),
            exports=tuple(supply[key] for key in CONF_EXPORTS if supply.get(key)),
            total=supply.get(CONF_TOTAL, False),
            mains=mains_of(supply),
            rating_a=supply[CONF_LIMIT],
            export_positive=supply[CONF_EXPORT_SIGN] == EXPORT_POSITIVE,
            unsigned=supply[CONF_EXPORT_SIGN] == EXPORT_UNSIGNED,
            external=supply.get(CONF_EXTERNAL),
            voltage_entity=supply.get(CONF_VOLTAGE_ENTITY),
            fallback_action=FallbackAction(action),
            starting_values={
                key: options[key] for key in FORMER_OPTIONS if key in options
            },
        )


def _check_meters(supply: Mapping[str, Any]) -> None:
    """Check that the meters and export sensors fit together and fit the wiring.

    One export sensor may show what all phases export together.
    """
    meters = sum(bool(supply.get(key)) for key in CONF_METERS)
    if supply.get(CONF_TOTAL) and meters > 1:
        raise ConfigDamagedError(SUPPLY_PART, CONF_TOTAL, "is on beside several meters")
    if not fits_meters(mains_of(supply)):
        raise ConfigDamagedError(SUPPLY_PART, CONF_WIRING, "does not fit the meters")
    keys = export_keys(supply)
    given = [key for key in CONF_EXPORTS if supply.get(key)]
    separate = supply[CONF_EXPORT_SIGN] == EXPORT_SEPARATE
    if given not in (keys, keys[:1], [] if not separate else keys):
        key = next(key for key in keys if not supply.get(key))
        raise ConfigDamagedError(SUPPLY_PART, key, MISSING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargerConfig:
    """A charger: its wiring, its controls and its sensors.

    ``phases`` are the phases of the supply that the charger's L1, L2 and L3 are wired
    to. ``circuit_id`` is "" if it is not on a circuit. ``draws`` are the draw sensors
    of its phases in that order, or a single one for all. ``offered`` is a sensor of the
    current that the charger allows the car. ``presence`` shows whether the car is here,
    for a charger that is the car itself. ``starting_values`` replace the defaults of
    tunables, by their keys. ``commands`` is why it should get few of them, one of the
    ``COMMANDS_*`` constants; "" if it takes any number.
    """

    charger_id: str
    name: str
    phases: tuple[int, ...]
    circuit_id: str
    min_a: float
    rating_a: float
    control: Control
    status: str | None
    charging_states: frozenset[str]
    draws: tuple[str, ...]
    offered: str | None
    presence: str | None = None
    starting_values: Mapping[str, float] = field(default_factory=dict)
    commands: str = ""

    @classmethod
    def from_subentry(
        cls,
        subentry_id: str,
        name: str,
        data: Mapping[str, Any],
        mains: Mains = ANY_MAINS,
    ) -> ChargerConfig:
        """Read the subentry of a charger on a supply; may raise ConfigDamagedError."""
        check(
            name, _CHARGER | {vol.Required(CONF_PHASES): choices(*names(mains))}, data
        )
        if lacks_second_phase(mains, data[CONF_PHASES]):
            raise ConfigDamagedError(name, CONF_PHASES, "is one, without a neutral")
        check(name, CONTROLS[data[CONF_CONTROL]], data)
        # A rating of 0 A means that it must never charge.
        if 0 < data[CONF_MAX_CURRENT] < data[CONF_MIN_CURRENT]:
            problem = f"is above {CONF_MAX_CURRENT}"
            raise ConfigDamagedError(name, CONF_MIN_CURRENT, problem)
        return cls(
            charger_id=subentry_id,
            name=name,
            phases=_wired_to(data),
            circuit_id=data.get(CONF_CIRCUIT) or "",
            min_a=data[CONF_MIN_CURRENT],
            rating_a=data[CONF_MAX_CURRENT],
            control=control_of(name, data),
            status=data.get(CONF_STATUS),
            charging_states=_charging_states(data),
            draws=tuple(data[key] for key in CONF_DRAWS if data.get(key)),
            offered=data.get(CONF_OFFERED),
            presence=data.get(CONF_PRESENCE),
            starting_values=data.get(CONF_STARTING_VALUES) or {},
            commands=data.get(CONF_COMMANDS) or "",
        )

    @property
    def entities(self) -> list[str]:
        """Entities whose states describe the charger."""
        known = [self.status, self.offered, self.presence, *self.draws]
        if not isinstance(self.control, ActionControl):
            known += [self.control.entity, self.control.switch]
        return [entity_id for entity_id in known if entity_id]

    @property
    def has_control_entities(self) -> bool:
        """Whether entities set the current, and so show one that is set by hand."""
        return not isinstance(self.control, ActionControl)


def _charging_states(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the states that mean charging; that of a binary sensor is on by itself."""
    given = data.get(CONF_CHARGING_STATES) or DEFAULT_CHARGING_STATES
    states = frozenset(state.casefold() for state in given)
    is_binary = (data.get(CONF_STATUS) or "").startswith(f"{BINARY_SENSOR_DOMAIN}.")
    if is_binary and states.isdisjoint({STATE_ON, STATE_OFF}):
        states |= {STATE_ON}
    return states


def _wired_to(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the phases of the supply in the order of the charger's L1, L2 and L3.

    The phase rotation of the charger is that of the supply.
    """
    wired = [PHASES.index(phase) for phase in data[CONF_PHASES]]
    first = PHASES.index(data.get(CONF_FIRST_PHASE) or PHASES[min(wired)])
    return tuple(sorted(wired, key=lambda phase: (phase - first) % len(PHASES)))
