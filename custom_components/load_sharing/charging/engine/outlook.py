"""The outlook: when chargers that wait for lasting headroom are likely to rise."""

from .decision import Decision
from .memory import EngineState
from .model import Limit, SiteSettings
from .ramp import patience_for, ripe_at


def rises_in_s(
    state: EngineState, decision: Decision, settings: SiteSettings, now_s: float
) -> dict[str, float]:
    """Return in how many seconds chargers rise if the headroom lasts, by their IDs.

    A charger is left out that does not wait for that, or waits for longer because its
    last increases were not worth it.
    """
    outlook = {}
    for charger_id, charger in decision.chargers.items():
        ramp = state.ramps.get(charger_id)
        if charger.limit is not Limit.RAMP_UP or ramp is None:
            continue
        patience = 1.0
        if (regain := state.regains.get(charger_id)) is not None:
            patience = patience_for(regain, charger.desired_a or 0.0)
        wait_s = ripe_at(ramp, settings, patience) - now_s
        if wait_s > 0 and ramp.suspended_s is None:
            outlook[charger_id] = wait_s
    return outlook
