"""The wiring of a supply: what a power is in amperes."""

# ruff: noqa: D102

from math import sqrt

import pytest

from custom_components.load_sharing.charging.engine.mains import Mains, Wiring
from custom_components.load_sharing.charging.engine.measurement import (
    PhasesUsed,
    spread_over_phases,
)

NO_NEUTRAL = Mains(Wiring.NO_NEUTRAL, 230.0, (0, 1, 2))
NEUTRAL = Mains(Wiring.NEUTRAL, 230.0, (0, 1, 2))
SPLIT = Mains(Wiring.SPLIT_PHASE, 120.0, (0, 1))


class TestVolts:
    """The power of 1 A per phase."""

    def test_with_a_neutral_each_phase_adds_its_voltage(self) -> None:
        assert [NEUTRAL.volts(n) for n in (1, 2, 3)] == [230, 460, 690]

    def test_without_one_a_load_lies_between_two_lines(self) -> None:
        assert NO_NEUTRAL.volts(2) == 230
        assert NO_NEUTRAL.volts(3) == pytest.approx(230 * sqrt(3))

    def test_between_two_legs_there_are_both_voltages(self) -> None:
        assert SPLIT.volts(2) == 240

    def test_two_measured_lines_still_supply_three(self) -> None:
        two = Mains(Wiring.NO_NEUTRAL, 230.0, (0, 2))
        assert two.total_v == pytest.approx(230 * sqrt(3))
        assert two.sum_v == 230
        assert two.width == 3


class TestSpread:
    """A car's total power, on the lines that it may use."""

    def spread(self, mains: Mains, power_w: float, wired: int) -> list[float]:
        """Return the bounds of the first and the last line at a command of 16 A."""
        low_a, high_a, _ = spread_over_phases(
            power_w / mains.phase_v, (16, 16), wired, PhasesUsed(), mains.loads(wired)
        )
        return [low_a[0], high_a[0], low_a[-1], high_a[-1]]

    def test_between_two_lines_both_are_loaded(self) -> None:
        assert self.spread(NO_NEUTRAL, 3680, 2) == pytest.approx([16] * 4)
        assert self.spread(SPLIT, 3840, 2) == pytest.approx([16] * 4)

    def test_three_lines_may_be_loaded_by_two(self) -> None:
        """3,680 W are 16 A on two lines, or 9.2 A on all three."""
        bounds = self.spread(NO_NEUTRAL, 3680, 3)
        assert bounds == pytest.approx([9.24, 16, 0, 9.24], abs=0.01)

    def test_full_power_needs_all_three_lines(self) -> None:
        bounds = self.spread(NO_NEUTRAL, 16 * 230 * sqrt(3), 3)
        assert bounds == pytest.approx([16] * 4)

    def test_a_power_that_follows_the_command_shows_the_lines(self) -> None:
        known = PhasesUsed()
        for told_a in (16, 10):
            total_a = told_a * 230 / NO_NEUTRAL.phase_v
            low_a, high_a, known = spread_over_phases(
                total_a, (told_a, told_a), 3, known, NO_NEUTRAL.loads(3)
            )
        assert known.certain == 2
        assert low_a == high_a == pytest.approx((10, 10, 0))


class TestSum:
    """What a load adds to the total of all phases."""

    def test_with_a_neutral_it_is_the_sum(self) -> None:
        assert NEUTRAL.sum_of((16, 0, 0)) == 16
        assert SPLIT.sum_of((16, 16)) == 32

    @pytest.mark.parametrize(
        ("currents_a", "power_w"),
        [
            ((16, 16), 230 * 16),
            ((16, 16, 0), 230 * 16),
            ((16, 16, 16), 230 * 16 * sqrt(3)),
            ((0, 0, 0), 0),
        ],
    )
    def test_without_one_it_is_the_power_over_the_middle_voltage(
        self, currents_a: tuple[float, ...], power_w: float
    ) -> None:
        added_a = NO_NEUTRAL.sum_of(currents_a)
        assert added_a * NO_NEUTRAL.phase_v == pytest.approx(power_w)
