"""What each charger asks for, and what the supply has for it."""

from .allocation import Claim, Share, allocate, ceil_to_step
from .model import EPSILON_A, ChargerInput, ChargerSettings, ChargerStatus, SiteInput
from .overload import Rung
from .supply import Balance, constraints


def allocations(
    site: SiteInput, balance: Balance, rung: Rung
) -> tuple[dict[str, Share], dict[str, Share]]:
    """What of the present currents fits for certain, and what could be had at most.

    With one charger the first may as well tell what it could have at best: then
    it is not to be shared, and often both are the same.
    """
    claims = claims_of(site, balance, rung)
    cautious = allocate(claims, constraints(site, balance.most_base_a))
    if len(claims) > 1:
        claims = [
            Claim(
                claim.charger_id,
                claim.min_a,
                min(claim.max_a, _most_kept(charger)),
                claim.step_a,
            )
            for claim, charger in zip(claims, site.chargers, strict=True)
        ]
    elif balance.most_base_a == balance.least_base_a:
        return cautious, cautious
    return allocate(claims, constraints(site, balance.least_base_a)), cautious


def claims_of(site: SiteInput, balance: Balance, rung: Rung) -> list[Claim]:
    """What every charger may have, if it is there. Nobody waits for one that is not."""
    return [
        Claim(
            charger.settings.charger_id,
            charger.settings.min_a,
            _ceiling(charger, balance, rung),
            charger.settings.step_a,
        )
        for charger in site.chargers
    ]


def _most_kept(charger: ChargerInput) -> float:
    """Current that a charger keeps unless it is raised."""
    present_a = charger.command.in_force_a
    lowest_a = lowest_current(charger.settings)
    if present_a is None:
        return lowest_a
    return max(present_a, lowest_a) if present_a else 0.0


def _ceiling(charger: ChargerInput, balance: Balance, rung: Rung) -> float:
    """Most a charger may have. The ladder is for those on an overloaded phase."""
    settings = charger.settings
    ceiling_a = settings.ceiling_a
    if charger.status is ChargerStatus.UNKNOWN:
        ceiling_a = min(ceiling_a, _most_kept(charger))
    if rung is Rung.COMPUTED or not any(
        [balance.headroom_a[phase] < -EPSILON_A for phase in settings.phases]
    ):
        return ceiling_a
    if rung is Rung.PAUSE:
        return 0.0
    return min(lowest_current(settings), ceiling_a)


def lowest_current(settings: ChargerSettings) -> float:
    """Least current a charger can be told that is not a pause."""
    return ceil_to_step(settings.min_a, settings.step_a)
