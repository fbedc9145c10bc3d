"""One evaluation of a site: reading -> draw -> base -> allocation -> ramp -> current.

``evaluate`` is a pure function. Reductions leave at once; increases need a
reading that shows every earlier command, and headroom that has lasted.
"""

from dataclasses import replace
from math import inf

from .allocation import Claim, Share, allocate, ceil_to_step, floor_to_step
from .draw import Draw, estimate_draw
from .fallback import decide_without_meter
from .model import (
    EPSILON_A,
    ActionReason,
    BalancerState,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Decision,
    EngineState,
    Limit,
    Ramp,
    SiteInput,
    SiteSettings,
)
from .overload import OverloadPhase, OverloadState, Reduction, Rung, advance, report
from .ramp import next_current, ripe_at, watch
from .supply import Balance, balance_supply, constraints

SILENT_METER_S = 15.0
"""A meter that says nothing for this long after a command settled has answered."""


def evaluate(
    state: EngineState, site: SiteInput, now_s: float
) -> tuple[EngineState, Decision]:
    """Decide what every charger shall have at ``now_s``."""
    if site.reading is None:
        if not site.enabled:
            return EngineState(), Decision(BalancerState.DISABLED, _untouched(site))
        return decide_without_meter(state, site, now_s)
    draws = [estimate_draw(charger, site.reading) for charger in site.chargers]
    balance = balance_supply(site, site.reading, draws)
    if not site.enabled:
        decision = Decision(BalancerState.DISABLED, _untouched(site, draws))
        return EngineState(), _measured(decision, balance)
    return _balanced(state, site, draws, balance, now_s)


def _balanced(
    state: EngineState,
    site: SiteInput,
    draws: list[Draw],
    balance: Balance,
    now_s: float,
) -> tuple[EngineState, Decision]:
    settings = site.settings
    overload, correction_due = advance(
        state.overload,
        balance.excess_a,
        now_s,
        settings.overload_trigger_delay_s,
        settings.overload_loop_interval_s,
        _meter_answered(site, draws, now_s),
    )
    certain, cautious = _allocations(site, balance, overload.rung)
    ramps: dict[str, Ramp] = {}
    decisions: dict[str, ChargerDecision] = {}
    for charger, draw in zip(site.chargers, draws, strict=True):
        charger_id = charger.settings.charger_id
        chosen, ramp = _decide(
            charger,
            draw,
            (certain[charger_id], cautious[charger_id]),
            state.ramps.get(charger_id),
            overload,
            settings,
            now_s,
        )
        decisions[charger_id] = chosen
        if ramp is not None:
            ramps[charger_id] = ramp
    held_back: list[str] = []
    if len(site.chargers) > 1:
        held_back = _land_reductions_first(site, balance, decisions, now_s)
        if held_back:
            _make_room(site, draws, balance, decisions)
        for charger_id in held_back:
            ramps.pop(charger_id, None)
            if charger_id in state.ramps:
                ramps[charger_id] = state.ramps[charger_id]
    overload, events = report(
        state.overload, overload, _reductions(site, decisions), now_s
    )
    moments = [ripe_at(ramp, settings) for ramp in _ripening(ramps, decisions)]
    if held_back:
        moments += [_settles_at(charger) for charger in site.chargers]
    if overload.phase is not OverloadPhase.NONE:
        moments.append(overload.due_s)
    decision = Decision(
        state=_state(site, decisions, overload),
        chargers=decisions,
        base_a=balance.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
        correction_due=correction_due,
        events=events,
        wake_at_s=min([at_s for at_s in moments if now_s < at_s < inf], default=None),
    )
    return EngineState(ramps, overload), decision


def _measured(decision: Decision, balance: Balance) -> Decision:
    return replace(
        decision,
        base_a=balance.least_base_a,
        headroom_a=balance.headroom_a,
        available_a=balance.available_a,
        overloaded=balance.excess_a > 0,
    )


def _meter_answered(site: SiteInput, draws: list[Draw], now_s: float) -> bool:
    """Whether the meter had time to show what was commanded, or fell silent."""
    return all(
        draw.settled
        or now_s
        >= charger.command.epochs[-1].begun_s
        + charger.settings.settle_s
        + SILENT_METER_S
        for charger, draw in zip(site.chargers, draws, strict=True)
    )


