"""What a phase imports or exports, by sensors with and without a sign."""

# ruff: noqa: D102

import pytest

from custom_components.load_sharing.charging.engine.export import (
    Evidence,
    net,
    net_by_total,
    net_without_sign,
    notice,
)
from custom_components.load_sharing.charging.engine.model import Reading


def at(taken_at_s: float, *currents_a: float) -> list[Reading]:
    """Return readings of one moment."""
    return [Reading(current_a, taken_at_s) for current_a in currents_a]


class TestBothDirections:
    """Sensors of import and export, of which one is 0."""

    def test_the_export_is_subtracted(self) -> None:
        assert net(Reading(0, 5), Reading(10, 5)) == Reading(-10, 5)

    def test_an_older_export_is_outdated(self) -> None:
        assert net(Reading(30, 9), Reading(10, 5)) == Reading(30, 9)

    @pytest.mark.parametrize("later_s", [0.0, 0.01, 0.3])
    def test_milliseconds_do_not_outdate_an_export(self, later_s: float) -> None:
        """A mean over some seconds may have both directions."""
        netted = net(Reading(3, 5 + later_s), Reading(10, 5))
        assert netted == Reading(-7, 5 + later_s)


class TestWithoutSign:
    """Currents that are positive both ways."""

    def test_the_export_shows_the_direction(self) -> None:
        assert net_without_sign(Reading(14, 5), Reading(13.6, 5)).current_a == -13.6
        assert net_without_sign(Reading(14, 5), Reading(0, 5)).current_a == 14

    def test_of_two_exports_the_smaller_counts(self) -> None:
        """Blind current adds to the one, and a higher voltage to the other."""
        assert net_without_sign(Reading(5, 5), Reading(2, 5)).current_a == -2
        assert net_without_sign(Reading(5, 5), Reading(6, 5)).current_a == -5

    def test_an_old_export_has_to_be_as_large(self) -> None:
        assert net_without_sign(Reading(14, 9), Reading(14, 5)).current_a == -14
        assert net_without_sign(Reading(20, 9), Reading(14, 5)).current_a == 20

    def test_an_export_that_has_long_been_silent_is_over(self) -> None:
        """Its last value stays while the house imports as much."""
        assert net_without_sign(Reading(14, 125), Reading(14, 5)).current_a == -14
        assert net_without_sign(Reading(14, 126), Reading(14, 5)).current_a == 14

    def test_if_it_was_only_noticed_both_have_to_be_the_same(self) -> None:
        """Otherwise it is a mean with both directions after all."""
        netted = net_without_sign(Reading(12, 5), Reading(5, 5), noticed=True)
        assert netted.current_a == 7
        netted = net_without_sign(Reading(12, 5), Reading(11.5, 5), noticed=True)
        assert netted.current_a == -11.5


class TestOneForAll:
    """Three currents without a sign, and one export of all of them."""

    @pytest.mark.parametrize(
        ("currents_a", "export_a", "netted_a"),
        [
            ((10, 10, 10), 30, (-10, -10, -10)),
            ((10, 10, 10), 0, (10, 10, 10)),
            ((15, 1, 10), 24, (-15, 1, -10)),
            ((16, 2, 2), 12, (-16, 2, 2)),
            # Any two of them may export.
            ((10, 10, 10), 10, (10, 10, 10)),
            # L1 and L3 less L2; but some meters show the export alone, of L1 and L2.
            ((15, 5, 10), 20, (-15, 5, 10)),
            # Nothing explains this export.
            ((3, 3, 3), 25, (3, 3, 3)),
        ],
    )
    def test_only_a_certain_export_counts(
        self,
        currents_a: tuple[float, ...],
        export_a: float,
        netted_a: tuple[float, ...],
    ) -> None:
        netted = net_by_total(at(5, *currents_a), Reading(export_a, 5))
        assert tuple(reading.current_a for reading in netted) == netted_a

    def test_an_export_that_has_long_been_silent_is_over(self) -> None:
        """A car takes 6 A beside 6 A of other loads. The last export was 10 A."""
        one_for_all = [(5, -12), (125, -12), (126, 12)]
        for taken_at_s, netted_a in one_for_all:
            netted = net_by_total(at(taken_at_s, 12, 2, 2), Reading(10, 5))
            assert [reading.current_a for reading in netted] == [netted_a, 2, 2]

    def test_small_currents_count_as_imports(self) -> None:
        """Their direction makes no difference that could be seen."""
        netted = net_by_total(at(5, 20, 0.5, 0.5), Reading(20, 5))
        assert [reading.current_a for reading in netted] == [-20, 0.5, 0.5]


class TestNoticing:
    """The lack of a sign shows where a current equals the export beside it."""

    def seen(self, *pairs: tuple[float, float]) -> Evidence:
        """Return the evidence of a telegram a second."""
        evidence = Evidence()
        for second, (import_a, export_a) in enumerate(pairs):
            for _ in range(2):
                evidence = notice(
                    evidence, at(second, import_a), at(second + 0.01, export_a)
                )
        return evidence

    def test_three_telegrams_in_a_row_suffice(self) -> None:
        assert self.seen((14, 13.5), (9, 8.8), (3, 3.1)).suffices
        assert not self.seen((14, 13.5), (9, 8.8)).suffices

    def test_a_difference_starts_anew(self) -> None:
        assert not self.seen((14, 13.5), (9, 8.8), (8, 2.5), (3, 3.1)).suffices

    def test_one_direction_alone_says_nothing(self) -> None:
        assert not self.seen(*[(14, 0)] * 9, *[(0, 14)] * 9, *[(1, 1)] * 9).suffices

    def test_values_of_different_telegrams_say_nothing(self) -> None:
        evidence = Evidence()
        for second in range(9):
            evidence = notice(evidence, at(second + 0.6, 14), at(second, 14))
        assert not evidence.suffices
