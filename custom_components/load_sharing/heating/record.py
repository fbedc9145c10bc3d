"""Converts the heating's counts to and from the record that outlasts a restart."""

from datetime import datetime

from .engine.effect import Effect
from .engine.evaluate import HeatingState
from .engine.evidence import HISTORY_S, CyclingMonitor
from .store import HeatingRecord


def has_counted(before: HeatingState, after: HeatingState) -> bool:
    """Return whether a cooldown, a burner start or a judged activation was added."""
    return (
        before.monitor.cooldowns_s != after.monitor.cooldowns_s
        or before.monitor.starts_s != after.monitor.starts_s
        or before.effect.activation_was_false != after.effect.activation_was_false
    )


def write_record(
    record: HeatingRecord, state: HeatingState, now_s: float, now: datetime
) -> None:
    """Write the counts to the record, with monotonic times as Unix timestamps."""
    offset_s = now.timestamp() - now_s
    record["cooldowns"] = [time_s + offset_s for time_s in state.monitor.cooldowns_s]
    record["starts"] = [time_s + offset_s for time_s in state.monitor.starts_s]
    effect = state.effect
    record["outcomes"] = list(effect.activation_was_false)
    record["sharing_s"] = effect.sharing_s
    record["sharing_cooldowns"] = effect.sharing_cooldowns
    record["low_load_s"] = effect.low_load_s
    record["low_load_cooldowns"] = effect.low_load_cooldowns


def read_record(record: HeatingRecord, now_s: float, now: datetime) -> HeatingState:
    """Return an initial state with the recorded counts. Sharing starts afresh."""
    return HeatingState(
        monitor=CyclingMonitor(
            cooldowns_s=_monotonic_s(record.get("cooldowns", []), now_s, now),
            starts_s=_monotonic_s(record.get("starts", []), now_s, now),
        ),
        effect=Effect(
            activation_was_false=tuple(record.get("outcomes", [])),
            sharing_s=record.get("sharing_s", 0.0),
            sharing_cooldowns=record.get("sharing_cooldowns", 0),
            low_load_s=record.get("low_load_s", 0.0),
            low_load_cooldowns=record.get("low_load_cooldowns", 0),
        ),
    )


def _monotonic_s(times: list[float], now_s: float, now: datetime) -> tuple[float, ...]:
    """Convert Unix timestamps; drop those beyond the history, or in the future."""
    ages_s = (now.timestamp() - time for time in times)
    return tuple(now_s - age_s for age_s in ages_s if 0 <= age_s <= HISTORY_S)
