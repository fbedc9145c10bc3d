"""Whether a charger is paused because there is too little current for it."""

from typing import Final

from .model import ActionReason, ChargerDecision, Limit

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
PASSING: Final = frozenset(
    {Limit.OVERLOAD, Limit.SETTLING, Limit.RAMP_UP, Limit.STATUS_UNKNOWN}
)
"""What a charger at 0 A is held by for a while, whatever it was paused for."""


def waits_for_current(before: bool | None, chosen: ChargerDecision) -> bool | None:
    """Tell whether a charger waits for current; ``before``: whether it did so far.

    None: it is left alone, or paused for another reason. So from True to False is
    always a charger that has current again.
    """
    if chosen.desired_a is None:
        return None
    if chosen.desired_a > 0:
        return False
    if chosen.limit in TOO_LITTLE or chosen.action is ActionReason.OVERLOAD:
        return True
    return (before or None) if chosen.limit in PASSING else None
