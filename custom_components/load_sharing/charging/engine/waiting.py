"""Finds out whether a charger is paused because there is too little current for it."""

from typing import Final

from .decision import ActionReason, ChargerDecision
from .model import Limit

TOO_LITTLE: Final = frozenset(
    {
        Limit.BELOW_MINIMUM,
        Limit.WAITING_FOR_TURN,
        Limit.CIRCUIT,
        Limit.EXTERNAL_LIMIT,
        Limit.USER_LIMIT,
        Limit.DEMAND_LIMIT,
    }
)
"""Limits by which a pause is due to too little current."""
PASSING: Final = frozenset(
    {Limit.OVERLOAD, Limit.SETTLING, Limit.RAMP_UP, Limit.STATUS_UNKNOWN}
)
"""Limits that hold a charger at 0 A for a while, whatever the pause is due to."""


def waits_for_current(before: bool | None, decision: ChargerDecision) -> bool | None:
    """Return whether a charger waits for current; ``before`` is the last answer.

    It is None if the charger is left alone, or paused for another reason. So a change
    from True to False always means that the charger has current again.
    """
    if decision.desired_a is None:
        return None
    if decision.desired_a > 0:
        return False
    if decision.limit in TOO_LITTLE or decision.action is ActionReason.OVERLOAD:
        return True
    return (before or None) if decision.limit in PASSING else None
