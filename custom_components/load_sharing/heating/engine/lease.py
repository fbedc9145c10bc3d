"""A lease: our hold on an actuator, which ends when its owner's value is restored.

The owner is whatever normally sets the actuator: a thermostat, an automation, a person.

A lease is level-triggered. It knows what the actuator should show, and writes until it
shows that. It ends when the owner's value is restored, or when something else has set
another value, which is then left alone.

Each observation finds the lease in one of these situations:

- a call is in flight: wait for it;
- resumed from an earlier run: is the actuator still where that run left it?
- nothing written yet: any change is the owner's;
- written, and the actuator shows it: it obeyed;
- written, but not shown yet: it is moving, the command was lost, or it is overridden;
- was shown, and no longer is: it fell back, drifted, opened further, or is overridden.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

MIN_WRITE_INTERVAL_S = 60.0
FIRST_RETRY_S = 5.0
MAX_RETRY_S = 60.0
MAX_REVERTS = 3
"""An actuator that falls back more often than this is left to its owner."""
PROBLEM_ATTEMPTS = 3
PROBLEM_AFTER_S = 180.0
OWNER_RAISE_S = 600.0
"""A valve that stays further open than we set it for this long was opened by its owner.

For a shorter time, it may be exercising against limescale, and come back.
"""
MAX_HELD_VALUES = 8


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ActuatorProfile:
    """How one kind of actuator behaves. Values are in that actuator's unit.

    Values within ``tolerance`` are equal. A change of at least ``big_step`` does not
    wait for the minimum interval between writes. ``settle_s`` after a write, the
    actuator must show whether it obeyed. ``lowers``: we want less than the owner
    does, not more.
    """

    tolerance: float
    big_step: float
    settle_s: float = 45.0
    lowers: bool = False


VALVE = ActuatorProfile(tolerance=3.0, big_step=20.0)
SETPOINT = ActuatorProfile(tolerance=0.3, big_step=1.0)
BOILER_SETPOINT = ActuatorProfile(tolerance=0.6, big_step=1.0, lowers=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The hold on one actuator: its owner's value, ours, and how far it has followed.

    ``prior`` is the owner's value. ``wanted`` is ours; None while the actuator is
    being given back. ``written`` is the last value written (None: none yet), at
    ``written_s``, when the actuator showed ``written_over``. ``held`` are the written
    values that were ours, not the owner's. ``confirmed``: the actuator has shown
    ``written``. ``raised_since_s`` is since when it has been further open than we set
    it. ``resumed``: an earlier run took it, and this run has not written it.
    """

    profile: ActuatorProfile
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
        """The value the actuator should show: never less than its owner wants."""
        if self.wanted is None:
            return self.prior
        if self.profile.lowers:
            return min(self.prior, self.wanted)
        return max(self.prior, self.wanted)

    @property
    def last_set(self) -> float:
        """The last value that the actuator was set to, by us or by its owner."""
        return self.prior if self.written is None else self.written

    def is_same(self, one: float, other: float) -> bool:
        """Return whether two values are equal within the actuator's tolerance."""
        return abs(one - other) <= self.profile.tolerance

    def is_due(self, now_s: float) -> bool:
        """Return whether to write now."""
        return not self.in_flight and self.due_s is not None and now_s >= self.due_s

    def has_settled(self, now_s: float) -> bool:
        """Return whether the actuator has had time to follow the last write."""
        return now_s - self.written_s >= self.profile.settle_s

    @property
    def next_due_s(self) -> float | None:
        """When to observe the lease again even if the actuator reports nothing."""
        if self.in_flight:
            return None
        if self.due_s is not None:
            return self.due_s
        if self.raised_since_s is not None:
            return self.raised_since_s + OWNER_RAISE_S
        if self.resumed and self.unconfirmed_since_s is not None:
            return self.unconfirmed_since_s + self.profile.settle_s
        if self.written is not None and not self.confirmed:
            return self.written_s + self.profile.settle_s
        return None

    def has_problem(self, now_s: float) -> bool:
        """Return whether the actuator does not follow: calls fail, or nothing moves."""
        if self.attempts >= PROBLEM_ATTEMPTS:
            return True
        since_s = self.unconfirmed_since_s
        return since_s is not None and now_s - since_s >= PROBLEM_AFTER_S


def take(prior: float, wanted: float, profile: ActuatorProfile, now_s: float) -> Lease:
    """Start a lease on an actuator that shows ``prior``."""
    lease = Lease(profile=profile, prior=prior, wanted=wanted)
    return _plan_write(lease, prior, now_s)


def resume(prior: float, held: tuple[float, ...], profile: ActuatorProfile) -> Lease:
    """Give back what an earlier run held, once the actuator can be read."""
    return Lease(
        profile=profile,
        prior=prior,
        wanted=None,
        written=held[-1] if held else prior,
        held=held,
        resumed=True,
    )


def set_wanted(lease: Lease, wanted: float, now_s: float) -> Lease:
    """Change the value we want."""
    if lease.wanted == wanted:
        return lease
    if lease.raised_since_s is not None:
        # It is further open than we set it, perhaps by its owner: write nothing.
        return replace(lease, wanted=wanted)
    return _plan_write(replace(lease, wanted=wanted), lease.last_set, now_s)


def release(lease: Lease, now_s: float, restore_to: float | None = None) -> Lease:
    """Give the actuator back, at ``restore_to`` if its owner's value has changed."""
    prior = lease.prior if restore_to is None else restore_to
    if lease.wanted is None and prior == lease.prior:
        return lease
    released = replace(lease, wanted=None, prior=prior)
    if lease.resumed or lease.raised_since_s is not None:
        return released
    return _plan_write(released, lease.last_set, now_s)


