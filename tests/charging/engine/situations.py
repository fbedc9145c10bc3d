"""Situations for the tests of single rules."""

from collections.abc import Sequence

from custom_components.load_sharing.charging.engine.allocation import (
    Claim,
    Constraint,
    Share,
    usage_by_charger,
)
from custom_components.load_sharing.charging.engine.balance import Balance, Load
from custom_components.load_sharing.charging.engine.claims import Shares
from custom_components.load_sharing.charging.engine.doubt import NO_DOUBTS
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.meter_lost import NONE_LOST
from custom_components.load_sharing.charging.engine.model import SiteInput
from custom_components.load_sharing.charging.engine.overload import NO_OVERLOAD
from custom_components.load_sharing.charging.engine.ramp import no_regain
from custom_components.load_sharing.charging.engine.situation import Situation

CALM = Balance(
    supply=Load((8.0,), (8.0,), (24.0,)),
    circuits=(),
    available_a=24.0,
    excess_a=0.0,
    worst_id="",
    least_sum_a=8.0,
    most_sum_a=8.0,
    exact=True,
    headroom_a=(24.0,),
)
"""8 A of base load on a single-phase supply of 32 A."""


def situation(
    site: SiteInput,
    draws: Sequence[Draw] | None = None,
    *,
    now_s: float,
    claims: Sequence[Claim] = (),
    certain: dict[str, Share] | None = None,
    cautious: dict[str, Share] | None = None,
    limits: Sequence[Constraint] = (),
    free: Sequence[Constraint] = (),
) -> Situation:
    """A site without an overload, with the shares as given."""
    if draws is None:
        draws = [Draw((6,), (6,), settled=True)] * len(site.chargers)
    return Situation(
        now_s=now_s,
        site=site,
        before=EngineState(),
        chargers=tuple(zip(site.chargers, draws, strict=True)),
        balance=CALM,
        demand=None,
        overload=NO_OVERLOAD,
        correction_due=False,
        lost=NONE_LOST,
        doubts=NO_DOUBTS,
        turns={},
        regains={
            charger.settings.charger_id: no_regain(0) for charger in site.chargers
        },
        ladder_a={},
        shares=Shares(
            certain or {},
            cautious or {},
            list(claims),
            list(limits),
            list(free),
            usage_by_charger(free),
        ),
        idle_since_s={},
        parked_a={},
        wakes={},
        edges={},
    )
