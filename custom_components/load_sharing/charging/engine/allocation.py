"""Share constrained currents among chargers.

Everything that limits chargers is a constraint: a capacity and the chargers
that draw on it. A phase of the supply is one, a phase of a circuit, the mean
power of a quarter of an hour. Chargers are admitted in order while their
minimums fit. What is left then rises in all of them together, by weight, until
a constraint is full or a charger has enough (progressive filling, which is
max-min fair; see Bertsekas & Gallager, *Data Networks*, 6.5.2): first up to
what each can use, then up to what each may have. The result is floored to each
charger's step, and what flooring left over is handed out again.
"""

from collections.abc import Callable, Mapping, Sequence
from math import ceil, floor, inf
from typing import NamedTuple

from .model import EPSILON_A, Levels, Limit


class Constraint(NamedTuple):
    """A capacity in A that its members share.

    ``members``: how many amperes of it each takes per ampere of its current.
    """

    name: Limit
    capacity_a: float
    members: Mapping[str, int]
    circuit_id: str = ""


class Claim(NamedTuple):
    """A charger's range and resolution, what it can use, and its weight.

    Above its minimum, a charger of twice the weight gets twice as much. Where there
    are ``levels_a``, no other current exists, and ``step_a`` does not count.
    """

    charger_id: str
    min_a: float
    max_a: float
    step_a: float = 1.0
    useful_a: float = inf
    weight: float = 1.0
    priority: int = 0
    levels_a: Levels = ()


class Share(NamedTuple):
    """What a charger gets, and what it is limited by. 0 A is a pause."""

    current_a: float
    limit: Limit
    circuit_id: str = ""


def allocate(
    claims: Sequence[Claim], constraints: Sequence[Constraint]
) -> dict[str, Share]:
    """Share the constraints' capacities among the claims, in A by charger."""
    if len(claims) == 1:
        # Nobody to share with: by far the commonest case, and the quickest.
        return {claims[0].charger_id: _alone(claims[0], constraints)}
    left_a = [constraint.capacity_a for constraint in constraints]
    on = taken_by(constraints)
    fillings = [_Filling(claim, on.get(claim.charger_id, ())) for claim in claims]
    admitted = _admit([f for f in fillings if f.useful_a], left_a)
    _fill(admitted, left_a, _useful)
    if idle := [f for f in fillings if not f.useful_a]:
        # What the levels of a charger leave may be enough for one of them.
        _floor(admitted, left_a, _useful)
        admitted += _admit(idle, left_a)
    _fill(admitted, left_a, _maximum)
    _floor(admitted, left_a, _useful, _maximum)
    return {
        filling.claim.charger_id: filling.share(constraints) for filling in fillings
    }


def _admit(fillings: list[_Filling], left_a: list[float]) -> list[_Filling]:
    """Give their minimum to those whose minimum fits, in order."""
    admitted = []
    for filling in fillings:
        if filling.max_a < filling.min_a:
            continue
        filling.full = filling.shortage(left_a)
        if filling.full is None:
            filling.take(filling.min_a, left_a)
            admitted.append(filling)
    return admitted


def _alone(claim: Claim, constraints: Sequence[Constraint]) -> Share:
    """What a single claim gets: the least of its maximum and its constraints."""
    min_a = ceil_to_step(claim.min_a, claim.step_a, claim.levels_a)
    max_a = floor_to_step(claim.max_a, claim.step_a, claim.levels_a)
    if max_a < min_a:
        return Share(0.0, Limit.CHARGER_MAXIMUM)
    room_a, tightest = max_a, None
    for constraint in constraints:
        if takes := constraint.members.get(claim.charger_id):
            capacity_a = constraint.capacity_a / takes
            if capacity_a < room_a - EPSILON_A:
                room_a, tightest = capacity_a, constraint
    if tightest is None:
        return Share(max_a, Limit.CHARGER_MAXIMUM)
    if room_a < min_a - EPSILON_A:
        return Share(0.0, _pause_reason(tightest), tightest.circuit_id)
    current_a = floor_to_step(room_a, claim.step_a, claim.levels_a)
    return Share(current_a, tightest.name, tightest.circuit_id)


def _refusal(short: Constraint, filling: _Filling) -> Share:
    """Say why a charger is not admitted: there is too little, or others have it."""
    needs_a = short.members[filling.claim.charger_id] * filling.min_a
    others_have_it = short.capacity_a >= needs_a - EPSILON_A
    reason = Limit.WAITING_FOR_TURN if others_have_it else _pause_reason(short)
    return Share(0.0, reason, short.circuit_id)


def _pause_reason(constraint: Constraint) -> Limit:
    """Name a limit that somebody set; else it is simply too little."""
    if constraint.name in (Limit.SUPPLY, Limit.L1, Limit.L2, Limit.L3):
        return Limit.BELOW_MINIMUM
    return constraint.name


def taken_by(
    constraints: Sequence[Constraint],
) -> dict[str, list[tuple[int, int]]]:
    """Constraints of each charger, by their index, and what it takes of them."""
    on: dict[str, list[tuple[int, int]]] = {}
    for index, constraint in enumerate(constraints):
        for charger_id, takes in constraint.members.items():
            on.setdefault(charger_id, []).append((index, takes))
    return on