def begin_write(lease: Lease, shown: float, now_s: float) -> Lease:
    """Record that the target is being written to an actuator that shows ``shown``."""
    since_s = lease.unconfirmed_since_s
    return replace(
        lease,
        written=lease.target,
        written_s=now_s,
        written_over=shown,
        held=_held_with_target(lease),
        raised_since_s=None,
        confirmed=False,
        unconfirmed_since_s=now_s if since_s is None else since_s,
        in_flight=True,
        due_s=None,
        resumed=False,
    )


def write_succeeded(lease: Lease) -> Lease:
    """Record that the call went through; the actuator has yet to obey."""
    return replace(lease, in_flight=False)


def write_failed(lease: Lease, now_s: float) -> Lease:
    """Record that the call failed, and plan another."""
    return _plan_retry(replace(lease, in_flight=False), now_s)


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
    if lease.is_same(value, lease.written):
        return _observe_obeyed(lease, value, now_s)
    if not lease.confirmed:
        return _observe_moving(lease, value, now_s, by_person=by_person)
    return _observe_changed(lease, value, now_s, by_person=by_person)


def _observe_resumed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """An earlier run took it: is it where that run left it, or still on its way?"""
    if by_person:
        return lease, Verdict.OVERRIDDEN
    since_s = lease.unconfirmed_since_s
    if since_s is None:
        since_s = now_s
        lease = replace(lease, unconfirmed_since_s=now_s)
    if any(lease.is_same(value, held) for held in lease.held):
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
    return _plan_write(replace(lease, prior=value), value, now_s), Verdict.OURS


def _observe_obeyed(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It shows what was written: it obeyed, or the reading is from before the write."""
    if lease.wanted is not None or not lease.is_same(value, lease.prior):
        obeyed = replace(lease, confirmed=True, unconfirmed_since_s=None, attempts=0)
        if lease.raised_since_s is not None:
            # It came back by itself, so we may move it again.
            obeyed = _plan_write(replace(obeyed, raised_since_s=None), value, now_s)
        return obeyed, Verdict.OURS
    # The owner's value proves nothing yet if it was already shown when we wrote it.
    moved = not lease.is_same(lease.written_over, value)
    restored = moved or lease.has_settled(now_s)
    return lease, Verdict.RESTORED if restored else Verdict.WAITING


def _observe_moving(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """Written, but not shown yet: it is moving, the command was lost, or overridden."""
    on_the_way = (lease.written_over, lease.target, *lease.held)
    low, high = min(on_the_way), max(on_the_way)
    tolerance = lease.profile.tolerance
    if by_person or not low - tolerance <= value <= high + tolerance:
        return lease, Verdict.OVERRIDDEN
    if lease.has_settled(now_s) and lease.due_s is None:
        lease = _plan_retry(lease, now_s)
    return lease, Verdict.WAITING


def _observe_changed(
    lease: Lease, value: float, now_s: float, *, by_person: bool
) -> tuple[Lease, Verdict]:
    """It showed what was written, and now shows something else."""
    if by_person:
        return lease, Verdict.OVERRIDDEN
    if value > lease.last_set and not lease.profile.lowers:
        return _observe_raised(lease, value, now_s)
    if lease.wanted is None:
        return lease, Verdict.OVERRIDDEN
    if lease.is_same(value, lease.prior) and lease.reverts < MAX_REVERTS:
        lease = replace(lease, confirmed=False, reverts=lease.reverts + 1, due_s=now_s)
        return lease, Verdict.WAITING
    return lease, Verdict.OVERRIDDEN


def _observe_raised(lease: Lease, value: float, now_s: float) -> tuple[Lease, Verdict]:
    """It opened further by itself: it drifts, it exercises, or its owner wants more."""
    if value - lease.last_set < lease.profile.big_step:
        return lease, Verdict.OURS
    since_s = lease.raised_since_s
    if since_s is None:
        return replace(lease, raised_since_s=now_s), Verdict.OURS
    if now_s - since_s < OWNER_RAISE_S:
        return lease, Verdict.OURS
    if lease.wanted is None:
        return lease, Verdict.RESTORED
    # This is the owner's value by now.
    raised = replace(lease, prior=value, written=value, raised_since_s=None)
    return _plan_write(raised, value, now_s), Verdict.OURS


def _held_with_target(lease: Lease) -> tuple[float, ...]:
    """Return the held values, with the target about to be written if it is ours."""
    if lease.wanted is None or lease.target in lease.held:
        return lease.held
    return (*lease.held[-MAX_HELD_VALUES:], lease.target)


def _plan_write(lease: Lease, shown: float, now_s: float) -> Lease:
    """Plan to write the target if the actuator shows another value.

    Small changes wait for the minimum interval between writes. Giving back does not.
    """
    change = abs(lease.target - shown)
    if change <= lease.profile.tolerance:
        return replace(lease, due_s=None)
    due_s = now_s
    small = change < lease.profile.big_step and lease.wanted is not None
    if small and lease.written is not None:
        due_s = max(now_s, lease.written_s + MIN_WRITE_INTERVAL_S)
    return replace(lease, due_s=due_s)


def _plan_retry(lease: Lease, now_s: float) -> Lease:
    """Plan another write; the wait doubles with every attempt, up to a limit."""
    wait_s = min(FIRST_RETRY_S * 2 ** min(lease.attempts, 10), MAX_RETRY_S)
    return replace(lease, attempts=lease.attempts + 1, due_s=now_s + wait_s)
