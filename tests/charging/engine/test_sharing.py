"""Several chargers share, and never take what another has not let go of yet."""

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import ReadBack
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import (
    EngineState,
    Ramp,
    Turn,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    DrawReading,
    Limit,
    ServiceReading,
    SiteInput,
)

from .car import Car, settled
from .house import House, within_limit
from .settings import charger_settings, site_settings


def named(name: str, *, holds_a: float = 0, **given: float) -> Car:
    return Car(charger=charger_settings(name, **given), holds_a=holds_a)  # type: ignore[arg-type]


def test_two_share_equally_and_stay_within_the_limit() -> None:
    house = House(5.0, named("a"), named("b"), witness=within_limit)
    house.run(400)
    assert house.service_a() == (32,)
    assert [car.takes_a(400) for car in house.cars] == [14, 13]


def test_three_share_and_stay_within_the_limit() -> None:
    house = House(5.0, named("a"), named("b"), named("c"), witness=within_limit)
    house.run(600)
    assert [car.takes_a(600) for car in house.cars] == [9, 9, 9]


def test_14_a_by_weights_of_80_and_20() -> None:
    house = House(18.0, named("a", weight=80), named("b", weight=20))
    house.run(400)
    assert [car.takes_a(400) for car in house.cars] == [8, 6]


def test_an_ampere_that_cannot_be_halved_is_for_the_higher_priority() -> None:
    house = House(5.0, named("a"), named("b", priority=1))
    house.run(400)
    assert [car.takes_a(400) for car in house.cars] == [13, 14]


def test_current_that_moves_lands_before_it_is_given_away() -> None:
    """A has all of it; B comes in while A needs 5 s to let go."""
    cars = [named("a", holds_a=32), named("b")]
    cars[0].lag_s = 5
    house = House(0.0, *cars, witness=within_limit)
    house.run(400)
    assert [car.takes_a(400) for car in cars] == [16, 16]


def test_current_is_not_given_away_while_the_other_fails_to_let_go() -> None:
    cars = [named("a", holds_a=32), named("b")]
    cars[0].works = lambda now_s: now_s > 200
    house = House(0.0, *cars, witness=within_limit)
    house.run(200)
    assert [car.takes_a(200) for car in cars] == [32, 0]
    house.run(500)
    assert [car.takes_a(500) for car in cars] == [16, 16]


def test_a_wish_that_waits_for_another_charger_is_woken_by_the_clock() -> None:
    """The meter falls silent 1 s after A lets go; A may take 5 s for that."""
    house = House(0.0, named("a", holds_a=26), named("b", holds_a=6), reports_every_s=0)
    house.run(60)
    (index,) = [i for i, sent in enumerate(house.log) if sent.charger_id == "a"][1:]
    let_go, given = house.log[index : index + 2]
    assert (let_go.charger_id, let_go.current_a) == ("a", 16)
    assert (given.charger_id, given.current_a) == ("b", 10)
    assert given.at_s == pytest.approx(let_go.at_s + 0.2 + 5)


@pytest.mark.parametrize("measured", [False, True])
@pytest.mark.parametrize(("reached", "over_s"), [(False, 2), (True, 8)])
def test_what_one_does_not_release_the_other_does(
    reached: bool, over_s: float, measured: bool
) -> None:
    """Both have 15 of 35 A when 11 A are too much, and A hears nothing for 60 s.

    Its controls are away, or its calls fail. B pauses: 4 A are less than its minimum.
    """
    a, b = (
        Car(charger=charger_settings(name), holds_a=15, measured=measured)
        for name in "ab"
    )
    a.works = lambda now_s: not 25 < now_s < 90
    a.reaches = lambda now_s: reached or a.works(now_s)
    site = site_settings(limit_a=35.0)
    house = House(lambda now_s: 5 if now_s < 30 else 16, a, b, site=site)
    over = 0
    for second in range(31, 90):
        house.run(second)
        over += house.service_a()[0] > 35
    assert over <= over_s
    assert (a.takes_a(89), b.takes_a(89)) == (15, 0)
    house.run(300)
    assert sorted([a.takes_a(300), b.takes_a(300)]) == [9, 10]


def test_a_first_call_that_fails_costs_the_other_nothing() -> None:
    """The next one works, a second later. 19 A are left for two."""
    a, b = named("a", holds_a=15), named("b", holds_a=15)
    a.works = lambda now_s: not 25 < now_s < 30.8
    house = House(
        lambda now_s: 5 if now_s < 30 else 16, a, b, site=site_settings(limit_a=35.0)
    )
    house.run(120)
    assert min(sent.current_a for sent in house.log) == 9
    assert house.service_a() == (35,)


