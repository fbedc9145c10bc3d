"""Shares constrained currents among chargers: max-min fairness by progressive filling.

Everything that limits chargers is a constraint: a capacity, and the chargers that
use it. A phase of the supply is a constraint. So is a phase of a circuit, and so is
the mean current that a demand limit leaves for the rest of its window.

1. *Admission.* In the given order, each charger gets its minimum if that still fits.
2. *Filling.* The currents of all admitted chargers rise together, in proportion to
   their weights. A charger stops rising when it reaches its goal, or when one of its
   constraints is full: its bottleneck. The first goal is what each charger can use,
   the second is its maximum. The result is max-min fair: above the minimums and by
   weight, no charger can get more without taking from one that has no more than it
   (Bertsekas & Gallager, *Data Networks*, 6.5.2).
3. *Rounding.* Each current is rounded down to one that the charger can be set to.
   The current that this frees is handed out in whole steps.

Chargers without any use for current are admitted last, between the two goals.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf
from typing import NamedTuple

from .grid import ceil_to_step, floor_to_step, step_up
from .model import EPSILON_A, Levels, Limit


class Constraint(NamedTuple):
    """A capacity in A, and the chargers that use it.

    ``members`` maps each charger to its usage: how many amperes of the capacity one
    ampere of the charger's current takes.
    """

    name: Limit
    capacity_a: float
    members: Mapping[str, float]
    circuit_id: str = ""


class Claim(NamedTuple):
    """A charger's range and resolution, the current it can use, and its weight.

    Above the minimums, a charger of twice the weight gets twice the current. With
    ``levels_a`` these are the only currents there are, and ``step_a`` is ignored. One
    that ``never_pauses`` has its minimum whether it fits or not.
    """

    charger_id: str
    min_a: float
    max_a: float
    step_a: float = 1.0
    useful_a: float = inf
    weight: float = 1.0
    priority: int = 0
    levels_a: Levels = ()
    never_pauses: bool = False


class Share(NamedTuple):
    """The current allocated to a charger, and what limits it. 0 A is a pause."""

    current_a: float
    limit: Limit
    circuit_id: str = ""


type Usage = Mapping[str, Sequence[tuple[int, float]]]
"""By charger: the index of each of its constraints, and its usage of that constraint."""


def allocate(
    claims: Sequence[Claim],
    constraints: Sequence[Constraint],
    usage: Usage | None = None,
) -> dict[str, Share]:
    """Share the capacities of the constraints among the claims, by charger.

    ``usage`` is that of the constraints, for a caller that has it already.
    """
    if len(claims) == 1:
        # By far the commonest case, and this is the quickest way to the same result.
        return {claims[0].charger_id: _allocate_alone(claims[0], constraints)}
    residual_a = [constraint.capacity_a for constraint in constraints]
    usage = usage or usage_by_charger(constraints)
    flows = [_Flow(claim, usage.get(claim.charger_id, ())) for claim in claims]
    needs = [flow for flow in flows if flow.useful_a or flow.claim.never_pauses]
    admitted = _admit(sorted(needs, key=_can_pause), residual_a)
    _fill(admitted, residual_a, _useful_current)
    if idle := [flow for flow in flows if flow not in needs]:
        # What rounding to levels frees may be enough for an idle charger's minimum.
        _round_to_grid(admitted, residual_a, _useful_current)
        admitted += _admit(idle, residual_a)
    _fill(admitted, residual_a, _maximum_current)
    _round_to_grid(admitted, residual_a, _useful_current, _maximum_current)
    return {flow.claim.charger_id: flow.share(constraints) for flow in flows}


def _allocate_alone(claim: Claim, constraints: Sequence[Constraint]) -> Share:
    """Allocate to a single claim: the least of its maximum and its constraints."""
    min_a = ceil_to_step(claim.min_a, claim.step_a, claim.levels_a)
    max_a = floor_to_step(claim.max_a, claim.step_a, claim.levels_a)
    least_a = min_a if claim.never_pauses else 0.0
    if max_a < min_a:
        return Share(least_a, Limit.CHARGER_MAXIMUM)
    available_a, bottleneck = max_a, None
    for constraint in constraints:
        if usage := constraint.members.get(claim.charger_id):
            capacity_a = constraint.capacity_a / usage
            if capacity_a < available_a - EPSILON_A:
                available_a, bottleneck = capacity_a, constraint
    if bottleneck is None:
        return Share(max_a, Limit.CHARGER_MAXIMUM)
    if available_a < min_a - EPSILON_A:
        return Share(least_a, _pause_reason(bottleneck), bottleneck.circuit_id)
    current_a = floor_to_step(available_a, claim.step_a, claim.levels_a)
    return Share(current_a, bottleneck.name, bottleneck.circuit_id)


def usage_by_charger(constraints: Sequence[Constraint]) -> Usage:
    """Return each charger's constraints, by index, with its usage of each."""
    usage: dict[str, list[tuple[int, float]]] = {}
    for index, constraint in enumerate(constraints):
        for charger_id, per_ampere in constraint.members.items():
            usage.setdefault(charger_id, []).append((index, per_ampere))
    return usage


