"""One charger's current and the reason for it, from what it is and what there is."""

# ruff: noqa: D102

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.allocation import Share
from custom_components.load_sharing.charging.engine.decide import Case, decide_charger
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.memory import Ramp, Regain
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Limit,
)
from custom_components.load_sharing.charging.engine.ramp import no_regain

from .car import settled
from .settings import charger_settings, site_settings

CAR = charger_settings("car")
NOW_S = 20.0
DRAW = Draw((10,), (10.5,), settled=True, taken_at_s=NOW_S)
NEW = no_regain(0)
FRUSTRATED = Regain(0, had_a=28, patience=1.0)


def decide(
    charger: ChargerInput,
    certain: Share | None,
    cautious: Share,
    *,
    draw: Draw = DRAW,
    ramp: Ramp | None = None,
    regain: Regain = NEW,
    overloaded: bool = False,
    may_rise: bool = True,
    doubted: bool = False,
) -> tuple[ChargerDecision, Ramp | None]:
    """Decide at 20 s. What fits for certain is all that fits, unless told."""
    certain = certain or cautious
    site = site_settings()
    return decide_charger(
        Case(
            charger,
            charger.command.in_force_a or 0.0,
            draw,
            certain,
            cautious,
            ramp,
            regain,
            overloaded,
            site,
            NOW_S,
            may_rise,
            doubted=doubted,
        )
    )


def in_garage(current_a: float, limit: Limit) -> Share:
    """A share that a circuit decides on."""
    return Share(current_a, limit, "garage")


def decided(
    desired_a: float | None,
    limit: Limit,
    action: ActionReason | None,
    circuit_id: str = "garage",
) -> ChargerDecision:
    """What is decided, beside the most that the charger may draw."""
    return ChargerDecision(desired_a, limit, action, (10.5,), circuit_id)


def holding(current_a: float, settings: ChargerSettings = CAR) -> ChargerInput:
    """One that has its current for long, of 6 to 32 A unless told."""
    return ChargerInput(settings, settled(current_a))


def holding_found(current_a: float) -> ChargerInput:
    """One that was found with a current."""
    return ChargerInput(CAR, commands.holding(current_a))


def refusing(current_a: float, wanted_a: float) -> ChargerInput:
    """It has a current; a call for another failed, and is to be made again."""
    state = commands.request(settled(current_a), wanted_a, 10)
    state = commands.call_failed(commands.begin_call(state, 10), 11)
    return ChargerInput(replace(CAR, min_a=1), state)


class TestStartUp:
    """Nothing was decided for it yet."""

    @pytest.mark.parametrize(
        ("free", "decision"),
        [
            (
                in_garage(26, Limit.CIRCUIT),
                decided(6, Limit.RAMP_UP, ActionReason.START_UP),
            ),
            (
                in_garage(0, Limit.CIRCUIT),
                decided(0, Limit.CIRCUIT, ActionReason.START_UP),
            ),
            (
                Share(0, Limit.CHARGER_MAXIMUM),
                decided(0, Limit.SET_BY_HAND, ActionReason.START_UP, ""),
            ),
        ],
    )
    def test_one_of_which_nothing_is_known_has_its_minimum_if_that_is_free(
        self, free: Share, decision: ChargerDecision
    ) -> None:
        settings = replace(CAR, ceilings=((Limit.SET_BY_HAND, 0),))
        charger = ChargerInput(settings, commands.holding_up_to(32))
        assert decide(charger, None, free) == (decision, None)

    def test_it_is_not_started_at_a_minimum_that_others_certainly_have(self) -> None:
        charger = ChargerInput(CAR, commands.holding_up_to(32))
        certain = in_garage(0, Limit.WAITING_FOR_TURN)
        decision = decided(0, Limit.WAITING_FOR_TURN, ActionReason.START_UP)
        assert decide(charger, certain, Share(6, Limit.L1)) == (decision, None)

    @pytest.mark.parametrize(
        ("overloaded", "decision"),
        [
            (False, decided(None, Limit.STATUS_UNKNOWN, None, "")),
            (True, decided(0, Limit.L1, ActionReason.START_UP)),
        ],
    )
    def test_if_not_even_its_status_is_known_it_is_left_alone_but_for_an_overload(
        self, overloaded: bool, decision: ChargerDecision
    ) -> None:
        state = commands.holding_up_to(32)
        charger = ChargerInput(CAR, state, ChargerStatus.UNKNOWN)
        free = in_garage(0, Limit.L1)
        assert decide(charger, None, free, overloaded=overloaded) == (decision, None)

    @pytest.mark.parametrize(
        ("levels_a", "found_a", "adopted_a"),
        [((), 16.4, 16), ((6.0, 13.0, 20.0), 16.4, 13), ((), 5.9, 0), ((), 6, 6)],
    )
    def test_what_it_has_is_adopted_or_the_next_current_below_it(
        self, levels_a: tuple[float, ...], found_a: float, adopted_a: float
    ) -> None:
        settings = replace(CAR, levels_a=levels_a)
        charger = ChargerInput(settings, commands.holding(found_a))
        decision = decided(adopted_a, Limit.SETTLING, ActionReason.START_UP, "")
        assert decide(charger, None, in_garage(32, Limit.L1)) == (decision, None)

    @pytest.mark.parametrize("found_a", [0, 6, 16])
    def test_what_is_doubted_is_not_sent(self, found_a: float) -> None:
        decision = decided(None, Limit.METER_DOUBTED, None, "")
        free = in_garage(32, Limit.L1)
        held = decide(holding_found(found_a), None, free, doubted=True)
        assert held == (decision, None)

    @pytest.mark.parametrize(
        ("found_a", "sent_a"), [(0, 0), (5, 0), (6, 6), (10, 6), (32, 6)]
    )
    def test_in_an_overload_that_it_does_not_explain_it_may_have_more(
        self, found_a: float, sent_a: float
    ) -> None:
        decision = decided(sent_a, Limit.OVERLOAD, ActionReason.OVERLOAD, "")
        free = in_garage(32, Limit.L1)
        sent = decide(holding_found(found_a), None, free, doubted=True, overloaded=True)
        assert sent == (decision, None)


