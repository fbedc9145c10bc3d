"""Every event in the life of a command, and the whole state after it."""

# ruff: noqa: D102

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.command import (
    REASSERT_EVERY_S,
    REASSERT_SEEN_EVERY_S,
    CommandState,
    ReadBack,
    adopt,
    begin_call,
    call_failed,
    call_succeeded,
    holding,
    holding_up_to,
    read_back,
    request,
    resend,
    retry_now,
    was_sent_to_charge,
)
from custom_components.load_sharing.charging.engine.epochs import EPOCHS_KEPT, Epoch
from custom_components.load_sharing.charging.engine.obedience import Obedience

OBEYED = CommandState(
    desired_a=10.0,
    accepted=True,
    confirmed=True,
    begun_s=50.0,
    due_s=951.0,
    epochs=(Epoch(10, 50, 51, obeyed=True),),
)
"""10 A was sent at 50 s and confirmed at 51 s."""

CALLED = replace(
    OBEYED,
    desired_a=20.0,
    accepted=False,
    confirmed=False,
    in_flight_a=20.0,
    begun_s=100.0,
    due_s=None,
    epochs=(*OBEYED.epochs, Epoch(20, 100, None)),
)
"""Then the first call for 20 A began at 100 s."""

RETURNED = replace(
    CALLED,
    accepted=True,
    in_flight_a=None,
    attempts=1,
    due_s=111.0,
    epochs=(*OBEYED.epochs, Epoch(20, 100, 101)),
)
"""And the call returned at 101 s."""


CONFIRMED = replace(
    RETURNED,
    confirmed=True,
    attempts=0,
    epochs=(*OBEYED.epochs, Epoch(20, 100, 101, obeyed=True)),
)
"""And was confirmed; when it is repeated depends on what confirmed it."""


def test_what_is_known_at_start_up() -> None:
    assert holding(10) == CommandState(epochs=(Epoch(10, -inf, -inf, obeyed=True),))
    lowest = Epoch(0, -inf, -inf, obeyed=True)
    assert holding_up_to(32) == CommandState(epochs=(lowest, Epoch(32, -inf, None)))


class TestWant:
    """Another current is wanted."""

    def test_all_begins_anew(self) -> None:
        wanted = request(replace(RETURNED, attempts=3), 16, 120)
        assert wanted == replace(
            RETURNED,
            desired_a=16,
            accepted=False,
            attempts=0,
            obedience=Obedience(failures=3),
            due_s=120,
        )
        assert wanted.has_problem
        wanted = request(OBEYED, 16, 120)
        assert (wanted.accepted, wanted.confirmed) == (False, False)

    def test_a_call_that_may_still_have_worked_is_no_failure(self) -> None:
        assert request(replace(RETURNED, attempts=1), 16, 120).obedience.failures == 0
        assert request(replace(RETURNED, attempts=2), 16, 120).obedience.failures == 1
        failed = replace(
            RETURNED, accepted=False, attempts=2, obedience=Obedience(failures=1)
        )
        assert request(failed, 16, 120).obedience.failures == 3

    @pytest.mark.parametrize("current_a", [1, 6, 32])
    def test_a_stop_that_is_not_confirmed_is_kept(self, current_a: float) -> None:
        stopping = replace(RETURNED, desired_a=0.0)
        assert request(stopping, current_a, 120) is stopping


class TestFound:
    """A current that was set by hand becomes the wanted one."""

    def test_it_is_confirmed_and_nothing_is_to_be_sent_for_long(self) -> None:
        state = adopt(replace(RETURNED, accepted=False, attempts=2), 8, 120)
        assert state == replace(
            RETURNED,
            desired_a=8,
            confirmed=True,
            attempts=0,
            obedience=Obedience(confirmed_s=120),
            due_s=120 + REASSERT_SEEN_EVERY_S,
            epochs=(*RETURNED.epochs, Epoch(8, 120, 120, obeyed=True)),
        )

    @pytest.mark.parametrize("state", [CALLED, replace(RETURNED, desired_a=0.0)])
    def test_a_call_and_a_stop_come_first(self, state: CommandState) -> None:
        assert adopt(state, 8, 120) is state

    def test_what_it_has_already_is_nothing_new(self) -> None:
        assert adopt(OBEYED, 10, 120) is OBEYED


