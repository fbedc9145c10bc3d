"""The meter is lost: a grace, then what the user chose; nothing is ever raised."""

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.command import (
    holding,
    holding_up_to,
)
from custom_components.load_sharing.charging.engine.decision import (
    ActionReason,
    BalancerState,
)
from custom_components.load_sharing.charging.engine.demand import DemandLimit
from custom_components.load_sharing.charging.engine.evaluate import evaluate
from custom_components.load_sharing.charging.engine.memory import EngineState
from custom_components.load_sharing.charging.engine.meter_lost import (
    LostMeters,
    find_lost_meters,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    Circuit,
    Fallback,
    FallbackAction,
    Limit,
    ServiceReading,
    SiteInput,
    SiteSettings,
)

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings

UNKNOWN = ChargerStatus.UNKNOWN
STOP = FallbackAction.STOP
HOLD = FallbackAction.HOLD
SET_CURRENT = FallbackAction.SET_CURRENT


def site(action: FallbackAction, current_a: float = 8) -> SiteSettings:
    return site_settings(fallback=Fallback(action, current_a, grace_s=10))


def lost_at_100_s(now_s: float) -> bool:
    return now_s < 100


def lost_for_a_minute(now_s: float) -> bool:
    return not 100 <= now_s < 160


@pytest.mark.parametrize(
    ("action", "current_a", "then_a"),
    [(STOP, 8, 0), (HOLD, 8, 22), (SET_CURRENT, 8, 8), (SET_CURRENT, 30, 22)],
)
def test_after_the_grace_the_fallback_applies(
    action: FallbackAction, current_a: float, then_a: float
) -> None:
    car = Car(holds_a=22)
    house = House(10.0, car, site=site(action, current_a), meter_works=lost_at_100_s)
    house.run(109)
    assert house.service_a() == (32,)
    assert not house.outcome().fallback_active
    assert house.outcome().state is BalancerState.ACTIVE
    assert house.outcome().wake_at_s == 110
    house.run(112)
    assert house.outcome().fallback_active
    assert house.outcome().wake_at_s is None
    assert house.outcome().state is BalancerState.FALLBACK
    assert house.chosen().limit is Limit.METER_LOST
    house.run(130)
    assert car.takes_a(house.now_s) == then_a


def test_a_fallback_below_the_minimum_is_a_stop() -> None:
    house = House(
        10.0, Car(holds_a=22), site=site(SET_CURRENT, 5), meter_works=lost_at_100_s
    )
    house.run(115)
    assert house.service_a() == (10,)


def test_a_fallback_is_a_current_that_the_charger_knows() -> None:
    """Its currents are 6, 8, 10 A: 7 A are 6."""
    car = Car(charger=charger_settings("car", step_a=2), holds_a=22)
    house = House(10.0, car, site=site(SET_CURRENT, 7), meter_works=lost_at_100_s)
    house.run(130)
    assert car.takes_a(130) == 6


def test_circuits_hold_without_the_meter_of_the_supply() -> None:
    """22 A together in a garage of 20 A that nobody sees any more: 10 A each at most."""
    cars = [Car(charger=charger_settings(name), holds_a=11) for name in "ab"]
    garage = Circuit("garage", 22, (0,), frozenset("ab"))
    yard = Circuit("yard", 16, (0,), frozenset())
    house = House(
        4.0,
        *cars,
        site=site(HOLD),
        meter_works=lost_at_100_s,
        circuits=(garage, yard),
    )
    house.run(120)
    assert [car.takes_a(120) for car in cars] == [11, 11]
    house.circuits = (replace(garage, limit_a=20), yard)
    house.run(140)
    house.evaluate()
    house.run(150)
    assert [car.takes_a(150) for car in cars] == [10, 10]


def test_three_phases_hold_as_one() -> None:
    """Two chargers on L1, and one on L2 and L3: 20 A on L1 are 10 A each."""
    cars = [
        Car(charger=charger_settings("a", phases=(0,)), holds_a=16),
        Car(charger=charger_settings("b", phases=(0,)), holds_a=4),
        Car(charger=charger_settings("c", phases=(1, 2)), holds_a=20),
    ]
    house = House(0.0, *cars, site=site(HOLD), meter_works=lost_at_100_s, phases=3)
    house.run(99)
    held_a = [car.takes_a(99) for car in cars]
    house.run(130)
    assert [car.takes_a(130) for car in cars] == held_a
    house.site = replace(house.site, limit_a=20)
    house.evaluate()
    house.run(140)
    a, b, c = (car.takes_a(140) for car in cars)
    assert a + b <= 20
    assert c <= 20


