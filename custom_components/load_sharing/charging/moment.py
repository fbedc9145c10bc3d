"""Says in one sentence what happens to the chargers, and why.

Pure: no Home Assistant, and time is an argument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from ..site.moment import (
    NOTHING_TOLD,
    Moment,
    Story,
    amount,
    interrupt,
    listed,
    settle,
    tell,
)
from .engine.decision import ActionReason, Decision
from .engine.model import EPSILON_A, Limit, PhaseVector

LOWERED_S = 90.0
"""A reduction is shown for so long, unless something else happens."""
RAISED_S = 30.0
LOOKBACK_S = 30.0
"""A load that made a reduction necessary was switched on within this time."""
LEAST_STEP_A = 1.0
"""Less than this is not a load that explains anything."""
SPARE_A = 1.0
"""A car that leaves at least this much of its current has what it wants."""

WAITING: Final = {
    Limit.CIRCUIT: "waiting_circuit",
    Limit.EXTERNAL_LIMIT: "waiting_external",
    Limit.USER_LIMIT: "waiting_limit",
    Limit.DEMAND_LIMIT: "waiting_demand",
    Limit.WAITING_FOR_TURN: "waiting_turn",
}
"""Why a charger waits for current, where it is not that too little is free."""
HOLDING: Final = {
    Limit.CHARGER_TEST: "testing",
    Limit.STATUS_UNKNOWN: "status_unknown",
    Limit.METER_DOUBTED: "meter_doubted",
    Limit.DEMAND_LIMIT: "limited_demand",
    Limit.USER_LIMIT: "limited_limit",
    Limit.EXTERNAL_LIMIT: "limited_external",
    Limit.CIRCUIT: "limited_circuit",
    Limit.L1: "limited_phase",
    Limit.L2: "limited_phase",
    Limit.L3: "limited_phase",
    Limit.SUPPLY: "limited_supply",
    Limit.SET_BY_HAND: "limited_hand",
    Limit.TEMPORARY_LIMIT: "limited_temporary",
}
"""What holds a charging car, the most telling first."""
PHASES_FULL: Final = (Limit.SUPPLY, Limit.L1, Limit.L2, Limit.L3)
CAUSES: Final = {
    Limit.EXTERNAL_LIMIT: "limit",
    Limit.USER_LIMIT: "limit",
    Limit.DEMAND_LIMIT: "demand",
    Limit.CIRCUIT: "circuit",
}
"""What lowered a charger, where it is not the supply."""
LOADS: Final = ("house", "meter", "load")
"""A load that is the house's, one that only the meter shows, and one not seen."""
OF_A_LOAD: Final = (
    ActionReason.OVERLOAD,
    ActionReason.SUPPLY,
    ActionReason.BELOW_MINIMUM,
)


