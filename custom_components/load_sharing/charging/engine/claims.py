"""The claims: what each charger asks for, and what shares the allocation gives it."""

from collections.abc import Mapping
from math import inf
from typing import NamedTuple

from .allocation import Claim, Constraint, Share, Usage, allocate, usage_by_charger
from .command import CommandState
from .draw import ChargerDraws
from .grid import lowest_current
from .memory import Turn
from .model import ChargerInput, ChargerSettings, ChargerStatus, SiteInput
from .turns import admission_order, useful_current

ROUNDING_A = 0.01
"""What the base load is wrong by where the meter and a charger's sensor are rounded.

Each is off by up to half of 0.01 A, or half of 1 W, which is 0.002 A at 230 V.
"""


class Shares(NamedTuple):
    """Each charger's share, and the claims and constraints it was made from.

    ``certain`` shares out the present currents, within ``limits``: a charger above its
    share has to come down. ``cautious`` shares out everything, within ``free``: a
    charger below its share may rise. ``usage_of_free`` is each charger's usage of
    ``free``; it is empty for a single charger, which needs none.
    """

    certain: dict[str, Share]
    cautious: dict[str, Share]
    claims: list[Claim]
    limits: list[Constraint]
    free: list[Constraint]
    usage_of_free: Usage

    def fair_shares(self) -> dict[str, Share]:
        """Share out everything within ``limits``: what each would have in the end."""
        return allocate(self.claims, self.limits)


def share_out(
    site: SiteInput,
    claims: list[Claim],
    limits: list[Constraint],
    free: list[Constraint],
    held_a: Mapping[str, float],
) -> Shares:
    """Allocate twice: within what is proven to be left, and within what is free.

    A single charger shares with no other, so its certain share may go up to its
    maximum, and often both allocations are the same one. ``held_a`` is what chargers
    take in an overload that do not hear a reduction.
    """
    if len(claims) == 1:
        cautious = allocate(claims, free)
        certain = cautious if free is limits else allocate(claims, limits)
        return Shares(certain, cautious, claims, limits, free, {})
    usage = usage_by_charger(free)
    cautious = allocate(claims, free, usage)
    kept = _claims_kept(site, claims)
    certain = allocate(kept, limits, usage if free is limits else None)
    certain |= _beside_held(held_a, certain, kept, limits)
    return Shares(certain, cautious, claims, limits, free, usage)


def held_unheard(chargers: ChargerDraws, now_s: float) -> dict[str, float]:
    """Return what chargers may take that do not hear a reduction, in A, by charger."""
    return {
        charger.settings.charger_id: max(draw.high_a)
        for charger, draw in chargers
        if _is_unheard(charger.command, now_s)
    }


def _is_unheard(command: CommandState, now_s: float) -> bool:
    """Return whether a reduction cannot be sent, or has failed more than once."""
    if (command.desired_a or 0.0) >= command.greatest_possible_a:
        return False
    return command.is_blocked(now_s) or (command.is_refused and command.attempts > 1)


def _beside_held(
    held_a: Mapping[str, float],
    shares: Mapping[str, Share],
    claims: list[Claim],
    limits: list[Constraint],
) -> dict[str, Share]:
    """Return the shares of the others beside chargers that keep more than theirs.

    What such a charger does not release, the others have to.
    """
    held_a = {
        charger_id: current_a
        for charger_id, current_a in held_a.items()
        if current_a > shares[charger_id].current_a
    }
    others = [claim for claim in claims if claim.charger_id not in held_a]
    if not held_a or not others:
        return {}
    left = [
        limit._replace(
            capacity_a=limit.capacity_a
            - sum([limit.members.get(key, 0) * held_a[key] for key in held_a])
        )
        for limit in limits
    ]
    return allocate(others, left)


