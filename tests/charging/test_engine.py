"""One evaluation and its story: start-up, limits, several chargers, switching off."""

# ruff: noqa: D102

import pytest

from custom_components.load_sharing.charging import command as commands
from custom_components.load_sharing.charging.command import (
    CommandState,
    ReadBack,
    unknown,
)
from custom_components.load_sharing.charging.engine import evaluate
from custom_components.load_sharing.charging.model import (
    ActionReason,
    BalancerState,
    ChargerInput,
    ChargerSettings,
    ChargerStatus,
    Circuit,
    Decision,
    EngineState,
    Limit,
    Ramp,
    ServiceReading,
    SiteInput,
    SiteSettings,
)
from custom_components.load_sharing.charging.overload import OverloadEventType

from .car import Car
from .house import House


def within_limit(house: House, _site: SiteInput, _decision: Decision) -> None:
    """Witness that no phase is ever above the limit."""
    assert max(house.service_a()) <= house.site.limit_a + 1e-6


def named(name: str, *, holds_a: float = 0, **given: float) -> Car:
    return Car(charger=ChargerSettings(name, **given), holds_a=holds_a)  # type: ignore[arg-type]


def settled(current_a: float) -> CommandState:
    """A charger that obeys for long."""
    state = commands.want(commands.known(current_a), current_a, 0)
    state = commands.succeeded(commands.begin(state, 0), 0)
    return commands.read_back(state, ReadBack.OBEYS, 0)


class TestStartUp:
    """The charger's real current is adopted, or a safe one is sent."""

    def test_what_is_found_is_sent_again(self) -> None:
        house = House(10.0, Car(holds_a=16))
        house.run(1)
        assert house.sent_a() == [16]
        assert house.chosen().action is None

    def test_a_stop_that_is_found_is_sent_again(self) -> None:
        house = House(10.0, Car())
        house.run(1)
        assert house.sent_a() == [0]

    def test_what_is_found_between_the_steps_is_floored(self) -> None:
        house = House(10.0, Car(holds_a=13.7))
        house.run(1)
        assert house.sent_a() == [13]

    def test_what_is_found_below_the_minimum_is_a_pause(self) -> None:
        house = House(10.0, Car(holds_a=4))
        house.run(1)
        assert house.sent_a() == [0]
        house.run(60)
        assert house.service_a()[0] >= 16

    def test_an_unknown_charger_gets_its_minimum_if_that_fits_beside_the_house(
        self,
    ) -> None:
        house = House(10.0, Car(command=unknown(32)))
        house.run(1)
        assert house.sent_a() == [6]
        assert house.chosen().limit is Limit.SETTLING

    def test_an_unknown_charger_is_paused_if_it_might_be_idle_beside_a_full_house(
        self,
    ) -> None:
        """28 A may be all of the house; 6 A more would be too much."""
        house = House(28.0, Car(command=unknown(32)), witness=within_limit)
        house.run(60)
        assert set(house.sent_a()) == {0}

    def test_an_unknown_charger_on_a_coarse_grid_begins_on_it(self) -> None:
        charger = ChargerSettings("car", step_a=4)
        house = House(4.0, Car(charger=charger, command=unknown(32)))
        house.run(1)
        assert house.sent_a() == [8]

    def test_a_charger_with_a_few_currents_has_the_highest_that_fits(self) -> None:
        """18 A of 32 A are free: 16 A, and it is not tried again and again."""
        levels_a = (6.0, 10.0, 13.0, 16.0, 20.0, 32.0)
        charger = ChargerSettings("car", levels_a=levels_a)
        house = House(14.0, Car(charger=charger, reads_back=True))
        house.run(600)
        assert house.sent_a() == [0, 6, 10, 13, 16]
        assert house.chosen().limit is Limit.SUPPLY
        house.base_a = 0.0
        house.run(1200)
        assert house.sent_a()[5:] == [20, 32]
        house.base_a = 13.0
        house.run(1202)
        assert house.sent_a()[-1] == 16