class Car(NamedTuple):
    """A charger: its name, its current before the decision, and what its car does.

    ``draw_a`` is None where it is not measured. ``circuit`` limits it.
    """

    charger_id: str
    name: str
    before_a: float | None
    charging: bool | None
    phases: tuple[int, ...]
    draw_a: float | None = None
    waiting: bool = False
    problem: bool = False
    circuit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a sentence is made from: one evaluation, and what the user has set.

    ``meter_lost``: the supply's own. ``alarmed``: nothing can be lowered any more.
    """

    now_s: float
    decision: Decision
    cars: Sequence[Car]
    service_a: PhaseVector | None
    limit_a: float
    enabled: bool = True
    shadow: bool = False
    meter_lost: bool = False
    alarmed: bool = False


class _Load(NamedTuple):
    """Base load and service current at a moment, by phase, in A."""

    at_s: float
    base_a: PhaseVector
    service_a: PhaseVector


@dataclass(frozen=True, slots=True)
class ChargingStory:
    """The story, and the loads of the last seconds, from which causes are seen."""

    story: Story = NOTHING_TOLD
    loads: tuple[_Load, ...] = ()

    @property
    def moment(self) -> Moment:
        """The moment that is shown."""
        return self.story.shown or _make("settling")


def follow(before: ChargingStory, seen: Seen) -> ChargingStory:
    """Bring the story up to ``seen``: an event shows at once, a state if it lasts."""
    loads = _with_load(before.loads, seen)
    return ChargingStory(_follow(before.story, loads, seen), loads)


def _follow(story: Story, loads: tuple[_Load, ...], seen: Seen) -> Story:
    """Say what matters most."""
    if (urgent := _urgent(seen)) is not None:
        return interrupt(urgent)
    if not seen.shadow:
        if (lowered := _lowered(loads, seen)) is not None:
            return tell(lowered, seen.now_s, LOWERED_S)
        if (raised := _raised(seen)) is not None:
            return tell(raised, seen.now_s, RAISED_S)
    state = _state(seen)
    if state is None:
        if story.shown is None or story.passing:
            return interrupt(_make("settling"))
        return replace(story, next=None)
    settled = settle(story, state, seen.now_s)
    # That too much flows is never said any longer than it does.
    overloaded = seen.decision.overloaded and settled.shown is state
    return replace(settled, passing=True) if overloaded else settled


def _make(key: str, **placeholders: str) -> Moment:
    return Moment(f"charging_{key}", placeholders)


def _with_load(loads: tuple[_Load, ...], seen: Seen) -> tuple[_Load, ...]:
    """Add the present load, and forget what is too long ago."""
    base_a, service_a = seen.decision.base_a, seen.service_a
    if base_a is None or service_a is None:
        return ()
    recent = (
        tuple([load for load in loads if seen.now_s - load.at_s <= LOOKBACK_S])
        or (loads[-1:])
    )
    return (*recent, _Load(seen.now_s, base_a, service_a))


def _urgent(seen: Seen) -> Moment | None:
    """Return what is shown at once, whatever else happens."""
    decision = seen.decision
    if not seen.cars:
        return _make("no_charger")
    if not seen.enabled:
        return _make("off_overload" if decision.overloaded else "off")
    if seen.alarmed:
        return _make("alarm")
    if seen.meter_lost:
        if not decision.fallback_active:
            return _make("meter_silent")
        chargers = decision.chargers.values()
        stopped = all([charger.desired_a == 0 for charger in chargers])
        return _make("meter_lost_stopped" if stopped else "meter_lost")
    if seen.service_a is None:
        return _make("starting")
    if decision.fallback_active:
        return _make("circuit_lost")
    return None


class _Change(NamedTuple):
    """A charger that this decision lowers or raises, in A."""

    car: Car
    before_a: float
    after_a: float
    limit: Limit
    action: ActionReason


def _changes(seen: Seen) -> list[_Change]:
    """Return what this decision changes, the greatest change first."""
    changes = []
    for car in seen.cars:
        decision = seen.decision.chargers[car.charger_id]
        after_a, before_a = decision.desired_a, car.before_a
        if decision.action is None or decision.withheld:
            continue
        if after_a is None or before_a is None or after_a == before_a:
            continue
        changes.append(_Change(car, before_a, after_a, decision.limit, decision.action))
    return sorted(changes, key=lambda change: -abs(change.after_a - change.before_a))


def _lowered(loads: tuple[_Load, ...], seen: Seen) -> Moment | None:
    """Say which chargers are turned down or paused, and what for."""
    changes = [
        change
        for change in _changes(seen)
        if change.after_a < change.before_a - EPSILON_A
    ]
    if not changes:
        return None
    first, names = changes[0], listed(change.car.name for change in changes)
    if first.action is ActionReason.TURN:
        return _make("turn_over", charger=first.car.name)
    if first.action not in OF_A_LOAD:
        return _make("lowered_own", charger=names)
    cause, placeholders = _cause(loads, first, seen)
    if all(change.after_a == 0 for change in changes):
        return _make(f"paused_{cause}", charger=names, **placeholders)
    return _make(
        f"lowered_{cause}",
        charger=names,
        before=amount(sum(change.before_a for change in changes)),
        after=amount(sum(change.after_a for change in changes)),
        **placeholders,
    )


def _cause(
    loads: tuple[_Load, ...], first: _Change, seen: Seen
) -> tuple[str, Mapping[str, str]]:
    """Return what lowered a charger: a limit, or a load that was switched on.

    Where all draws are measured, the rest of what flows is the house. Otherwise only
    what the meter shows is certain. A step that explains less than half of the
    reduction is not the cause.
    """
    cause = CAUSES.get(first.limit)
    if cause == "circuit":
        circuit = first.car.circuit
        return (cause, {"circuit": circuit}) if circuit else ("load", {})
    if cause is not None or not loads:
        return cause or "load", {}
    measured = all(car.draw_a is not None for car in seen.cars)
    step_a = max(_step_a(loads, phase, measured=measured) for phase in first.car.phases)
    if step_a < max(LEAST_STEP_A, (first.before_a - first.after_a) / 2):
        return "load", {}
    return "house" if measured else "meter", {"amount": amount(step_a)}


def _step_a(loads: tuple[_Load, ...], phase: int, *, measured: bool) -> float:
    """Return by how much a phase carries more than shortly before, in A."""
    currents = [(load.base_a if measured else load.service_a)[phase] for load in loads]
    return currents[-1] - min(currents)


def _raised(seen: Seen) -> Moment | None:
    """Say which chargers get more, or charge again."""
    raised = [
        change
        for change in _changes(seen)
        if change.after_a > change.before_a
        and change.action in (ActionReason.HEADROOM, ActionReason.RESUMED)
    ]
    if not raised:
        return None
    resumed = [change.car.name for change in raised if not change.before_a]
    if resumed:
        return _make("resumed", charger=listed(resumed))
    return _make("raised", charger=listed(change.car.name for change in raised))


def _state(seen: Seen) -> Moment | None:
    """Return what lasts; None while chargers or meters are still to follow."""
    decision = seen.decision
    if seen.shadow:
        return _make("shadow_overload" if decision.overloaded else "shadow")
    if problems := [car.name for car in seen.cars if car.problem]:
        return _make("problem", charger=listed(problems))
    if decision.overloaded:
        return _make("overload")
    if all(decision.chargers[car.charger_id].limit is Limit.AWAY for car in seen.cars):
        return _make("away")
    if waiting := [car for car in seen.cars if car.waiting]:
        return _of_waiting(waiting, seen)
    asleep = [car for car in seen.cars if decision.chargers[car.charger_id].asleep]
    if asleep:
        return _make("asleep", charger=listed(car.name for car in asleep))
    active = [car for car in seen.cars if car.charging is not False]
    return _of_charging(active, seen) if active else _make("idle")


def _of_waiting(waiting: list[Car], seen: Seen) -> Moment | None:
    """Return why chargers are paused."""
    limits = [seen.decision.chargers[car.charger_id].limit for car in waiting]
    names = listed(car.name for car in waiting)
    for limit, key in WAITING.items():
        if limit in limits:
            return _make(key, charger=names)
    if Limit.SETTLING in limits:
        return None
    return _make("waiting", charger=names)


def _of_charging(active: list[Car], seen: Seen) -> Moment | None:
    """Return what holds the cars that charge, or may."""
    chargers = seen.decision.chargers
    limited = [car for car in active if not _has_enough(car, seen)]
    if not limited:
        return _make("satisfied" if any(car.charging for car in active) else "ready")
    limits = {car.charger_id: chargers[car.charger_id].limit for car in limited}
    for limit, key in HOLDING.items():
        held = [car for car in limited if limits[car.charger_id] is limit]
        if not held:
            continue
        named = {"charger": listed(car.name for car in held)}
        if key == "limited_phase":
            named["phase"] = limit.value.upper()
        if key == "limited_circuit":
            circuits = dict.fromkeys(car.circuit for car in held if car.circuit)
            named["circuit"] = listed(circuits)
        return _make(key, **named)
    rising = [car for car in limited if limits[car.charger_id] is Limit.RAMP_UP]
    if not rising:
        return None
    return _make("rising", charger=listed(car.name for car in rising))


def _has_enough(car: Car, seen: Seen) -> bool:
    """Return whether a car has all that its charger can give, or leaves some of it."""
    decision = seen.decision.chargers[car.charger_id]
    if decision.limit is Limit.CHARGER_MAXIMUM:
        return True
    if decision.limit not in (*PHASES_FULL, Limit.RAMP_UP) or car.draw_a is None:
        return False
    return car.draw_a < (decision.desired_a or 0.0) - SPARE_A
