"""Pump overrun: valves stay open while the pump carries the boiler's heat away."""

from .context import Overrun
from .draft import Draft
from .evidence import CyclingMonitor
from .model import HeatingSettings

MAX_OVERRUNS = 3
"""A burner that stays on keeps valves open for at most this many overrun times."""


def end_overruns(draft: Draft, monitor: CyclingMonitor) -> None:
    """Release valves once their overrun ends or their room must not be open."""
    for room_id, overrun in list(draft.overruns.items()):
        view = draft.views.get(room_id)
        has_ended = draft.now_s >= overrun_ends_s(overrun, monitor, draft.settings)
        if has_ended or view is None or view.calling or view.blocked_by is not None:
            del draft.overruns[room_id]


def overrun_ends_s(
    overrun: Overrun, monitor: CyclingMonitor, settings: HeatingSettings
) -> float:
    """Return when an overrun ends: one overrun time after the burn or after sharing."""
    last_heat_s = max(overrun.ended_s, monitor.last_burn_s or overrun.ended_s)
    latest_s = overrun.ended_s + MAX_OVERRUNS * settings.pump_overrun_s
    return min(last_heat_s + settings.pump_overrun_s, latest_s)