def test_an_increase_that_is_refused_is_given_up_when_its_current_is_gone() -> None:
    """B may take 20 A at any time. With 8 A of load, not 5, no 6 A are left for A."""
    a, b = named("a"), named("b", holds_a=20)
    a.works = lambda now_s: not 5 < now_s < 200
    b.cap_a = lambda now_s: 0
    house = House(lambda now_s: 5 if now_s < 100 else 8, a, b)
    house.run(99)
    assert house.sent_a()[-1] == 6
    house.run(230)
    assert {sent.current_a for sent in house.log if 100 <= sent.at_s < 230} == {0}


def test_one_that_refuses_more_is_not_told_again_while_others_have_it() -> None:
    """A never takes more than 6 A. 4 A of load leave 2 x 14, and then 10 leave 11."""
    a, b = named("a", holds_a=6), named("b", holds_a=6)
    a.reads_back, a.obeys = True, lambda current_a: current_a <= 6
    house = House(lambda now_s: 4 if now_s < 100 else 10, a, b, witness=within_limit)
    house.run(100)
    assert a.state.desired_a == 10
    assert a.state.has_problem
    house.run(150)
    told_a = [s for s in house.log if s.charger_id == "a" and s.at_s > 115]
    assert a.state.desired_a in (6, 10)
    assert not [s for s in told_a if s.current_a > 6]


@pytest.mark.parametrize("flow_a", [25.0, 26.0, 27.0, 28.0])
def test_what_a_charger_is_refused_is_not_given_away(flow_a: float) -> None:
    """A is paused; a call for 26 A failed, and may have worked. B could use 4 A."""
    refused = commands.begin_call(commands.request(settled(0), 26, 190), 190)
    a = ChargerInput(charger_settings("a"), commands.call_failed(refused, 191))
    b = ChargerInput(charger_settings("b"), settled(6))
    reading = ServiceReading((flow_a,), (200.0,))
    site = SiteInput(site_settings(), reading, (a, b))
    turns = {"a": Turn(running=True, since_s=190), "b": Turn(running=True, since_s=0)}
    state = EngineState(ramps={"b": Ramp(100, 32)}, turns=turns)
    _, decision = evaluate(state, site, 200)
    assert decision.chargers["b"].desired_a == 6
    assert (decision.chargers["a"].desired_a or 0) <= 32 - flow_a


def test_what_is_let_go_is_given_away_once() -> None:
    """A and B wait for the same 4 A; C takes 5 s to let go of more."""
    cars = [named("a", holds_a=6), named("b", holds_a=6), named("c", holds_a=16)]
    cars[2].lag_s = 5
    house = House(0.0, *cars, witness=within_limit)
    house.run(400)
    assert [car.takes_a(400) for car in cars] == [11, 11, 10]


def test_current_is_not_given_away_if_the_other_only_pretends_to_let_go() -> None:
    """A holds 26 A whatever is sent to it, and its car comes after 200 s."""
    a = named("a", holds_a=26)
    a.reads_back, a.obeys = True, lambda current_a: False
    a.cap_a = lambda now_s: 0 if now_s < 200 else 32
    house = House(0.0, a, named("b", holds_a=6), witness=within_limit)
    house.run(400)
    assert house.service_a() == (32,)


@pytest.mark.parametrize(
    ("now_s", "seen", "wanted_a"),
    [
        (205, ReadBack.OBEYS, 7),
        (206.5, ReadBack.OBEYS, 7),
        (385, ReadBack.OBEYS, 8),
        (260, ReadBack.DIFFERS, 7),
        (260, ReadBack.UNKNOWN, 7),
    ],
)
def test_what_may_not_have_landed_leaves_no_room(
    now_s: float, seen: ReadBack, wanted_a: float
) -> None:
    """14.7 A flow, 7 A of it B's; A takes nothing of its 16 A, and was told 8 A instead.

    While it may still begin to take 16 A beside the other 7.7 A, nothing is free. No
    reading shows a reduction of nothing, so that it was followed is believed late.
    """
    told = commands.begin_call(commands.request(settled(16), 8, 200), 200)
    told = commands.read_back(commands.call_succeeded(told, 201), seen, now_s)
    a = ChargerInput(charger_settings("a"), told)
    drawn = DrawReading((7,), (7,), now_s)
    b = ChargerInput(charger_settings("b", max_a=8), settled(7), draw=drawn)
    reading = ServiceReading((14.7,), (now_s,))
    site = SiteInput(site_settings(limit_a=25), reading, (a, b))
    turns = {key: Turn(running=True, since_s=0) for key in ("a", "b")}
    state = EngineState(ramps={"b": Ramp(100, 25)}, turns=turns)
    _, decision = evaluate(state, site, now_s)
    assert decision.chargers["b"].desired_a == wanted_a