def _allocations(
    site: SiteInput, balance: Balance, rung: Rung
) -> tuple[dict[str, Share], dict[str, Share]]:
    """What of the present currents fits for certain, and what could be had at most.

    With one charger the first may as well tell what it could have at best: then
    it is not to be shared, and often both are the same.
    """
    claims = _claims(site, balance, rung)
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


def _claims(site: SiteInput, balance: Balance, rung: Rung) -> list[Claim]:
    """What every charger may have, if it is there. Nobody waits for one that is not."""
    return [
        Claim(
            charger.settings.charger_id,
            charger.settings.min_a,
            _ceiling(charger, balance, rung)
            if charger.status is not ChargerStatus.UNKNOWN
            else min(_ceiling(charger, balance, rung), _most_kept(charger)),
            charger.settings.step_a,
        )
        for charger in site.chargers
    ]


def _most_kept(charger: ChargerInput) -> float:
    """Current that a charger keeps unless it is raised."""
    present_a = charger.command.in_force_a
    lowest_a = _lowest(charger.settings)
    if present_a is None:
        return lowest_a
    return max(present_a, lowest_a) if present_a else 0.0


def _ceiling(charger: ChargerInput, balance: Balance, rung: Rung) -> float:
    """Most a charger may have. The ladder is for those on an overloaded phase."""
    settings = charger.settings
    if rung is Rung.COMPUTED or not any(
        [balance.headroom_a[phase] < -EPSILON_A for phase in settings.phases]
    ):
        return settings.ceiling_a
    if rung is Rung.PAUSE:
        return 0.0
    return min(_lowest(settings), settings.ceiling_a)


def _lowest(settings: ChargerSettings) -> float:
    """Least current a charger can be told that is not a pause."""
    return ceil_to_step(settings.min_a, settings.step_a)


def _decide(
    charger: ChargerInput,
    draw: Draw,
    shares: tuple[Share, Share],
    ramp: Ramp | None,
    overload: OverloadState,
    site: SiteSettings,
    now_s: float,
) -> tuple[ChargerDecision, Ramp | None]:
    """Lower at once, adopt what is found at start-up, or see about raising."""
    certain, cautious = shares
    settings = charger.settings
    present_a = charger.command.in_force_a
    overloaded = overload.phase is not OverloadPhase.NONE
    if present_a is None:
        if charger.status is ChargerStatus.UNKNOWN and not overloaded:
            return _held(None, Limit.STATUS_UNKNOWN, draw), None
        # It may be idle as well as at its maximum: no more than fits in either case.
        first_a = _lowest(settings) if cautious.current_a else 0.0
        limit = Limit.RAMP_UP if first_a else _named(cautious.limit, charger)
        return ChargerDecision(first_a, limit, ActionReason.START_UP, draw.high_a), None
    if certain.current_a < present_a:
        limit = Limit.OVERLOAD if overload.rung else _named(certain.limit, charger)
        action = _reduction_reason(certain, charger, overloaded)
        return ChargerDecision(certain.current_a, limit, action, draw.high_a), None
    if charger.command.desired_a is None:
        found_a = floor_to_step(present_a, settings.step_a)
        found_a = found_a if found_a >= _lowest(settings) else 0.0
        action = ActionReason.START_UP
        return ChargerDecision(found_a, Limit.SETTLING, action, draw.high_a), None
    if overloaded:
        return _held(present_a, Limit.OVERLOAD, draw), None
    if charger.status is ChargerStatus.UNKNOWN and present_a < settings.ceiling_a:
        return _held(present_a, Limit.STATUS_UNKNOWN, draw), None
    if not draw.settled or not charger.command.confirmed:
        return _held(present_a, Limit.SETTLING, draw), ramp
    return _rise(charger, draw, cautious, ramp, site, now_s)


def _rise(
    charger: ChargerInput,
    draw: Draw,
    cautious: Share,
    ramp: Ramp | None,
    site: SiteSettings,
    now_s: float,
) -> tuple[ChargerDecision, Ramp | None]:
    present_a = charger.command.desired_a or 0.0
    if cautious.current_a <= present_a:
        return _held(present_a, _named(cautious.limit, charger), draw), None
    ramp = watch(ramp, cautious.current_a, now_s)
    if now_s < ripe_at(ramp, site):
        return _held(present_a, Limit.RAMP_UP, draw), ramp
    raised_a = next_current(ramp, present_a, charger.settings, site)
    if raised_a <= present_a:
        return _held(present_a, _named(cautious.limit, charger), draw), None
    action = ActionReason.HEADROOM if present_a else ActionReason.RESUMED
    at_ceiling = raised_a >= cautious.current_a
    limit = _named(cautious.limit, charger) if at_ceiling else Limit.RAMP_UP
    # The next step counts from this one; what is free then is seen once it settled.
    following = Ramp(now_s, inf)
    return ChargerDecision(raised_a, limit, action, draw.high_a), following


