"""Does the boiler cycle? Watches the burner for cooldowns, starts and a hot return."""

from dataclasses import dataclass, replace

from .model import BoilerInput, Evidence, HeatingSettings

FLOW_OVER_SETPOINT_K = 2.0
FLOW_MEMORY_S = 12.0
RETURN_UNDER_SETPOINT_K = 5.0
KEPT_S = 25 * 3600.0
"""A day, also when clocks are set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CyclingMonitor:
    """What has been seen of the burner. Times are monotonic seconds.

    A cooldown is a burner that went off although rooms were calling, because the
    water was as hot as it may be. ``burning_since_s`` is None, too, while it burns
    and nobody saw it begin.
    """

    burner: bool | None = None
    burning_since_s: float | None = None
    burner_on_s: float | None = None
    flow_hot_s: float | None = None
    dhw_s: float | None = None
    return_hot_since_s: float | None = None
    signals: int | None = None
    cooldowns_s: tuple[float, ...] = ()
    starts_s: tuple[float, ...] = ()

    def last_cooldown_within(self, within_s: float, now_s: float) -> bool:
        """Whether there was a cooldown in the last ``within_s`` seconds."""
        return bool(self.cooldowns_s) and now_s - self.cooldowns_s[-1] <= within_s


def count_within(times_s: tuple[float, ...], within_s: float, now_s: float) -> int:
    """How many of these times are no longer ago than ``within_s`` seconds."""
    return sum(now_s - time_s <= within_s for time_s in times_s)


def watch(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
    *,
    calling: bool,
) -> CyclingMonitor:
    """Take note of the boiler as it is now. ``calling``: some room wants heat."""
    if boiler.dhw:
        monitor = replace(monitor, dhw_s=now_s)
    if _flow_is_hot(boiler):
        monitor = replace(monitor, flow_hot_s=now_s)
    cooldowns, starts = monitor.cooldowns_s, monitor.starts_s
    if monitor.burner and boiler.burner is False:
        if calling and _is_cooldown(monitor, boiler, settings, now_s):
            cooldowns = (*cooldowns, now_s)
    elif monitor.burner is False and boiler.burner:
        starts = (*starts, now_s)
    if boiler.cooldown_signals is not None:
        cooldowns = monitor.cooldowns_s
        if monitor.signals is not None and boiler.cooldown_signals > monitor.signals:
            cooldowns = (*cooldowns, now_s)
    return replace(
        monitor,
        burner=boiler.burner,
        burning_since_s=_burning_since_s(monitor, boiler, now_s),
        burner_on_s=now_s if boiler.burner else monitor.burner_on_s,
        return_hot_since_s=_return_hot_since(monitor, boiler, settings, now_s),
        signals=boiler.cooldown_signals,
        cooldowns_s=_recent(cooldowns, now_s),
        starts_s=_recent(starts, now_s),
    )


def find(
    monitor: CyclingMonitor, settings: HeatingSettings, now_s: float
) -> Evidence | None:
    """Evidence that the boiler cycles, or is about to."""
    if monitor.last_cooldown_within(settings.cooldown_lookback_s, now_s):
        return Evidence.COOLDOWN
    due_s = return_risk_due_s(monitor, settings)
    if due_s is not None and now_s >= due_s:
        return Evidence.RETURN_RISK
    return None


def return_risk_due_s(
    monitor: CyclingMonitor, settings: HeatingSettings
) -> float | None:
    """When a return that is hot now will have been hot for long enough."""
    if monitor.return_hot_since_s is None:
        return None
    return monitor.return_hot_since_s + settings.return_risk_time_s


def _burning_since_s(
    monitor: CyclingMonitor, boiler: BoilerInput, now_s: float
) -> float | None:
    """When the burn began. After a gap it may have burned for an hour already."""
    if not boiler.burner:
        return None
    return now_s if monitor.burner is False else monitor.burning_since_s


def _flow_is_hot(boiler: BoilerInput) -> bool:
    """Compare the flow with the setpoint of the same moment."""
    setpoint_c = boiler.heating_setpoint_c
    if boiler.flow_c is None or setpoint_c is None:
        return False
    return boiler.flow_c >= setpoint_c + FLOW_OVER_SETPOINT_K


def _is_cooldown(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> bool:
    """Judge a burner that has just gone off while rooms were calling."""
    if boiler.on is False or _ago(monitor.dhw_s, now_s) <= FLOW_MEMORY_S:
        return False
    if _ago(monitor.flow_hot_s, now_s) <= FLOW_MEMORY_S:
        return True
    setpoint_c = boiler.heating_setpoint_c
    if (
        boiler.return_c is not None
        and setpoint_c is not None
        and boiler.return_c >= setpoint_c - RETURN_UNDER_SETPOINT_K
    ):
        return True
    return _ago(monitor.burning_since_s, now_s) < settings.short_burn_s


def _ago(time_s: float | None, now_s: float) -> float:
    return float("inf") if time_s is None else now_s - time_s


def _return_hot_since(
    monitor: CyclingMonitor,
    boiler: BoilerInput,
    settings: HeatingSettings,
    now_s: float,
) -> float | None:
    """A hot return counts only while the burner makes it hotter."""
    if not boiler.burner or boiler.dhw:
        return None
    setpoint_c = boiler.heating_setpoint_c
    if boiler.return_c is None or setpoint_c is None:
        return None
    if boiler.return_c <= setpoint_c - settings.return_risk_delta_k:
        return None
    if monitor.return_hot_since_s is not None:
        return monitor.return_hot_since_s
    return now_s


def _recent(times_s: tuple[float, ...], now_s: float) -> tuple[float, ...]:
    if times_s and now_s - times_s[0] > KEPT_S:
        return tuple(time_s for time_s in times_s if now_s - time_s <= KEPT_S)
    return times_s
