"""One charger's current, from what it is and what there is for it."""

import pytest

from custom_components.load_sharing.charging import command as commands
from custom_components.load_sharing.charging.allocation import Share
from custom_components.load_sharing.charging.command import CommandState, ReadBack
from custom_components.load_sharing.charging.decide import decide_charger
from custom_components.load_sharing.charging.draw import Draw
from custom_components.load_sharing.charging.model import (
    ActionReason,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Limit,
    Ramp,
    SiteSettings,
)
from custom_components.load_sharing.charging.overload import Rung
from custom_components.load_sharing.charging.ramp import begin


@pytest.mark.parametrize(
    ("certain_a", "cautious_a", "decided_a", "limit"),
    [
        (26, 26, 26, Limit.SETTLING),
        (12, 8, 8, Limit.L1),
        (8, 8, 8, Limit.L2),
        (12, 16, 12, Limit.L2),
        (12, 0, 6, Limit.SUPPLY),
        (5, 0, 5, Limit.L2),
        (0, 0, 0, Limit.L2),
    ],
)
def test_a_refused_increase_is_no_more_than_what_is_free_by_now(
    certain_a: float, cautious_a: float, decided_a: float, limit: Limit
) -> None:
    """It has 6 A; a call for 26 A failed, and is to be made again."""
    state = commands.want(commands.known(6), 6, 0)
    state = commands.succeeded(commands.begin(state, 0), 0)
    state = commands.read_back(state, ReadBack.OBEYS, 0)
    state = commands.failed(commands.begin(commands.want(state, 26, 50), 50), 51)
    charger = ChargerInput(ChargerSettings("car", min_a=1), state)
    waits = Limit.L1 if cautious_a else Limit.WAITING_FOR_TURN
    cautious = Share(cautious_a, waits, "garage")
    decision, _ = decide_charger(
        charger,
        Draw((6,), (6.5,), settled=True),
        (Share(certain_a, Limit.L2, "garage"), cautious),
        None,
        begin(0),
        None,
        SiteSettings(),
        60,
    )
    assert decision.desired_a == decided_a
    assert decision.limit is limit
    assert decision.draw_a == (6.5,)
    if decided_a == 26:
        assert decision.action is None
        return
    assert decision.circuit_id == "garage"
    paused = decided_a == 0
    assert decision.action is (
        ActionReason.BELOW_MINIMUM if paused else ActionReason.SUPPLY
    )


def test_who_does_not_begin_with_so_much_begins_with_less() -> None:
    """It is paused; a call for 26 A failed, and is to be made again."""
    state = commands.failed(commands.begin(commands.want(paused(), 26, 50), 50), 51)
    share = Share(26, Limit.L1, "garage")
    decision, ramp = decide_charger(
        ChargerInput(ChargerSettings("car"), state),
        Draw((0,), (0.5,), settled=True),
        (share, share),
        None,
        begin(0),
        None,
        SiteSettings(),
        60,
    )
    assert ramp is None
    resumed = ActionReason.RESUMED
    assert decision == ChargerDecision(6, Limit.L1, resumed, (0.5,), "garage")


@pytest.mark.parametrize(
    ("overloaded", "desired_a", "limit"),
    [(None, None, Limit.STATUS_UNKNOWN), (Rung.COMPUTED, 0, Limit.L1)],
)
def test_one_of_which_nothing_is_known_is_left_alone_until_there_is_an_overload(
    overloaded: Rung | None, desired_a: float | None, limit: Limit
) -> None:
    charger = ChargerInput(
        ChargerSettings("car"), commands.unknown(32), ChargerStatus.UNKNOWN
    )
    share = Share(0, Limit.L1)
    decision, _ = decide_charger(
        charger,
        Draw((0,), (32,), settled=False),
        (share, share),
        None,
        begin(0),
        overloaded,
        SiteSettings(),
        20,
    )
    assert (decision.desired_a, decision.limit) == (desired_a, limit)


def paused() -> CommandState:
    """A charger that was told to pause, and obeys."""
    return commands.found(commands.known(0), 0, 0)


def holding(current_a: float) -> ChargerInput:
    """A charger of 6 to 32 A that holds a current and obeys."""
    state = commands.found(commands.known(current_a), current_a, 0)
    return ChargerInput(ChargerSettings("car"), state)


def test_less_than_a_step_that_was_free_all_the_time_raises_nothing() -> None:
    """20 A are free by now, but 16.4 A is the least of the last 15 s."""
    decision, ramp = decide_charger(
        holding(16),
        Draw((16,), (16,), settled=True, taken_at_s=20),
        (Share(20, Limit.L1), Share(20, Limit.L1, "garage")),
        Ramp(0, 16.4),
        begin(0),
        None,
        SiteSettings(),
        20,
    )
    assert ramp is None
    assert decision == ChargerDecision(16, Limit.L1, None, (16,), "garage")


@pytest.mark.parametrize(
    ("certain_a", "limit", "overloaded", "action"),
    [
        (0, Limit.L1, None, ActionReason.BELOW_MINIMUM),
        (6, Limit.L1, None, ActionReason.SUPPLY),
        (0, Limit.L1, Rung.COMPUTED, ActionReason.OVERLOAD),
        (6, Limit.CHARGER_MAXIMUM, Rung.MINIMUM, ActionReason.OVERLOAD),
        (6, Limit.CHARGER_MAXIMUM, None, ActionReason.CEILING),
        (0, Limit.CHARGER_MAXIMUM, None, ActionReason.CEILING),
    ],
)
def test_a_reduction_tells_its_reason(
    certain_a: float, limit: Limit, overloaded: Rung | None, action: ActionReason
) -> None:
    share = Share(certain_a, limit, "garage")
    decision, ramp = decide_charger(
        holding(16),
        Draw((14,), (16,), settled=True),
        (share, share),
        Ramp(0, 20),
        begin(0),
        overloaded,
        SiteSettings(),
        20,
    )
    assert ramp is None
    named = Limit.OVERLOAD if overloaded is Rung.MINIMUM else limit
    shown = ChargerDecision(certain_a, named, action, (16,), "garage")
    assert decision == shown