class _Flow:
    """The current of one claim while it is being filled.

    Minimum and maximum are on the charger's grid: multiples of its step, or its levels.
    """

    __slots__ = (
        "bottleneck",
        "claim",
        "current_a",
        "max_a",
        "min_a",
        "rounded_off_a",
        "usage",
        "useful_a",
    )

    def __init__(self, claim: Claim, usage: Sequence[tuple[int, float]]) -> None:
        """Begin at 0 A, before admission."""
        self.claim = claim
        self.usage = usage
        self.min_a = ceil_to_step(claim.min_a, claim.step_a, claim.levels_a)
        self.max_a = floor_to_step(claim.max_a, claim.step_a, claim.levels_a)
        if claim.never_pauses:
            self.max_a = max(self.min_a, self.max_a)
        self.useful_a = claim.useful_a
        self.current_a = 0.0
        self.rounded_off_a = 0.0
        self.bottleneck: int | None = None
        """Index of the constraint that keeps the current from rising further."""

    def add(self, more_a: float, residual_a: list[float]) -> None:
        """Raise the current at the cost of its constraints; if negative, lower it."""
        self.current_a += more_a
        for index, per_ampere in self.usage:
            residual_a[index] -= per_ampere * more_a

    def find_short_of(self, needed_a: float, residual_a: list[float]) -> int | None:
        """Return the first constraint that has too little left for that current."""
        for index, per_ampere in self.usage:
            if residual_a[index] < per_ampere * needed_a - EPSILON_A:
                return index
        return None

    def floored(self) -> float:
        """Return the current rounded down to the charger's grid."""
        claim = self.claim
        return floor_to_step(self.current_a, claim.step_a, claim.levels_a)

    def share(self, constraints: Sequence[Constraint]) -> Share:
        """Return the result, with the constraint that keeps it from being more."""
        if self.bottleneck is None:
            return Share(self.current_a, Limit.CHARGER_MAXIMUM)
        bottleneck = constraints[self.bottleneck]
        if not self.current_a:
            return _refusal(bottleneck, self)
        return Share(self.current_a, bottleneck.name, bottleneck.circuit_id)


type _Goal = Callable[[_Flow], float]
"""The current in A up to which a flow may be filled."""


def _useful_current(flow: _Flow) -> float:
    """Return what the charger can use, within its range."""
    return min(max(flow.useful_a, flow.min_a), flow.max_a)


def _maximum_current(flow: _Flow) -> float:
    """Return the most that the charger may have."""
    return flow.max_a


def _can_pause(flow: _Flow) -> bool:
    """Return whether the charger may also have nothing: the others come first."""
    return not flow.claim.never_pauses


def _admit(flows: list[_Flow], residual_a: list[float]) -> list[_Flow]:
    """Give each its minimum where that fits, in order; return those admitted."""
    admitted = []
    for flow in flows:
        if flow.max_a < flow.min_a:
            continue
        flow.bottleneck = flow.find_short_of(flow.min_a, residual_a)
        if flow.bottleneck is None or flow.claim.never_pauses:
            flow.add(flow.min_a, residual_a)
            admitted.append(flow)
    return admitted


