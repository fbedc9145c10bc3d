"""Changes by hand are told from echoes and refusals, and never raise a current."""

# ruff: noqa: D102

from math import inf

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    CommandState,
    ReadBack,
)
from custom_components.load_sharing.charging.engine.hand import (
    ECHO_S,
    Author,
    Shown,
    ceiling_after_change,
    current_set_by_hand,
    is_session_over,
)
from custom_components.load_sharing.charging.engine.model import ChargerStatus, Limit

from .car import Car
from .house import House
from .settings import charger_settings

CHARGER = charger_settings("car")
US, OTHER, BY_ITSELF = Author.US, Author.OTHER, Author.CHARGER


def obeyed(*currents_a: float, every_s: float = 200) -> CommandState:
    """Return commands that were obeyed at once, 200 s apart, the first at 100 s."""
    state = commands.holding(0)
    for index, current_a in enumerate(currents_a):
        now_s = 100 + index * every_s
        state = commands.begin_call(commands.request(state, current_a, now_s), now_s)
        state = commands.call_succeeded(state, now_s)
        state = commands.read_back(state, ReadBack.OBEYS, now_s)
    return state


def slowly_obeyed(current_a: float) -> CommandState:
    """A command of 100 s whose call returned at 108 s."""
    state = commands.begin_call(
        commands.request(commands.holding(0), current_a, 100), 100
    )
    return commands.read_back(commands.call_succeeded(state, 108), ReadBack.OBEYS, 108)


