"""A lease: our hold on an actuator, which ends when its owner's value is restored.

The owner is whatever normally sets the actuator: a thermostat, an automation, a person.

A lease is level-triggered. It knows what the actuator should show, and writes until it
shows that. It ends when the owner's value is restored, or when something else has set
another value, which is then left alone.
"""

from dataclasses import dataclass, replace

MIN_WRITE_INTERVAL_S = 60.0
FIRST_RETRY_S = 5.0
MAX_RETRY_S = 60.0
PATIENCE_S = 960.0
"""How long a head is waited for at most, and one that has never been seen to follow.

Battery-powered heads and cloud bridges may take a quarter of an hour to fetch a command
(deconz-rest-plugin#5349), and every repetition costs battery.
"""
PROBLEM_ATTEMPTS = 3
PROBLEM_AFTER_S = 180.0
OWNER_RAISE_S = 600.0
"""A valve that stays further open than we set it for this long was opened by its owner.

For a shorter time, it may be exercising against limescale, and come back.
"""
MAX_HELD_VALUES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ActuatorProfile:
    """How one kind of actuator behaves. Values are in that actuator's unit.

    Values within ``tolerance`` are equal. A change of at least ``big_step`` does not
    wait for the minimum interval between writes; what an actuator makes of a value by
    its own rounding differs from it by less. ``settle_s`` is how long one that follows
    promptly takes, ``patience_s`` how long one is waited for that has not been seen to
    follow. ``lowers``: we want less than the owner does, not more. ``steps`` are those
    in which it may round a value; without any, it may also drift.
    """

    tolerance: float
    big_step: float
    settle_s: float = 45.0
    patience_s: float = PATIENCE_S
    lowers: bool = False
    steps: tuple[float, ...] = ()