def test_turns_and_the_demand_window_outlive_the_loss_of_the_meter() -> None:
    """B has waited since its turn ended, and the quarter has taken what it took."""
    cars = [Car(charger=charger_settings(name)) for name in "ab"]
    house = House(
        22.0,
        *cars,
        site=replace(site(HOLD), rotation_time_s=600),
        meter_works=lost_for_a_minute,
        demand=DemandLimit(mean_a=40, window_s=900, ends_s=900),
    )
    house.run(99)
    turns, demand = house.engine.turns, house.engine.demand
    house.run(159)
    assert (house.engine.turns, house.engine.demand) == (turns, demand)
    house.run(161)
    assert house.engine.turns == turns
    assert house.engine.demand is not None
    assert house.engine.demand.used_as > 22 * 100


def test_a_pause_stays_one() -> None:
    """A fallback current raises no charger that is paused."""
    house = House(30.0, Car(), site=site(SET_CURRENT), meter_works=lost_at_100_s)
    house.run(300)
    assert set(house.sent_a()) == {0}


def test_a_short_loss_changes_nothing() -> None:
    house = House(
        10.0, Car(holds_a=22), meter_works=lambda now_s: not 100 <= now_s < 109
    )
    house.run(300)
    assert set(house.sent_a()) == {22}


def test_the_charger_recovers_by_itself_and_ramps_up() -> None:
    house = House(10.0, Car(holds_a=22), meter_works=lost_for_a_minute)
    house.run(159)
    assert house.service_a() == (10,)
    assert house.chosen().action is None
    house.run(400)
    assert [*dict.fromkeys(house.sent_a(160))] == [0, 6, 10, 14, 18, 22]
    assert house.log[-1].at_s > 170


def test_a_grace_of_nothing_stops_at_once() -> None:
    without = site_settings(fallback=Fallback(STOP, current_a=6, grace_s=0))
    house = House(
        10.0, Car(holds_a=22), site=without, meter_works=lambda now_s: now_s < 60
    )
    house.run(60)
    assert house.sent_a() == [22, 0]
    assert house.chosen().action is ActionReason.METER_LOST


def test_starting_without_a_meter_stops_a_charging_car() -> None:
    house = House(10.0, Car(holds_a=22), meter_works=lambda now_s: False)
    house.run(9)
    assert house.service_a() == (32,)
    house.run(15)
    assert house.service_a() == (10,)


@pytest.mark.parametrize("action", [STOP, HOLD, SET_CURRENT])
def test_a_charger_of_unknown_current_is_paused(action: FallbackAction) -> None:
    """Anything else might start one that was paused."""
    car = Car(command=holding_up_to(32), holds_a=30)
    house = House(4.0, car, site=site(action), meter_works=lambda now_s: False)
    house.run(9)
    assert house.sent_a() == []
    house.run(15)
    assert car.takes_a(house.now_s) == 0


def test_holding_is_never_more_than_an_idle_supply_could_give() -> None:
    cars = [
        Car(charger=charger_settings(name), holds_a=24, measured=True) for name in "ab"
    ]
    house = House(0.0, *cars, site=site(HOLD), meter_works=lambda now_s: False)
    house.run(20)
    assert house.service_a() == (32,)


def test_a_temporary_limit_holds_without_a_meter_too() -> None:
    car = Car(holds_a=22)
    house = House(0.0, car, site=site(HOLD), meter_works=lost_at_100_s)
    house.run(120)
    car.charger = charger_settings("car", temporary_limit_a=10)
    house.run(122)
    house.evaluate()
    house.run(125)
    assert house.service_a() == (10,)


def test_a_site_without_chargers_survives() -> None:
    for meter_works in (lambda now_s: True, lost_at_100_s):
        house = House(40.0, meter_works=meter_works)
        house.run(200)
        assert house.outcome().chargers == {}


def test_a_stop_that_fails_while_the_meter_is_lost_is_retried() -> None:
    car = Car(holds_a=22, works=lambda now_s: now_s > 140)
    house = House(10.0, car, meter_works=lambda now_s: now_s < 100)
    house.run(105)
    car.works = lambda now_s: now_s > 140
    house.run(200)
    assert house.service_a() == (10,)


