"""The evidence of short-cycling: cooldowns, burner starts, and a hot return.

A poll is one moment, in whatever order its values arrive. So a value that changes counts
as having held until now, and what arrives shortly after the flame went out still counts.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

from .model import BoilerInput, Evidence, HeatingSettings

FLOW_MEMORY_S = 12.0
"""Water cools fast once the flame is out, and sensors report late."""
MOMENT_S = 5.0
"""Values that arrive this soon after the flame went out belong to that moment."""
WITHDRAWN_S = 30.0
WITHDRAWN_K = 5.0
"""A controller that lowered the setpoint so much, so shortly before, put the flame out."""
SEEN_LATE_S = 60.0
"""So late a controller that put the flame out may be seen to have done so.

ebusd polls one value every five seconds (its option pollinterval), so that a dozen of
them take a minute.
"""
LONGEST_POLL_S = 300.0
"""A boiler that has reported nothing for longer has had nothing to report."""
HISTORY_S = 25 * 3600.0
"""Covers a local day, even the one on which clocks are set back."""


class BurnEnd(NamedTuple):
    """The end of a burn that lasted ``burned_s``.

    ``calling``: rooms called for heat. ``hot``: the flow or the return was too hot.
    """

    at_s: float
    burned_s: float
    calling: bool
    hot: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CyclingMonitor:
    """The burner's recent history. Times are monotonic seconds.

    A cooldown is a burner that went off although rooms were calling, because the
    water had become too hot. ``burn_started_s`` is None while the burner is off, and
    during a burn that began unobserved. ``flow_is_hot``, ``dhw`` and ``setpoint_c`` are
    of the latest reading, and ``withdrawn_s`` is when the setpoint was last lowered by
    much. ``reported`` are burner, flow and return, which ``report_s`` brought, and
    ``polled_s`` is when the report before that began.
    """

    burner: bool | None = None
    burn_started_s: float | None = None
    last_burn_s: float | None = None
    last_hot_flow_s: float | None = None
    last_dhw_s: float | None = None
    flow_is_hot: bool = False
    dhw: bool = False
    setpoint_c: float | None = None
    withdrawn_s: float | None = None
    reported: tuple[bool | None, float | None, float | None] | None = None
    report_s: float | None = None
    polled_s: float | None = None
    ended: BurnEnd | None = None
    return_hot_since_s: float | None = None
    cooldown_signals: int | None = None
    cooldowns_s: tuple[float, ...] = ()
    starts_s: tuple[float, ...] = ()

    def last_cooldown_within(self, within_s: float, now_s: float) -> bool:
        """Return whether there was a cooldown in the last ``within_s`` seconds."""
        return bool(self.cooldowns_s) and now_s - self.cooldowns_s[-1] <= within_s


def count_within(times_s: tuple[float, ...], within_s: float, now_s: float) -> int:
    """Return how many of the times are in the last ``within_s`` seconds."""
    return sum(now_s - time_s <= within_s for time_s in times_s)


def changes(
    before_s: tuple[float, ...], after_s: tuple[float, ...], now_s: float
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the times that an update at ``now_s`` has added, and those withdrawn.

    Only the last ones can be withdrawn. Times that were forgotten because of their age
    are not.
    """
    if before_s is after_s:
        return (), ()
    kept_s = before_s[len(before_s) - count_within(before_s, HISTORY_S, now_s) :]
    same = 0
    for one_s, other_s in zip(kept_s, after_s, strict=False):
        if one_s != other_s:
            break
        same += 1
    return after_s[same:], kept_s[same:]