class TestAgain:
    """Commands sent early, in an overload or because the charger may have forgotten."""

    def test_an_unconfirmed_command_is_due_at_once(self) -> None:
        assert retry_now(RETURNED, 105) == replace(RETURNED, due_s=105)

    @pytest.mark.parametrize("state", [OBEYED, CALLED, holding(10)])
    def test_nothing_else_is_hurried(self, state: CommandState) -> None:
        assert retry_now(state, 105) is state

    def test_what_may_be_forgotten_is_repeated_though_it_is_confirmed(self) -> None:
        assert resend(OBEYED, 105) == replace(OBEYED, due_s=105, repeats=-1)
        assert resend(CALLED, 105) is CALLED
        assert resend(holding(10), 105) == holding(10)


class TestCall:
    """A call begins, and returns or does not."""

    def test_it_begins(self) -> None:
        assert begin_call(request(OBEYED, 20, 99), 100) == CALLED

    def test_without_a_wish_there_is_nothing_to_call_for(self) -> None:
        with pytest.raises(ValueError, match=r"^no current is wanted$"):
            begin_call(holding(10), 100)

    def test_it_returns(self) -> None:
        assert call_succeeded(CALLED, 101) == RETURNED

    def test_it_fails(self) -> None:
        assert call_failed(CALLED, 101) == replace(
            CALLED, in_flight_a=None, attempts=1, due_s=102
        )
        repeated = call_failed(begin_call(replace(OBEYED, attempts=2), 100), 101)
        assert (repeated.accepted, repeated.confirmed) == (False, False)
        assert (repeated.attempts, repeated.due_s) == (3, 105)

    def test_a_later_wish_is_due_at_once_and_has_all_its_attempts(self) -> None:
        state = request(replace(CALLED, attempts=2), 16, 100.5)
        for ended in (call_succeeded(state, 101), call_failed(state, 101)):
            assert (ended.desired_a, ended.in_flight_a) == (16, None)
            assert (ended.accepted, ended.confirmed) == (False, False)
            assert (ended.attempts, ended.due_s) == (0, 101)


class TestReadBack:
    """What the charger's own entities show."""

    def test_it_obeys(self) -> None:
        assert read_back(RETURNED, ReadBack.OBEYS, 103) == replace(
            CONFIRMED,
            obedience=Obedience(confirmed_s=103),
            due_s=103 + REASSERT_SEEN_EVERY_S,
        )

    def test_it_has_what_is_wanted_before_it_is_told(self) -> None:
        wanted = request(OBEYED, 20, 100)
        shown = read_back(wanted, ReadBack.OBEYS, 100)
        assert (shown.confirmed, shown.due_s) == (True, 1000)
        assert shown.epochs[-1] == Epoch(20, 100, 100, obeyed=True)

    def test_what_it_shows_for_long_is_nothing_new(self) -> None:
        assert read_back(OBEYED, ReadBack.OBEYS, 200) is OBEYED

    def test_it_obeys_no_longer(self) -> None:
        assert read_back(OBEYED, ReadBack.DIFFERS, 200) == replace(
            OBEYED,
            confirmed=False,
            due_s=200,
            obedience=Obedience(lapses_s=(150.0,)),
            epochs=(replace(OBEYED.epochs[0], obeyed=False),),
        )
        repeated = read_back(replace(OBEYED, attempts=2), ReadBack.DIFFERS, 200)
        assert repeated.attempts == 0

    def test_it_does_not_obey_yet(self) -> None:
        refused = replace(
            RETURNED, epochs=(*OBEYED.epochs, Epoch(20, 100, 101, obeyed=False))
        )
        assert read_back(RETURNED, ReadBack.DIFFERS, 103) == refused
        assert read_back(refused, ReadBack.DIFFERS, 104) is refused

    @pytest.mark.parametrize("state", [CALLED, holding(10)])
    @pytest.mark.parametrize("seen", list(ReadBack))
    def test_before_it_is_told_and_while_it_is_it_shows_nothing(
        self, seen: ReadBack, state: CommandState
    ) -> None:
        assert read_back(state, seen, 100.5) is state

    def test_where_nothing_can_show_it_the_call_has_to_do(self) -> None:
        assert read_back(RETURNED, ReadBack.NONE, 103) == replace(
            CONFIRMED,
            obedience=Obedience(confirmed_s=103),
            due_s=103 + REASSERT_EVERY_S,
            reassert_s=REASSERT_EVERY_S,
        )


