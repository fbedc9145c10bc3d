"""The voltage that counts: lower at once, higher only once that has lasted."""

from math import inf

from hypothesis import given, strategies as st
import pytest

from custom_components.load_sharing.charging.engine.voltage import (
    RISE_LASTS_S,
    Voltage,
    as_entered,
    follow,
    is_plausible,
)

SHOWN = st.one_of(st.none(), st.floats(0.85 * 230, 1.15 * 230))


def after(*measured: tuple[float, float | None]) -> Voltage:
    """Return what counts after measurements at these times, with 230 V entered."""
    voltage = as_entered(230.0)
    for at_s, measured_v in measured:
        voltage = follow(voltage, measured_v, at_s)
    return voltage


class TestFall:
    """A lower voltage is more current of the same power."""

    def test_it_counts_at_once(self) -> None:
        """225 V are measured, and count."""
        assert after((0, 225)).counts_v == 225

    def test_it_ends_a_rise(self) -> None:
        """236 V for 50 s, then 229 V for a moment: 236 V have to last anew."""
        noted = ((0, 236), (50, 229), (51, 236), (100, 236))
        assert after(*noted).counts_v == 229
        assert after(*noted, (112, 236)).counts_v == 236


class TestRise:
    """A higher voltage is less current of the same power."""

    def test_it_counts_after_a_minute(self) -> None:
        """236 V count 60 s after they were first measured."""
        assert after((0, 236), (59, 236)).counts_v == 230
        assert after((0, 236), (60, 236)).counts_v == 236

    def test_the_least_of_the_minute_counts(self) -> None:
        """Of 236, 233 and 238 V, that is 233 V."""
        assert after((0, 236), (30, 233), (60, 238)).counts_v == 233

    def test_it_says_when_it_is_due(self) -> None:
        """An evaluation at that time suffices, even if nothing is reported."""
        assert after((5, 236)).due_s == 5 + RISE_LASTS_S
        assert after((5, 230)).due_s == inf


class TestLost:
    """A sensor that cannot be used raises no current."""

    def test_what_was_entered_is_the_most(self) -> None:
        """236 V counted: without them, the 230 V that were entered do."""
        assert after((0, 236), (60, 236), (61, None)).counts_v == 230

    def test_a_lower_voltage_stays(self) -> None:
        """225 V counted, and nothing shows that they have ended."""
        assert after((0, 225), (1, None), (900, None)).counts_v == 225

    def test_it_has_to_last_once_it_is_back(self) -> None:
        """What was measured before the gap is no part of the minute."""
        noted = ((0, 236), (50, None), (51, 236), (90, 236))
        assert after(*noted).counts_v == 230
        assert after(*noted, (111, 236)).counts_v == 236


@pytest.mark.parametrize(
    ("shown_v", "fits"), [(195, False), (196, True), (264, True), (265, False)]
)
def test_a_voltage_far_from_what_was_entered_is_another(
    shown_v: float, fits: bool
) -> None:
    """Beside 230 V, 400 V is that between two phases, and 0 V is no voltage."""
    assert is_plausible(shown_v, 230) is fits


class TestCommanded:
    """A current is sent as a power at no more than the voltage that was entered."""

    def test_a_higher_voltage_commands_no_more(self) -> None:
        """A charger that divides by 230 V would take 3 % too much."""
        assert after((0, 236), (60, 236)).commanded_v == 230

    def test_a_lower_voltage_commands_less(self) -> None:
        """Whole volts: 222.7 V are 222 V."""
        assert after((0, 222.7)).commanded_v == 222


@given(
    st.lists(st.tuples(st.floats(0, 90), SHOWN), min_size=1, max_size=30),
)
def test_no_noise_and_no_gap_raises_the_voltage(
    steps: list[tuple[float, float | None]],
) -> None:
    """Whatever is measured, what counts is never above any voltage of the last minute.

    It only ever rises to what was measured all the time of a minute at least.
    """
    voltage, now_s = as_entered(230.0), 0.0
    seen: list[tuple[float, float | None]] = []
    for passed_s, shown_v in steps:
        now_s += passed_s
        before_v, voltage = voltage.counts_v, follow(voltage, shown_v, now_s)
        seen.append((now_s, shown_v))
        recent = [v for at_s, v in seen if at_s >= now_s - RISE_LASTS_S]
        measured = [v for v in recent if v is not None]
        assert voltage.counts_v <= min([*measured, inf])
        assert voltage.commanded_v <= min(230.0, voltage.counts_v)
        if shown_v is None:
            assert voltage.counts_v == min(230.0, before_v)
        if voltage.counts_v > before_v:
            assert None not in recent
            assert voltage.counts_v in [v for _, v in seen]
