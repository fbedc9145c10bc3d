"""One evaluation and its story: start-up, limits, switching off."""

# ruff: noqa: D102

from dataclasses import replace

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    ReadBack,
    holding_up_to,
)
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
)
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import (
    EngineState,
    Ramp,
    Regain,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    Circuit,
    DrawReading,
    Limit,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.overload import (
    OverloadEventType,
    OverloadPhase,
    OverloadState,
    Rung,
)

from .car import Car, settled
from .house import House, within_limit
from .settings import charger_settings, site_settings


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
        house = House(10.0, Car(command=holding_up_to(32)))
        house.run(1)
        assert house.sent_a() == [6]
        assert house.chosen().limit is Limit.SETTLING

    def test_an_unknown_charger_is_paused_if_it_might_be_idle_beside_a_full_house(
        self,
    ) -> None:
        """28 A may be all of the house; 6 A more would be too much."""
        house = House(28.0, Car(command=holding_up_to(32)), witness=within_limit)
        house.run(60)
        assert set(house.sent_a()) == {0}

    def test_an_unknown_charger_on_a_coarse_grid_begins_on_it(self) -> None:
        charger = charger_settings("car", step_a=4)
        house = House(4.0, Car(charger=charger, command=holding_up_to(32)))
        house.run(1)
        assert house.sent_a() == [8]

    def test_an_unknown_charger_with_a_few_currents_begins_with_the_lowest(
        self,
    ) -> None:
        charger = charger_settings("car", levels_a=(2.0, 10.0, 16.0))
        house = House(4.0, Car(charger=charger, command=holding_up_to(16)))
        house.run(1)
        assert house.sent_a() == [10]

    def test_a_charger_with_a_few_currents_has_the_highest_that_fits(self) -> None:
        """18 A of 32 A are free: 16 A, and it is not tried again and again."""
        levels_a = (6.0, 10.0, 13.0, 16.0, 20.0, 32.0)
        charger = charger_settings("car", levels_a=levels_a)
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


def test_what_it_says_that_it_does() -> None:
    """28 A are free, less than nothing from 40 s on, and 2 A from 50 s on.

    Each call takes 2.5 s.
    """
    loads = lambda now_s: 4.0 if now_s < 40 else 40.0 if now_s < 50 else 30.0  # noqa: E731
    house = House(loads, Car(holds_a=24, call_s=2.5, reads_back=True))
    said = []
    for second in range(60):
        house.run(second)
        said.append(house.outcome().state)
    assert said[0] is said[1] is BalancerState.ADJUSTING
    assert said[5] is BalancerState.RAMP_UP_HOLD
    assert said[18] is BalancerState.ADJUSTING
    assert said[22] is said[35] is BalancerState.ACTIVE
    assert said[40] is said[45] is BalancerState.OVERLOAD
    assert said[55] is BalancerState.STOPPED


def test_one_that_is_paused_already_is_not_why_an_overload_goes_on() -> None:
    """A was lowered by 4 A, and 4 A are too many still. Only B is not measured."""
    lowered = commands.read_back(
        commands.call_succeeded(
            commands.begin_call(commands.request(settled(20), 16, 80), 80), 80
        ),
        ReadBack.OBEYS,
        80,
    )
    measured = DrawReading((16.0,), (16.0,), 100.0)
    site = SiteInput(
        site_settings(),
        ServiceReading((36.0,), (100.0,)),
        (
            ChargerInput(charger_settings("a"), lowered, draw=measured),
            ChargerInput(charger_settings("b"), settled(0)),
        ),
    )
    overload = OverloadState(
        OverloadPhase.CORRECTING, 79, 105, 4, 1, excess_when_lowered_a=4
    )
    after, _ = evaluate(EngineState(overload=overload), site, 100)
    assert after.overload.rung is Rung.COMPUTED


def test_it_wakes_when_a_charger_may_have_back_what_it_had() -> None:
    """Headroom since 98 s: it has to last a fifth of 15 s for what it had.

    That takes a second reading, and all of the 15 s take none.
    """
    regain = Regain(50, had_a=28, patience=0.2)
    state = EngineState(ramps={"car": Ramp(98, 20)}, regains={"car": regain})
    reading = ServiceReading((20.0,), (98.0,))
    charger = ChargerInput(charger_settings("car"), settled(16))
    site = SiteInput(site_settings(), reading, (charger,))
    for now_s, wakes_s in ((100, 101), (101, 113)):
        _, decision = evaluate(state, site, now_s)
        assert decision.chargers["car"].limit is Limit.RAMP_UP
        assert decision.wake_at_s == wakes_s
    state = replace(state, regains={"car": replace(regain, had_a=16)})
    _, decision = evaluate(state, site, 100)
    assert decision.wake_at_s == 113


def test_a_tenth_of_an_ampere_is_too_much() -> None:
    house = House(32.1, Car())
    house.run(1)
    assert house.outcome().overloaded
    house.base_a = 32.0
    house.run(2)
    assert not house.outcome().overloaded


class TestLimits:
    """What a charger may have at most."""

    def test_a_temporary_limit_lowers_at_once(self) -> None:
        car = Car(holds_a=20)
        house = House(4.0, car)
        house.run(10)
        car.charger = charger_settings("car", temporary_limit_a=8)
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
        car.charger = charger_settings("car", max_a=16, temporary_limit_a=32)
        house.run(300)
        assert house.service_a() == (32,)
        assert max(house.sent_a()) == 14

    def test_a_temporary_limit_of_nothing_pauses(self) -> None:
        car = Car(charger=charger_settings("car", temporary_limit_a=0), holds_a=10)
        house = House(4.0, car)
        house.run(60)
        assert set(house.sent_a()) == {0}
        assert house.chosen().limit is Limit.TEMPORARY_LIMIT

    def test_a_lower_maximum_says_so(self) -> None:
        house = House(4.0, Car(charger=charger_settings("car", max_a=12), holds_a=20))
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
        site = site_settings(safety_margin_a=4)
        house = House(12.0, Car(holds_a=20), site=site)
        house.run(0)
        assert house.sent_a() == [16]
        assert house.chosen().action is ActionReason.SUPPLY
        house.run(60)
        assert house.events == []


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
        assert house.outcome().state is BalancerState.DISABLED
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
        charger_settings("car"), commands.holding(16), ChargerStatus.CHARGING
    )
    site = SiteInput(site_settings(), ServiceReading((36.0,), (5.0,)), (charger,))
    assert evaluate(EngineState(), site, 5.0) == evaluate(EngineState(), site, 5.0)


def test_the_decision_tells_what_it_saw() -> None:
    house = House((4.0, 10.0, 8.0), Car(holds_a=10), phases=3)
    house.run(1)
    assert house.outcome().base_a == (4, 10, 8)
    assert house.outcome().headroom_a == (18, 22, 24)
    assert house.outcome().available_a == 22
    assert house.chosen().draw_a == (10,)
