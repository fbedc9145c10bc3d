"""Sensors of the draw that trail the meter: what they do not show yet stays open."""

# ruff: noqa: D102

from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import fmean
from typing import override

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.decision import Decision
from custom_components.load_sharing.charging.engine.draw import estimate_draw
from custom_components.load_sharing.charging.engine.epochs import Epoch
from custom_components.load_sharing.charging.engine.latency import Response, Trailed
from custom_components.load_sharing.charging.engine.lateness import unshown
from custom_components.load_sharing.charging.engine.measurement import with_earlier
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
    ServiceReading,
    SiteInput,
)
from custom_components.load_sharing.charging.engine.response import (
    NO_RESPONSES,
    Responses,
    follow_responses,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings

LATE = (Trailed(3.0, 13.0), Trailed(2.0, 12.0))
"""Two commands that showed in the draw 12 s and 13 s later, after the meter."""


@dataclass(kw_only=True)
class TrailingCar(Car):
    """Its draw is measured every ``every_s``, and that is ``late_s`` old by then."""

    late_s: float = 0.0
    every_s: float = 1.0

    @override
    def draw(self, draw_a: float, now_s: float) -> DrawReading:
        told_s = now_s - now_s % self.every_s
        if self.drawn is None or self.drawn.taken_at_s < told_s:
            took_a = (self.takes_a(told_s - self.late_s),)
            measured = DrawReading(took_a, took_a, told_s)
            self.drawn = with_earlier(measured, self.drawn)
        return self.drawn


def epochs(*currents: tuple[float, float]) -> tuple[Epoch, ...]:
    """Commands by current and time, each obeyed within 0.2 s; the first is old."""
    (first_a, _), *others = currents
    return (
        Epoch(first_a, -inf, -inf, obeyed=True),
        *[Epoch(amps, at_s, at_s + 0.2, obeyed=True) for amps, at_s in others],
    )


def charger(
    drawn_a: float,
    *currents: tuple[float, float],
    taken_at_s: float = 109.0,
    trailed: tuple[Trailed, ...] = LATE,
    shown_s: float = -inf,
) -> ChargerInput:
    """A charger that was measured to take a current after some commands."""
    state = commands.CommandState(
        desired_a=currents[-1][0],
        accepted=True,
        confirmed=True,
        epochs=epochs(*currents),
    )
    epoch_s = currents[-1][1] if shown_s > -inf else -inf
    response = Response(epoch_s=epoch_s, shown_s=shown_s, trailed=trailed)
    drawn = DrawReading((drawn_a,), (drawn_a,), taken_at_s)
    return ChargerInput(charger_settings("a"), state, draw=drawn, response=response)


class TestLearning:
    """How late the draw shows a command is compared with when the meter did."""

    @staticmethod
    def follow(draws_s: float, meter_s: float) -> Responses:
        """6 A become 15 A at 100 s: when the draw shows it, and the meter."""
        state = commands.request(commands.holding(6), 15, 100)
        state = commands.call_succeeded(commands.begin_call(state, 100), 100.2)
        state = commands.read_back(state, commands.ReadBack.OBEYS, 100.2)
        responses, earlier, drawn = NO_RESPONSES, None, None
        for now_s in range(98, 125):
            taken_a = 15.0 if now_s >= draws_s else 6.0
            drawn = with_earlier(DrawReading((taken_a,), (taken_a,), now_s), drawn)
            flow_a = 19.8 if now_s >= meter_s else 10.8
            reading = ServiceReading((flow_a,), (float(now_s),))
            car = ChargerInput(charger_settings("a"), state, draw=drawn)
            site = SiteInput(site_settings(), reading, (car,))
            responses = follow_responses(responses, earlier, site, now_s)
            earlier = reading
        return responses

    def test_what_shows_later_than_in_the_meter_is_noted(self) -> None:
        assert self.follow(113, 110).chargers["a"].trailed == (Trailed(3, 13),)

    def test_what_shows_sooner_than_in_the_meter_is_not_late(self) -> None:
        assert self.follow(108, 110).chargers["a"].trailed == (Trailed(0, 8),)
        assert self.follow(110, 110).chargers["a"].trailed == (Trailed(0, 10),)

    def test_what_the_meter_never_showed_is_not_late_either(self) -> None:
        assert self.follow(113, inf).chargers["a"].trailed == (Trailed(0, 13),)


class TestUnshown:
    """What is open until sensors that trail the meter show a command."""

    def test_sensors_that_trailed_once_may_have_been_beaten_by_another_load(
        self,
    ) -> None:
        once = (Trailed(3, 13), Trailed(0, 12), Trailed(0.2, 12))
        assert unshown(charger(6, (6, 0), (10, 100), trailed=once), 109, 109) is None
        twice = unshown(charger(6, (6, 0), (10, 100)), 109, 109)
        assert twice is not None
        assert (twice.least_a, twice.most_a) == (6, 10)

    def test_it_lasts_a_quarter_longer_than_commands_took_to_show(self) -> None:
        """They took 12 s and 13 s, of which the longer does not count: 15 s."""
        car = charger(6, (6, 0), (10, 100))
        hidden = unshown(car, 109, 114.9)
        assert hidden is not None
        assert hidden.until_s == 115
        assert unshown(car, 115, 115) is None

    def test_once_they_show_the_command_nothing_is_open(self) -> None:
        car = charger(10, (6, 0), (10, 100), taken_at_s=113, shown_s=113)
        assert unshown(car, 113, 113) is None

    def test_a_reading_from_before_a_command_does_not_show_it(self) -> None:
        hidden = unshown(charger(6, (6, 0), (10, 100)), 99.5, 101)
        assert hidden is not None
        assert (hidden.least_a, hidden.most_a) == (6, 6)

    def test_a_car_that_takes_less_feels_no_command_above_that(self) -> None:
        """It takes 6 A of 16 A. 12 A change nothing, and 7 A may."""
        assert unshown(charger(6, (16, 0), (12, 100)), 109, 109) is None
        hidden = unshown(charger(6, (16, 0), (7, 100)), 109, 109)
        assert hidden is not None
        assert (hidden.least_a, hidden.most_a) == (7, 16)

    def test_commands_that_should_have_shown_long_ago_are_no_longer_open(self) -> None:
        """14 A since 60 s showed nowhere: it takes its 10 A of them. Now 8 A may show."""
        car = charger(10, (6, 0), (10, 30), (14, 60), (8, 100))
        hidden = unshown(car, 109, 109)
        assert hidden is not None
        assert (hidden.least_a, hidden.most_a) == (8, 14)


MOMENTS = st.floats(60, 140)
CURRENTS = st.sampled_from([0.0, 6.0, 8.0, 10.0, 16.0, 32.0])


@settings(max_examples=300)
@given(
    st.lists(st.tuples(CURRENTS, MOMENTS), min_size=1, max_size=4),
    CURRENTS,
    CURRENTS,
    MOMENTS,
    st.tuples(MOMENTS, MOMENTS),
    st.floats(-5, 60),
    st.lists(st.builds(Trailed, st.floats(0, 30), st.floats(0, 60)), max_size=4),
)
def test_what_was_learned_of_a_sensor_only_ever_widens_the_bounds(
    told: list[tuple[float, float]],
    first_a: float,
    drawn_a: float,
    drawn_s: float,
    moments: tuple[float, float],
    flow_a: float,
    trailed: list[Trailed],
) -> None:
    """An increase counts on no more, and waits no less, whatever was learned."""
    taken_s, now_s = sorted(moments)
    commanded = sorted(told, key=lambda one: one[1])
    car = charger(
        drawn_a,
        (first_a, -inf),
        *commanded,
        taken_at_s=min(drawn_s, now_s),
        trailed=tuple(trailed),
    )
    assert car.response is not None
    plain = replace(car, response=car.response._replace(trailed=()))
    reading = ServiceReading((flow_a,), (taken_s,))
    draw = estimate_draw(car, reading, now_s)
    before = estimate_draw(plain, reading, now_s)
    assert draw.low_a[0] <= before.low_a[0]
    assert draw.high_a[0] >= before.high_a[0]
    assert draw.final_at_s >= before.final_at_s
    assert before.settled or not draw.settled


def square(now_s: float) -> float:
    """A base load that leaves 15 A of 25 A, and for 2 of 6 minutes 7 A."""
    return 9.8 if now_s % 360 < 240 else 17.8


def changes(house: House, since_s: float) -> list[float]:
    """Return the currents that were sent since then, without what was only repeated."""
    sent = [one.current_a for one in house.log if one.at_s >= since_s]
    return sent[:1] + [after for before, after in pairwise(sent) if after != before]


@pytest.mark.parametrize(("lag_s", "reports_every_s"), [(10, 1), (20, 1), (12, 10)])
@pytest.mark.parametrize(("late_s", "every_s"), [(0, 1), (3, 1), (10, 1), (0, 10)])
def test_a_draw_that_trails_the_meter_is_no_other_load(
    late_s: float, every_s: float, lag_s: float, reports_every_s: float
) -> None:
    """25 A and a slow charger: up to 15 A and down to 7 A, and nothing in between.

    Before it is known how late the draw shows that, each rise looks like another load and
    is taken back. A charger that has not followed yet is lowered no further.
    """
    car = TrailingCar(
        holds_a=6,
        lag_s=lag_s,
        reads_back=True,
        measured=True,
        late_s=late_s,
        every_s=every_s,
    )
    site = site_settings(limit_a=25)
    house = House(square, car, site=site, reports_every_s=reports_every_s)
    house.run(1800 + 3 * 360)
    assert changes(house, 1800) == [15, 7] * 3


@settings(max_examples=4)
@given(
    lag_s=st.floats(6, 20),
    late_s=st.floats(0, 10),
    every_s=st.sampled_from([1.0, 5.0, 10.0]),
)
def test_a_measured_draw_is_never_worse_than_none(
    lag_s: float, late_s: float, every_s: float
) -> None:
    """Nothing was tuned. With sensors that trail, the car gets what it gets without."""
    means_a, overs_as = [], []
    for measured in (False, True):
        car = TrailingCar(
            charger=charger_settings("a", max_a=16),
            holds_a=6,
            lag_s=lag_s,
            late_s=late_s,
            every_s=every_s,
            reads_back=True,
            measured=measured,
        )
        house = House(square, car, site=site_settings(limit_a=25))
        house.run(1200)
        taken_a, over_as = [], 0.0
        for second in range(1200, 1200 + 3 * 360):
            house.run(second)
            taken_a.append(car.takes_a(second))
            over_as += max(0.0, house.service_a()[0] - 25)
        means_a.append(fmean(taken_a))
        overs_as.append(over_as)
    assert means_a[1] >= means_a[0] - 0.3
    assert overs_as[1] <= 1.3 * overs_as[0] + 60


@settings(max_examples=6)
@given(
    lag_s=st.floats(1, 20),
    late_s=st.floats(0, 10),
    every_s=st.sampled_from([1.0, 10.0]),
    loads_a=st.lists(st.integers(0, 24), min_size=4, max_size=12),
)
def test_nothing_rises_into_what_a_late_sensor_hides(
    lag_s: float, late_s: float, every_s: float, loads_a: list[int]
) -> None:
    """Once it is known that it trails: each rise fits beside the other loads as read."""
    car = TrailingCar(
        holds_a=6,
        lag_s=lag_s,
        late_s=late_s,
        every_s=every_s,
        reads_back=True,
        measured=True,
    )

    def base_a(now_s: float) -> float:
        if now_s < 1800:
            return square(now_s)
        return loads_a[int(now_s / 45) % len(loads_a)]

    def look(house: House, site: SiteInput, decision: Decision) -> None:
        before_a = site.chargers[0].command.desired_a or 0.0
        wanted_a = decision.chargers["car"].desired_a or 0.0
        if house.now_s < 1800 or wanted_a <= before_a or site.reading is None:
            return
        other_a = site.reading.current_a[0] - house.taken_a[0]
        assert wanted_a <= 25 - other_a + 1e-6

    house = House(base_a, car, site=site_settings(limit_a=25), witness=look)
    house.run(3600)
