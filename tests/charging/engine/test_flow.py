"""A car that is full shows where no draw is measured: too little flows for it."""

from dataclasses import replace
from math import inf

import pytest

from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.flow import takes_nothing
from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    ChargerStatus,
    Circuit,
    DrawReading,
    Limit,
    PhaseVector,
    ServiceReading,
    SiteInput,
)

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings

HOUR_S = 3600.0
FULL_S = 900.0
LOADS_A = (1.0, 2.0, 0.5)


def family(full: bool, **given: float) -> tuple[House, Car, Car]:
    """A car on three phases, full after a quarter of an hour, and one on L2."""
    first = Car(
        charger=charger_settings("first", phases=(0, 1, 2), max_a=16.0),
        cap_a=lambda now_s: 0.0 if full and now_s >= FULL_S else inf,
    )
    second = Car(charger=charger_settings("second", phases=(1,), max_a=25.0))
    for car in (first, second):
        car.lag_s = given.get("lag_s", 1.0)
    site = site_settings(limit_a=25.0, rotation_time_s=900.0)
    house = House(LOADS_A, first, second, site=site, phases=3)
    return house, first, second


@pytest.mark.parametrize("lag_s", [1, 5, 10, 20])
def test_a_car_that_is_full_leaves_its_current_to_the_other(lag_s: float) -> None:
    """23 A are left on L2: the second car has 11 A of them at first, then all."""
    house, first, second = family(full=True, lag_s=lag_s)
    house.run(FULL_S)
    before_s = FULL_S - 1
    assert sorted([first.takes_a(before_s), second.takes_a(before_s)]) == [11, 12]
    house.run(FULL_S + 600)
    assert second.takes_a(house.now_s) == 23
    waits = Limit.WAITING_FOR_TURN
    assert house.chosen("first").limit is waits


def test_cars_that_charge_keep_their_shares() -> None:
    """Nothing changes while both charge, however little else flows."""
    house, *cars = family(full=False)
    house.run(FULL_S)
    sent = len(house.log)
    house.run(HOUR_S)
    assert sorted([car.takes_a(HOUR_S) for car in cars]) == [11, 12]
    assert len([s for s in house.log if s.at_s > FULL_S]) <= len(house.log) - sent + 4


def test_it_has_its_share_again_when_it_charges_again() -> None:
    """It is tried again after the turn of a charger, and then it takes what it may."""
    house, first, second = family(full=True)
    first.cap_a = lambda now_s: 0.0 if FULL_S <= now_s < 2 * FULL_S else inf
    house.run(2 * HOUR_S)
    assert sorted([first.takes_a(house.now_s), second.takes_a(house.now_s)]) == [11, 12]


SUPPLY = site_settings(limit_a=25.0)
THREE = charger_settings("three", phases=(0, 1, 2), max_a=16.0)
ONE = charger_settings("one", phases=(1,), max_a=25.0)


def nothing(
    flows_a: PhaseVector,
    *,
    told_a: float = 12,
    already: bool = False,
    status: ChargerStatus = ChargerStatus.NOT_CONFIGURED,
    exports: bool = False,
    total: Mains | None = None,
    circuits: tuple[Circuit, ...] = (),
    measured_a: float | None = None,
    min_a: float = 6.0,
) -> bool:
    """Whether a charger on three phases takes nothing, beside another on L2."""
    settings = replace(THREE, min_a=min_a)
    charger = ChargerInput(settings, settled(told_a), status)
    drawn = None
    if measured_a is not None:
        drawn = DrawReading((measured_a,), (measured_a,), 100)
        other_on = replace(ONE, phases=(0,))
        other = ChargerInput(other_on, settled(10), draw=drawn)
    else:
        other = ChargerInput(ONE, settled(10))
    reading = ServiceReading(flows_a, (100.0,) * len(flows_a))
    site = SiteInput(
        SUPPLY,
        reading,
        (charger, other),
        exports=exports,
        total=total,
        circuits=circuits,
    )
    own = Draw((told_a,) * 3, (told_a,) * 3, settled=True, taken_at_s=100)
    others_a = measured_a if measured_a is not None else 10.0
    draws = [own, Draw((others_a,), (others_a,), settled=True, taken_at_s=100)]
    return takes_nothing(site, charger, draws, own, already=already)


class TestTakesNothing:
    """Less than its minimum, less the tolerance of cars and meters: 4.6 A."""

    @pytest.mark.parametrize("flow_a", [0.0, 2.0, 4.5])
    def test_too_little_flows_on_its_first_phase(self, flow_a: float) -> None:
        """What flows on other phases does not matter: cars use the first."""
        assert nothing((flow_a, 20.0, 20.0))

    @pytest.mark.parametrize("flow_a", [4.7, 6.0, 12.0])
    def test_enough_flows(self, flow_a: float) -> None:
        """A car on one phase may take it all."""
        assert not nothing((flow_a, 0.0, 0.0))

    def test_what_is_offered_has_to_flow_before_it_charges_again(self) -> None:
        """A kettle of 8 A is no car that may take 12 A: it would take 9.7 A."""
        assert nothing((8.0, 0.0, 0.0), already=True)
        assert not nothing((9.8, 0.0, 0.0), already=True)

    def test_a_paused_charger_shows_nothing(self) -> None:
        """It could not take anything."""
        assert not nothing((0.0, 0.0, 0.0), told_a=0)

    def test_a_supply_that_exports_shows_nothing(self) -> None:
        """What flows is less than what is drawn."""
        assert not nothing((0.0, 0.0, 0.0), exports=True)

    @pytest.mark.parametrize("status", [ChargerStatus.CHARGING, ChargerStatus.UNKNOWN])
    def test_a_status_is_better_evidence(self, status: ChargerStatus) -> None:
        """A charger that says it charges does; one that says nothing may."""
        assert not nothing((0.0, 0.0, 0.0), status=status)

    def test_what_another_charger_takes_there_is_not_its_own(self) -> None:
        """9 A of 12 A are measured at the other: 3 A are left."""
        assert nothing((12.0, 0.0, 0.0), measured_a=9.0)
        assert not nothing((12.0, 0.0, 0.0), measured_a=6.0)

    def test_a_total_of_all_phases_is_all_that_can_be_its_own(self) -> None:
        """A share of 2 A is a total of 6 A, which may be on its first phase."""
        total = Mains(Wiring.NEUTRAL, 230.0, (0, 1, 2))
        assert not nothing((2.0, 2.0, 2.0), total=total)
        assert nothing((1.5, 1.5, 1.5), total=total)

    def test_the_meter_of_a_circuit_shows_it_too(self) -> None:
        """The house takes 20 A, and nothing flows to the garage."""
        shown = ServiceReading((0.2, 10.2, 0.2), (100.0,) * 3)
        members = frozenset(["three", "one"])
        garage = Circuit("garage", 16.0, (0, 1, 2), members, metered=True)
        assert nothing((20.0,) * 3, circuits=(replace(garage, reading=shown),))
        assert not nothing((20.0,) * 3, circuits=(garage,))
        elsewhere = replace(garage, reading=shown, members=frozenset(["one"]))
        assert not nothing((20.0,) * 3, circuits=(elsewhere,))

    def test_a_car_that_needs_less_than_six_amperes_is_not_expected(self) -> None:
        """A charger with a higher minimum may still have a car that takes 6 A."""
        assert nothing((4.0, 0.0, 0.0), min_a=10)
        assert not nothing((5.0, 0.0, 0.0), min_a=10)
