"""One evaluation of a site, from its readings to a decision for every room."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from .balance import Balance, update_balance
from .calls import Call, last_call, update_calls
from .capacity import water_mean_c
from .context import LoadSharingContext
from .days import Days, cooldowns_by_day, update_days
from .decision import decide
from .draft import Draft, Foresight
from .effect import Effect, update_effect
from .evidence import (
    CyclingMonitor,
    changes,
    find_evidence,
    return_risk_due_s,
    update_monitor,
)
from .frost import coldest_room_c, rooms_near_frost
from .gate import Gate, Moves, see_gate, work_gate
from .interlock import keep_minimum_open
from .machine import step
from .model import Control, Evidence, HeatingDecision, HeatingInput, Mode
from .overrun import end_overruns, overrun_ends_s
from .pace import Pace, update_pace
from .patience import (
    Limits,
    Patience,
    Seen,
    hold_ends_s,
    patient_limits,
    protective_limits,
    update_patience,
)
from .room import Lookout, RoomView, view_room
from .tap_water import TapWater, watch_tap_water
from .week import Week, update_week


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingState:
    """State carried over to the next evaluation.

    ``calls`` are those of the rooms that call, or called when that was last known.
    ``paces`` are the rates of the rooms, ``moves`` those of their valves.
    ``near_frost_c`` are the temperatures of the rooms that were near frost when that was
    last known.
    """

    context: LoadSharingContext = field(default_factory=LoadSharingContext)
    monitor: CyclingMonitor = field(default_factory=CyclingMonitor)
    effect: Effect = field(default_factory=Effect)
    days: Days = field(default_factory=Days)
    week: Week = field(default_factory=Week)
    patience: Patience = field(default_factory=Patience)
    calls: Mapping[str, Call] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    moves: Mapping[str, Moves] = field(default_factory=dict)
    near_frost_c: Mapping[str, float] = field(default_factory=dict)
    balance: Balance = field(default_factory=Balance)
    tap_water: TapWater = field(default_factory=TapWater)

    def least_output_w(self, site: HeatingInput) -> float | None:
        """Return the boiler's least output: as entered, or else as learned."""
        return site.settings.least_output_w or self.balance.least_output_w


def evaluate(
    before: HeatingState, site: HeatingInput, now_s: float
) -> tuple[HeatingState, HeatingDecision]:
    """Evaluate a site at ``now_s``, in seconds on the caller's monotonic clock.

    Find out which rooms call and whether the boiler cycles, advance the state machine,
    and account for what has happened since the last evaluation.
    """
    tap_water = watch_tap_water(before.tap_water, site.boiler, now_s)
    boiler = replace(site.boiler, dhw_doubted=tap_water.is_doubted)
    site = replace(site, boiler=boiler)
    settings = site.settings
    views = _view_rooms(before, site, now_s)
    calling = any(view.calling for view in views.values())
    monitor = update_monitor(
        before.monitor,
        boiler,
        settings,
        now_s,
        calling=calling,
        holding=before.patience.is_holding,
        left_open=any(room.left_open_pct is not None for room in site.rooms),
    )
    evidence = find_evidence(monitor, settings, now_s)

    gate = Gate()
    if site.control is not Control.TIERS:
        is_helped = _is_patient(before, site)
        seen = replace(boiler, burner=True) if boiler.may_burn else boiler
        gate = see_gate(seen, monitor, settings, now_s, is_helped=is_helped)
    foresight = _foresee(before, site, views, monitor, gate, evidence)
    draft = Draft(before.context, site, views, now_s, foresight)
    draft.reason = step(draft, evidence)
    end_overruns(draft, monitor)
    moves = work_gate(draft, gate, before.moves)
    keep_minimum_open(draft, boiler, monitor)

    limits = _limits(before, site, draft)
    after = _remember(before, site, draft, monitor, moves, limits, now_s)
    after = replace(after, tap_water=tap_water)
    wake_at_s = _wake_at_s(after, site, gate, limits, now_s)
    return after, decide(draft, evidence, patience=after.patience, wake_at_s=wake_at_s)


