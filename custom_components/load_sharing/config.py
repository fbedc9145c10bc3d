"""Typed views of what the user configured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .charging.model import Fallback, FallbackAction
from .const import (
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
    CONF_PHASES,
    CONF_SET_CURRENT,
    CONF_START,
    CONF_STATUS,
    CONF_STOP,
    CONF_SUPPLY,
    CONF_SWITCH,
    CONF_TOTAL,
    CONF_VOLTAGE,
    CONTROL_NUMBER,
    DEFAULT_CHARGING_STATES,
    DEFAULT_FALLBACK_CURRENT_A,
    DEFAULT_GRACE_S,
    DEFAULT_MAX_AGE_S,
    DEFAULT_METER_LOST_ACTION,
    EXPORT_POSITIVE,
    PHASES,
)

type ActionSequence = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class SupplyConfig:
    """The supply: its meter by phase, its rating, and what to do without the meter.

    ``exports`` are the sensors of what goes out, if the meters do not show it.
    ``total``: the one meter is that of three phases, evenly spread. ``external``
    is an entity that limits the supply further.

    ``max_age_s`` None trusts a meter however long it has been silent.
    """

    meters: tuple[str, ...]
    exports: tuple[str, ...]
    total: bool
    voltage_v: float
    rating_a: float
    export_positive: bool
    external: str | None
    max_age_s: float | None
    fallback: Fallback

    @classmethod
    def from_entry(
        cls, data: Mapping[str, Any], options: Mapping[str, Any]
    ) -> SupplyConfig:
        """Read a config entry's data and options."""
        supply = data[CONF_SUPPLY]
        action = options.get(CONF_METER_LOST_ACTION, DEFAULT_METER_LOST_ACTION)
        current_a = options.get(CONF_FALLBACK_CURRENT, DEFAULT_FALLBACK_CURRENT_A)
        return cls(
            meters=tuple(supply[key] for key in CONF_METERS if supply.get(key)),
            exports=tuple(supply[key] for key in CONF_EXPORTS if supply.get(key)),
            total=supply.get(CONF_TOTAL, False),
            voltage_v=supply[CONF_VOLTAGE],
            rating_a=supply[CONF_LIMIT],
            export_positive=supply[CONF_EXPORT_SIGN] == EXPORT_POSITIVE,
            external=supply.get(CONF_EXTERNAL),
            max_age_s=options.get(CONF_MAX_AGE, DEFAULT_MAX_AGE_S) or None,
            fallback=Fallback(
                FallbackAction(action),
                current_a,
                options.get(CONF_GRACE, DEFAULT_GRACE_S),
            ),
        )

    @property
    def phases(self) -> int:
        """How many phases the supply has."""
        return len(PHASES) if self.total else len(self.meters)


def phases_of(supply: Mapping[str, Any]) -> int:
    """How many phases a supply has, as it is entered."""
    if supply.get(CONF_TOTAL):
        return len(PHASES)
    return sum(bool(supply.get(key)) for key in CONF_METERS)


@dataclass(frozen=True, slots=True)
class NumberControl:
    """A charger whose current is a number, with an optional switch to pause it."""

    number: str
    switch: str | None


@dataclass(frozen=True, slots=True)
class ActionControl:
    """A charger that is driven by the user's own action sequences."""

    set_current: ActionSequence
    start: ActionSequence
    stop: ActionSequence
    charger_id: str


type Control = NumberControl | ActionControl


@dataclass(frozen=True, slots=True)
class ChargerConfig:
    """A charger: how it is wired, driven and watched. ``circuit_id`` "" is the supply.

    ``phases`` are those of the supply that its L1, L2 and L3 are connected to.
    ``draws`` are sensors of them in that order, or one for all of them.
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

    @classmethod
    def from_subentry(
        cls, subentry_id: str, name: str, data: Mapping[str, Any]
    ) -> ChargerConfig:
        """Read a charger's subentry."""
        states = data.get(CONF_CHARGING_STATES) or DEFAULT_CHARGING_STATES
        return cls(
            charger_id=subentry_id,
            name=name,
            phases=_wired_to(data),
            circuit_id=data.get(CONF_CIRCUIT) or "",
            min_a=data[CONF_MIN_CURRENT],
            rating_a=data[CONF_MAX_CURRENT],
            control=_control(name, data),
            status=data.get(CONF_STATUS),
            charging_states=frozenset(state.casefold() for state in states),
            draws=tuple(data[key] for key in CONF_DRAWS if data.get(key)),
        )

    @property
    def entities(self) -> list[str]:
        """Entities whose states tell something about the charger."""
        watched = [self.status, *self.draws]
        if isinstance(self.control, NumberControl):
            watched += [self.control.number, self.control.switch]
        return [entity_id for entity_id in watched if entity_id]


def _wired_to(data: Mapping[str, Any]) -> tuple[int, ...]:
    """Phases of the supply in the order of the charger's own, which turns like theirs."""
    wired = [PHASES.index(phase) for phase in data[CONF_PHASES]]
    first = PHASES.index(data.get(CONF_FIRST_PHASE) or PHASES[min(wired)])
    return tuple(sorted(wired, key=lambda phase: (phase - first) % len(PHASES)))


def _control(name: str, data: Mapping[str, Any]) -> Control:
    if data[CONF_CONTROL] == CONTROL_NUMBER:
        return NumberControl(data[CONF_NUMBER], data.get(CONF_SWITCH))
    return ActionControl(
        data[CONF_SET_CURRENT],
        data.get(CONF_START) or [],
        data.get(CONF_STOP) or [],
        data.get(CONF_CHARGER_ID) or name,
    )
