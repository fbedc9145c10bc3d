"""The supply: what the house takes beside the chargers, and what it leaves them."""

from dataclasses import dataclass

from .allocation import Constraint
from .draw import Draw
from .model import EPSILON_A, Limit, PhaseVector, ServiceReading, SiteInput

PHASE_LIMITS = (Limit.L1, Limit.L2, Limit.L3)


@dataclass(frozen=True, slots=True)
class Balance:
    """The supply as the reading shows it, per phase.

    ``least_base_a`` is the other load that the reading proves, with every
    charger drawing all it may; ``most_base_a`` that with the least they may.
    Reductions are judged by the first, increases by the second.
    """

    least_base_a: PhaseVector
    most_base_a: PhaseVector
    headroom_a: PhaseVector
    available_a: float
    excess_a: float


def balance_supply(
    site: SiteInput, reading: ServiceReading, draws: list[Draw]
) -> Balance:
    """Split what the meter shows into the chargers' draw and all other load."""
    high_a = list(reading.current_a)
    low_a = list(reading.current_a)
    for charger, draw in zip(site.chargers, draws, strict=True):
        for index, phase in enumerate(charger.settings.phases):
            high_a[phase] -= draw.high_a[index]
            low_a[phase] -= draw.low_a[index]
    limit_a = site.settings.limit_a
    least_base_a = tuple([max(0.0, current_a) for current_a in high_a])
    excess_a = max(reading.current_a) - limit_a
    return Balance(
        least_base_a=least_base_a,
        most_base_a=tuple([max(0.0, current_a) for current_a in low_a]),
        headroom_a=tuple([limit_a - current_a for current_a in reading.current_a]),
        available_a=site.settings.usable_a - max(least_base_a),
        excess_a=excess_a if excess_a > EPSILON_A else 0.0,
    )


def constraints(site: SiteInput, base_a: PhaseVector) -> list[Constraint]:
    """What each phase of the supply leaves for the chargers on it."""
    single = len(base_a) == 1
    return [
        Constraint(
            Limit.SUPPLY if single else PHASE_LIMITS[phase],
            site.settings.usable_a - phase_base_a,
            frozenset(
                [
                    charger.settings.charger_id
                    for charger in site.chargers
                    if phase in charger.settings.phases
                ]
            ),
        )
        for phase, phase_base_a in enumerate(base_a)
    ]
