"""A charger's own sensors: on which phases it draws, and since when."""

# ruff: noqa: D102

from math import inf

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import holding
from custom_components.load_sharing.charging.engine.draw import estimate_draw
from custom_components.load_sharing.charging.engine.measurement import (
    PhasesUsed,
    change_settles_at,
    draw_since,
    likely_draw,
    spread_over_phases,
    with_earlier,
)
from custom_components.load_sharing.charging.engine.model import (
    ChargerInput,
    DrawReading,
    ServiceReading,
)

from .car import Car
from .house import House
from .settings import charger_settings, site_settings


class TestPower:
    """The phases of a car of which only the total power is measured."""

    TOLD = (16, 16)
    NEW = PhasesUsed()

    @pytest.mark.parametrize("phases", [1, 2, 3])
    def test_a_power_that_follows_the_command_tells_how_many_phases_there_are(
        self, phases: int
    ) -> None:
        """At 10 A and then at 16 A, it takes about that on each of its phases."""
        *_, used = spread_over_phases(phases * 9.7, (10, 10), 3, self.NEW)
        low_a, high_a, used = spread_over_phases(phases * 15.6, self.TOLD, 3, used)
        on_each_a = (15.6,) * phases + (0,) * (3 - phases)
        assert low_a == high_a == pytest.approx(on_each_a)
        *_, used = spread_over_phases(phases * 12.5, self.TOLD, 3, used)
        assert spread_over_phases(phases * 5, self.TOLD, 3, used)[0][
            0
        ] == pytest.approx(5)

    def test_more_than_two_phases_can_take_leaves_no_doubt(self) -> None:
        assert spread_over_phases(48, self.TOLD, 3, self.NEW)[:2] == (
            (16, 16, 16),
            (16, 16, 16),
        )
        assert spread_over_phases(44, self.TOLD, 3, self.NEW)[0] == (
            44 / 3,
            44 / 3,
            44 / 3,
        )

    def test_a_multiple_of_one_command_may_be_chance(self) -> None:
        """24 A are two phases at 12 A, or three phases of a car that takes 8 A."""
        low_a, high_a, used = spread_over_phases(24, (12, 12), 3, self.NEW)
        assert (low_a, high_a) == ((8, 8, 0), (12, 12, 8))
        low_a, high_a, used = spread_over_phases(24, (13, 13), 3, used)
        assert (low_a, high_a) == ((8, 8, 0), (12, 12, 8))
        low_a, high_a, used = spread_over_phases(24, (11, 11), 3, used)
        assert (low_a, high_a) == ((8, 8, 0), (11, 11, 8))
        *_, used = spread_over_phases(24, (8, 8), 3, used)
        assert used.at_least == 3

    def test_an_ampere_more_or_less_is_enough(self) -> None:
        """The charger has two phases, and the car uses both."""
        *_, used = spread_over_phases(20, (10, 10), 2, self.NEW)
        *_, used_later = spread_over_phases(22, (11, 11), 2, used)
        assert (used.certain, used_later.certain) == (0, 2)

    def test_a_voltage_that_is_high_is_no_further_phase(self) -> None:
        """At a command of 16 A, 18.9 A may be one phase; 19.1 A are two."""
        assert spread_over_phases(18.9, self.TOLD, 3, self.NEW)[2].at_least == 1
        assert spread_over_phases(19.1, self.TOLD, 3, self.NEW)[2].at_least == 2

    @pytest.mark.parametrize(
        ("low_a", "high_a", "told_a", "likely_a"),
        [
            ((9, 9, 9), (9, 9, 9), 16, 9),
            ((5.3, 0, 0), (16, 8, 5.3), 16, 16),
            ((5.3, 0, 0), (14, 7, 4.6), 16, 14),
            ((4, 0, 0), (12, 6, 4), 16, 4),
        ],
    )
    def test_what_is_shown_is_what_it_was_told_if_that_may_be(
        self,
        low_a: tuple[float, ...],
        high_a: tuple[float, ...],
        told_a: float,
        likely_a: float,
    ) -> None:
        assert likely_draw(DrawReading(low_a, high_a, 0), told_a) == likely_a

    def test_one_that_varies_by_itself_follows_no_command(self) -> None:
        """A total that rises with the voltage does not follow a command."""
        *_, used = spread_over_phases(16, self.TOLD, 3, self.NEW)
        *_, used = spread_over_phases(16.5, (16.5, 16.5), 3, used)
        assert used.certain == 0
        *_, used = spread_over_phases(16.5, (17, 17), 3, used)
        assert used.certain == 0

    def test_anything_else_may_be_more_than_one_number_of_phases(self) -> None:
        """24 A are 12 A on two phases or 8 A on three; for one they are too much."""
        low_a, high_a, used = spread_over_phases(24, self.TOLD, 3, self.NEW)
        assert (low_a, high_a) == ((8, 8, 0), (12, 12, 8))
        assert used.at_least == 2

    def test_on_fewer_phases_than_all_it_takes_no_more_than_it_was_told(self) -> None:
        """At 8 A, 18 A are 6 A on three phases, or 9 A on two at a high voltage."""
        low_a, high_a, _ = spread_over_phases(18, (8, 8), 3, self.NEW)
        assert (low_a, high_a) == ((6, 6, 0), (8, 8, 6))

    def test_a_car_that_was_seen_on_three_phases_stays_on_them(self) -> None:
        """After 48 A, the 16 A of a car that is nearly full are not on one phase."""
        *_, used = spread_over_phases(48, self.TOLD, 3, self.NEW)
        assert spread_over_phases(16, self.TOLD, 3, used)[:2] == (
            (16 / 3,) * 3,
            (16 / 3,) * 3,
        )

    def test_one_that_switches_to_three_phases_is_seen_to(self) -> None:
        *_, used = spread_over_phases(10, (10, 10), 3, self.NEW)
        *_, used = spread_over_phases(16, self.TOLD, 3, used)
        assert used.certain == 1
        assert spread_over_phases(48, self.TOLD, 3, used)[0] == (16, 16, 16)

    def test_it_is_the_same_car_as_long_as_it_takes_an_ampere(self) -> None:
        for total_a, needed in ((1.0, 3), (0.9, 1)):
            known = spread_over_phases(total_a, (16, 16), 3, PhasesUsed(at_least=3))[2]
            assert known.at_least == needed

    def test_the_next_car_may_be_another(self) -> None:
        *_, used = spread_over_phases(48, self.TOLD, 3, self.NEW)
        *_, used = spread_over_phases(0.2, self.TOLD, 3, used)
        assert used == self.NEW
        assert spread_over_phases(16, self.TOLD, 3, used)[1] == (16, 8, 16 / 3)

    def test_a_command_that_it_does_not_follow_yet_tells_nothing(self) -> None:
        """It drew 16 A, and 6 A was sent just now: it may still be on one phase."""
        low_a, high_a, used = spread_over_phases(16, (6, 16), 3, self.NEW)
        assert (low_a, high_a) == ((16 / 3, 0, 0), (16, 8, 16 / 3))
        assert used == self.NEW

    def test_more_than_it_was_told_is_on_all_phases(self) -> None:
        assert spread_over_phases(60, self.TOLD, 3, self.NEW)[:2] == (
            (20,) * 3,
            (20,) * 3,
        )

    @pytest.mark.parametrize(("base_a", "ends_at_a"), [(18, 14), (0, 32)])
    def test_a_car_with_one_phase_settles(
        self, base_a: float, ends_at_a: float
    ) -> None:
        """Taken as a third on each phase, 14 A would be too much, then too little."""
        settings = charger_settings("car", phases=(0, 1, 2))
        car = Car(charger=settings, measured=True, by_power=True, draws_on=(0,))
        house = House((base_a, 0.0, 0.0), car, phases=3)
        house.run(300)
        assert house.service_a()[0] == base_a + ends_at_a
        house.run(1800)
        assert set(house.sent_a(300)) <= {ends_at_a}

    @pytest.mark.parametrize(
        ("lag_s", "takes_a", "base_a"),
        [(16.0, 8.0, 12.0), (16.0, 9.0, 3.0), (18.0, 9.0, 9.0), (20.0, 8.0, 12.0)],
    )
    def test_a_car_that_is_late_is_not_taken_for_one_of_fewer_phases(
        self, lag_s: float, takes_a: float, base_a: float
    ) -> None:
        """It takes three times 6 A at 9 A, and three times 8 A at 12 A."""
        settings = charger_settings("car", phases=(0, 1, 2))
        car = Car(
            charger=settings,
            lag_s=lag_s,
            cap_a=lambda _now_s: takes_a,
            measured=True,
            by_power=True,
        )
        house = House(
            (base_a, 0.0, 0.0), car, phases=3, site=site_settings(limit_a=25.0)
        )
        counted: set[int] = set()
        house.witness = lambda _house, _site, _decision: counted.add(car.used.certain)
        house.run(400)
        assert counted <= {0, 3}
        assert car.drawn is not None
        for low_a, high_a in zip(car.drawn.low_a, car.drawn.high_a, strict=True):
            assert low_a <= takes_a <= high_a


