"""What each charger asks for, and what the supply has for it."""

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from .allocation import Claim, Constraint, Share, allocate, ceil_to_step
from .model import ChargerInput, ChargerSettings, ChargerStatus, SiteInput, Turn
from .supply import Balance
from .turns import in_turn, useful_current


class Allocations(NamedTuple):
    """Shares of the present currents that fit for certain, and what could be had.

    ``limits`` is what is left for certain, ``free`` what may be raised into.
    """

    certain: dict[str, Share]
    cautious: dict[str, Share]
    claims: list[Claim]
    limits: list[Constraint]
    free: list[Constraint]

    def fair(self) -> dict[str, Share]:
        """Share all that the reading proves to be left."""
        return allocate(self.claims, self.limits)


def allocations(
    site: SiteInput,
    balance: Balance,
    turns: Mapping[str, Turn],
    lowered_a: Mapping[str, float],
    limits: list[Constraint],
    free: list[Constraint],
    now_s: float,
) -> Allocations:
    """Share what is there for certain, and what may be there.

    With one charger the first may as well tell what it could have at best: then
    it is not to be shared, and often both are the same. ``lowered_a`` are ceilings
    of an overload, or of a lost meter.
    """
    ceilings_a = {
        charger.settings.charger_id: _ceiling(site, charger, lowered_a)
        for charger in site.chargers
    }
    claims = claims_in_turn(site, turns, ceilings_a, now_s)
    if len(claims) == 1:
        cautious = allocate(claims, free)
        certain = cautious if balance.exact else allocate(claims, limits)
        return Allocations(certain, cautious, claims, limits, free)
    most_kept_a = {
        charger.settings.charger_id: most_kept(charger) for charger in site.chargers
    }
    kept = [
        claim._replace(max_a=min(claim.max_a, most_kept_a[claim.charger_id]))
        for claim in claims
    ]
    return Allocations(
        allocate(kept, limits), allocate(claims, free), claims, limits, free
    )


def claims_in_turn(
    site: SiteInput,
    turns: Mapping[str, Turn],
    ceilings_a: Mapping[str, float],
    now_s: float,
) -> list[Claim]:
    """What is asked for by each charger that has a ceiling, in the order of admission.

    Without turns, of one charger or before the first reading, it is the site's order,
    and what each has use for is not known.
    """
    ordered = in_turn(site, turns, now_s) if turns else site.chargers
    claims = []
    for charger in ordered:
        charger_id = charger.settings.charger_id
        if (ceiling_a := ceilings_a.get(charger_id)) is None:
            continue
        useful_a = useful_current(charger, turns[charger_id], now_s) if turns else inf
        claims.append(_claim(charger, ceiling_a, useful_a))
    return claims


def _claim(charger: ChargerInput, ceiling_a: float, useful_a: float) -> Claim:
    """What a charger asks for, up to a ceiling, and what it has use for."""
    settings = charger.settings
    return Claim(
        settings.charger_id,
        settings.min_a,
        ceiling_a,
        settings.step_a,
        useful_a,
        weight=settings.weight,
        priority=settings.priority,
        levels_a=settings.levels_a,
    )


def most_kept(charger: ChargerInput) -> float:
    """Current that a charger keeps unless it is raised."""
    present_a = charger.command.in_force_a
    lowest_a = lowest_current(charger.settings)
    if present_a is None:
        return lowest_a
    return max(present_a, lowest_a) if present_a else 0.0


def _ceiling(
    site: SiteInput, charger: ChargerInput, lowered_a: Mapping[str, float]
) -> float:
    """Most a charger may have."""
    settings = charger.settings
    ceiling_a = settings.ceiling_a
    if lowered_a:
        ceiling_a = min(ceiling_a, lowered_a.get(settings.charger_id, ceiling_a))
    if charger.status is ChargerStatus.UNKNOWN or not site.may_rise:
        ceiling_a = min(ceiling_a, most_kept(charger))
    return ceiling_a


def lowest_current(settings: ChargerSettings) -> float:
    """Least current a charger can be told that is not a pause."""
    return ceil_to_step(settings.min_a, settings.step_a, settings.levels_a)
