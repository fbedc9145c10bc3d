"""One charger's current, from what it is and what there is for it."""

import pytest

from custom_components.load_sharing.charging import command as commands
from custom_components.load_sharing.charging.allocation import Share
from custom_components.load_sharing.charging.command import ReadBack
from custom_components.load_sharing.charging.decide import decide_charger
from custom_components.load_sharing.charging.draw import Draw
from custom_components.load_sharing.charging.model import (
    ActionReason,
    ChargerDecision,
    ChargerInput,
    ChargerSettings,
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
    cautious = Share(cautious_a, Limit.L1 if cautious_a else Limit.WAITING_FOR_TURN)
    decision, _ = decide_charger(
        charger,
        Draw((6,), (6,), settled=True),
        (Share(certain_a, Limit.L2), cautious),
        None,
        begin(0),
        None,
        SiteSettings(),
        60,
    )
    assert decision.desired_a == decided_a
    assert decision.limit is limit
    assert (decision.action is None) == (decided_a == 26)
    assert decision.action is not ActionReason.HEADROOM


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
