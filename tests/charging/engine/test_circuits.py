"""Circuits within the supply, phases, exports, and limits that somebody sets."""

# ruff: noqa: D102

from dataclasses import replace

from custom_components.load_sharing.charging.engine.model import (
    Circuit,
    Fallback,
    FallbackAction,
    Limit,
)
from custom_components.load_sharing.charging.engine.overload import OverloadEventType

from .car import Car, charger
from .house import House
from .settings import charger_settings, site_settings

ALL = (0, 1, 2)


def garage(limit_a: float, *members: str, metered: bool = True) -> Circuit:
    """A circuit of one phase."""
    return Circuit("garage", limit_a, (0,), frozenset(members), metered=metered)


class TestPhases:
    """Three phases, each with its own room."""

    def test_unbalanced_phases_limit_those_that_are_on_them(self) -> None:
        """20, 4 and 12 A of other load: all three for A, L2 alone for B."""
        house = House((20, 4, 12), charger("a", *ALL), charger("b", 1), phases=3)
        house.run(300)
        assert house.service_a() == (32, 32, 24)
        assert house.chosen("a").limit is Limit.L1
        assert house.chosen("b").limit is Limit.L2

    def test_a_car_on_one_phase_of_three_leaves_the_others_free(self) -> None:
        """It sits on L2 only, and L1 is nearly full."""
        house = House((30, 10, 31), charger("car", 1), phases=3)
        house.run(300)
        assert house.service_a() == (30, 32, 31)

    def test_export_on_one_phase_pays_for_no_import_on_another(self) -> None:
        """-20 A on L1 and 28 A on L2: the car on all three has the 4 A of L2."""
        house = House((-20, 28, 0), charger("car", *ALL), phases=3)
        house.run(300)
        assert house.sent_a()[-1:] in ([], [0])
        assert house.chosen("car").limit is Limit.BELOW_MINIMUM

    def test_what_is_exported_is_not_added_to_the_limit(self) -> None:
        """20 A of sun: still no more than 32 A for the car, and no more than its share."""
        house = House((-20.0,), charger("car"), phases=1)
        house.run(300)
        assert house.sent_a()[-1] == 32


