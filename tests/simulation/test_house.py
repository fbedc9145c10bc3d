"""A house and its days."""

import pytest

from simulation.appliances import MODELS, Appliance, Kind
from simulation.car import Car, ChargePoint
from simulation.house import House, evening, family_house


def live(house: House, seconds: float, step_s: float = 2.0) -> list[float]:
    """Total net power at every step."""
    return [sum(house.step(index * step_s)) for index in range(int(seconds / step_s))]


def test_the_same_seed_is_the_same_day() -> None:
    """And another seed is another."""
    assert live(family_house(1), 7200) == live(family_house(1), 7200)
    assert live(family_house(1), 7200) != live(family_house(2), 7200)


@pytest.mark.parametrize("seed", range(5))
def test_a_day_without_a_car_takes_what_a_household_takes(seed: int) -> None:
    """8 to 35 kWh, heat pump included."""
    house = family_house(seed, clock_h=0)
    house.charge_points = []
    energy_kwh = sum(live(house, 86400, 10.0)) * 10 / 3.6e6
    assert 8 < energy_kwh < 35


def test_the_supply_delivers_what_its_loads_take() -> None:
    """Base load and the cars of three phases add up, phase by phase."""
    house = House(phases=3, appliances={Kind.OVEN: Appliance(MODELS[Kind.OVEN], 1)})
    house.charge_points = [
        ChargePoint(phases=(0, 1, 2), car=Car(cap_a=10.0), limit_a=10.0),
        ChargePoint(phases=(1,), car=Car(cap_a=8.0), limit_a=8.0),
    ]
    for charge_point in house.charge_points:
        charge_point.set_limit(16.0, -10.0)
    house.appliances[Kind.OVEN].turn_on(0.0)
    live(house, 60, 0.5)
    cars_a = (10.0, 18.0, 10.0)
    for phase in range(3):
        base_a = house.base_w[phase] / house.voltage_v
        assert house.current_a[phase] == pytest.approx(base_a + cars_a[phase])
    assert house.base_w[1] > 2000


def test_the_sun_makes_the_house_export_at_noon_and_not_at_night() -> None:
    """6 kW of panels against an idle house."""
    house = House(clock_s=13 * 3600, solar_peak_w=6000)
    assert sum(house.step(0.0)) < -5000
    house = House(clock_s=2 * 3600, solar_peak_w=6000)
    assert sum(house.step(0.0)) > 0


def test_a_kettle_ends_by_itself_and_by_hand() -> None:
    """Two minutes, or as long as somebody wants."""
    kettle = Appliance(MODELS[Kind.KETTLE])
    kettle.turn_on(0.0)
    assert kettle.power_w(119.0) == 2200
    assert kettle.power_w(120.0) == 0
    assert not kettle.is_on
    kettle.turn_on(200.0)
    kettle.turn_off()
    assert kettle.power_w(201.0) == 0


def test_every_appliance_takes_something() -> None:
    """None of them is a dummy, none takes more than a shower."""
    for model in MODELS.values():
        appliance = Appliance(model)
        appliance.turn_on(0.0)
        powers_w = [
            appliance.power_w(float(second)) for second in range(int(model.run_s))
        ]
        assert 400 < max(powers_w) <= 9000


def test_nothing_comes_on_by_itself_as_the_evening_begins() -> None:
    """What the demo's story or a hand at a switch starts is all there is."""
    house = evening()
    for now_s in range(500):
        house.step(now_s)
        assert not any(appliance.is_on for appliance in house.appliances.values())
