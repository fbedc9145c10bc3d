"""Current that moves from one charger to another: let go before it is taken."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from .allocation import Claim, Constraint, Share, taken_by
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


def land_reductions_first(
    site: SiteInput,
    free: Sequence[Constraint],
    decisions: dict[str, ChargerDecision],
    now_s: float,
) -> list[str]:
    """Hold back increases until the current they need has been let go by others.

    One that was refused rests while others have its current. ``free`` is what is left
    beside all other load that there may be. Returns the chargers that were held back.
    """
    room_a = [constraint.capacity_a for constraint in free]
    on = taken_by(free)
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        held_a = _committed(charger, decisions[charger_id], now_s)
        for index, takes in on.get(charger_id, ()):
            room_a[index] -= takes * held_a
    held_back = []
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        decision, needs = decisions[charger_id], on.get(charger_id, ())
        if _repeats_increase(charger, decision):
            if any([room_a[index] < -EPSILON_A for index, _ in needs]):
                decisions[charger_id] = _without(charger, decision)
            continue
        if decision.action not in (ActionReason.HEADROOM, ActionReason.RESUMED):
            continue
        present_a = charger.command.desired_a or 0.0
        more_a = (decision.desired_a or 0.0) - present_a
        if any([room_a[index] < takes * more_a - EPSILON_A for index, takes in needs]):
            decisions[charger_id] = replace(
                decision, desired_a=present_a, limit=Limit.SETTLING, action=None
            )
            held_back.append(charger_id)
            continue
        for index, takes in needs:
            room_a[index] -= takes * more_a
    return held_back


def is_short(
    site: SiteInput, claims: Sequence[Claim], held_back: Collection[str]
) -> bool:
    """Whether one of those that are held back has less than it has use for."""
    useful_a = {claim.charger_id: claim.useful_a for claim in claims}
    waiting = [c for c in site.chargers if c.settings.charger_id in held_back]
    return any(
        [
            (charger.command.desired_a or 0.0) < useful_a[charger.settings.charger_id]
            for charger in waiting
        ]
    )


def make_room(
    site: SiteInput,
    draws: list[Draw],
    fair: Mapping[str, Share],
    decisions: dict[str, ChargerDecision],
) -> None:
    """Lower those above their fair share, for others whose increase waits for it.

    Only what every reading shows for sure counts: an increase that is still to
    show would look like current that is left for one more charger. One that
    cannot be commanded is not waited for.
    """
    for charger, draw in zip(site.chargers, draws, strict=True):
        command = charger.command
        if command.desired_a is None or command.has_problem:
            continue
        if not (draw.settled and command.confirmed):
            return
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        share = fair[charger_id]
        present_a = charger.command.desired_a or 0.0
        if decisions[charger_id].action is None and share.current_a < present_a:
            paused = not share.current_a
            decisions[charger_id] = replace(
                decisions[charger_id],
                desired_a=share.current_a,
                limit=named_limit(share.limit, charger),
                action=ActionReason.TURN if paused else ActionReason.SUPPLY,
                circuit_id=share.circuit_id,
            )


def _without(charger: ChargerInput, decision: ChargerDecision) -> ChargerDecision:
    """Let an increase that was refused rest; one from a pause is given up.

    Then that waits for its turn like others.
    """
    if charger.command.kept_a:
        return replace(decision, withheld=True)
    action = ActionReason.BELOW_MINIMUM
    return replace(decision, desired_a=0.0, limit=Limit.SETTLING, action=action)


def _repeats_increase(charger: ChargerInput, decision: ChargerDecision) -> bool:
    """Whether what is wanted is all or a part of an increase that was refused before."""
    command = charger.command
    return command.is_refused and (decision.desired_a or 0.0) > (command.kept_a or 0.0)


def _committed(charger: ChargerInput, decision: ChargerDecision, now_s: float) -> float:
    """Current a charger may still be taking, whatever it was told last."""
    command = charger.command
    wanted_a = min(decision.desired_a or 0.0, command.in_force_a or 0.0)
    if command.desired_a is not None and not command.confirmed:
        return max(wanted_a, command.most_possible_a)
    return max(wanted_a, command.possible_at(now_s, charger.settings.settle_s)[1])