@pytest.mark.parametrize(
    ("certain_a", "limit", "overloaded", "action"),
    [
        (0, Limit.L1, False, ActionReason.BELOW_MINIMUM),
        (6, Limit.L1, False, ActionReason.SUPPLY),
        (0, Limit.L1, True, ActionReason.OVERLOAD),
        (6, Limit.L1, True, ActionReason.OVERLOAD),
        (0, Limit.CHARGER_MAXIMUM, True, ActionReason.OVERLOAD),
        (6, Limit.CHARGER_MAXIMUM, False, ActionReason.CEILING),
        (0, Limit.CHARGER_MAXIMUM, False, ActionReason.CEILING),
    ],
)
def test_a_reduction_tells_its_reason(
    certain_a: float, limit: Limit, overloaded: bool, action: ActionReason
) -> None:
    free = in_garage(certain_a, limit)
    decision, ramp = decide(
        holding(16), None, free, ramp=Ramp(0, 20), overloaded=overloaded
    )
    assert ramp is None
    assert decision == decided(certain_a, limit, action)


class TestRefused:
    """A call that failed is made again, if there is still room for it."""

    @pytest.mark.parametrize(
        ("certain_a", "cautious_a", "decision"),
        [
            (26, 26, decided(26, Limit.SETTLING, None, "")),
            (12, 8, decided(8, Limit.L1, ActionReason.SUPPLY)),
            (8, 8, decided(8, Limit.L2, ActionReason.SUPPLY, "shed")),
            (12, 16, decided(12, Limit.L2, ActionReason.SUPPLY, "shed")),
            (12, 0, decided(6, Limit.SUPPLY, ActionReason.SUPPLY)),
            (5, 0, decided(5, Limit.L2, ActionReason.SUPPLY, "shed")),
            (0, 0, decided(0, Limit.L2, ActionReason.BELOW_MINIMUM, "shed")),
        ],
    )
    def test_an_increase_is_no_more_than_what_is_free_by_now(
        self, certain_a: float, cautious_a: float, decision: ChargerDecision
    ) -> None:
        """It has 6 A, and 26 A were wanted."""
        waits = Limit.L1 if cautious_a else Limit.WAITING_FOR_TURN
        certain = Share(certain_a, Limit.L2, "shed")
        cautious = in_garage(cautious_a, waits)
        assert decide(refusing(6, 26), certain, cautious) == (decision, None)

    def test_one_that_somebody_limits_meanwhile_says_so(self) -> None:
        """It has 6 A, 26 A were wanted, and now it may have 12 A for a time."""
        charger = refusing(6, 26)
        settings = replace(charger.settings, temporary_limit_a=12)
        charger = replace(charger, settings=settings)
        free = in_garage(26, Limit.CHARGER_MAXIMUM)
        cautious = in_garage(12, Limit.CHARGER_MAXIMUM)
        decision = decided(12, Limit.TEMPORARY_LIMIT, ActionReason.SUPPLY)
        assert decide(charger, free, cautious) == (decision, None)

    def test_who_does_not_begin_with_so_much_begins_with_less(self) -> None:
        decision = decided(1, Limit.L1, ActionReason.RESUMED)
        free = in_garage(26, Limit.L1)
        assert decide(refusing(0, 26), None, free) == (decision, None)

    def test_nor_does_it_begin_with_what_is_no_longer_free(self) -> None:
        """Nothing is proven to be taken, and nothing is free for certain."""
        certain = Share(26, Limit.L2, "shed")
        cautious = in_garage(0, Limit.WAITING_FOR_TURN)
        below = ActionReason.BELOW_MINIMUM
        decision = decided(0, Limit.WAITING_FOR_TURN, below)
        assert decide(refusing(0, 26), certain, cautious) == (decision, None)