def _held(present_a: float | None, limit: Limit, draw: Draw) -> ChargerDecision:
    return ChargerDecision(present_a, limit, None, draw.high_a)


def _named(limit: Limit, charger: ChargerInput) -> Limit:
    """Tell a ceiling that somebody set for a time from the charger's own."""
    temporary = charger.settings.temporary_limit_a is not None
    if limit is Limit.CHARGER_MAXIMUM and temporary:
        return Limit.TEMPORARY_LIMIT
    return limit


def _reduction_reason(
    certain: Share, charger: ChargerInput, overloaded: bool
) -> ActionReason:
    if overloaded:
        return ActionReason.OVERLOAD
    if certain.limit is Limit.CHARGER_MAXIMUM:
        return ActionReason.CEILING
    if certain.current_a == 0:
        return ActionReason.BELOW_MINIMUM
    return ActionReason.SUPPLY


def _land_reductions_first(
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


def _make_room(
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
    claims = _claims(site, balance, Rung.COMPUTED)
    shares = allocate(claims, constraints(site, balance.least_base_a))
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        share = shares[charger_id]
        present_a = charger.command.desired_a or 0.0
        if decisions[charger_id].action is None and share.current_a < present_a:
            decisions[charger_id] = replace(
                decisions[charger_id],
                desired_a=share.current_a,
                limit=_named(share.limit, charger),
                action=ActionReason.SUPPLY,
            )


def _committed(charger: ChargerInput, decision: ChargerDecision, now_s: float) -> float:
    """Current a charger may still be taking, whatever it was told last."""
    command = charger.command
    wanted_a = min(decision.desired_a or 0.0, command.in_force_a or 0.0)
    if command.desired_a is not None and not command.confirmed:
        return max(wanted_a, command.most_possible_a)
    return max(wanted_a, command.possible_at(now_s, charger.settings.settle_s)[1])


def _reductions(
    site: SiteInput, decisions: dict[str, ChargerDecision]
) -> tuple[Reduction, ...]:
    reductions = []
    for charger in site.chargers:
        charger_id = charger.settings.charger_id
        decided_a = decisions[charger_id].desired_a
        present_a = charger.command.in_force_a
        if decided_a is not None and present_a is not None and decided_a < present_a:
            reductions.append(Reduction(charger_id, present_a, decided_a))
    return tuple(reductions)


def _state(
    site: SiteInput, decisions: dict[str, ChargerDecision], overload: OverloadState
) -> BalancerState:
    if overload.phase is not OverloadPhase.NONE:
        return BalancerState.OVERLOAD
    if decisions and all(decision.desired_a == 0 for decision in decisions.values()):
        return BalancerState.STOPPED
    for charger in site.chargers:
        desired_a = decisions[charger.settings.charger_id].desired_a
        command = charger.command
        changes = desired_a != command.desired_a or not command.confirmed
        if desired_a is not None and changes:
            return BalancerState.ADJUSTING
    if any(decision.limit is Limit.RAMP_UP for decision in decisions.values()):
        return BalancerState.RAMP_UP_HOLD
    return BalancerState.ACTIVE


def _ripening(
    ramps: dict[str, Ramp], decisions: dict[str, ChargerDecision]
) -> list[Ramp]:
    """Ramps that wait for nothing but time."""
    return [
        ramp
        for charger_id, ramp in ramps.items()
        if decisions[charger_id].limit is Limit.RAMP_UP
    ]


def _settles_at(charger: ChargerInput) -> float:
    return charger.command.settled_at(charger.settings.settle_s)


def _untouched(
    site: SiteInput, draws: list[Draw] | None = None
) -> dict[str, ChargerDecision]:
    """Leave every charger to its owner."""
    return {
        charger.settings.charger_id: ChargerDecision(
            None, Limit.DISABLED, None, draws[index].high_a if draws else ()
        )
        for index, charger in enumerate(site.chargers)
    }