@pytest.mark.parametrize(
    ("epochs", "running"),
    [
        ([Epoch(0, 10, 11), Epoch(6, 20, 21)], True),
        ([Epoch(0, 10, 11), Epoch(1, 20, 21)], True),
        ([Epoch(6, 10, 11), Epoch(0, 20, 21)], False),
        ([Epoch(6, 10, 11), Epoch(8, 20, None)], False),
        ([Epoch(6, -inf, -inf)], False),
        ([Epoch(0, -inf, -inf)], False),
    ],
)
def test_whether_it_runs_by_our_doing(epochs: list[Epoch], running: bool) -> None:
    assert was_sent_to_charge(CommandState(epochs=tuple(epochs))) is running


@pytest.mark.parametrize(
    ("currents_a", "felt_s"),
    [
        ([16, 12, 11], -inf),
        ([16, 12, 10], 305),
        ([16, 12, 5], 305),
        ([16, 5, 12], 305),
        ([16, 10, 11, 12], 305),
        ([5, 12], 205),
    ],
)
def test_a_car_of_10_a_feels_only_what_is_less(
    currents_a: list[float], felt_s: float
) -> None:
    """Sent at 200, 300 and 400 s, returned at once; the settle time is 5 s."""
    epochs = [
        Epoch(current_a, 100 * index, 100 * index)
        for index, current_a in enumerate(currents_a, 1)
    ]
    epochs[0] = Epoch(currents_a[0], -inf, -inf)
    state = CommandState(epochs=tuple(epochs))
    assert state.followed_at(10, 5) == felt_s


def test_of_what_was_never_obeyed_nothing_was_felt() -> None:
    state = CommandState(epochs=(Epoch(10, 50, 51, obeyed=False),))
    assert state.followed_at(10, 5) == inf


def test_of_many_commands_that_were_obeyed_the_latest_are_kept() -> None:
    state = holding(10)
    for second in range(2 * EPOCHS_KEPT):
        state = begin_call(request(state, 6 + second % 2, second), second)
        state = read_back(call_succeeded(state, second), ReadBack.OBEYS, second)
    assert len(state.epochs) == EPOCHS_KEPT
    begun_s = [epoch.begun_s for epoch in state.epochs]
    assert begun_s == list(range(EPOCHS_KEPT, 2 * EPOCHS_KEPT))


@pytest.mark.parametrize(
    ("at_s", "former_a"),
    [(90, 6), (199, 6), (200, 16), (250, 16), (300, 16), (400, 16)],
)
def test_the_former_command_is_the_greatest_but_the_newest(
    at_s: float, former_a: float
) -> None:
    """6 A, then 16 A sent at 200 s and done at 210 s, then 10 A sent at 300 s."""
    epochs = (Epoch(6, -inf, -inf, obeyed=True), Epoch(16, 200, 210))
    state = CommandState(desired_a=10, epochs=(*epochs, Epoch(10, 300, 301)))
    assert state.greatest_former_at(at_s, 5) == former_a


def test_one_command_alone_is_its_former_too() -> None:
    assert holding(10).greatest_former_at(50, 5) == 10


def test_it_is_behind_while_a_call_runs_or_a_wish_is_new() -> None:
    had = holding(16)
    assert not had.has_unsent(0)
    wanted = request(had, 8, 100)
    assert wanted.has_unsent(100)
    assert not wanted.has_unsent(101)
    sending = begin_call(wanted, 100)
    assert not sending.has_unsent(101)
    newer = request(sending, 6, 101)
    assert newer.has_unsent(105)
    returned = call_succeeded(newer, 106)
    assert returned.has_unsent(106)
    assert not begin_call(returned, 106).has_unsent(106)
