"""Patience: holds the burner off until the water is cold, so that a burn carries more.

The number of burns is the heat that the house needs, divided by the heat that each of
them carries. A burner that starts again in warm water burns for a minute or two.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from .hold import HoldReason
from .model import BoilerInput, HeatingSettings

COOL_BELOW_SETPOINT_K = 15.0
ALWAYS_COOL_C = 45.0
"""By tiers, water at this temperature is cool enough, whatever the setpoint."""
MAX_COOLING_S = 30 * 60.0
"""Longest hold by tiers, and without a known temperature of the water."""
FEWER_BURNS_K = 2.5
"""The water is let down further by this where fewest burns are preferred.

A burn carries what its water was let down by, so each K makes it some 4 % longer. Water
of 30 °C still heats rooms a little; below that, hardly.
"""
OVER_FLOOR_K = 0.5
"""A boiler that is held by a low setpoint burns to keep its water at that.

It is let down to no less than this above it: it would not get any colder.
"""
OBEYS_WITHIN_S = 120.0
"""A burner that burns for longer than this into a hold disregards it."""
UNSEEN_S = 180.0
"""A hold goes on for this long without a reading that it needs.

While Home Assistant starts, nothing can be read, and entities flap.
"""
YIELDS_S = 2 * 3600.0
"""After something else has set the boiler, it is left alone for this long."""


_FORBIDDING = {
    HoldReason.FROST,
    HoldReason.DHW,
    HoldReason.DHW_UNKNOWN,
    HoldReason.OVERRIDDEN,
}
"""Reasons against any hold, which end with what they name."""


class Water(NamedTuple):
    """Temperatures of flow and return in °C; None if unknown."""

    flow_c: float | None = None
    return_c: float | None = None


UNKNOWN_WATER = Water()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Whether and why the burner is held off, and since when.

    ``since_s`` is None while it is not held; ``reason`` then says why not.
    ``owner_setpoint_c`` is its owner's setpoint. ``is_spent``: a hold has ended, and
    none may follow before the next burn or the end of the calls. ``obeyed``: whether
    the last hold kept the burner off; None before the first. ``lost_since_s`` is since
    when a reading has been missing without which no hold may begin. ``still`` are the
    temperatures of the water that have not changed since the hold began. ``stuck`` are
    those that were still too hot when the longest hold was over, so their sensors are
    stuck.
    """

    reason: HoldReason = HoldReason.NOT_NEEDED
    since_s: float | None = None
    since: datetime | None = None
    owner_setpoint_c: float | None = None
    is_spent: bool = False
    obeyed: bool | None = None
    yields_until_s: float | None = None
    lost_since_s: float | None = None
    still: Water = UNKNOWN_WATER
    stuck: Water = UNKNOWN_WATER

    def may_go_on_unseen(self, now_s: float) -> bool:
        """Return whether a hold may go on without a reading that it needs."""
        since_s = self.lost_since_s
        return since_s is None or (self.is_holding and now_s - since_s < UNSEEN_S)

    @property
    def is_holding(self) -> bool:
        """Whether the burner must stay off."""
        return self.since_s is not None


class Limits(NamedTuple):
    """When the burner may burn again.

    The water is cold at ``cold_c``. ``resume_c`` is cold enough if the callers can take
    ``resume_w``, without which a burn is foreseen to be too short. None of both: only
    a burn that was too hot begins a hold.
    """

    cold_c: float | None
    longest_s: float
    resume_c: float | None = None
    resume_w: float = 0.0


class Seen(NamedTuple):
    """What a hold depends on besides the readings of the boiler.

    ``cooldown``: a burn has just ended because the water was too hot.
    ``calling_capacity_w`` is what the callers can take; None if it is not known.
    ``coldest_room_c`` is that of all rooms, also of those that take no part, and of
    those whose temperature was near frost when it was lost. None: no room can be read.
    """

    cooldown: bool
    calling: bool
    calling_capacity_w: float | None
    coldest_room_c: float | None