def _refusal(bottleneck: Constraint, flow: _Flow) -> Share:
    """Return the pause of a charger that is not admitted, and the reason for it."""
    needed_a = bottleneck.members[flow.claim.charger_id] * flow.min_a
    is_taken_by_others = bottleneck.capacity_a >= needed_a - EPSILON_A
    reason = Limit.WAITING_FOR_TURN if is_taken_by_others else _pause_reason(bottleneck)
    return Share(0.0, reason, bottleneck.circuit_id)


def _pause_reason(constraint: Constraint) -> Limit:
    """Return the constraint's name; the supply is merely below the minimum."""
    if constraint.name in (Limit.SUPPLY, Limit.L1, Limit.L2, Limit.L3):
        return Limit.BELOW_MINIMUM
    return constraint.name


def _fill(admitted: list[_Flow], residual_a: list[float], goal: _Goal) -> None:
    """Raise all currents together until each has reached its goal or a bottleneck.

    Each round raises them by the largest common increment, per unit of weight, at
    which no goal and no capacity is exceeded. So each round stops at least one flow.
    """
    rising = _still_rising(admitted, residual_a, goal)
    while rising:
        slope = [0.0] * len(residual_a)
        increment_a = inf
        for flow in rising:
            weight = flow.claim.weight
            increment_a = min(increment_a, (goal(flow) - flow.current_a) / weight)
            for index, per_ampere in flow.usage:
                slope[index] += per_ampere * weight
        for index, per_increment in enumerate(slope):
            if per_increment:
                increment_a = min(increment_a, residual_a[index] / per_increment)
        for flow in rising:
            flow.add(max(0.0, increment_a) * flow.claim.weight, residual_a)
        rising = _still_rising(rising, residual_a, goal)


def _still_rising(
    flows: list[_Flow], residual_a: list[float], goal: _Goal
) -> list[_Flow]:
    """Find each flow's bottleneck; return those below their goal that have none."""
    rising = []
    for flow in flows:
        if flow.bottleneck is None or residual_a[flow.bottleneck] > EPSILON_A:
            full = [index for index, _ in flow.usage if residual_a[index] <= EPSILON_A]
            flow.bottleneck = full[0] if full else None
        if flow.current_a >= goal(flow) - EPSILON_A:
            if goal(flow) >= flow.max_a - EPSILON_A:
                flow.bottleneck = None
        elif flow.bottleneck is None:
            rising.append(flow)
    return rising


def _round_to_grid(
    admitted: list[_Flow], residual_a: list[float], *goals: _Goal
) -> None:
    """Round down to the grid, then hand out whole steps, up to each goal in turn."""
    for flow in admitted:
        floored_a = flow.floored()
        flow.rounded_off_a = flow.current_a - floored_a
        flow.add(floored_a - flow.current_a, residual_a)
        flow.current_a = floored_a
    if len(admitted) < 2:
        return
    in_order = sorted(admitted, key=_by_rounded_off)
    for goal in goals:
        _hand_out_steps(in_order, residual_a, goal)


def _by_rounded_off(flow: _Flow) -> tuple[int, float, str]:
    """Sort by priority, then by how much rounding took, the most first."""
    # Rounded, so that equal amounts compare equal in spite of floating-point noise.
    rounded_off_a = round(flow.rounded_off_a, 3)
    return -flow.claim.priority, -rounded_off_a, flow.claim.charger_id


def _hand_out_steps(
    in_order: list[_Flow], residual_a: list[float], goal: _Goal
) -> None:
    """Raise by one step whatever can take one, round after round, until nothing can."""
    has_given = True
    while has_given:
        has_given = False
        for flow in in_order:
            claim = flow.claim
            step_a = claim.step_a
            if claim.levels_a:
                step_a = step_up(flow.current_a, step_a, claim.levels_a)
            if flow.current_a + step_a > goal(flow) + EPSILON_A:
                continue
            if flow.find_short_of(step_a, residual_a) is None:
                flow.add(step_a, residual_a)
                flow.current_a = flow.floored()
                has_given = True