def update_monitor(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
    *,
    calling: bool,
    holding: bool = False,
    left_open: bool = False,
) -> CyclingMonitor:
    """Record the boiler's present readings.

    ``calling``: some room calls for heat. ``holding``: the burner is held off by us, so
    that the setpoint and the boiler's switch say nothing about its controller.
    ``left_open``: an earlier run has left valves open, and perhaps a burner that burned.
    """
    monitor = _with_report(monitor, boiler, now_s)
    monitor = _with_readings(monitor, boiler, settings, now_s)
    burned = boiler.burner or monitor.burner
    if left_open and monitor.last_burn_s is None:
        burned = True
    turned_on = monitor.burner is False and bool(boiler.burner)
    turned_off = bool(monitor.burner) and boiler.burner is False
    ended = None if boiler.burner else monitor.ended
    if turned_off:
        burned_s = _elapsed_s(monitor.burn_started_s, now_s)
        ended = BurnEnd(now_s, burned_s, calling)
    cooldowns = monitor.cooldowns_s
    if boiler.cooldown_signals is not None:
        if _has_new_signal(monitor, boiler.cooldown_signals):
            cooldowns = (*cooldowns, now_s)
    elif ended is not None and now_s <= ended.at_s + (0.0 if holding else MOMENT_S):
        # A call that ends with the burn may be seen to end after it.
        ended = ended._replace(
            calling=ended.calling and calling,
            hot=_is_hot(monitor, boiler, settings, now_s),
        )
        cooldowns = _without(cooldowns, ended)
        if _is_cooldown(monitor, ended, boiler, settings, now_s):
            cooldowns = (*cooldowns, ended.at_s)
    elif (
        ended is not None
        and not holding
        and _ended_on_purpose(monitor, ended, boiler, now_s)
    ):
        cooldowns = _without(cooldowns, ended)
    starts = (*monitor.starts_s, now_s) if turned_on else monitor.starts_s
    return replace(
        monitor,
        burner=boiler.burner,
        ended=ended,
        burn_started_s=_burn_started_s(monitor, boiler, now_s),
        last_burn_s=now_s if burned else monitor.last_burn_s,
        return_hot_since_s=_return_hot_since_s(monitor, boiler, settings, now_s),
        cooldown_signals=boiler.cooldown_signals,
        cooldowns_s=_forget_old(cooldowns, now_s),
        starts_s=_forget_old(starts, now_s),
    )


def find_evidence(
    monitor: CyclingMonitor, settings: HeatingSettings, now_s: float
) -> Evidence | None:
    """Return the evidence that the boiler short-cycles, or is about to."""
    if monitor.last_cooldown_within(settings.cooldown_lookback_s, now_s):
        return Evidence.COOLDOWN
    due_s = return_risk_due_s(monitor, settings)
    if due_s is not None and now_s >= due_s:
        return Evidence.RETURN_RISK
    return None


def return_risk_due_s(
    monitor: CyclingMonitor, settings: HeatingSettings
) -> float | None:
    """Return when a hot return will have been hot for long enough to be a risk."""
    if monitor.return_hot_since_s is None:
        return None
    return monitor.return_hot_since_s + settings.return_risk_s


def _has_new_signal(monitor: CyclingMonitor, signals: int) -> bool:
    """Return whether an external sensor signalled a cooldown since the last update."""
    return monitor.cooldown_signals is not None and signals > monitor.cooldown_signals


def _burn_started_s(
    monitor: CyclingMonitor, boiler: BoilerInput, now_s: float
) -> float | None:
    """Return when the burn began; None after a gap, when it may be an hour old."""
    if not boiler.burner:
        return None
    return now_s if monitor.burner is False else monitor.burn_started_s


def _flow_is_hot(boiler: BoilerInput, settings: HeatingSettings) -> bool:
    """Return whether the flow is above the setpoint of the same moment."""
    setpoint_c = boiler.heating_setpoint_c
    if boiler.flow_c is None or setpoint_c is None:
        return False
    return boiler.flow_c >= setpoint_c + settings.flow_over_setpoint_k


def _with_report(
    monitor: CyclingMonitor, boiler: BoilerInput, now_s: float
) -> CyclingMonitor:
    """Note when the boiler reports: what changes at one moment is one report."""
    reported = (boiler.burner, boiler.flow_c, boiler.return_c)
    if reported == monitor.reported:
        return monitor
    monitor = replace(monitor, reported=reported)
    if _elapsed_s(monitor.report_s, now_s) <= MOMENT_S:
        return monitor
    return replace(monitor, report_s=now_s, polled_s=monitor.report_s)


def _unseen_s(monitor: CyclingMonitor, now_s: float) -> float:
    """Return how long before it was seen the flame may have gone out, in s.

    It was on at the report before. Where that shows new temperatures every few seconds,
    this is short; where the boiler is polled, it is the interval of the poll.
    """
    if monitor.polled_s is None:
        return 0.0
    return min(now_s - monitor.polled_s, LONGEST_POLL_S) + MOMENT_S