def test_no_room_is_made_while_an_increase_is_still_to_show() -> None:
    """B waits for A to give way; C was raised 1 s ago, and no reading shows it yet."""
    raised = commands.request(commands.holding(6), 10, 99)
    raised = commands.call_succeeded(commands.begin_call(raised, 99), 99)
    inputs = [
        ChargerInput(charger_settings("a"), settled(10)),
        ChargerInput(charger_settings("b"), settled(0)),
        ChargerInput(
            charger_settings("c"), commands.read_back(raised, ReadBack.OBEYS, 99)
        ),
    ]
    reading = ServiceReading((28.0,), (100.0,))
    site = SiteInput(site_settings(), reading, tuple(inputs))
    waiting = EngineState(ramps={"b": Ramp(0, 6)})
    _, decision = evaluate(waiting, site, 100)
    assert decision.chargers["b"].limit is Limit.SETTLING
    assert decision.chargers["a"].action is None


def test_one_that_was_paused_has_its_minimum_though_its_status_is_unknown() -> None:
    """The pause may be what took the status away. It is not waited for with the rest.

    What B takes of its 6 A is not known, so its 6 A count twice for A.
    """
    b = named("b")
    b.status = lambda now_s, draw_a: ChargerStatus.UNKNOWN
    house = House(0.0, named("a"), b, witness=within_limit)
    house.run(400)
    assert house.cars[0].takes_a(400) == 20
    assert house.cars[1].takes_a(400) == 6
    assert {sent.current_a for sent in house.log if sent.charger_id == "b"} == {0, 6}


def test_an_increase_on_its_way_is_not_taken_for_room_for_one_more() -> None:
    """A and B need 12 A; there are 10, also while A rises from 6 to 10 A."""
    house = House(22.0, named("a", holds_a=6), named("b"), witness=within_limit)
    house.run(400)
    assert [s.current_a for s in house.log if s.charger_id == "a"][:2] == [6, 10]
    assert house.service_a() == (32,)


def test_a_second_minimum_that_comes_and_goes_costs_the_first_nothing() -> None:
    """The house swings by 1 A around what two chargers need at least."""
    swings = lambda now_s: 19.5 if now_s % 20 < 10 else 20.5  # noqa: E731
    house = House(swings, named("a", holds_a=11), named("b"))
    house.run(400)
    assert set(house.sent_a()) == {0, 11}


def test_two_on_different_phases_do_not_share() -> None:
    cars = [
        Car(charger=charger_settings("a", phases=(0,))),
        Car(charger=charger_settings("b", phases=(2,))),
    ]
    house = House((4.0, 30.0, 12.0), *cars, phases=3, witness=within_limit)
    house.run(400)
    assert house.service_a() == (32, 30, 32)
    assert house.chosen("a").limit is Limit.L1
    assert house.chosen("b").limit is Limit.L3


def test_one_that_does_not_fit_is_paused() -> None:
    house = House(22.0, named("a"), named("b"), witness=within_limit)
    house.run(400)
    assert [car.takes_a(400) for car in house.cars] == [10, 0]
    assert house.chosen("b").limit is Limit.WAITING_FOR_TURN


def test_a_wait_of_nothing_with_two_chargers_is_no_error() -> None:
    site = site_settings(ramp_up_time_s=0)
    cars = [named("a", holds_a=26), named("b")]
    house = House(0.0, *cars, site=site, witness=within_limit)
    house.run(100)
    assert house.service_a() == (32,)


def test_a_charger_that_is_not_reached_costs_the_others_nothing_below_the_limit() -> (
    None
):
    """A is to come down from 20 A, but does not hear it; 28 of 32 A flow.

    C comes down for its own sake, to a maximum that was just lowered. In an overload B
    would have to release what A may keep.
    """
    state = commands.request(settled(20.0), 6.0, 90.0)
    for at_s in (90.0, 96.0):
        state = commands.call_failed(commands.begin_call(state, at_s), at_s)
    chargers = (
        ChargerInput(charger_settings("a", max_a=6.0), state),
        ChargerInput(charger_settings("b", max_a=10.0), settled(10.0)),
        ChargerInput(charger_settings("c", max_a=6.0), settled(10.0)),
    )
    desired_a = {}
    for service_a in (28.0, 34.0):
        reading = ServiceReading((service_a,), (100.0,))
        site = SiteInput(site_settings(limit_a=32.0), reading, chargers)
        _, decision = evaluate(EngineState(), site, 100.0)
        b, c = decision.chargers["b"], decision.chargers["c"]
        desired_a[service_a] = b.desired_a, c.desired_a
    assert desired_a == {28.0: (10, 6), 34.0: (6, 6)}
