"""A car on a charger."""

import pytest

from simulation.car import Car, ChargePoint, Status

VOLTAGE_V = 230.0


def drive(charge_point: ChargePoint, begin_s: float, end_s: float) -> float:
    """Let a charger run in steps of half a second; the current at the end."""
    now_s = begin_s
    while now_s <= end_s:
        charge_point.step(now_s, VOLTAGE_V)
        now_s += 0.5
    return charge_point.current_a


def told(charge_point: ChargePoint) -> str:
    """What the charger says of itself."""
    return charge_point.status.value


def test_a_charger_obeys_after_its_lag() -> None:
    """Told 20 A at 10 s, it still has 6 A at 11.5 s and 20 A a few seconds later."""
    charge_point = ChargePoint(lag_s=2.0, slope_a_per_s=10.0, car=Car())
    assert drive(charge_point, 0, 10) == 6.0
    charge_point.set_limit(20.0, 10.0)
    assert drive(charge_point, 10.5, 11.5) == 6.0
    assert drive(charge_point, 12, 12.5) < 20.0
    assert drive(charge_point, 13, 16) == 20.0


def test_a_car_takes_no_more_than_it_can() -> None:
    """30 A is offered to a car of 16 A."""
    charge_point = ChargePoint(car=Car(cap_a=16.0))
    charge_point.set_limit(30.0, 0.0)
    assert drive(charge_point, 0, 20) == 16.0


def test_less_than_6_a_is_a_pause() -> None:
    """IEC 61851-1 knows no charging current below 6 A."""
    charge_point = ChargePoint(car=Car())
    assert drive(charge_point, 0, 5) == 6.0
    assert told(charge_point) == Status.CHARGING
    charge_point.set_limit(5.0, 5.0)
    assert drive(charge_point, 5.5, 10) == 0.0
    assert told(charge_point) == Status.SUSPENDED_EVSE


def test_a_charger_that_is_switched_off_pauses_and_resumes() -> None:
    """Its limit is kept meanwhile."""
    charge_point = ChargePoint(car=Car())
    charge_point.set_limit(16.0, 0.0)
    assert drive(charge_point, 0, 10) == 16.0
    charge_point.set_enabled(False, 10.0)
    assert drive(charge_point, 10.5, 15) == 0.0
    charge_point.set_enabled(True, 15.0)
    assert drive(charge_point, 15.5, 25) == 16.0


def test_a_car_tapers_and_finishes() -> None:
    """Above 85 % it takes less and less, at the end nothing."""
    car = Car(cap_a=32.0, battery_kwh=1.0, charge=0.84)
    charge_point = ChargePoint(car=car)
    charge_point.set_limit(32.0, 0.0)
    assert drive(charge_point, 0, 10) > 30.0
    assert 6.0 <= drive(charge_point, 10.5, 70) < 25.0
    assert drive(charge_point, 70.5, 400) == 0.0
    assert car.charge == 1.0
    assert told(charge_point) == Status.FINISHING


def test_a_car_fills_with_what_it_takes() -> None:
    """16 A on three phases of 230 V for an hour is 11.04 kWh."""
    car = Car(battery_kwh=100.0, charge=0.2)
    charge_point = ChargePoint(phases=(0, 1, 2), car=car, slope_a_per_s=1e9)
    charge_point.set_limit(16.0, -10.0)
    drive(charge_point, 0, 3600)
    assert (car.charge - 0.2) * 100 == pytest.approx(11.04, rel=0.01)


def test_a_charger_tells_what_it_is_doing() -> None:
    """No car, a car that does not want, a car that may not."""
    charge_point = ChargePoint()
    drive(charge_point, 0, 3)
    assert told(charge_point) == Status.AVAILABLE
    charge_point.car = Car(pauses=True)
    drive(charge_point, 3, 6)
    assert told(charge_point) == Status.SUSPENDED_EV


def test_a_car_of_one_phase_uses_the_first_of_its_charger() -> None:
    """Told 16 A, it takes a third of the energy, on whatever L1 is wired to."""
    car = Car(battery_kwh=100.0, charge=0.2, phases=1)
    charge_point = ChargePoint(phases=(2, 0, 1), car=car, slope_a_per_s=1e9)
    charge_point.set_limit(16.0, -10.0)
    drive(charge_point, 0, 3600)
    assert charge_point.used_phases == (2,)
    assert charge_point.currents_a == (16.0, 0.0, 0.0)
    assert (car.charge - 0.2) * 100 == pytest.approx(11.04 / 3, rel=0.01)


def test_a_car_of_three_phases_uses_what_its_charger_has() -> None:
    """Two of them on a charger of two, all of them on one of three."""
    for phases in ((0, 1), (1, 2, 0)):
        charge_point = ChargePoint(phases=phases, car=Car())
        charge_point.set_limit(10.0, -10.0)
        drive(charge_point, 0, 10)
        assert charge_point.used_phases == phases
        assert charge_point.currents_a == (10.0,) * len(phases)


def test_a_car_that_leaves_comes_back_as_it_was() -> None:
    """It is parked beside its charger; without one, an unknown car comes."""
    charge_point = ChargePoint(car=Car(charge=0.7))
    charge_point.plug_in(plugged_in=False)
    drive(charge_point, 0, 2)
    assert (charge_point.car, charge_point.currents_a) == (None, (0.0,))
    assert told(charge_point) == Status.AVAILABLE
    charge_point.plug_in(plugged_in=True)
    assert charge_point.car is not None
    assert charge_point.car.charge == 0.7
    charge_point = ChargePoint()
    charge_point.plug_in(plugged_in=True)
    assert charge_point.car == Car()
