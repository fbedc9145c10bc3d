"""The engine's memory: what it keeps from one evaluation to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

from .demand import DemandState
from .direction import Directions
from .feed_in import FeedIns
from .model import PhaseVector, ServiceReading
from .overload import NO_OVERLOAD, OverloadState
from .pauses import Pause
from .phases import NO_WIRINGS, Wirings
from .response import NO_RESPONSES, Responses


@dataclass(frozen=True, slots=True)
class Ramp:
    """Headroom for an increase: since when it has lasted, and the least so far.

    While nothing is known of the headroom, the ramp is suspended since ``suspended_s``.
    ``lasted_a`` could be given all through the ramp before, if that was a whole one.
    """

    since_s: float
    least_a: float
    suspended_s: float | None = None
    lasted_a: float = 0.0


@dataclass(frozen=True, slots=True)
class Regain:
    """What a charger may regain quickly after a load took it.

    ``had_a`` is the most that it has held for a ramp-up time. Up to there it waits only
    for ``patience`` times the ramp-up time. ``since_s`` is when its current changed
    last; ``rose`` if that was an increase. ``refused_a`` is the least current that it
    has refused, and has not had since.
    """

    since_s: float
    had_a: float
    patience: float
    rose: bool = False
    refused_a: float = inf


@dataclass(frozen=True, slots=True)
class ShortRise:
    """A rise to ``to_a`` that a load soon took back to ``back_a``.

    The next rise into that range waits until headroom has lasted for ``wait_s``.
    """

    back_a: float
    to_a: float
    wait_s: float


@dataclass(frozen=True, slots=True)
class Budget:
    """What a charger's last increases were worth, and what the next one waits for.

    The last rise was at ``rose_s``, from ``from_a`` to ``to_a``, at the end of a climb
    from ``climb_a``. It is ``judged`` once a load took it back, and then the climb is.
    ``short`` are rises that did not last, the latest first. ``started_s`` is when the
    charger started last, ``paused_s`` when a load paused it; after that, headroom has
    to last for ``start_wait_s``.
    """

    rose_s: float = -inf
    from_a: float = 0.0
    to_a: float = 0.0
    climb_a: float = 0.0
    judged: bool = True
    short: tuple[ShortRise, ...] = ()
    started_s: float = -inf
    paused_s: float = -inf
    start_wait_s: float = 0.0


NEW_BUDGET = Budget()


class Rise(NamedTuple):
    """A rise ``from_a`` one current ``to_a`` another, in A, decided ``at_s``.

    ``spare_a`` is what the meters above the charger left then, by phase, and ``room_a``
    what there was for it in all.
    """

    at_s: float
    from_a: float
    to_a: float
    spare_a: PhaseVector
    room_a: float


class Edge(NamedTuple):
    """What was too much for a charger whose draw is not measured.

    A ``rise`` is not judged yet. One that was too much, ``since_s``, left the charger
    ``keeps_a``; there was ``room_a`` then. It waits ``until_s``, for ``wait_s``.
    """

    rise: Rise | None = None
    keeps_a: float = inf
    room_a: float = 0.0
    wait_s: float = 0.0
    until_s: float = -inf
    since_s: float = -inf


NO_EDGE = Edge()


class Wake(NamedTuple):
    """How far it is with waking a car: it ``charged``, and was ``paused`` since then.

    ``offered_s`` is since when it is offered current again. It was nudged ``tries``
    times, the last time until ``nudged_until_s``.
    """

    charged: bool = False
    paused: bool = False
    offered_s: float | None = None
    tries: int = 0
    nudged_until_s: float = -inf


AWAKE = Wake()


@dataclass(frozen=True, slots=True)
class Turn:
    """Since when a charger runs, or is paused.

    ``sparing_since_s`` is since when it has drawn less than it may. ``idle``: it drew
    nothing although it might, and has shown no sign of a car since. It was ``tried`` so
    many times in a row.
    """

    running: bool
    since_s: float
    sparing_since_s: float | None = None
    idle: bool = False
    tried: int = 0


@dataclass(frozen=True, slots=True)
class Trust:
    """How far a meter is trusted, phase by phase.

    ``base_a`` is the base load when the phase was believed last, ``doubted_since_s`` is
    since when it is not. ``exports``: the meter has shown an export.
    """

    base_a: PhaseVector
    doubted_since_s: tuple[float | None, ...]
    exports: bool = False


class Onset(NamedTuple):
    """An overload that began ``at_s``, and that a charger may have caused.

    Its command of ``command_a`` was ``age_s`` old. ``flow_a`` is the greatest current
    on its phases until the first command after that, which began at ``answered_s``.
    """

    age_s: float
    at_s: float
    flow_a: float
    command_a: float
    answered_s: float | None = None


@dataclass(frozen=True, slots=True)
class EngineState:
    """What the engine remembers from one evaluation to the next.

    ``lost_since_s`` is when the meter of each circuit was lost; "" is the supply.
    ``alarmed``: the alarm of the present overload has been raised. ``overload_s`` is how
    long recent overloads lasted. ``idle_since_s`` is since when chargers have taken
    nothing although they may. ``feed_in`` is what was fed in lately, and ``trust`` is
    how far each of those meters is trusted. ``wirings`` is what is known of the
    chargers' phases, and ``directions`` of the meters' signs. ``onsets`` are overloads
    that chargers may have caused, and ``pauses`` how they answered their last pauses.
    ``edges`` are currents that turned out too much.
    """

    ramps: Mapping[str, Ramp] = field(default_factory=dict)
    overload: OverloadState = NO_OVERLOAD
    turns: Mapping[str, Turn] = field(default_factory=dict)
    lost_since_s: dict[str, float] = field(default_factory=dict)
    demand: DemandState | None = None
    alarmed: bool = False
    regains: dict[str, Regain] = field(default_factory=dict)
    overload_s: float = 2.0
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    responses: Responses = NO_RESPONSES
    reading: ServiceReading | None = None
    exports: bool = False
    feed_in: FeedIns = field(default_factory=dict)
    idle_since_s: Mapping[str, float] = field(default_factory=dict)
    wakes: Mapping[str, Wake] = field(default_factory=dict)
    trust: Mapping[str, Trust] = field(default_factory=dict)
    wirings: Wirings = NO_WIRINGS
    directions: Directions = field(default_factory=dict)
    onsets: Mapping[str, Onset] = field(default_factory=dict)
    pauses: Mapping[str, Pause] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
