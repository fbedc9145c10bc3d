"""A meter that slips: nothing is raised on a reading that is less than is likely."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine.model import (
    Circuit,
    Limit,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

SLIPS_S = 100.0


class SlippingHouse(House):
    """A house with a meter that shows something else from ``SLIPS_S`` on."""

    shows: Callable[[PhaseVector], PhaseVector] = staticmethod(lambda flows_a: flows_a)
    slips_for_s = 0.0

    def _sample(self) -> bool:
        reports = super()._sample()
        if self.reading and SLIPS_S <= self.now_s < SLIPS_S + self.slips_for_s:
            shown_a = self.shows(self.reading.current_a)
            self.reading = ServiceReading(shown_a, self.reading.taken_at_s)
        return reports


def zeros(flows_a: PhaseVector) -> PhaseVector:
    return (0.0,) * len(flows_a)


def busy_evening(now_s: float) -> float:
    """Most of the day 4 A; 20 A from 60 s on, which take 12 A from a car at 28 A."""
    return 4.0 if now_s < 60 else 20.0


def a_car(*, measured: bool) -> Car:
    return Car(holds_a=28, measured=measured)


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("lasts_s", [1, 2, 5, 25, 50])
@pytest.mark.parametrize("every_s", [1, 5])
def test_zeros_raise_nothing(measured: bool, lasts_s: float, every_s: float) -> None:
    """The car had 28 A a minute ago, and would have them back within two readings."""
    house = SlippingHouse(busy_evening, a_car(measured=measured))
    house.reports_every_s = every_s
    house.shows, house.slips_for_s = zeros, lasts_s
    house.run(SLIPS_S - 1)
    assert house.service_a() == (32,)
    sent = len(house.log)
    house.run(SLIPS_S + lasts_s - 0.5)
    assert house.chosen().limit is Limit.METER_DOUBTED
    house.run(300)
    assert [item.current_a for item in house.log[sent:]] in ([], [12])


@pytest.mark.parametrize(
    "shows",
    [
        pytest.param(lambda flows_a: (flows_a[0] / 4,), id="a quarter"),
        pytest.param(lambda _flows_a: (6.0,), id="an old value"),
        pytest.param(lambda _flows_a: (-8.0,), id="an export, for the first time"),
        pytest.param(lambda _flows_a: (0.4,), id="nearly nothing"),
    ],
)
def test_less_than_the_car_takes_raises_nothing(
    shows: Callable[[PhaseVector], PhaseVector],
) -> None:
    house = SlippingHouse(busy_evening, a_car(measured=True))
    house.shows, house.slips_for_s = shows, 20
    house.run(300)
    assert max(house.sent_a(SLIPS_S), default=12) == 12


def test_zeros_that_come_and_go_raise_nothing() -> None:
    """Every other reading is 0, for three minutes."""
    house = SlippingHouse(busy_evening, a_car(measured=False))
    house.shows = lambda flows_a: flows_a if house.now_s % 2 else (0.0,)
    house.slips_for_s = 180
    house.run(300)
    assert max(house.sent_a(SLIPS_S), default=12) == 12


def test_one_phase_of_three_falls_to_zero() -> None:
    """L2 has the least room for a car on all three."""
    car = Car(charger=charger_settings("car", phases=(0, 1, 2)), holds_a=28)
    house = SlippingHouse(lambda now_s: (4.0, busy_evening(now_s), 4.0), car, phases=3)
    house.shows = lambda flows_a: (flows_a[0], 0.0, flows_a[2])
    house.slips_for_s = 25
    house.run(300)
    assert max(house.sent_a(SLIPS_S), default=12) == 12


def test_the_meter_of_a_circuit_falls_to_zero() -> None:
    """The garage of 20 A carries 12 A beside the car; its meter is off for 25 s."""

    def beside_a(_name: str, now_s: float) -> float:
        slips = SLIPS_S <= now_s < SLIPS_S + 25
        return -house.cars[0].takes_a(now_s) if slips else 2.0 if now_s < 60 else 12.0

    garage = Circuit("garage", 20, (0,), frozenset({"car"}), metered=True)
    car = Car(holds_a=18, measured=True)
    house = House(
        lambda now_s: 3.0 if now_s < 60 else 13.0,
        car,
        circuits=(garage,),
        circuit_a=beside_a,
    )
    house.run(SLIPS_S - 1)
    assert car.takes_a(house.now_s) == 8
    house.run(SLIPS_S + 30)
    assert max(house.sent_a(SLIPS_S), default=8) == 8
    assert house.chosen().limit is not Limit.METER_DOUBTED


def test_the_meter_is_lost_and_begins_again_with_zeros() -> None:
    """What it showed before it was lost still tells that 0 is unlikely."""
    house = SlippingHouse(
        busy_evening,
        a_car(measured=False),
        meter_works=lambda now_s: not 95 <= now_s < 100,
    )
    house.shows, house.slips_for_s = zeros, 10
    house.run(300)
    assert max(house.sent_a(SLIPS_S), default=12) == 12


def test_a_load_that_ends_is_still_given_back_within_two_readings() -> None:
    """Nothing about it is unlikely: the car takes its 12 A, and the house the rest."""
    house = House(
        lambda now_s: 20.0 if 60 <= now_s < 100 else 4.0, a_car(measured=False)
    )
    house.run(103)
    assert house.service_a() == (32,)


def test_a_house_that_really_falls_silent_is_believed_after_a_minute() -> None:
    """What follows rises by steps of the ramp-up time, and not at once to 28 A."""
    house = House(
        lambda now_s: 0.0 if now_s >= SLIPS_S else busy_evening(now_s),
        Car(holds_a=28, measured=True, cap_a=lambda now_s: 0 if now_s >= 100 else 32),
    )
    house.run(SLIPS_S + 59)
    assert house.sent_a(SLIPS_S) == []
    house.run(SLIPS_S + 76)
    assert house.sent_a(SLIPS_S) == [16]
    house.run(SLIPS_S + 200)
    assert house.sent_a(SLIPS_S)[-1] == 32


def test_a_supply_that_exports_is_believed_at_once() -> None:
    """It has exported before: the sun explains any reading, once the clouds are gone."""
    house = House(
        lambda now_s: -4.0 if now_s < 60 or now_s >= SLIPS_S else 16.0,
        Car(holds_a=0, measured=True),
    )
    house.run(59)
    assert house.engine.trust[""].exports
    house.run(SLIPS_S + 1)
    assert house.chosen().limit is not Limit.METER_DOUBTED


def test_a_slip_lowers_nothing_and_hides_no_other_phase() -> None:
    """L1 shows 0 while L2 rises above its limit: that is corrected at once."""
    cars = [
        Car(charger=charger_settings(name, phases=(phase,)), holds_a=16, measured=True)
        for phase, name in enumerate("ab")
    ]
    house = SlippingHouse(
        lambda now_s: (14.0, 14.0 if now_s < SLIPS_S else 22.0), *cars, phases=2
    )
    house.shows, house.slips_for_s = lambda flows_a: (0.0, flows_a[1]), 20
    house.run(SLIPS_S + 19)
    assert [cars[0].takes_a(house.now_s), cars[1].takes_a(house.now_s)] == [18, 10]


def test_a_ramp_goes_on_after_a_slip() -> None:
    """10 s of headroom, two zeros, and 5 s more make 15 s."""
    house = SlippingHouse(6.0, Car(holds_a=6, measured=True))
    house.shows, house.slips_for_s = zeros, 2
    house.cars[0].charger = charger_settings("car", temporary_limit_a=6)
    house.run(SLIPS_S - 10)
    house.cars[0].charger = charger_settings("car")
    house.run(SLIPS_S + 30)
    first = next(sent for sent in house.log if sent.at_s > SLIPS_S - 10)
    assert first.current_a == 10
    assert first.at_s == pytest.approx(SLIPS_S + 7, abs=1)


def test_the_ramp_on_a_circuit_goes_on_while_its_meter_flaps() -> None:
    """It is lost for a second of every five."""
    garage = Circuit("garage", 20, (0,), frozenset({"car"}), metered=True)
    house = House(
        4.0,
        Car(holds_a=6, measured=True),
        circuits=(garage,),
        circuit_a=lambda _name, now_s: None if int(now_s) % 5 == 4 else 3.0,
    )
    house.run(120)
    assert house.service_a() == (4 + 17,)


def test_time_without_the_meter_does_not_count_as_headroom() -> None:
    """10 s of headroom, and then a second in each nine: 15 s are full after 60 s."""
    house = House(
        4.0,
        Car(holds_a=6),
        site=site_settings(),
        meter_works=lambda now_s: now_s < 10 or int(now_s) % 9 == 0,
    )
    house.run(50)
    assert set(house.sent_a()) == {6}
    house.run(70)
    assert set(house.sent_a()) == {6, 10}


def test_an_increase_that_was_sent_is_kept_while_the_meter_is_away_for_a_moment() -> (
    None
):
    """The charger confirms after 8 s; the meter is lost for a second of every five."""
    car = Car(holds_a=6, reads_back=True, call_s=3)
    house = House(4.0, car, meter_works=lambda now_s: int(now_s) % 5 != 4)
    house.run(300)
    assert house.sent_a() == sorted(house.sent_a())
    assert car.takes_a(300) == 28


def test_what_is_doubted_is_forgotten_with_the_balancing_off() -> None:
    house = House(busy_evening, a_car(measured=True))
    house.run(90)
    house.switch(on=False)
    house.evaluate()
    assert house.engine.trust == {}
    house.reading = replace(
        house.reading or ServiceReading((0.0,), (90.0,)), current_a=(0.0,)
    )
    house.switch(on=True)
    house.evaluate()
    assert not [
        since_s for since_s in house.engine.trust[""].doubted_since_s if since_s
    ]


def test_the_doubt_is_about_the_phases_of_the_meter_alone() -> None:
    """A charger on another phase goes on rising."""
    cars = [
        Car(charger=charger_settings("a", phases=(0,)), holds_a=12, measured=True),
        Car(charger=charger_settings("b", phases=(1,)), holds_a=6, measured=True),
    ]
    house = SlippingHouse((20.0, 4.0), *cars, phases=2)
    house.shows, house.slips_for_s = lambda flows_a: (0.0, flows_a[1]), 30

    def watch(_house: House, _site: SiteInput, _decision: object) -> None:
        if _house.now_s > SLIPS_S and _house.now_s < SLIPS_S + 30:
            assert _house.cars[0].takes_a(_house.now_s) == 12

    house.witness = watch
    house.run(SLIPS_S + 60)
    assert cars[1].takes_a(house.now_s) > 6
