"""Current that moves from one charger to another: let go before it is taken."""

from dataclasses import replace

from .allocation import allocate
from .claims import claims_of
from .decide import named_limit
from .draw import Draw
from .model import (
    EPSILON_A,
    ActionReason,
    ChargerDecision,
    ChargerInput,
    Limit,
    SiteInput,
)
from .overload import Rung
from .supply import Balance, constraints


def land_reductions_first(
    site: SiteInput,
    balance: Balance,
    decisions: dict[str, ChargerDecision],
    now_s: float,
) -> list[str]:
    """Hold back increases until the current they need has been let go by others.

    Returns the chargers that were held back.
    """
    room_a = [site.settings.usable_a - base_a for base_a in balance.most_base_a]
    for charger in site.chargers:
        held_a = _committed(charger, decisions[charger.settings.charger_id], now_s)
        for phase in charger.settings.phases:
            room_a[phase] -= held_a
    held_back = []
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        decision = decisions[charger_id]
        if decision.action not in (ActionReason.HEADROOM, ActionReason.RESUMED):
            continue
        present_a = charger.command.desired_a or 0.0
        more_a = (decision.desired_a or 0.0) - present_a
        phases = charger.settings.phases
        if min([room_a[phase] for phase in phases]) < more_a - EPSILON_A:
            decisions[charger_id] = replace(
                decision, desired_a=present_a, limit=Limit.SETTLING, action=None
            )
            held_back.append(charger_id)
            continue
        for phase in phases:
            room_a[phase] -= more_a
    return held_back


def make_room(
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    decisions: dict[str, ChargerDecision],
) -> None:
    """Lower those above their share, for others whose increase waits for it.

    Only what every reading shows for sure counts: an increase that is still to
    show would look like current that is left for one more charger.
    """
    pairs = list(zip(site.chargers, draws, strict=True))
    if not all([draw.settled and charger.command.confirmed for charger, draw in pairs]):
        return
    claims = claims_of(site, balance, Rung.COMPUTED)
    shares = allocate(claims, constraints(site, balance.least_base_a))
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        share = shares[charger_id]
        present_a = charger.command.desired_a or 0.0
        if decisions[charger_id].action is None and share.current_a < present_a:
            decisions[charger_id] = replace(
                decisions[charger_id],
                desired_a=share.current_a,
                limit=named_limit(share.limit, charger),
                action=ActionReason.SUPPLY,
            )


def _committed(charger: ChargerInput, decision: ChargerDecision, now_s: float) -> float:
    """Current a charger may still be taking, whatever it was told last."""
    command = charger.command
    wanted_a = min(decision.desired_a or 0.0, command.in_force_a or 0.0)
    if command.desired_a is not None and not command.confirmed:
        return max(wanted_a, command.most_possible_a)
    return max(wanted_a, command.possible_at(now_s, charger.settings.settle_s)[1])
