"""Leases: actuators are given back, unless something else has taken them over."""

from dataclasses import dataclass, field
from math import ceil

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.heating.engine import lease as leases
from custom_components.load_sharing.heating.engine.lease import (
    BOILER_SETPOINT,
    VALVE,
    ActuatorProfile,
    Lease,
)
from custom_components.load_sharing.heating.engine.observation import Verdict, observe


@dataclass
class Device:
    """An actuator that obeys, obeys late, or not at all."""

    value: float = 0.0
    obeys: bool = True
    fails: bool = False
    profile: ActuatorProfile = VALVE
    steps: float = 0.0
    written: list[float] = field(default_factory=list)
    now_s: float = 0.0
    verdict: Verdict = Verdict.WAITING
    lease: Lease | None = None

    def take(self, wanted: float) -> None:
        """Start a lease."""
        self.lease = leases.take(self.value, wanted, self.profile, self.now_s)
        self.send()

    def send(self) -> None:
        """Write the target if that is due."""
        lease = self.lease
        if lease is None or not lease.is_due(self.now_s):
            return
        lease = leases.begin_write(lease, self.value, self.now_s)
        self.written.append(lease.target)
        if self.fails:
            self.lease = leases.write_failed(lease, self.now_s)
            return
        self.lease = leases.write_succeeded(lease)
        if self.obeys:
            self.follow()

    def follow(self) -> None:
        """Do what was written last, rounded up to the device's own steps."""
        value = self.written[-1]
        self.value = ceil(value / self.steps) * self.steps if self.steps else value

    def observe(self, seconds: float = 0.0, by_person: bool = False) -> Verdict:
        """Let time pass, and observe the actuator."""
        self.now_s += seconds
        assert self.lease is not None
        self.lease, self.verdict = observe(
            self.lease, self.value, self.now_s, by_person=by_person
        )
        if self.verdict in (Verdict.OVERRIDDEN, Verdict.RESTORED):
            self.lease = None
        else:
            self.send()
        return self.verdict

    def want(self, value: float) -> None:
        """Change the value we want."""
        assert self.lease is not None
        self.lease = leases.set_wanted(self.lease, value, self.now_s)
        self.send()

    def release(self, restore_to: float | None = None) -> None:
        """Give the actuator back."""
        assert self.lease is not None
        self.lease = leases.release(self.lease, self.now_s, restore_to)
        self.send()


def test_taken_held_and_given_back() -> None:
    """A valve goes from 0 % to 70 % and back to 0 %."""
    valve = Device()
    valve.take(70)
    assert valve.observe(5) is Verdict.OURS
    valve.release()
    assert valve.observe(5) is Verdict.RESTORED
    assert valve.written == [70, 0]


def test_never_below_its_owners_value() -> None:
    """An owner at 80 % is not lowered to 70 %, and nothing is given back."""
    valve = Device(value=80)
    valve.take(70)
    valve.observe(60)
    valve.release()
    assert valve.written == []
    assert valve.value == 80


def test_the_boilers_setpoint_is_lowered_and_never_raised() -> None:
    """70 °C is lowered to 30 °C, but 25 °C is not raised to it."""
    for prior, written in ((70.0, [30.0]), (25.0, [])):
        boiler = Device(value=prior, profile=BOILER_SETPOINT)
        boiler.take(30)
        assert boiler.written == written


def test_small_changes_wait_for_a_minute() -> None:
    """A step of 10 % waits for a minute; steps of 20 % and giving back do not."""
    valve = Device()
    valve.take(70)
    valve.observe(10)
    valve.want(80)
    assert valve.written == [70]
    valve.observe(49)
    assert valve.written == [70]
    valve.observe(1)
    assert valve.written == [70, 80]
    valve.want(100)
    assert valve.written == [70, 80, 100]
    valve.release()
    assert valve.written == [70, 80, 100, 0]


def test_a_call_that_fails_is_tried_again() -> None:
    """Failed calls are repeated after 5, 10, 20 s ..., a problem after the third."""
    valve = Device(fails=True)
    valve.take(70)
    for wait_s in (5, 10, 20):
        valve.observe(wait_s - 1)
        before = len(valve.written)
        valve.observe(1)
        assert len(valve.written) == before + 1
    assert valve.lease is not None
    assert valve.lease.has_problem(valve.now_s)
    valve.fails = False
    valve.observe(60)
    valve.observe(5)
    assert valve.value == 70
    assert not valve.lease.has_problem(valve.now_s)