class TestLimits:
    """What a charger may have at most."""

    def test_a_temporary_limit_lowers_at_once(self) -> None:
        car = Car(holds_a=20)
        house = House(4.0, car)
        house.run(10)
        car.charger = ChargerSettings("car", temporary_limit_a=8)
        house.run(11)
        assert house.sent_a()[-1] == 8
        assert house.chosen().limit in (Limit.TEMPORARY_LIMIT, Limit.SETTLING)
        house.run(60)
        assert house.chosen().limit is Limit.TEMPORARY_LIMIT

    def test_a_temporary_limit_does_not_pass_the_headroom(self) -> None:
        """It asks for 32 A while 28 of 32 A are in use."""
        car = Car(holds_a=10)
        house = House(18.0, car, witness=within_limit)
        house.run(10)
        car.charger = ChargerSettings("car", max_a=16, temporary_limit_a=32)
        house.run(300)
        assert house.service_a() == (32,)
        assert max(house.sent_a()) == 14

    def test_a_temporary_limit_of_nothing_pauses(self) -> None:
        car = Car(charger=ChargerSettings("car", temporary_limit_a=0), holds_a=10)
        house = House(4.0, car)
        house.run(60)
        assert set(house.sent_a()) == {0}
        assert house.chosen().limit is Limit.TEMPORARY_LIMIT

    def test_a_lower_maximum_says_so(self) -> None:
        house = House(4.0, named("car", holds_a=20, max_a=12))
        house.run(0)
        assert house.sent_a() == [12]
        assert house.chosen().action is ActionReason.CEILING

    def test_a_house_that_leaves_less_than_the_minimum_pauses(self) -> None:
        house = House(lambda now_s: 27.0 if now_s > 10 else 4.0, Car(holds_a=20))
        house.run(10.9)
        house.run(11)
        assert house.sent_a()[-1] == 0
        assert house.chosen().action is ActionReason.OVERLOAD
        house.run(300)
        assert house.outcome().state is BalancerState.STOPPED
        assert house.chosen().limit is Limit.BELOW_MINIMUM

    def test_a_margin_is_cleared_without_an_overload(self) -> None:
        site = SiteSettings(safety_margin_a=4)
        house = House(12.0, Car(holds_a=20), site=site)
        house.run(0)
        assert house.sent_a() == [16]
        assert house.chosen().action is ActionReason.SUPPLY
        house.run(60)
        assert house.events == []


