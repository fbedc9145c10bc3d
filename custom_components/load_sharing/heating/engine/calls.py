"""Remembers the rooms' calls for heat: since when each is lost, satisfied, or shut off."""

from collections.abc import Mapping
from typing import NamedTuple

from .room import LastCall, RoomView

LASTS_S = 900.0
"""A room that cannot be read may go on calling for this long; then it does without."""


class Call(NamedTuple):
    """A room that calls, or called when that was last known.

    ``lost_since_s`` is since when that has been unknown, ``at_target_since_s`` since
    when the room has been at its target, and ``shut_since_s`` since when its valve has
    shown that it is shut; None if that is not so.
    """

    lost_since_s: float | None = None
    at_target_since_s: float | None = None
    shut_since_s: float | None = None


def last_call(calls: Mapping[str, Call], room_id: str, now_s: float) -> LastCall:
    """Return a room's call when that was last known; none if that is long ago."""
    call = calls.get(room_id)
    if call is None or _elapsed_s(call.lost_since_s, now_s) >= LASTS_S:
        return LastCall()
    return LastCall(
        was_calling=True,
        at_target_s=_elapsed_s(call.at_target_since_s, now_s),
        shut_s=_elapsed_s(call.shut_since_s, now_s),
    )


def update_calls(
    calls: Mapping[str, Call], views: Mapping[str, RoomView], now_s: float
) -> dict[str, Call]:
    """Return the calls that there are now."""
    after = {}
    for room_id, view in views.items():
        if view.calling or view.call_lost:
            call = calls.get(room_id, Call())
            after[room_id] = Call(
                _since_s(call.lost_since_s, now_s, lasts=view.call_lost),
                _since_s(call.at_target_since_s, now_s, lasts=view.is_at_target),
                _since_s(call.shut_since_s, now_s, lasts=view.is_shut),
            )
    return after


def _elapsed_s(since_s: float | None, now_s: float) -> float:
    """Return how long something has lasted, in s; 0 if it does not."""
    return 0.0 if since_s is None else now_s - since_s


def _since_s(since_s: float | None, now_s: float, *, lasts: bool) -> float | None:
    """Return since when something has lasted; None if it does not."""
    if not lasts:
        return None
    return now_s if since_s is None else since_s
