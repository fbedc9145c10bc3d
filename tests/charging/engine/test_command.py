"""Commands are sent until they are obeyed, one at a time, and stops first."""

# ruff: noqa: D102

from math import inf

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    LONGEST_RETRY_S,
    REASSERT_EVERY_S,
    REASSERT_SEEN_EVERY_S,
    REASSERT_STOP_EVERY_S,
    CommandState,
    ReadBack,
)
from custom_components.load_sharing.charging.engine.epochs import EPOCHS_KEPT
from custom_components.load_sharing.charging.engine.obedience import CONFIRM_WITHIN_S

from .car import Car
from .house import House


def sent(current_a: float, now_s: float = 0.0, holds_a: float = 10) -> CommandState:
    """A command whose call returned after 1 s."""
    state = commands.request(commands.holding(holds_a), current_a, now_s)
    return commands.call_succeeded(commands.begin_call(state, now_s), now_s + 1)


class TestSending:
    """There is one call at a time, and the latest wanted current wins."""

    def test_nothing_is_sent_before_something_is_wanted(self) -> None:
        assert not commands.is_due(commands.holding(16), 100)
        with pytest.raises(ValueError, match="no current"):
            commands.begin_call(commands.holding(16), 100)

    def test_what_is_wanted_is_due_at_once_even_if_the_charger_may_have_it(
        self,
    ) -> None:
        assert commands.is_due(commands.request(commands.holding(16), 16, 5), 5)

    def test_a_call_that_runs_is_waited_for(self) -> None:
        state = commands.begin_call(commands.request(commands.holding(16), 10, 0), 0)
        state = commands.request(state, 8, 1)
        assert not commands.is_due(state, 1)
        state = commands.call_succeeded(state, 2)
        assert commands.is_due(state, 2)
        assert commands.begin_call(state, 2).in_flight_a == 8

    def test_a_wish_that_came_during_a_failing_call_is_sent_at_once(self) -> None:
        state = commands.begin_call(commands.request(commands.holding(16), 10, 0), 0)
        state = commands.call_failed(commands.request(state, 8, 1), 2)
        assert commands.is_due(state, 2)
        assert state.attempts == 0

    def test_the_same_wish_again_changes_nothing(self) -> None:
        state = sent(8)
        assert commands.request(state, 8, 50) is state

    def test_a_correction_does_not_wait_for_the_next_attempt(self) -> None:
        state = sent(8)
        assert not commands.is_due(state, 5)
        assert commands.is_due(commands.retry_now(state, 5), 5)

    def test_a_correction_repeats_nothing_that_is_obeyed(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 2)
        assert commands.retry_now(state, 5) is state


class TestFailing:
    """A call that raises is repeated with growing pauses."""

    def test_pauses_double_up_to_half_a_minute(self) -> None:
        state = commands.request(commands.holding(16), 0, 0)
        pauses = []
        now_s = 0.0
        for _ in range(8):
            state = commands.call_failed(commands.begin_call(state, now_s), now_s)
            assert state.due_s is not None
            pauses.append(state.due_s - now_s)
            now_s = state.due_s
        assert pauses == [1, 2, 4, 8, 16, LONGEST_RETRY_S, 30, 30]

    def test_three_attempts_make_a_problem_and_obeying_ends_it(self) -> None:
        state = commands.request(commands.holding(16), 0, 0)
        problems = []
        for now_s in (0, 1, 3):
            state = commands.call_failed(commands.begin_call(state, now_s), now_s)
            problems.append(state.has_problem)
        assert problems == [False, False, True]
        assert not commands.read_back(state, ReadBack.OBEYS, 4).has_problem

    def test_calls_that_return_without_effect_are_a_problem_too(self) -> None:
        state = sent(8)
        for _ in range(2):
            state = commands.read_back(state, ReadBack.DIFFERS, 9)
            assert state.due_s is not None
            state = commands.begin_call(state, state.due_s)
            state = commands.call_succeeded(state, state.begun_s)
        assert state.has_problem
        assert not state.confirmed


