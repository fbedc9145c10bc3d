"""Chargers that round the current they are sent, found by what their numbers show."""

# ruff: noqa: D102

from dataclasses import replace

import pytest

from custom_components.load_sharing.charging.engine import command as commands
from custom_components.load_sharing.charging.engine.command import (
    CommandState,
    ReadBack,
)
from custom_components.load_sharing.charging.engine.hand import Author, Shown
from custom_components.load_sharing.charging.engine.model import ControlRange
from custom_components.load_sharing.charging.engine.rounding import (
    TRUSTED_S,
    Rounding,
    rounding_shown,
    still_trusted,
    without_skipped,
)

US, OTHER, BY_ITSELF = Author.US, Author.OTHER, Author.CHARGER
RANGE = ControlRange(1.0, most_a=16.0)


def sent(current_a: float, before_a: float = 0, calls: int = 1) -> CommandState:
    """Return a command of 100 s after one that was obeyed, without an answer so far."""
    state = commands.request(commands.holding(before_a), current_a, 100)
    for _ in range(calls):
        state = commands.begin_call(state, 100)
        state = commands.call_succeeded(state, 100)
        state = commands.read_back(state, ReadBack.DIFFERS, 101)
    return state


class TestWhatIsARounding:
    """A number shows another current than the one that was sent at 100 s."""

    @pytest.mark.parametrize(
        ("author", "shown_a", "since_s", "is_one"),
        [
            (US, 8, 100, True),
            (US, 6, 101, True),
            (US, 9.5, 100, False),  # More than 2 A away.
            (US, 7.2, 100, False),  # The same current, as the charger signals it.
            (US, 8, 99, False),  # It was there before the command.
            (BY_ITSELF, 8, 160, True),  # Its next poll.
            (BY_ITSELF, 9, 160, True),
            (BY_ITSELF, 8, 191, False),  # The app, long after.
            (OTHER, 8, 101, False),
            (US, 0, 101, False),
        ],
    )
    def test_by_what_the_number_shows_of_7_a(
        self, author: Author, shown_a: float, since_s: float, is_one: bool
    ) -> None:
        shown = Shown(shown_a, author, since_s)
        assert (rounding_shown(sent(7), shown, since_s) is not None) == is_one

    def test_number_that_showed_7_a_first_is_one_within_an_ampere(self) -> None:
        state = commands.read_back(sent(7), ReadBack.OBEYS, 102)
        by_a = {
            shown_a: rounding_shown(state, Shown(shown_a, BY_ITSELF, 160), 160)
            for shown_a in (5.0, 6.0, 8.0, 9.0)
        }
        assert [shown_a for shown_a, found in by_a.items() if found] == [6, 8]

    def test_late_echo_of_the_former_current_is_none(self) -> None:
        shown = Shown(8, US, 101)
        assert rounding_shown(sent(7, before_a=8), shown, 101) is None

    def test_pause_is_never_rounded(self) -> None:
        assert rounding_shown(sent(0, before_a=6), Shown(1, US, 101), 101) is None

    def test_charger_that_stays_below_is_one_once_it_is_a_problem(self) -> None:
        """12 A remain when 13 A are sent: it does not move."""
        shown = Shown(12, BY_ITSELF, 50)
        assert rounding_shown(sent(13, 12, calls=2), shown, 130) is None
        assert rounding_shown(sent(13, 12, calls=3), shown, 130) is not None

    def test_charger_that_stays_above_never_is(self) -> None:
        """It may be deaf, and takes more than it should."""
        shown = Shown(13, BY_ITSELF, 50)
        assert rounding_shown(sent(12, 13, calls=5), shown, 130) is None

    def test_failed_call_proves_nothing(self) -> None:
        state = replace(sent(7), accepted=False)
        assert rounding_shown(state, Shown(8, US, 101), 101) is None


class TestTheCurrentsThatAreLeft:
    """A number takes every ampere up to 9 A, and rounds one of them."""

    @pytest.mark.parametrize(
        ("sent_a", "shown_a", "left_a"),
        [
            (7, 8, (6, 8, 9)),
            (9, 8, (6, 7, 8)),
            (6, 8, (8, 9)),
        ],
    )
    def test_those_that_lead_elsewhere_are_left_out(
        self, sent_a: float, shown_a: float, left_a: tuple[float, ...]
    ) -> None:
        seen = (Rounding(sent_a, shown_a, 1000),)
        levels_a = without_skipped(RANGE, seen, 9).levels_a
        assert tuple(level for level in levels_a if level >= 6) == left_a

    def test_no_rounding_changes_nothing(self) -> None:
        assert without_skipped(RANGE, (), 32) == RANGE

    def test_something_is_always_left(self) -> None:
        assert without_skipped(RANGE, (Rounding(9, 0.5, 1000),), 9) == RANGE


class TestForHowLong:
    """7 A led to 8 A."""

    SEEN = (Rounding(7, 8, TRUSTED_S),)

    def test_it_is_tried_again_after_an_hour(self) -> None:
        assert still_trusted(self.SEEN, 8, TRUSTED_S - 1) == self.SEEN
        assert still_trusted(self.SEEN, 8, TRUSTED_S) == ()

    def test_a_number_that_shows_7_a_refutes_it(self) -> None:
        assert still_trusted(self.SEEN, 7, 10) == ()
        assert still_trusted(self.SEEN, None, 10) == self.SEEN