def test_a_valve_that_has_followed_before_is_told_again_when_it_does_not() -> None:
    """A lost command is repeated after 45 s, then after 90 s, 3 min, 6 min, 12 min."""
    valve = Device()
    valve.take(70)
    valve.observe(5)
    valve.obeys = False
    valve.want(100)
    valve.observe(44)
    assert valve.written == [70, 100]
    repeated_s = []
    since_s = valve.now_s - 44
    for _ in range(160):
        before = len(valve.written)
        valve.observe(10)
        if len(valve.written) > before:
            repeated_s.append(round(valve.now_s - since_s, -1))
    assert repeated_s == [50, 140, 320, 680, 1400]
    assert valve.lease is not None
    assert valve.lease.has_problem(valve.now_s)


@pytest.mark.parametrize("minutes", [5, 10, 15])
def test_a_head_that_sleeps_is_told_once(minutes: int) -> None:
    """Nothing is known of it yet: 90 % are written once, however long it takes."""
    head = Device(obeys=False)
    head.take(90)
    for _ in range(minutes * 2):
        head.observe(30)
    assert head.written == [90]
    head.follow()
    assert head.observe(1) is Verdict.OURS
    head.release()
    for _ in range(minutes * 2):
        head.observe(30)
    assert head.written == [90, 0]
    assert head.lease is not None
    assert not head.lease.has_problem(head.now_s)
    head.follow()
    assert head.observe(1) is Verdict.RESTORED


def test_a_head_that_never_wakes_is_a_problem_after_three_minutes() -> None:
    """It may still sleep, but it is not open."""
    head = Device(obeys=False)
    head.take(90)
    head.observe(179)
    assert head.lease is not None
    assert not head.lease.has_problem(head.now_s)
    head.observe(1)
    assert head.lease.has_problem(head.now_s)


def test_how_long_a_head_takes_is_known_to_the_next_lease() -> None:
    """A head that took ten minutes is given another ten, and no problem is shown."""
    head = Device(obeys=False)
    head.take(90)
    head.observe(600)
    head.follow()
    head.observe()
    assert head.lease is not None
    took_s = head.lease.follows_in_s
    assert took_s == 600
    lease = leases.take(0, 90, VALVE, head.now_s, follows_in_s=took_s)
    lease = leases.write_succeeded(leases.begin_write(lease, 0, head.now_s))
    assert not lease.has_problem(head.now_s + 900)
    assert lease.has_problem(head.now_s + 960)


@pytest.mark.parametrize(
    ("profile", "prior", "wanted", "steps", "shown"),
    [
        (VALVE, 0.0, 40.0, 12.5, 50.0),
        (VALVE, 0.0, 90.0, 25.0, 100.0),
        (VALVE, 0.0, 70.0, 5.0, 70.0),
        (leases.SETPOINT, 16.0, 22.5, 1.0, 23.0),
    ],
)
def test_a_head_with_steps_of_its_own_is_no_person(
    profile: ActuatorProfile, prior: float, wanted: float, steps: float, shown: float
) -> None:
    """It rounds 40 % up to 50 %, or 22.5 °C to 23 °C; both are given back."""
    head = Device(value=prior, profile=profile, steps=steps)
    head.take(wanted)
    assert head.value == shown
    for _ in range(40):
        assert head.observe(60) is Verdict.OURS
    assert head.written == [wanted]
    head.release()
    assert head.value == prior
    assert head.observe(5) is Verdict.RESTORED


def test_a_head_that_rounds_down_is_told_once() -> None:
    """It stays at 62.5 % of 70 %, and is no longer waited for after 45 s."""
    head = Device(obeys=False)
    head.take(70)
    head.value = 62.5
    assert head.observe(44) is Verdict.WAITING
    assert head.observe(1) is Verdict.OURS
    head.observe(3000)
    assert head.written == [70]


def test_a_step_smaller_than_the_heads_own_is_repeated_once() -> None:
    """It stays at 75 % when 80 % are written, and that is its 80 %."""
    head = Device(steps=25)
    head.take(70)
    head.observe(60)
    head.obeys = False
    head.want(80)
    for _ in range(200):
        head.observe(30)
    assert head.written == [70, 80, 80]
    assert head.lease is not None
    assert not head.lease.has_problem(head.now_s)


def test_what_a_head_made_of_our_value_is_known_after_a_restart() -> None:
    """50 % shown for 40 % is ours, too."""
    head = Device(steps=12.5)
    head.take(40)
    head.observe(5)
    assert head.lease is not None
    assert head.lease.held == (40, 50)


