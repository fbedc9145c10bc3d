"""Who may rise now, who waits for another to let go, and who makes room for whom."""

# ruff: noqa: D102

from collections.abc import Mapping
from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.allocation import (
    Claim,
    Constraint,
    Share,
)
from custom_components.load_sharing.charging.engine.command import CommandState
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Limit,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.plan import Plan
from custom_components.load_sharing.charging.engine.shift import (
    is_short,
    land_reductions_first,
    lower_to,
)

from .car import settled
from .settings import charger_settings, site_settings
from .situations import situation

NOW_S = 200.0
SETTLED = Draw((6,), (6,), settled=True)
HEADROOM, RESUMED = ActionReason.HEADROOM, ActionReason.RESUMED
SUPPLY, TURN = ActionReason.SUPPLY, ActionReason.TURN


def site(**states: CommandState) -> SiteInput:
    """Chargers by name, with what they were told."""
    chargers = [
        ChargerInput(charger_settings(name), state) for name, state in states.items()
    ]
    return SiteInput(site_settings(), None, tuple(chargers))


def raised(current_a: float, action: ActionReason = HEADROOM) -> ChargerDecision:
    """More than it had."""
    return ChargerDecision(current_a, Limit.RAMP_UP, action, (6,))


def same(current_a: float) -> ChargerDecision:
    """What it is told already."""
    return ChargerDecision(current_a, Limit.SUPPLY, None, (6,))


def waits(current_a: float) -> ChargerDecision:
    """What it has, until others have let go."""
    return ChargerDecision(current_a, Limit.SETTLING, None, (6,))


def refused(kept_a: float, wanted_a: float) -> CommandState:
    """A call for more that failed."""
    state = commands.request(settled(kept_a), wanted_a, 190)
    return commands.call_failed(commands.begin_call(state, 190), 191)


def land(
    seen: SiteInput, free: float | Constraint, /, **decisions: ChargerDecision
) -> tuple[tuple[str, ...], Mapping[str, ChargerDecision]]:
    """Let reductions land first on a supply that leaves so much beside other load."""
    if not isinstance(free, Constraint):
        free = Constraint(Limit.SUPPLY, free, dict.fromkeys(decisions, 1))
    now = situation(seen, now_s=NOW_S, free=[free])
    plan = land_reductions_first(now, Plan(decisions, {}))
    return plan.held_back, plan.decisions


def lower(
    seen: SiteInput,
    draws: list[Draw],
    fair: dict[str, Share],
    decisions: Mapping[str, ChargerDecision],
) -> Mapping[str, ChargerDecision]:
    """Lower those above their share."""
    now = situation(seen, draws, now_s=NOW_S)
    return lower_to(fair, now, Plan(decisions, {})).decisions