def patient_limits(
    settings: HeatingSettings, least_output_w: float, *, fewest_burns: bool
) -> Limits:
    """Return the limits of a hold that makes each burn carry as much as it can."""
    cold_c = settings.let_down_c - (FEWER_BURNS_K if fewest_burns else 0.0)
    if settings.protection_floor_c is not None:
        cold_c = max(cold_c, settings.protection_floor_c + OVER_FLOOR_K)
    return Limits(
        cold_c=cold_c,
        longest_s=settings.longest_hold_s,
        resume_c=settings.resume_c,
        resume_w=settings.resume_share * least_output_w,
    )


def protective_limits(owner_setpoint_c: float | None) -> Limits:
    """Return the limits of cycling protection, which only cools hot water down."""
    if owner_setpoint_c is None:
        return Limits(None, MAX_COOLING_S)
    return Limits(
        max(owner_setpoint_c - COOL_BELOW_SETPOINT_K, ALWAYS_COOL_C), MAX_COOLING_S
    )


def update_patience(
    patience: Patience,
    boiler: BoilerInput,
    settings: HeatingSettings,
    limits: Limits,
    seen: Seen,
    now_s: float,
    now: datetime,
) -> Patience:
    """Begin a hold, continue it, or end it with the reason."""
    if boiler.setpoint_overridden:
        patience = replace(patience, yields_until_s=now_s + YIELDS_S)
    unknown = _unknown(boiler, seen)
    patience = _note_lost(patience, now_s, lost=unknown is not None)
    patience = _note_water(patience, _water_of(boiler))
    forbidden = _forbidden(patience, boiler, settings, seen, now_s)
    if forbidden is None and not patience.may_go_on_unseen(now_s):
        forbidden = unknown
    if forbidden is not None:
        return _end(patience, forbidden)
    since_s = patience.since_s
    if since_s is None:
        return _begin(patience, boiler, limits, seen, now_s, now)
    if boiler.setpoint_c is not None:
        patience = replace(patience, owner_setpoint_c=boiler.setpoint_c)
    return _continue(patience, since_s, boiler, limits, seen, now_s)


def hold_ends_s(patience: Patience, limits: Limits) -> float | None:
    """Return when the hold ends at the latest; None if there is none."""
    return None if patience.since_s is None else patience.since_s + limits.longest_s


def _forbidden(
    patience: Patience,
    boiler: BoilerInput,
    settings: HeatingSettings,
    seen: Seen,
    now_s: float,
) -> HoldReason | None:
    """Return why the burner must not be held at all; None if it may be."""
    if seen.coldest_room_c is not None and seen.coldest_room_c <= settings.frost_c:
        return HoldReason.FROST
    if boiler.pipe_c is not None and boiler.pipe_c <= settings.pipe_frost_c:
        return HoldReason.FROST
    if boiler.dhw:
        return HoldReason.DHW
    if patience.yields_until_s is not None and now_s < patience.yields_until_s:
        return HoldReason.OVERRIDDEN
    return None


def _unknown(boiler: BoilerInput, seen: Seen) -> HoldReason | None:
    """Return what forbids a hold because it cannot be read; None if all can.

    Where no room can be read, none is known to be safe from frost.
    """
    if seen.coldest_room_c is None or boiler.pipe_lost:
        return HoldReason.FROST
    return HoldReason.DHW_UNKNOWN if boiler.dhw_lost else None


def _note_lost(patience: Patience, now_s: float, *, lost: bool) -> Patience:
    """Note since when a reading has been missing that a hold needs."""
    if not lost:
        return replace(patience, lost_since_s=None)
    if patience.lost_since_s is not None:
        return patience
    return replace(patience, lost_since_s=now_s)


def _note_water(patience: Patience, now: Water) -> Patience:
    """Note which temperatures of the water change: then their sensors live."""
    return replace(
        patience,
        still=_unchanged(patience.still, now),
        stuck=_unchanged(patience.stuck, now),
    )


def _unchanged(before: Water, now: Water) -> Water:
    """Return the temperatures that are what they were; one that is lost may be."""
    return Water(
        *[
            then_c if now_c in (then_c, None) else None
            for then_c, now_c in zip(before, now, strict=True)
        ]
    )


def _hotter_than(water: Water, cold_c: float | None) -> Water:
    """Return the temperatures that are not cold."""
    return Water(
        *[
            one_c if one_c is not None and (cold_c is None or one_c > cold_c) else None
            for one_c in water
        ]
    )


