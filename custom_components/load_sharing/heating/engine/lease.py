"""A lease: what we took from an actuator's owner, and must give back.

Level-triggered: a lease knows what the actuator should show, and writes until it
shows it. It ends when the owner's value is back, or somebody else has set another.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

LEAST_BETWEEN_WRITES_S = 60.0
FIRST_RETRY_S = 5.0
LONGEST_RETRY_S = 60.0
REVERTS_BEFORE_YIELDING = 3
PROBLEM_ATTEMPTS = 3
PROBLEM_AFTER_S = 180.0
RAISED_LASTS_S = 600.0
"""A valve that opened further by itself for this long was opened by its owner.

Before that, it may exercise against scale, and come back.
"""
VALUES_KEPT = 8


class Verdict(Enum):
    """What an observation tells about a lease."""

    OURS = auto()
    WAITING = auto()
    TAKEN = auto()
    RESTORED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How a kind of actuator is to be treated, in its own unit.

    Values within ``tolerance`` are the same. A change of ``big_step`` need not wait
    for the least time between two writes. After ``settle_s`` it shows whether it
    obeyed. ``lowers``: we want less than the owner, not more.
    """

    tolerance: float
    big_step: float
    settle_s: float = 45.0
    lowers: bool = False


VALVE = Handling(tolerance=3.0, big_step=20.0)
SETPOINT = Handling(tolerance=0.3, big_step=1.0)
BOILER_SETPOINT = Handling(tolerance=0.6, big_step=1.0, lowers=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """What one actuator's owner had, and what we want instead.

    ``prior`` is the owner's value, ``wanted`` ours; None: it is being given back.
    ``written`` is what was written last, at ``written_s`` over ``written_over``;
    None: nothing yet. ``held`` are the values of ours, as distinct from the
    owner's, that were written. ``raised_since_s``: when it was seen above ours.
    ``resumed``: taken by an earlier run, and not written by this one.
    """

    handling: Handling
    prior: float
    wanted: float | None
    written: float | None = None
    written_s: float = 0.0
    written_over: float = 0.0
    held: tuple[float, ...] = ()
    raised_since_s: float | None = None
    confirmed: bool = False
    unconfirmed_since_s: float | None = None
    in_flight: bool = False
    due_s: float | None = None
    attempts: int = 0
    reverts: int = 0
    resumed: bool = False

    @property
    def target(self) -> float:
        """What the actuator should show: never less than its owner wants."""
        if self.wanted is None:
            return self.prior
        if self.handling.lowers:
            return min(self.prior, self.wanted)
        return max(self.prior, self.wanted)

    def is_same(self, one: float, other: float) -> bool:
        """Whether two values are the same for this actuator."""
        return abs(one - other) <= self.handling.tolerance

    def is_due(self, now_s: float) -> bool:
        """Whether to write now."""
        return not self.in_flight and self.due_s is not None and now_s >= self.due_s

    @property
    def next_due_s(self) -> float | None:
        """When time alone may make this lease act."""
        if self.in_flight:
            return None
        if self.due_s is not None:
            return self.due_s
        if self.raised_since_s is not None:
            return self.raised_since_s + RAISED_LASTS_S
        if self.resumed and self.unconfirmed_since_s is not None:
            return self.unconfirmed_since_s + self.handling.settle_s
        if self.written is not None and not self.confirmed:
            return self.written_s + self.handling.settle_s
        return None

    def has_problem(self, now_s: float) -> bool:
        """Whether the actuator does not follow."""
        if self.attempts >= PROBLEM_ATTEMPTS:
            return True
        since_s = self.unconfirmed_since_s
        return since_s is not None and now_s - since_s >= PROBLEM_AFTER_S


def take(prior: float, wanted: float, handling: Handling, now_s: float) -> Lease:
    """Take an actuator that shows ``prior``."""
    lease = Lease(handling=handling, prior=prior, wanted=wanted)
    return _schedule(lease, prior, now_s)


def resume(prior: float, held: tuple[float, ...], handling: Handling) -> Lease:
    """Give back what an earlier run held, as soon as it can be seen."""
    return Lease(
        handling=handling,
        prior=prior,
        wanted=None,
        written=held[-1] if held else prior,
        held=held,
        resumed=True,
    )


def want(lease: Lease, wanted: float, now_s: float) -> Lease:
    """Want another value."""
    if lease.wanted == wanted:
        return lease
    if lease.raised_since_s is not None:
        # Not below what its owner may want by now.
        return replace(lease, wanted=wanted)
    shown = lease.prior if lease.written is None else lease.written
    return _schedule(replace(lease, wanted=wanted), shown, now_s)


def release(lease: Lease, now_s: float, restore_to: float | None = None) -> Lease:
    """Give the actuator back; ``restore_to`` if its owner wants another value by now."""
    prior = lease.prior if restore_to is None else restore_to
    if lease.wanted is None and prior == lease.prior:
        return lease
    if lease.resumed or lease.raised_since_s is not None:
        return replace(lease, wanted=None, prior=prior)
    shown = lease.prior if lease.written is None else lease.written
    return _schedule(replace(lease, wanted=None, prior=prior), shown, now_s)


def begin(lease: Lease, shown: float, now_s: float) -> Lease:
    """Note that the target is being written over what the actuator shows."""
    since_s = lease.unconfirmed_since_s
    return replace(
        lease,
        written=lease.target,
        written_s=now_s,
        written_over=shown,
        held=_with(lease.held, lease),
        raised_since_s=None,
        confirmed=False,
        unconfirmed_since_s=now_s if since_s is None else since_s,
        in_flight=True,
        due_s=None,
        resumed=False,
    )


def succeeded(lease: Lease) -> Lease:
    """Note that the call came through; whether the actuator obeys is yet to be seen."""
    return replace(lease, in_flight=False)


def failed(lease: Lease, now_s: float) -> Lease:
    """Note that the call failed, and try again later."""
    return _retry(replace(lease, in_flight=False), now_s)


def observe(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Compare what the actuator shows with what it should.

    ``by_person``: somebody set it to that after we last wrote.
    """
    if lease.in_flight:
        return lease, Verdict.WAITING
    if lease.resumed:
        return _observe_resumed(lease, value, now_s, by_person=by_person)
    if lease.written is None:
        return _observe_untouched(lease, value, now_s, by_person=by_person)
    if lease.is_same(value, lease.written):
        return _observe_obeyed(lease, value, now_s)
    if not lease.confirmed:
        return _observe_moving(lease, value, now_s, by_person=by_person)
    return _observe_changed(lease, value, now_s, by_person=by_person)


def _observe_obeyed(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It shows what was written: by obeying, or because the report is an old one."""
    if lease.wanted is not None or not lease.is_same(value, lease.prior):
        obeyed = replace(lease, confirmed=True, unconfirmed_since_s=None, attempts=0)
        if lease.raised_since_s is not None:
            # It came back, and is ours to move again.
            obeyed = _schedule(replace(obeyed, raised_since_s=None), value, now_s)
        return obeyed, Verdict.OURS
    moved = not lease.is_same(lease.written_over, value)
    settled = now_s - lease.written_s >= lease.handling.settle_s
    # What it showed already when it was given back proves nothing yet.
    return lease, Verdict.RESTORED if moved or settled else Verdict.WAITING


def _observe_resumed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """An earlier run took it: is it still where that left it, or on its way there?"""
    if by_person:
        return lease, Verdict.TAKEN
    since_s = lease.unconfirmed_since_s
    if since_s is None:
        since_s = now_s
        lease = replace(lease, unconfirmed_since_s=now_s)
    if any(lease.is_same(value, held) for held in lease.held):
        due_s = now_s if lease.due_s is None else lease.due_s
        return replace(lease, due_s=due_s), Verdict.WAITING
    if now_s - since_s < lease.handling.settle_s:
        return lease, Verdict.WAITING
    restored = lease.is_same(value, lease.prior)
    return lease, Verdict.RESTORED if restored else Verdict.TAKEN


def _observe_untouched(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Nothing written yet: what changes now is its owner's doing."""
    if lease.wanted is None:
        return lease, Verdict.RESTORED
    if lease.is_same(value, lease.prior):
        return lease, Verdict.OURS
    if by_person:
        return lease, Verdict.TAKEN
    return _schedule(replace(lease, prior=value), value, now_s), Verdict.OURS


def _observe_moving(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Written, but not shown yet: on its way, lost, or taken."""
    passed = (lease.written_over, lease.target, *lease.held)
    low, high = min(passed), max(passed)
    tolerance = lease.handling.tolerance
    if by_person or not low - tolerance <= value <= high + tolerance:
        return lease, Verdict.TAKEN
    settled = now_s - lease.written_s >= lease.handling.settle_s
    if settled and lease.due_s is None:
        lease = _retry(lease, now_s)
    return lease, Verdict.WAITING


def _observe_changed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """It showed what was written, and now shows something else."""
    if by_person:
        return lease, Verdict.TAKEN
    raised = lease.written is not None and value > lease.written
    if raised and not lease.handling.lowers:
        return _observe_raised(lease, value, now_s)
    if lease.wanted is None:
        return lease, Verdict.TAKEN
    if lease.is_same(value, lease.prior) and lease.reverts < REVERTS_BEFORE_YIELDING:
        lease = replace(lease, confirmed=False, reverts=lease.reverts + 1, due_s=now_s)
        return lease, Verdict.WAITING
    return lease, Verdict.TAKEN


def _observe_raised(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It opened further by itself: it drifts, it exercises, or its owner wants more."""
    if lease.written is not None and value - lease.written < lease.handling.big_step:
        return lease, Verdict.OURS
    since_s = lease.raised_since_s
    if since_s is None:
        return replace(lease, raised_since_s=now_s), Verdict.OURS
    if now_s - since_s < RAISED_LASTS_S:
        return lease, Verdict.OURS
    if lease.wanted is None:
        return lease, Verdict.RESTORED
    # There is nothing left for us to add.
    owners = replace(lease, prior=value, written=value, raised_since_s=None)
    return _schedule(owners, value, now_s), Verdict.OURS


def _with(held: tuple[float, ...], lease: Lease) -> tuple[float, ...]:
    """Remember what is about to be written, if it is ours."""
    if lease.wanted is None or lease.target in held:
        return held
    return (*held[-VALUES_KEPT:], lease.target)


def _schedule(lease: Lease, shown: float, now_s: float) -> Lease:
    """Plan to write the target if the actuator is to show something else."""
    change = abs(lease.target - shown)
    if change <= lease.handling.tolerance:
        return replace(lease, due_s=None)
    due_s = now_s
    small = change < lease.handling.big_step and lease.wanted is not None
    if small and lease.written is not None:
        due_s = max(now_s, lease.written_s + LEAST_BETWEEN_WRITES_S)
    return replace(lease, due_s=due_s)


def _retry(lease: Lease, now_s: float) -> Lease:
    wait_s = min(FIRST_RETRY_S * 2 ** min(lease.attempts, 10), LONGEST_RETRY_S)
    return replace(lease, attempts=lease.attempts + 1, due_s=now_s + wait_s)