def test_a_crash_while_the_head_slept() -> None:
    """It still shows 0 %, is sent 0 % to replace our 90 %, and fetches 90 % first."""
    head = Device(obeys=False)
    head.lease = leases.resume(0, (90,), VALVE, confirmed=False)
    assert head.observe() is Verdict.WAITING
    assert head.written == [0]
    head.observe(300)
    head.value = 90
    assert head.observe(10) is Verdict.WAITING
    assert head.written == [0, 0]
    head.follow()
    assert head.observe(10) is Verdict.RESTORED


def test_a_head_that_slept_through_a_crash_and_stays_shut_is_left() -> None:
    """16 minutes after it was sent 0 % it still shows that."""
    head = Device(obeys=False)
    head.lease = leases.resume(0, (90,), VALVE, confirmed=False)
    head.observe()
    assert head.observe(900) is Verdict.WAITING
    assert head.observe(60) is Verdict.RESTORED
    assert head.written == [0]


def test_a_valve_on_its_way_is_waited_for() -> None:
    """A valve that moves from 20 % through 45 % to 70 % is not written again."""
    valve = Device(obeys=False)
    valve.take(70)
    for valve.value in (20, 45):
        assert valve.observe(10) is Verdict.WAITING
    valve.value = 69
    assert valve.observe(10) is Verdict.OURS
    assert valve.written == [70]


def test_a_person_takes_it() -> None:
    """A value set by a person ends the lease and is not overwritten."""
    valve = Device()
    valve.take(70)
    valve.observe(60)
    valve.value = 30
    assert valve.observe(5, by_person=True) is Verdict.OVERRIDDEN
    assert valve.written == [70]


def test_an_unexplained_change_takes_it_too() -> None:
    """A change to any other value ends the lease: the head was turned by hand."""
    valve = Device()
    valve.take(70)
    valve.observe(60)
    valve.value = 35
    assert valve.observe(5) is Verdict.OVERRIDDEN


def test_an_owner_who_wants_more_has_it() -> None:
    """An owner that opens to 100 % while we hold 70 % keeps its 100 %."""
    for seconds in (5, 700):
        valve = Device()
        valve.take(70)
        valve.observe(60)
        valve.value = 100
        assert valve.observe(5) is Verdict.OURS
        valve.want(90)
        assert valve.observe(seconds) is Verdict.OURS
        valve.release()
        assert valve.observe(600) is Verdict.RESTORED
        assert valve.value == 100
        assert valve.written == [70]


@pytest.mark.parametrize("released", ["before", "during", "after"])
def test_a_valve_that_exercises_is_given_back_as_its_owner_had_it(
    released: str,
) -> None:
    """A valve that exercises against limescale is still given back shut."""
    valve = Device()
    valve.take(70)
    valve.observe(60)
    valve.value = 100
    valve.observe(5)
    if released == "during":
        valve.release()
        valve.observe(5)
        assert valve.value == 100
    valve.value = 70
    valve.observe(110)
    if released != "during":
        valve.observe(60 if released == "after" else 0)
        valve.release()
    assert valve.observe(5) is Verdict.RESTORED
    assert valve.value == 0


def test_a_valve_that_drifts_is_given_back_as_its_owner_had_it() -> None:
    """A drift from 70 % to 74 % does not change the owner's value."""
    valve = Device()
    valve.take(70)
    valve.observe(60)
    valve.value = 74
    valve.observe(700)
    valve.release()
    assert valve.observe(5) is Verdict.RESTORED
    assert valve.value == 0


def test_an_old_report_does_not_prove_that_it_was_given_back() -> None:
    """A valve that still shows 0 % while it moves to 70 % is not yet given back."""
    valve = Device(obeys=False)
    valve.take(70)
    valve.observe(5)
    valve.release()
    assert valve.written == [70, 0]
    assert valve.observe(5) is Verdict.WAITING
    valve.value = 35
    assert valve.observe(5) is Verdict.WAITING
    valve.value = 70
    valve.obeys = True
    assert valve.observe(40) is Verdict.WAITING
    assert valve.observe(5) is Verdict.RESTORED
    assert valve.value == 0


def test_a_command_that_is_overtaken_may_still_come() -> None:
    """Opened, and given back before that shows: 0 % is seen, then the 70 % arrive.

    A lease that had ended with the 0 % would leave the valve open for good.
    """
    valve = Device(obeys=False)
    valve.value = 10
    valve.take(70)
    valve.value = 40
    assert valve.observe(1) is Verdict.WAITING
    valve.release()
    assert valve.written == [70, 10]
    valve.value = 10
    assert valve.observe(1) is Verdict.WAITING
    valve.value = 70
    valve.obeys = True
    assert valve.observe(1) is Verdict.WAITING
    for _ in range(40):
        if valve.observe(30) is Verdict.RESTORED:
            break
    assert valve.value == 10