def _begin(
    patience: Patience,
    boiler: BoilerInput,
    limits: Limits,
    seen: Seen,
    now_s: float,
    now: datetime,
) -> Patience:
    """Hold the burner after a burn that was too hot, or before one that would be."""
    if boiler.burner or not seen.calling:
        patience = replace(patience, is_spent=False)
    reason = None
    if patience.stuck != UNKNOWN_WATER:
        # Its end would never be seen, and the house would get cold.
        reason = None
    elif seen.cooldown:
        reason = HoldReason.TOO_HOT
    elif _is_foreseen(patience, boiler, limits, seen):
        reason = HoldReason.SMALL_LOAD
    if reason is None:
        if patience.reason in _FORBIDDING:
            patience = replace(patience, reason=HoldReason.NOT_NEEDED)
        return replace(patience, yields_until_s=None)
    return replace(
        patience,
        reason=reason,
        since_s=now_s,
        since=now,
        owner_setpoint_c=boiler.setpoint_c,
        yields_until_s=None,
        still=_water_of(boiler),
    )


def _is_foreseen(
    patience: Patience, boiler: BoilerInput, limits: Limits, seen: Seen
) -> bool:
    """Return whether a burn that is about to begin would be too short.

    Without a temperature of the water it is not known whether it is cold already.
    """
    hottest_c = hottest_c_of(boiler)
    return (
        boiler.burner is False
        and seen.calling
        and not patience.is_spent
        and limits.resume_c is not None
        and limits.cold_c is not None
        and hottest_c is not None
        and hottest_c > limits.cold_c
        and seen.calling_capacity_w is not None
        and seen.calling_capacity_w < limits.resume_w
    )


def _continue(
    patience: Patience,
    since_s: float,
    boiler: BoilerInput,
    limits: Limits,
    seen: Seen,
    now_s: float,
) -> Patience:
    """End the hold once the burner may burn, or where it burns all the same."""
    longest_s = limits.longest_s
    hottest_c = hottest_c_of(boiler)
    if hottest_c is None:
        longest_s = min(longest_s, MAX_COOLING_S)
    reason = None
    if patience.reason is HoldReason.SMALL_LOAD and limits.resume_c is None:
        reason = HoldReason.NOT_NEEDED
    elif now_s - since_s >= longest_s:
        reason = HoldReason.LONGEST
    elif boiler.burner and now_s - since_s > OBEYS_WITHIN_S:
        reason = HoldReason.BURNS
    elif hottest_c is not None:
        reason = _cold_enough(hottest_c, limits, seen)
    if reason is None:
        return patience
    if reason is HoldReason.LONGEST:
        patience = replace(patience, stuck=_hotter_than(patience.still, limits.cold_c))
    return replace(_end(patience, reason), obeyed=_judge(patience, reason))


def _judge(patience: Patience, reason: HoldReason) -> bool | None:
    """Return whether the hold was obeyed, as far as its end shows that.

    No boiler lets its water get cold by itself while rooms call. For a shorter time, a
    burner may be off for reasons of its own.
    """
    if reason is HoldReason.BURNS:
        return False
    return True if reason is HoldReason.COLD else patience.obeyed


def _cold_enough(hottest_c: float, limits: Limits, seen: Seen) -> HoldReason | None:
    """Return why the water is cold enough; None if it is not."""
    if limits.cold_c is not None and hottest_c <= limits.cold_c:
        return HoldReason.COLD
    if (
        limits.resume_c is not None
        and hottest_c <= limits.resume_c
        and seen.calling_capacity_w is not None
        and seen.calling_capacity_w >= limits.resume_w
    ):
        return HoldReason.CALLERS_SUFFICE
    return None


def _end(patience: Patience, reason: HoldReason) -> Patience:
    """End a hold, if there is one, and remember why."""
    return replace(
        patience,
        reason=reason,
        since_s=None,
        since=None,
        owner_setpoint_c=None,
        is_spent=patience.is_spent or patience.is_holding,
    )


def _water_of(boiler: BoilerInput) -> Water:
    """Return the temperatures of a boiler's water."""
    return Water(boiler.flow_c, boiler.return_c)


def hottest_c_of(boiler: BoilerInput) -> float | None:
    """Return the higher of flow and return in °C; None if neither is known."""
    known = [value for value in _water_of(boiler) if value is not None]
    return max(known, default=None)