class _Filling:
    """A claim while it is being filled. Range and result lie on the step's grid."""

    __slots__ = (
        "claim",
        "current_a",
        "full",
        "max_a",
        "min_a",
        "on",
        "remainder_a",
        "useful_a",
    )

    def __init__(self, claim: Claim, on: Sequence[tuple[int, int]]) -> None:
        self.claim = claim
        self.on = on
        self.min_a = ceil_to_step(claim.min_a, claim.step_a, claim.levels_a)
        self.max_a = floor_to_step(claim.max_a, claim.step_a, claim.levels_a)
        self.useful_a = claim.useful_a
        self.current_a = 0.0
        self.remainder_a = 0.0
        self.full: int | None = None
        """The constraint that kept it from rising further."""

    def shortage(self, left_a: list[float]) -> int | None:
        """Find a constraint that cannot bear the minimum."""
        for index, takes in self.on:
            if left_a[index] < takes * self.min_a - EPSILON_A:
                return index
        return None

    def floored(self) -> float:
        """Its current on its grid."""
        claim = self.claim
        return floor_to_step(self.current_a, claim.step_a, claim.levels_a)

    def take(self, more_a: float, left_a: list[float]) -> None:
        """Take current out of every constraint; give back where negative."""
        self.current_a += more_a
        for index, takes in self.on:
            left_a[index] -= takes * more_a

    def share(self, constraints: Sequence[Constraint]) -> Share:
        """Result, and what kept it from being more."""
        if self.full is None:
            return Share(self.current_a, Limit.CHARGER_MAXIMUM)
        full = constraints[self.full]
        if not self.current_a:
            return _refusal(full, self)
        return Share(self.current_a, full.name, full.circuit_id)


def _useful(filling: _Filling) -> float:
    return min(max(filling.useful_a, filling.min_a), filling.max_a)


def _maximum(filling: _Filling) -> float:
    return filling.max_a


def _fill(
    admitted: list[_Filling], left_a: list[float], goal: Callable[[_Filling], float]
) -> None:
    """Raise all together, freezing each where its goal or a constraint is reached."""
    rising = _unfrozen(admitted, left_a, goal)
    while rising:
        pull = [0.0] * len(left_a)
        level_a = inf
        for filling in rising:
            weight = filling.claim.weight
            level_a = min(level_a, (goal(filling) - filling.current_a) / weight)
            for index, takes in filling.on:
                pull[index] += takes * weight
        for index, per_level in enumerate(pull):
            if per_level:
                level_a = min(level_a, left_a[index] / per_level)
        for filling in rising:
            filling.take(max(0.0, level_a) * filling.claim.weight, left_a)
        rising = _unfrozen(rising, left_a, goal)


def _unfrozen(
    fillings: list[_Filling], left_a: list[float], goal: Callable[[_Filling], float]
) -> list[_Filling]:
    """Those that may rise further; the others remember what they met."""
    rising = []
    for filling in fillings:
        if filling.full is None or left_a[filling.full] > EPSILON_A:
            full = [index for index, _ in filling.on if left_a[index] <= EPSILON_A]
            filling.full = full[0] if full else None
        if filling.current_a >= goal(filling) - EPSILON_A:
            if goal(filling) >= filling.max_a - EPSILON_A:
                filling.full = None
        elif filling.full is None:
            rising.append(filling)
    return rising


def _floor(
    admitted: list[_Filling], left_a: list[float], *goals: Callable[[_Filling], float]
) -> None:
    """Floor to the grid, then hand out whole steps: by priority, largest rest first."""
    for filling in admitted:
        floored_a = filling.floored()
        filling.remainder_a = filling.current_a - floored_a
        filling.take(floored_a - filling.current_a, left_a)
        filling.current_a = floored_a
    if len(admitted) < 2:
        return
    in_order = sorted(admitted, key=_by_rest)
    for goal in goals:
        _hand_out(in_order, left_a, goal)


def _by_rest(filling: _Filling) -> tuple[int, float, str]:
    # Rounded, so that equals stay equal.
    rest_a = round(filling.remainder_a, 3)
    return -filling.claim.priority, -rest_a, filling.claim.charger_id


def _hand_out(
    order: list[_Filling], left_a: list[float], goal: Callable[[_Filling], float]
) -> None:
    """Give a step to each that can take one, until there is none left."""
    given = True
    while given:
        given = False
        for filling in order:
            claim = filling.claim
            step_a = claim.step_a
            if claim.levels_a:
                step_a = step_up(filling.current_a, step_a, claim.levels_a)
            if filling.current_a + step_a > goal(filling) + EPSILON_A:
                continue
            if all(
                [
                    left_a[index] >= takes * step_a - EPSILON_A
                    for index, takes in filling.on
                ]
            ):
                filling.take(step_a, left_a)
                filling.current_a = filling.floored()
                given = True


def floor_to_step(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """Greatest multiple of the step, or level, that is not above the current.

    Rounded to 1 µA, so that 0.1 A steps stay 16.1 and not 16.100000000000001. What
    is on the grid stays where it is, also where a step is a power: 100 W, 0.144928 A.
    """
    if levels_a:
        reached = [a for a in levels_a if a <= current_a + EPSILON_A]
        return max(reached, default=0.0)
    return round(max(0, floor((current_a + EPSILON_A) / step_a)) * step_a, 6)


def ceil_to_step(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """Least multiple of the step, or level, that is not below the current.

    Above the highest level there is none: inf.
    """
    if levels_a:
        return min([a for a in levels_a if a >= current_a - EPSILON_A], default=inf)
    return round(ceil((current_a - EPSILON_A) / step_a) * step_a, 6)


def step_up(current_a: float, step_a: float, levels_a: Levels = ()) -> float:
    """How much more the next step, or level, is; inf above the highest level."""
    if levels_a:
        higher = [a for a in levels_a if a > current_a + EPSILON_A]
        return min(higher, default=inf) - current_a
    return step_a