def test_coming_back_into_an_overload_is_corrected() -> None:
    """The house rose while nobody looked."""
    house = House(
        lambda now_s: 10.0 if now_s < 110 else 24.0,
        Car(holds_a=22),
        site=site(HOLD),
        meter_works=lost_for_a_minute,
    )
    house.run(159)
    assert house.service_a() == (46,)
    house.run(170)
    assert house.service_a() == (32,)
    assert inf > house.log[-1].at_s >= 160


def test_an_increase_that_failed_is_not_sent_again_without_the_meter() -> None:
    """6 A hold; 10 A fail at 15 s. The meter is lost at 18 s, the charger back at 30 s."""
    car = Car(holds_a=6, works=lambda now_s: not 10 < now_s < 30, reads_back=True)
    house = House(
        10.0, car, site=site(HOLD), meter_works=lambda now_s: not 18 <= now_s < 90
    )
    house.run(17)
    assert 10 in house.sent_a()
    house.run(89)
    assert set(house.sent_a(since_s=18)) <= {6}
    assert car.takes_a(89) == 6
    house.run(120)
    assert car.takes_a(120) > 6


def three_phases(action: FallbackAction, l1_a: float) -> House:
    """Two chargers at 14 A on L1 and L2 of 25 A; L3 is lost from 100 s to 200 s.

    From 103 s to 150 s, ``l1_a`` flow beside them on L1.
    """
    cars = [
        Car(charger=charger_settings(name, phases=(phase,)), holds_a=14, measured=True)
        for phase, name in enumerate("ab")
    ]
    return House(
        lambda now_s: (l1_a if 103 <= now_s < 150 else 11.0, 11.0, 11.0),
        *cars,
        site=replace(site(action), limit_a=25),
        phases=3,
        lost=lambda name, now_s: (2,) if not name and 100 <= now_s < 200 else (),
    )


@pytest.mark.parametrize("action", [STOP, HOLD])
def test_a_phase_that_can_be_read_is_kept_while_another_is_lost(
    action: FallbackAction,
) -> None:
    """17 A beside the charger on L1: it goes down to 8 A at once, in the grace."""
    house = three_phases(action, 17)
    house.run(105)
    assert house.sent_a(101) == [8]
    assert house.outcome().chargers["a"].limit is Limit.METER_LOST
    assert house.service_a()[:2] == (25, 25)


def test_nobody_else_is_lowered_for_that_and_nobody_is_raised() -> None:
    """The load ends at 150 s; what it took is given back when the meter is back."""
    house = three_phases(HOLD, 17)
    house.run(199)
    assert [(sent.charger_id, sent.current_a) for sent in house.log[2:]] == [("a", 8)]
    house.run(260)
    assert house.service_a() == (25, 25, 11)


def test_too_little_is_left_on_a_phase_that_can_be_read_for_the_minimum() -> None:
    house = three_phases(HOLD, 20)
    house.run(110)
    assert house.sent_a(101) == [0]


def test_of_the_phase_that_is_lost_nothing_is_known() -> None:
    """It is held, as ever: what L3 carries does not count."""
    car = Car(charger=charger_settings("car", phases=(0, 1, 2)), holds_a=14)
    house = House(
        lambda now_s: (5.0, 5.0, 5.0 if now_s < 103 else 30.0),
        car,
        site=site(HOLD),
        phases=3,
        lost=lambda _name, now_s: (2,) if now_s >= 100 else (),
    )
    house.run(99)
    before = len(house.log)
    house.run(160)
    assert len(house.log) == before


def test_a_car_that_is_on_its_way_down_is_not_lowered_twice() -> None:
    """10 A too much on L1, nothing is measured, and the car follows after 4 s."""
    car = Car(charger=charger_settings("a"), holds_a=20, lag_s=4)
    house = House(
        lambda now_s: (22.0 if now_s >= 103 else 5.0, 0.0),
        car,
        site=site(HOLD),
        phases=2,
        lost=lambda _name, now_s: (1,) if now_s >= 100 else (),
    )
    house.run(160)
    assert house.sent_a(101) == [10]


def test_circuits_with_a_meter_are_kept_without_that_of_the_supply() -> None:
    """A load of 12 A in a garage of 20 A, which the supply's meter does not show."""
    cars = [
        Car(charger=charger_settings(name), holds_a=7, measured=True) for name in "ab"
    ]
    garage = Circuit("garage", 20, (0,), frozenset("a"), metered=True)
    house = House(
        4.0,
        *cars,
        site=site(HOLD),
        circuits=(garage,),
        circuit_a=lambda _name, now_s: 12.0 if now_s >= 105 else 4.0,
        phases=1,
    )
    house.run(99)
    house.lost = lambda name, _now_s: () if name else (0,)
    a_before, b_before = (car.takes_a(99) for car in cars)
    house.run(120)
    assert a_before > 8
    assert [car.takes_a(120) for car in cars] == [8, b_before]