class TestCircuits:
    """A garage of 20 A within a supply of 40 A."""

    SITE = site_settings(limit_a=40)

    def test_a_circuit_limits_its_chargers_and_nobody_else(self) -> None:
        """A and B in the garage share its 20 A; C has what the supply leaves."""
        cars = [charger(name) for name in "abc"]
        house = House(0.0, *cars, site=self.SITE, circuits=(garage(20, "a", "b"),))
        house.run(400)
        assert [car.takes_a(400) for car in cars] == [10, 10, 20]
        assert house.chosen("a").limit is Limit.CIRCUIT
        assert house.chosen("a").circuit_id == "garage"
        assert house.chosen("c").limit is Limit.SUPPLY
        assert house.outcome().circuit_headroom_a == ((0,),)

    def test_what_else_is_on_a_circuit_counts(self) -> None:
        """A freezer of 5 A beside the car."""
        house = House(
            5.0,
            charger("a"),
            site=self.SITE,
            circuits=(garage(20, "a"),),
            circuit_a=lambda _name, _now_s: 5.0,
        )
        house.run(300)
        assert house.cars[0].takes_a(300) == 15

    def test_a_circuit_without_a_meter_counts_its_chargers(self) -> None:
        cars = [charger("a"), charger("b")]
        circuits = (garage(20, "a", "b", metered=False),)
        house = House(10.0, *cars, site=self.SITE, circuits=circuits)
        house.run(400)
        assert [car.takes_a(400) for car in cars] == [10, 10]

    def test_a_circuit_without_a_meter_counts_those_below_it(self) -> None:
        """The shed is metered: 6 A of saws there leave 14 A of the yard's 20 A."""
        shed = replace(garage(16, "a"), circuit_id="shed", parent_id="yard")
        yard = replace(garage(20, "a", metered=False), circuit_id="yard")
        house = House(
            6.0,
            charger("a"),
            site=self.SITE,
            circuits=(yard, replace(shed, limit_a=30)),
            circuit_a=lambda name, _now_s: 6.0 if name == "shed" else 0.0,
        )
        house.run(300)
        assert house.cars[0].takes_a(300) == 14

    def test_an_overload_of_a_circuit_is_one_with_the_main_idle(self) -> None:
        """A heater of 10 A joins a car at 16 A: 26 on 20 A, and 30 of 40 A in all."""
        house = House(
            lambda now_s: 4.0 if now_s < 30 else 14.0,
            charger("a", holds_a=16),
            charger("b"),
            site=self.SITE,
            circuits=(garage(20, "a"),),
            circuit_a=lambda _name, now_s: 0.0 if now_s < 30 else 10.0,
        )
        house.run(31)
        assert house.outcome().overloaded
        assert house.outcome().overloaded_id == "garage"
        house.run(40)
        assert not house.outcome().overloaded
        house.run(300)
        assert house.cars[0].takes_a(300) == 10
        assert house.cars[1].takes_a(300) == 16

    def test_one_that_lasts_is_told_and_corrected(self) -> None:
        """A car that does not obey: the ladder is for those on the circuit alone."""
        deaf = charger("a", holds_a=26)
        deaf.obeys = lambda current_a: current_a == 0
        deaf.reads_back = False
        house = House(
            10.0, deaf, charger("b"), site=self.SITE, circuits=(garage(20, "a"),)
        )
        house.run(60)
        assert deaf.takes_a(60) == 0
        kinds = [event.type for _, event in house.events]
        assert kinds[0] is OverloadEventType.DETECTED
        assert kinds[-1] is OverloadEventType.CLEARED
        house.run(300)
        assert house.cars[1].takes_a(300) == 30

    def test_a_car_far_below_its_command_on_a_full_circuit_is_lowered_until_it_feels_it(
        self,
    ) -> None:
        """16 A of the 30 A it may, and 8 A of heaters, on 20 A: lowered twice."""
        car = Car(charger=charger_settings("a"), holds_a=30, cap_a=lambda now_s: 16.0)
        house = House(
            8.0,
            car,
            site=self.SITE,
            circuits=(garage(20, "a"),),
            circuit_a=lambda _name, _now_s: 8.0,
        )
        house.run(15)
        assert house.sent_a() == [20, 6]
        assert house.service_a() == (14,)

    def test_a_full_circuit_holds_nobody_but_its_chargers(self) -> None:
        """Heaters overload the garage for good, and B is somewhere else."""
        cars = [charger("a"), charger("b", holds_a=6)]
        house = House(
            24.0,
            *cars,
            site=self.SITE,
            circuits=(garage(20, "a"),),
            circuit_a=lambda _name, _now_s: 24.0,
        )
        house.run(200)
        assert [car.takes_a(200) for car in cars] == [0, 16]
        assert house.outcome().overloaded

    def test_a_circuit_that_lost_its_meter_raises_nobody_and_falls_back(self) -> None:
        """6 A for those on it after the grace; the others go on."""
        cars = [charger("a", holds_a=12), charger("b", holds_a=12)]
        site = replace(self.SITE, fallback=Fallback(FallbackAction.SET_CURRENT, 6, 10))
        house = House(
            0.0,
            *cars,
            site=site,
            circuits=(garage(20, "a"),),
            circuit_a=lambda _name, now_s: 0.0 if now_s < 5 else None,
        )
        house.run(14)
        assert cars[0].takes_a(14) == 12
        house.run(40)
        assert cars[0].takes_a(40) == 6
        assert house.chosen("a").limit is Limit.METER_LOST
        assert house.outcome().fallback_active
        house.run(300)
        assert cars[0].takes_a(300) == 6
        assert cars[1].takes_a(300) == 32

    def test_a_lost_meter_blinds_the_circuit_without_one_above_it(self) -> None:
        """The yard of 20 A counts on the shed's meter, which shows 6 A of saws.

        With that lost nobody in the yard is raised, and all fall back.
        """
        cars = [charger("a", holds_a=14), charger("b", holds_a=6)]
        yard = replace(garage(20, "a", metered=False), circuit_id="yard")
        shed = Circuit("shed", 16, (0,), frozenset(), "yard", metered=True)
        site = replace(self.SITE, fallback=Fallback(FallbackAction.SET_CURRENT, 6, 10))
        house = House(
            6.0,
            *cars,
            site=site,
            circuits=(yard, shed),
            circuit_a=lambda name, now_s: (
                6.0 if name == "shed" and now_s < 60 else None
            ),
        )
        house.run(59)
        assert cars[0].takes_a(59) == 14
        for second in range(60, 600):
            house.run(second)
            assert cars[0].takes_a(second) <= 14
        assert cars[0].takes_a(600) == 6
        assert cars[1].takes_a(600) == 28


class TestCeilings:
    """Limits beside the fuse: the lowest counts, and is named."""

    def test_an_external_limit_that_drops_to_nothing_pauses_all(self) -> None:
        cars = [charger("a", holds_a=16), charger("b", holds_a=16)]
        house = House(0.0, *cars)
        house.run(60)
        house.site = replace(house.site, ceilings=((Limit.EXTERNAL_LIMIT, 0.0),))
        house.run(64)
        assert [car.takes_a(64) for car in cars] == [0, 0]
        house.run(80)
        assert house.chosen("a").limit is Limit.EXTERNAL_LIMIT
        assert not house.outcome().overloaded

    def test_the_lowest_of_several_is_named(self) -> None:
        ceilings = ((Limit.EXTERNAL_LIMIT, 20.0), (Limit.USER_LIMIT, 12.0))
        house = House(0.0, charger("a"), site=site_settings(ceilings=ceilings))
        house.run(200)
        assert house.cars[0].takes_a(200) == 12
        assert house.chosen("a").limit is Limit.USER_LIMIT

    def test_one_above_the_fuse_changes_nothing(self) -> None:
        site = site_settings(ceilings=((Limit.EXTERNAL_LIMIT, 50.0),))
        house = House(0.0, charger("a"), site=site)
        house.run(200)
        assert house.chosen("a").limit is Limit.CHARGER_MAXIMUM
        assert house.cars[0].takes_a(200) == 32
