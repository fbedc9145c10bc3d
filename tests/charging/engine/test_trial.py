"""One step of the test of a charger, to the second and to the ampere."""

# ruff: noqa: D102

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    CommandState,
    ReadBack,
)
from custom_components.load_sharing.charging.engine.commissioning import (
    FOLLOW_WITHIN_S,
    LONGEST_S,
    OBEY_WITHIN_S,
    RAISED_WITHIN_S,
    Outcome,
    Stage,
    Trial,
    TrialFindings,
    advance,
)
from custom_components.load_sharing.charging.engine.draw import most_if_obeying
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
)

from .settings import charger_settings

ASKED_S = 10.0
SEEN_S = 12.0
SETTLE_S = 5.0


def told(before_a: float, current_a: float) -> CommandState:
    """Return the state 1 s after another current was sent at 10 s."""
    state = commands.adopt(commands.holding(before_a), before_a, 0)
    state = commands.begin_call(commands.request(state, current_a, ASKED_S), ASKED_S)
    return commands.call_succeeded(state, ASKED_S + 1)


def obeyed(before_a: float, current_a: float) -> CommandState:
    """Return the state of a charger that shows the new current from 12 s on."""
    return commands.read_back(told(before_a, current_a), ReadBack.OBEYS, SEEN_S)


def trial_at(stage: Stage, *, set_a: float | None = None, **given: float) -> Trial:
    """A test of a charger between 6 and 20 A; if given, ``set_a`` was obeyed at 12 s."""
    trial = Trial(began_s=0, lowest_a=6, top_a=20, stage=stage, since_s=1)
    if set_a is not None:
        trial = replace(trial, set_a=set_a, obeyed_s=SEEN_S)
    return replace(trial, **given)  # type: ignore[arg-type]


def step(
    trial: Trial,
    state: CommandState,
    now_s: float,
    draw_a: float | None = None,
    taken_s: float | None = None,
) -> Trial:
    """Go on with a test, with a measured draw of this moment or of another."""
    draw = None
    if draw_a is not None:
        draw = DrawReading((draw_a,), (draw_a,), now_s if taken_s is None else taken_s)
    settings = charger_settings("car", settle_s=SETTLE_S)
    charger = ChargerInput(settings, state, draw=draw)
    return advance(trial, charger, now_s, reads_back=True)


@pytest.mark.parametrize("stage", list(Stage))
def test_one_that_is_paused_where_it_is_to_charge_had_no_room(stage: Stage) -> None:
    trial = step(trial_at(stage), told(20, 0), 12)
    no_room = stage in (Stage.LOWEST, Stage.HIGHEST)
    assert trial.is_over is no_room
    assert (trial.findings.outcome is Outcome.NO_ROOM) is no_room


def test_it_ends_after_a_quarter_of_an_hour() -> None:
    trial, state = trial_at(Stage.BACK), obeyed(6, 0)
    assert not step(trial, state, LONGEST_S - 1).is_over
    assert step(trial, state, LONGEST_S).findings.outcome is Outcome.NO_ROOM


def test_another_current_is_judged_anew() -> None:
    """On its way back it followed 6 A; now 10 A is wanted."""
    trial = trial_at(Stage.BACK, set_a=6, followed_s=13)
    trial = step(trial, told(6, 10), 14, draw_a=6)
    assert (trial.set_a, trial.obeyed_s, trial.followed_s) == (10, None, None)


class TestObeyed:
    """Whether and when the charger's controls show a command."""

    def test_a_minute_to_obey(self) -> None:
        trial, state = trial_at(Stage.LOWEST), told(20, 6)
        late_s = ASKED_S + OBEY_WITHIN_S
        waiting = step(trial, state, late_s - 1)
        assert not waiting.is_over
        assert waiting.obeyed_s is None
        assert step(trial, state, late_s).findings.outcome is Outcome.NOT_OBEYED

    def test_what_was_asked_before_has_its_minute_from_now_on(self) -> None:
        trial, state = trial_at(Stage.LOWEST, since_s=30), told(20, 6)
        assert not step(trial, state, 30 + OBEY_WITHIN_S - 1).is_over
        assert step(trial, state, 30 + OBEY_WITHIN_S).is_over

    @pytest.mark.parametrize(("began_s", "latency_s"), [(10, 2), (10.5, None)])
    def test_latency_is_that_of_a_command_of_the_test(
        self, began_s: float, latency_s: float | None
    ) -> None:
        trial = trial_at(Stage.LOWEST, began_s=began_s)
        trial = step(trial, obeyed(20, 6), SEEN_S)
        assert trial.obeyed_s == SEEN_S
        assert trial.findings.latency_s == latency_s

    def test_on_its_way_up_it_is_waited_for_the_supply(self) -> None:
        trial, state = trial_at(Stage.HIGHEST, since_s=0), obeyed(10, 14)
        assert step(trial, state, RAISED_WITHIN_S - 1).obeyed_s is None
        assert step(trial, state, RAISED_WITHIN_S).obeyed_s == RAISED_WITHIN_S

    def test_without_a_measurement_the_settle_time_is_waited(self) -> None:
        trial, state = trial_at(Stage.HIGHEST, set_a=20), obeyed(6, 20)
        assert step(trial, state, SEEN_S + SETTLE_S - 0.1) == trial
        done_s = SEEN_S + SETTLE_S
        assert step(trial, state, done_s) == trial_at(Stage.PAUSE, since_s=done_s)

    def test_a_charger_that_has_its_minimum_is_not_brought_up(self) -> None:
        trial = trial_at(Stage.LOWEST, top_a=6, set_a=6)
        assert step(trial, obeyed(20, 6), 20).stage is Stage.PAUSE