class TestConfirming:
    """A call that returned is not a charger that obeys."""

    def test_it_is_repeated_until_the_charger_is_seen_to_obey(self) -> None:
        state = sent(8)
        assert state.accepted
        assert not state.confirmed
        assert state.due_s == 1 + CONFIRM_WITHIN_S
        state = commands.read_back(state, ReadBack.UNKNOWN, 5)
        assert not state.confirmed
        state = commands.read_back(state, ReadBack.OBEYS, 6)
        assert state.confirmed
        assert state.due_s == 6 + REASSERT_SEEN_EVERY_S

    def test_the_pauses_grow_while_the_charger_does_not_obey(self) -> None:
        state, sent_s = sent(8), [1.0]
        while state.due_s is not None and state.due_s < 600:
            now_s = state.due_s
            sent_s.append(now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.DIFFERS, now_s + 5)
        assert sent_s[:6] == [1, 11, 21, 31, 51, 91]
        assert len(sent_s) == 14

    @pytest.mark.parametrize(
        ("current_a", "every_s"), [(8, REASSERT_EVERY_S), (0, REASSERT_STOP_EVERY_S)]
    )
    def test_what_nothing_can_confirm_is_repeated_at_a_steady_pace(
        self, current_a: float, every_s: float
    ) -> None:
        state = commands.read_back(sent(current_a, -1), ReadBack.NONE, 0)
        for _ in range(5):
            assert state.confirmed
            assert not state.has_problem
            begun_s = state.begun_s
            assert state.due_s is not None
            state = commands.begin_call(state, state.due_s)
            assert state.begun_s >= begun_s + every_s
            state = commands.call_succeeded(state, state.begun_s)
            state = commands.read_back(state, ReadBack.NONE, state.begun_s)

    def test_what_nothing_can_confirm_needs_a_call_that_returned(self) -> None:
        state = commands.request(commands.holding(16), 8, 0)
        state = commands.call_failed(commands.begin_call(state, 0), 1)
        assert not commands.read_back(state, ReadBack.NONE, 1).confirmed

    def test_a_charger_that_somebody_changed_is_told_again_at_once(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 2)
        state = commands.read_back(state, ReadBack.DIFFERS, 60)
        assert commands.is_due(state, 60)
        assert state.desired_a == 8

    def test_readings_count_from_when_a_disobedient_charger_came_round(self) -> None:
        """The call that returned at 1 s was not obeyed; the one at 12 s was."""
        state = commands.read_back(sent(8), ReadBack.DIFFERS, 2)
        assert state.possible_at(11, settle_s=5) == (8, 10)
        state = commands.call_succeeded(commands.begin_call(state, 11), 12)
        state = commands.read_back(state, ReadBack.OBEYS, 12)
        assert state.settled_at(5) == 17
        assert state.possible_at(16.9, settle_s=5) == (8, 10)
        assert state.possible_at(17, settle_s=5) == (8, 8)

    def test_readings_count_from_the_last_call_if_nothing_was_seen_of_the_first(
        self,
    ) -> None:
        state = commands.read_back(sent(20), ReadBack.UNKNOWN, 2)
        state = commands.call_succeeded(commands.begin_call(state, 11), 12)
        state = commands.read_back(state, ReadBack.OBEYS, 14)
        assert state.settled_at(5) == 16

    def test_a_repeated_reduction_does_not_outdate_what_the_meter_shows(self) -> None:
        state = commands.read_back(sent(0), ReadBack.UNKNOWN, 2)
        state = commands.call_succeeded(commands.begin_call(state, 11), 12)
        state = commands.read_back(state, ReadBack.OBEYS, 14)
        assert state.settled_at(5) == 6

    def test_readings_count_anew_after_somebody_changed_the_charger(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 2)
        state = commands.read_back(state, ReadBack.DIFFERS, 60)
        state = commands.call_succeeded(commands.begin_call(state, 60), 61)
        state = commands.read_back(state, ReadBack.OBEYS, 62)
        assert state.settled_at(5) == 67

    def test_a_repetition_of_what_is_obeyed_disturbs_no_reading(self) -> None:
        state = commands.read_back(sent(8), ReadBack.NONE, 1)
        again = commands.call_succeeded(commands.begin_call(state, 301), 302)
        assert again.settled_at(5) == state.settled_at(5) == 6

    def test_a_charger_that_obeys_although_the_call_failed_is_confirmed(self) -> None:
        state = commands.request(commands.holding(16), 8, 0)
        state = commands.call_failed(commands.begin_call(state, 0), 10)
        state = commands.read_back(state, ReadBack.OBEYS, 11)
        assert state.confirmed
        assert state.settled_at(5) == 16

    def test_what_may_be_forgotten_is_sent_once_more_and_stays_confirmed(self) -> None:
        state = commands.read_back(sent(16), ReadBack.NONE, 1)
        assert commands.resend(commands.holding(16), 50) == commands.holding(16)
        state = commands.resend(state, 50)
        assert commands.is_due(state, 50)
        state = commands.begin_call(state, 50)
        assert commands.resend(state, 51) is state
        state = commands.read_back(
            commands.call_succeeded(state, 51), ReadBack.NONE, 51
        )
        assert state.confirmed
        assert state.due_s == 51 + REASSERT_EVERY_S