def _view_rooms(
    before: HeatingState, site: HeatingInput, now_s: float
) -> dict[str, RoomView]:
    """Return every room's call, capacity and next block, by room ID."""
    water_c = water_mean_c(site.boiler, site.settings.system_delta_t_k)
    views = {}
    for room in site.rooms:
        room_id = room.settings.room_id
        lookout = None
        if site.control is not Control.TIERS:
            pace = before.paces.get(room_id, Pace())
            lookout = Lookout(None if _looks_far(before, site) else pace)
        views[room_id] = view_room(
            room,
            site.settings,
            water_c,
            site.local_time,
            last=last_call(before.calls, room_id, now_s),
            lookout=lookout,
        )
    return views


def _looks_far(before: HeatingState, site: HeatingInput) -> bool:
    """Return whether rooms are looked after as far ahead as their window.

    So it is where fewest burns are preferred. Without patience a burn carries little,
    so that it takes more rooms to make it longer.
    """
    return site.control is Control.FEWEST_BURNS or not _is_patient(before, site)


def _is_patient(before: HeatingState, site: HeatingInput) -> bool:
    """Return whether the burner can be held off, or has obeyed a hold by itself."""
    if before.patience.obeyed is None:
        return site.settings.holds_burner
    return before.patience.obeyed


def _foresee(
    before: HeatingState,
    site: HeatingInput,
    views: Mapping[str, RoomView],
    monitor: CyclingMonitor,
    gate: Gate,
    evidence: Evidence | None,
) -> Foresight | None:
    """Return what is known before the first cooldown; None where it is not used.

    Fallback rooms are the last resort: for a boiler that cycles all the same, cannot
    be held off, and has no room with a schedule that could be opened.
    """
    if not gate.applies:
        return None
    has_others = (
        evidence is None
        or gate.is_helped
        or any(
            view.room.schedule is not None
            and not view.calling
            and view.blocked_by is None
            for view in views.values()
        )
    )
    return Foresight(
        least_output_w=before.least_output_w(site),
        last_burn_s=monitor.last_burn_s,
        copes=gate.copes,
        has_others=has_others,
        is_helped=gate.is_helped,
    )


def _limits(before: HeatingState, site: HeatingInput, draft: Draft) -> Limits:
    """Return the limits of a hold."""
    if site.control is Control.TIERS or site.mode is Mode.OFF:
        owner_setpoint_c = before.patience.owner_setpoint_c
        if site.boiler.setpoint_c is not None:
            owner_setpoint_c = site.boiler.setpoint_c
        return protective_limits(owner_setpoint_c)
    return patient_limits(
        site.settings,
        draft.activation_capacity_w,
        fewest_burns=site.control is Control.FEWEST_BURNS,
    )


def _update_patience(
    before: HeatingState,
    site: HeatingInput,
    draft: Draft,
    limits: Limits,
    *,
    cooldown: bool,
) -> Patience:
    """Hold the burner off, or not.

    By tiers, and while sharing is off, only a boiler that can be held is protected.
    """
    by_tiers = site.control is Control.TIERS or site.mode is Mode.OFF
    if by_tiers and not site.settings.holds_burner:
        return Patience()
    seen = Seen(
        cooldown=cooldown,
        calling=bool(draft.callers),
        calling_capacity_w=draft.calling_capacity_w if draft.capacity_known else None,
        coldest_room_c=coldest_room_c(site.rooms, before.near_frost_c),
    )
    return update_patience(
        before.patience,
        site.boiler,
        site.settings,
        limits,
        seen,
        draft.now_s,
        draft.now,
    )