class TestSeveralChargers:
    """They share, and never take what another has not let go of yet."""

    def test_two_share_equally_and_stay_within_the_limit(self) -> None:
        house = House(5.0, named("a"), named("b"), witness=within_limit)
        house.run(400)
        assert house.service_a() == (32,)
        assert [car.takes_a(400) for car in house.cars] == [14, 13]

    def test_three_share_and_stay_within_the_limit(self) -> None:
        house = House(5.0, named("a"), named("b"), named("c"), witness=within_limit)
        house.run(600)
        assert [car.takes_a(600) for car in house.cars] == [9, 9, 9]

    def test_current_that_moves_lands_before_it_is_given_away(self) -> None:
        """A has all of it; B comes in while A needs 5 s to let go."""
        cars = [named("a", holds_a=32), named("b")]
        cars[0].lag_s = 5
        house = House(0.0, *cars, witness=within_limit)
        house.run(400)
        assert [car.takes_a(400) for car in cars] == [16, 16]

    def test_current_is_not_given_away_while_the_other_fails_to_let_go(self) -> None:
        cars = [named("a", holds_a=32), named("b")]
        cars[0].works = lambda now_s: now_s > 200
        house = House(0.0, *cars, witness=within_limit)
        house.run(200)
        assert [car.takes_a(200) for car in cars] == [32, 0]
        house.run(500)
        assert [car.takes_a(500) for car in cars] == [16, 16]

    def test_a_wish_that_waits_for_another_charger_is_woken_by_the_clock(self) -> None:
        """The meter falls silent 1 s after A lets go; A may take 5 s for that."""
        house = House(
            0.0, named("a", holds_a=26), named("b", holds_a=6), reports_every_s=0
        )
        house.run(60)
        (index,) = [i for i, sent in enumerate(house.log) if sent.charger_id == "a"][1:]
        let_go, given = house.log[index : index + 2]
        assert (let_go.charger_id, let_go.current_a) == ("a", 16)
        assert (given.charger_id, given.current_a) == ("b", 10)
        assert given.at_s == pytest.approx(let_go.at_s + 0.2 + 5)

    def test_an_increase_that_is_refused_is_given_up_when_its_current_is_gone(
        self,
    ) -> None:
        """B may take 20 A at any time. With 8 A of load, not 5, no 6 A are left for A."""
        a, b = named("a"), named("b", holds_a=20)
        a.works = lambda now_s: not 5 < now_s < 200
        b.cap_a = lambda now_s: 0
        house = House(lambda now_s: 5 if now_s < 100 else 8, a, b)
        house.run(99)
        assert house.sent_a()[-1] == 6
        house.run(230)
        assert {sent.current_a for sent in house.log if 100 <= sent.at_s < 230} == {0}

    def test_one_that_refuses_more_is_not_told_again_while_others_have_it(self) -> None:
        """A never takes more than 6 A. 4 A of load leave 2 x 14, and then 10 leave 11."""
        a, b = named("a", holds_a=6), named("b", holds_a=6)
        a.reads_back, a.obeys = True, lambda current_a: current_a <= 6
        house = House(
            lambda now_s: 4 if now_s < 100 else 10, a, b, witness=within_limit
        )
        house.run(100)
        assert a.state.desired_a == 10
        assert a.state.has_problem
        house.run(150)
        told_a = [s for s in house.log if s.charger_id == "a" and s.at_s > 115]
        assert a.state.desired_a in (6, 10)
        assert not [s for s in told_a if s.current_a > 6]

    def test_what_is_let_go_is_given_away_once(self) -> None:
        """A and B wait for the same 4 A; C takes 5 s to let go of more."""
        cars = [named("a", holds_a=6), named("b", holds_a=6), named("c", holds_a=16)]
        cars[2].lag_s = 5
        house = House(0.0, *cars, witness=within_limit)
        house.run(400)
        assert [car.takes_a(400) for car in cars] == [11, 11, 10]

    def test_current_is_not_given_away_if_the_other_only_pretends_to_let_go(
        self,
    ) -> None:
        """A holds 26 A whatever it is told, and its car comes after 200 s."""
        a = named("a", holds_a=26)
        a.reads_back, a.obeys = True, lambda current_a: False
        a.cap_a = lambda now_s: 0 if now_s < 200 else 32
        house = House(0.0, a, named("b", holds_a=6), witness=within_limit)
        house.run(400)
        assert house.service_a() == (32,)

    def test_no_room_is_made_while_an_increase_is_still_to_show(self) -> None:
        """B waits for A to give way; C was raised 1 s ago, and nobody sees it yet."""
        raised = commands.want(commands.known(6), 10, 99)
        raised = commands.succeeded(commands.begin(raised, 99), 99)
        inputs = [
            ChargerInput(ChargerSettings("a"), settled(10)),
            ChargerInput(ChargerSettings("b"), settled(0)),
            ChargerInput(
                ChargerSettings("c"), commands.read_back(raised, ReadBack.OBEYS, 99)
            ),
        ]
        reading = ServiceReading((28.0,), (100.0,))
        site = SiteInput(SiteSettings(), reading, tuple(inputs))
        waiting = EngineState(ramps={"b": Ramp(0, 6)})
        _, decision = evaluate(waiting, site, 100)
        assert decision.chargers["b"].limit is Limit.SETTLING
        assert decision.chargers["a"].action is None

    def test_a_share_is_not_taken_for_one_that_cannot_rise(self) -> None:
        """Nobody knows what B does, so A need not wait for it."""
        b = named("b")
        b.status = lambda now_s, draw_a: ChargerStatus.UNKNOWN
        house = House(0.0, named("a"), b, witness=within_limit)
        house.run(400)
        assert house.service_a() == (32,)
        assert house.cars[0].takes_a(400) == 32

    def test_an_increase_on_its_way_is_not_taken_for_room_for_one_more(self) -> None:
        """A and B need 12 A; there are 10, also while A rises from 6 to 10 A."""
        house = House(22.0, named("a", holds_a=6), named("b"), witness=within_limit)
        house.run(400)
        assert [s.current_a for s in house.log if s.charger_id == "a"][:2] == [6, 10]
        assert house.service_a() == (32,)

    def test_a_second_minimum_that_comes_and_goes_costs_the_first_nothing(self) -> None:
        """The house swings by 1 A around what two chargers need at least."""
        swings = lambda now_s: 19.5 if now_s % 20 < 10 else 20.5  # noqa: E731
        house = House(swings, named("a", holds_a=11), named("b"))
        house.run(400)
        assert set(house.sent_a()) == {0, 11}

    def test_two_on_different_phases_do_not_share(self) -> None:
        cars = [
            Car(charger=ChargerSettings("a", phases=(0,))),
            Car(charger=ChargerSettings("b", phases=(2,))),
        ]
        house = House((4.0, 30.0, 12.0), *cars, phases=3, witness=within_limit)
        house.run(400)
        assert house.service_a() == (32, 30, 32)
        assert house.chosen("a").limit is Limit.L1
        assert house.chosen("b").limit is Limit.L3

    def test_one_that_does_not_fit_is_paused(self) -> None:
        house = House(22.0, named("a"), named("b"), witness=within_limit)
        house.run(400)
        assert [car.takes_a(400) for car in house.cars] == [10, 0]
        assert house.chosen("b").limit is Limit.WAITING_FOR_TURN

    def test_a_wait_of_nothing_with_two_chargers_is_no_error(self) -> None:
        site = SiteSettings(ramp_up_time_s=0)
        cars = [named("a", holds_a=26), named("b")]
        house = House(0.0, *cars, site=site, witness=within_limit)
        house.run(100)
        assert house.service_a() == (32,)


