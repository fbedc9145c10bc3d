"""When two decisions of charging are the same for the diagnostics."""

from ..site.history import History
from .engine.decision import Decision
from .engine.model import SiteInput

type ChargingHistory = History[SiteInput, Decision]


def make_history() -> ChargingHistory:
    """Return an empty history."""
    return History(_is_same)


def _is_same(decision: Decision, before: Decision) -> bool:
    """Return whether two decisions are equal, for equal reasons, and without events."""
    if decision.state is not before.state or decision.events or before.events:
        return False
    if decision.correction_due or before.correction_due:
        return False
    pairs = zip(decision.chargers.values(), before.chargers.values(), strict=True)
    for charger, charger_before in pairs:
        if (
            charger.action is not charger_before.action
            or charger.desired_a != charger_before.desired_a
            or charger.limit is not charger_before.limit
        ):
            return False
    return True
