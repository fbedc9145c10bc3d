"""Flats, a garage and a yard behind one supply."""

import pytest

from simulation.apartments import BAYS, FLATS, GARAGE, Apartments, apartments
from simulation.appliances import Kind
from simulation.car import Status
from simulation.meter import Watts

VOLTAGE_V = 230.0
SUPPLY_A = 63.0
GARAGE_A = 32.0


def live(site: Apartments, begin_s: float, end_s: float) -> tuple[float, ...]:
    """Let time pass in steps of half a second; the supply's current at the end, in A."""
    now_s = begin_s
    power_w: Watts = ()
    while now_s <= end_s:
        power_w = site.step(now_s)
        now_s += 0.5
    return tuple(phase_w / VOLTAGE_V for phase_w in power_w)


def status(site: Apartments, name: str) -> str:
    """What a charger says of itself."""
    return site.charge_points[name].status.value


def test_the_supply_carries_its_parts_phase_by_phase() -> None:
    """A shower in the flat on L3 is on L3 and nowhere else."""
    site = apartments()
    before_a = live(site, 0, 4)
    site.appliance("Flat L3", Kind.SHOWER).turn_on(4.5)
    # The hob there pulses every 20 s.
    after_a = live(site, 4.5, 24)
    assert after_a[2] - before_a[2] == pytest.approx(9000 / VOLTAGE_V, abs=1)
    assert after_a[:2] == pytest.approx(before_a[:2], abs=1)
    parts_w = [house.power_w for house, _ in site.parts.values()]
    assert sum(after_a) * VOLTAGE_V == pytest.approx(sum(map(sum, parts_w)))
    assert len(parts_w) == len(FLATS) + 2


def test_chargers_are_wired_as_their_bays_say() -> None:
    """One car charges on L2 alone, another on all phases, each told 10 A."""
    site = apartments()
    live(site, 0, 10)
    garage_a = site.parts[GARAGE][0].current_a
    assert garage_a == pytest.approx((20, 30, 20), abs=1)
    assert site.charge_points["Bay 2"].used_phases == (1,)
    assert site.charge_points["Bay 3"].phases == (2, 0, 1)


def test_the_compressor_overloads_the_garage_and_not_the_supply() -> None:
    """12 A on each phase, beside 30 A of cars."""
    site = apartments()
    supply_a = live(site, 0, 30)
    assert max(site.parts[GARAGE][0].current_a) > GARAGE_A
    assert max(supply_a) < SUPPLY_A
    live(site, 30.5, 95)
    assert max(site.parts[GARAGE][0].current_a) < GARAGE_A


def test_the_shower_leaves_room_for_two_cars_of_three_on_l1() -> None:
    """That is why one of them has to wait for its turn."""
    site = apartments()
    for charge_point in site.charge_points.values():
        charge_point.set_enabled(False, 0.0)
    left_a = SUPPLY_A - live(site, 0, 110)[0]
    on_l1 = [bay for bay in BAYS.values() if 0 in bay.phases]
    assert len(on_l1) == 3
    assert 2 * 6 < left_a < 3 * 6


def test_a_car_finishes_and_a_visitor_comes() -> None:
    """Within ten minutes, if there is current for all."""
    site = apartments()
    live(site, 0, 60)
    assert status(site, "Visitor") == Status.AVAILABLE
    live(site, 60.5, 80)
    assert status(site, "Visitor") == Status.CHARGING
    live(site, 80.5, 600)
    assert status(site, "Bay 3") == Status.FINISHING


def test_the_hour_can_begin_again() -> None:
    """Cars are as they came, nothing but the oven and the hob is on."""
    site = apartments()
    site.appliance("Flat L1", Kind.HOB).turn_on(5.0)
    live(site, 0, 600)
    site.begin(600.0)
    for name, bay in BAYS.items():
        charge_point = site.charge_points[name]
        car = charge_point.car or charge_point.parked
        assert car == bay.car
        assert car is not bay.car
    on = [
        (part, kind)
        for part, (house, _) in site.parts.items()
        for kind, appliance in house.appliances.items()
        if appliance.is_on
    ]
    assert on == [("Flat L2", Kind.OVEN), ("Flat L3", Kind.HOB)]
    live(site, 600.5, 630)
    assert max(site.parts[GARAGE][0].current_a) > GARAGE_A