def _with_readings(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> CyclingMonitor:
    """Return the monitor with what was read, each value dated to when it ended."""
    hot, dhw = _flow_is_hot(boiler, settings), boiler.heats_tap_water
    before_c, setpoint_c = monitor.setpoint_c, boiler.setpoint_c
    lowered = (
        before_c is not None
        and setpoint_c is not None
        and setpoint_c <= before_c - WITHDRAWN_K
    )
    return replace(
        monitor,
        last_hot_flow_s=now_s
        if hot or monitor.flow_is_hot
        else monitor.last_hot_flow_s,
        last_dhw_s=now_s if dhw or monitor.dhw else monitor.last_dhw_s,
        withdrawn_s=now_s if lowered else monitor.withdrawn_s,
        flow_is_hot=hot,
        dhw=dhw,
        setpoint_c=setpoint_c,
    )


def _is_cooldown(
    monitor: CyclingMonitor,
    ended: BurnEnd,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> bool:
    """Return whether a burner that went off while rooms called did so on hot water.

    Shown by a hot flow, a hot return, or a short burn. Switching the boiler off,
    withdrawing its setpoint and heating tap water do not count.
    """
    if not ended.calling or boiler.on is False:
        return False
    unseen_s = _unseen_s(monitor, now_s)
    dhw_s = FLOW_MEMORY_S if boiler.dhw_doubted else max(FLOW_MEMORY_S, unseen_s)
    if _elapsed_s(monitor.last_dhw_s, now_s) <= dhw_s:
        return False
    if _elapsed_s(monitor.withdrawn_s, ended.at_s) <= max(WITHDRAWN_S, unseen_s):
        return False
    return ended.hot or ended.burned_s < settings.short_burn_s


def _is_hot(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> bool:
    """Return whether the flow or the return is too hot, or the flow just was."""
    if _elapsed_s(monitor.last_hot_flow_s, now_s) <= FLOW_MEMORY_S:
        return True
    setpoint_c = boiler.heating_setpoint_c
    return (
        boiler.return_c is not None
        and setpoint_c is not None
        and boiler.return_c >= setpoint_c - settings.return_under_setpoint_k
    )


def _ended_on_purpose(
    monitor: CyclingMonitor, ended: BurnEnd, boiler: BoilerInput, now_s: float
) -> bool:
    """Return whether a burn that was only short is seen to have been ended on purpose.

    A burn whose water was hot has ended because of that, whatever is set after it.
    """
    if ended.hot or now_s > ended.at_s + SEEN_LATE_S:
        return False
    lowered_s = monitor.withdrawn_s
    return boiler.on is False or (lowered_s is not None and lowered_s > ended.at_s)


def _without(cooldowns_s: tuple[float, ...], ended: BurnEnd) -> tuple[float, ...]:
    """Return the cooldowns without the one at the end of a burn."""
    return tuple([at_s for at_s in cooldowns_s if at_s != ended.at_s])


def _elapsed_s(time_s: float | None, now_s: float) -> float:
    """Return the seconds since a time; inf if it never was."""
    return float("inf") if time_s is None else now_s - time_s


def _return_hot_since_s(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> float | None:
    """Return since when the return has been hot while the burner heats it further."""
    if not boiler.burner or boiler.heats_tap_water:
        return None
    setpoint_c = boiler.heating_setpoint_c
    if boiler.return_c is None or setpoint_c is None:
        return None
    if boiler.flow_c is not None:
        # A flow that overshoots a little has a return that is as much warmer.
        over_k = min(boiler.flow_c - setpoint_c, settings.flow_over_setpoint_k)
        setpoint_c += max(0.0, over_k)
    if boiler.return_c <= setpoint_c - settings.return_risk_delta_k:
        return None
    if monitor.return_hot_since_s is not None:
        return monitor.return_hot_since_s
    return now_s


def _forget_old(times_s: tuple[float, ...], now_s: float) -> tuple[float, ...]:
    """Return the times that are within the history."""
    if times_s and now_s - times_s[0] > HISTORY_S:
        return tuple(time_s for time_s in times_s if now_s - time_s <= HISTORY_S)
    return times_s