class TestFollowed:
    """Whether and when the measured draw follows a command."""

    def test_a_minute_and_a_half_to_follow(self) -> None:
        trial, state = trial_at(Stage.LOWEST, set_a=6), obeyed(20, 6)
        late_s = SEEN_S + FOLLOW_WITHIN_S
        assert step(trial, state, late_s - 1, draw_a=20) == trial
        outcome = step(trial, state, late_s, draw_a=20).findings.outcome
        assert outcome is Outcome.DRAWS_MORE

    def test_a_tenth_and_an_ampere_more_is_not_too_much(self) -> None:
        trial = trial_at(Stage.LOWEST, set_a=6)
        trial = step(trial, obeyed(20, 6), 13, draw_a=most_if_obeying(6))
        assert trial.followed_s == 13

    @pytest.mark.parametrize(
        ("taken_s", "followed", "follow_s"), [(9.9, False, None), (10, True, 0)]
    )
    def test_a_draw_of_the_moment_of_the_command_answers_it(
        self, taken_s: float, followed: bool, follow_s: float | None
    ) -> None:
        trial = trial_at(Stage.LOWEST, set_a=6, began_s=10)
        trial = step(trial, obeyed(20, 6), 13, draw_a=6, taken_s=taken_s)
        assert (trial.followed_s is not None) is followed
        assert trial.findings.follow_s == follow_s

    def test_the_slowest_time_to_follow_counts(self) -> None:
        trial = trial_at(Stage.LOWEST, set_a=6)
        first = step(trial, obeyed(20, 6), 13, draw_a=6, taken_s=10.5)
        assert first.findings.follow_s == 0.5
        trial = replace(trial, findings=TrialFindings(Outcome.TESTING, follow_s=4))
        second = step(trial, obeyed(20, 6), 13, draw_a=6, taken_s=10.5)
        assert second.findings.follow_s == 4

    def test_the_draw_has_to_last_for_the_settle_time(self) -> None:
        trial, state = trial_at(Stage.BACK, set_a=20, followed_s=13), obeyed(6, 20)
        assert step(trial, state, 17.9, draw_a=20) == trial
        assert step(trial, state, 18, draw_a=20).findings.outcome is Outcome.PASSED

    @pytest.mark.parametrize(("draw_a", "followed"), [(16.9, False), (17, True)])
    def test_at_most_it_is_to_take_all_but_a_tenth_and_an_ampere(
        self, draw_a: float, followed: bool
    ) -> None:
        trial = trial_at(Stage.HIGHEST, set_a=20)
        trial = step(trial, obeyed(6, 20), 13, draw_a=draw_a)
        assert (trial.followed_s == 13) is followed

    @pytest.mark.parametrize("draw_a", [1, 9])
    def test_a_car_that_takes_less_goes_on_with_the_test(self, draw_a: float) -> None:
        late_s = SEEN_S + FOLLOW_WITHIN_S
        trial = trial_at(Stage.HIGHEST, set_a=20)
        trial = step(trial, obeyed(6, 20), late_s, draw_a=draw_a)
        assert (trial.stage, trial.since_s) == (Stage.PAUSE, late_s)
        assert trial.findings.took_all is False

    def test_a_car_that_takes_less_than_an_ampere_is_none(self) -> None:
        trial = trial_at(Stage.HIGHEST, set_a=20)
        trial = step(trial, obeyed(6, 20), SEEN_S + FOLLOW_WITHIN_S, draw_a=0.9)
        assert trial.findings.outcome is Outcome.NO_CAR


class TestAccuracy:
    """The error of the draw, where the car takes all that is set."""

    @pytest.mark.parametrize(
        ("draw_a", "error_a"), [(20, 0), (18, -2), (17, -3), (16.9, None), (8, None)]
    )
    def test_a_car_that_takes_much_less_says_nothing_of_the_charger(
        self, draw_a: float, error_a: float | None
    ) -> None:
        trial = trial_at(Stage.BACK, set_a=20, followed_s=13)
        findings = step(trial, obeyed(6, 20), 18, draw_a=draw_a).findings
        assert findings.outcome is Outcome.PASSED
        assert findings.error_a == error_a

    def test_the_greatest_error_counts(self) -> None:
        before = TrialFindings(Outcome.TESTING, error_a=-2)
        trial = trial_at(Stage.BACK, set_a=20, followed_s=13)
        trial = replace(trial, findings=before)
        smaller = step(trial, obeyed(6, 20), 18, draw_a=19).findings
        assert smaller.error_a == -2
        greater = step(trial, obeyed(6, 20), 18, draw_a=22.5).findings
        assert greater.error_a == 2.5

    def test_a_pause_says_nothing_of_it(self) -> None:
        trial = trial_at(Stage.PAUSE, set_a=0, followed_s=13)
        trial = step(trial, obeyed(20, 0), 18, draw_a=0.5)
        assert trial == trial_at(Stage.BACK, since_s=18)
