"""Share constrained currents among chargers.

Everything that limits chargers is a constraint: a capacity and the chargers
that draw on it. A phase of the supply is one. Chargers are admitted in order
while their minimums fit; then all rise together until a constraint is full or
a charger has its maximum (progressive filling, which is max-min fair; see
Bertsekas & Gallager, *Data Networks*, 6.5.2). The result is floored to each
charger's step, and what flooring left over is handed out in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from .model import EPSILON_A, Limit


@dataclass(frozen=True, slots=True)
class Constraint:
    """A capacity in A that its members share."""

    name: Limit
    capacity_a: float
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A charger's range and resolution."""

    charger_id: str
    min_a: float
    max_a: float
    step_a: float = 1.0


@dataclass(frozen=True, slots=True)
class Share:
    """What a charger gets, and what it is limited by. 0 A is a pause."""

    current_a: float
    limit: Limit


def allocate(
    claims: Sequence[Claim], constraints: Sequence[Constraint]
) -> dict[str, Share]:
    """Share the constraints' capacities among the claims, in A by charger."""
    if len(claims) == 1:
        # Nobody to share with: by far the commonest case, and the quickest.
        return {claims[0].charger_id: _alone(claims[0], constraints)}
    left_a = [constraint.capacity_a for constraint in constraints]
    shares: dict[str, Share] = {}
    admitted: list[_Filling] = []
    for claim in claims:
        filling = _Filling(claim, constraints)
        if filling.max_a < filling.min_a:
            shares[claim.charger_id] = Share(0.0, Limit.CHARGER_MAXIMUM)
        elif filling.room_a(left_a) < filling.min_a - EPSILON_A:
            shares[claim.charger_id] = Share(0.0, Limit.BELOW_MINIMUM)
        else:
            filling.take(filling.min_a, left_a)
            admitted.append(filling)
    _fill(admitted, left_a, constraints)
    _floor(admitted, left_a)
    for filling in admitted:
        shares[filling.charger_id] = Share(filling.current_a, filling.limit)
    return shares


def _alone(claim: Claim, constraints: Sequence[Constraint]) -> Share:
    """What a single claim gets: the least of its maximum and its constraints."""
    min_a = ceil_to_step(claim.min_a, claim.step_a)
    max_a = floor_to_step(claim.max_a, claim.step_a)
    if max_a < min_a:
        return Share(0.0, Limit.CHARGER_MAXIMUM)
    room_a, limit = max_a, Limit.CHARGER_MAXIMUM
    for constraint in constraints:
        if (
            constraint.capacity_a < room_a - EPSILON_A
            and claim.charger_id in constraint.members
        ):
            room_a, limit = constraint.capacity_a, constraint.name
    if room_a < min_a - EPSILON_A:
        return Share(0.0, Limit.BELOW_MINIMUM)
    return Share(floor_to_step(room_a, claim.step_a), limit)


class _Filling:
    """A claim while it is being filled. Range and result lie on the step's grid."""

    __slots__ = (
        "charger_id",
        "constrained_by",
        "current_a",
        "limit",
        "max_a",
        "min_a",
        "step_a",
    )

    def __init__(self, claim: Claim, constraints: Sequence[Constraint]) -> None:
        self.charger_id = claim.charger_id
        self.step_a = claim.step_a
        self.min_a = ceil_to_step(claim.min_a, claim.step_a)
        self.max_a = floor_to_step(claim.max_a, claim.step_a)
        self.current_a = 0.0
        self.limit = Limit.CHARGER_MAXIMUM
        self.constrained_by = [
            index
            for index, constraint in enumerate(constraints)
            if claim.charger_id in constraint.members
        ]

    def room_a(self, left_a: list[float]) -> float:
        """Current that all of the charger's constraints have left."""
        return min([left_a[index] for index in self.constrained_by], default=self.max_a)

    def take(self, more_a: float, left_a: list[float]) -> None:
        """Take current out of every constraint; give back where negative."""
        self.current_a += more_a
        for index in self.constrained_by:
            left_a[index] -= more_a


def _fill(
    admitted: list[_Filling], left_a: list[float], constraints: Sequence[Constraint]
) -> None:
    """Raise all together, freezing each where its maximum or a constraint binds."""
    rising = admitted
    while rising:
        sharing = [
            sum([index in filling.constrained_by for filling in rising])
            for index in range(len(left_a))
        ]
        rise_a = min([filling.max_a - filling.current_a for filling in rising])
        for index, count in enumerate(sharing):
            if count:
                rise_a = min(rise_a, left_a[index] / count)
        still_rising = []
        for filling in rising:
            filling.take(max(0.0, rise_a), left_a)
        for filling in rising:
            full = [
                index for index in filling.constrained_by if left_a[index] <= EPSILON_A
            ]
            if filling.current_a >= filling.max_a - EPSILON_A:
                filling.limit = Limit.CHARGER_MAXIMUM
            elif full:
                filling.limit = constraints[full[0]].name
            else:
                still_rising.append(filling)
        rising = still_rising


def _floor(admitted: list[_Filling], left_a: list[float]) -> None:
    """Floor to the grid, then hand whole steps that are left out in order."""
    for filling in admitted:
        floored_a = floor_to_step(filling.current_a, filling.step_a)
        filling.take(floored_a - filling.current_a, left_a)
        filling.current_a = floored_a
    given = len(admitted) > 1
    while given:
        given = False
        for filling in admitted:
            fits = filling.room_a(left_a) >= filling.step_a - EPSILON_A
            if fits and filling.current_a + filling.step_a <= filling.max_a + EPSILON_A:
                filling.take(filling.step_a, left_a)
                filling.current_a = floor_to_step(filling.current_a, filling.step_a)
                given = True


def floor_to_step(current_a: float, step_a: float) -> float:
    """Greatest multiple of the step that is not above the current.

    Rounded to 1 µA, so that 0.1 A steps stay 16.1 and not 16.100000000000001.
    """
    return round(max(0, floor(current_a / step_a + EPSILON_A)) * step_a, 6)


def ceil_to_step(current_a: float, step_a: float) -> float:
    """Least multiple of the step that is not below the current."""
    return round(ceil(current_a / step_a - EPSILON_A) * step_a, 6)