class TestWhoItWas:
    """16 A are wanted and obeyed since 100 s; the settle time is 5 s."""

    @pytest.mark.parametrize(
        ("author", "current_a", "since_s", "by_somebody"),
        [
            (OTHER, 10, 101, True),
            (OTHER, 10, 99, False),
            (OTHER, 10, 100, False),
            (OTHER, 0, 101, True),
            (OTHER, 20, 101, True),
            (OTHER, 16, 101, False),
            (US, 10, 500, False),
            (BY_ITSELF, 10, 104.9, False),
            (BY_ITSELF, 10, 105, True),
            (BY_ITSELF, 6, 300, True),
            (BY_ITSELF, 5.9, 300, False),
            (BY_ITSELF, 0, 300, False),
            (BY_ITSELF, inf, 300, False),
        ],
    )
    def test_it_is_told_by_the_context_the_moment_and_the_current(
        self, author: Author, current_a: float, since_s: float, by_somebody: bool
    ) -> None:
        shown = Shown(current_a, author, since_s)
        expected = current_a if by_somebody else None
        assert current_set_by_hand(obeyed(16), shown, CHARGER) == expected

    def test_nobody_chooses_while_nothing_is_wanted_or_a_call_runs(self) -> None:
        shown = Shown(10, OTHER, 300)
        assert current_set_by_hand(commands.holding(16), shown, CHARGER) is None
        running = commands.begin_call(commands.request(obeyed(16), 20, 200), 200)
        assert current_set_by_hand(running, shown, CHARGER) is None

    def test_a_charger_goes_down_with_the_most_that_it_takes(self) -> None:
        """Its number shows 10 A, which is as high as it goes since a moment ago."""
        shown, command = Shown(10, BY_ITSELF, 300), obeyed(16)
        assert current_set_by_hand(command, shown, CHARGER) == 10
        for most_a, set_a in [(10, None), (13, 10)]:
            narrowed = charger_settings(
                "car", ceilings=((Limit.CHARGER_MAXIMUM, most_a),)
            )
            assert current_set_by_hand(command, shown, narrowed) == set_a

    def test_a_charger_that_never_took_the_command_refuses_it(self) -> None:
        state = commands.request(obeyed(10), 16, 200)
        state = commands.call_succeeded(commands.begin_call(state, 200), 200)
        assert current_set_by_hand(state, Shown(12, BY_ITSELF, 300), CHARGER) is None
        assert current_set_by_hand(state, Shown(12, OTHER, 300), CHARGER) == 12

    def test_an_older_command_that_comes_back_is_an_echo_for_two_minutes(self) -> None:
        """10 A, and 16 A from 300 s on."""
        state = obeyed(10, 16)
        assert current_set_by_hand(state, Shown(10, BY_ITSELF, 310), CHARGER) is None
        assert (
            current_set_by_hand(state, Shown(10, BY_ITSELF, 300 + ECHO_S), CHARGER)
            == 10
        )
        assert current_set_by_hand(state, Shown(11, BY_ITSELF, 310), CHARGER) == 11
        assert current_set_by_hand(state, Shown(10, OTHER, 310), CHARGER) == 10

    def test_a_charger_that_comes_back_may_have_forgotten(self) -> None:
        """Unavailable until 300 s. A change counts as by hand from 5 s later on."""
        for since_s, expected in ((300, None), (304, None), (305, 10)):
            shown = Shown(10, BY_ITSELF, since_s, back_s=300)
            assert current_set_by_hand(obeyed(16), shown, CHARGER) == expected
        assert (
            current_set_by_hand(obeyed(16), Shown(10, OTHER, 300, 300), CHARGER) == 10
        )

    def test_it_has_the_settle_time_from_the_answer_on(self) -> None:
        """The call of 100 s returned at 108 s: until 113 s the charger may be late."""
        state = slowly_obeyed(16)
        assert current_set_by_hand(state, Shown(10, BY_ITSELF, 112.9), CHARGER) is None
        assert current_set_by_hand(state, Shown(10, BY_ITSELF, 113), CHARGER) == 10

    def test_so_it_has_when_it_was_told_the_same_again(self) -> None:
        state = commands.begin_call(commands.resend(obeyed(16), 900), 900)
        state = commands.call_succeeded(state, 900)
        state = commands.read_back(state, ReadBack.OBEYS, 900)
        assert current_set_by_hand(state, Shown(10, BY_ITSELF, 904.9), CHARGER) is None
        assert current_set_by_hand(state, Shown(10, BY_ITSELF, 905), CHARGER) == 10

    def test_of_several_commands_the_last_counts(self) -> None:
        """6, 10 and 16 A, at 100, 300 and 500 s; that call returned at 508 s."""
        state = commands.begin_call(commands.request(obeyed(6, 10), 16, 500), 500)
        state = commands.read_back(
            commands.call_succeeded(state, 508), ReadBack.OBEYS, 508
        )
        assert current_set_by_hand(state, Shown(12, BY_ITSELF, 512.9), CHARGER) is None
        assert current_set_by_hand(state, Shown(12, BY_ITSELF, 513), CHARGER) == 12
        full = ChargerStatus.NOT_CHARGING
        assert not is_session_over(state, full, 501, 500, 567.9)
        assert is_session_over(state, full, 501, 500, 568)

    def test_a_charger_without_a_car_sets_itself_back(self) -> None:
        status = ChargerStatus.NOT_CHARGING
        shown = Shown(10, BY_ITSELF, 300)
        assert current_set_by_hand(obeyed(16), shown, CHARGER, status) is None
        assert (
            current_set_by_hand(obeyed(16), Shown(10, OTHER, 300), CHARGER, status)
            == 10
        )


class TestSession:
    """16 A are offered since 100 s, when a current was set by hand."""

    def test_it_has_a_minute_from_the_answer_on(self) -> None:
        """Full at 101 s; the call returned at 108 s."""
        state, full = slowly_obeyed(16), ChargerStatus.NOT_CHARGING
        assert not is_session_over(state, full, 101, 100, 167.9)
        assert is_session_over(state, full, 101, 100, 168)

    @pytest.mark.parametrize(
        ("status", "since_s", "now_s", "over"),
        [
            (ChargerStatus.NOT_CHARGING, 200, 260, True),
            (ChargerStatus.NOT_CHARGING, 200, 259, False),
            (ChargerStatus.NOT_CHARGING, 90, 900, False),
            (ChargerStatus.NOT_CHARGING, 100, 900, False),
            (ChargerStatus.CHARGING, 200, 900, False),
            (ChargerStatus.UNKNOWN, 200, 900, False),
        ],
    )
    def test_it_is_over_when_the_car_takes_nothing_any_more(
        self, status: ChargerStatus, since_s: float, now_s: float, over: bool
    ) -> None:
        assert is_session_over(obeyed(16), status, since_s, 100, now_s) is over

    def test_a_pause_of_ours_is_not_its_end(self) -> None:
        status = ChargerStatus.NOT_CHARGING
        assert not is_session_over(obeyed(16, 0), status, 301, 100, 900)