class TestStop:
    """A stop stays wanted until it is confirmed."""

    def test_wishes_for_current_do_not_cancel_it(self) -> None:
        state = sent(0)
        assert state.stop_pending
        assert commands.request(state, 16, 2) is state
        state = commands.read_back(state, ReadBack.OBEYS, 3)
        assert commands.request(state, 16, 4).desired_a == 16

    def test_a_pause_that_ends_by_itself_is_pending_again(self) -> None:
        state = commands.read_back(sent(0), ReadBack.OBEYS, 3)
        state = commands.read_back(state, ReadBack.DIFFERS, 60)
        assert state.stop_pending
        assert commands.request(state, 16, 61) is state

    def test_one_that_fails_while_the_meter_ticks_is_sent_until_confirmed(
        self,
    ) -> None:
        """The house takes 36 A for 20 s, and calls to the charger fail for 100 s."""
        car = Car(holds_a=16, works=lambda now_s: now_s > 100, measured=True)
        house = House(lambda now_s: 36 if now_s < 20 else 4, car)
        house.run(4)
        assert car.state.has_problem
        house.run(100)
        assert set(house.sent_a()) == {0}
        assert car.state.stop_pending
        house.run(300)
        assert [current_a for _, current_a in car.told][:3] == [16, 0, 6]
        assert house.service_a() == (32,)


def test_what_a_charger_may_follow_goes_back_to_what_it_was_last_seen_with() -> None:
    state = commands.read_back(sent(20, 0, 32), ReadBack.OBEYS, 2)
    assert state.greatest_possible_a == 20
    state = commands.begin_call(commands.request(state, 12, 10), 10)
    state = commands.begin_call(
        commands.request(commands.call_failed(state, 11), 9, 12), 12
    )
    assert state.greatest_possible_a == 20


def test_what_was_in_force_is_not_forgotten_over_many_failures() -> None:
    state = commands.read_back(sent(32), ReadBack.OBEYS, 2)
    for now_s in range(10, 35):
        state = commands.request(state, 40 - now_s, now_s)
        state = commands.call_failed(commands.begin_call(state, now_s), now_s)
    assert len(state.epochs) == EPOCHS_KEPT
    assert state.possible_at(100, settle_s=5) == (6, 32)
    assert state.greatest_possible_a == 32


