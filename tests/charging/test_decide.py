"""One charger's current, from what it is and what there is for it."""

import pytest

from custom_components.load_sharing.charging import command as commands
from custom_components.load_sharing.charging.allocation import Share
from custom_components.load_sharing.charging.command import ReadBack
from custom_components.load_sharing.charging.decide import decide_charger
from custom_components.load_sharing.charging.draw import Draw
from custom_components.load_sharing.charging.model import (
    ActionReason,
    ChargerInput,
    ChargerSettings,
    Limit,
    SiteSettings,
)
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