class TestCeiling:
    """The ceiling that a change by hand sets, moves or lifts."""

    @pytest.mark.parametrize(
        ("before_a", "chosen_a", "after_a"),
        [
            (None, 10, 10),
            (None, 0, 0),
            (None, 20, None),
            (None, 16, None),
            (10, 8, 8),
            (10, 20, 20),
            (10, 32, None),
            (0, 10, 10),
            (0, inf, None),
        ],
    )
    def test_lower_is_respected_and_higher_only_lifts_it(
        self, before_a: float | None, chosen_a: float, after_a: float | None
    ) -> None:
        assert ceiling_after_change(before_a, chosen_a, 16, 32) == after_a


def test_what_somebody_sets_lower_stays_and_nothing_is_sent_against_it() -> None:
    """12 A is set by hand, where the house leaves 22 A."""
    car = Car(holds_a=22, reads_back=True)
    house = House(10.0, car)
    house.run(30)
    house.log.clear()
    house.set_by_hand(car, 12)
    house.run(300)
    assert house.sent_a() == []
    assert house.service_a() == (22,)
    assert house.chosen().limit is Limit.SET_BY_HAND


def test_the_limit_wins_over_what_somebody_set() -> None:
    """12 A is set by hand, and then the house leaves 8 A."""
    car = Car(holds_a=22, reads_back=True)
    house = House(lambda now_s: 10 if now_s < 60 else 24, car)
    house.run(30)
    house.set_by_hand(car, 12)
    house.run(90)
    assert house.sent_a(60) == [8]
    assert house.service_a() == (32,)


def test_more_by_hand_is_sent_back() -> None:
    """20 A where the charger's maximum is 10 A."""
    charger = charger_settings("car", max_a=10)
    car = Car(holds_a=10, charger=charger, reads_back=True)
    house = House(4.0, car)
    house.run(30)
    house.set_by_hand(car, 20)
    house.run(60)
    assert house.sent_a(30) == [10]
    assert house.chosen().limit is Limit.CHARGER_MAXIMUM


def test_a_pause_by_hand_lasts_until_somebody_takes_it_back() -> None:
    """0 A, then 32 A: it resumes step by step, as after any pause."""
    car = Car(holds_a=16, reads_back=True)
    house = House(10.0, car)
    house.run(30)
    house.set_by_hand(car, 0)
    house.run(300)
    assert house.sent_a(30) == []
    house.set_by_hand(car, 32)
    house.run(400)
    assert house.sent_a(300)[:3] == [0, 6, 10]
    assert house.service_a() == (32,)


@given(
    base_a=st.floats(-10, 40),
    at_s=st.integers(0, 120),
    by_hand_a=st.sampled_from([0, 3, 6, 8, 13, 20, 31]),
)
def test_a_change_by_hand_never_raises_anything(
    base_a: float, at_s: int, by_hand_a: float
) -> None:
    """From then on the current is at most what it would be without, or what it was."""
    left, touched = (House(base_a, Car(holds_a=20, reads_back=True)) for _ in range(2))
    for house in (left, touched):
        house.run(at_s)
    assume(touched.cars[0].call_ends_s is None)
    before_a = touched.cars[0].state.desired_a or 0.0
    touched.set_by_hand(touched.cars[0], by_hand_a)
    for now_s in range(at_s, at_s + 120):
        left.run(now_s)
        touched.run(now_s)
        told_a = touched.chosen().desired_a or 0.0
        assert told_a <= max(left.chosen().desired_a or 0.0, before_a)
        if by_hand_a < before_a:
            assert told_a <= by_hand_a
