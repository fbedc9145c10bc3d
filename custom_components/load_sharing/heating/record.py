"""What was counted of the heating, kept over a restart."""

from datetime import datetime

from .engine.effect import Effect
from .engine.evaluate import HeatingState
from .engine.evidence import HISTORY_S, CyclingMonitor
from .store import HeatingRecord


def record(
    kept: HeatingRecord, state: HeatingState, now_s: float, now: datetime
) -> None:
    """Write the counts down, with times that outlast the monotonic clock."""
    offset_s = now.timestamp() - now_s
    kept["cooldowns"] = [time_s + offset_s for time_s in state.monitor.cooldowns_s]
    kept["starts"] = [time_s + offset_s for time_s in state.monitor.starts_s]
    effect = state.effect
    kept["outcomes"] = list(effect.activation_was_false)
    kept["sharing_s"] = effect.sharing_s
    kept["sharing_cooldowns"] = effect.sharing_cooldowns
    kept["low_load_s"] = effect.low_load_s
    kept["low_load_cooldowns"] = effect.low_load_cooldowns


def recall(kept: HeatingRecord, now_s: float, now: datetime) -> HeatingState:
    """Begin with what was counted before. Sharing itself begins anew."""
    return HeatingState(
        monitor=CyclingMonitor(
            cooldowns_s=_times_s(kept.get("cooldowns", []), now_s, now),
            starts_s=_times_s(kept.get("starts", []), now_s, now),
        ),
        effect=Effect(
            activation_was_false=tuple(kept.get("outcomes", [])),
            sharing_s=kept.get("sharing_s", 0.0),
            sharing_cooldowns=kept.get("sharing_cooldowns", 0),
            low_load_s=kept.get("low_load_s", 0.0),
            low_load_cooldowns=kept.get("low_load_cooldowns", 0),
        ),
    )


def _times_s(times: list[float], now_s: float, now: datetime) -> tuple[float, ...]:
    """Times on the monotonic clock; what is older than a day, or yet to come, is not."""
    ago_s = (now.timestamp() - time for time in times)
    return tuple(now_s - ago for ago in ago_s if 0 <= ago <= HISTORY_S)