def measured(*samples: tuple[float, float]) -> DrawReading:
    """Return the last of several measurements, given as time and current."""
    reading: DrawReading | None = None
    for taken_at_s, drawn_a in samples:
        newest = DrawReading((drawn_a,), (drawn_a,), taken_at_s)
        reading = with_earlier(newest, reading)
    assert reading is not None
    return reading


class TestEarlier:
    """The draw at the time of a meter reading that is older than the measurement."""

    def test_a_car_that_began_since_may_not_have_begun_then(self) -> None:
        """The meter was read at 100 s. The car took 0 A at 101 s, and 16 A at 103 s."""
        reading = measured((95, 0), (101, 0), (103, 16))
        assert draw_since(reading, 0, 100, 103) == (0, 16)
        assert draw_since(reading, 0, 103, 103) == (16, 16)

    def test_one_that_changed_more_than_once_may_have_been_at_any_of_them(self) -> None:
        reading = measured((95, 10), (101, 6), (103, 16), (104, 8))
        assert draw_since(reading, 0, 100, 104) == (6, 16)
        assert draw_since(reading, 0, 102, 104) == (6, 16)
        assert draw_since(reading, 0, 103, 104) == (8, 16)

    def test_noise_is_no_change_and_a_slow_rise_is_one(self) -> None:
        noisy = measured((95, 10), *[(100 + n, 10 + n % 2 * 0.3) for n in range(9)])
        assert draw_since(noisy, 0, 99, 108) == (10, 10)
        rising = measured((95, 6), *[(100 + n, 6 + n * 0.4) for n in range(10)])
        low_a, high_a = draw_since(rising, 0, 100, 109)
        assert low_a <= 6.4
        assert high_a == 9.6

    def test_half_an_ampere_is_noise(self) -> None:
        reading = measured((95, 10), (101, 10.5))
        assert draw_since(reading, 0, 100, 101) == (10.5, 10.5)

    def test_a_meter_that_stays_silent_had_it_in_its_reading(self) -> None:
        """A meter that reports changes would have reported one within 15 s."""
        reading = measured((95, 0), (101, 16))
        assert draw_since(reading, 0, 100, 115.9) == (0, 16)
        assert draw_since(reading, 0, 100, 116) == (16, 16)

    def test_that_is_looked_at_when_it_is_time(self) -> None:
        assert change_settles_at(measured((95, 0), (101, 16))) == 116
        assert change_settles_at(DrawReading((16,), (16,), 101)) == -inf
        car = Car(holds_a=16, cap_a=lambda now_s: 16 if now_s >= 20 else 0)
        car.measured, car.charger = True, charger_settings("car", max_a=16)
        house = House(4.0, car, reports_every_s=0)
        house.run(20)
        house.reports_every_s = house._samples_s = inf
        house.evaluate()
        assert house.outcome().wake_at_s == 35

    def test_nobody_knows_what_was_before_the_first_measurement(self) -> None:
        reading = measured((101, 16))
        assert draw_since(reading, 0, 100, 101) == (0, 16)
        assert draw_since(reading, 0, 101, 101) == (16, 16)

    def test_only_what_may_still_count_is_kept(self) -> None:
        reading = measured(*[(n * 0.5, n % 2 * 16) for n in range(100)])
        assert len(reading.earlier) == 8
        reading = measured((0, 0), (1, 8), (40, 16))
        assert [earlier.until_s for earlier in reading.earlier] == [40]
        reading = measured((0, 0), (1, 8), (16, 16))
        assert [earlier.until_s for earlier in reading.earlier] == [16]

    def test_none_of_it_is_lost_when_there_is_much(self) -> None:
        """A car rises by an ampere a second after the meter was read."""
        reading = measured((95, 0), *[(101 + n, 1.0 + n) for n in range(12)])
        assert draw_since(reading, 0, 100, 112) == (0, 12)
        assert draw_since(reading, 0, 110.5, 112) == (10, 12)

    def test_nor_is_one_peak_of_many(self) -> None:
        wavers = [(101 + n, 12.0 + n % 2 * 2) for n in range(14)]
        for peak in range(14):
            steps = [*wavers[:peak], (101 + peak, 30.0), *wavers[peak + 1 :]]
            reading = measured((95, 10), *steps)
            assert draw_since(reading, 0, 100, 115)[1] == 30

    def test_a_change_is_as_young_as_the_sensor_that_showed_it(self) -> None:
        """The other sensors reported 20 s earlier, the meter 2 s earlier."""
        before = with_earlier(DrawReading((0, 0), (0, 0), 80), None, 80)
        reading = with_earlier(DrawReading((22, 0), (22, 0), 80), before, 102)
        assert draw_since(reading, 0, 100, 102) == (0, 22)
        assert draw_since(reading, 0, 102, 102) == (22, 22)

    def test_the_same_report_again_changes_nothing(self) -> None:
        reading = measured((95, 0), (101, 16))
        assert with_earlier(DrawReading((16,), (16,), 101), reading) == reading

    def test_the_estimate_counts_with_it(self) -> None:
        """The meter read 36 A: all other load, or 20 A and the car's 16 A."""
        charger = ChargerInput(
            charger_settings("car"), holding(16), draw=measured((95, 0), (103, 16))
        )
        meter = ServiceReading((36,), (100,))
        draw = estimate_draw(charger, meter, 103)
        assert (draw.low_a, draw.high_a) == ((0,), (16,))
        draw = estimate_draw(charger, ServiceReading((36,), (104,)), 104)
        assert (draw.low_a, draw.high_a) == ((16,), (16,))

    def test_one_that_took_the_same_before_and_after_took_it_in_between(self) -> None:
        """7 A was sent at 100 s, and the meter is silent since. The car takes 6 A."""
        state = commands.call_succeeded(
            commands.begin_call(commands.request(holding(8), 7, 100), 100), 100.2
        )
        meter, settings = ServiceReading((27,), (100,)), charger_settings("car")
        for samples, high_a in (
            ([(80, 0), (90, 6), (101, 6)], 6),
            ([(80, 0), (90, 6), (99, 6)], 8),
            ([(80, 0), (90, 8), (101, 6)], 8),
        ):
            charger = ChargerInput(settings, state, draw=measured(*samples))
            assert estimate_draw(charger, meter, 103).high_a == (high_a,)

    def test_each_phase_of_the_meter_has_its_own_time(self) -> None:
        settings = charger_settings("car", phases=(0, 1))
        reading = None
        for at_s, drawn_a in ((95, 0), (103, 16)):
            newest = DrawReading((drawn_a,) * 2, (drawn_a,) * 2, at_s)
            reading = with_earlier(newest, reading)
        charger = ChargerInput(settings, holding(16), draw=reading)
        draw = estimate_draw(charger, ServiceReading((36, 36), (104, 100)), 104)
        assert (draw.low_a, draw.high_a) == ((16, 0), (16, 16))
