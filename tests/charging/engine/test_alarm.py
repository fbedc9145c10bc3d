"""The last rung: an overload against which nothing is left to be done is told, once."""

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.model import Circuit
from custom_components.load_sharing.charging.engine.overload import (
    OverloadEvent,
    OverloadEventType,
)

from .car import Car
from .house import House
from .settings import charger_settings

ALARM, CLEARED = OverloadEventType.ALARM, OverloadEventType.CLEARED


def alarms(house: House) -> list[tuple[float, OverloadEvent]]:
    return [(at_s, event) for at_s, event in house.events if event.type is ALARM]


def test_the_house_alone_over_the_limit_alarms_once_the_pause_shows() -> None:
    """36 A on 32 A from 10 s on; the pause leaves at once and settles after 5 s."""
    house = House(lambda now_s: 36 if now_s >= 10 else 8, Car(holds_a=20))
    house.run(120)
    ((at_s, event),) = alarms(house)
    assert 15 <= at_s <= 18
    assert event.excess_a == 4
    assert (event.circuit_id, event.phase) == ("", 0)
    assert event.duration_s == at_s - 10


def test_a_car_that_can_give_way_is_no_alarm() -> None:
    house = House(lambda now_s: 24 if now_s >= 10 else 8, Car(holds_a=20, lag_s=9))
    house.run(17)
    assert house.engine.overload.corrections >= 2
    assert not house.engine.alarmed
    house.run(120)
    assert alarms(house) == []


def test_the_worst_of_several_is_told() -> None:
    """L1 carries 2 A too much, L2 8 A, L3 4 A; nobody charges."""
    house = House((34.0, 40.0, 36.0), Car(), phases=3)
    house.run(30)
    ((_, event),) = alarms(house)
    assert (event.excess_a, event.phase) == (8, 1)


def test_an_overload_that_ends_by_the_next_correction_is_no_alarm() -> None:
    house = House(lambda now_s: 36 if 10 <= now_s < 16 else 8)
    house.run(120)
    assert [event.type for _, event in house.events] == [
        OverloadEventType.DETECTED,
        CLEARED,
    ]


def test_a_charger_that_does_not_obey_its_pause_is_no_alarm() -> None:
    """It goes on being told, and is a problem of its own."""
    car = Car(holds_a=20, reads_back=True, obeys=lambda _current_a: False)
    house = House(20.0, car)
    house.run(120)
    assert alarms(house) == []
    assert car.state.has_problem


def test_a_charger_on_another_phase_does_not_keep_it_back() -> None:
    """The oven overloads L3, and the car on L1 is none the worse for it."""
    car = Car(holds_a=16, charger=charger_settings("car", phases=(0,)))
    house = House((10.0, 5.0, 40.0), car, phases=3)
    house.run(60)
    ((_, event),) = alarms(house)
    assert (event.phase, event.excess_a) == (2, 8)
    assert min(house.sent_a()) >= 16


def test_a_meter_that_stays_silent_has_answered_after_a_while() -> None:
    """It reports changes only, and 36 A do not change."""
    house = House(36.0, Car(holds_a=0, reads_back=True), reports_every_s=0)
    house.run(60)
    assert len(alarms(house)) == 1


def test_a_circuit_is_named() -> None:
    """25 A of other load on the garage's 20 A; the supply has room."""
    circuit = Circuit("garage", 20, (0,), frozenset({"car"}), metered=True)
    house = House(
        25.0,
        Car(holds_a=0),
        circuits=(circuit,),
        circuit_a=lambda _name, _now_s: 25.0,
    )
    house.run(60)
    ((_, event),) = alarms(house)
    assert (event.circuit_id, event.phase, event.excess_a) == ("garage", 0, 5)


def test_it_is_told_again_after_it_was_over() -> None:
    house = House(lambda now_s: 36 if now_s % 60 >= 20 else 8)
    house.run(179)
    assert [event.type for _, event in house.events if event.type is not ALARM][
        1::2
    ] == [CLEARED] * 2
    assert len(alarms(house)) == 3


@pytest.mark.parametrize("measured", [True, False])
@given(
    loads_a=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    holds_a=st.sampled_from([0, 6, 16, 32]),
    obeys=st.booleans(),
)
def test_no_alarm_while_a_charger_still_has_current(
    measured: bool, loads_a: list[int], holds_a: float, obeys: bool
) -> None:
    """Whatever the house does every half minute."""
    car = Car(holds_a=holds_a, reads_back=True, measured=measured)
    if not obeys:
        car.obeys = lambda _current_a: False

    def base_a(now_s: float) -> float:
        return loads_a[int(now_s / 30) % len(loads_a)]

    house = House(base_a, car)
    told = 0
    while house.now_s < 200:
        house.run(house.now_s + 1)
        if len(alarms(house)) > told:
            told = len(alarms(house))
            assert car.told[-1][1] == 0
            assert max(house.service_a()) > 32
