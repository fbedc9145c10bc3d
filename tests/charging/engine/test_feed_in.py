"""What flows bounds what a car takes, as far as no sun can hide it."""

from typing import override

import pytest

from custom_components.load_sharing.charging.engine.balance import estimate_draws
from custom_components.load_sharing.charging.engine.draw import Draw
from custom_components.load_sharing.charging.engine.feed_in import (
    LASTS_S,
    FeedIn,
    follow_feed_in,
    hidden_by,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    Circuit,
    DrawReading,
    ServiceReading,
    SiteInput,
)

from .car import Car, settled
from .house import House
from .settings import charger_settings, site_settings

HOUR_S = 3600.0


def supply(*currents_a: float) -> SiteInput:
    """A supply that carries these currents on its phases."""
    reading = ServiceReading(currents_a, (0.0,) * len(currents_a))
    return SiteInput(site_settings(), reading, ())


class TestFollowing:
    """The most that each phase of a meter fed in lately."""

    def test_the_most_is_kept_for_two_hours(self) -> None:
        """9 A at noon, 4 A an hour later, nothing in the evening."""
        seen = follow_feed_in({}, supply(-9.0, 3.0), 0)
        assert seen == {"": FeedIn((9.0, 0.0), (0, 0))}
        seen = follow_feed_in(seen, supply(-4.0, -2.0), HOUR_S)
        assert hidden_by(seen) == {"": (9.0, 2.0)}
        seen = follow_feed_in(seen, supply(1.0, 1.0), LASTS_S)
        assert hidden_by(seen) == {"": (0.0, 2.0)}

    def test_an_error_of_the_meter_is_no_feed_in(self) -> None:
        """Meters show a few tenths of an ampere where nothing flows."""
        assert hidden_by(follow_feed_in({}, supply(-0.4), 0)) == {"": (0.0,)}

    def test_a_meter_that_is_lost_is_remembered(self) -> None:
        """Its sun has not set because it cannot be read."""
        seen = follow_feed_in({}, supply(-9.0), 0)
        lost = SiteInput(site_settings(), None, ())
        assert follow_feed_in(seen, lost, 60) == seen

    def test_each_circuit_has_its_own(self) -> None:
        """Panels on the barn say nothing about the garage."""
        garage = ServiceReading((0.0,), (0.0,))
        circuit = Circuit("garage", 16, (0,), frozenset(), reading=garage)
        site = SiteInput(
            site_settings(), ServiceReading((-9.0,), (0,)), (), circuits=(circuit,)
        )
        seen = hidden_by(follow_feed_in({}, site, 0))
        assert seen == {"": (9.0,), "garage": (0.0,)}


def draw_of(
    flow_a: float,
    *,
    hidden_a: float = 0.0,
    in_garage_a: float | None = None,
    beside_a: float = 0.0,
) -> Draw:
    """What a charger without a sensor takes that has been set to 13 A for long.

    ``beside_a`` is what another charger was measured to take.
    """
    chargers = (
        ChargerInput(charger_settings("blind"), settled(13)),
        ChargerInput(
            charger_settings("seen"),
            settled(16),
            draw=DrawReading((beside_a,), (beside_a,), 100.0),
        ),
    )
    circuits: tuple[Circuit, ...] = ()
    if in_garage_a is not None:
        reading = ServiceReading((in_garage_a,), (100.0,))
        members = frozenset(["blind"])
        circuits = (Circuit("garage", 16, (0,), members, reading=reading),)
    reading = ServiceReading((flow_a,), (100.0,))
    site = SiteInput(
        site_settings(),
        reading,
        chargers,
        circuits=circuits,
        hidden_a={"": (hidden_a,)},
    )
    draws, _ = estimate_draws(site, reading, 100.0)
    return draws[0]


class TestWhatFlows:
    """A charger whose draw nothing measures takes what it is set to, unless less flows."""

    def test_as_much_flows(self) -> None:
        """14 A flow: 13 A of it may be the car's."""
        assert draw_of(14.0).low_a == (13,)

    def test_less_flows(self) -> None:
        """12 A flow: they may be the oven's, and none the car's."""
        assert draw_of(12.0).low_a == (0,)

    @pytest.mark.parametrize(("flow_a", "low_a"), [(10.5, 13), (9.5, 0)])
    def test_the_sun_hides_as_much_as_was_fed_in(
        self, flow_a: float, low_a: float
    ) -> None:
        """3 A were fed in lately: of 10.5 A on the meter, 13 A may be the car's."""
        assert draw_of(flow_a, hidden_a=3.0).low_a == (low_a,)

    def test_nothing_flows_through_its_circuit(self) -> None:
        """The house takes 20 A, the garage nothing: so does the car in it."""
        assert draw_of(20.0, in_garage_a=0.0).low_a == (0,)
        assert draw_of(20.0, in_garage_a=14.0).low_a == (13,)

    def test_what_another_takes_is_not_its_own(self) -> None:
        """Of 20 A, 10 A are measured at the other charger."""
        assert draw_of(20.0, beside_a=10.0).low_a == (0,)
        assert draw_of(23.5, beside_a=10.0).low_a == (13,)


def test_a_full_car_does_not_lend_its_current_on_a_house_with_sun() -> None:
    """Two chargers on 25 A; the car at one is full, and no sensor says so.

    The sun breaks through once, and 2 A are fed in. With 9 A of base load, and later
    6 A, the meter shows too little for a car that takes 13 A. So those 13 A are still to
    come: 25 - 6 - 13 = 6 A are left for the other, and not 12 A.
    """
    full = Car(
        charger=charger_settings("full", max_a=13),
        holds_a=13,
        cap_a=lambda _now_s: 0.0,
    )
    other = Car(charger=charger_settings("other", max_a=16), measured=True)

    def base_a(now_s: float) -> float:
        if 10 <= now_s < 15:
            return -2.0
        return 9.0 if now_s < 600 else 6.0

    house = House(base_a, full, other, site=site_settings(limit_a=25.0))
    house.run(900)
    assert [car.state.in_force_a for car in (full, other)] == [13, 6]


@pytest.mark.parametrize("limit_a", [16.0, 25.0])
def test_a_car_that_takes_a_little_less_has_all_that_is_free(limit_a: float) -> None:
    """It takes 3 % less than it may, and nothing else is on: 15.5 A of its 16 A flow.

    It was seen to follow, so what flows is the car, and no oven that hides a full car.
    """

    class Sparing(Car):
        @override
        def takes_a(self, now_s: float) -> float:
            return 0.97 * super().takes_a(now_s)

    car = Sparing(charger=charger_settings("car", max_a=16))
    house = House(0.0, car, site=site_settings(limit_a=limit_a))
    house.run(600)
    assert car.state.in_force_a == 16