class TestSwitchedOff:
    """Disabled touches nothing, and still shows what it measures."""

    def test_nothing_is_sent(self) -> None:
        house = House(40.0, Car(holds_a=16))
        house.enabled = False
        house.run(60)
        assert house.log == []
        assert house.outcome().state is BalancerState.DISABLED
        assert house.outcome().headroom_a == (-24,)
        assert house.outcome().available_a == -8
        assert house.outcome().overloaded
        assert house.chosen().desired_a is None
        assert house.chosen().limit is Limit.DISABLED

    def test_nothing_is_sent_without_a_meter_either(self) -> None:
        house = House(40.0, Car(holds_a=16), meter_works=lambda now_s: False)
        house.enabled = False
        house.run(60)
        assert house.log == []
        assert house.outcome().headroom_a is None

    def test_what_is_measured_is_shown_all_the_same(self) -> None:
        """24 A in a garage of 20 A beside 4 A: 16 A are the charger's."""
        garage = Circuit("garage", 20, (0,), frozenset(("car",)), metered=True)
        house = House(
            12.0,
            Car(holds_a=16),
            circuits=(garage,),
            circuit_a=lambda _name, _now_s: 8.0,
        )
        house.enabled = False
        house.run(1)
        assert house.outcome().base_a == (12,)
        assert house.outcome().circuit_headroom_a == ((-4,),)
        assert house.outcome().overloaded_id == "garage"
        assert house.chosen().draw_a == (16,)

    def test_an_excess_is_shown_from_its_first_tenth_and_nothing_before(self) -> None:
        for base_a, overloaded in ((16.1, True), (16.0, False), (4.0, False)):
            house = House(base_a, Car(holds_a=16))
            house.enabled = False
            house.run(1)
            assert house.outcome().overloaded is overloaded

    def test_an_overload_is_over_for_whoever_no_longer_looks_for_it(self) -> None:
        """Nothing can be done about 40 A. It is told that nobody watches it any more."""
        house = House(40.0, Car(holds_a=16))
        house.run(20)
        types = [event.type for _, event in house.events]
        assert OverloadEventType.CLEARED not in types
        house.switch(on=False)
        house.run(22)
        assert house.events[-1][1].type is OverloadEventType.CLEARED
        assert house.events[-1][1].duration_s > 19
        told = len(house.events)
        house.run(60)
        assert len(house.events) == told

    def test_switching_on_again_starts_the_wait_anew(self) -> None:
        house = House(4.0, Car(holds_a=16))
        house.run(14)
        house.switch(on=False)
        house.run(40)
        house.switch(on=True)
        house.run(54)
        assert set(house.sent_a()) == {16}
        house.run(60)
        assert house.sent_a()[-1] == 20


def test_an_evaluation_is_a_pure_function_of_its_arguments() -> None:
    charger = ChargerInput(
        ChargerSettings("car"), commands.known(16), ChargerStatus.CHARGING
    )
    site = SiteInput(SiteSettings(), ServiceReading((36.0,), (5.0,)), (charger,))
    assert evaluate(EngineState(), site, 5.0) == evaluate(EngineState(), site, 5.0)


def test_the_decision_tells_what_it_saw() -> None:
    house = House((4.0, 10.0, 8.0), Car(holds_a=10), phases=3)
    house.run(1)
    assert house.outcome().base_a == (4, 10, 8)
    assert house.outcome().headroom_a == (18, 22, 24)
    assert house.outcome().available_a == 22
    assert house.chosen().draw_a == (10,)
