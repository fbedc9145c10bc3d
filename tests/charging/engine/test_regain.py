"""What a charger had, what is given back of it, and what is learnt from that."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import CommandState, holding
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.memory import Ramp, Regain
from custom_components.load_sharing.charging.engine.model import Limit
from custom_components.load_sharing.charging.engine.ramp import (
    GREATEST_INITIAL_PATIENCE,
    LEAST_INITIAL_PATIENCE,
    initial_patience,
    on_grid,
    raised_current,
    update_regain,
)

from .car import settled
from .settings import charger_settings, site_settings

SITE = site_settings(ramp_up_time_s=15, ramp_up_step_a=4)
AT_10_A = Regain(100, had_a=10, patience=0.2)


type Learnt = Callable[..., float]


def learnt(patience: float = LEAST_INITIAL_PATIENCE, overload_s: float = 1.0) -> Learnt:
    """Patience after a rise at 100 s that was taken back some time later."""

    def after(lasted_s: float, action: ActionReason = ActionReason.SUPPLY) -> float:
        regain = Regain(100, had_a=28, patience=patience, rose=True)
        lowered = ChargerDecision(22, Limit.SUPPLY, action, ())
        after = update_regain(
            regain, holding(28), lowered, SITE, overload_s, 100 + lasted_s
        )
        return after.patience

    return after


def test_what_is_learnt_from_a_rise_that_was_taken_back() -> None:
    assert learnt()(30) == LEAST_INITIAL_PATIENCE
    assert learnt(0.5)(30, ActionReason.OVERLOAD) == LEAST_INITIAL_PATIENCE
    assert learnt(0.5)(29.9) == LEAST_INITIAL_PATIENCE
    assert learnt(0.5, overload_s=8)(29.9) == 1
    assert learnt(0.25, overload_s=6)(23.9) == 0.875
    assert learnt(0.75, overload_s=6)(1, ActionReason.BELOW_MINIMUM) == 1


def test_where_overloads_last_longer_headroom_has_to_last_longer() -> None:
    """Between a fifteenth and a fifth of 15 s."""
    assert [initial_patience(overload_s) for overload_s in (0.5, 2, 4.5, 6, 60)] == [
        pytest.approx(part) for part in (1 / 15, 1 / 15, 0.15, 0.2, 0.2)
    ]
    assert learnt(0.1, overload_s=3)(24) == pytest.approx(0.1)
    assert learnt(LEAST_INITIAL_PATIENCE, overload_s=4.5)(1) == pytest.approx(
        0.15 * 3.5
    )


def test_a_rise_that_lasted_for_two_ramp_up_times_came_to_stay() -> None:
    """Even where overloads last for 10 s."""
    assert learnt(0.5, overload_s=10)(30) == GREATEST_INITIAL_PATIENCE
    assert learnt(0.5, overload_s=10)(29.9) == 1


def test_a_reduction_that_no_load_made_teaches_nothing() -> None:
    for action in (ActionReason.CEILING, ActionReason.TURN, ActionReason.METER_LOST):
        assert learnt(0.5)(1, action) == 0.5


def decided(
    current_a: float, action: ActionReason | None = None, limit: Limit = Limit.SUPPLY
) -> ChargerDecision:
    """What is decided for a charger, and why."""
    return ChargerDecision(current_a, limit, action, ())


def remembered(
    command: CommandState,
    decision: ChargerDecision,
    now_s: float,
    before: Regain = AT_10_A,
) -> Regain:
    """What is remembered of a charger that had 10 A, told its current at 100 s."""
    return update_regain(before, command, decision, SITE, 1, now_s)


@pytest.mark.parametrize(("now_s", "had_a"), [(114.9, 10), (115, 28)])
def test_what_lasts_for_a_ramp_up_time_was_had(now_s: float, had_a: float) -> None:
    after = remembered(settled(28), decided(28), now_s)
    assert after == replace(AT_10_A, had_a=had_a)


@pytest.mark.parametrize(("kept_a", "had_a"), [(0, 0), (6, 6), (12, 10)])
def test_what_is_refused_was_never_had(kept_a: float, had_a: float) -> None:
    """It keeps what it has; a call for 20 A failed 20 s ago."""
    state = commands.request(settled(kept_a), 20, 100)
    state = commands.call_failed(commands.begin_call(state, 100), 100)
    assert remembered(state, decided(20), 120).had_a == had_a


@pytest.mark.parametrize(
    ("decision", "had_a"),
    [
        (decided(6, ActionReason.SUPPLY), 10),
        (decided(0, ActionReason.BELOW_MINIMUM), 10),
        (decided(6, ActionReason.OVERLOAD), 10),
        (decided(6, ActionReason.TURN), 6),
        (decided(6, ActionReason.CEILING), 6),
        (decided(6, ActionReason.SUPPLY, Limit.SET_BY_HAND), 6),
        (decided(8, None, Limit.SET_BY_HAND), 8),
    ],
)
def test_what_a_person_or_a_turn_took_no_load_gives_back(
    decision: ChargerDecision, had_a: float
) -> None:
    after = remembered(settled(8), decision, 110)
    assert after.had_a == had_a
    assert after.since_s == (100 if decision.desired_a == 8 else 110)
    assert not after.rose


def test_a_rise_is_remembered_as_one() -> None:
    after = remembered(settled(8), decided(12, ActionReason.HEADROOM), 110)
    assert after == Regain(110, had_a=10, patience=0.2, rose=True)


@pytest.mark.parametrize(
    ("present_a", "patience", "since_s", "raised_a"),
    [
        (6, 0.5, 90, 28),
        (6, 1, 90, 28),
        (6, 1, 86, 28),
        (6, 1, 85, 28),
        (0, GREATEST_INITIAL_PATIENCE, 90, 28),
        (0, GREATEST_INITIAL_PATIENCE, 85, 28),
        (0, GREATEST_INITIAL_PATIENCE + 0.01, 86, 0),
        (0, GREATEST_INITIAL_PATIENCE + 0.01, 85, 6),
        (28, 0.2, 90, 28),
        (28, 0.2, 85, 32),
        (26, 0.2, 85, 30),
    ],
)
def test_back_to_what_it_had_or_a_step_beyond(
    present_a: float, patience: float, since_s: float, raised_a: float
) -> None:
    """It had 28 A; 32 A are free since then, and now it is 100 s."""
    regain = Regain(0, had_a=28, patience=patience)
    car = charger_settings("car")
    assert (
        raised_current(Ramp(since_s, 32), regain, present_a, car, SITE, 100) == raised_a
    )


@pytest.mark.parametrize(
    ("levels_a", "had_a"), [((), 28), ((6, 10, 16, 25, 32), 25), ((13,), 13)]
)
def test_nothing_is_given_back_up_to_between_two_levels(
    levels_a: tuple[float, ...], had_a: float
) -> None:
    car = replace(charger_settings("car"), levels_a=levels_a)
    assert on_grid(Regain(0, had_a=28, patience=0.2), car).had_a == had_a