VALVE = ActuatorProfile(tolerance=3.0, big_step=20.0)
SETPOINT = ActuatorProfile(tolerance=0.3, big_step=1.0, steps=(0.5, 1.0))
BOILER_SETPOINT = ActuatorProfile(
    tolerance=0.6, big_step=1.0, patience_s=120.0, lowers=True
)
BOILER_SWITCH = ActuatorProfile(
    tolerance=0.1, big_step=1.0, patience_s=120.0, lowers=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The hold on one actuator: its owner's value, ours, and how far it has followed.

    ``prior`` is the owner's value. ``wanted`` is ours; None while the actuator is
    being given back. ``written`` is the last value written (None: none yet), at
    ``written_s``, when the actuator showed ``written_over``. ``shown_as`` is what it
    shows for ``written`` by its own rounding. ``held`` are the values, written or shown
    for them, that were ours, not the owner's. ``confirmed``: the actuator has shown
    ``written``; ``follows_in_s`` is how long such took before, None if it has not been
    seen to follow. ``overtakes``: it was written before an earlier command had shown,
    which may still take effect. ``raised_since_s`` is since when it has been further
    open than we set it. ``doubted_until_s``: it has just come back, and until then may
    show an old value. ``resumed``: an earlier run took it, and this run has not
    written it.
    """

    profile: ActuatorProfile
    prior: float
    wanted: float | None
    written: float | None = None
    written_s: float = 0.0
    written_over: float = 0.0
    shown_as: float | None = None
    held: tuple[float, ...] = ()
    raised_since_s: float | None = None
    doubted_until_s: float | None = None
    confirmed: bool = False
    overtakes: bool = False
    follows_in_s: float | None = None
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

    def shows_written(self, value: float) -> bool:
        """Return whether a value is what was written last, or is shown for it."""
        expected = (self.written, self.shown_as)
        return any(one is not None and self.is_same(value, one) for one in expected)

    def is_held(self, value: float) -> bool:
        """Return whether a value is one of ours."""
        return any(self.is_same(value, held) for held in self.held)

    def is_left_at(self, value: float) -> bool:
        """Return whether a value is where an earlier run has left the actuator."""
        rounded = not self.confirmed and self.is_rounding(value)
        return self.is_held(value) or rounded

    def is_rounding(self, value: float) -> bool:
        """Return whether a value may be what the actuator made of the one written."""
        return abs(value - self.last_set) < self.profile.big_step

    def is_drift(self, value: float) -> bool:
        """Return whether a value may be the written one, in steps of the actuator's own.

        Between its steps, a value that it does not round to was set by something else.
        """
        steps = self.profile.steps
        off = abs(value - self.last_set)
        return self.is_rounding(value) and (
            not steps
            or any(off < step and round(value / step, 2) % 1 == 0 for step in steps)
        )

    def is_due(self, now_s: float) -> bool:
        """Return whether to write now."""
        return not self.in_flight and self.due_s is not None and now_s >= self.due_s

    def has_settled(self, now_s: float) -> bool:
        """Return whether a prompt actuator has had time to follow the last write."""
        return now_s - self.written_s >= self.profile.settle_s

    @property
    def patience_s(self) -> float:
        """How long to wait for this actuator, by how long it took before."""
        if self.follows_in_s is None:
            return self.profile.patience_s
        return min(max(self.profile.settle_s, 2 * self.follows_in_s), PATIENCE_S)

    def has_waited(self, now_s: float) -> bool:
        """Return whether this actuator has had time to follow the last write.

        Each repetition waits twice as long as the one before.
        """
        wait_s = self.patience_s * 2.0 ** min(self.attempts, 10)
        return now_s - self.written_s >= min(wait_s, PATIENCE_S)

    @property
    def next_due_s(self) -> float | None:
        """When to observe the lease again even if the actuator reports nothing."""
        if self.in_flight:
            return None
        if self.doubted_until_s is not None:
            return self.doubted_until_s
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
        since_s, wait_s = self.unconfirmed_since_s, PROBLEM_AFTER_S
        if self.follows_in_s is not None:
            wait_s = max(wait_s, self.patience_s)
        return since_s is not None and now_s - since_s >= wait_s


def take(
    prior: float,
    wanted: float,
    profile: ActuatorProfile,
    now_s: float,
    *,
    follows_in_s: float | None = None,
) -> Lease:
    """Start a lease on an actuator that shows ``prior``.

    ``follows_in_s`` is how long it took to follow under earlier leases.
    """
    lease = Lease(
        profile=profile, prior=prior, wanted=wanted, follows_in_s=follows_in_s
    )
    return plan_write(lease, prior, now_s)


def resume(
    prior: float,
    held: tuple[float, ...],
    profile: ActuatorProfile,
    *,
    confirmed: bool = True,
) -> Lease:
    """Give back what an earlier run held, once the actuator can be read.

    Not ``confirmed``: that run did not see it follow, so its command may still be on
    the way to a head that sleeps.
    """
    return Lease(
        profile=profile,
        prior=prior,
        wanted=None,
        written=held[-1] if held else prior,
        held=held,
        confirmed=confirmed,
        resumed=True,
    )


def keep(lease: Lease, shown: float) -> Lease:
    """Go on with a resumed lease whose actuator still shows what it was left at."""
    return replace(lease, wanted=shown, written=shown, confirmed=True, resumed=False)


def note_return(lease: Lease, now_s: float) -> Lease:
    """Doubt what an actuator shows that was unavailable: its bridge may have restarted.

    For a moment, that shows what it remembers, and then what the actuator reports.
    """
    if lease.written is None or lease.in_flight or lease.resumed:
        return lease
    return replace(lease, doubted_until_s=now_s + lease.profile.settle_s)


def set_wanted(lease: Lease, wanted: float, now_s: float) -> Lease:
    """Change the value we want."""
    if lease.wanted == wanted:
        return lease
    if lease.raised_since_s is not None or lease.doubted_until_s is not None:
        # It may have been set by its owner: write nothing.
        return replace(lease, wanted=wanted)
    return plan_write(replace(lease, wanted=wanted), lease.last_set, now_s)


def release(lease: Lease, now_s: float, restore_to: float | None = None) -> Lease:
    """Give the actuator back, at ``restore_to`` if its owner's value has changed."""
    prior = lease.prior if restore_to is None else restore_to
    if lease.wanted is None and prior == lease.prior:
        return lease
    released = replace(lease, wanted=None, prior=prior)
    if lease.resumed or lease.raised_since_s is not None:
        return released
    if lease.doubted_until_s is not None:
        return released
    return plan_write(released, lease.last_set, now_s)


def begin_write(lease: Lease, shown: float, now_s: float) -> Lease:
    """Record that the target is being written to an actuator that shows ``shown``."""
    if lease.written not in (None, lease.target) and lease.shows_written(shown):
        lease = note_obedience(lease, now_s)
    since_s = lease.unconfirmed_since_s
    return replace(
        lease,
        written=lease.target,
        written_s=now_s,
        written_over=shown,
        shown_as=None,
        held=held_with(lease, lease.target) if lease.wanted is not None else lease.held,
        overtakes=_overtakes(lease, shown),
        raised_since_s=None,
        confirmed=False,
        unconfirmed_since_s=now_s if since_s is None else since_s,
        in_flight=True,
        due_s=None,
        resumed=False,
    )


def _overtakes(lease: Lease, shown: float) -> bool:
    """Return whether an earlier command of this run may come after the next write.

    One that has been shown since the last write has come.
    """
    if lease.written is None or lease.confirmed or lease.resumed:
        return False
    if lease.is_same(lease.written, lease.target):
        return lease.overtakes and not lease.is_held(shown)
    return True


def write_succeeded(lease: Lease) -> Lease:
    """Record that the call went through; the actuator has yet to obey."""
    return replace(lease, in_flight=False)


def write_failed(lease: Lease, now_s: float) -> Lease:
    """Record that the call failed, and plan another."""
    return _plan_retry(replace(lease, in_flight=False), now_s)


def note_obedience(lease: Lease, now_s: float) -> Lease:
    """Record that the actuator has followed, and how long it took at most of late."""
    took_s, since_s = lease.follows_in_s, lease.unconfirmed_since_s
    if since_s is not None:
        took_s = max(now_s - since_s, (took_s or 0.0) / 2)
    return replace(
        lease,
        confirmed=True,
        unconfirmed_since_s=None,
        attempts=0,
        follows_in_s=took_s,
    )


def held_with(lease: Lease, value: float) -> tuple[float, ...]:
    """Return the held values with one more."""
    if value in lease.held:
        return lease.held
    return (*lease.held[-MAX_HELD_VALUES:], value)


def plan_write(lease: Lease, shown: float, now_s: float) -> Lease:
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
