"""One evaluation of a site, from its readings to a decision for every room."""

from dataclasses import dataclass, field
from datetime import timedelta

from .capacity import water_mean_c
from .context import LoadSharingContext
from .decision import decide
from .draft import Draft
from .effect import Effect, update_effect
from .evidence import (
    CyclingMonitor,
    count_new_cooldowns,
    find_evidence,
    return_risk_due_s,
    update_monitor,
)
from .machine import step
from .model import HeatingDecision, HeatingInput
from .overrun import end_overruns, overrun_ends_s
from .protection import Protection, cooling_ends_s, update_protection
from .room import RoomView, view_room


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingState:
    """State carried over to the next evaluation.

    ``calling`` are the rooms that call, or called when that was last known.
    """

    context: LoadSharingContext = field(default_factory=LoadSharingContext)
    monitor: CyclingMonitor = field(default_factory=CyclingMonitor)
    effect: Effect = field(default_factory=Effect)
    protection: Protection = field(default_factory=Protection)
    calling: frozenset[str] = frozenset()


def evaluate(
    before: HeatingState, site: HeatingInput, now_s: float
) -> tuple[HeatingState, HeatingDecision]:
    """Evaluate a site at ``now_s``, in seconds on the caller's monotonic clock.

    Find out which rooms call and whether the boiler cycles, advance the state machine,
    and account for what has happened since the last evaluation.
    """
    settings, boiler = site.settings, site.boiler
    views = _view_rooms(before, site)
    calling = any(view.calling for view in views.values())
    monitor = update_monitor(before.monitor, boiler, settings, now_s, calling=calling)
    evidence = find_evidence(monitor, settings, now_s)

    draft = Draft(before.context, site, views, now_s)
    draft.reason = step(draft, evidence)
    end_overruns(draft, monitor)

    after = _remember(before, site, draft, monitor, now_s)
    floor_c = settings.protection_floor_c if after.protection.is_cooling else None
    wake_at_s = _wake_at_s(after, site, now_s)
    return after, decide(
        draft, evidence, boiler_setpoint_c=floor_c, wake_at_s=wake_at_s
    )


def _view_rooms(before: HeatingState, site: HeatingInput) -> dict[str, RoomView]:
    """Return every room's call, capacity and next block, by room ID."""
    water_c = water_mean_c(site.boiler, site.settings.system_delta_t_k)
    return {
        room.settings.room_id: view_room(
            room,
            site.settings,
            water_c,
            site.local_time,
            was_calling=room.settings.room_id in before.calling,
        )
        for room in site.rooms
    }


def _remember(
    before: HeatingState,
    site: HeatingInput,
    draft: Draft,
    monitor: CyclingMonitor,
    now_s: float,
) -> HeatingState:
    """Return what the next evaluation needs, with the effect and protection updated."""
    cooldowns = count_new_cooldowns(before.monitor, monitor, now_s)
    return HeatingState(
        context=draft.finish(),
        monitor=monitor,
        effect=update_effect(
            before.effect,
            before.context.state,
            draft.state,
            site.boiler,
            now_s,
            low_load=draft.has_low_load,
            cooldowns=cooldowns,
        ),
        protection=update_protection(
            before.protection,
            site.boiler,
            now_s,
            enabled=site.settings.protection_floor_c is not None,
            cooldown=cooldowns > 0,
        ),
        calling=frozenset(
            room_id
            for room_id, view in draft.views.items()
            if view.calling or view.call_lost
        ),
    )


def _wake_at_s(state: HeatingState, site: HeatingInput, now_s: float) -> float:
    """Return when time alone may change the decision, within a minute at the latest."""
    context, monitor, settings = state.context, state.monitor, site.settings
    moments = [now_s + _to_next_minute_s(site)]
    known = (return_risk_due_s(monitor), cooling_ends_s(state.protection))
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
