"""The engine's decision: what every charger is to have, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from .model import Limit, PhaseVector
from .overload import OverloadEvent
from .phases import Known


class BalancerState(StrEnum):
    """What the balancer as a whole is doing."""

    DISABLED = "disabled"
    STOPPED = "stopped"
    RAMP_UP_HOLD = "ramp_up_hold"
    ADJUSTING = "adjusting"
    ACTIVE = "active"
    OVERLOAD = "overload"
    FALLBACK = "fallback"


class ActionReason(StrEnum):
    """Why a charger's current was last changed."""

    START_UP = "start_up"
    SUPPLY = "supply"
    CEILING = "ceiling"
    BELOW_MINIMUM = "below_minimum"
    HEADROOM = "headroom"
    RESUMED = "resumed"
    OVERLOAD = "overload"
    METER_LOST = "meter_lost"
    TURN = "turn"


@dataclass(frozen=True, slots=True)
class ChargerDecision:
    """The current that a charger is to have, and why.

    ``desired_a`` is None to leave the charger alone. ``circuit_id`` is the circuit that
    limits it; "" is the supply. ``withheld``: it refused this current before, and the
    command is not repeated while others hold that current. ``idle``: it certainly takes
    nothing, so a command that it has need not be repeated. ``asleep``: its car was
    tried to be woken after a pause, and takes nothing all the same. ``replaces_stop``: a
    stop makes the charger take more, so it is dropped even if it is not confirmed.
    """

    desired_a: float | None
    limit: Limit
    action: ActionReason | None
    draw_a: PhaseVector
    circuit_id: str = ""
    withheld: bool = False
    idle: bool = False
    asleep: bool = False
    replaces_stop: bool = False


class Calm(NamedTuple):
    """Bounds of the service current, by phase, in A.

    Readings between them lead to the same decision, until ``Decision.wake_at_s`` and as
    long as nothing else of the site changes.
    """

    low_a: PhaseVector
    high_a: PhaseVector

    def holds(self, current_a: PhaseVector) -> bool:
        """Return whether a reading is between the bounds."""
        for phase, value_a in enumerate(current_a):
            if not self.low_a[phase] <= value_a <= self.high_a[phase]:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of one evaluation.

    ``base_a`` and ``headroom_a`` are per phase, ``available_a`` is that of the tightest
    phase; all are None while the meter is lost. ``overloaded_id`` is the circuit with
    the worst excess; "" is the supply. ``wake_at_s`` is when time alone may change the
    outcome. ``calm`` is the range of readings that would not change it before then.
    ``latencies_s`` is how long each charger takes to follow a command, if that is known,
    and ``known`` what is known of its phases.
    ``unproven`` are chargers to send their command again, as only their controls say
    that they obey; ``kept_s`` is how long chargers obeyed that fell back to a current of
    their own. ``never_pause`` are those that answered a pause with more current.
    """

    state: BalancerState
    chargers: Mapping[str, ChargerDecision]
    base_a: PhaseVector | None = None
    headroom_a: PhaseVector | None = None
    available_a: float | None = None
    overloaded: bool = False
    overloaded_id: str = ""
    circuit_headroom_a: tuple[PhaseVector | None, ...] = ()
    fallback_active: bool = False
    correction_due: bool = False
    events: tuple[OverloadEvent, ...] = ()
    wake_at_s: float | None = None
    calm: Calm | None = None
    latencies_s: Mapping[str, float | None] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    unproven: frozenset[str] = frozenset()
    kept_s: Mapping[str, float] = field(default_factory=dict)
    never_pause: frozenset[str] = frozenset()