@pytest.mark.parametrize("action", [HOLD, SET_CURRENT])
def test_a_circuit_is_kept_on_the_phases_of_it_that_can_be_read(
    action: FallbackAction,
) -> None:
    """L2 of the garage is lost; on its L1, 8 A are left of 20 A."""
    car = Car(charger=charger_settings("a", phases=(0, 1)), measured=True)
    garage = Circuit("garage", 20, (0, 1), frozenset("a"), metered=True)
    rack = Circuit("rack", 20, (0, 1), frozenset("a"), parent_id="garage")
    house = House(
        (4.0, 4.0),
        car,
        site=site(action, 10),
        circuits=(garage, rack),
        circuit_a=lambda _name, now_s: 12.0 if now_s >= 105 else 4.0,
        phases=2,
        lost=lambda name, now_s: (1,) if name == "garage" and now_s >= 100 else (),
    )
    house.run(103)
    assert car.takes_a(103) == 16
    house.run(120)
    assert car.takes_a(120) == 8


def test_a_meter_that_is_silent_says_its_last_word_while_it_is_lost_in_part() -> None:
    """It reports changes only: 4 A more on L1 within the settle time, and then nothing."""
    car = Car(charger=charger_settings("a"), holds_a=14, lag_s=1)
    house = House(
        lambda now_s: (11.0 if now_s < 103 else 17.0 if now_s < 105 else 21.0, 5.0),
        car,
        site=replace(site(HOLD), limit_a=25),
        phases=2,
        reports_every_s=0,
        lost=lambda _name, now_s: (1,) if now_s >= 100 else (),
    )
    house.run(119)
    assert house.sent_a(101) == [8]
    house.run(130)
    assert house.sent_a(101) == [8, 0]


def half_lost(*cars: Car, lost_s: float, rises_s: float, to_a: float) -> House:
    """L2 is lost from a time on; then the other load of L1 rises from 2 A."""
    return House(
        lambda now_s: (2.0 if now_s < rises_s else to_a, 0.0),
        *cars,
        site=site(HOLD),
        phases=2,
        lost=lambda _name, now_s: (1,) if now_s >= lost_s else (),
    )


def test_priorities_count_without_the_meter_too() -> None:
    cars = [
        Car(charger=charger_settings("a"), holds_a=15, measured=True),
        Car(charger=charger_settings("b", priority=1), holds_a=15, measured=True),
    ]
    house = half_lost(*cars, lost_s=100, rises_s=103, to_a=23.0)
    house.run(120)
    assert [car.takes_a(120) for car in cars] == [0, 9]


def test_one_of_which_nothing_is_known_protects_nobody_else() -> None:
    """A is on L2 only; B has to make room on L1."""
    on_l2 = charger_settings("a", phases=(1,), priority=1)
    lost = Car(charger=on_l2, command=holding_up_to(32), status=lambda *_: UNKNOWN)
    busy = Car(charger=charger_settings("b"), holds_a=15, measured=True)
    house = half_lost(lost, busy, lost_s=100, rises_s=103, to_a=23.0)
    house.run(108)
    assert busy.takes_a(108) == 9


def test_whoever_has_no_car_makes_room_without_the_meter_too() -> None:
    """A takes nothing for minutes; 9 A are left, and B has them."""
    idle = Car(
        charger=charger_settings("a"),
        holds_a=15,
        measured=True,
        cap_a=lambda _now_s: 0,
    )
    busy = Car(charger=charger_settings("b"), holds_a=15, measured=True)
    house = half_lost(idle, busy, lost_s=300, rises_s=303, to_a=23.0)
    house.run(320)
    assert busy.takes_a(320) == 9


def test_what_a_charger_takes_beyond_its_command_is_load_like_any_other() -> None:
    """A is stuck at 14 A. Told 9 A or not, B has to make room for that."""
    cars = [
        Car(charger=charger_settings(name), holds_a=14, measured=True) for name in "ab"
    ]
    cars[0].obeys = lambda current_a: current_a >= 14
    house = half_lost(*cars, lost_s=100, rises_s=103, to_a=14.0)
    house.run(130)
    assert cars[0].takes_a(130) >= 14
    assert house.service_a()[0] <= 32