class TestLanding:
    """An increase needs current that others have let go of."""

    @pytest.mark.parametrize(("free_a", "rises"), [(26, True), (25.9, False)])
    def test_what_others_hold_is_theirs(self, free_a: float, rises: bool) -> None:
        seen = site(a=settled(16), b=settled(6))
        held, decisions = land(seen, free_a, a=same(16), b=raised(10))
        assert held == (() if rises else ("b",))
        assert decisions["b"] == (raised(10) if rises else waits(6))
        assert decisions["a"] == same(16)

    def test_one_that_is_being_lowered_still_has_it(self) -> None:
        lowered = ChargerDecision(10, Limit.SUPPLY, SUPPLY, (16,))
        held, _ = land(site(a=settled(16), b=settled(6)), 25, a=lowered, b=raised(10))
        assert held == ("b",)
        told = commands.begin_call(commands.request(settled(16), 10, 190), 190)
        told = commands.call_succeeded(told, 191)
        held, _ = land(site(a=told, b=settled(6)), 25, a=same(10), b=raised(10))
        assert held == ("b",)
        obeyed = commands.read_back(told, commands.ReadBack.OBEYS, 191)
        held, _ = land(site(a=obeyed, b=settled(6)), 25, a=same(10), b=raised(10))
        assert held == ()

    def test_what_is_wanted_and_not_sent_yet_is_spoken_for(self) -> None:
        wanted = commands.request(settled(16), 20, NOW_S)
        held, _ = land(site(a=wanted, b=settled(6)), 29.9, a=same(20), b=raised(10))
        assert held == ("b",)
        held, _ = land(site(a=wanted, b=settled(6)), 30, a=same(20), b=raised(10))
        assert held == ()

    def test_nobody_is_given_what_another_was_given(self) -> None:
        """A needs 8 A of 4 A and waits; B has them, and C waits."""
        seen = site(a=settled(6), b=settled(6), c=settled(6))
        held, decisions = land(seen, 22, a=raised(14), b=raised(10), c=raised(7))
        assert held == ("a", "c")
        assert decisions["b"] == raised(10)

    def test_one_that_resumes_needs_all_of_its_minimum(self) -> None:
        seen = site(a=settled(16), b=settled(0))
        held, _ = land(seen, 22, a=same(16), b=raised(6, RESUMED))
        assert held == ()
        held, _ = land(seen, 21.9, a=same(16), b=raised(6, RESUMED))
        assert held == ("b",)

    @pytest.mark.parametrize(("free_a", "held_back"), [(42, ()), (41.9, ("b",))])
    def test_each_ampere_counts_as_often_as_it_is_taken(
        self, free_a: float, held_back: tuple[str, ...]
    ) -> None:
        """A demand limit of all phases: B takes each ampere on three."""
        demand = Constraint(Limit.DEMAND_LIMIT, free_a, {"a": 1, "b": 3})
        held, _ = land(
            site(a=settled(12), b=settled(6)), demand, a=same(12), b=raised(10)
        )
        assert held == held_back

    def test_what_three_phases_were_given_is_gone_three_times(self) -> None:
        demand = Constraint(Limit.DEMAND_LIMIT, 38, {"a": 3, "b": 1})
        held, _ = land(
            site(a=settled(6), b=settled(6)), demand, a=raised(10), b=raised(9)
        )
        assert held == ("b",)

    def test_who_is_on_nothing_that_limits_waits_for_nobody(self) -> None:
        free = Constraint(Limit.L1, 22, {"a": 1})
        seen = site(a=settled(16), b=settled(6))
        held, decisions = land(seen, free, a=same(16), b=raised(10))
        assert held == ()
        assert decisions["b"] == raised(10)


class TestRefused:
    """An increase that failed is repeated only if there is still room."""

    @pytest.mark.parametrize(("free_a", "withheld"), [(34, False), (33.9, True)])
    def test_it_rests_while_others_have_its_current(
        self, free_a: float, withheld: bool
    ) -> None:
        seen = site(a=settled(24), b=refused(6, 10))
        held, decisions = land(seen, free_a, a=same(24), b=same(10))
        assert held == ()
        assert decisions["b"] == replace(same(10), withheld=withheld)

    def test_one_from_a_pause_is_given_up(self) -> None:
        seen = site(a=settled(24), b=refused(0, 6))
        _, decisions = land(seen, 29.9, a=same(24), b=same(6))
        below = ActionReason.BELOW_MINIMUM
        assert decisions["b"] == ChargerDecision(0, Limit.SETTLING, below, (6,))
        _, decisions = land(seen, 30, a=same(24), b=same(6))
        assert decisions["b"] == same(6)

    def test_others_are_looked_at_all_the_same(self) -> None:
        seen = site(a=refused(6, 10), b=settled(24))
        held, _ = land(seen, 33, a=same(10), b=raised(25))
        assert held == ("b",)

    def test_less_than_it_had_is_no_repetition(self) -> None:
        """It is told 5 A."""
        seen = site(a=settled(24), b=refused(6, 10))
        lower = ChargerDecision(5, Limit.SUPPLY, SUPPLY, (6,))
        held, decisions = land(seen, 10, a=same(24), b=lower)
        assert held == ()
        assert decisions["b"] == lower