def _remember(
    before: HeatingState,
    site: HeatingInput,
    draft: Draft,
    monitor: CyclingMonitor,
    moves: Mapping[str, Moves],
    limits: Limits,
    now_s: float,
) -> HeatingState:
    """Return what the next evaluation needs, with the effect and the hold updated."""
    added_s, _ = changes(before.monitor.cooldowns_s, monitor.cooldowns_s, now_s)
    patience = _update_patience(before, site, draft, limits, cooldown=bool(added_s))
    effect = update_effect(
        before.effect,
        before.context.state,
        draft.state,
        site.boiler,
        now_s,
        callers=draft.callers,
        holds_rooms=bool(draft.held_rooms),
        cooldowns_s=monitor.cooldowns_s,
    )
    cooldowns = cooldowns_by_day(
        before.monitor.cooldowns_s, monitor.cooldowns_s, now_s, site.local_time
    )
    days = update_days(
        before.days,
        site.local_time.date(),
        site.boiler,
        now_s,
        shares=site.mode is not Mode.OFF and not site.shadow,
        cooldowns=cooldowns,
        held=patience.is_holding and not site.shadow,
    )
    return HeatingState(
        context=draft.finish(),
        monitor=monitor,
        effect=effect,
        days=days,
        week=_update_week(before, monitor, effect, days, cooldowns, now_s),
        patience=patience,
        calls=update_calls(before.calls, draft.views, now_s),
        paces={
            room_id: update_pace(
                before.paces.get(room_id, Pace()),
                view.room.temperature_c,
                now_s,
                is_open=view.owner_is_open or room_id in draft.held_rooms,
                last_burn_s=monitor.last_burn_s,
            )
            for room_id, view in draft.views.items()
        },
        moves=moves,
        near_frost_c=rooms_near_frost(
            site.rooms, before.near_frost_c, site.settings.frost_c
        ),
        balance=_update_balance(before, site, draft, monitor, now_s),
    )


def _update_week(
    before: HeatingState,
    monitor: CyclingMonitor,
    effect: Effect,
    days: Days,
    cooldowns: Mapping[date, int],
    now_s: float,
) -> Week:
    """Add to the week what is new since the last evaluation."""
    if days.today is None:
        return before.week
    started_s, _ = changes(before.monitor.starts_s, monitor.starts_s, now_s)
    return update_week(
        before.week,
        before.days.today,
        days.today,
        cooldowns=cooldowns,
        starts=len(started_s),
        sharing_s=effect.sharing_s - before.effect.sharing_s,
    )


def _update_balance(
    before: HeatingState,
    site: HeatingInput,
    draft: Draft,
    monitor: CyclingMonitor,
    now_s: float,
) -> Balance:
    """Learn the boiler's least output, from what was open since the last evaluation."""
    open_rooms = before.context.held_rooms | {
        room_id for room_id, view in draft.views.items() if view.owner_is_open
    }
    overrun_s = site.settings.pump_overrun_s
    runs_on = (
        monitor.last_burn_s is not None and now_s - monitor.last_burn_s < overrun_s
    )
    return update_balance(
        before.balance,
        site.boiler,
        draft.views,
        open_rooms,
        now_s,
        pump=bool(draft.callers) or runs_on,
        nominal_drop_k=site.settings.system_delta_t_k,
        least_output_w=site.settings.least_output_w,
    )


def _wake_at_s(
    state: HeatingState, site: HeatingInput, gate: Gate, limits: Limits, now_s: float
) -> float:
    """Return when time alone may change the decision, within a minute at the latest."""
    context, monitor, settings = state.context, state.monitor, site.settings
    moments = [now_s + _to_next_minute_s(site)]
    known = [
        return_risk_due_s(monitor, settings),
        hold_ends_s(state.patience, limits),
        state.patience.yields_until_s,
    ]
    if gate.applies and gate.is_open and monitor.last_burn_s is not None:
        known.append(monitor.last_burn_s + settings.pump_overrun_s)
    moments += [due_s for due_s in known if due_s is not None]
    if context.activated_s is not None:
        moments.append(context.activated_s + settings.min_activation_s)
    moments += [
        room.activated_s + settings.tier_3_max_duration_s
        for room in context.tier3_rooms.values()
    ]
    moments += [
        overrun_ends_s(overrun, monitor, settings)
        for overrun in context.overruns.values()
    ]
    moments += context.lockouts.values()
    return min(moment for moment in moments if moment > now_s)


def _to_next_minute_s(site: HeatingInput) -> float:
    """Return the seconds until the next full minute: blocks start and end on one."""
    passed = timedelta(
        seconds=site.local_time.second, microseconds=site.local_time.microsecond
    )
    return 60.0 - passed.total_seconds()