NOTHING = ServiceReading((0.0, 0.0, 0.0), (100.0, 100.0, 100.0))


@pytest.mark.parametrize("remains", [None, NOTHING])
@pytest.mark.parametrize("in_part", [False, True])
@pytest.mark.parametrize("parents", ["", "house"])
def test_a_stop_goes_out_whatever_the_meters_of_circuits_show(
    parents: str, in_part: bool, remains: ServiceReading | None
) -> None:
    """Three phases, of which the charger and its circuit use the first only."""
    flows = ServiceReading((5.0, 0.0, 0.0), (100.0, 100.0, 100.0))
    on_a = frozenset("a")
    garage = Circuit(
        "garage",
        20,
        (0,),
        on_a,
        parent_id=parents,
        metered=True,
        reading=None if in_part else flows,
        remains=flows if in_part else None,
    )
    circuits = (Circuit("house", 32, (0,), on_a, metered=True), garage)
    charger = ChargerInput(charger_settings("a"), holding(16))
    engine = EngineState()
    for now_s in (100.0, 111.0):
        inputs = SiteInput(
            site(STOP), None, (charger,), circuits=circuits, remains=remains
        )
        engine, decision = evaluate(engine, inputs, now_s)
    assert decision.chargers["a"].desired_a == 0


@pytest.mark.parametrize(
    ("action", "lost_s", "ceilings_a", "active"),
    [
        (HOLD, 0, {"b": 16, "c": 6}, False),
        (HOLD, 10, {"b": 16, "c": 0}, True),
        (STOP, 10, {"b": 0, "c": 0}, True),
        (SET_CURRENT, 10, {"b": 8, "c": 0}, True),
    ],
)
def test_the_chargers_of_a_circuit_that_is_lost_have_a_ceiling(
    action: FallbackAction, lost_s: float, ceilings_a: dict[str, float], active: bool
) -> None:
    """A is somewhere else, and of C nothing is known yet."""
    chargers = tuple(
        ChargerInput(charger_settings(name), command)
        for name, command in (
            ("a", holding(16)),
            ("b", holding(16)),
            ("c", holding_up_to(32)),
        )
    )
    garage = Circuit("garage", 20, (0,), frozenset("bc"), metered=True)
    inputs = SiteInput(site(action), None, chargers, circuits=(garage,))
    since_s = {"garage": 100 - lost_s}
    engine = EngineState(lost_since_s=since_s if lost_s else {})
    in_grace = frozenset() if active else frozenset("bc")
    assert find_lost_meters(engine, inputs, 100) == LostMeters(
        ceilings_a, since_s, active, (since_s["garage"] + 10,), in_grace
    )


def test_what_a_car_has_no_use_for_is_for_others_without_the_meter_too() -> None:
    """A takes 7 A of its 15 A. Of the 17 A that are left, it needs no more than 8."""
    sparing = Car(
        charger=charger_settings("a"), holds_a=15, measured=True, cap_a=lambda _now_s: 7
    )
    busy = Car(charger=charger_settings("b"), holds_a=15, measured=True)
    house = half_lost(sparing, busy, lost_s=40, rises_s=50, to_a=15.0)
    house.run(39)
    turn = house.engine.turns["a"]
    sparing_since = replace(turn, sparing_since_s=-60.0)
    turns = {**house.engine.turns, "a": sparing_since}
    house.engine = replace(house.engine, turns=turns)
    house.run(70)
    assert [car.takes_a(70) for car in (sparing, busy)] == [7, 9]


def test_the_lost_meter_of_a_circuit_is_named_as_the_reason() -> None:
    """A is lowered for it, and C is held; B is not on it."""
    chargers = tuple(
        ChargerInput(
            charger_settings(name),
            settled(current_a),
        )
        for name, current_a in (("a", 16), ("b", 10), ("c", 6))
    )
    garage = Circuit("garage", 20, (0,), frozenset("ac"), metered=True)
    inputs = SiteInput(
        site(SET_CURRENT),
        ServiceReading((32.0,), (100.0,)),
        chargers,
        circuits=(garage,),
    )
    engine = EngineState(lost_since_s={"garage": 0.0})
    _, decision = evaluate(engine, inputs, 100)
    told = {
        name: (chosen.desired_a, chosen.limit, chosen.action)
        for name, chosen in decision.chargers.items()
    }
    assert told == {
        "a": (8, Limit.METER_LOST, ActionReason.METER_LOST),
        "b": (10, Limit.RAMP_UP, None),
        "c": (6, Limit.METER_LOST, None),
    }
