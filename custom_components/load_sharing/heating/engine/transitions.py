"""The state machine's transition table: every permitted transition and its reasons."""

from collections.abc import Mapping

from .model import LoadSharingState as State, Tier
from .reasons import Reason

_SWITCHED_ON = frozenset({Reason.SWITCHED_ON})
_SWITCHED_OFF = frozenset({Reason.SWITCHED_OFF})
_STARTED = frozenset({Reason.COOLDOWN, Reason.RETURN_RISK, Reason.SMALL_LOAD})
_ENDED = frozenset(
    {
        Reason.CALLERS_STOPPED,
        Reason.NEW_CALLER_SUFFICIENT,
        Reason.ALL_CALLING,
        Reason.NO_ROOMS_LEFT,
    }
)
_WIDENED = frozenset({Reason.OPENED_WIDER})
_NEXT_TIER = frozenset({Reason.NEXT_TIER})
_ADDED = frozenset({Reason.ROOM_ADDED})
_LEFT = frozenset({Reason.ROOM_LEFT})
_PROMOTED = frozenset({Reason.ROOM_PROMOTED})
_REPLACED = frozenset({Reason.ROOM_REPLACED})

TRANSITIONS: Mapping[tuple[State, State], frozenset[Reason]] = {
    (State.DISABLED, State.INACTIVE): _SWITCHED_ON,
    (State.INACTIVE, State.DISABLED): _SWITCHED_OFF,
    (State.INACTIVE, State.TIER1_ACTIVE): _STARTED,
    (State.INACTIVE, State.TIER2_ACTIVE): _STARTED,
    (State.INACTIVE, State.TIER3_ACTIVE): _STARTED,
    (State.TIER1_ACTIVE, State.DISABLED): _SWITCHED_OFF,
    (State.TIER1_ACTIVE, State.INACTIVE): _ENDED,
    (State.TIER1_ACTIVE, State.TIER1_ESCALATED): _WIDENED | _LEFT | _PROMOTED,
    (State.TIER1_ACTIVE, State.TIER2_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER1_ACTIVE, State.TIER3_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER1_ESCALATED, State.DISABLED): _SWITCHED_OFF,
    (State.TIER1_ESCALATED, State.INACTIVE): _ENDED,
    (State.TIER1_ESCALATED, State.TIER1_ACTIVE): _REPLACED,
    (State.TIER1_ESCALATED, State.TIER2_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER1_ESCALATED, State.TIER3_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER2_ACTIVE, State.DISABLED): _SWITCHED_OFF,
    (State.TIER2_ACTIVE, State.INACTIVE): _ENDED,
    (State.TIER2_ACTIVE, State.TIER1_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER2_ACTIVE, State.TIER1_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER2_ACTIVE, State.TIER2_ESCALATED): _WIDENED | _LEFT | _PROMOTED,
    (State.TIER2_ACTIVE, State.TIER3_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER2_ESCALATED, State.DISABLED): _SWITCHED_OFF,
    (State.TIER2_ESCALATED, State.INACTIVE): _ENDED,
    (State.TIER2_ESCALATED, State.TIER1_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER2_ESCALATED, State.TIER1_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER2_ESCALATED, State.TIER2_ACTIVE): _REPLACED,
    (State.TIER2_ESCALATED, State.TIER3_ACTIVE): _NEXT_TIER | _REPLACED,
    (State.TIER3_ACTIVE, State.DISABLED): _SWITCHED_OFF,
    (State.TIER3_ACTIVE, State.INACTIVE): _ENDED,
    (State.TIER3_ACTIVE, State.TIER1_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER3_ACTIVE, State.TIER1_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER3_ACTIVE, State.TIER2_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER3_ACTIVE, State.TIER2_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER3_ACTIVE, State.TIER3_ESCALATED): _WIDENED | _LEFT | _PROMOTED,
    (State.TIER3_ESCALATED, State.DISABLED): _SWITCHED_OFF,
    (State.TIER3_ESCALATED, State.INACTIVE): _ENDED,
    (State.TIER3_ESCALATED, State.TIER1_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER3_ESCALATED, State.TIER1_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER3_ESCALATED, State.TIER2_ACTIVE): _LEFT | _PROMOTED | _REPLACED,
    (State.TIER3_ESCALATED, State.TIER2_ESCALATED): _LEFT | _PROMOTED,
    (State.TIER3_ESCALATED, State.TIER3_ACTIVE): _ADDED | _REPLACED,
}
"""The permitted reasons of each permitted transition, by (before, after)."""

_ACTIVE = {
    Tier.SCHEDULE: State.TIER1_ACTIVE,
    Tier.EXTENDED: State.TIER2_ACTIVE,
    Tier.FALLBACK: State.TIER3_ACTIVE,
}
_ESCALATED = {
    Tier.SCHEDULE: State.TIER1_ESCALATED,
    Tier.EXTENDED: State.TIER2_ESCALATED,
    Tier.FALLBACK: State.TIER3_ESCALATED,
}


def active_state(tier: Tier, *, escalated: bool) -> State:
    """Return the state in which ``tier`` is the highest tier with open rooms."""
    return (_ESCALATED if escalated else _ACTIVE)[tier]