class Commanding(RuleBasedStateMachine):
    """A charger whose calls may work, fail or lie, and that others may change."""

    @initialize(holds_a=st.sampled_from([0, 6, 16, 32]), known=st.booleans())
    def start(self, holds_a: float, known: bool) -> None:
        self.now_s = 100.0
        self.holds_a = float(holds_a)
        self.state = commands.holding(holds_a) if known else commands.holding_up_to(32)
        self.stop_wanted = False

    @rule(seconds=st.sampled_from([0, 1, 4, 11, 31, 400]))
    def wait(self, seconds: float) -> None:
        self.now_s += seconds

    @rule(current_a=st.sampled_from([0, 6, 8, 10, 16, 24, 32]))
    def want(self, current_a: float) -> None:
        self.state = commands.request(self.state, current_a, self.now_s)
        if current_a == 0 and not self.state.confirmed:
            self.stop_wanted = True
        if not self.stop_wanted:
            assert self.state.desired_a == current_a

    @precondition(lambda self: commands.is_due(self.state, self.now_s))
    @rule()
    def begin(self) -> None:
        self.state = commands.begin_call(self.state, self.now_s)

    @precondition(lambda self: self.state.in_flight_a is not None)
    @rule(obeys=st.booleans(), returns=st.booleans())
    def end(self, obeys: bool, returns: bool) -> None:
        """A call that fails may have worked, and one that returns may not."""
        if obeys:
            assert self.state.in_flight_a is not None
            self.holds_a = self.state.in_flight_a
        outcome = commands.call_succeeded if returns else commands.call_failed
        self.state = outcome(self.state, self.now_s)

    @rule()
    def look(self) -> None:
        obeys = self.holds_a == self.state.desired_a
        seen = ReadBack.OBEYS if obeys else ReadBack.DIFFERS
        self.state = commands.read_back(self.state, seen, self.now_s)
        if self.state.confirmed and self.state.in_flight_a is None:
            assert obeys
            assert self.state.possible_at(inf, 5) == (self.holds_a, self.holds_a)
            self.stop_wanted = False

    @rule()
    def look_in_vain(self) -> None:
        before = self.state
        self.state = commands.read_back(before, ReadBack.UNKNOWN, self.now_s)
        assert self.state == before

    @rule()
    def correct(self) -> None:
        self.state = commands.retry_now(self.state, self.now_s)

    @precondition(lambda self: self.state.desired_a is not None)
    @rule()
    def the_charger_is_found_to_obey_in_the_end(self) -> None:
        """Once calls work again, the wanted current is reached."""
        state, holds_a, now_s = self.state, self.holds_a, self.now_s
        for _ in range(8):
            if state.in_flight_a is not None:
                holds_a = state.in_flight_a
                state = commands.call_succeeded(state, now_s)
            seen = ReadBack.OBEYS if holds_a == state.desired_a else ReadBack.DIFFERS
            state = commands.read_back(state, seen, now_s)
            if state.confirmed:
                break
            assert state.due_s is not None
            now_s = max(now_s, state.due_s)
            state = commands.begin_call(state, now_s)
        assert state.confirmed
        assert holds_a == state.desired_a

    @invariant()
    def a_stop_stays_wanted(self) -> None:
        if self.stop_wanted:
            assert self.state.desired_a == 0

    @invariant()
    def something_is_due_until_it_is_obeyed(self) -> None:
        state = self.state
        if state.desired_a is not None and not state.confirmed:
            assert state.in_flight_a is not None or state.due_s is not None

    @invariant()
    def the_history_is_in_order(self) -> None:
        epochs = self.state.epochs
        assert 1 <= len(epochs) <= EPOCHS_KEPT
        assert [e.begun_s for e in epochs] == sorted([e.begun_s for e in epochs])
        low_a, high_a = self.state.possible_at(self.now_s, 5)
        assert low_a <= high_a
        assert low_a <= epochs[-1].current_a <= high_a

    @invariant()
    def the_charger_holds_no_more_than_is_reckoned_with(self) -> None:
        assert self.holds_a <= self.state.greatest_possible_a


TestCommanding = Commanding.TestCase


def test_what_is_kept_is_no_increase_that_nobody_saw() -> None:
    """7 A were obeyed, 11 A and 9 A failed. At start-up it may hold any current."""
    state = commands.holding(7)
    for current_a in (11, 9):
        state = commands.call_failed(
            commands.begin_call(commands.request(state, current_a, 10), 10), 11
        )
        assert state.least_in_force_a == 7
        assert state.is_refused
    assert commands.request(state, 6, 12).least_in_force_a == 6
    found = commands.call_failed(
        commands.begin_call(commands.request(commands.holding_up_to(32), 6, 10), 10), 11
    )
    assert found.least_in_force_a == 6
    assert commands.holding_up_to(32).least_in_force_a is None