def test_a_valve_that_never_obeys_is_told_for_ever() -> None:
    """Commands to a dead valve are repeated for weeks."""
    valve = Device(obeys=False)
    valve.take(70)
    for _ in range(3000):
        valve.observe(600)
    assert len(valve.written) > 1200


def test_a_value_that_falls_back_is_corrected_three_times() -> None:
    """A value that falls back a fourth time is its owner's."""
    valve = Device()
    valve.take(70)
    for _ in range(3):
        valve.observe(60)
        valve.value = 0
        assert valve.observe(5) is Verdict.WAITING
        assert valve.value == 70
    valve.observe(60)
    valve.value = 0
    assert valve.observe(5) is Verdict.OVERRIDDEN
    assert valve.written == [70] * 4


def test_a_bridge_that_reports_the_former_setpoint_again_is_no_person() -> None:
    """Right after the echo of a command, and again after its correction."""
    head = Device(value=16, profile=leases.SETPOINT)
    head.take(21)
    head.observe(1)
    for _ in range(3):
        head.value = 16
        assert head.observe(4) is Verdict.WAITING
        assert head.value == 21
        head.observe(1)


def test_the_owner_changes_its_mind_before_we_write() -> None:
    """An owner that shuts a valve from 80 % lets us open it to 70 %."""
    valve = Device(value=80)
    valve.take(70)
    valve.value = 10
    valve.observe(5)
    assert valve.written == [70]
    valve.release()
    assert valve.value == 10


def test_a_restart_gives_back_what_still_holds_our_value() -> None:
    """A valve at 70 % or 60 %, values of the last run, goes back to 5 %."""
    for value in (70.0, 60.0):
        valve = Device(value=value)
        valve.lease = leases.resume(5, (60, 70), VALVE)
        valve.observe()
        valve.observe(5)
        assert valve.value == 5
        assert valve.verdict is Verdict.RESTORED


def test_a_person_who_turns_a_head_on_after_a_restart_gets_its_own_setpoint() -> None:
    """The head still shows our value: the person set its mode, not its setpoint."""
    head = Device(value=22, profile=leases.SETPOINT)
    head.lease = leases.resume(16, (22,), leases.SETPOINT)
    head.observe(by_person=True)
    assert head.value == 16


def test_a_restart_while_the_valve_moves() -> None:
    """A valve that is still moving is waited for, and then given back."""
    valve = Device(value=5)
    valve.lease = leases.resume(5, (70,), VALVE)
    for moving in (5, 20, 35, 50):
        valve.value = moving
        assert valve.observe(10) is Verdict.WAITING
    valve.value = 70
    valve.observe(4)
    assert valve.observe(5) is Verdict.RESTORED
    assert valve.value == 5


def test_a_restart_leaves_what_does_not() -> None:
    """A valve at 40 % was taken over, one at 5 % is already back: write neither."""
    for value, verdict in ((40.0, Verdict.OVERRIDDEN), (5.0, Verdict.RESTORED)):
        valve = Device(value=value)
        valve.lease = leases.resume(5, (70,), VALVE)
        assert valve.observe() is Verdict.WAITING
        assert valve.observe(45) is verdict
        assert valve.written == []


def test_giving_back_another_value() -> None:
    """A lease can be given back at 21 °C if the schedule has moved on from 17 °C."""
    dial = Device(value=17, profile=leases.SETPOINT)
    dial.take(23)
    dial.observe(60)
    dial.release(21)
    assert dial.value == 21


steps = st.lists(
    st.one_of(
        st.tuples(st.just("want"), st.integers(1, 100)),
        st.tuples(st.just("wait"), st.sampled_from([1, 10, 50, 300])),
        st.tuples(st.just("fails"), st.booleans()),
        st.tuples(st.just("obeys"), st.booleans()),
    ),
    max_size=25,
)


@given(prior=st.integers(0, 100), wanted=st.integers(1, 100), story=steps)
def test_it_always_comes_back(
    prior: int, wanted: int, story: list[tuple[str, int]]
) -> None:
    """Whatever fails on the way, the owner's value is restored in the end."""
    valve = Device(value=prior)
    valve.take(wanted)
    for what, value in story:
        assert valve.lease is not None
        if what == "want":
            valve.want(value)
        elif what == "wait":
            valve.observe(value)
        else:
            setattr(valve, what, bool(value))
    assert min(valve.written, default=prior) >= prior
    assert valve.lease is not None
    valve.release()
    valve.fails, valve.obeys = False, True
    for _ in range(40):
        if valve.lease is not None:
            valve.observe(60)
    assert valve.verdict is Verdict.RESTORED or not valve.written
    assert abs(valve.value - prior) <= VALVE.tolerance