class TestHeld:
    """Nothing changes, and why."""

    def test_an_overload_raises_nothing(self) -> None:
        decision = decided(16, Limit.OVERLOAD, None, "")
        free = in_garage(20, Limit.L1)
        held = decide(holding(16), None, free, ramp=Ramp(0, 20), overloaded=True)
        assert held == (decision, None)

    @pytest.mark.parametrize(
        ("present_a", "limit"),
        [(16, Limit.STATUS_UNKNOWN), (32, Limit.CHARGER_MAXIMUM)],
    )
    def test_one_whose_status_is_unknown_keeps_what_it_has(
        self, present_a: float, limit: Limit
    ) -> None:
        charger = replace(holding(present_a), status=ChargerStatus.UNKNOWN)
        held = decide(charger, None, Share(32, Limit.CHARGER_MAXIMUM))
        assert held == (decided(present_a, limit, None, ""), None)

    @pytest.mark.parametrize(
        ("regain", "since_s"),
        [(FRUSTRATED, 12.5), (Regain(0, had_a=28, patience=0.2), 18.5)],
    )
    def test_until_the_meter_shows_the_last_command_half_of_the_wait_is_to_come(
        self, regain: Regain, since_s: float
    ) -> None:
        """15 s; 3 s for one that had 28 A before."""
        unsettled = DRAW._replace(settled=False, final_at_s=21)
        free = in_garage(20, Limit.L1)
        held = decide(
            holding(16), None, free, draw=unsettled, ramp=Ramp(0, 20), regain=regain
        )
        assert held == (decided(16, Limit.SETTLING, None, ""), Ramp(since_s, 20))

    @pytest.mark.parametrize(
        ("present_a", "limit", "named"),
        [
            (16, Limit.CIRCUIT, Limit.CIRCUIT),
            (16, Limit.WAITING_FOR_TURN, Limit.SUPPLY),
            (0, Limit.WAITING_FOR_TURN, Limit.WAITING_FOR_TURN),
            (16, Limit.CHARGER_MAXIMUM, Limit.TEMPORARY_LIMIT),
        ],
    )
    def test_what_keeps_it_from_more_is_named(
        self, present_a: float, limit: Limit, named: Limit
    ) -> None:
        charger = holding(present_a, replace(CAR, temporary_limit_a=16))
        free = in_garage(present_a, limit)
        held = decide(charger, None, free, ramp=Ramp(0, 20))
        assert held == (decided(present_a, named, None), None)

    @pytest.mark.parametrize(("may_rise", "desired_a"), [(True, 10), (False, 7)])
    def test_even_to_a_higher_minimum_nothing_rises_while_nothing_may(
        self, may_rise: bool, desired_a: float
    ) -> None:
        """It had 7 A when its minimum was raised from 6 to 10 A."""
        charger = holding(7, replace(CAR, min_a=10))
        share = Share(10, Limit.CHARGER_MAXIMUM)
        decision, _ = decide(charger, None, share, ramp=Ramp(0, 10), may_rise=may_rise)
        assert decision.desired_a == desired_a

    def test_headroom_has_to_last(self) -> None:
        free = in_garage(20, Limit.L1)
        held = decide(holding(16), None, free, ramp=Ramp(6, 20), regain=FRUSTRATED)
        assert held == (decided(16, Limit.RAMP_UP, None, ""), Ramp(6, 20))

    @pytest.mark.parametrize(
        ("limit", "named"),
        [(Limit.L1, Limit.L1), (Limit.CHARGER_MAXIMUM, Limit.TEMPORARY_LIMIT)],
    )
    def test_less_than_a_step_that_was_free_all_the_time_raises_nothing(
        self, limit: Limit, named: Limit
    ) -> None:
        """20 A are free by now, but 16.4 A is the least of the last 15 s."""
        charger = holding(16, replace(CAR, temporary_limit_a=20))
        free = in_garage(20, limit)
        held = decide(charger, None, free, ramp=Ramp(0, 16.4))
        assert held == (decided(16, named, None), None)


@pytest.mark.parametrize(
    ("present_a", "free_a", "decision"),
    [
        (16, 26, decided(20, Limit.RAMP_UP, ActionReason.HEADROOM, "")),
        (16, 18, decided(18, Limit.TEMPORARY_LIMIT, ActionReason.HEADROOM)),
        (0, 26, decided(6, Limit.RAMP_UP, ActionReason.RESUMED, "")),
    ],
)
def test_a_rise_tells_whether_more_is_to_come(
    present_a: float, free_a: float, decision: ChargerDecision
) -> None:
    charger = holding(present_a, replace(CAR, temporary_limit_a=30))
    free = in_garage(free_a, Limit.CHARGER_MAXIMUM)
    raised, ramp = decide(charger, None, free, ramp=Ramp(0, free_a))
    assert raised == decision
    assert ramp is not None
    assert ramp.since_s == NOW_S
