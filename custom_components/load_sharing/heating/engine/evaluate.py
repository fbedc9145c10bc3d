"""One evaluation of a site's heating: state and readings in, next state and decision out.

The order: disabled? rooms that must leave, with their time-outs; exits C, B, A;
then capacity, and the cascade to a fixed point.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from .capacity import water_mean_c
from .context import LoadSharingContext, Overrun, RoomActivation
from .draft import Draft
from .effect import Effect, account
from .evidence import CyclingMonitor, find, return_risk_due_s, watch
from .exits import end_if_empty, end_if_over, let_go
from .model import (
    Actuator,
    Evidence,
    HeatingDecision,
    HeatingInput,
    HeatingSettings,
    LoadSharingState,
    Mode,
    Reason,
    RoomDecision,
    RoomReason,
)
from .protection import Protection, ends_at_s, protect
from .room import RoomView, look
from .selection import cascade

_EVIDENCE = {
    Evidence.COOLDOWN: Reason.COOLDOWN,
    Evidence.RETURN_RISK: Reason.RETURN_RISK,
}
LONGEST_OVERRUN = 3
"""A burner that stays on keeps valves open for no more than so many overrun times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingState:
    """All that one evaluation leaves for the next."""

    context: LoadSharingContext = field(default_factory=LoadSharingContext)
    monitor: CyclingMonitor = field(default_factory=CyclingMonitor)
    effect: Effect = field(default_factory=Effect)
    protection: Protection = field(default_factory=Protection)
    calling: frozenset[str] = frozenset()


def evaluate(
    state: HeatingState, site: HeatingInput, now_s: float
) -> tuple[HeatingState, HeatingDecision]:
    """Evaluate a site at ``now_s``, in seconds on the caller's monotonic clock."""
    settings = site.settings
    views = _look(state, site)
    calling = frozenset(room_id for room_id, view in views.items() if view.calling)
    monitor = watch(state.monitor, site.boiler, settings, now_s, calling=bool(calling))
    draft = Draft(state.context, site, views, now_s)
    evidence = find(monitor, settings, now_s)
    draft.reason = _run(draft, evidence)
    _run_on(draft, monitor)
    context = draft.finish()
    new_cooldowns = monitor.cooldowns_s.count(now_s)
    new_cooldowns -= state.monitor.cooldowns_s.count(now_s)
    after = HeatingState(
        context=context,
        monitor=monitor,
        effect=account(
            state.effect,
            state.context.state,
            context.state,
            site.boiler,
            now_s,
            low_load=draft.knows_capacity
            and 0 < draft.calling_w < _min_calling_w(settings),
            cooldowns=new_cooldowns,
        ),
        protection=protect(
            state.protection,
            site.boiler,
            now_s,
            enabled=settings.protection_floor_c is not None,
            cooldown=new_cooldowns > 0,
        ),
        calling=calling | {room_id for room_id, view in views.items() if view.lost},
    )
    return after, _decision(draft, after, evidence, site)


def _decision(
    draft: Draft, after: HeatingState, evidence: Evidence | None, site: HeatingInput
) -> HeatingDecision:
    """Tell what was decided in a draft, and what for."""
    before, context, settings = draft.before.rooms, after.context, site.settings
    return HeatingDecision(
        state=context.state,
        reason=context.reason,
        evidence=evidence,
        calling_capacity_w=draft.calling_w,
        total_capacity_w=draft.total_w,
        capacity_known=draft.knows_capacity,
        exhausted=_is_exhausted(draft),
        trigger_rooms=context.trigger_rooms,
        active_since=context.active_since,
        rooms={
            room_id: _decide(context, view, settings)
            for room_id, view in draft.views.items()
        },
        transitions=tuple(draft.transitions),
        opened={
            room_id: room.reason
            for room_id, room in context.rooms.items()
            if room_id not in before or before[room_id].tier is not room.tier
        },
        released={
            room_id: draft.closed[room_id]
            for room_id in before
            if room_id not in context.rooms
        },
        boiler_setpoint_c=(
            settings.protection_floor_c if after.protection.is_cooling else None
        ),
        wake_at_s=_wake_at(after, site, draft.now_s),
    )


def _is_exhausted(draft: Draft) -> bool:
    """Whether there is nothing left to open, although more is wanted."""
    if not draft.state.is_active:
        return draft.reason is Reason.NO_CANDIDATES
    return draft.has_caller and draft.knows_capacity and not draft.suffices


def _look(state: HeatingState, site: HeatingInput) -> dict[str, RoomView]:
    water_c = water_mean_c(site.boiler, site.settings.system_delta_t_k)
    return {
        room.settings.room_id: look(
            room,
            site.settings,
            water_c,
            site.local_time,
            was_calling=room.settings.room_id in state.calling,
        )
        for room in site.rooms
    }


def _run(draft: Draft, evidence: Evidence | None) -> Reason:
    """Move the state machine; the reason why it is where it then is."""
    if draft.mode is Mode.OFF:
        draft.end(LoadSharingState.DISABLED, Reason.SWITCHED_OFF)
        draft.overruns.clear()
        return Reason.SWITCHED_OFF
    if draft.state is LoadSharingState.DISABLED:
        draft.move(LoadSharingState.INACTIVE, Reason.SWITCHED_ON)
    if draft.state is LoadSharingState.INACTIVE:
        return _enter(draft, evidence)
    let_go(draft)
    end_if_over(draft)
    if draft.state.is_active and draft.has_caller and draft.knows_capacity:
        cascade(draft, draft.reason)
    if draft.state.is_active:
        end_if_empty(draft)
    return _why(draft)