@pytest.mark.parametrize(
    ("present_a", "useful_a", "short"), [(0, 6, True), (6, 6, False), (6, 7, True)]
)
def test_who_has_what_it_has_use_for_is_not_short(
    present_a: float, useful_a: float, short: bool
) -> None:
    seen = site(a=settled(present_a), b=settled(6))
    claims = [Claim("a", 6, 32, useful_a=useful_a), Claim("b", 6, 32, useful_a=20)]
    now = situation(seen, now_s=NOW_S, claims=claims)
    assert is_short(now, Plan({}, {}, ("a",))) is short
    assert not is_short(now, Plan({}, {}))


class TestMakingRoom:
    """Those above their fair share are lowered for one whose increase waits."""

    @pytest.mark.parametrize(
        ("share", "decision"),
        [
            (
                Share(10, Limit.CIRCUIT, "garage"),
                ChargerDecision(10, Limit.CIRCUIT, SUPPLY, (6,), "garage"),
            ),
            (
                Share(10, Limit.CHARGER_MAXIMUM),
                ChargerDecision(10, Limit.TEMPORARY_LIMIT, SUPPLY, (6,)),
            ),
            (
                Share(0, Limit.WAITING_FOR_TURN),
                ChargerDecision(0, Limit.WAITING_FOR_TURN, TURN, (6,)),
            ),
            (Share(16, Limit.L1), same(16)),
            (Share(20, Limit.L1), same(16)),
        ],
    )
    def test_it_has_its_share_and_the_reason(
        self, share: Share, decision: ChargerDecision
    ) -> None:
        settings = charger_settings("a", temporary_limit_a=20)
        charger = ChargerInput(settings, settled(16))
        seen = SiteInput(site_settings(), None, (charger,))
        decisions = lower(seen, [SETTLED], {"a": share}, {"a": same(16)})
        assert decisions == {"a": decision}

    def test_who_is_lowered_or_raised_already_is_left_alone(self) -> None:
        for chosen in (raised(20), ChargerDecision(12, Limit.L1, SUPPLY, (6,))):
            fair = {"a": Share(10, Limit.L1)}
            decisions = lower(site(a=settled(16)), [SETTLED], fair, {"a": chosen})
            assert decisions == {"a": chosen}

    @pytest.mark.parametrize(
        ("other", "draw", "made"),
        [
            (settled(6), SETTLED, True),
            (settled(6), SETTLED._replace(settled=False), False),
            (commands.request(settled(6), 10, NOW_S), SETTLED, False),
            (commands.holding_up_to(32), SETTLED._replace(settled=False), True),
            (replace(refused(6, 10), attempts=3), SETTLED, True),
        ],
    )
    def test_nothing_is_lowered_while_an_increase_is_still_to_show(
        self, other: CommandState, draw: Draw, made: bool
    ) -> None:
        """But for those that nobody can command."""
        decisions = {"other": same(6), "a": same(16)}
        fair = {"other": Share(6, Limit.L1), "a": Share(10, Limit.L1)}
        seen = site(other=other, a=settled(16))
        after = lower(seen, [draw, SETTLED], fair, decisions)
        assert (after["a"].desired_a == 10) is made

    def test_one_that_is_not_waited_for_hides_no_other(self) -> None:
        decisions = {"a": same(16), "b": same(6), "c": same(6)}
        fair = dict.fromkeys(decisions, Share(5, Limit.L1))
        seen = site(
            b=replace(refused(6, 10), attempts=3),
            c=commands.request(settled(6), 10, NOW_S),
            a=settled(16),
        )
        after = lower(seen, [SETTLED] * 3, fair, decisions)
        assert after["a"] == same(16)