def forgive_rounding(site: SiteInput, shares: Shares) -> Shares:
    """Return the shares without reductions that only the rounding of sensors calls for.

    A current that fits exactly would be lowered and raised again for ever. In an
    overload nothing is forgiven.
    """
    present_a = {
        charger.settings.charger_id: charger.command.in_force_a or 0.0
        for charger in site.chargers
    }
    if _keep_all(shares.certain, present_a):
        return shares
    limits = [
        limit._replace(capacity_a=limit.capacity_a + ROUNDING_A)
        for limit in shares.limits
    ]
    certain = allocate(_claims_kept(site, shares.claims), limits)
    return shares._replace(certain=certain) if _keep_all(certain, present_a) else shares


def _keep_all(shares: Mapping[str, Share], present_a: Mapping[str, float]) -> bool:
    """Return whether no charger has to come down to its share."""
    return all([share.current_a >= present_a[key] for key, share in shares.items()])


def _claims_kept(site: SiteInput, claims: list[Claim]) -> list[Claim]:
    """Return the claims of what chargers have, without a rise."""
    kept_a = {
        charger.settings.charger_id: most_kept(charger) for charger in site.chargers
    }
    return [
        claim._replace(max_a=min(claim.max_a, kept_a[claim.charger_id]))
        for claim in claims
    ]


def claims_of_all(
    site: SiteInput,
    turns: Mapping[str, Turn],
    lowered_a: Mapping[str, float],
    now_s: float,
) -> list[Claim]:
    """Return the claims of all chargers, in the order of admission.

    ``lowered_a`` are ceilings, by charger, below the chargers' own.
    """
    ceilings_a = {
        charger.settings.charger_id: _ceiling(site, charger, lowered_a)
        for charger in site.chargers
    }
    return claims_up_to(site, turns, ceilings_a, now_s)


def claims_up_to(
    site: SiteInput,
    turns: Mapping[str, Turn],
    ceilings_a: Mapping[str, float],
    now_s: float,
) -> list[Claim]:
    """Return the claims of chargers that have a ceiling, in the order of admission.

    Without ``turns`` (a single charger, or no reading yet) that is the site's order,
    and each charger is assumed to have use for all it may have.
    """
    ordered = admission_order(site, turns, now_s) if turns else site.chargers
    claims = []
    for charger in ordered:
        charger_id = charger.settings.charger_id
        if (ceiling_a := ceilings_a.get(charger_id)) is None:
            continue
        useful_a = useful_current(charger, turns[charger_id], now_s) if turns else inf
        claims.append(_claim(charger.settings, ceiling_a, useful_a))
    return claims


def _claim(settings: ChargerSettings, ceiling_a: float, useful_a: float) -> Claim:
    return Claim(
        settings.charger_id,
        settings.min_a,
        ceiling_a,
        settings.step_a,
        useful_a,
        weight=settings.weight,
        priority=settings.priority,
        levels_a=settings.levels_a,
        never_pauses=settings.never_pauses,
    )


def _ceiling(
    site: SiteInput, charger: ChargerInput, lowered_a: Mapping[str, float]
) -> float:
    """Return the most that a charger may have now, in A."""
    settings = charger.settings
    ceiling_a = settings.ceiling_a
    if lowered_a:
        ceiling_a = min(ceiling_a, lowered_a.get(settings.charger_id, ceiling_a))
    if not site.may_rise:
        ceiling_a = min(ceiling_a, most_kept(charger))
    if charger.status is ChargerStatus.UNKNOWN:
        ceiling_a = min(ceiling_a, _most_unseen(charger))
    return ceiling_a


def _most_unseen(charger: ChargerInput) -> float:
    """Return the most that a charger of unknown status may have, in A.

    A pause of ours may be what took the status away: then its minimum is safe.
    """
    return max(most_kept(charger), lowest_current(charger.settings))


def most_kept(charger: ChargerInput) -> float:
    """Return the current that a charger keeps unless it is raised, in A."""
    present_a = charger.command.in_force_a
    lowest_a = lowest_current(charger.settings)
    if present_a is None:
        return lowest_a
    return max(present_a, lowest_a) if present_a else 0.0