def _why(draft: Draft) -> Reason:
    """Why load sharing is active, or why it has just ended."""
    if draft.state.is_active and not draft.knows_capacity:
        return Reason.CAPACITY_UNKNOWN
    if draft.state.is_active and draft.evidence is not None:
        return _EVIDENCE[draft.evidence]
    return draft.reason


def _enter(draft: Draft, evidence: Evidence | None) -> Reason:
    """Become active if capacity is low and there is evidence of cycling.

    What is not known could be little or much: nothing is opened on a guess.
    """
    callers = draft.callers
    if not callers:
        return Reason.NO_CALL
    if draft.calling_w >= _min_calling_w(draft.settings):
        return Reason.CAPACITY_SUFFICIENT
    if not draft.knows_capacity:
        return Reason.CAPACITY_UNKNOWN
    if evidence is None:
        return Reason.NO_EVIDENCE
    calling_w = draft.calling_w
    cascade(draft, _EVIDENCE[evidence])
    if not draft.rooms:
        return Reason.NO_CANDIDATES
    draft.trigger_rooms, draft.trigger_capacity_w = callers, calling_w
    draft.evidence = evidence
    return _why(draft)


def _min_calling_w(settings: HeatingSettings) -> float:
    """Capacity below which the boiler is helped; never above what is aimed at."""
    return min(settings.min_calling_capacity_w, settings.target_capacity_w)


def _run_on(draft: Draft, monitor: CyclingMonitor) -> None:
    """Close valves for good once the pump has carried the boiler's heat away."""
    for room_id, overrun in list(draft.overruns.items()):
        view = draft.views.get(room_id)
        over = draft.now_s >= _overrun_ends_s(overrun, monitor, draft.settings)
        if over or view is None or view.calling or view.barred is not None:
            del draft.overruns[room_id]


def _overrun_ends_s(
    overrun: Overrun, monitor: CyclingMonitor, settings: HeatingSettings
) -> float:
    last_s = max(overrun.ended_s, monitor.burner_on_s or overrun.ended_s)
    latest_s = overrun.ended_s + LONGEST_OVERRUN * settings.pump_overrun_s
    return min(last_s + settings.pump_overrun_s, latest_s)


def _decide(
    context: LoadSharingContext, view: RoomView, settings: HeatingSettings
) -> RoomDecision:
    room_id = view.settings.room_id
    base = RoomDecision(
        reason=RoomReason.NOT_NEEDED,
        calling=view.calling,
        capacity_w=view.full_w,
        next_block=view.block,
    )
    if (room := context.rooms.get(room_id)) is not None:
        return _open_room(base, room, view, settings)
    if (overrun := context.overruns.get(room_id)) is not None:
        return replace(
            base,
            reason=RoomReason.PUMP_OVERRUN,
            valve_pct=overrun.valve_pct,
            since=overrun.since,
        )
    if view.barred is not None:
        return replace(base, reason=view.barred)
    if view.calling:
        return replace(base, reason=RoomReason.CALLING)
    if room_id in context.lockouts:
        return replace(base, reason=RoomReason.LOCKED_OUT)
    if (left := context.left.get(room_id)) is not None:
        return replace(base, reason=left.reason, since=left.at)
    return base


def _open_room(
    base: RoomDecision,
    room: RoomActivation,
    view: RoomView,
    settings: HeatingSettings,
) -> RoomDecision:
    decision = replace(base, reason=room.reason, tier=room.tier, since=room.since)
    if view.settings.actuator is Actuator.VALVE:
        return replace(decision, valve_pct=room.valve_pct)
    leave_c = view.target_c(room.tier, settings)
    if leave_c is None:
        return decision
    raised_c = min(leave_c + settings.boost_k, settings.ceiling_c)
    return replace(decision, setpoint_c=raised_c)


def _wake_at(state: HeatingState, site: HeatingInput, now_s: float) -> float:
    """When time alone may change something: at the next full minute at the latest."""
    context, monitor, settings = state.context, state.monitor, site.settings
    moments = [now_s + _to_next_minute_s(site)]
    known = (return_risk_due_s(monitor, settings), ends_at_s(state.protection))
    moments += [due_s for due_s in known if due_s is not None]
    if context.activated_s is not None:
        moments.append(context.activated_s + settings.min_activation_s)
    moments += [
        room.activated_s + settings.tier_3_max_duration_s
        for room in context.tier3_rooms.values()
    ]
    moments += [
        _overrun_ends_s(overrun, monitor, settings)
        for overrun in context.overruns.values()
    ]
    moments += context.lockouts.values()
    return min(moment for moment in moments if moment > now_s)


def _to_next_minute_s(site: HeatingInput) -> float:
    """Schedules begin and end at full minutes."""
    passed = timedelta(
        seconds=site.local_time.second, microseconds=site.local_time.microsecond
    )
    return 60.0 - passed.total_seconds()
