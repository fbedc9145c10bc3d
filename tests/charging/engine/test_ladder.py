"""An overload that chargers share whose draw nobody measures ends in two rounds."""

# ruff: noqa: D102

from dataclasses import replace

from hypothesis import example, given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.balance import balance_supply
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    ChargerDecision,
)
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.ladder import (
    ladder_ceilings,
    lowest_ceilings,
)
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    DrawReading,
    Fallback,
    FallbackAction,
    Limit,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.naming import name_ladder
from custom_components.load_sharing.charging.engine.overload import (
    OverloadPhase,
    OverloadState,
    Rung,
)
from custom_components.load_sharing.charging.engine.plan import Plan

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings
from .situations import situation

NOW_S = 20.0
LOWERED = OverloadState(OverloadPhase.CORRECTING, 5, 22, 4, 1, lowered=frozenset("ab"))
DRAWS = Draw((0,), (13,), settled=True, taken_at_s=NOW_S)


def named(name: str, cap_a: float, *, measured: bool = False) -> Car:
    """A car that takes no more than a current."""
    settings = charger_settings(name, max_a=13)
    return Car(
        charger=settings, holds_a=13, cap_a=lambda _now_s: cap_a, measured=measured
    )


class TestCeilings:
    """12 A flow on L1 and 36 A on L2, where two chargers have 13 A each."""

    @staticmethod
    def ceilings(
        overload: OverloadState,
        *chargers: ChargerInput,
        draws: tuple[Draw, ...] = (DRAWS, DRAWS),
        flow_a: tuple[float, ...] = (12.0, 36.0),
        now_s: float = NOW_S,
    ) -> dict[str, float]:
        reading = ServiceReading(flow_a, (NOW_S,) * len(flow_a))
        site = SiteInput(site_settings(), reading, chargers)
        pairs = tuple(zip(chargers, draws[: len(chargers)], strict=True))
        balance = balance_supply(site, reading, pairs)
        return ladder_ceilings(pairs, balance, overload, now_s)

    @staticmethod
    def at(name: str, current_a: float = 13, phase: int = 1) -> ChargerInput:
        settings = charger_settings(name, phases=(phase,))
        return ChargerInput(settings, settled(current_a))

    def test_each_gives_way_by_all_of_it(self) -> None:
        after = self.ceilings(LOWERED, self.at("a"), self.at("b", 16.4))
        assert after == {"a": 9, "b": 12}

    def test_not_below_its_minimum(self) -> None:
        assert self.ceilings(LOWERED, self.at("a", 8), self.at("b", 10)) == {
            "a": 6,
            "b": 6,
        }

    def test_in_its_steps(self) -> None:
        coarse = self.at("a")
        coarse = replace(coarse, settings=replace(coarse.settings, levels_a=(8, 10)))
        after = self.ceilings(LOWERED, coarse, self.at("b"))
        assert after == {"a": 8, "b": 9}

    def test_one_alone_has_nobody_to_share_with(self) -> None:
        assert self.ceilings(LOWERED, self.at("a")) == {}
        assert self.ceilings(LOWERED, self.at("a"), self.at("b", phase=0)) == {}

    def test_nothing_is_more_than_computed_before_chargers_were_lowered(self) -> None:
        untried = replace(LOWERED, lowered=frozenset())
        assert self.ceilings(untried, self.at("a"), self.at("b")) == {}

    def test_all_of_them_have_to_have_answered(self) -> None:
        """The second was told 13 A only 2 s before, and 10 s later there is no report."""
        told = commands.begin_call(commands.request(settled(14), 13, 18), 18)
        told = commands.call_succeeded(told, 18)
        chargers = self.at("a"), replace(self.at("b"), command=told)
        late = DRAWS._replace(settled=False, final_at_s=30)
        draws = DRAWS, late
        assert self.ceilings(LOWERED, *chargers, draws=draws, now_s=29) == {}
        silent = self.ceilings(LOWERED, *chargers, draws=draws, now_s=30)
        assert silent == {"a": 9, "b": 9}

    def test_none_of_them_has_while_its_wish_waits_for_another_call(self) -> None:
        """16 A are sent once more, and 13 A wait."""
        sending = commands.begin_call(commands.resend(settled(16), 10), 10)
        waiting = replace(self.at("b"), command=commands.request(sending, 13, 19))
        chargers = self.at("a"), waiting
        assert self.ceilings(LOWERED, *chargers) == {}
        assert self.ceilings(LOWERED, *chargers, now_s=60) == {}
        new = replace(waiting, command=commands.request(settled(16), 13, NOW_S))
        assert self.ceilings(LOWERED, self.at("a"), new) == {}

    def test_one_on_another_phase_is_left_alone_and_not_waited_for(self) -> None:
        late = DRAWS._replace(settled=False, final_at_s=30)
        chargers = self.at("a"), self.at("b"), self.at("c", phase=0)
        draws = DRAWS, DRAWS, late
        after = self.ceilings(LOWERED, *chargers, draws=draws, now_s=19)
        assert after == {"a": 9, "b": 9}

    def test_the_worst_of_its_phases_counts(self) -> None:
        both = replace(self.at("a"), settings=charger_settings("a", phases=(0, 1)))
        draw = DRAWS._replace(low_a=(0, 0), high_a=(13, 13))
        chargers = both, self.at("b"), self.at("c", phase=0)
        after = self.ceilings(
            LOWERED, *chargers, draws=(draw, DRAWS, DRAWS), flow_a=(37.0, 36.0)
        )
        assert after == {"a": 8, "b": 9, "c": 8}

    def test_what_it_draws_on_another_phase_does_not_count(self) -> None:
        both = replace(self.at("a"), settings=charger_settings("a", phases=(0, 1)))
        draw = DRAWS._replace(low_a=(0, 0), high_a=(13, 0))
        after = self.ceilings(LOWERED, both, self.at("b"), draws=(draw, DRAWS))
        assert after == {"b": 9}

    def test_a_reduction_elsewhere_is_no_first_one_here(self) -> None:
        """On L1 chargers were lowered, on L2 not yet."""
        chargers = [self.at(name, phase=n // 2) for n, name in enumerate("abcd")]
        after = self.ceilings(
            LOWERED, *chargers, draws=(DRAWS,) * 4, flow_a=(37.0, 36.0)
        )
        assert after == {"a": 8, "b": 8}

    def test_not_before_it_has_lasted_for_the_trigger_delay(self) -> None:
        pending = replace(LOWERED, phase=OverloadPhase.PENDING)
        assert self.ceilings(pending, self.at("a"), self.at("b")) == {}

    def test_one_of_which_nothing_is_known_has_its_minimum(self) -> None:
        found = replace(self.at("a"), command=commands.holding_up_to(16))
        assert self.ceilings(LOWERED, found, self.at("b")) == {"a": 6, "b": 9}

    def test_whoever_draws_nothing_is_left_alone(self) -> None:
        idle = DRAWS._replace(high_a=(0,))
        chargers = self.at("a"), self.at("b")
        assert self.ceilings(LOWERED, *chargers, draws=(DRAWS, idle)) == {"a": 9}
        hardly = DRAWS._replace(high_a=(0.5,))
        after = self.ceilings(LOWERED, *chargers, draws=(DRAWS, hardly))
        assert after == {"a": 9, "b": 9}

    def test_nothing_is_guessed_where_all_that_draw_are_measured(self) -> None:
        measured = replace(self.at("a"), draw=DrawReading((13,), (13,), NOW_S))
        chargers = measured, self.at("b")
        assert self.ceilings(LOWERED, *chargers) == {"a": 9, "b": 9}
        idle = DRAWS._replace(high_a=(0,))
        assert self.ceilings(LOWERED, *chargers, draws=(DRAWS, idle)) == {}

    @pytest.mark.parametrize(
        ("rung", "ceiling_a"), [(Rung.MINIMUM, 6), (Rung.PAUSE, 0)]
    )
    def test_the_next_rungs_are_for_all_on_the_phase_at_once(
        self, rung: Rung, ceiling_a: float
    ) -> None:
        measured = replace(self.at("a"), draw=DrawReading((13,), (13,), NOW_S))
        late = DRAWS._replace(settled=False, final_at_s=30)
        chargers = measured, self.at("b")
        further = replace(LOWERED, rung=rung, lowered=frozenset())
        after = self.ceilings(further, *chargers, draws=(late, DRAWS))
        assert after == {"a": ceiling_a, "b": ceiling_a}


@pytest.mark.parametrize(
    ("rung", "fallback_a", "told_a"),
    [(Rung.MINIMUM, 8, 6), (Rung.MINIMUM, 0, 0), (Rung.PAUSE, 8, 0)],
)
def test_one_whose_circuit_is_lost_has_the_less_of_both(
    rung: Rung, fallback_a: float, told_a: float
) -> None:
    """The supply is overloaded, and the meter of A's circuit was lost long ago."""
    fallback = Fallback(FallbackAction.SET_CURRENT, fallback_a, grace_s=10)
    circuit = Circuit("garage", 20, (0,), frozenset("a"), metered=True)
    chargers = tuple(ChargerInput(charger_settings(name), settled(16)) for name in "ab")
    site = SiteInput(
        site_settings(fallback=fallback),
        ServiceReading((36,), (NOW_S,)),
        chargers,
        circuits=(circuit,),
    )
    overload = OverloadState(OverloadPhase.CORRECTING, 5, 22, 4, 1, rung=rung)
    state = EngineState(overload=overload, lost_since_s={"garage": 0})
    _, decision = evaluate(state, site, NOW_S)
    assert decision.chargers["a"].desired_a == told_a


def test_what_is_not_sent_lowers_nobody() -> None:
    """A refused more than 6 A; less of that is wanted, and kept back. B has 16 A."""
    refused = commands.begin_call(commands.request(settled(6), 26, 10), 10)
    a = ChargerInput(charger_settings("a"), commands.call_failed(refused, 11))
    b = ChargerInput(charger_settings("b"), settled(16))
    site = SiteInput(site_settings(), ServiceReading((34,), (NOW_S,)), (a, b))
    state = EngineState(overload=OverloadState(OverloadPhase.CORRECTING, 5, 22, 2, 1))
    after, decision = evaluate(state, site, NOW_S)
    assert decision.chargers["a"].withheld
    assert decision.chargers["a"].desired_a == 10
    assert decision.events == ()
    assert after.overload.lowered == frozenset()


def test_the_lower_of_two_ceilings_counts() -> None:
    assert lowest_ceilings({"a": 6, "b": 8}, {"b": 6, "c": 0}) == {
        "a": 6,
        "b": 6,
        "c": 0,
    }
    assert lowest_ceilings({"b": 5}, {"b": 6}) == {"b": 5}


@pytest.mark.parametrize(
    ("limit", "action", "ladder_a", "named"),
    [
        (Limit.CHARGER_MAXIMUM, ActionReason.OVERLOAD, 9, Limit.OVERLOAD),
        (Limit.TEMPORARY_LIMIT, ActionReason.OVERLOAD, 9, Limit.OVERLOAD),
        (Limit.L1, ActionReason.OVERLOAD, 9, Limit.L1),
        (Limit.CHARGER_MAXIMUM, ActionReason.OVERLOAD, 10, Limit.CHARGER_MAXIMUM),
        (Limit.CHARGER_MAXIMUM, ActionReason.OVERLOAD, None, Limit.CHARGER_MAXIMUM),
        (Limit.CHARGER_MAXIMUM, None, 9, Limit.CHARGER_MAXIMUM),
    ],
)
def test_what_the_ladder_takes_is_called_an_overload(
    limit: Limit, action: ActionReason | None, ladder_a: float | None, named: Limit
) -> None:
    """A charger of 10 A at most."""
    charger = ChargerInput(charger_settings("a", max_a=10), settled(10))
    site = SiteInput(site_settings(), None, (charger,))
    chosen = ChargerDecision(9, limit, action, (10,), "garage")
    now = situation(site, now_s=NOW_S)._replace(
        ladder_a={} if ladder_a is None else {"a": ladder_a}
    )
    after = name_ladder(now, Plan({"a": chosen}, {}))
    assert after.decisions == {"a": replace(chosen, limit=named)}


def cook(*cars: Car, until_s: float) -> House:
    """An oven takes 12.5 A from second 60 on, beside 2 A that are always there."""
    house = House(lambda now_s: 14.5 if now_s >= 60 else 2.0, *cars)
    house.run(until_s)
    return house


def sent(house: House, from_s: float) -> list[tuple[str, float]]:
    return [(s.charger_id, s.current_a) for s in house.log if s.at_s >= from_s]


def test_the_first_time_they_share_and_then_each_lets_go_of_all_that_is_left() -> None:
    """Of the first 5 A only 2 A are felt, for one of them takes 9.3 A of its 13 A."""
    house = cook(named("full", 13), named("tapers", 9.3), until_s=65)
    assert sent(house, 60) == [("full", 11), ("tapers", 10)]
    assert house.service_a()[0] == pytest.approx(34.8)
    house.run(66)
    assert house.chosen("full").limit is Limit.OVERLOAD
    house.run(70)
    assert sent(house, 65) == [("full", 8), ("tapers", 7)]
    assert house.service_a()[0] == pytest.approx(29.5)


def test_what_was_let_go_too_much_is_there_again_with_the_next_readings() -> None:
    house = cook(named("full", 13), named("tapers", 9.3), until_s=75)
    assert sent(house, 70) == [("full", 9), ("tapers", 8)]
    assert house.service_a()[0] == pytest.approx(31.5)


def test_an_overload_that_stays_elsewhere_is_no_first_reduction_here() -> None:
    """L1 is 6 A over all the time. On L2 two cars share what is too much, twice."""
    cars = [
        Car(charger=charger_settings(name, phases=(1,)), holds_a=12) for name in "ab"
    ]

    def base_a(now_s: float) -> tuple[float, ...]:
        return 38.0, 8 + (2 if now_s >= 20 else 0) + (2 if now_s >= 60 else 0), 0.0

    house = House(base_a, *cars, phases=3)
    house.run(80)
    assert sent(house, 20) == [("a", 11), ("b", 11), ("a", 10), ("b", 10)]


def test_one_that_is_measured_gives_way_too_where_another_one_is_not() -> None:
    house = cook(named("measured", 13, measured=True), named("tapers", 9.3), until_s=65)
    assert sent(house, 60) == [("measured", 11), ("tapers", 10)]
    house.run(70)
    assert sent(house, 65) == [("measured", 8), ("tapers", 7)]
    assert house.service_a()[0] <= 32


@given(
    caps_a=st.lists(st.sampled_from([6.5, 8, 9.3, 11, 14, 32]), min_size=2, max_size=3),
    rises_a=st.floats(3, 12),
    silent=st.booleans(),
)
@example(caps_a=[11, 6.5, 14], rises_a=9.0, silent=False)
@example(caps_a=[11, 6.5, 14], rises_a=9.0, silent=True)
def test_two_rounds_are_enough_whoever_draws_it(
    caps_a: list[float], rises_a: float, *, silent: bool
) -> None:
    """A round is the settle time, or 15 s of silence after the last report."""
    cars = [named(str(n), cap_a) for n, cap_a in enumerate(caps_a)]
    house = House(
        lambda now_s: rises_a if now_s >= 200 else 0.0,
        *cars,
        reports_every_s=0 if silent else 1,
    )
    house.run(200 + (24 if silent else 8))
    assert house.service_a()[0] <= 32