class TestReverting:
    """A charger that takes every current, and is back at its old one soon after."""

    @pytest.mark.parametrize("poll_s", [3, 10, 30, 60])
    def test_it_has_a_problem_at_the_third_poll(self, poll_s: float) -> None:
        state, now_s = commands.read_back(sent(0), ReadBack.OBEYS, 1), 0.0
        for poll in range(1, 4):
            assert not state.has_problem
            now_s = poll * poll_s
            state = commands.read_back(state, ReadBack.DIFFERS, now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.OBEYS, now_s)
        assert state.confirmed
        assert state.has_problem
        state = commands.read_back(state, ReadBack.OBEYS, now_s + 89)
        assert state.has_problem
        assert not commands.read_back(state, ReadBack.OBEYS, now_s + 91).has_problem

    def test_it_is_commanded_less_and_less_often(self) -> None:
        state, waits_s = commands.read_back(sent(0), ReadBack.OBEYS, 1), []
        for now_s in range(10, 70, 10):
            state = commands.read_back(state, ReadBack.DIFFERS, now_s)
            assert state.due_s is not None
            waits_s.append(state.due_s - now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.OBEYS, now_s)
        assert waits_s == [0, 0, 10, 20, 40, 60]

    def test_what_is_set_by_hand_is_no_fault_of_the_charger(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 1)
        for now_s in (10, 20, 30, 40):
            state = commands.read_back(state, ReadBack.DIFFERS, now_s, by_hand=True)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.OBEYS, now_s)
        assert not state.has_problem
        assert not state.obedience.lapses_s

    def test_once_in_a_while_is_no_problem(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 1)
        for now_s in (200, 400, 600, 800):
            state = commands.read_back(state, ReadBack.DIFFERS, now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.OBEYS, now_s)
        assert not state.has_problem


class TestForgetting:
    """A charger that falls back to a current of its own when it hears nothing."""

    def test_after_two_lapses_its_current_is_repeated_in_time(self) -> None:
        state = commands.read_back(sent(8), ReadBack.OBEYS, 1)
        for now_s in (60, 122):
            assert (
                state.due_s
                == commands.REASSERT_SEEN_EVERY_S + state.obedience.confirmed_s
            )
            state = commands.read_back(state, ReadBack.DIFFERS, now_s)
            state = commands.call_succeeded(commands.begin_call(state, now_s), now_s)
            state = commands.read_back(state, ReadBack.OBEYS, now_s)
        assert state.obedience.remind_s == 30
        assert state.due_s == 122 + 30
        assert not state.has_problem

    @pytest.mark.parametrize("lapses_s", [(60, 400), (60, 19), (5, 5)])
    def test_what_is_no_habit_is_not_repeated(
        self, lapses_s: tuple[float, float]
    ) -> None:
        state = sent(8)
        for kept_s in lapses_s:
            state = commands.note_lapse(state, kept_s)
        assert state.obedience.remind_s == inf


class TestAway:
    """The controls are away: what is wanted does not reach the charger."""

    def test_what_was_never_sent_is_not_in_force(self) -> None:
        state = commands.request(commands.holding(16), 10, 0)
        assert state.has_unsent(0)
        assert not state.is_blocked(0)
        state = commands.begin_call(state, 0, reaches=False)
        state = commands.call_failed(state, 0.1)
        assert state.epochs == commands.holding(16).epochs
        assert state.is_blocked(0.1)
        assert state.possible_at(60, 5) == (16, 16)

    def test_a_call_that_worked_after_all_counts(self) -> None:
        state = commands.request(commands.holding(16), 10, 0)
        state = commands.begin_call(state, 0, reaches=False)
        state = commands.call_succeeded(state, 1)
        assert not state.is_blocked(1)
        assert state.possible_at(6, 5) == (10, 10)

    def test_while_nothing_can_flow_nothing_is_due(self) -> None:
        state = commands.request(commands.holding(0), 6, 0)
        waiting = commands.wait(state)
        assert not commands.is_due(waiting, 1e6)
        assert waiting.is_blocked(0)
        assert commands.is_due(commands.retry_now(waiting, 9), 9)
        calling = commands.begin_call(state, 0)
        assert commands.wait(calling) is calling
