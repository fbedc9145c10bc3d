"""Observes an actuator on lease: whether it follows, or something else has set it.

Each observation finds the lease in one of these situations:

- a call is in flight: wait for it;
- resumed from an earlier run: is the actuator still where that run left it?
- nothing written yet: any change is the owner's;
- written, and the actuator shows it, perhaps rounded its own way: it obeyed;
- written, but not shown yet: it sleeps or moves, the command was lost, or it is
  overridden;
- was shown, and no longer is: it fell back, drifted, opened further, or is overridden.
"""

from dataclasses import replace
from enum import Enum, auto

from .lease import (
    OWNER_RAISE_S,
    PATIENCE_S,
    Lease,
    held_with,
    note_obedience,
    plan_write,
)

MAX_REVERTS = 3
"""An actuator that falls back more often than this is left to its owner."""


class Verdict(Enum):
    """What an observation means for a lease.

    ``OURS``: the lease goes on. ``WAITING``: the actuator has yet to follow.
    ``OVERRIDDEN``: something else has set the actuator. ``RESTORED``: the owner's value
    is back. The last two end the lease.
    """

    OURS = auto()
    WAITING = auto()
    OVERRIDDEN = auto()
    RESTORED = auto()


def observe(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Compare what the actuator shows with what it should show.

    ``by_person``: a person set it to ``value`` after our last write.
    """
    if lease.in_flight:
        return lease, Verdict.WAITING
    if lease.resumed:
        return _observe_resumed(lease, value, now_s, by_person=by_person)
    if lease.written is None:
        return _observe_unwritten(lease, value, now_s, by_person=by_person)
    if lease.doubted_until_s is not None:
        shows_ours = lease.shows_written(value)
        if not (shows_ours or by_person) and now_s < lease.doubted_until_s:
            return lease, Verdict.WAITING
        lease = replace(lease, doubted_until_s=None)
        if shows_ours:
            lease = plan_write(lease, value, now_s)
        elif not by_person and _is_remembered(lease, value):
            return replace(lease, confirmed=False, due_s=now_s), Verdict.WAITING
    if lease.shows_written(value):
        return _observe_obeyed(lease, value, now_s)
    if lease.confirmed:
        return _observe_changed(lease, value, now_s, by_person=by_person)
    if not by_person and _has_rounded(lease, value, now_s):
        return _observe_obeyed(_note_rounding(lease, value), value, now_s)
    return _observe_moving(lease, value, now_s, by_person=by_person)


def _is_remembered(lease: Lease, value: float) -> bool:
    """Return whether it has come back showing a value that we set before the last one."""
    is_priors = lease.is_same(value, lease.prior)
    return lease.confirmed and lease.is_held(value) and not is_priors


def _observe_resumed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """An earlier run took it: is it where that run left it, or still on its way?"""
    if by_person and not lease.is_held(value):
        return lease, Verdict.OVERRIDDEN
    since_s = lease.unconfirmed_since_s
    if since_s is None:
        since_s = now_s
        lease = replace(lease, unconfirmed_since_s=now_s)
    asleep = not lease.confirmed and lease.is_same(value, lease.prior)
    if lease.is_left_at(value) or asleep:
        # To a head that sleeps, the owner's value is sent after ours.
        due_s = now_s if lease.due_s is None else lease.due_s
        return replace(lease, due_s=due_s), Verdict.WAITING
    if now_s - since_s < lease.profile.settle_s:
        return lease, Verdict.WAITING
    restored = lease.is_same(value, lease.prior)
    return lease, Verdict.RESTORED if restored else Verdict.OVERRIDDEN


def _observe_unwritten(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Nothing was written yet, so a change is the owner's and moves ``prior``."""
    if lease.wanted is None:
        return lease, Verdict.RESTORED
    if lease.is_same(value, lease.prior):
        return lease, Verdict.OURS
    if by_person:
        return lease, Verdict.OVERRIDDEN
    return plan_write(replace(lease, prior=value), value, now_s), Verdict.OURS


def _has_rounded(lease: Lease, value: float, now_s: float) -> bool:
    """Return whether the actuator shows, by its own steps, what was written.

    Beyond the written value it is not on its way any more; short of it, it may be. One
    that has not moved at all has rounded only if repeating the command changed nothing.
    """
    if not lease.is_rounding(value):
        return False
    if lease.is_same(value, lease.written_over):
        waited = lease.attempts > 0 and lease.has_waited(now_s)
        return waited and lease.wanted is not None
    beyond = (value - lease.last_set) * (lease.last_set - lease.written_over) > 0
    return beyond or lease.has_settled(now_s)


def _note_rounding(lease: Lease, value: float) -> Lease:
    """Remember what the actuator shows for the value that was written."""
    ours = lease.wanted is not None
    held = held_with(lease, value) if ours else lease.held
    return replace(lease, shown_as=value, held=held)


def _plan_missed(lease: Lease, now_s: float) -> Lease:
    """Plan the change of target for which no write was planned while in doubt."""
    if lease.due_s is None and not lease.is_same(lease.target, lease.last_set):
        return plan_write(lease, lease.last_set, now_s)
    return lease


def _observe_obeyed(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It shows what was written: it obeyed, or the reading is from before the write."""
    if lease.wanted is not None or not lease.is_same(lease.last_set, lease.prior):
        obeyed = note_obedience(lease, now_s)
        if lease.raised_since_s is not None:
            # It came back by itself, so we may move it again.
            obeyed = plan_write(replace(obeyed, raised_since_s=None), value, now_s)
        return _plan_missed(obeyed, now_s), Verdict.OURS
    # The owner's value proves nothing yet if it was already shown when we wrote it.
    moved = not lease.is_same(lease.written_over, value)
    if moved and lease.overtakes and not lease.has_settled(now_s):
        # The earlier command may come after it, and undo it.
        return lease, Verdict.WAITING
    if moved:
        return note_obedience(lease, now_s), Verdict.RESTORED
    return lease, Verdict.RESTORED if lease.has_waited(now_s) else Verdict.WAITING


def _observe_moving(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Written, but not shown yet: it is moving, the command was lost, or overridden."""
    on_the_way = (lease.written_over, lease.target, *lease.held)
    low, high = min(on_the_way), max(on_the_way)
    tolerance = lease.profile.tolerance
    if by_person or not low - tolerance <= value <= high + tolerance:
        return lease, Verdict.OVERRIDDEN
    if lease.due_s is not None:
        return lease, Verdict.WAITING
    woke = lease.wanted is None and not lease.is_same(value, lease.written_over)
    if woke and lease.is_held(value):
        # A head that slept has fetched our value after all, perhaps as its last.
        return replace(lease, due_s=now_s), Verdict.WAITING
    if lease.has_waited(now_s):
        lease = replace(lease, attempts=lease.attempts + 1, due_s=now_s)
    return lease, Verdict.WAITING


def _observe_changed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """It showed what was written, and now shows something else."""
    if by_person:
        return lease, Verdict.OVERRIDDEN
    if value > lease.last_set and not lease.profile.lowers:
        return _observe_raised(lease, value, now_s)
    if _has_rounded_late(lease, value, now_s):
        return _observe_obeyed(_note_rounding(lease, value), value, now_s)
    if lease.wanted is None:
        restored = lease.is_same(value, lease.prior)
        return lease, Verdict.RESTORED if restored else Verdict.OVERRIDDEN
    if lease.is_same(value, lease.prior) and lease.reverts < MAX_REVERTS:
        lease = replace(lease, confirmed=False, reverts=lease.reverts + 1, due_s=now_s)
        return lease, Verdict.WAITING
    return lease, Verdict.OVERRIDDEN


def _has_rounded_late(lease: Lease, value: float, now_s: float) -> bool:
    """Return whether the written value was only echoed, and this is what came of it.

    A bridge shows at once what it is sent, and what the head makes of it once the head
    has fetched it. It does so once for each value.
    """
    return (
        lease.shown_as is None
        and lease.is_drift(value)
        and not lease.is_same(value, lease.prior)
        and now_s - lease.written_s < PATIENCE_S
    )


def _observe_raised(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It opened further by itself: it drifts, it exercises, or its owner wants more."""
    if lease.is_drift(value):
        return _plan_missed(lease, now_s), Verdict.OURS
    since_s = lease.raised_since_s
    if since_s is None:
        return replace(lease, raised_since_s=now_s), Verdict.OURS
    if now_s - since_s < OWNER_RAISE_S:
        return lease, Verdict.OURS
    if lease.wanted is None:
        return lease, Verdict.RESTORED
    # This is the owner's value by now.
    raised = replace(lease, prior=value, written=value, raised_since_s=None)
    return plan_write(raised, value, now_s), Verdict.OURS
